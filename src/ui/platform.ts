/** What the pure folders need of VS Code: memory, secrets, and the lazily loaded bundles behind them. */
import type * as vscode from 'vscode';
import type { ManagementApi } from '../auth0/api.ts';
import type { Clock } from '../auth0/clock.ts';
import { asObjects, asText } from '../auth0/json.ts';
import type { RequestRecord } from '../auth0/requestLane.ts';
import { TENANT_LABELS } from '../auth0/tenantRef.ts';
import { shapeProblem } from '../tenants/tenantNames.ts';
import type { StoredTenant, TenantPlatform, TenantStore, Vault } from '../tenants/tenantRegistry.ts';
import type { Disposables } from './disposables.ts';
import type { Log } from './log.ts';

const TENANTS_KEY = 'tenants';

/** Remembered tenants, in VS Code's memory of this machine: never in settings, where a workspace could write. */
export function tenantStore(memory: vscode.Memento): TenantStore {
  return {
    read: () => asObjects(memory.get(TENANTS_KEY)).flatMap(readStored),
    write: async tenants => memory.update(TENANTS_KEY, tenants),
  };
}

function readStored(json: Readonly<Record<string, unknown>>): StoredTenant[] {
  const id = asText(json['id']);
  const origin = asText(json['origin']);
  const kind = json['kind'];
  return id === undefined || origin === undefined || (kind !== 'accessToken' && kind !== 'demo')
    ? []
    : [{ id, origin, kind, ...(json['deployWithoutAsking'] === true ? { deployWithoutAsking: true } : {}), ...readMarks(json) }];
}

/** What a person has said of a tenant, each part on its own. */
function readMarks(json: Readonly<Record<string, unknown>>): Pick<StoredTenant, 'alias' | 'label' | 'protected'> {
  const alias = asText(json['alias'])?.trim();
  const label = TENANT_LABELS.find(one => one === json['label']);
  return {
    ...(alias === undefined || shapeProblem(alias) !== undefined ? {} : { alias }),
    ...(label === undefined ? {} : { label }),
    ...(json['protected'] === true ? { protected: true } : {}),
  };
}

export function vault(secrets: vscode.SecretStorage): Vault {
  return {
    get: async key => secrets.get(key),
    set: async (key, value) => secrets.store(key, value),
    delete: async key => secrets.delete(key),
  };
}

/** The bundles as src/node/lazyBundles.ts loads them. */
export interface Bundles {
  loadNetwork(): Promise<{
    connectTenant(options: { origin: string; token: () => Promise<string>; clock: Clock; userAgent: string; onRequest: (record: RequestRecord) => void }): ManagementApi;
  }>;
  loadSimulator(): Promise<{ startSimulator(options: { seed: string; plan: 'professional' }): Promise<{ url: string; token: string; close(): Promise<void> }> }>;
}

/** Requests and the demo tenant, each loaded at its first use. */
export function tenantPlatform(bundles: Bundles, clock: Clock, log: Log, disposables: Disposables, version: string): TenantPlatform {
  let demo: Promise<{ url: string; token: string }> | undefined;
  return {
    createApi: async ({ origin, name, token }) => {
      const network = await bundles.loadNetwork();
      return network.connectTenant({ origin, token, clock, userAgent: `vscode-auth0-actions/${version}`, onRequest: record => log.request(name, record) });
    },
    startDemo: () => {
      demo ??= bundles.loadSimulator().then(async simulator => {
        // The plan of a small paid tenant, so that the demo shows how the pacing feels.
        const running = await simulator.startSimulator({ seed: 'demo', plan: 'professional' });
        disposables.add({ dispose: () => void running.close() });
        return running;
      }).catch((error: unknown) => {
        demo = undefined;
        throw error;
      });
      return demo;
    },
  };
}
