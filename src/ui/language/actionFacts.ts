/** Which triggers and secrets the code in a document belongs to: from the tenant's list, or from what was read for the document. */
import type * as vscode from 'vscode';
import type { Action, Content, Version } from '../../auth0/api.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import type { ActionFacts } from '../../actions/language/index.ts';
import type { AppState } from '../appState.ts';
import { readUri } from '../uris.ts';

/** Documents that were opened and may still be: more are not remembered. */
const KEPT = 100;

export class DocumentFacts {
  readonly #state: AppState;
  /** Tenant, action and version → what was read of it for a document, the latest last. */
  readonly #read = new Map<string, ActionFacts>();

  constructor(state: AppState) {
    this.#state = state;
  }

  /** A draft was read for a document. */
  draft(tenant: TenantRef, action: Action): void {
    this.#keep(keyOf(tenant.id, action.id), action);
  }

  version(tenant: TenantRef, actionId: string, version: Version): void {
    this.#keep(keyOf(tenant.id, actionId, version.number), version);
  }

  /** Causes no request. Nothing for a document that is no action's code, or whose tenant is gone. */
  of(document: Pick<vscode.TextDocument, 'uri'>): ActionFacts | undefined {
    const address = readUri(document.uri);
    if (address?.part !== 'code' || this.#state.registry.find(address.tenantId) === undefined) {
      return undefined;
    }
    const { tenantId, actionId, version } = address;
    const catalog = this.#state.catalog(tenantId);
    const listed = version === undefined ? catalog.action(actionId) : catalog.versions.known(actionId)?.items.find(one => one.number === version);
    // Some answers embed a version without its triggers.
    return listed === undefined || listed.triggers.length === 0 ? this.#read.get(keyOf(tenantId, actionId, version)) : factsOf(listed);
  }

  #keep(key: string, content: Content): void {
    this.#read.delete(key);
    this.#read.set(key, factsOf(content));
    const oldest = this.#read.keys().next().value;
    if (this.#read.size > KEPT && oldest !== undefined) {
      this.#read.delete(oldest);
    }
  }
}

function keyOf(tenantId: string, actionId: string, version?: number): string {
  return `${tenantId}/${actionId}/${version ?? 'draft'}`;
}

function factsOf({ triggers, secrets }: Pick<Content, 'triggers' | 'secrets'>): ActionFacts {
  return { triggers, secrets: secrets.map(secret => secret.name) };
}
