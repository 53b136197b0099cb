/** Which welcome texts stand in the view, for every cause of an empty tree. */
import assert from 'node:assert/strict';
import type { ActionList } from '../../../src/actions/catalog.ts';
import { summarize } from '../../../src/actions/model.ts';
import { ApiError } from '../../../src/auth0/errors.ts';
import type { ApiErrorDetails, ApiErrorKind } from '../../../src/auth0/errors.ts';
import type { TenantRef } from '../../../src/auth0/tenantRef.ts';
import { emptiness } from '../../../src/ui/emptiness.ts';
import { Log } from '../../../src/ui/log.ts';
import { TreeProvider } from '../../../src/ui/tree/treeProvider.ts';
import { TENANT, stateOver } from '../support/appState.ts';
import { ALL_KINDS, action, apiError, fakeApi, tenantOf } from '../support/things.ts';

const NOTHING: ActionList = { items: [], complete: false, loaded: false };
const EMPTY: ActionList = { items: [], complete: true, loaded: true };
const SOME: ActionList = { items: [summarize(action('a'))], complete: true, loaded: true };

function seen(list: ActionList, tenants: readonly TenantRef[] = [tenantOf(fakeApi())]): readonly [string, string | undefined, string | undefined] {
  const { state, reason, tenant } = emptiness(tenants, () => list);
  return [state, reason, tenant?.id];
}

function failed(kind: ApiErrorKind, details: Partial<ApiErrorDetails> = {}): readonly [string, string | undefined, string | undefined] {
  return seen({ ...NOTHING, error: new ApiError(kind, { method: 'GET', path: '/', ...details }) });
}

describe('an empty tree', () => {
  it('is told apart by its cause, and names its tenant', () => {
    assert.deepEqual(seen(NOTHING, []), ['nothingConnected', undefined, undefined]);
    assert.deepEqual(seen(EMPTY), ['noActions', 'dashboard', 'acme-dev.eu.auth0.com']);
    assert.deepEqual(seen(EMPTY, [tenantOf(fakeApi(), 'login.example.com')]), ['noActions', undefined, 'login.example.com']);
    assert.deepEqual(failed('auth').slice(0, 2), ['expired', undefined]);
    assert.deepEqual(failed('forbidden', { missingScopes: ['read:actions'] }).slice(0, 2), ['forbidden', 'scope']);
    assert.deepEqual(failed('forbidden', { featureMissing: true }).slice(0, 2), ['forbidden', 'feature']);
    assert.deepEqual(failed('forbidden').slice(0, 2), ['forbidden', 'refused']);
    assert.deepEqual(failed('network', { serviceMessage: 'ENOTFOUND' }).slice(0, 2), ['offline', 'host']);
    assert.deepEqual(failed('network', { serviceMessage: 'SELF_SIGNED_CERT_IN_CHAIN' }).slice(0, 2), ['offline', 'certificate']);
    assert.deepEqual(failed('network').slice(0, 2), ['offline', 'connection']);
    assert.deepEqual((['rateLimited', 'timeout', 'server', 'malformed'] as const).map(kind => failed(kind)[1]), ['rateLimited', 'timeout', 'server', 'malformed']);
    assert.deepEqual(seen({ ...NOTHING, error: new Error('a mistake') }).slice(0, 2), ['offline', 'other']);
  });

  it('has a sentence for every kind of error', () => {
    for (const kind of ALL_KINDS) {
      const [state, reason, tenant] = failed(kind);
      assert.notEqual(state, 'connected', kind);
      assert.ok(tenant !== undefined && (reason !== undefined || state === 'expired'), kind);
    }
  });

  it('is none while the list is being read, where rows are known, and with several tenants', () => {
    const tenants = [tenantOf(fakeApi()), tenantOf(fakeApi(), 'other.eu.auth0.com')];
    const error = apiError('network');
    assert.equal(seen(NOTHING)[0], 'connected');
    assert.equal(seen({ ...EMPTY, complete: false })[0], 'connected');
    assert.equal(seen({ ...SOME, error })[0], 'connected');
    assert.equal(seen(EMPTY, tenants)[0], 'connected');
    assert.equal(seen({ ...NOTHING, error }, tenants)[0], 'connected');
  });

  it('asks for nothing by being drawn: only a new reading brings the rows back', async () => {
    let [calls, broken] = [0, true];
    const state = stateOver({
      listActions: () => {
        calls += 1;
        return broken ? Promise.reject(apiError('network')) : Promise.resolve({ items: [action('a')], total: 1 });
      },
    });
    const tree = new TreeProvider(state, new Log());
    const [root] = await tree.rowsBelow();
    assert.equal(root?.kind, 'tenant', 'its row shows that the list is being read');
    await tree.rowsBelow(root);
    for (let draw = 0; draw < 3; draw += 1) {
      assert.deepEqual(await tree.rowsBelow(), []);
    }
    assert.equal(calls, 1);
    broken = false;
    await state.catalog(TENANT).refresh();
    assert.deepEqual((await tree.rowsBelow()).map(row => row.id), [TENANT]);
    assert.equal(calls, 2);
  });
});
