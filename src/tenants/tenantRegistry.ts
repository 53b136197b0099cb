/**
 * The tenants that are connected, and how each gets its token. What is remembered holds no secret; tokens go to the
 * vault (VS Code's SecretStorage) and from there only into the Authorization header.
 */
import { Emitter } from '../auth0/emitter.ts';
import type { TenantLabel, TenantRef } from '../auth0/tenantRef.ts';
import { readToken } from './credentials/accessToken.ts';
import type { TokenFacts } from './credentials/accessToken.ts';
import type { Token } from './credentials/credential.ts';
import { missingScopes } from './credentials/scopes.ts';
import { WAYS } from './credentials/ways.ts';
import { ConnectedTenant } from './connectedTenant.ts';
import type { TenantPlatform } from './connectedTenant.ts';
import type { Connection, StoredTenant, TenantStore } from './storedTenant.ts';
import { nameOf } from './tenantAddress.ts';
import { shapeProblem, soundsLike } from './tenantNames.ts';
import type { NameProblem } from './tenantNames.ts';
import { keep } from './tokenSource.ts';
import { secretKey, tokenKey } from './vault.ts';
import type { Vault } from './vault.ts';

export const DEMO_TENANT = 'demo';

/** What trying a connection has shown, before anything of it is kept. */
export interface Tried {
  /** Minted on the way, for {@link TenantRegistry.connect} to keep. */
  readonly token?: Token;
  /** Scopes that the extension uses and the token does not list. */
  readonly missingScopes: readonly string[];
}

export class TenantRegistry {
  /**
   * Fires when a tenant was added, removed or connected anew, here or in another window. `renewed` has another secret;
   * `updated` its name, label, protection or place changed, which is nothing to read a list again for.
   */
  readonly changed = new Emitter<{ readonly added?: TenantRef; readonly removed?: string; readonly renewed?: TenantRef; readonly updated?: string }>();
  /** Fires when a call failed for want of a token, and only a person can get another. */
  readonly signedOut = new Emitter<TenantRef>();
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
   * Tries a way in with the smallest call there is, and keeps nothing of it. `token` is one that was obtained already.
   * @throws ApiError with what is wrong.
   */
  async tryOut(connection: Connection, secret: string, options: { readonly signal?: AbortSignal; readonly token?: Token } = {}): Promise<Tried> {
    const { origin, id, kind } = connection;
    const way = WAYS[kind];
    const name = nameOf(id);
    const onSignedOut = (): void => undefined;
    const call = options.signal === undefined ? {} : { signal: options.signal };
    if (way.supports.program) {
      await (await this.#platform.createProgramApi({ origin, host: id, name, onSignedOut })).listTriggers(call);
      return { missingScopes: [] };
    }
    const token = options.token ?? (await way.obtain(connection, secret, await this.#platform.signInPorts(name), options.signal))?.token;
    const api = await this.#platform.createApi({ origin, name, token: () => Promise.resolve(token?.value ?? ''), onSignedOut });
    await api.listTriggers(call);
    return { ...(token === undefined ? {} : { token }), missingScopes: missingScopes(token?.scopes) };
  }

  /** Connects a tenant, or gives a connected one a new way in. */
  async connect(connection: Connection, secret: string, token?: Token): Promise<TenantRef> {
    const { id, kind } = connection;
    const { supports } = WAYS[kind];
    await this.#vault.delete(tokenKey(id));
    if (supports.program) {
      await this.#vault.delete(secretKey(id));
    } else {
      await this.#vault.set(secretKey(id), secret);
    }
    if (token !== undefined && !supports.program && !supports.secretIsToken) {
      await keep(this.#vault, id, token);
    }
    const expiresAt = supports.secretIsToken ? (token ?? readToken(secret))?.expiresAt : undefined;
    return this.#add({ ...connection, session: crypto.randomUUID(), ...(expiresAt === undefined ? {} : { expiresAt }) });
  }

  /** Connects the simulated tenant. It starts with its first request. */
  async connectDemo(): Promise<TenantRef> {
    return this.find(DEMO_TENANT) ?? (await this.#add({ id: DEMO_TENANT, origin: '', kind: 'demo' }));
  }

  /** Forgets a tenant, its secret and its token. */
  async disconnect(id: string): Promise<void> {
    await this.#vault.delete(secretKey(id));
    await this.#vault.delete(tokenKey(id));
    await this.#change(stored => stored.filter(one => one.id !== id));
    this.changed.fire({ removed: id });
  }

  /** How a connected tenant is connected; `undefined` for the demo tenant, which is nowhere until it starts. */
  connectionOf(id: string): Connection | undefined {
    const stored = this.#storedOf(id);
    if (stored === undefined || stored.kind === 'demo') {
      return undefined;
    }
    const { origin, kind, audience, clientId, algorithm, issuer } = stored;
    return { id, origin, kind, ...(audience === undefined ? {} : { audience }), ...(clientId === undefined ? {} : { clientId }), ...(algorithm === undefined ? {} : { algorithm }), ...(issuer === undefined ? {} : { issuer }) };
  }

  /** Claims of a tenant's access token; `undefined` where there are none to read, or where tokens come and go by themselves. */
  async tokenFacts(id: string): Promise<TokenFacts | undefined> {
    const stored = this.#storedOf(id);
    if (stored === undefined || stored.kind === 'demo' || !WAYS[stored.kind].supports.secretIsToken) {
      return undefined;
    }
    const token = await this.#vault.get(secretKey(id));
    return token === undefined ? undefined : readToken(token);
  }

  /** When a tenant's token ends for good, in milliseconds since the epoch; `undefined` where it is renewed. */
  tokenEnds(id: string): number | undefined {
    return this.#storedOf(id)?.expiresAt;
  }

  /** The connections as VS Code's accounts show them: a name that opens nothing, never a token. */
  sessions(): readonly { readonly session: string; readonly tenant: TenantRef }[] {
    return this.#all().flatMap(tenant => (tenant.stored.session === undefined ? [] : [{ session: tenant.stored.session, tenant }]));
  }

  /**
   * Looks at what is remembered anew: another window may have connected, disconnected, renewed or renamed tenants.
   * `renewed` names one whose secret is known to have changed.
   */
  lookAgain(renewed?: string): void {
    const before = new Map(this.#all().map(tenant => [tenant.id, tenant.stored]));
    this.#take(this.#store.read());
    const now = this.#all();
    for (const id of before.keys()) {
      if (!now.some(tenant => tenant.id === id)) {
        this.changed.fire({ removed: id });
      }
    }
    const stayed = now.filter(tenant => before.has(tenant.id)).map(tenant => tenant.id);
    const moved = stayed.join(' ') !== [...before.keys()].filter(id => stayed.includes(id)).join(' ');
    for (const tenant of now) {
      const was = before.get(tenant.id);
      if (was?.session !== tenant.stored.session || was === undefined) {
        tenant.renew();
        this.changed.fire({ added: tenant });
      } else if (tenant.id === renewed) {
        this.changed.fire({ renewed: tenant });
      } else if (JSON.stringify(was) !== JSON.stringify(tenant.stored) || moved) {
        this.changed.fire({ updated: tenant.id });
      }
    }
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

  async setProtected(id: string, on: boolean): Promise<void> {
    await this.#update(id, ({ protected: _, ...one }) => (on ? { ...one, protected: true } : one));
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
    await this.#change(stored => (stored.some(one => one.id === added.id) ? stored.map(one => (one.id === added.id ? { ...personalPart(one), ...added } : one)) : [...stored, added]));
    const tenant = this.#all().find(one => one.id === added.id) ?? this.#make(added);
    // The object stays: a deployment that is under way goes on with the new token.
    tenant.renew();
    this.changed.fire({ added: tenant });
    return tenant;
  }

  #make(stored: StoredTenant): ConnectedTenant {
    return new ConnectedTenant(stored, {
      vault: this.#vault,
      platform: this.#platform,
      nameOf: id => this.#nameOf(id),
      protects: id => this.#rememberedNow(id)?.protected === true,
      onSignedOut: tenant => this.signedOut.fire(tenant),
    });
  }

  #storedOf(id: string): StoredTenant | undefined {
    return this.#all().find(tenant => tenant.id === id)?.stored;
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
    const next = change(this.#store.read());
    this.#take(next);
    await this.#store.write(next);
  }

  /** Takes over what is remembered; a tenant that stays keeps its object. */
  #take(stored: readonly StoredTenant[]): void {
    const known = new Map(this.#all().map(tenant => [tenant.id, tenant]));
    this.#tenants = stored.map(one => {
      const tenant = known.get(one.id) ?? this.#make(one);
      tenant.stored = one;
      return tenant;
    });
  }
}

/** What a new way in must leave nothing of; the rest is the person's own word about the tenant. */
const CREDENTIAL_FIELDS: ReadonlySet<string> = new Set(['audience', 'clientId', 'algorithm', 'issuer', 'expiresAt'] satisfies (keyof StoredTenant)[]);

function personalPart(stored: StoredTenant): Partial<StoredTenant> {
  return Object.fromEntries(Object.entries(stored).filter(([field]) => !CREDENTIAL_FIELDS.has(field)));
}
