/** What the checks are told of an action, by what its tenant has said last. */
import assert from 'node:assert/strict';
import { Catalog } from '../../../src/actions/catalog.ts';
import type { ManagementApi } from '../../../src/auth0/api.ts';
import { inputOf } from '../../../src/ui/problems/checkFacts.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { action, apiError, fakeApi, tenantOf } from '../support/things.ts';

const known = action('a', { secrets: [{ name: 'KEY' }] });

describe('what the checks know of the secrets', () => {
  let failure: Parameters<typeof apiError>[0] | undefined;
  const answer = <T>(value: T): Promise<T> => (failure === undefined ? Promise.resolve(value) : Promise.reject(apiError(failure)));
  const api: Partial<ManagementApi> = { listActions: () => answer({ items: [known], total: 1 }), getAction: () => answer(known) };

  /** The names that the checks get, after a reading that fails in this way, or in none. */
  async function secretsAfter(read: (catalog: Catalog) => Promise<unknown>, ...kinds: (typeof failure)[]): Promise<unknown> {
    const catalog = new Catalog(tenantOf(fakeApi(api)), new FakeClock());
    failure = undefined;
    await catalog.load();
    for (const kind of kinds) {
      failure = kind;
      await read(catalog).catch(() => undefined);
    }
    return inputOf(known, '', { packages: new Map() }, catalog).secrets;
  }

  for (const [what, read] of [['the list', (catalog: Catalog) => catalog.refresh()], ['an action', (catalog: Catalog) => catalog.refreshAction('a')]] as const) {
    it(`is nothing while the network is away, as the last reading of ${what} says`, async () => {
      assert.deepEqual(await secretsAfter(read, undefined), ['KEY']);
      assert.equal(await secretsAfter(read, 'network'), undefined);
      assert.equal(await secretsAfter(read, 'timeout'), undefined);
      assert.deepEqual(await secretsAfter(read, 'forbidden'), ['KEY']);
      assert.deepEqual(await secretsAfter(read, 'network', undefined), ['KEY']);
    });
  }

  it('is looked at again when an action could not be read', async () => {
    const catalog = new Catalog(tenantOf(fakeApi(api)), new FakeClock());
    failure = 'network';
    const changes: unknown[] = [];
    catalog.changed.on(change => changes.push(change));
    await assert.rejects(catalog.refreshAction('a'));
    assert.deepEqual(changes, [{ kind: 'action', actionId: 'a' }]);
  });
});
