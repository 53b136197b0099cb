/**
 * Drafts and versions as documents, read from the tenant when somebody opens them. Both schemes are read-only for
 * now. What was read is shared between VS Code's `stat` and `read`, which come in pairs.
 */
import * as vscode from 'vscode';
import { VERSIONS_KEPT } from '../../auth0/api.ts';
import type { Action, Version } from '../../auth0/api.ts';
import { isApiError } from '../../auth0/errors.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { settingsText } from '../comparisonWords.ts';
import { UserError, errorWords } from '../errorWords.ts';
import type { Log } from '../log.ts';
import type { AppState } from '../appState.ts';
import { DRAFT_SCHEME, draftUri, readUri } from '../uris.ts';
import type { DocumentAddress } from '../uris.ts';

interface Loaded {
  readonly bytes: Uint8Array;
  /** Milliseconds since the epoch, from the service's own time. */
  readonly mtime: number;
  readonly ctime: number;
}

/** A draft or a version, whichever of its documents is meant. */
type ContentAddress = Omit<DocumentAddress, 'part'>;

/** Who hears of what was read for a document: the problems that belong to it. */
export interface DocumentListeners {
  readonly onDraft: (tenant: TenantRef, action: Action) => void;
  readonly onVersion: (tenant: TenantRef, actionId: string, version: Version) => void;
}

/** Versions never change, so the last few are kept; drafts are read anew by every opening. */
const KEPT_VERSIONS = 30;
/** `stat` and `read` of one opening come within this time. */
const FRESH_MS = 2000;

export class ActionDocuments implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #state: AppState;
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  readonly #drafts = new Map<string, { readonly at: number; readonly action: Promise<Action> }>();
  readonly #versions = new Map<string, Promise<Version>>();
  /** What the last reading of a draft said, so that only a real change makes VS Code read again. */
  readonly #seen = new Map<string, string>();
  readonly #listeners: DocumentListeners;

  constructor(state: AppState, log: Log, listeners: DocumentListeners) {
    this.#state = state;
    this.#log = log;
    this.#listeners = listeners;
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { bytes, mtime, ctime } = await this.#load(uri);
    return { type: vscode.FileType.File, size: bytes.byteLength, mtime, ctime, permissions: vscode.FilePermission.Readonly };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.#load(uri)).bytes;
  }

  /** What a document is made of, as just read. Rejects with an ApiError, or with a UserError for a version that is gone. */
  content(address: ContentAddress): Promise<Action | Version> {
    return address.version === undefined ? this.#draft(address) : this.#version(address, address.version);
  }

  /** Drops what was read of a tenant that is gone. */
  forget(tenantId: string): void {
    for (const map of [this.#drafts, this.#versions, this.#seen]) {
      for (const key of [...map.keys()].filter(one => one.startsWith(`${tenantId}/`))) {
        map.delete(key);
      }
    }
  }

  /** A tenant's list was read: its open drafts follow. */
  noticedList(tenantId: string): void {
    for (const document of vscode.workspace.textDocuments) {
      const address = document.uri.scheme === DRAFT_SCHEME ? readUri(document.uri) : undefined;
      const action = address?.tenantId === tenantId ? this.#state.catalog(tenantId).action(address.actionId) : undefined;
      if (action !== undefined) {
        this.noticed(tenantId, action.id, action.updatedAt, action.name);
      }
    }
  }

  /** An action was read somewhere: an open draft that differs from it is read again. */
  noticed(tenantId: string, actionId: string, updatedAt: string | undefined, name: string): void {
    const key = `${tenantId}/${actionId}`;
    const seen = this.#seen.get(key);
    if (seen !== undefined && updatedAt !== undefined && seen !== updatedAt) {
      this.#drafts.delete(key);
      this.#seen.set(key, updatedAt);
      const open = vscode.workspace.textDocuments.filter(document => {
        const address = document.uri.scheme === DRAFT_SCHEME ? readUri(document.uri) : undefined;
        return address?.tenantId === tenantId && address.actionId === actionId;
      });
      const uris = open.length === 0 ? [draftUri(tenantId, actionId, name)] : open.map(document => document.uri);
      this.#changed.fire(uris.map(uri => ({ type: vscode.FileChangeType.Changed, uri })));
    }
  }

  async #load(uri: vscode.Uri): Promise<Loaded> {
    const address = readUri(uri);
    if (address === undefined) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    const tenant = this.#state.registry.find(address.tenantId);
    if (tenant === undefined) {
      throw vscode.FileSystemError.Unavailable(vscode.l10n.t('The tenant {0} is not connected. Connect it, then open this again.', address.tenantId));
    }
    try {
      const content = await this.content(address);
      return { bytes: new TextEncoder().encode(address.part === 'code' ? content.code : settingsText(content, address.part === 'settings' ? 'sameTenant' : 'acrossTenants')), mtime: timeOf(content.updatedAt), ctime: timeOf(content.createdAt) };
    } catch (error) {
      this.#log.error(`open ${uri.toString(true)}`, error);
      if (error instanceof UserError) {
        throw vscode.FileSystemError.FileNotFound(error.message);
      }
      if (isApiError(error) && error.kind === 'notFound') {
        throw vscode.FileSystemError.FileNotFound(uri);
      }
      throw vscode.FileSystemError.Unavailable(errorWords(error, tenant.name).text);
    }
  }

  #draft(address: ContentAddress): Promise<Action> {
    const key = `${address.tenantId}/${address.actionId}`;
    const known = this.#drafts.get(key);
    if (known !== undefined && Date.now() - known.at < FRESH_MS) {
      return known.action;
    }
    const action = this.#readDraft(address);
    this.#drafts.set(key, { at: Date.now(), action });
    action.catch(() => this.#drafts.delete(key));
    return action;
  }

  async #readDraft(address: ContentAddress): Promise<Action> {
    const catalog = this.#state.catalog(address.tenantId);
    const api = await catalog.tenant.api();
    const action = await api.getAction(address.actionId);
    this.#seen.set(`${address.tenantId}/${address.actionId}`, action.updatedAt ?? '');
    if (catalog.list().loaded) {
      catalog.put(action);
    }
    this.#listeners.onDraft(catalog.tenant, action);
    return action;
  }

  #version(address: ContentAddress, number: number): Promise<Version> {
    const key = `${address.tenantId}/${address.actionId}/${number}`;
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

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/** Milliseconds of a service time; what a Date cannot hold is cut, which is enough to see a change. */
function timeOf(time: string | undefined): number {
  const ms = Date.parse((time ?? '').replace(/(\.\d{3})\d+/u, '$1'));
  return Number.isNaN(ms) ? 0 : ms;
}
