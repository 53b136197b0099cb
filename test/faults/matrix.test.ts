/** All faults of all requests, and a part of their pairs, over real HTTP in a time that passes at once. `npm run bench -- --only faults` has all pairs. */
import assert from 'node:assert/strict';
import type { Outcome } from '../../src/actions/deployment.ts';
import { chosen, judge, judged, named, pairs, singles } from './matrix.ts';
import type { FaultCase, Verdict } from './matrix.ts';
import { World } from './world.ts';

const PAIRS = 250;
const SEED = 20_260_520;

describe('under every fault', function () {
  this.timeout(1_200_000);
  let world: World;
  before(async () => {
    world = await World.open();
  });
  after(() => world.close());

  async function verdicts(cases: readonly FaultCase[]): Promise<readonly Verdict[]> {
    const results: Verdict[] = [];
    for (const one of cases) {
      results.push(await judged(world, one));
    }
    const wrong = results.filter(one => one.wrong.length > 0);
    assert.deepEqual(wrong.map(one => `${named(one.case)}: ${one.wrong.join('; ')}`), []);
    assert.ok(results.every(one => one.versions <= 1));
    return results;
  }

  for (const scenario of new Set(singles().map(one => one.scenario))) {
    it(`${scenario}: the outcome is what the service has`, async () => {
      const results = await verdicts(singles().filter(one => one.scenario === scenario));
      assert.ok(results.length >= 40);
      // One look that fails is followed by another: it changes nothing.
      const passing = results.filter(({ case: { faults: [only] } }) => only?.times === 1 && ['look', 'version'].includes(only.kind));
      assert.deepEqual(passing.filter(({ outcome }) => !(outcome?.kind === 'live' || (scenario === 'version fails' && outcome?.kind === 'failed' && outcome.reason === 'versionFailed'))).map(one => named(one.case)), []);
    });
  }

  it('two at once: the outcome is what the service has', async () => {
    await verdicts(chosen(pairs(), PAIRS, SEED));
  });

  it('is judged by a judge that sees what is not so', async () => {
    const run = await world.run('deploy', []);
    assert.deepEqual([judge(run), run.deployment.outcome], [[], { kind: 'live', version: 2 }]);
    const told = (outcome: Outcome): readonly string[] => judge({ ...run, deployment: { ...run.deployment, outcome } });
    const lies: readonly Outcome[] = [
      { kind: 'live', version: 1 }, { kind: 'live', version: 3 }, { kind: 'live', version: 2, byOther: true }, { kind: 'unconfirmed', version: 2 }, { kind: 'stopped', sent: true },
      ...(['unreachable', 'refused', 'notDeployed', 'notLive', 'versionFailed', 'buildFailed', 'draftChanged', 'actionGone'] as const).map((reason): Outcome => ({ kind: 'failed', reason, errors: [], live: 1 })),
    ];
    assert.deepEqual(lies.filter(lie => told(lie).length === 0), []);
    assert.notDeepEqual(judge({ ...run, meant: '// something else' }), []);
    assert.notDeepEqual(judge({ ...run, sent: { patch: 0, post: 2 } }), []);
    for (const [index, { phase }] of run.phases.entries()) {
      assert.match(judge({ ...run, phases: run.phases.with(index, { phase, ms: 395_000 }) }).join(), new RegExp(`^${phase} took 395 s$`, 'u'));
    }
    assert.deepEqual(run.phases.map(({ phase }) => phase), ['reading', 'building', 'deploying', 'confirming']);
    assert.notDeepEqual(judge({ ...run, after: { ...run.after, versions: [...run.after.versions, ...run.after.versions] } }), []);
  });
});
