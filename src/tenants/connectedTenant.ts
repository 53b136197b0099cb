import type { ManagementApi, TokenSupply } from '../auth0/api.ts';
import type { TenantLabel, TenantRef } from '../auth0/tenantRef.ts';
import type { SignInPorts } from './credentials/credential.ts';
import { WAYS } from './credentials/ways.ts';
import type { StoredTenant } from './storedTenant.ts';
import { TokenSource } from './tokenSource.ts';
import type { Vault } from './vault.ts';

/** What tenants need from the platform. All of it is loaded at first use. */
export interface TenantPlatform {
  /** Makes the calls of a tenant; `name` is for the log. `onSignedOut` hears of each call that fails for want of a token. */
  createApi(options: { origin: string; name: string; token: TokenSupply; onSignedOut: () => void }): Promise<ManagementApi>;
  /** The same through the vendor's own program, which has a session for `host`. */
  createProgramApi(options: { origin: string; host: string; name: string; onSignedOut: () => void }): Promise<ManagementApi>;
  signInPorts(name: string): Promise<SignInPorts>;
  /** Starts the simulated tenant, or returns the one that runs. */
  startDemo(): Promise<{ url: string; token: string }>;
}

export interface ConnectedTenantParts {
  readonly vault: Vault;
  readonly platform: TenantPlatform;
  readonly nameOf: (id: string) => string;
  /** Whether each write to a tenant asks for its name, as any window has remembered last. */
  readonly protects: (id: string) => boolean;
  readonly onSignedOut: (tenant: TenantRef) => void;
}

/** A tenant as the registry hands it out: the same object for as long as it is connected. */
export class ConnectedTenant implements TenantRef {
  stored: StoredTenant;
  readonly #parts: ConnectedTenantParts;
  #api: Promise<ManagementApi> | undefined;

  constructor(stored: StoredTenant, parts: ConnectedTenantParts) {
    this.stored = stored;
    this.#parts = parts;
  }

  /** The next call uses what is stored now. */
  renew(): void {
    this.#api = undefined;
  }

  get id(): string {
    return this.stored.id;
  }

  get name(): string {
    return this.#parts.nameOf(this.stored.id);
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
    return this.#parts.protects(this.id);
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
    const { platform, onSignedOut } = this.#parts;
    const { kind, origin } = this.stored;
    const told = (): void => onSignedOut(this);
    if (kind === 'demo') {
      const demo = await platform.startDemo();
      return platform.createApi({ origin: demo.url, name: this.name, token: () => Promise.resolve(demo.token), onSignedOut: told });
    }
    if (WAYS[kind].supports.program) {
      return platform.createProgramApi({ origin, host: this.host, name: this.name, onSignedOut: told });
    }
    const source = new TokenSource({
      id: this.id,
      way: WAYS[kind],
      facts: () => this.stored,
      vault: this.#parts.vault,
      ports: () => platform.signInPorts(this.name),
      now: Date.now,
    });
    return platform.createApi({ origin, name: this.name, token: refused => source.token(refused), onSignedOut: told });
  }
}
