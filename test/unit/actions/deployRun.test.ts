/** One deployment against a model of the service: outcomes, one deploy call, and the truth whatever fails. */
import assert from 'node:assert/strict';
import type { Action } from '../../../src/auth0/api.ts';
import type { Clock } from '../../../src/auth0/clock.ts';
import type { Outcome, Phase } from '../../../src/actions/deployment.ts';
import { runDeployment } from '../../../src/actions/deployRun.ts';
import type { DeployRunOptions } from '../../../src/actions/deployRun.ts';
import { actsWithinMs } from '../../../src/actions/lostChange.ts';
import { sortableTime } from '../../../src/actions/versionCall.ts';
import { ApiError, unsent } from '../../../src/auth0/errors.ts';
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

async function run(model: Partial<ModelOptions> = {}, prepare: (service: ModelService, stop: AbortController, clock: FakeClock) => void = () => undefined, change: Partial<DeployRunOptions> = {}): Promise<Run> {
  const clock = new FakeClock();
  const service = new ModelService({ clock, live: 3, ...model });
  const stop = new AbortController();
  const phases: Phase[] = [];
  prepare(service, stop, clock);
  const outcome = await runDeployment({
    api: service, actionId: 'a1', clock, random: () => 0.5, signal: stop.signal,
    onPhase: phase => phases.push(phase), onAction: () => undefined, onVersion: () => undefined, ...change,
  });
  return { service, clock, phases, outcome };
}

describe('a deployment', () => {
  it('reads, waits for the build, deploys once, and is live when it was read back', async () => {
    const { service, phases, outcome, clock } = await run({ buildMs: 4000 });
    assert.deepEqual(outcome, { kind: 'live', version: 4 });
    assert.deepEqual(phases, ['reading', 'building', 'deploying', 'confirming']);
    assert.deepEqual([service.count('deployAction'), service.live()?.number], [1, 4]);
    assert.ok(clock.pauses.every(ms => ms >= 57 && ms <= 3000));
  });

  it('ends at once when the build has failed', async () => {
    const { service, outcome } = await run({ buildMs: 3000, buildEnds: 'failed', buildStatuses: ['building', 'retrying', 'building'] });
    assert.ok(outcome.kind === 'failed' && outcome.reason === 'buildFailed' && outcome.live === 3 && outcome.nothingLive === undefined);
    assert.equal(service.count('deployAction'), 0);
  });

  it('waits six minutes for a build, and sends nothing after that', async () => {
    const { service, outcome, clock } = await run({ buildMs: 3_600_000 });
    assert.ok(outcome.kind === 'failed' && outcome.reason === 'buildTimeout');
    assert.equal(service.count('deployAction'), 0);
    assert.ok(clock.elapsed >= 360_000 && clock.elapsed < 390_000);
  });

  it('does not deploy a draft that somebody changed meanwhile', async () => {
    const { service, outcome } = await run({ buildMs: 3000 }, one => {
      one.onCall = (name, nth) => (name === 'getAction' && nth === 3 ? one.save('// theirs') : undefined);
    });
    assert.ok(outcome.kind === 'failed' && outcome.reason === 'draftChanged');
    assert.equal(service.count('deployAction'), 0);
  });

  it('is stopped by a no, and does not ask about a draft that cannot be deployed', async () => {
    const declined = await run({}, undefined, { confirm: () => Promise.resolve(false) });
    assert.deepEqual(declined.outcome, { kind: 'stopped', sent: false, declined: true });
    assert.equal(declined.service.count('deployAction'), 0);
    const failed = await run({ buildEnds: 'failed' }, undefined, { confirm: () => Promise.reject(new Error('must not ask')) });
    assert.equal(failed.outcome.kind, 'failed');
  });

  it('sends nothing when it is stopped before the call, and says that it was sent after it', async () => {
    const before = await run({ buildMs: 9000 }, (service, stop) => {
      service.onCall = (_name, nth) => (nth === 3 ? stop.abort() : undefined);
    });
    assert.deepEqual([before.outcome, before.service.count('deployAction')], [{ kind: 'stopped', sent: false }, 0]);
    const after = await run({}, (service, stop) => {
      service.onCall = name => (name === 'deployAction' ? stop.abort() : undefined);
    });
    assert.deepEqual([after.outcome, after.service.acted], [{ kind: 'stopped', sent: true, version: 4 }, 1]);
  });

  it('says that the draft was saved where it is stopped meanwhile or later, and nothing where the save did not end well', async () => {
    const stopped = async (saves: boolean | 'in vain', whenBuilding = false): Promise<Run> => {
      const stop = new AbortController();
      return run({ buildMs: 9000 }, service => {
        service.onCall = (_name, nth) => (whenBuilding && nth === 3 ? stop.abort() : undefined);
      }, {
        signal: stop.signal,
        confirm: action => {
          if (!whenBuilding) {
            stop.abort();
          }
          return saves === 'in vain' ? Promise.reject(apiError('timeout', 'PATCH')) : Promise.resolve(saves ? { saved: action, meant: action } : true);
        },
      });
    };
    for (const one of [await stopped(true), await stopped(true, true)]) {
      assert.deepEqual([one.outcome, one.service.count('deployAction')], [{ kind: 'stopped', sent: false, saved: true }, 0]);
    }
    assert.deepEqual((await stopped(false)).outcome, { kind: 'stopped', sent: false });
    const { outcome } = await stopped('in vain');
    assert.ok(outcome.kind === 'failed' && outcome.reason === 'unreachable' && outcome.error !== undefined, JSON.stringify(outcome));
  });

  it('reports a version that failed after the call, with its errors, and what is still live', async () => {
    const errors = [{ id: 'E', msg: 'no' }];
    const { outcome } = await run({ versionErrors: errors, deployMs: 2000 });
    assert.deepEqual(outcome, { kind: 'failed', reason: 'versionFailed', errors, live: 3, version: 4, versionId: 'v4' });
  });

  it('does not undo what went live, or changed beside the code, while a text was being asked about and saved', async () => {
    const others: readonly [reason: string, change: (service: ModelService) => unknown, Partial<Action>][] = [
      ['liveChanged', service => service.deployBy('// older'), {}],
      ['draftChanged', () => undefined, { runtime: 'node18' }],
    ];
    for (const [reason, change, beside] of others) {
      const holder: { service?: ModelService } = {};
      const { service, outcome } = await run({}, one => {
        holder.service = one;
      }, {
        confirm: async action => {
          change(service0());
          await service0().updateAction('a1', { code: '// mine' });
          return { saved: { ...(await service0().getAction('a1')), ...beside }, meant: { ...action, code: '// mine' } };
        },
      });
      function service0(): ModelService {
        assert.ok(holder.service !== undefined);
        return holder.service;
      }
      assert.ok(outcome.kind === 'failed' && outcome.reason === reason, JSON.stringify(outcome));
      assert.equal(service.count('deployAction'), 0);
    }
  });

  it('finds a lost call that was acted on, and one that was not', async () => {
    for (const kind of ['network', 'timeout', 'server', 'malformed'] as const) {
      const acted = await run({}, service => {
        service.fault = name => (name === 'deployAction' ? { when: 'after', error: apiError(kind, 'POST') } : undefined);
      });
      assert.deepEqual([acted.outcome, acted.service.acted], [{ kind: 'live', version: 4 }, 1], kind);
      const lost = await run({}, service => {
        service.fault = name => (name === 'deployAction' ? { when: 'before', error: apiError(kind, 'POST') } : undefined);
      });
      assert.ok(lost.outcome.kind === 'failed' && lost.outcome.reason === 'notDeployed' && lost.outcome.live === 3, kind);
      assert.deepEqual([lost.service.acted, lost.service.count('deployAction')], [0, 1]);
      assert.ok(lost.clock.elapsed >= (kind === 'timeout' || kind === 'server' ? 60_000 : 10_000) && lost.clock.elapsed < 90_000);
    }
  });

  it('waits a minute only for what somebody may still pass on', () => {
    const answered = (status: number): ApiError => new ApiError('server', { method: 'POST', path: '/api/v2/actions/actions/a1/deploy', status });
    assert.deepEqual([answered(500), apiError('network'), answered(503), answered(504), apiError('timeout'), undefined].map(actsWithinMs), [10_000, 10_000, 60_000, 60_000, 60_000, 60_000]);
  });

  it('finds a call that the service acts on long after a gateway gave it up', async () => {
    for (const kind of ['timeout', 'server'] as const) {
      const { outcome } = await run({}, (service, _stop, clock) => {
        service.fault = name => (name === 'deployAction' ? { when: 'before', error: apiError(kind, 'POST') } : undefined);
        clock.onStep = () => {
          if (clock.elapsed > 40_000 && service.live()?.number === 3) {
            service.deployBy();
          }
        };
      });
      assert.deepEqual(outcome, { kind: 'live', version: 4 }, kind);
    }
  });

  it('does not give up because the clock was set, while it builds and while it confirms', async () => {
    for (const step of [-300_000, 80_000, 300_000, 900_000]) {
      for (const isThen of [(service: ModelService) => service.count('getAction') === 2, (service: ModelService) => service.acted > 0]) {
        let skew = 0;
        let real: Clock = new FakeClock();
        const { outcome } = await run({ buildMs: 2000, deployMs: 1000 }, (service, _stop, clock) => {
          real = clock;
          service.onCall = name => {
            skew = name === 'getAction' && isThen(service) ? step : skew;
          };
        }, { clock: { now: () => real.now() + skew, sleep: (ms, signal) => real.sleep(ms, signal) } });
        assert.equal(skew, step);
        assert.deepEqual(outcome, { kind: 'live', version: 4 }, String(step));
      }
    }
  });

  it('gives a version that took long to build its time to go live', async () => {
    const { outcome, clock } = await run({ deployMs: 95_000 }, (service, _stop, time) => {
      const real = service.getVersion.bind(service);
      service.getVersion = async (...args) => ({ ...(await real(...args)), ...(time.elapsed < 90_000 ? { status: 'building' } : {}) });
    });
    assert.deepEqual(outcome, { kind: 'live', version: 4 });
    assert.ok(clock.elapsed >= 95_000);
  });

  it('does not take a version that has failed before for the one of a lost call', async () => {
    const { service, outcome, clock } = await run({ versionErrors: [{ id: 'E', msg: 'no' }] }, one => {
      one.fault = (name, nth) => (name === 'deployAction' && nth === 2 ? { when: 'before', error: apiError('network', 'POST') } : undefined);
    });
    assert.ok(outcome.kind === 'failed' && outcome.reason === 'versionFailed' && outcome.version === 4);
    const again = await runDeployment({
      api: service, actionId: 'a1', failedVersion: 4, clock, random: () => 0.5, signal: new AbortController().signal, onPhase: () => undefined, onAction: () => undefined, onVersion: () => undefined,
    });
    assert.ok(again.kind === 'failed' && again.reason === 'notDeployed', JSON.stringify(again));
    assert.equal(service.acted, 1);
  });

  it('does not say that no version was made where a lost call may have made one of another draft', async () => {
    const { service, outcome } = await run({ versionErrors: [{ id: 'E', msg: 'no' }] }, one => {
      one.onCall = name => (name === 'deployAction' ? one.save('// theirs, built at once') : undefined);
      one.fault = name => (name === 'deployAction' ? { when: 'after', error: apiError('network', 'POST') } : undefined);
    });
    assert.deepEqual([outcome.kind === 'failed' && outcome.reason, service.acted], ['notLive', 1]);
  });

  it('says when somebody else deployed in between', async () => {
    const { outcome } = await run({ deployMs: 5000 }, service => {
      service.onCall = (name, nth) => {
        if (name === 'getVersion' && nth === 1) {
          service.deployBy('// theirs');
        }
      };
    });
    assert.deepEqual(outcome, { kind: 'failed', reason: 'overtaken', version: 4, live: 5, otherLive: true, errors: [] });
  });

  it('sends nothing, and looks for nothing, where the call could not leave', async () => {
    for (const kind of ['auth', 'server', 'timeout', 'network', 'malformed', 'rateLimited', 'proxy'] as const) {
      const { outcome, service, clock } = await run({}, one => {
        one.fault = name => (name === 'deployAction' ? { when: 'before', error: kind === 'proxy' ? apiError(kind, 'POST') : unsent(apiError(kind, 'POST')) } : undefined);
      });
      assert.ok(outcome.kind === 'failed' && outcome.reason === 'unreachable' && outcome.live === 3, kind);
      assert.deepEqual([service.calls.at(-1), clock.elapsed], ['deployAction', 0], kind);
    }
  });

  it('is unconfirmed only where every look failed until the deadline', async () => {
    const { outcome, service } = await run({}, one => {
      one.fault = name => (name !== 'deployAction' && one.acted > 0 ? { when: 'before', error: apiError('network') } : undefined);
    });
    assert.equal(outcome.kind, 'unconfirmed');
    assert.deepEqual([service.acted, service.count('deployAction')], [1, 1]);
  });

  it('is unconfirmed where reads fail from some moment on until the deadline, unless an earlier look has told', async () => {
    /** Every read after the `nth` look fails. */
    const failing = (nth: number, meanwhile: (service: ModelService) => unknown = () => undefined) => (service: ModelService): void => {
      let looks = 0;
      service.fault = name => {
        looks += service.acted > 0 && name === 'getAction' ? 1 : 0;
        return service.acted > 0 && looks > nth && name !== 'deployAction' ? { when: 'before', error: apiError('network') } : undefined;
      };
      service.onCall = name => (name === 'getAction' && service.acted > 0 && looks === 0 ? meanwhile(service) : undefined);
    };
    const seenMade = await run({ deployMs: 5000 }, failing(2));
    assert.ok(seenMade.outcome.kind === 'unconfirmed' && seenMade.outcome.version === 4 && seenMade.outcome.error !== undefined);
    // Somebody else's version was seen to be live; whether ours failed could not be read.
    const overtaken = await run({ deployMs: 5000 }, failing(1, service => service.deployBy('// theirs')));
    assert.deepEqual(overtaken.outcome, { kind: 'failed', reason: 'overtaken', version: 4, live: 5, otherLive: true, errors: [] });
    // A lost call that an early look did not find may have been acted on since.
    const lost = await run({}, service => {
      let reads = 0;
      service.fault = name => (name === 'deployAction' ? { when: 'before', error: apiError('server', 'POST') } : service.count('deployAction') > 0 && (reads += 1) > 6 ? { when: 'before', error: apiError('network') } : undefined);
    });
    assert.deepEqual([lost.outcome.kind, lost.service.count('deployAction')], ['unconfirmed', 1]);
  });

  it('looks once more when the rate limit lets it, where only that held back its last looks', async () => {
    /** Ours failed, which only the action shows: other reads fail, and are told to wait a minute from the fortieth second on. */
    const heldBack = (limited: CallName, stopsAt?: number) => (service: ModelService, stop: AbortController, clock: FakeClock): void => {
      service.fault = name => {
        if (service.acted === 0 || name === 'deployAction' || (name === 'getAction' && limited !== 'getAction')) {
          return undefined;
        }
        if (name !== limited || clock.elapsed < 40_000) {
          return name === 'getAction' ? undefined : { when: 'before', error: apiError('network') };
        }
        service.heldUntil ||= clock.now() + 60_000;
        return { when: 'before', error: apiError('rateLimited') };
      };
      if (stopsAt !== undefined) {
        void clock.sleep(stopsAt).then(() => stop.abort());
      }
    };
    const failing = { versionErrors: [{ id: 'E', msg: 'It broke.' }] };
    const waited = await run(failing, heldBack('listVersions'));
    assert.ok(waited.outcome.kind === 'failed' && waited.outcome.reason === 'notLive' && waited.outcome.version === 4 && waited.outcome.live === 3);
    assert.ok(waited.clock.elapsed > 100_000 && waited.clock.elapsed < 102_000, String(waited.clock.elapsed));
    // Where the action itself is what the service does not want to be asked for, waiting longer shows nothing.
    const refused = await run(failing, heldBack('getAction'));
    assert.equal(refused.outcome.kind, 'unconfirmed');
    assert.ok(refused.clock.elapsed < 90_000, String(refused.clock.elapsed));
    const stopped = await run(failing, heldBack('listVersions', 95_000));
    assert.deepEqual(stopped.outcome, { kind: 'stopped', sent: true, version: 4 });
    assert.equal(stopped.clock.elapsed, 95_000);
  });

  it('outlives the end of its token, before the call and after it, for as long as a build may take', async () => {
    /** Refused from `from` on, for `forMs`. */
    const ended = (calls: (service: ModelService) => boolean, forMs: number) => (one: ModelService, _stop: AbortController, clock: FakeClock): void => {
      let since: number | undefined;
      one.fault = name => {
        if (name === 'deployAction' || !calls(one)) {
          return undefined;
        }
        since ??= clock.elapsed;
        return clock.elapsed - since < forMs ? { when: 'before', error: apiError('auth') } : undefined;
      };
    };
    const building = (service: ModelService): boolean => service.count('getAction') > 1 && service.acted === 0;
    const confirming = (service: ModelService): boolean => service.acted > 0;
    for (const calls of [building, confirming]) {
      const { outcome, service } = await run({ buildMs: 2000 }, ended(calls, 240_000));
      assert.deepEqual([outcome, service.count('deployAction')], [{ kind: 'live', version: 4 }, 1]);
    }
    const nothingSent = await run({ buildMs: 2000 }, ended(building, Number.POSITIVE_INFINITY));
    assert.ok(nothingSent.outcome.kind === 'failed' && nothingSent.outcome.reason === 'unreachable');
    assert.deepEqual([nothingSent.service.count('deployAction'), nothingSent.service.live()?.number], [0, 3]);
    const sent = await run({ buildMs: 2000 }, ended(confirming, Number.POSITIVE_INFINITY));
    assert.deepEqual([sent.outcome.kind, sent.service.count('deployAction')], ['unconfirmed', 1]);
    assert.ok(sent.clock.elapsed < 400_000);
  });

  it('tells the truth for every fault of every request, with at most one deploy call', async () => {
    const calls: readonly CallName[] = ['getAction', 'deployAction', 'getVersion', 'listVersions'];
    let cases = 0;
    for (const name of calls) {
      for (const kind of ALL_KINDS) {
        for (const when of ['before', 'after'] as const) {
          for (const nth of [1, 2, 3]) {
            const { outcome, service } = await run({ buildMs: 1000 }, one => {
              one.fault = (called, count) => (called === name && count === nth ? { when, error: apiError(kind, name === 'deployAction' ? 'POST' : 'GET') } : undefined);
            });
            const about = `${name} ${nth}, ${kind} ${when}: ${JSON.stringify(outcome)}`;
            cases += 1;
            assert.ok(service.count('deployAction') <= 1, about);
            const refusedButActed = name === 'deployAction' && when === 'after' && ['auth', 'forbidden', 'notFound', 'notBuilt', 'conflict', 'rateLimited', 'invalid', 'proxy'].includes(kind);
            if (outcome.kind === 'live') {
              assert.equal(service.live()?.number, outcome.version, about);
            } else if (outcome.kind === 'failed' && !refusedButActed) {
              // The service never acts on what it refuses, so that pair is none of its doings.
              assert.equal(service.live()?.number, 3, about);
            } else if (!refusedButActed) {
              assert.equal(outcome.kind, 'stopped', about);
            }
          }
        }
      }
    }
    assert.equal(cases, 312);
  });

  it('sorts times of any number of digits', () => {
    const sorted = [undefined, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00.123456789Z', '2026-01-01T00:00:00.5Z'].map(sortableTime);
    assert.deepEqual([...sorted].sort(), sorted);
  });
});
