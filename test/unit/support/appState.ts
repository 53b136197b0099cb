/** The state of a user interface with one connected tenant, whose calls a test gives. */
import type { ManagementApi } from '../../../src/auth0/api.ts';
import { TenantRegistry } from '../../../src/tenants/tenantRegistry.ts';
import { AppState } from '../../../src/ui/appState.ts';
import { FakeClock } from './fakeClock.ts';
import { fakeApi } from './things.ts';

export const TENANT = 'acme.eu.auth0.com';

export function stateOver(calls: Partial<ManagementApi>): AppState {
  const registry = new TenantRegistry(
    { read: () => [{ id: TENANT, origin: `https://${TENANT}`, kind: 'accessToken' }], write: () => Promise.resolve() },
    { get: () => Promise.resolve('token'), set: () => Promise.resolve(), delete: () => Promise.resolve() },
    { createApi: () => Promise.resolve(fakeApi(calls)), createProgramApi: () => Promise.reject(new Error('no program here')), signInPorts: () => Promise.resolve({ post: () => Promise.reject(new Error('no signing in here')), sign: () => Promise.reject(new Error('no key here')), now: Date.now }), startDemo: () => Promise.reject(new Error('no demo here')) },
  );
  return new AppState(registry, new FakeClock());
}
