/** Changes of an action besides its code: what is sent, what others do meanwhile, lost answers, and that nothing is lost that was not meant. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { MOST_DEPENDENCIES, MOST_SECRETS, editAction, lossOf } from '../../../src/actions/edits.ts';
import type { Edit, EditOutcome } from '../../../src/actions/edits.ts';
import type { Action } from '../../../src/auth0/api.ts';
import { ApiError, isRefusal } from '../../../src/auth0/errors.ts';
import { DraftService } from '../support/draftService.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { ALL_KINDS, action, apiError, rejection } from '../support/things.ts';

const OLD = '2026-05-19T09:12:00.123456789Z';
const secrets = (...names: string[]): Action['secrets'] => names.map(name => ({ name, updatedAt: OLD }));
const set = (name: string, value = 'v'): Edit => ({ kind: 'setSecrets', values: new Map([[name, value]]) });
const pin: Edit = { kind: 'pinModule', moduleId: 'm1', versionId: 'v2', name: 'One', number: 2 };

function edit(service: DraftService, what: Edit, confirm?: (action: Action, meanwhile: boolean) => boolean): Promise<EditOutcome> {
  return editAction({ api: service, actionId: 'a1', edit: what, clock: new FakeClock(), ...(confirm === undefined ? {} : { confirm: (...args) => Promise.resolve(confirm(...args)) }) });
}

describe('a change of an action', () => {
  it('of a secret sends the others by name, the value once, and nothing else', async () => {
    const service = new DraftService({ secrets: secrets('A', 'B') });
    assert.equal((await edit(service, set('B', 'new'))).kind, 'done');
    assert.equal((await edit(service, set('C', 'more'))).kind, 'done');
    assert.equal((await edit(service, { kind: 'removeSecret', name: 'A' })).kind, 'done');
    assert.deepEqual(service.changes, [
      { secrets: [{ name: 'A' }, { name: 'B', value: 'new' }] },
      { secrets: [{ name: 'A' }, { name: 'B' }, { name: 'C', value: 'more' }] },
      { secrets: [{ name: 'B' }, { name: 'C' }] },
    ]);
    assert.equal(service.reads, 3);
  });

  it('of a dependency, the runtime, a name or a module sends that field alone', async () => {
    const dependencies = [{ name: 'a', version: '1.0.0' }, { name: 'b', version: '1.0.0', registryUrl: 'https://r.example' }];
    const modules = [{ id: 'm1', name: 'One', versionId: 'v1', versionNumber: 1 }, { id: 'm2', name: 'Two', versionId: 'v1', versionNumber: 1 }];
    const sent = async (what: Edit): Promise<unknown> => {
      const service = new DraftService({ dependencies, modules, secrets: secrets('A') });
      assert.equal((await edit(service, what)).kind, 'done', what.kind);
      return service.changes;
    };
    assert.deepEqual(await sent({ kind: 'addDependency', name: 'c', version: '2.0.0' }), [{ dependencies: [...dependencies, { name: 'c', version: '2.0.0' }] }]);
    assert.deepEqual(await sent({ kind: 'setDependencyVersion', name: 'b', version: '2.0.0' }), [{ dependencies: [dependencies[0], { name: 'b', version: '2.0.0', registryUrl: 'https://r.example' }] }]);
    assert.deepEqual(await sent({ kind: 'removeDependency', name: 'a' }), [{ dependencies: [dependencies[1]] }]);
    assert.deepEqual(await sent({ kind: 'setRuntime', runtime: 'node18' }), [{ runtime: 'node18' }]);
    assert.deepEqual(await sent({ kind: 'rename', name: 'Other' }), [{ name: 'Other' }]);
    assert.deepEqual(await sent(pin), [{ modules: [{ id: 'm2', versionId: 'v1' }, { id: 'm1', versionId: 'v2' }] }]);
  });

  it('that is none, or cannot be, sends nothing', async () => {
    const full = Array.from({ length: MOST_SECRETS }, (_, index) => `S${index}`);
    const start: Partial<Action> = {
      name: 'Name', runtime: 'node22', secrets: secrets(...full), modules: [{ id: 'm1', name: 'One', versionId: 'v2' }],
      dependencies: Array.from({ length: MOST_DEPENDENCIES }, (_, index) => ({ name: `d${index}`, version: '1.0.0' })),
    };
    const cases: readonly [Edit, EditOutcome['kind']][] = [
      [{ kind: 'rename', name: 'Name' }, 'unchanged'],
      [{ kind: 'setRuntime', runtime: 'node22' }, 'unchanged'],
      [{ kind: 'setDependencyVersion', name: 'd1', version: '1.0.0' }, 'unchanged'],
      [pin, 'unchanged'],
      [{ kind: 'setSecrets', values: new Map() }, 'unchanged'],
      [{ kind: 'removeSecret', name: 'gone' }, 'gone'],
      [{ kind: 'removeDependency', name: 'gone' }, 'gone'],
      [{ kind: 'setDependencyVersion', name: 'gone', version: '1.0.0' }, 'gone'],
      [{ kind: 'addDependency', name: 'd1', version: '2.0.0' }, 'there'],
      [{ kind: 'addDependency', name: 'more', version: '2.0.0' }, 'full'],
      [set('more'), 'full'],
    ];
    for (const [what, kind] of cases) {
      const service = new DraftService(start);
      assert.equal((await edit(service, what)).kind, kind, JSON.stringify(what));
      assert.deepEqual(service.changes, []);
    }
    const service = new DraftService(start);
    assert.equal((await edit(service, set('S3'))).kind, 'done', 'one of thirty can be replaced');
  });

  it('is laid over what somebody else has changed while the question was open, and asks again where that matters', async () => {
    const service = new DraftService({ secrets: secrets('A', 'B') });
    const asked: boolean[] = [];
    const outcome = await edit(service, { kind: 'removeSecret', name: 'A' }, (_action, meanwhile) => {
      asked.push(meanwhile);
      if (asked.length === 1) {
        service.act({ secrets: [{ name: 'A' }, { name: 'B' }, { name: 'theirs', value: 'x' }] });
      }
      return true;
    });
    assert.deepEqual([outcome.kind, asked, service.secretNames], ['done', [false, true], ['B', 'theirs']]);
    assert.equal((await edit(service, { kind: 'removeSecret', name: 'B' }, () => false)).kind, 'declined');
    assert.equal(service.changes.length, 1);
    const gone = await edit(service, { kind: 'removeSecret', name: 'B' }, () => {
      service.act({ secrets: [{ name: 'theirs' }] });
      return true;
    });
    assert.equal(gone.kind, 'gone');
  });

  it('tells what else is gone or was altered', async () => {
    const service = new DraftService({ secrets: secrets('A', 'B', 'C') });
    service.onChange = act => {
      act();
      return service.act({ secrets: [{ name: 'A' }, { name: 'B', value: 'theirs' }] });
    };
    const outcome = await edit(service, set('A'));
    assert.equal(outcome.kind, 'loss');
    assert.deepEqual('loss' in outcome && outcome.loss, { gone: ['C'], altered: ['B'] });
    const before = action('a1', { dependencies: [{ name: 'a', version: '1' }, { name: 'b', version: '1' }], modules: [{ id: 'm2', name: 'Two', versionId: 'v' }] });
    assert.deepEqual(lossOf(before, action('a1', { dependencies: [{ name: 'b', version: '2' }] }), { kind: 'addDependency', name: 'c', version: '1' }), { gone: ['a'], altered: ['b'] });
    assert.deepEqual(lossOf(before, action('a1'), pin), { gone: ['Two'], altered: [] });
    assert.deepEqual(lossOf(before, action('a1'), { kind: 'setRuntime', runtime: 'x' }), { gone: [], altered: [] });
  });

  it('compares ages beyond what a Date holds', async () => {
    const service = new DraftService({ secrets: [{ name: 'A', updatedAt: '2026-05-20T12:00:00.000000000Z' }] });
    assert.equal((await edit(service, set('A'))).kind, 'done');
    // The same millisecond, and the same microsecond.
    assert.equal(service.action.secrets[0]?.updatedAt, '2026-05-20T12:00:00.000000001Z');
  });

  for (const kind of ALL_KINDS) {
    it(`that fails with ${kind} is sent once, and told as what became of it`, async () => {
      for (const acted of [false, true]) {
        const service = new DraftService({ secrets: secrets('A', 'B') });
        service.onChange = act => {
          if (acted) {
            act();
          }
          throw apiError(kind, 'PATCH');
        };
        const outcome = await edit(service, set('A', 'new'));
        const refused = isRefusal(apiError(kind));
        assert.equal(outcome.kind, acted && !refused ? 'done' : 'notDone');
        assert.equal(service.changes.length, 1);
        assert.deepEqual(service.secretNames.toSorted(), ['A', 'B']);
      }
    });
  }

  it('whose answer is lost is not known where others have changed the same, or nothing can be read', async () => {
    const lost = (): DraftService => {
      const service = new DraftService({ dependencies: [{ name: 'a', version: '1.0.0' }] });
      service.onChange = () => {
        throw apiError('timeout', 'PATCH');
      };
      return service;
    };
    const change: Edit = { kind: 'addDependency', name: 'b', version: '1.0.0' };
    const changed = lost();
    changed.onRead = nth => {
      if (nth === 2) {
        changed.act({ dependencies: [] });
      }
    };
    assert.equal((await edit(changed, change)).kind, 'unknown');
    const silent = lost();
    silent.onRead = nth => {
      if (nth > 1) {
        throw apiError('network');
      }
    };
    const outcome = await edit(silent, change);
    assert.equal(outcome.kind, 'unknown');
    assert.equal('action' in outcome, false);
    const late = lost();
    late.onRead = nth => {
      if (nth === 4) {
        late.act({ dependencies: [{ name: 'b', version: '1.0.0' }, { name: 'a', version: '1.0.0' }] });
      }
    };
    assert.equal((await edit(late, change)).kind, 'done', 'the service acted late, and answers in another order');
  });

  it('that is answered with something else is read back', async () => {
    const service = new DraftService();
    const before = service.action;
    service.onChange = act => {
      act();
      return before;
    };
    assert.equal((await edit(service, { kind: 'setRuntime', runtime: 'node18' })).kind, 'done');
    service.onChange = () => service.action;
    const outcome = await edit(service, { kind: 'setRuntime', runtime: 'node22' });
    assert.deepEqual([outcome.kind, 'error' in outcome && outcome.error], ['notDone', undefined]);
  });

  it('is not begun where the list that would be sent back is not whole', async () => {
    const cases: readonly [Partial<Action>, Edit][] = [
      [{ unread: ['secrets'] }, set('A')],
      [{ secrets: [{ name: '' }] }, set('A')],
      [{ unread: ['dependencies'] }, { kind: 'removeDependency', name: 'a' }],
      [{ dependencies: [{ name: 'b', version: '' }] }, { kind: 'addDependency', name: 'a', version: '1' }],
      [{ modules: [{ id: 'm2', name: 'Two' }] }, pin],
    ];
    for (const [start, what] of cases) {
      const service = new DraftService(start);
      assert.equal((await rejection(edit(service, what))).kind, 'malformed');
      assert.deepEqual(service.changes, []);
    }
    assert.equal((await edit(new DraftService({ unread: ['secrets'] }), { kind: 'setRuntime', runtime: 'node18' })).kind, 'done');
  });

  it('never tells a value, also where the service quotes it', async () => {
    for (const value of ['a-secret-value', 'with "quotes" and\nlines', 'ä &?']) {
      const service = new DraftService();
      service.onChange = () => {
        throw new ApiError('invalid', { method: 'PATCH', path: '/x', status: 400, serviceMessage: `wrong: ${value} (${JSON.stringify({ value })}, ${encodeURIComponent(value)})` });
      };
      const outcome = await edit(service, { kind: 'setSecrets', values: new Map([['A', value], ['B', `${value} and more`]]) });
      assert.equal(outcome.kind, 'notDone');
      const error = 'error' in outcome ? outcome.error : undefined;
      assert.ok(error instanceof ApiError);
      assert.equal(error.serviceMessage, 'wrong: … ({"value":"…"}, …)');
      assert.equal(error.status, 400);
      assert.ok(!inspect(error).includes(value), inspect(error));
    }
  });

  it('rejects where the action cannot be read before', async () => {
    const service = new DraftService();
    service.onRead = () => {
      throw apiError('forbidden');
    };
    assert.equal((await rejection(edit(service, set('A')))).kind, 'forbidden');
  });
});

describe('any sequence of changes', () => {
  const name = fc.constantFrom('A', 'B', 'C', 'toString', '__proto__');
  const edits = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), name, value: fc.string({ minLength: 1, maxLength: 5 }) }),
    fc.record({ kind: fc.constant('remove' as const), name }),
    fc.record({ kind: fc.constant('other' as const), edit: fc.constantFrom<Edit>({ kind: 'setRuntime', runtime: 'node18' }, { kind: 'addDependency', name: 'x', version: '1' }, { kind: 'removeDependency', name: 'x' }, { kind: 'rename', name: 'N' }) }),
  );
  const faults = fc.constantFrom('none' as const, 'none' as const, 'refused' as const, 'lost before' as const, 'lost after' as const);

  it('leaves exactly the secrets and values that were meant, whatever is lost on the way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(edits, faults), { maxLength: 12 }), async steps => {
        const service = new DraftService();
        const meant = new Map<string, string>();
        for (const [step, fault] of steps) {
          service.onChange = act => {
            if (fault === 'none') {
              return act();
            }
            if (fault === 'lost after') {
              act();
            }
            throw apiError(fault === 'refused' ? 'rateLimited' : 'network', 'PATCH');
          };
          const what: Edit = step.kind === 'set' ? set(step.name, step.value) : step.kind === 'remove' ? { kind: 'removeSecret', name: step.name } : step.edit;
          const outcome = await edit(service, what);
          const acted = fault === 'none' || fault === 'lost after';
          assert.notEqual(outcome.kind, 'loss');
          if (outcome.kind !== 'gone' && outcome.kind !== 'unchanged' && outcome.kind !== 'there') {
            assert.equal(outcome.kind, acted ? 'done' : 'notDone');
          }
          if (acted && step.kind === 'set') {
            meant.set(step.name, step.value);
          } else if (acted && step.kind === 'remove') {
            meant.delete(step.name);
          }
          assert.deepEqual([...service.values].sort(), [...meant].sort());
          assert.deepEqual(service.secretNames.toSorted(), [...meant.keys()].sort());
        }
      }),
      { numRuns: 200 },
    );
  });
});
