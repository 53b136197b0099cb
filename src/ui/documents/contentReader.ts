/** Drafts and versions as the service has them. What was read is shared by everything that one opening asks for. */
import * as vscode from 'vscode';
import { VERSIONS_KEPT } from '../../auth0/api.ts';
import type { Action, Version } from '../../auth0/api.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import type { AppState } from '../appState.ts';
import { UserError } from '../errorWords.ts';
import type { DocumentAddress } from '../uris.ts';

/** A draft or a version, whichever of its documents is meant. */
export type ContentAddress = Omit<DocumentAddress, 'part'>;

/** Who hears of what was read for a document: the problems that belong to it. */
export interface DocumentListeners {
  readonly onDraft: (tenant: TenantRef, action: Action) => void;
  readonly onVersion: (tenant: TenantRef, actionId: string, version: Version) => void;
}

/** Versions never change, so the last few are kept; drafts are read anew by every opening. */
const KEPT_VERSIONS = 30;
/** `stat` and `read` of one opening come within this time. */
const FRESH_MS = 2000;

export class ContentReader {
  readonly #state: AppState;
  readonly #listeners: DocumentListeners;
  readonly #drafts = new Map<string, { readonly at: number; readonly action: Promise<Action> }>();
  readonly #versions = new Map<string, Promise<Version>>();
  /** The service's time of a draft at its last reading. */
  readonly #seen = new Map<string, string>();

  constructor(state: AppState, listeners: DocumentListeners) {
    this.#state = state;
    this.#listeners = listeners;
  }

  /** Rejects with an ApiError, or with a UserError for a version that is gone. */
  read(address: ContentAddress): Promise<Action | Version> {
    return address.version === undefined ? this.draft(address) : this.#version(address, address.version);
  }

  /** The draft as read within the last two seconds, or now. Rejects with an ApiError. */
  draft(address: ContentAddress): Promise<Action> {
    const key = keyOf(address);
    const known = this.#drafts.get(key);
    if (known !== undefined && Date.now() - known.at < FRESH_MS) {
      return known.action;
    }
    const action = this.#readDraft(address);
    this.#drafts.set(key, { at: Date.now(), action });
    action.catch(() => this.#drafts.delete(key));
    return action;
  }

  /** What is shown next of a draft is what was just read elsewhere. */
  put(address: ContentAddress, action: Action): void {
    this.#drafts.set(keyOf(address), { at: Date.now(), action: Promise.resolve(action) });
  }

  /** True where a draft was read, and has another time now: what was read is then not believed any more. */
  isOlder(address: ContentAddress, updatedAt: string): boolean {
    const seen = this.#seen.get(keyOf(address));
    const older = seen !== undefined && seen !== updatedAt;
    if (older) {
      this.stale(address);
    }
    return older;
  }

  /** What was read of a draft is not believed any more. */
  stale(address: ContentAddress): void {
    this.#drafts.delete(keyOf(address));
  }

  /** An action was read by somebody else: its row, and whoever shows its problems, hear of it. */
  noticed(tenant: TenantRef, action: Action): void {
    if (this.#state.registry.find(tenant.id) === undefined) {
      return;
    }
    this.#seen.set(keyOf({ tenantId: tenant.id, actionId: action.id }), action.updatedAt ?? '');
    const catalog = this.#state.catalog(tenant.id);
    // An action that a deployment has read is known before the list is, and must not stay as it was then.
    if (catalog.list().loaded || catalog.action(action.id) !== undefined) {
      catalog.put(action);
    }
    this.#listeners.onDraft(tenant, action);
  }

  /** Drops what was read of a tenant that is gone. */
  forget(tenantId: string): void {
    for (const map of [this.#drafts, this.#versions, this.#seen]) {
      for (const key of [...map.keys()].filter(one => one.startsWith(`${tenantId}/`))) {
        map.delete(key);
      }
    }
  }

  async #readDraft(address: ContentAddress): Promise<Action> {
    const { tenant } = this.#state.catalog(address.tenantId);
    const api = await tenant.api();
    const action = await api.getAction(address.actionId);
    this.noticed(tenant, action);
    return action;
  }

  #version(address: ContentAddress, number: number): Promise<Version> {
    const key = `${keyOf(address)}/${number}`;
    const version = this.#versions.get(key) ?? this.#readVersion(address, number).then(read => {
      this.#listeners.onVersion(this.#state.catalog(address.tenantId).tenant, address.actionId, read);
      return read;
    });
    this.#versions.delete(key);
    this.#versions.set(key, version);
    version.catch(() => this.#versions.delete(key));
    const oldest = this.#versions.keys().next().value;
    if (this.#versions.size > KEPT_VERSIONS && oldest !== undefined) {
      this.#versions.delete(oldest);
    }
    return version;
  }

  async #readVersion(address: ContentAddress, number: number): Promise<Version> {
    const catalog = this.#state.catalog(address.tenantId);
    const api = await catalog.tenant.api();
    const live = catalog.action(address.actionId)?.deployedVersion;
    const known = live?.number === number ? live : catalog.versions.known(address.actionId)?.items.find(version => version.number === number);
    if (known !== undefined) {
      return api.getVersion(address.actionId, known.id);
    }
    // The API finds versions by id only.
    const page = await api.listVersions(address.actionId, 0, VERSIONS_KEPT);
    const found = page.items.find(version => version.number === number);
    if (found === undefined) {
      throw new UserError(vscode.l10n.t('{2} does not keep version {0} any more: an action keeps its last {1}.', number, VERSIONS_KEPT, catalog.tenant.name));
    }
    return found;
  }
}

/** The draft or action that an address names, whatever its name is just now. */
export function keyOf({ tenantId, actionId }: Pick<ContentAddress, 'tenantId' | 'actionId'>): string {
  return `${tenantId}/${actionId}`;
}

/** Milliseconds of a service time; what a Date cannot hold is cut, which is enough to see a change. */
export function timeOf(time: string | undefined): number {
  const ms = Date.parse((time ?? '').replace(/(\.\d{3})\d+/u, '$1'));
  return Number.isNaN(ms) ? 0 : ms;
}
