/**
 * Drafts and versions as documents. Versions, and everything of a draft but its code, are only read; the code of a
 * draft is draftFiles.ts's.
 */
import * as vscode from 'vscode';
import { FixedFiles } from './fixedFiles.ts';
import { DraftBook } from '../../actions/draftBook.ts';
import type { DraftShelf } from '../../actions/draftBook.ts';
import type { Action, Version } from '../../auth0/api.ts';
import { isApiError } from '../../auth0/errors.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { settingsText } from '../comparisonWords.ts';
import { UserError, errorWords } from '../errorWords.ts';
import type { Log } from '../log.ts';
import type { AppState } from '../appState.ts';
import { readUri } from '../uris.ts';
import type { DocumentAddress } from '../uris.ts';
import { ContentReader, timeOf } from './contentReader.ts';
import type { ContentAddress, DocumentListeners } from './contentReader.ts';
import { DraftFiles, openDrafts } from './draftFiles.ts';
import type { DraftQuestions } from './draftQuestions.ts';

export interface DocumentOptions {
  readonly listeners: DocumentListeners;
  readonly shelf: DraftShelf;
  readonly questions: DraftQuestions;
}

export class ActionDocuments extends FixedFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly drafts: DraftFiles;
  readonly #state: AppState;
  readonly #log: Log;
  readonly #reader: ContentReader;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;

  constructor(state: AppState, log: Log, { listeners, shelf, questions }: DocumentOptions) {
    super();
    this.#state = state;
    this.#log = log;
    this.#reader = new ContentReader(state, {
      onVersion: listeners.onVersion,
      onDraft: (tenant, action) => {
        this.drafts.noticed(tenant.id, action);
        listeners.onDraft(tenant, action);
      },
    });
    this.drafts = new DraftFiles(state, this.#reader, new DraftBook(shelf), questions, this.#changed, error => log.error('keep a draft', error));
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return this.#of(uri, async address => {
      if (isDraftCode(address)) {
        return this.drafts.stat(uri, address);
      }
      const content = await this.#reader.read(address);
      return { type: vscode.FileType.File, size: bytesOf(address, content).byteLength, mtime: timeOf(content.updatedAt), ctime: timeOf(content.createdAt), permissions: vscode.FilePermission.Readonly };
    });
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.#of(uri, async address => (isDraftCode(address) ? this.drafts.read(uri, address) : bytesOf(address, await this.#reader.read(address))));
  }

  async writeFile(uri: vscode.Uri, bytes: Uint8Array): Promise<void> {
    await this.#of(uri, (address, tenant) => {
      if (!isDraftCode(address)) {
        throw vscode.FileSystemError.NoPermissions(uri);
      }
      return this.drafts.write(uri, address, tenant, bytes);
    });
  }

  /** What a document is made of, as just read. Rejects with an ApiError, or with a UserError for a version that is gone. */
  content(address: ContentAddress): Promise<Action | Version> {
    return this.#reader.read(address);
  }

  /** Drops what was read of a tenant that is gone. */
  forget(tenantId: string): void {
    this.#reader.forget(tenantId);
  }

  /** A tenant's list was read: its open drafts follow. */
  noticedList(tenantId: string): void {
    for (const actionId of new Set(openDrafts().filter(({ of }) => of.tenantId === tenantId).map(({ of }) => of.actionId))) {
      this.noticed(tenantId, actionId);
    }
  }

  /** An action was read somewhere: where its open draft is older, that is read again, and follows. */
  noticed(tenantId: string, actionId: string): void {
    const updatedAt = this.#state.catalog(tenantId).action(actionId)?.updatedAt;
    const address = { tenantId, actionId };
    if (updatedAt !== undefined && openDrafts().some(({ of }) => of.tenantId === tenantId && of.actionId === actionId) && this.#reader.isOlder(address, updatedAt)) {
      this.#reader.draft(address).catch((error: unknown) => this.#log.error('follow a draft', error));
    }
  }

  /** Does what is to be done with a document, and puts every failure into words for VS Code. */
  async #of<T>(uri: vscode.Uri, work: (address: DocumentAddress, tenant: TenantRef) => Promise<T>): Promise<T> {
    const address = readUri(uri);
    if (address === undefined) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    const tenant = this.#state.registry.find(address.tenantId);
    if (tenant === undefined) {
      throw vscode.FileSystemError.Unavailable(vscode.l10n.t('The tenant {0} is not connected. Connect it, then open this again.', address.tenantId));
    }
    try {
      return await work(address, tenant);
    } catch (error) {
      this.#log.error(uri.toString(true), error);
      if (error instanceof vscode.FileSystemError) {
        throw error;
      }
      if (error instanceof UserError) {
        throw vscode.FileSystemError.FileNotFound(error.message);
      }
      if (isApiError(error) && error.kind === 'notFound') {
        throw vscode.FileSystemError.FileNotFound(uri);
      }
      throw vscode.FileSystemError.Unavailable(errorWords(error, tenant.name).text);
    }
  }

  dispose(): void {
    this.drafts.dispose();
    this.#changed.dispose();
  }
}

function isDraftCode(address: DocumentAddress): boolean {
  return address.version === undefined && address.part === 'code' && address.saved !== true;
}

function bytesOf(address: DocumentAddress, content: Action | Version): Uint8Array {
  return new TextEncoder().encode(address.part === 'code' ? content.code : settingsText(content, address.part === 'settings' ? 'sameTenant' : 'acrossTenants'));
}
