/**
 * The tenants that are connected, and how each gets its token. What is remembered holds no secret; tokens go to the
 * vault (VS Code's SecretStorage) and from there only into the Authorization header.
 */
import type { ManagementApi } from '../auth0/api.ts';
import { Emitter } from '../auth0/emitter.ts';
import { ApiError } from '../auth0/errors.ts';
import type { TenantRef } from '../auth0/tenantRef.ts';
import { readToken } from './credentials/accessToken.ts';
import type { TokenFacts } from './credentials/accessToken.ts';
import { nameOf } from './tenantAddress.ts';
import type { TenantAddress } from './tenantAddress.ts';

export const DEMO_TENANT = 'demo';

/** What is remembered of a tenant when VS Code is closed. */
export interface StoredTenant {
  readonly id: string;
  readonly origin: string;
  readonly kind: 'accessToken' | 'demo';
  /** The person asked not to be asked again before a deploy to this tenant. */
  readonly deployWithoutAsking?: boolean;
}

/** The memory of this machine, without secrets. Unreadable entries are to be dropped by the reader. */
export interface TenantStore {
  read(): readonly StoredTenant[];
  write(tenants: readonly StoredTenant[]): Promise<void>;
}

/** Where tokens are kept, by key. */
export interface Vault {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
}

/** What the registry needs from the platform. Both are loaded at first use. */
export interface TenantPlatform {
  /** Makes the calls of a tenant; `name` is for the log. */
  createApi(options: { origin: string; name: string; token: () => Promise<string> }): Promise<ManagementApi>;
  /** Starts the simulated tenant, or returns the one that runs. */
  startDemo(): Promise<{ url: string; token: string }>;
}

export class TenantRegistry {
  /** Fires when a tenant was added, removed or connected anew. */
  readonly changed = new Emitter<{ readonly added?: TenantRef; readonly removed?: string }>();
  readonly #store: TenantStore;
  readonly #vault: Vault;
  readonly #platform: TenantPlatform;
  #tenants: ConnectedTenant[] | undefined;

  constructor(store: TenantStore, vault: Vault, platform: TenantPlatform) {
    this.#store = store;
    this.#vault = vault;
    this.#platform = platform;
  }

  /** All connected tenants, in the order in which they were connected. Reads memory only. */
  tenants(): readonly TenantRef[] {
    return this.#all();
  }

  find(id: string): TenantRef | undefined {
    return this.#all().find(tenant => tenant.id === id);
  }

  /**
   * Tries an address and a token with the smallest call there is, and keeps neither.
   * @throws ApiError with what is wrong.
   */
  async tryOut(address: TenantAddress, token: string, signal?: AbortSignal): Promise<void> {
    const api = await this.#platform.createApi({ origin: address.origin, name: address.name, token: () => Promise.resolve(token.trim()) });
    await api.listTriggers(signal === undefined ? {} : { signal });
  }

  /** Connects a tenant, or gives a connected one a new token. */
  async connect(address: TenantAddress, token: string): Promise<TenantRef> {
    await this.#vault.set(vaultKey(address.id), token.trim());
    return this.#add({ id: address.id, origin: address.origin, kind: 'accessToken' });
  }

  /** Connects the simulated tenant. It starts with its first request. */
  async connectDemo(): Promise<TenantRef> {
    return this.find(DEMO_TENANT) ?? (await this.#add({ id: DEMO_TENANT, origin: '', kind: 'demo' }));
  }

  /** Forgets a tenant and its token. */
  async disconnect(id: string): Promise<void> {
    await this.#vault.delete(vaultKey(id));
    await this.#change(stored => stored.filter(one => one.id !== id));
    this.changed.fire({ removed: id });
  }

  /** Where a connected tenant is; `undefined` for the demo tenant, which is nowhere until it starts. */
  addressOf(id: string): TenantAddress | undefined {
    const stored = this.#all().find(tenant => tenant.id === id)?.stored;
    return stored === undefined || stored.kind === 'demo' ? undefined : { id, origin: stored.origin, name: nameOf(id) };
  }

  /** Claims of a tenant's access token; `undefined` where there are none to read. */
  async tokenFacts(id: string): Promise<TokenFacts | undefined> {
    const token = await this.#vault.get(vaultKey(id));
    return token === undefined ? undefined : readToken(token);
  }

  /** True when a deploy to this tenant need not be asked about: the demo tenant, or by the person's own word. */
  deploysWithoutAsking(id: string): boolean {
    const stored = this.#all().find(tenant => tenant.id === id)?.stored;
    return stored !== undefined && (stored.kind === 'demo' || stored.deployWithoutAsking === true);
  }

  async setDeployWithoutAsking(id: string): Promise<void> {
    await this.#change(stored => stored.map(one => (one.id === id ? { ...one, deployWithoutAsking: true } : one)));
  }

  async #add(added: StoredTenant): Promise<TenantRef> {
    await this.#change(stored => (stored.some(one => one.id === added.id) ? stored.map(one => (one.id === added.id ? { ...one, ...added } : one)) : [...stored, added]));
    const tenant = this.#all().find(one => one.id === added.id) ?? this.#make(added);
    // The object stays: a deployment that is under way goes on with the new token.
    tenant.renew();
    this.changed.fire({ added: tenant });
    return tenant;
  }

  #make(stored: StoredTenant): ConnectedTenant {
    return new ConnectedTenant(stored, this.#vault, this.#platform, id => this.#nameOf(id));
  }

  /** The short name, or the whole host where two connected tenants would have the same. */
  #nameOf(id: string): string {
    const name = nameOf(id);
    return this.#all().some(other => other.id !== id && nameOf(other.id) === name) ? id : name;
  }

  #all(): ConnectedTenant[] {
    this.#tenants ??= this.#store.read().map(stored => this.#make(stored));
    return this.#tenants;
  }

  /**
   * Changes what is remembered. The change is made to what is remembered now, not to what this window read at its
   * start: another window may have connected or disconnected tenants since.
   */
  async #change(change: (stored: readonly StoredTenant[]) => readonly StoredTenant[]): Promise<void> {
    const known = new Map(this.#all().map(tenant => [tenant.id, tenant]));
    const next = change(this.#store.read());
    this.#tenants = next.map(stored => {
      const tenant = known.get(stored.id) ?? this.#make(stored);
      tenant.stored = stored;
      return tenant;
    });
    await this.#store.write(next);
  }
}

class ConnectedTenant implements TenantRef {
  stored: StoredTenant;
  readonly #vault: Vault;
  readonly #platform: TenantPlatform;
  readonly #nameOf: (id: string) => string;
  #api: Promise<ManagementApi> | undefined;

  constructor(stored: StoredTenant, vault: Vault, platform: TenantPlatform, nameFor: (id: string) => string) {
    this.#nameOf = nameFor;
    this.stored = stored;
    this.#vault = vault;
    this.#platform = platform;
  }

  /** The next call uses the address and the token that are stored now. */
  renew(): void {
    this.#api = undefined;
  }

  get id(): string {
    return this.stored.id;
  }

  get name(): string {
    return this.#nameOf(this.stored.id);
  }

  get host(): string {
    return this.stored.id;
  }

  get isDemo(): boolean {
    return this.stored.kind === 'demo';
  }

  api(): Promise<ManagementApi> {
    if (this.#api !== undefined) {
      return this.#api;
    }
    const api = this.#open().catch((error: unknown) => {
      if (this.#api === api) {
        this.#api = undefined;
      }
      throw error;
    });
    this.#api = api;
    return api;
  }

  async #open(): Promise<ManagementApi> {
    if (this.isDemo) {
      const demo = await this.#platform.startDemo();
      return this.#platform.createApi({ origin: demo.url, name: this.name, token: () => Promise.resolve(demo.token) });
    }
    return this.#platform.createApi({ origin: this.stored.origin, name: this.name, token: () => this.#token() });
  }

  async #token(): Promise<string> {
    const token = await this.#vault.get(vaultKey(this.id));
    if (token === undefined || token === '') {
      throw new ApiError('auth', { method: 'GET', path: '/api/v2/actions', cause: new Error('No access token is stored for this tenant.') });
    }
    return token;
  }
}

function vaultKey(id: string): string {
  return `accessToken/${id}`;
}
