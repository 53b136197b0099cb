/** Actions, versions and tenants to test with. */
import type { Action, ManagementApi, Version } from '../../../src/auth0/api.ts';
import { ApiError } from '../../../src/auth0/errors.ts';
import type { ApiErrorKind } from '../../../src/auth0/errors.ts';
import type { TenantRef } from '../../../src/auth0/tenantRef.ts';

export const ALL_KINDS: readonly ApiErrorKind[] = [
  'auth', 'forbidden', 'notFound', 'notBuilt', 'conflict', 'rateLimited', 'invalid', 'malformed', 'timeout', 'network', 'proxy', 'server', 'cancelled',
];

export function version(number: number, change: Partial<Version> = {}): Version {
  return {
    id: `v${number}`, number, status: 'built', deployed: false, errors: [], code: 'exports.onExecutePostLogin = async () => {};', runtime: 'node22',
    dependencies: [], secrets: [], triggers: [{ id: 'post-login', version: 'v3' }], modules: [], createdAt: '2026-05-19T09:12:00.123456789Z', ...change,
  };
}

export function action(id: string, change: Partial<Action> = {}): Action {
  return {
    id, name: `Action ${id}`, status: 'built', allChangesDeployed: false, code: 'exports.onExecutePostLogin = async () => {};', runtime: 'node22',
    dependencies: [], secrets: [], triggers: [{ id: 'post-login', version: 'v3' }], modules: [], ...change,
  };
}

export function apiError(kind: ApiErrorKind, method = 'GET'): ApiError {
  return new ApiError(kind, { method, path: '/api/v2/actions/actions/a1' });
}

/** Calls that a test does not expect. */
export function fakeApi(calls: Partial<ManagementApi> = {}): ManagementApi {
  const unexpected = (name: string) => (): Promise<never> => Promise.reject(new Error(`unexpected call of ${name}`));
  return {
    listActions: unexpected('listActions'),
    getAction: unexpected('getAction'),
    listVersions: unexpected('listVersions'),
    getVersion: unexpected('getVersion'),
    deployAction: unexpected('deployAction'),
    deployVersion: unexpected('deployVersion'),
    listTriggers: unexpected('listTriggers'),
    listBindings: unexpected('listBindings'),
    updateBindings: unexpected('updateBindings'),
    createAction: unexpected('createAction'),
    updateAction: unexpected('updateAction'),
    deleteAction: unexpected('deleteAction'),
    testAction: unexpected('testAction'),
    listFailedRuns: unexpected('listFailedRuns'),
    getExecution: unexpected('getExecution'),
    listModules: unexpected('listModules'),
    listModuleVersions: unexpected('listModuleVersions'),
    headroom: () => 1,
    ...calls,
  };
}

export function tenantOf(api: ManagementApi | (() => Promise<ManagementApi>), id = 'acme-dev.eu.auth0.com'): TenantRef {
  return { id, name: id.split('.')[0] ?? id, host: id, isDemo: false, isProtected: false, api: typeof api === 'function' ? api : () => Promise.resolve(api) };
}

/** What a promise rejects with; fails the test when it does not. */
export async function rejection(promise: Promise<unknown>): Promise<ApiError> {
  const result = await promise.then(
    value => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in result && result.error instanceof ApiError) {
    return result.error;
  }
  throw new Error(`An ApiError was expected, not ${'error' in result ? String(result.error) : JSON.stringify(result.value)}`);
}
