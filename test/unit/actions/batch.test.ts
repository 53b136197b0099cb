/** Several deployments at once: whatever becomes of each, the account says it, and what was to stop sends nothing more. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LOOK_BACK_MS, accountOf, fateOf, lookBack, runBatch } from '../../../src/actions/batch.ts';
import type { BatchEntry, BatchResult, Fate, LeftReason } from '../../../src/actions/batch.ts';
import type { Deployment, Outcome } from '../../../src/actions/deployment.ts';
import { Deployments } from '../../../src/actions/deployments.ts';
import { RunJournal } from '../../../src/actions/runJournal.ts';
import { FakeClock, settled } from '../support/fakeClock.ts';
import { ModelService } from '../support/modelService.ts';
import { apiError, tenantOf } from '../support/things.ts';
import { MemoryRuns, sha256 } from '../support/windows.ts';

const TENANT = tenantOf(() => Promise.reject(new Error('nothing is asked of it')));

function ended(outcome: Outcome | undefined): Deployment {
  return { id: '1', tenant: TENANT, actionId: 'a', actionName: 'a', startedAt: 0, phases: [], ...(outcome === undefined ? {} : { outcome }) };
}

/** How a deployment may end, and what the account is to call it. */
const ENDS: readonly (readonly [Deployment | LeftReason | Error, Fate])[] = [
  [ended({ kind: 'live', version: 2 }), 'live'],
  [ended({ kind: 'failed', reason: 'buildFailed', errors: [] }), 'failed'],
  [ended({ kind: 'failed', reason: 'unreachable', errors: [], error: apiError('notFound') }), 'failed'],
  [ended({ kind: 'unconfirmed' }), 'unconfirmed'],
  [ended({ kind: 'stopped', sent: true, version: 3 }), 'sent'],
  [ended({ kind: 'stopped', sent: false }), 'notSent'],
  [ended(undefined), 'unconfirmed'],
  ['draftChanged', 'left'],
  ['notSaved', 'left'],
  [new Error('busy'), 'failed'],
];

const mixtures = fc.array(fc.nat(ENDS.length - 1), { maxLength: 12 });

async function run(mixture: readonly number[], stopAtFirstFailure: boolean): Promise<{ entries: readonly BatchEntry<number>[]; begun: readonly number[]; most: number }> {
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  const entries = await runBatch(mixture.map((_, index) => index), async index => {
    begun.push(index);
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    const [end] = ENDS[mixture[index] ?? 0] ?? [];
    if (end instanceof Error || end === undefined) {
      throw end ?? new Error('no such end');
    }
    return end;
  }, { stopAtFirstFailure });
  return { entries, begun, most };
}

const fates = (mixture: readonly number[]): readonly (Fate | undefined)[] => mixture.map(index => ENDS[index]?.[1]);

describe('several deployments', () => {
  it('run beside each other, and each has the fate that it ended with, whatever the others do', async () => {
    await fc.assert(fc.asyncProperty(mixtures, async mixture => {
      const { entries, begun, most } = await run(mixture, false);
      assert.deepEqual(entries.map(({ item }) => item), mixture.map((_, index) => index));
      assert.deepEqual(entries.map(({ result }) => fateOf(result)), fates(mixture));
      assert.deepEqual([begun.length, most], [mixture.length, mixture.length]);
    }));
  });

  it('are accounted for once each, in their order', async () => {
    await fc.assert(fc.asyncProperty(mixtures, fc.boolean(), async (mixture, stopAtFirstFailure) => {
      const { entries } = await run(mixture, stopAtFirstFailure);
      const account = Object.entries(accountOf(entries));
      assert.deepEqual(account.flatMap(([, group]) => group.map(({ item }) => item)).sort((a, b) => a - b), mixture.map((_, index) => index));
      for (const [fate, group] of account) {
        assert.ok(group.every(({ result }) => fateOf(result) === fate));
        assert.deepEqual(group.map(({ item }) => item), group.map(({ item }) => item).sort((a, b) => a - b));
      }
    }));
  });

  it('go one after another where they are to stop, and none begins after the first that did not go live', async () => {
    await fc.assert(fc.asyncProperty(mixtures, async mixture => {
      const { entries, begun, most } = await run(mixture, true);
      const first = fates(mixture).findIndex(fate => fate !== 'live');
      const expected = first < 0 ? mixture.length : first + 1;
      assert.deepEqual(begun, mixture.slice(0, expected).map((_, index) => index));
      assert.ok(most <= 1);
      assert.deepEqual(entries.slice(0, expected).map(({ result }) => fateOf(result)), fates(mixture).slice(0, expected));
      assert.ok(entries.slice(expected).every(({ result }) => result.kind === 'notBegun' && fateOf(result) === 'notSent'));
    }));
  });

  it('end at once where there is none', async () => {
    assert.deepEqual(await runBatch<number>([], () => Promise.reject(new Error('none')), { stopAtFirstFailure: true }), []);
  });
});

/** Five actions, each with a service of its own, of one tenant. */
function fiveActions(buildMs: (index: number) => number, deployMs = 2000): { clock: FakeClock; deployments: Deployments; services: readonly ModelService[]; begin: (index: number) => Promise<Deployment> } {
  const clock = new FakeClock({ auto: false });
  const journal = new RunJournal({ store: new MemoryRuns(), clock, owner: { window: 'mine', host: 'here', pid: 1 }, isAlive: () => true, digest: sha256, onError: error => assert.fail(String(error)) });
  const deployments = new Deployments({ clock, random: () => 0.5, journal });
  const services = [0, 1, 2, 3, 4].map(index => new ModelService({ clock, buildMs: buildMs(index), live: 1, deployMs }));
  return { clock, deployments, services, begin: index => deployments.deploy({ tenant: tenantOf(services[index] ?? services[0]!), actionId: `a${index}`, actionName: `a${index}` }) };
}

const outcomes = (entries: readonly BatchEntry<number>[]): readonly (Fate | BatchResult['kind'])[] => entries.map(({ result }) => fateOf(result));

describe('stopping several deployments midway', () => {
  it('sends nothing more, and tells what went live, what had left and what was not sent', async () => {
    // One is live by then, two have been sent, and two are still being built.
    const { clock, deployments, services, begin } = fiveActions(index => [0, 3000, 3000, 60_000, 60_000][index] ?? 0);
    const all = runBatch([0, 1, 2, 3, 4], begin, { stopAtFirstFailure: false });
    while (services.filter(one => one.acted > 0).length < 3 || deployments.running().length > 4) {
      await clock.advance(100);
    }
    deployments.running().forEach(one => deployments.stop(one.id));
    const sent = services.map(one => one.count('deployAction'));
    await clock.advance(120_000);
    assert.deepEqual(outcomes(await all), ['live', 'sent', 'sent', 'notSent', 'notSent']);
    assert.deepEqual([sent, services.map(one => one.count('deployAction'))], [[1, 1, 1, 0, 0], [1, 1, 1, 0, 0]]);
    // What had left went live all the same: "may be live" is what could be said.
    assert.deepEqual(services.map(one => one.live()?.number), [2, 2, 2, 1, 1]);
  });

  it('looks back at what had left: it went live, or that does not show within a few seconds', async () => {
    for (const [deployMs, fate] of [[2000, 'live'], [60_000, 'sent']] as const) {
      const { clock, deployments, services, begin } = fiveActions(index => (index < 2 ? 0 : 60_000), deployMs);
      const all = runBatch([0, 1, 2], begin, { stopAtFirstFailure: false });
      while (services.filter(one => one.acted > 0).length < 2) {
        await clock.advance(100);
      }
      deployments.running().forEach(one => deployments.stop(one.id));
      await clock.advance(0);
      const ended = await all;
      assert.deepEqual(outcomes(ended), ['sent', 'sent', 'notSent']);
      let entries: typeof ended | undefined;
      void lookBack(ended, one => deployments.lookAgain(one), deployments, clock).then(found => {
        entries = found;
      });
      await clock.advance(LOOK_BACK_MS + 1);
      assert.deepEqual(outcomes(entries ?? []), [fate, fate, 'notSent']);
      assert.deepEqual(services.map(one => one.count('deployAction')), [1, 1, 0, 0, 0]);
      assert.deepEqual(deployments.running(), []);
    }
  });

  it('looks back at nothing else, and takes what cannot be looked for as it is', async () => {
    const entries: readonly BatchEntry<number>[] = ENDS.flatMap(([end], item) => (end instanceof Error || typeof end === 'string' ? [] : [{ item, result: { kind: 'ended', deployment: end } }]));
    const looked: Deployment[] = [];
    const look = (one: Deployment): Promise<Deployment> => {
      looked.push(one);
      return Promise.reject(new Error('busy'));
    };
    for (const canLookAgain of [true, false]) {
      assert.deepEqual(await lookBack(entries, look, { canLookAgain: () => canLookAgain, stop: () => undefined }, new FakeClock()), entries);
    }
    assert.deepEqual(looked.map(({ outcome }) => outcome), [{ kind: 'stopped', sent: true, version: 3 }]);
  });

  it('keeps what is not known of more than the list holds otherwise', async () => {
    const { clock, deployments, services, begin } = fiveActions(() => 0, 600_000);
    const sent = begin(0);
    while ((services[0]?.acted ?? 0) === 0) {
      await clock.advance(100);
    }
    deployments.running().forEach(one => deployments.stop(one.id));
    await clock.advance(0);
    const { id } = await sent;
    for (let time = 0; time < 60; time += 1) {
      const one = deployments.deploy({ tenant: TENANT, actionId: `b${time}`, actionName: 'b' });
      await clock.advance(0);
      assert.equal((await one).outcome?.kind, 'failed');
    }
    assert.deepEqual([deployments.list().length, deployments.list().some(one => one.id === id && deployments.canLookAgain(one))], [51, true]);
  });

  it('one after another, begins no other where it comes between two', async () => {
    const stop = new AbortController();
    const begun: number[] = [];
    const entries = await runBatch([0, 1, 2], index => {
      begun.push(index);
      stop.abort();
      return Promise.resolve(ended({ kind: 'live', version: 2 }));
    }, { stopAtFirstFailure: true, signal: stop.signal });
    assert.deepEqual([begun, outcomes(entries)], [[0], ['live', 'notSent', 'notSent']]);
  });

  it('one after another, leaves the rest untouched', async () => {
    const { clock, deployments, services, begin } = fiveActions(index => (index === 1 ? 60_000 : 0));
    const all = runBatch([0, 1, 2, 3, 4], begin, { stopAtFirstFailure: true });
    while (deployments.running()[0]?.actionId !== 'a1') {
      await clock.advance(100);
    }
    deployments.running().forEach(one => deployments.stop(one.id));
    await settled();
    await clock.advance(120_000);
    assert.deepEqual(outcomes(await all), ['live', 'notSent', 'notSent', 'notSent', 'notSent']);
    assert.deepEqual(services.map(one => one.calls.length > 0), [true, true, false, false, false]);
    assert.deepEqual(services.map(one => one.acted), [1, 0, 0, 0, 0]);
  });
});
