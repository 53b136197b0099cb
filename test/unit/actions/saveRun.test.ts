/** Saving a draft against a model of the service: one PATCH, no text lost, and the truth whatever fails. */
import assert from 'node:assert/strict';
import { saveDraft } from '../../../src/actions/saveRun.ts';
import type { ConflictChoice, SaveOptions, SaveOutcome } from '../../../src/actions/saveRun.ts';
import { isRefusal } from '../../../src/auth0/errors.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { ModelService } from '../support/modelService.ts';
import type { Action, ActionChange, ManagementApi } from '../../../src/auth0/api.ts';
import { ALL_KINDS, action, apiError, fakeApi } from '../support/things.ts';
import { saveOrders } from '../support/saveOrders.ts';

const MINE = '// mine';

interface Run {
  readonly service: ModelService;
  readonly clock: FakeClock;
  readonly outcome: SaveOutcome;
}

async function run(prepare: (service: ModelService, clock: FakeClock) => void = () => undefined, change: Partial<SaveOptions> = {}): Promise<Run> {
  const clock = new FakeClock();
  const service = new ModelService({ clock, live: 3 });
  const { code: base } = service.draft;
  prepare(service, clock);
  const outcome = await saveDraft({
    api: service, actionId: 'a1', clock, random: () => 0.5, code: MINE, isExpected: one => one.code === base, onAction: () => undefined,
    decide: () => Promise.reject(new Error('nobody was to be asked')), ...change,
  });
  return { service, clock, outcome };
}

describe('saving a draft', () => {
  it('takes two requests: the read and the PATCH', async () => {
    const { service, outcome } = await run();
    assert.ok(outcome.kind === 'saved' && outcome.sent && outcome.action.status === 'pending');
    assert.deepEqual(service.calls, ['getAction', 'updateAction']);
    assert.deepEqual(service.patched, [MINE]);
  });

  it('sends nothing where the draft holds the text already, but begins a failed build anew', async () => {
    const { service, outcome } = await run(one => one.save(MINE));
    assert.ok(outcome.kind === 'saved' && !outcome.sent);
    assert.deepEqual(service.patched, []);
    const clock = new FakeClock();
    const failed = new ModelService({ clock, buildEnds: 'failed' });
    failed.save(MINE);
    const again = await saveDraft({ api: failed, actionId: 'a1', clock, random: () => 0.5, code: MINE, isExpected: one => one.code === MINE, onAction: () => undefined, decide: () => Promise.resolve('cancel') });
    assert.ok(again.kind === 'saved' && again.sent);
  });

  it('asks where somebody else has written, and does what is answered', async () => {
    for (const [choice, kind, patched] of [['overwrite', 'saved', [MINE]], ['cancel', 'declined', []], ['compare', 'compare', []], ['takeTheirs', 'takeTheirs', []]] as const) {
      const asked: string[] = [];
      const { service, outcome } = await run(one => one.save('// theirs'), {
        decide: theirs => {
          asked.push(theirs.code);
          return Promise.resolve(choice);
        },
      });
      assert.deepEqual([outcome.kind, service.patched, asked], [kind, patched, ['// theirs']]);
    }
  });

  it('asks again where the draft changed once more while the question was open', async () => {
    const asked: string[] = [];
    const { service, outcome } = await run(one => one.save('// theirs 1'), {});
    assert.equal(outcome.kind, 'failed', 'a question that fails sends nothing');
    assert.deepEqual(service.patched, []);
    const clock = new FakeClock();
    const other = new ModelService({ clock });
    other.save('// theirs 1');
    const second = await saveDraft({
      api: other, actionId: 'a1', clock, random: () => 0.5, code: MINE, isExpected: one => one.code === '// base', onAction: () => undefined,
      decide: async (theirs): Promise<ConflictChoice> => {
        asked.push(theirs.code);
        await clock.sleep(5000);
        if (asked.length === 1) {
          other.save('// theirs 2');
        }
        return 'overwrite';
      },
    });
    assert.deepEqual([second.kind, asked, other.patched], ['saved', ['// theirs 1', '// theirs 2'], [MINE]]);
  });

  it('asks once before it writes where a tenant is protected, with what it changes', async () => {
    const shown: string[] = [];
    const confirm = (answer: boolean): Pick<SaveOptions, 'confirm'> => ({
      confirm: action => {
        shown.push(action.code);
        return Promise.resolve(answer);
      },
    });
    const no = await run(() => undefined, confirm(false));
    assert.deepEqual([no.outcome.kind, no.service.patched], ['declined', []]);
    const yes = await run(() => undefined, confirm(true));
    assert.deepEqual([yes.outcome.kind, yes.service.patched, shown.length], ['saved', [MINE], 2]);
  });

  for (const kind of ALL_KINDS) {
    for (const when of ['before', 'after'] as const) {
      for (const reads of ['work', 'fail once', 'fail'] as const) {
        it(`tells the truth where the PATCH fails with ${kind} ${when} the service acts, and reads ${reads}`, async () => {
          const { service, outcome, clock } = await run(one => {
            one.fault = (name, nth) => {
              if (name === 'updateAction') {
                // What refuses has not acted.
                return { when: isRefusal(apiError(kind)) || kind === 'cancelled' ? 'before' : when, error: apiError(kind, 'PATCH') };
              }
              return nth > 1 && (reads === 'fail' || (reads === 'fail once' && nth === 2)) ? { when: 'before', error: apiError('network') } : undefined;
            };
          });
          assert.equal(service.count('updateAction'), 1);
          const holds = service.draft.code === MINE;
          if (outcome.kind === 'unconfirmed') {
            assert.equal(reads, 'fail');
            assert.ok(clock.elapsed >= 60_000 && clock.elapsed < 70_000);
          } else {
            assert.equal(outcome.kind, holds ? 'saved' : 'failed');
            // What timed out may be done later by whoever has it.
            assert.ok(clock.elapsed < (['timeout', 'server'].includes(kind) ? 70_000 : 20_000));
          }
        });
      }
    }
    it(`sends nothing where the read before fails with ${kind}`, async () => {
      const { service, outcome } = await run(one => {
        one.fault = name => (name === 'getAction' ? { when: 'before', error: apiError(kind) } : undefined);
      });
      assert.deepEqual([outcome.kind, service.count('updateAction')], ['failed', 0]);
    });
  }

  it('does not claim its own where somebody else has written after a lost answer', async () => {
    const { outcome } = await run(one => {
      one.fault = name => (name === 'updateAction' ? { when: 'after', error: apiError('network', 'PATCH') } : undefined);
      one.onCall = (name, nth) => (name === 'getAction' && nth === 2 ? one.save('// theirs') : undefined);
    });
    assert.equal(outcome.kind, 'unconfirmed');
  });
});

describe('saving a draft with what a file says beside its code', () => {
  const wanted = { runtime: 'node22', dependencies: [{ name: 'axios', version: '1.7.9' }] };
  const rest: SaveOptions['rest'] = ({ runtime, dependencies }) => ({
    ...(runtime === wanted.runtime ? {} : { runtime: wanted.runtime }),
    ...(JSON.stringify(dependencies) === JSON.stringify(wanted.dependencies) ? {} : { dependencies: wanted.dependencies }),
  });

  /** A service that holds one action, and takes or loses what is sent. */
  function service(change: Partial<Action>, answer: 'given' | 'lost' = 'given'): { readonly api: ManagementApi; readonly sent: ActionChange[] } {
    let held = action('a1', { code: MINE, runtime: 'node22', dependencies: wanted.dependencies, updatedAt: '1', ...change });
    const sent: ActionChange[] = [];
    const api = fakeApi({
      getAction: () => Promise.resolve(held),
      updateAction: (_id, one) => {
        sent.push(one);
        const { triggers = held.triggers, secrets: _, modules: __, ...fields } = one;
        held = { ...held, ...fields, triggers, updatedAt: `${sent.length + 1}`, status: 'pending' };
        return answer === 'lost' ? Promise.reject(apiError('network', 'PATCH')) : Promise.resolve(held);
      },
    });
    return { api, sent };
  }
  const save = (api: ManagementApi, change: Partial<SaveOptions> = {}): Promise<SaveOutcome> =>
    saveDraft({ api, actionId: 'a1', clock: new FakeClock(), random: () => 0.5, code: MINE, rest, isExpected: () => true, decide: () => Promise.reject(new Error('nobody was to be asked')), onAction: () => undefined, ...change });

  it('sends all that differs at once, and nothing where nothing does', async () => {
    const same = service({});
    assert.deepEqual([await save(same.api).then(one => one.kind === 'saved' && one.sent), same.sent], [false, []]);
    const other = service({ runtime: 'node18', code: 'old' });
    assert.equal((await save(other.api)).kind, 'saved');
    assert.deepEqual(other.sent, [{ code: MINE, runtime: 'node22' }]);
  });

  it('is not done before all of it is there', async () => {
    const lost = service({ dependencies: [] }, 'lost');
    const outcome = await save(lost.api);
    assert.deepEqual([outcome.kind, lost.sent.length], ['saved', 1]);
  });

  it('takes other ends of lines for the same where it is told to', async () => {
    const { api, sent } = service({ code: `${MINE}\r\n` });
    const outcome = await save(api, { sameCode: (a, b) => a.trim() === b.trim() });
    assert.deepEqual([outcome.kind, sent], ['saved', []]);
  });

  it('asks again where something beside the code has changed while it was asked', async () => {
    let [asked, held] = [0, action('a1', { code: 'old', runtime: 'node18' })];
    const clock = new FakeClock();
    const outcome = await save(fakeApi({ getAction: () => Promise.resolve(held) }), {
      clock,
      isExpected: () => false,
      decide: async () => {
        asked += 1;
        held = { ...held, runtime: `node${18 + asked}` };
        await clock.sleep(60_000);
        return asked === 3 ? 'cancel' : 'overwrite';
      },
    });
    assert.deepEqual([asked, outcome.kind], [3, 'declined']);
  });
});

describe('two people and one draft', () => {
  it('lose no text in any order of read, edit, save and deploy, and are asked only where there is a reason', async () => {
    for (const choice of ['overwrite', 'takeTheirs', 'compare', 'cancel'] as const) {
      for (const follows of [true, false]) {
        const clock = new FakeClock();
        const { cases, lost, falseAlarms } = await saveOrders({ choice, follows, clock, service: () => new ModelService({ clock, live: 1 }) });
        assert.deepEqual([cases, lost, falseAlarms], [70, [], []]);
      }
    }
  });
});
