/** What the pure folders need of VS Code: memory, secrets, and the lazily loaded bundles behind them. */
import * as vscode from 'vscode';
import type { PackageRegistry } from '../actions/packages.ts';
import type { ManagementApi, TokenSupply } from '../auth0/api.ts';
import type { Clock } from '../auth0/clock.ts';
import { ApiError } from '../auth0/errors.ts';
import { asNumber, asObjects, asText } from '../auth0/json.ts';
import type { RequestRecord } from '../auth0/requestLane.ts';
import { TENANT_LABELS } from '../auth0/tenantRef.ts';
import type { TenantPlatform } from '../tenants/connectedTenant.ts';
import { ALGORITHMS } from '../tenants/credentials/credential.ts';
import type { SignInPorts } from '../tenants/credentials/credential.ts';
import { isCredentialKind } from '../tenants/credentials/ways.ts';
import type { StoredTenant, TenantStore } from '../tenants/storedTenant.ts';
import { shapeProblem } from '../tenants/tenantNames.ts';
import type { TenantRegistry } from '../tenants/tenantRegistry.ts';
import { tenantOfSecret } from '../tenants/vault.ts';
import type { Vault } from '../tenants/vault.ts';
import type { Disposables } from './disposables.ts';
import { settings, settingsSection } from './ids.ts';
import type { Log } from './log.ts';
import { optionalRegistry } from './packageRegistry.ts';

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
  if (id === undefined || origin === undefined || (!isCredentialKind(kind) && kind !== 'demo')) {
    return [];
  }
  const text = (field: 'audience' | 'clientId' | 'issuer' | 'session'): Partial<StoredTenant> => {
    const value = asText(json[field]);
    return value === undefined ? {} : { [field]: value };
  };
  const algorithm = ALGORITHMS.find(one => one === json['algorithm']);
  const expiresAt = asNumber(json['expiresAt']);
  return [{
    id,
    origin,
    kind,
    ...text('audience'),
    ...text('clientId'),
    ...text('issuer'),
    ...text('session'),
    ...(algorithm === undefined ? {} : { algorithm }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...readMarks(json),
  }];
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

/** Another window may connect, renew or disconnect tenants: secrets tell at once, the rest is looked at when this window is used again. */
export function followOtherWindows(secrets: vscode.SecretStorage, registry: TenantRegistry, disposables: Disposables): void {
  disposables.add(secrets.onDidChange(({ key }) => {
    const id = tenantOfSecret(key);
    if (id !== undefined) {
      registry.lookAgain(id);
    }
  }));
  disposables.add(vscode.window.onDidChangeWindowState(({ focused }) => {
    if (focused) {
      registry.lookAgain();
    }
  }));
}

/** What all connections of the network bundle have. */
interface Common {
  readonly clock: Clock;
  readonly userAgent: string;
  readonly onRequest: (record: RequestRecord) => void;
}

/** The network bundle as it is used here. */
export interface Network {
  connectTenant(options: Common & { origin: string; token: TokenSupply; onSignedOut: () => void }): ManagementApi;
  connectProgram(options: Common & { origin: string; host: string; program: () => Promise<string>; onSignedOut: () => void }): ManagementApi;
  signInPorts(options: Common): SignInPorts;
  findProgram(options: { configured: string; path: string; forbidden: readonly string[] }): Promise<string | undefined>;
  programTenants(program: string, signal?: AbortSignal): Promise<readonly string[]>;
  readEnvFile(text: string): Readonly<Record<string, string | undefined>>;
  npmRegistry(options: Omit<Common, 'onRequest'>): PackageRegistry;
}

/** The bundles as src/node/lazyBundles.ts loads them. */
export interface Bundles {
  loadNetwork(): Promise<Network>;
  loadSimulator(): Promise<{ startSimulator(options: { seed: string; plan: 'professional' }): Promise<{ url: string; token: string; close(): Promise<void> }> }>;
  /** The PATH of this machine. */
  searchPath(): string;
}

/** What connecting needs beside the registry. */
export interface SignInTools {
  /** The vendor's program, where it is there and may be run. */
  findProgram(): Promise<string | undefined>;
  programTenants(program: string, signal?: AbortSignal): Promise<readonly string[]>;
  readEnvFile(text: string): Promise<Readonly<Record<string, string | undefined>>>;
}

/** What is known of packages beyond the tenant. */
export interface PackageTools {
  /** The person's npm registry. Its calls reject with a {@link RegistryOff} while the setting turns it off. */
  packages(): PackageRegistry;
}

/** Requests, signing in, the npm registry and the demo tenant, each loaded at its first use. */
export function tenantPlatform(bundles: Bundles, clock: Clock, log: Log, disposables: Disposables, version: string): TenantPlatform & SignInTools & PackageTools {
  let demo: Promise<{ url: string; token: string }> | undefined;
  const common = (name: string): Common => ({ clock, userAgent: `vscode-auth0-actions/${version}`, onRequest: record => log.request(name, record) });
  const findProgram = async (): Promise<string | undefined> => {
    if (!vscode.workspace.isTrusted) {
      return undefined;
    }
    return (await bundles.loadNetwork()).findProgram({
      configured: vscode.workspace.getConfiguration(settingsSection).get<string>(settings.cliPath, ''),
      path: bundles.searchPath(),
      forbidden: (vscode.workspace.workspaceFolders ?? []).filter(folder => folder.uri.scheme === 'file').map(folder => folder.uri.fsPath),
    });
  };
  const program = async (): Promise<string> => {
    const about = { method: 'GET', path: '/api/v2/actions' };
    if (!vscode.workspace.isTrusted) {
      throw new ApiError('auth', { ...about, signIn: 'untrusted' });
    }
    const found = await findProgram();
    if (found === undefined) {
      throw new ApiError('auth', { ...about, signIn: 'noProgram' });
    }
    return found;
  };
  const registry = optionalRegistry(async () => (await bundles.loadNetwork()).npmRegistry({ clock, userAgent: `vscode-auth0-actions/${version}` }));
  return {
    packages: () => registry,
    createApi: async ({ name, ...options }) => (await bundles.loadNetwork()).connectTenant({ ...options, ...common(name) }),
    createProgramApi: async ({ name, ...options }) => (await bundles.loadNetwork()).connectProgram({ ...options, ...common(name), program }),
    signInPorts: async name => (await bundles.loadNetwork()).signInPorts(common(name)),
    findProgram,
    programTenants: async (found, signal) => (await bundles.loadNetwork()).programTenants(found, signal),
    readEnvFile: async text => (await bundles.loadNetwork()).readEnvFile(text),
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
