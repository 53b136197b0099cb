/**
 * Connected tenants as VS Code's own accounts, so that they appear in its Accounts menu. Any extension may ask for a
 * session: what it gets is a name of the connection that opens nothing, never the tenant's token.
 */
import * as vscode from 'vscode';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import type { TenantRegistry } from '../../tenants/tenantRegistry.ts';
import { short } from '../texts.ts';

export const PROVIDER_ID = 'auth0Actions';

export class Accounts implements vscode.AuthenticationProvider, vscode.Disposable {
  readonly #registry: TenantRegistry;
  readonly #connect: () => Promise<TenantRef>;
  readonly #changed = new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>();
  readonly onDidChangeSessions = this.#changed.event;
  readonly #stop: () => void;
  #known: readonly vscode.AuthenticationSession[];

  /** `connect` lets a person connect a tenant; it rejects where they give up. */
  constructor(registry: TenantRegistry, connect: () => Promise<TenantRef>) {
    this.#registry = registry;
    this.#connect = connect;
    this.#known = this.#sessions();
    this.#stop = registry.changed.on(() => this.#tell());
  }

  getSessions(_scopes: readonly string[] | undefined, options?: { readonly account?: vscode.AuthenticationSessionAccountInformation }): Promise<vscode.AuthenticationSession[]> {
    return Promise.resolve(this.#sessions().filter(session => options?.account === undefined || session.account.id === options.account.id));
  }

  async createSession(): Promise<vscode.AuthenticationSession> {
    const tenant = await this.#connect();
    const session = this.#sessions().find(one => one.account.id === tenant.id);
    if (session === undefined) {
      throw new Error(vscode.l10n.t('{0} was disconnected meanwhile.', tenant.name));
    }
    return session;
  }

  async removeSession(sessionId: string): Promise<void> {
    const id = this.#sessions().find(session => session.id === sessionId)?.account.id;
    if (id !== undefined) {
      await this.#registry.disconnect(id);
    }
  }

  #sessions(): readonly vscode.AuthenticationSession[] {
    return this.#registry.sessions().map(({ session, tenant }) => ({ id: session, accessToken: session, account: { id: tenant.id, label: short(tenant.name) }, scopes: [] }));
  }

  #tell(): void {
    const before = this.#known;
    this.#known = this.#sessions();
    const added = this.#known.filter(session => !before.some(one => one.id === session.id));
    const removed = before.filter(session => !this.#known.some(one => one.id === session.id));
    const changed = this.#known.filter(session => before.some(one => one.id === session.id && one.account.label !== session.account.label));
    if (added.length > 0 || removed.length > 0 || changed.length > 0) {
      this.#changed.fire({ added, removed, changed });
    }
  }

  dispose(): void {
    this.#stop();
    this.#changed.dispose();
  }
}
