/** Secrets' names and values, creating and deleting, and what a new action begins with. */
import assert from 'node:assert/strict';
import { Script } from 'node:vm';
import fc from 'fast-check';
import { actionNameProblem, createAction, currentTriggers, deleteAction, runtimesOf } from '../../../src/actions/lifecycle.ts';
import { secretNameProblem, secretValueProblem, secretsOfFile } from '../../../src/actions/secrets.ts';
import { starterCode } from '../../../src/actions/starters.ts';
import { newestFirst } from '../../../src/actions/versionOrder.ts';
import type { Action, NewAction, Page, Trigger } from '../../../src/auth0/api.ts';
import { isRefusal } from '../../../src/auth0/errors.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { ALL_KINDS, action, apiError } from '../support/things.ts';

describe('secrets', () => {
  it('take any name that the code can read, and say what is wrong with another', () => {
    for (const name of ['API_KEY', 'a', 'my-secret.2', 'Schlüssel', '🔑'.repeat(128)]) {
      assert.equal(secretNameProblem(name), undefined, name);
    }
    const wrong: readonly [string, string][] = [['', 'noName'], [' A', 'nameCharacters'], ['A\n', 'nameCharacters'], ['A\u0000B', 'nameCharacters'], ['🔑'.repeat(129), 'nameTooLong']];
    for (const [name, problem] of wrong) {
      assert.equal(secretNameProblem(name), problem);
    }
  });

  it('refuse placeholders, nothing and too much as values', () => {
    for (const value of ['x', ' spaces kept ', '#1', '##', 'a##b', '@@', '@@ ##', 'multi\nline', '🔑'.repeat(4096)]) {
      assert.equal(secretValueProblem(value), undefined, value);
    }
    for (const value of ['##API_KEY##', '@@API_KEY@@', ' ##X##\n', 'https://##DOMAIN##/x', '{"a":@@LIST@@}', '_VALUE_NOT_SHOWN_']) {
      assert.equal(secretValueProblem(value), 'placeholder', value);
    }
    assert.equal(secretValueProblem(''), 'noValue');
    assert.equal(secretValueProblem('🔑'.repeat(4097)), 'valueTooLong');
  });

  it('of a file are those that can be, in its order', () => {
    const { values, refused } = secretsOfFile({ B: '2', A: '1', EMPTY: '', HOLE: undefined, P: '##P##' });
    assert.deepEqual([[...values], refused], [[['B', '2'], ['A', '1']], [{ name: 'EMPTY', problem: 'noValue' }, { name: 'HOLE', problem: 'noValue' }, { name: 'P', problem: 'placeholder' }]]);
  });
});

describe('creating an action', () => {
  const wanted: NewAction = { name: 'new', triggers: [{ id: 'post-login', version: 'v3' }], code: '' };

  /** Two actions to a page, one of which has the same name already. */
  function service(error: Error | undefined, acts: 'at once' | 'never' | 'late'): { api: Parameters<typeof createAction>[0]; creates: () => number } {
    const actions: Action[] = [action('a'), action('b', { name: 'new' }), action('c')];
    let [creates, lists] = [0, 0];
    const act = (): Action => {
      const made = action('made', { name: 'new', status: 'pending' });
      actions.push(made);
      return made;
    };
    return {
      creates: () => creates,
      api: {
        createAction: () => {
          creates += 1;
          const made = acts === 'at once' ? act() : undefined;
          return error === undefined && made !== undefined ? Promise.resolve(made) : Promise.reject(error ?? apiError('network'));
        },
        listActions: (page): Promise<Page<Action>> => {
          lists += 1;
          if (acts === 'late' && lists === 3) {
            act();
          }
          return Promise.resolve({ items: actions.slice(page * 2, page * 2 + 2), total: actions.length });
        },
      },
    };
  }
  const known = new Set(['a', 'b', 'c']);

  for (const kind of ALL_KINDS) {
    it(`that fails with ${kind} is sent once, and found where it was made`, async () => {
      for (const acts of ['at once', 'never', 'late'] as const) {
        const { api, creates } = service(apiError(kind, 'POST'), acts);
        const outcome = await createAction(api, new FakeClock(), wanted, known);
        const found = acts !== 'never' && !isRefusal(apiError(kind));
        assert.equal(outcome.kind, found ? 'done' : 'notDone', acts);
        assert.equal(outcome.kind === 'done' ? outcome.action.id : 'made', 'made');
        assert.equal(creates(), 1);
      }
    });
  }

  it('is not known where nothing can be read afterwards', async () => {
    const { api } = service(apiError('timeout'), 'at once');
    const outcome = await createAction({ ...api, listActions: () => Promise.reject(apiError('network')) }, new FakeClock(), wanted, known);
    assert.equal(outcome.kind, 'unknown');
  });

  it('takes names that no other action has', () => {
    assert.deepEqual(['', ' ', 'a\tb', 'taken', 'free'].map(name => actionNameProblem(name, ['taken'])), ['empty', 'empty', 'characters', 'taken', undefined]);
  });

  it('offers the triggers that are not deprecated, and the runtimes of each with its default first', () => {
    const trigger = (version: string, status: string, runtimes: readonly string[], defaultRuntime: string): Trigger => ({ id: 't', version, status, runtimes, defaultRuntime });
    const all = [trigger('v2', 'DEPRECATED', ['node18'], 'node16'), trigger('v3', 'CURRENT', ['node18', 'node22'], 'node22'), trigger('v4', '', ['node22'], 'node12')];
    assert.deepEqual(currentTriggers(all).map(one => one.version), ['v3', 'v4']);
    assert.deepEqual(all.map(runtimesOf), [['node18'], ['node22', 'node18'], ['node22']]);
  });

  it('begins with code that runs, for each trigger and for those to come', () => {
    const ids = ['post-login', 'credentials-exchange', 'pre-user-registration', 'post-user-registration', 'post-change-password', 'send-phone-message', 'password-reset-post-challenge', 'custom-phone-provider', 'custom-email-provider', 'custom-token-exchange', 'event-stream', 'mcp-tool', 'toString', '__proto__', 'a`${1}*/'];
    for (const id of ids) {
      const exported: Record<string, unknown> = {};
      new Script(starterCode(id)).runInNewContext({ exports: exported });
      const names = Object.keys(exported);
      assert.equal(names.length, 1, id);
      assert.match(names[0] ?? '', /^onExecute\w+$/u);
    }
    assert.match(starterCode('post-login'), /^exports\.onExecutePostLogin = async \(event, api\) => \{$/mu);
    assert.match(starterCode('post-login'), /^\/\/ exports\.onContinuePostLogin/mu);
    assert.match(starterCode('mcp-tool'), /exports\.onExecuteMcpTool/u);
  });
});

describe('deleting an action', () => {
  for (const kind of ALL_KINDS) {
    it(`that fails with ${kind} is sent once, and told as what became of it`, async () => {
      for (const acted of [false, true]) {
        let [deletes, gone] = [0, false];
        const outcome = await deleteAction({
          deleteAction: () => {
            deletes += 1;
            gone = acted;
            return Promise.reject(apiError(kind, 'DELETE'));
          },
          getAction: () => (gone ? Promise.reject(apiError('notFound')) : Promise.resolve(action('a'))),
        }, new FakeClock(), 'a', false);
        const expected = kind === 'notFound' ? 'done' : kind === 'conflict' ? 'bound' : acted && !isRefusal(apiError(kind)) ? 'done' : 'notDone';
        assert.equal(outcome.kind, expected);
        assert.equal(deletes, 1);
      }
    });
  }

  it('is done where the service says so, and not known where nothing can be read', async () => {
    const forced: boolean[] = [];
    const good = { deleteAction: (_id: string, force: boolean) => (forced.push(force), Promise.resolve()), getAction: () => Promise.reject(apiError('network')) };
    assert.equal((await deleteAction(good, new FakeClock(), 'a', true)).kind, 'done');
    assert.deepEqual(forced, [true]);
    assert.equal((await deleteAction({ ...good, deleteAction: () => Promise.reject(apiError('timeout')) }, new FakeClock(), 'a', false)).kind, 'unknown');
  });
});

describe('versions of packages', () => {
  it('come the newest first, what is before a release after all releases', () => {
    assert.deepEqual(newestFirst(['1.0.0', '2.0.0-rc.1', '1.10.0', '1.9.0', 'odd', '2.0.0-rc.10', '2.0.0-alpha', '1.0.1+build']), ['1.10.0', '1.9.0', '1.0.1+build', '1.0.0', '2.0.0-rc.10', '2.0.0-rc.1', '2.0.0-alpha', 'odd']);
  });

  it('are all there whatever they are', () => {
    fc.assert(fc.property(fc.array(fc.string({ maxLength: 12 })), versions => {
      assert.deepEqual([...newestFirst(versions)].sort(), [...versions].sort());
    }));
  });
});
