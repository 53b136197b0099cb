/** One roll back against a model of the service: outcomes, one call, what happens to the draft, and the truth whatever fails. */
import assert from 'node:assert/strict';
import type { Outcome, Phase } from '../../../src/actions/deployment.ts';
import { runRollBack } from '../../../src/actions/rollBackRun.ts';
import type { RollBackRunOptions } from '../../../src/actions/rollBackRun.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { ModelService } from '../support/modelService.ts';
import type { CallName, ModelOptions } from '../support/modelService.ts';
import { ALL_KINDS, apiError } from '../support/things.ts';

interface Run {
  readonly service: ModelService;
  readonly clock: FakeClock;
  readonly phases: Phase[];
  readonly outcome: Outcome;
}

/** Rolls back to v3, which holds `// old`; v4 is live and holds what the draft holds. */
async function run(model: Partial<ModelOptions> = {}, prepare: (service: ModelService, stop: AbortController) => void = () => undefined, change: Partial<RollBackRunOptions> = {}): Promise<Run> {
  const clock = new FakeClock();
  const service = new ModelService({ clock, live: 3, ...model });
  service.deployBy();
  const stop = new AbortController();
  const phases: Phase[] = [];
  prepare(service, stop);
  const outcome = await runRollBack({
    api: service, actionId: 'a1', clock, random: () => 0.5, signal: stop.signal, number: 3, confirm: () => Promise.resolve({ updateDraft: false }),
    onPhase: phase => phases.push(phase), onAction: () => undefined, onVersion: () => undefined, ...change,
  });
  return { service, clock, phases, outcome };
}

describe('a roll back', () => {
  it('makes the old content a new live version, and leaves the draft alone', async () => {
    const { service, phases, outcome, clock } = await run();
    assert.deepEqual(outcome, { kind: 'live', version: 5 });
    assert.deepEqual(phases, ['reading', 'deploying', 'confirming']);
    assert.deepEqual([service.live()?.number, service.live()?.code], [5, '// old']);
    assert.notEqual(service.draft.code, '// old');
    assert.ok(clock.elapsed <= 500);
  });

  it('rolls the draft back too where that was chosen, and says so', async () => {
    const { service, outcome } = await run({}, undefined, { confirm: () => Promise.resolve({ updateDraft: true }) });
    assert.deepEqual(outcome, { kind: 'live', version: 5, draftFollows: true });
    assert.equal(service.draft.code, '// old');
  });

  it('is stopped by a no', async () => {
    const { service, outcome } = await run({}, undefined, { confirm: () => Promise.resolve(undefined) });
    assert.deepEqual([outcome, service.count('deployVersion')], [{ kind: 'stopped', sent: false, declined: true }, 0]);
  });

  it('sends nothing for a version that is not kept any more, or that never built', async () => {
    const gone = await run({}, undefined, { number: 1 });
    assert.ok(gone.outcome.kind === 'failed' && gone.outcome.reason === 'versionGone' && gone.outcome.live === 4);
    const clock = new FakeClock();
    const service = new ModelService({ clock, live: 3, deployMs: 100, versionErrors: [{ id: 'E', msg: 'no' }] });
    const made = await service.deployAction('a1');
    await clock.sleep(200);
    const options = { api: service, actionId: 'a1', clock, random: () => 0.5, signal: new AbortController().signal, number: made.number, onPhase: () => undefined, onAction: () => undefined, onVersion: () => undefined };
    const broken = await runRollBack({ ...options, confirm: () => Promise.reject(new Error('must not ask')) });
    assert.ok(broken.kind === 'failed' && broken.reason === 'versionUnusable');
    assert.equal(gone.service.count('deployVersion') + service.count('deployVersion'), 0);
  });

  it('sends nothing when something else went live, or the draft was saved, while the question was open', async () => {
    for (const [reason, change] of [
      ['liveChanged', (service: ModelService) => void service.deployBy('// theirs')],
      ['draftChanged', (service: ModelService) => service.save('// theirs')],
    ] as const) {
      const clock = new FakeClock();
      const service = new ModelService({ clock, live: 3 });
      service.deployBy();
      const outcome = await runRollBack({
        api: service, actionId: 'a1', clock, random: () => 0.5, signal: new AbortController().signal, number: 3, onPhase: () => undefined, onAction: () => undefined, onVersion: () => undefined,
        confirm: async () => {
          change(service);
          await clock.sleep(5000);
          return { updateDraft: true };
        },
      });
      assert.ok(outcome.kind === 'failed' && outcome.reason === reason, JSON.stringify(outcome));
      assert.equal(service.count('deployVersion'), 0);
    }
  });

  it('finds a lost call that was acted on, and one that was not', async () => {
    for (const kind of ['network', 'timeout', 'server', 'malformed'] as const) {
      for (const when of ['before', 'after'] as const) {
        const { outcome, service } = await run({}, one => {
          one.fault = name => (name === 'deployVersion' ? { when, error: apiError(kind, 'POST') } : undefined);
        });
        assert.equal(service.count('deployVersion'), 1);
        if (when === 'after') {
          assert.deepEqual(outcome, { kind: 'live', version: 5 });
        } else {
          assert.ok(outcome.kind === 'failed' && outcome.reason === 'notDeployed' && outcome.live === 4, JSON.stringify(outcome));
        }
      }
    }
  });

  it('tells the truth for every fault of every request, with at most one call', async () => {
    const calls: readonly CallName[] = ['getAction', 'listVersions', 'deployVersion', 'getVersion'];
    let cases = 0;
    for (const name of calls) {
      for (const kind of ALL_KINDS) {
        for (const when of ['before', 'after'] as const) {
          for (const nth of [1, 2]) {
            const { outcome, service } = await run({}, one => {
              one.fault = (called, count) => (called === name && count === nth ? { when, error: apiError(kind, name === 'deployVersion' ? 'POST' : 'GET') } : undefined);
            });
            const about = `${name} ${nth}, ${kind} ${when}: ${JSON.stringify(outcome)}`;
            cases += 1;
            assert.ok(service.count('deployVersion') <= 1, about);
            // The service never acts on what it refuses, so that pair is none of its doings.
            if (name === 'deployVersion' && when === 'after' && ['auth', 'forbidden', 'notFound', 'notBuilt', 'conflict', 'rateLimited', 'invalid', 'proxy'].includes(kind)) {
              continue;
            }
            if (outcome.kind === 'live') {
              assert.equal(service.live()?.number, outcome.version, about);
            } else if (outcome.kind === 'failed') {
              assert.equal(service.live()?.number, 4, about);
            } else {
              assert.equal(outcome.kind, 'stopped', about);
            }
          }
        }
      }
    }
    assert.equal(cases, 208);
  });
});
