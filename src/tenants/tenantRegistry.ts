/**
 * The tenants that are connected, and how each gets its token. What is remembered holds no secret; tokens go to the
 * vault (VS Code's SecretStorage) and from there only into the Authorization header.
 */
import type { ManagementApi } from '../auth0/api.ts';
import { Emitter } from '../auth0/emitter.ts';
import { ApiError } from '../auth0/errors.ts';
import type { TenantLabel, TenantRef } from '../auth0/tenantRef.ts';
import { readToken } from './credentials/accessToken.ts';
import type { TokenFacts } from './credentials/accessToken.ts';
import { nameOf } from './tenantAddress.ts';
import type { TenantAddress } from './tenantAddress.ts';
import { shapeProblem, soundsLike } from './tenantNames.ts';
import type { NameProblem } from './tenantNames.ts';

export const DEMO_TENANT = 'demo';

/** What is remembered of a tenant when VS Code is closed. */
export interface StoredTenant {
  readonly id: string;
  readonly origin: string;
  readonly kind: 'accessToken' | 'demo';
  /** The person asked not to be asked again before a deploy to this tenant. */
  readonly deployWithoutAsking?: boolean;
  /** The person's own name for it. */
  readonly alias?: string;
  readonly label?: TenantLabel;
  /** Each write to it asks for its name. */
  readonly protected?: boolean;
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
  /**
   * Fires when a tenant was added, removed or connected anew; `updated` has its name, label, protection or place
   * changed, which is nothing to read a list again for.
   */
  readonly changed = new Emitter<{ readonly added?: TenantRef; readonly removed?: string; readonly updated?: string }>();
  readonly #store: TenantStore;
  readonly #vault: Vault;
  readonly #platform: TenantPlatform;
  #tenants: ConnectedTenant[] | undefined;

  constructor(store: TenantStore, vault: Vault, platform: TenantPlatform) {
    this.#store = store;
    this.#vault = vault;
    this.#platform = platform;
  }

  /** All connected tenants, in the order in which they were connected or put. Reads memory only. */
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

  /** True when a deploy to this tenant need not be asked about: the demo tenant, or by the person's own word. Never for a protected one. */
  deploysWithoutAsking(id: string): boolean {
    const stored = this.#rememberedNow(id);
    return stored !== undefined && stored.protected !== true && (stored.kind === 'demo' || stored.deployWithoutAsking === true);
  }

  /** True where the person has switched the question before a deploy off. */
  hasQuestionOff(id: string): boolean {
    return this.#rememberedNow(id)?.deployWithoutAsking === true;
  }

  async setDeployWithoutAsking(id: string, off = true): Promise<void> {
    await this.#update(id, ({ deployWithoutAsking: _, ...one }) => (off && one.protected !== true ? { ...one, deployWithoutAsking: true } : one));
  }

  /** What is wrong with a name for this tenant: its shape, or that another connected tenant has it. */
  nameProblem(id: string, name: string): NameProblem | undefined {
    const taken = this.#all().some(other => other.id !== id && [other.id, nameOf(other.id), other.name].some(theirs => soundsLike(theirs, name)));
    return shapeProblem(name) ?? (taken ? 'taken' : undefined);
  }

  /**
   * Gives a tenant a name of the person's own, or with `undefined` its own one again.
   * @throws Error for a name with a {@link nameProblem}.
   */
  async rename(id: string, alias: string | undefined): Promise<void> {
    const problem = alias === undefined ? undefined : this.nameProblem(id, alias);
    if (problem !== undefined) {
      throw new Error(`The name cannot be given to ${id}: ${problem}`);
    }
    await this.#update(id, ({ alias: _, ...one }) => (alias === undefined ? one : { ...one, alias: alias.trim().replace(/\s+/gu, ' ') }));
  }

  async setLabel(id: string, label: TenantLabel | undefined): Promise<void> {
    await this.#update(id, ({ label: _, ...one }) => (label === undefined ? one : { ...one, label }));
  }

  /** Protecting brings back the question before a deploy, where it was switched off. */
  async setProtected(id: string, on: boolean): Promise<void> {
    await this.#update(id, ({ protected: _, deployWithoutAsking, ...one }) => (on ? { ...one, protected: true } : { ...one, ...(deployWithoutAsking === true ? { deployWithoutAsking } : {}) }));
  }

  /** Puts a tenant one place up or down, among those that this window shows. */
  async move(id: string, direction: 'up' | 'down'): Promise<void> {
    const ids = this.#all().map(tenant => tenant.id);
    const neighbour = ids.includes(id) ? ids[ids.indexOf(id) + (direction === 'up' ? -1 : 1)] : undefined;
    if (neighbour !== undefined) {
      await this.moveTo(id, neighbour);
    }
  }

  /** Puts a tenant where another one is, which makes way; `undefined` for the end. Tenants of other windows stay where they are. */
  async moveTo(id: string, placeOf: string | undefined): Promise<void> {
    await this.#change(stored => {
      const moved = stored.find(one => one.id === id);
      const to = placeOf === undefined ? stored.length : stored.findIndex(one => one.id === placeOf);
      return moved === undefined || to < 0 ? stored : stored.filter(one => one !== moved).toSpliced(to, 0, moved);
    });
    this.changed.fire({ updated: id });
  }

  async #update(id: string, update: (stored: StoredTenant) => StoredTenant): Promise<void> {
    await this.#change(stored => stored.map(one => (one.id === id ? update(one) : one)));
    this.changed.fire({ updated: id });
  }

  /** What any window has remembered of a tenant last. */
  #rememberedNow(id: string): StoredTenant | undefined {
    return this.#store.read().find(stored => stored.id === id) ?? this.#all().find(tenant => tenant.id === id)?.stored;
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
    return new ConnectedTenant(stored, this.#vault, this.#platform, id => this.#nameOf(id), id => this.#rememberedNow(id)?.protected === true);
  }

  /** The person's name for a tenant, or its short name; the whole host where two connected tenants would have the same. */
  #nameOf(id: string): string {
    const wanted = (tenant: ConnectedTenant | undefined): string => tenant?.stored.alias ?? nameOf(tenant?.id ?? id);
    const name = wanted(this.#all().find(tenant => tenant.id === id));
    return this.#all().some(other => other.id !== id && (soundsLike(wanted(other), name) || soundsLike(other.id, name))) ? id : name;
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
  readonly #protects: (id: string) => boolean;
  #api: Promise<ManagementApi> | undefined;

  constructor(stored: StoredTenant, vault: Vault, platform: TenantPlatform, nameFor: (id: string) => string, protects: (id: string) => boolean) {
    this.#nameOf = nameFor;
    this.#protects = protects;
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

  get label(): TenantLabel | undefined {
    return this.stored.label;
  }

  get isProtected(): boolean {
    return this.#protects(this.id);
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
      throw new ApiError('auth', { method: 'GET', path: '/api/v2/actions', serviceMessage: 'No access token is stored for this tenant.' });
    }
    return token;
  }
}

function vaultKey(id: string): string {
  return `accessToken/${id}`;
}
