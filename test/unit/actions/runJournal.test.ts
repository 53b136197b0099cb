/** What is remembered of running deployments: hashes, signs of life, and who may look. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import fc from 'fast-check';
import { Deployments } from '../../../src/actions/deployments.ts';
import { contentText, sameContent } from '../../../src/actions/content.ts';
import { RunJournal } from '../../../src/actions/runJournal.ts';
import { readStoredRun } from '../../../src/actions/runRecord.ts';
import type { Owner, RunRecord, StoredRun } from '../../../src/actions/runRecord.ts';
import { contentsOf } from '../support/contents.ts';
import { FakeClock, START } from '../support/fakeClock.ts';
import { ModelService } from '../support/modelService.ts';
import { apiError, tenantOf } from '../support/things.ts';
import { MemoryRuns, sha256 } from '../support/windows.ts';

const RECORD: RunRecord = {
  id: 'r1', tenantId: 'acme.eu.auth0.com', actionId: 'a1', actionName: 'one', rollBackTo: 3, startedAt: 5, phases: [{ phase: 'reading', startedAt: 5, endedAt: 6 }, { phase: 'confirming', startedAt: 6 }],
  call: { at: 7, before: 4, since: '2026-05-19T09:12:00.123456789Z', hash: 'abc', anySecretTimes: true, draftFollows: false }, version: { id: 'v5', number: 5 },
};

function journalOf(store: MemoryRuns, clock: FakeClock, owner: Partial<Owner> = {}, isAlive: (pid: number) => boolean = () => true): RunJournal {
  return new RunJournal({ store, clock, owner: { window: 'mine', host: 'here', pid: 1, ...owner }, isAlive, digest: sha256, onError: error => assert.fail(String(error)) });
}

function stored(change: Partial<StoredRun> = {}, owner: Partial<Owner> = {}): StoredRun {
  return { record: RECORD, owner: { window: 'other', host: 'here', pid: 2, ...owner }, beat: 1, released: false, ...change };
}

describe('the hash of a content', () => {
  it('is the same exactly where the contents are', () => {
    fc.assert(fc.property(contentsOf('1', '2'), contentsOf('1', '2'), (a, b) => {
      assert.equal(sha256(contentText(a)) === sha256(contentText(b)), sameContent(a, b));
    }), { numRuns: 2000 });
    fc.assert(fc.property(contentsOf('1', '2'), fc.func(fc.integer()), (a, order) => {
      const shuffled = { ...a, dependencies: [...a.dependencies].sort((x, y) => order(x.name, x.version) - order(y.name, y.version)).reverse() };
      assert.equal(contentText(shuffled), contentText(a));
    }));
  });
});

describe('records of running deployments', () => {
  it('are read as they were written, and nothing else is', () => {
    assert.deepEqual(readStoredRun(JSON.parse(JSON.stringify(stored()))), stored());
    fc.assert(fc.property(fc.jsonValue(), json => assert.equal(readStoredRun(json), undefined)));
    fc.assert(fc.property(fc.constantFrom('call', 'version', 'phases', 'rollBackTo'), fc.jsonValue(), (field, json) => {
      assert.equal(readStoredRun({ ...stored(), record: { ...RECORD, [field]: json } })?.record.id, 'r1');
    }));
  });

  it('show signs of life while they run, and none after', async () => {
    const [store, clock] = [new MemoryRuns(), new FakeClock({ auto: false })];
    const journal = journalOf(store, clock);
    await journal.keep(RECORD);
    const beats = new Set<number>();
    for (let look = 0; look < 4; look += 1) {
      beats.add((await store.list())[0]?.beat ?? 0);
      await clock.advance(3000);
    }
    assert.equal(beats.size, 4);
    journal.drop(RECORD, false);
    await clock.advance(3000);
    assert.deepEqual([await store.list(), clock.sleeping], [[], 0]);
  });

  it('are handed over at once where their window is known to be gone', async () => {
    const gone: [string, StoredRun][] = [['released', stored({ released: true })], ['dead process', stored()], ['this process, started anew', stored({}, { pid: 1 })]];
    for (const [why, run] of gone) {
      const [store, clock, taken] = [new MemoryRuns(), new FakeClock(), [] as RunRecord[]];
      await store.write(run);
      await journalOf(store, clock, {}, () => why !== 'dead process').watch(record => taken.push(record));
      assert.deepEqual([taken, clock.elapsed], [[RECORD], 0], why);
      assert.deepEqual((await store.list())[0]?.owner.window, 'mine');
    }
  });

  it('that were looked for in vain are looked for again at a start alone, and are forgotten by nobody', async () => {
    const [store, clock, taken] = [new MemoryRuns(), new FakeClock(), [] as RunRecord[]];
    const present = journalOf(store, clock);
    await present.watch(record => taken.push(record));
    const theirs = journalOf(store, clock, { window: 'theirs', pid: 2 });
    await theirs.keep(RECORD);
    theirs.drop(RECORD, true);
    await clock.advance(1);
    await present.watch(record => taken.push(record));
    assert.deepEqual([taken, store.files.size], [[], 1]);
    await journalOf(store, clock, { window: 'next', pid: 3 }).watch(record => taken.push(record));
    assert.deepEqual([taken, (await store.list()).map(({ owner, released, unclear }) => [owner.window, released, unclear])], [[RECORD], [['next', false, undefined]]]);
  });

  it('are left alone while their window lives, through a sleep of the machine too', async () => {
    const [store, clock, taken] = [new MemoryRuns(), new FakeClock({ auto: false }), [] as RunRecord[]];
    const theirs = journalOf(store, clock, { window: 'theirs', pid: 2 });
    await theirs.keep(RECORD);
    const watching = journalOf(store, clock).watch(record => taken.push(record));
    await clock.advance(120_000);
    // Eight hours during which nobody woke.
    clock.set(clock.now() + 8 * 3_600_000);
    await clock.advance(120_000);
    assert.equal(theirs.sleeps, 1);
    assert.deepEqual(taken, []);
    theirs.drop(RECORD, false);
    await clock.advance(10_000);
    await watching;
    assert.deepEqual([taken, await store.list()], [[], []]);
  });

  it('are handed over after half a minute of silence where a process cannot tell', async () => {
    for (const owner of [{ host: 'elsewhere' }, { pid: 77 }]) {
      const [store, clock, taken] = [new MemoryRuns(), new FakeClock(), [] as RunRecord[]];
      await store.write(stored({}, owner));
      await journalOf(store, clock).watch(record => taken.push(record));
      assert.equal(taken.length, 1);
      assert.ok(clock.elapsed >= 27_000 && clock.elapsed <= 33_000, String(clock.elapsed));
    }
  });

  it('of which nothing was sent stay with a process that is there, however silent, until it is gone', async () => {
    const [store, clock, taken] = [new MemoryRuns(), new FakeClock(), [] as RunRecord[]];
    const { at: _, ...due } = RECORD.call ?? { before: 0, hash: '' };
    const { version: __, ...record } = { ...RECORD, call: due };
    await store.write(stored({ record }));
    let alive = true;
    const journal = journalOf(store, clock, {}, () => alive);
    await journal.watch(one => taken.push(one));
    assert.equal(taken.length, 0);
    alive = false;
    await journal.watch(one => taken.push(one));
    assert.deepEqual(taken.map(one => one.id), [record.id]);
  });

  it('of a window that was held up and wakes are not sent any more where another one has taken them over', async () => {
    // Held up while it builds, where another machine sees the storage too; and in the moment before the call, on this one.
    for (const { host, isHeldUp } of [{ host: 'elsewhere', isHeldUp: (run: StoredRun) => run.record.call !== undefined }, { host: 'here', isHeldUp: (run: StoredRun) => run.record.call?.at !== undefined }]) {
      const [store, clock, taken] = [new MemoryRuns(), new FakeClock({ auto: false }), [] as RunRecord[]];
      const service = new ModelService({ clock, live: 3 });
      // From that write on nothing goes on in it: its clock stands still too.
      const [written, wakes] = [new AbortController(), new AbortController()];
      const write = store.write.bind(store);
      store.write = async run => {
        await write(run);
        if (run.owner.window === 'theirs' && isHeldUp(run)) {
          written.abort();
          await once(wakes.signal, 'abort');
        }
      };
      const deployments = new Deployments({ clock, random: () => 0.5, journal: journalOf(store, clock, { window: 'theirs', pid: 2, host }) });
      const ending = deployments.deploy({ tenant: tenantOf(service), actionId: 'a1', actionName: 'one' });
      await once(written.signal, 'abort');
      const mine = journalOf(store, new FakeClock());
      await mine.watch(record => taken.push(record));
      assert.equal(taken.length, 1);
      taken.forEach(record => mine.drop(record, false));
      wakes.abort();
      await clock.advance(1000);
      const ended = await ending;
      assert.ok(ended.outcome?.kind === 'failed' && ended.outcome.reason === 'takenOver', JSON.stringify(ended.outcome));
      assert.deepEqual([service.count('deployAction'), store.files.size], [0, 0]);
    }
  });

  it('tell what would have been deployed where nothing was sent', async () => {
    const [store, clock] = [new MemoryRuns(), new FakeClock()];
    const service = new ModelService({ clock, live: 3, buildMs: 5000 });
    service.save('// mine');
    const draft = await service.getAction('a1');
    const deployments = new Deployments({ clock, random: () => 0.5, journal: journalOf(store, clock) });
    let reads = 0;
    service.onCall = name => {
      reads += name === 'getAction' ? 1 : 0;
      if (reads === 2) {
        service.save('// theirs');
      }
    };
    const ended = await deployments.deploy({ tenant: tenantOf(service), actionId: 'a1', actionName: 'one' });
    assert.ok(ended.outcome?.kind === 'failed' && ended.outcome.reason === 'draftChanged', JSON.stringify(ended.outcome));
    assert.deepEqual([ended.hash, ended.codeHash, service.count('deployAction')], [sha256(contentText(draft)), sha256('// mine'), 0]);
  });

  it('are let go of in good order, also of what is not known', async () => {
    const [store, clock] = [new MemoryRuns(), new FakeClock({ auto: false })];
    const journal = journalOf(store, clock);
    await journal.keep(RECORD);
    journal.close();
    await clock.advance(1);
    assert.deepEqual((await store.list()).map(run => run.released), [true]);
    // What ends after that, because everything is broken off, must not take it away.
    journal.drop(RECORD, false);
    await journal.keep({ ...RECORD, id: 'r2' });
    await clock.advance(1);
    assert.equal(store.files.size, 1);
  });

  it('tell of a sleep, after which what could not be confirmed is looked up once more', async () => {
    for (const sleeps of [true, false]) {
      const [store, clock] = [new MemoryRuns(), new FakeClock()];
      const service = new ModelService({ clock, live: 3 });
      const deployments = new Deployments({ clock, random: () => 0.5, journal: journalOf(store, clock) });
      let asleep = false;
      service.fault = name => {
        if (name === 'deployAction') {
          return { when: 'after', error: apiError('network', 'POST') };
        }
        if (service.acted === 0 || (asleep && clock.now() - START > 8 * 3_600_000 + 5000)) {
          return undefined;
        }
        if (sleeps && !asleep) {
          asleep = true;
          clock.set(clock.now() + 8 * 3_600_000);
        }
        return { when: 'before', error: apiError('network') };
      };
      const ended = await deployments.deploy({ tenant: tenantOf(service), actionId: 'a1', actionName: 'one' });
      assert.deepEqual([ended.outcome?.kind, service.count('deployAction')], [sleeps ? 'live' : 'unconfirmed', 1]);
    }
  });

  it('of a tenant are forgotten with it', async () => {
    const [store, clock] = [new MemoryRuns(), new FakeClock()];
    await store.write(stored());
    await store.write(stored({ record: { ...RECORD, id: 'r2', tenantId: 'shop.eu.auth0.com' } }));
    await store.write(stored({ record: { ...RECORD, id: 'r3' } }, { pid: 3 }));
    await journalOf(store, clock, {}, pid => pid === 3).forget('acme.eu.auth0.com');
    assert.deepEqual((await store.list()).map(run => run.record.id), ['r2', 'r3']);
  });

  it('do not wait for a storage that hangs', async () => {
    const clock = new FakeClock();
    const store = new MemoryRuns();
    store.write = () => new Promise(() => undefined);
    const journal = journalOf(store, clock);
    await journal.keep(RECORD);
    assert.equal(clock.elapsed, 2000);
    journal.close();
  });
});
