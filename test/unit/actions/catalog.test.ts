/** One tenant's memory: requests, paging, failures that stay, and watching builds. */
import assert from 'node:assert/strict';
import { Catalog, byName } from '../../../src/actions/catalog.ts';
import type { CatalogChange } from '../../../src/actions/catalog.ts';
import type { Action, ManagementApi, Page, Version } from '../../../src/auth0/api.ts';
import { FakeClock, settled } from '../support/fakeClock.ts';
import { action, apiError, fakeApi, tenantOf, version } from '../support/things.ts';

function catalogOf(calls: Partial<ManagementApi>, clock = new FakeClock()): { catalog: Catalog; changes: CatalogChange[] } {
  const catalog = new Catalog(tenantOf(fakeApi(calls)), clock);
  const changes: CatalogChange[] = [];
  catalog.changed.on(change => changes.push(change));
  return { catalog, changes };
}

function pages(count: number, asked: number[], withTotal = true): Pick<ManagementApi, 'listActions'> {
  const all = Array.from({ length: count }, (_, index) => action(`a${index}`));
  return {
    listActions: (page): Promise<Page<Action>> => {
      asked.push(page);
      const items = all.slice(page * 100, (page + 1) * 100);
      return Promise.resolve({ items, ...(withTotal && items.length > 0 ? { total: count } : {}) });
    },
  };
}

describe('the catalog', () => {
  it('reads 100 actions with one request, shared by all who ask, and drops the code', async () => {
    const asked: number[] = [];
    const { catalog } = catalogOf(pages(100, asked));
    const [list] = await Promise.all([catalog.load(), catalog.load(), catalog.loadAll()]);
    await catalog.load();
    assert.deepEqual([asked, list.items.length, list.complete], [[0], 100, true]);
    assert.ok(!JSON.stringify(list).includes('exports.'));
  });

  it('reads 1,000 actions to the end, also without a total', async () => {
    for (const withTotal of [true, false]) {
      const asked: number[] = [];
      const { catalog } = catalogOf(pages(1000, asked, withTotal));
      assert.equal((await catalog.load()).complete, false);
      const list = await catalog.loadAll();
      assert.deepEqual([list.items.length, list.complete, asked.length], [1000, true, withTotal ? 10 : 11]);
    }
  });

  it('keeps old rows and the failure until somebody refreshes', async () => {
    let fails = false;
    let count = 0;
    const { catalog } = catalogOf({
      listActions: () => {
        count += 1;
        return fails ? Promise.reject(apiError('network')) : Promise.resolve({ items: [action('a')], total: 1 });
      },
    });
    await catalog.load();
    fails = true;
    assert.ok((await catalog.refresh()).error !== undefined);
    assert.equal(catalog.list().items.length, 1);
    await catalog.load();
    assert.equal(count, 2, 'drawing a failure asks for nothing');
    fails = false;
    assert.equal((await catalog.loadAll()).error, undefined);
  });

  it('tells of a row only when it looks different', async () => {
    const { catalog, changes } = catalogOf(pages(1, []));
    await catalog.load();
    changes.length = 0;
    catalog.put(action('a0'));
    assert.equal(changes.length, 0);
    catalog.put(action('a0', { status: 'failed' }));
    assert.deepEqual([...changes], [{ kind: 'action', actionId: 'a0' }]);
    catalog.put(action('new'));
    assert.deepEqual(changes.at(-1), { kind: 'list' });
  });

  it('pages versions, merges what shifted, and marks the live one', async () => {
    const all = Array.from({ length: 25 }, (_, index) => version(25 - index));
    const { catalog } = catalogOf({
      ...pages(1, []),
      listVersions: (_id, page, perPage): Promise<Page<Version>> => Promise.resolve({ items: all.slice(page * perPage, (page + 1) * perPage), total: all.length }),
    });
    await catalog.load();
    catalog.put(action('a0', { deployedVersion: version(24, { deployed: true }) }));
    assert.deepEqual([(await catalog.versions.load('a0')).items.length, catalog.versions.known('a0')?.hasMore], [10, true]);
    all.unshift(version(26));
    await catalog.versions.loadMore('a0');
    await catalog.versions.loadMore('a0');
    const list = await catalog.versions.loadMore('a0');
    assert.deepEqual(list.items.map(one => one.number).slice(0, 3), [25, 24, 23]);
    assert.deepEqual(list.items.filter(one => one.deployed).map(one => one.number), [24]);
    await catalog.versions.refresh('a0');
    assert.deepEqual([catalog.versions.known('a0')?.items.length, catalog.versions.known('a0')?.hasMore], [26, false]);
  });

  it('asks again for versions only when told to, after a failure', async () => {
    let count = 0;
    const { catalog } = catalogOf({ ...pages(1, []), listVersions: () => ((count += 1), Promise.reject(apiError('network'))) });
    await catalog.versions.load('a0');
    await catalog.versions.load('a0');
    assert.equal(count, 1);
    await catalog.versions.refresh('a0');
    assert.equal(count, 2);
  });

  it('looks at each build until it ends, never at the list, and at nothing when nothing is pending', async () => {
    const clock = new FakeClock();
    const asked: number[] = [];
    let looks = 0;
    const { catalog } = catalogOf({ ...pages(1, asked), getAction: () => Promise.resolve(action('a0', { status: (looks += 1) < 4 ? 'building' : 'built' })) }, clock);
    await catalog.load();
    catalog.watchBuilds(() => false);
    await settled();
    assert.equal(looks, 0);
    const ended: Action[] = [];
    catalog.settled.on(one => ended.push(one));
    catalog.put(action('a0', { status: 'building' }));
    catalog.watchBuilds(() => false);
    catalog.watchBuilds(() => false);
    while (ended.length === 0) {
      await settled();
    }
    assert.deepEqual([looks, ended[0]?.status, asked], [4, 'built', [0]]);
  });

  it('stops looking when nobody looks at it', async () => {
    const clock = new FakeClock({ auto: false });
    let looks = 0;
    const { catalog } = catalogOf({ ...pages(1, []), getAction: () => ((looks += 1), Promise.resolve(action('a0', { status: 'building' }))) }, clock);
    await catalog.load();
    catalog.put(action('a0', { status: 'building' }));
    catalog.watchBuilds(() => false);
    await clock.advance(2000);
    const before = looks;
    assert.ok(before > 0);
    catalog.unwatch();
    await clock.advance(60_000);
    assert.deepEqual([looks, clock.sleeping], [before, 0]);
  });

  it('reads what failed anew when its tenant was connected anew, and does not wait for the old token', async () => {
    let token = 'old';
    const answers: (() => void)[] = [];
    const { catalog } = catalogOf({
      listActions: () => {
        const asked = token;
        return new Promise((resolve, reject) => answers.push(() => (asked === 'old' ? reject(apiError('auth')) : resolve({ items: [action('a')], total: 1 }))));
      },
      listVersions: () => (token === 'old' ? Promise.reject(apiError('auth')) : Promise.resolve({ items: [version(1)], total: 1 })),
      listBindings: () => (token === 'old' ? Promise.reject(apiError('auth')) : Promise.resolve([])),
      listTriggers: () => Promise.resolve([]),
    });
    const first = catalog.load();
    await catalog.versions.load('a');
    await catalog.flows.load('post-login');
    token = 'new';
    const again = catalog.reconnected();
    await settled();
    for (const answer of answers.reverse()) {
      answer();
      await settled();
    }
    await Promise.all([first, again]);
    assert.deepEqual([catalog.list().error, catalog.list().items.length], [undefined, 1]);
    assert.deepEqual([catalog.versions.known('a')?.error, catalog.flows.known('post-login')?.error], [undefined, undefined]);
  });

  it('reads the whole list anew when its tenant was connected anew while further pages were under way', async () => {
    const asked: number[] = [];
    const { listActions } = pages(250, asked);
    let release: () => void = () => undefined;
    const held = new Promise<void>(resolve => {
      release = resolve;
    });
    let hold = true;
    const { catalog } = catalogOf({
      listActions: async page => {
        if (page === 1 && hold) {
          hold = false;
          await held;
        }
        return listActions(page);
      },
      listTriggers: () => Promise.resolve([]),
    });
    await catalog.load();
    assert.equal(catalog.list().complete, false);
    await catalog.reconnected();
    const list = await catalog.loadAll();
    release();
    await settled();
    assert.deepEqual([list.items.length, list.complete, catalog.list().complete], [250, true, true]);
  });

  it('keeps the newer of a row of the list and an action that was read by itself meanwhile', async () => {
    const at = (second: number, name: string): Action => action('a', { name, updatedAt: `2026-01-01T00:00:0${second}Z` });
    for (const [listed, alone, kept] of [[at(2, 'listed'), at(1, 'alone'), 'listed'], [at(1, 'listed'), at(2, 'alone'), 'alone'], [at(1, 'listed'), at(1, 'alone'), 'alone']] as const) {
      let answer: (page: Page<Action>) => void = () => undefined;
      const { catalog } = catalogOf({ listActions: () => new Promise(resolve => {
        answer = resolve;
      }) });
      const list = catalog.load();
      await settled();
      catalog.put(alone);
      answer({ items: [listed], total: 1 });
      assert.equal((await list).items[0]?.name, kept);
    }
  });

  it('reads an action anew, once, when its versions know of a newer one that is live', async () => {
    let live = 7;
    let reads = 0;
    const { catalog } = catalogOf({
      listActions: () => Promise.resolve({ items: [action('a', { deployedVersion: version(7, { deployed: true }) })], total: 1 }),
      getAction: () => {
        reads += 1;
        return Promise.resolve(action('a', { deployedVersion: version(live, { deployed: true }) }));
      },
      listVersions: () => Promise.resolve({ items: [version(8, { deployed: true }), version(7)], total: 2 }),
    });
    await catalog.load();
    await catalog.versions.load('a');
    await settled();
    assert.equal(reads, 1);
    live = 8;
    await catalog.refreshAction('a');
    await settled();
    assert.deepEqual([reads, catalog.versions.known('a')?.items.map(one => [one.number, one.deployed])], [2, [[8, true], [7, false]]]);
  });

  it('reads the versions that are known anew where the list names another one as live', async () => {
    let newest = 7;
    let reads = 0;
    const { catalog } = catalogOf({
      listActions: () => Promise.resolve({ items: [action('a', { deployedVersion: version(newest, { deployed: true }) }), action('b', { deployedVersion: version(newest, { deployed: true }) })], total: 2 }),
      listVersions: () => {
        reads += 1;
        return Promise.resolve({ items: Array.from({ length: newest }, (_unused, index) => version(newest - index)), total: newest });
      },
    });
    await catalog.load();
    await catalog.versions.load('a');
    await catalog.refresh();
    assert.equal(reads, 1, 'nothing has changed');
    newest = 8;
    await catalog.refresh();
    await settled();
    assert.deepEqual([reads, catalog.versions.known('a')?.items[0]?.number, catalog.versions.known('b')], [2, 8, undefined]);
  });

  it('loses no version that was made elsewhere, and keeps none that was pruned', async () => {
    let newest = 30;
    const { catalog } = catalogOf({
      listVersions: (_id, page, perPage) => {
        const all = Array.from({ length: Math.min(50, newest) }, (_unused, index) => version(newest - index));
        return Promise.resolve({ items: all.slice(page * perPage, (page + 1) * perPage), total: all.length });
      },
    });
    await catalog.versions.load('a');
    newest = 42;
    await catalog.versions.refresh('a');
    while (catalog.versions.known('a')?.hasMore === true) {
      await catalog.versions.loadMore('a');
    }
    assert.deepEqual(catalog.versions.known('a')?.items.map(one => one.number), Array.from({ length: 42 }, (_unused, index) => 42 - index));
    newest = 55;
    await catalog.versions.refresh('a');
    while (catalog.versions.known('a')?.hasMore === true) {
      await catalog.versions.loadMore('a');
    }
    assert.deepEqual([catalog.versions.known('a')?.items.length, catalog.versions.known('a')?.items.at(-1)?.number], [50, 6]);
  });

  it('leaves a build to the deployment that looks at it already, also when that began later', async () => {
    const clock = new FakeClock({ auto: false });
    let looks = 0;
    let deploying = false;
    const { catalog } = catalogOf({
      listActions: () => Promise.resolve({ items: [action('a', { status: 'building' })], total: 1 }),
      getAction: () => {
        looks += 1;
        return Promise.resolve(action('a', { status: 'building' }));
      },
    }, clock);
    await catalog.load();
    catalog.watchBuilds(() => deploying);
    await clock.advance(2000);
    const before = looks;
    deploying = true;
    await clock.advance(20_000);
    assert.ok(before > 0);
    assert.equal(looks, before);
    catalog.dispose();
  });

  it('forgets a deleted action for good, whatever was read of it before', async () => {
    let answer: (page: Page<Action>) => void = () => undefined;
    const both = { items: [action('a'), action('b')], total: 2 };
    let reads = 0;
    const { catalog, changes } = catalogOf({ listActions: () => (reads += 1) === 1 ? Promise.resolve(both) : new Promise(resolve => (answer = resolve)) });
    await catalog.load();
    const refreshed = catalog.refresh();
    await settled();
    catalog.remove('a');
    catalog.remove('a');
    answer(both);
    await refreshed;
    catalog.put(action('a', { name: 'late' }));
    assert.deepEqual(catalog.list().items.map(one => one.id), ['b']);
    assert.deepEqual(changes.map(change => change.kind), ['list', 'list', 'list']);
  });

  it('tells of a new name as a change of the list, where it has another place', async () => {
    const { catalog, changes } = catalogOf(pages(2, []));
    await catalog.load();
    catalog.put(action('a0', { name: 'z' }));
    catalog.put(action('a0', { name: 'z', status: 'failed' }));
    assert.deepEqual(changes.map(change => change.kind), ['list', 'list', 'action']);
  });

  it('sorts by name', () => {
    assert.deepEqual(byName([action('b', { name: 'item 10' }), action('a', { name: 'Item 9' })]).map(one => one.name), ['Item 9', 'item 10']);
  });
});
