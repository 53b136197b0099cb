/**
 * Drafts as files that can be written. Saving by hand sends the code; what VS Code saves by itself is kept here until
 * somebody does. Whether somebody else has changed the draft is found out by saveRun.ts, just before it is written:
 * VS Code's own question about that can never come, since the times it sees are draftBook.ts's.
 */
import * as vscode from 'vscode';
import { KeptElsewhere } from '../../actions/draftBook.ts';
import type { DraftBook } from '../../actions/draftBook.ts';
import { saveFromBook } from '../../actions/saveRun.ts';
import type { SaveOutcome } from '../../actions/saveRun.ts';
import type { Action } from '../../auth0/api.ts';
import { Emitter } from '../../auth0/emitter.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import type { AppState } from '../appState.ts';
import { UserError, errorWords } from '../errorWords.ts';
import { flash, withoutLinks } from '../messages.ts';
import { short } from '../texts.ts';
import { DRAFT_SCHEME, draftUri, readUri } from '../uris.ts';
import type { DocumentAddress } from '../uris.ts';
import { keyOf, timeOf } from './contentReader.ts';
import type { ContentReader } from './contentReader.ts';
import type { DraftQuestions } from './draftQuestions.ts';

/** How long the status bar tells of a save. */
const FLASH_MS = 4000;

/** A text of a draft that the service does not have yet. */
export interface Pending {
  readonly text: string;
  /** Kept here after VS Code saved it by itself; otherwise it is in an editor alone. */
  readonly kept: boolean;
}

export class DraftFiles implements vscode.Disposable {
  /** A draft has begun or ceased to differ from what its tenant has. */
  readonly changed = new Emitter<{ readonly tenantId: string; readonly actionId: string }>();
  /** A person has saved a draft in its editor, the tenant has taken it, and VS Code has ended its save. */
  readonly savedByHand = new Emitter<{ readonly tenantId: string; readonly actionId: string; readonly uri: vscode.Uri }>();
  readonly #state: AppState;
  readonly #reader: ContentReader;
  readonly #book: DraftBook;
  readonly #questions: DraftQuestions;
  readonly #files: vscode.EventEmitter<vscode.FileChangeEvent[]>;
  /** Document -> why VS Code saves it, between the two events. */
  readonly #reasons = new Map<string, vscode.TextDocumentSaveReason>();
  /** Document -> what it is to show once VS Code has ended its save. */
  readonly #afterSave = new Map<string, Action>();
  /** Draft -> the code of the draft, and the text to put in its place, that a person has agreed to already. */
  readonly #agreed = new Map<string, { readonly over: string; readonly text: string }>();
  /** Documents that a person has just saved, between the tenant's answer and the end of VS Code's save. */
  readonly #byHand = new Set<string>();
  readonly #dirty = new Set<string>();
  /** Drafts that were saved here and are being built. */
  readonly #building = new Set<string>();
  readonly #subscriptions: vscode.Disposable[];
  /** Hears of a shelf that cannot be written. */
  readonly #onError: (error: unknown) => void;

  constructor(state: AppState, reader: ContentReader, book: DraftBook, questions: DraftQuestions, files: vscode.EventEmitter<vscode.FileChangeEvent[]>, onError: (error: unknown) => void) {
    this.#onError = onError;
    this.#state = state;
    this.#reader = reader;
    this.#book = book;
    this.#questions = questions;
    this.#files = files;
    this.#subscriptions = [
      vscode.workspace.onWillSaveTextDocument(({ document, reason }) => {
        if (draftOf(document.uri) !== undefined) {
          this.#reasons.set(document.uri.toString(), reason);
        }
      }),
      vscode.workspace.onDidSaveTextDocument(document => this.#didSave(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#noticeDirty(document)),
      vscode.workspace.onDidOpenTextDocument(document => this.#noticeDirty(document)),
      vscode.workspace.onDidCloseTextDocument(document => this.#closed(document)),
    ];
  }

  /** Time and size of a draft for VS Code, without a request where its editor is open. Rejects as the reader does. */
  async stat(uri: vscode.Uri, address: DocumentAddress): Promise<vscode.FileStat> {
    const { mtime, text } = await this.#known(uri, address);
    return { type: vscode.FileType.File, mtime, ctime: 0, size: new TextEncoder().encode(text).byteLength };
  }

  /** The text of a draft: what is kept here, or what the tenant has. */
  async read(uri: vscode.Uri, address: DocumentAddress): Promise<Uint8Array> {
    const { text } = await this.#known(uri, address);
    this.#book.given(keyOf(address));
    return new TextEncoder().encode(text);
  }

  async #known(uri: vscode.Uri, address: DocumentAddress): Promise<{ readonly mtime: number; readonly text: string }> {
    const key = keyOf(address);
    const known = await this.#book.known(key);
    if (known !== undefined && (this.#book.kept(key) !== undefined || isOpen(uri))) {
      return known;
    }
    const action = await this.#reader.draft(address);
    this.#book.read(key, action, timeOf(action.updatedAt));
    return (await this.#book.known(key)) ?? { mtime: 0, text: action.code };
  }

  /**
   * Takes what VS Code saves. Resolves when the service holds it, or when it is kept here.
   * @throws FileSystemError that says what happened; the document then stays dirty.
   */
  async write(uri: vscode.Uri, address: DocumentAddress, tenant: TenantRef, bytes: Uint8Array): Promise<void> {
    const reason = this.#reasons.get(uri.toString());
    this.#reasons.delete(uri.toString());
    // Left over where a write was no editor's, so that no save has ended it.
    this.#byHand.delete(uri.toString());
    const text = textOf(bytes);
    const key = keyOf(address);
    if (reason !== undefined && reason !== vscode.TextDocumentSaveReason.Manual) {
      try {
        await this.#book.keep(key, text);
      } catch (error) {
        throw error instanceof KeptElsewhere ? problem(vscode.l10n.t('Another window keeps another text of this draft. Save it there first, then save here.')) : error;
      }
      this.changed.fire(address);
      return;
    }
    if (openDrafts().some(({ document, of }) => keyOf(of) === key && document.uri.toString() !== uri.toString() && document.isDirty)) {
      throw problem(vscode.l10n.t('This draft is being edited in another tab too, under another name. Save or revert that one first.'));
    }
    if (text === this.#book.base(key) && this.#book.kept(key) === undefined) {
      // Nothing was edited: there is nothing to send, and whatever is new there is shown.
      this.#reader.stale(address);
      const action = await this.#reader.draft(address);
      if (action.status !== 'failed' || action.code !== text) {
        return;
      }
    }
    // What a deploy saves first is no reason for another.
    const forDeploy = this.#agreed.has(key);
    const outcome = await this.save(address, tenant, text);
    switch (outcome.kind) {
      case 'saved':
        if (outcome.sent && !forDeploy) {
          this.#byHand.add(uri.toString());
        }
        return;
      case 'takeTheirs':
        this.#afterSave.set(uri.toString(), outcome.action);
        return;
      case 'compare':
        await this.compareWithTenant(tenant, outcome.action);
        throw problem(vscode.l10n.t('Not saved in {0} yet. The comparison shows what is there on the left and your text on the right: change it as you like and save again, which then replaces what is there.', tenant.name));
      case 'declined': throw problem(vscode.l10n.t('Not saved in {0}, as you decided. Your text is still here.', tenant.name));
      case 'failed': throw problem(vscode.l10n.t('Not saved. {0} Your text is still here.', errorWords(outcome.error, tenant.name).text));
      case 'unconfirmed': throw problem(vscode.l10n.t('It is not clear whether {0} has taken this: no answer came, and reading it back failed too. Your text is still here. Save again when the tenant can be reached: nothing is written twice.', tenant.name));
    }
  }

  /** Sends a text as a draft's code, with the questions that takes. Everything that follows from it is done. */
  async save(address: Pick<DocumentAddress, 'tenantId' | 'actionId'>, tenant: TenantRef, text: string): Promise<SaveOutcome> {
    const key = keyOf(address);
    const agreed = this.#agreed.get(key);
    const isAgreed = (action: Action): boolean => agreed?.text === text && agreed.over === action.code;
    const outcome = await saveFromBook(this.#book, key, {
      api: await tenant.api(),
      actionId: address.actionId,
      clock: this.#state.clock,
      random: Math.random,
      code: text,
      decide: theirs => (isAgreed(theirs) ? Promise.resolve('overwrite') : this.#questions.decide(tenant, theirs, text)),
      ...(tenant.isProtected ? { confirm: action => (isAgreed(action) ? Promise.resolve(true) : this.#questions.confirm(tenant, action, text)) } : {}),
      onAction: action => this.#reader.noticed(tenant, action),
    });
    this.#reader.stale(address);
    if (outcome.kind === 'saved') {
      this.#follow(address);
      this.changed.fire(address);
      if (outcome.sent) {
        flash(tenant, 'check', vscode.l10n.t('{0} saved in {1}, not deployed', short(outcome.action.name), tenant.name), FLASH_MS);
      }
      const isDeploying = (): boolean => this.#state.deployments.of(tenant.id, address.actionId) !== undefined;
      if (!isDeploying()) {
        this.#building.add(key);
        this.#state.catalog(tenant.id).waitForBuild(address.actionId, isDeploying);
      }
    }
    return outcome;
  }

  /** A build has ended: true, once, where the draft was saved here. */
  wasAwaited(tenantId: string, actionId: string): boolean {
    return this.#building.delete(keyOf({ tenantId, actionId }));
  }

  /** Text of a draft that its tenant does not have: in an editor, or kept here. */
  async pending(address: Pick<DocumentAddress, 'tenantId' | 'actionId'>): Promise<Pending | undefined> {
    const key = keyOf(address);
    // Kept before a restart, perhaps, and not opened since.
    await this.#book.known(key);
    const dirty = openDrafts().find(({ document, of }) => keyOf(of) === key && document.isDirty);
    if (dirty !== undefined) {
      return { text: dirty.document.getText(), kept: false };
    }
    const text = this.#book.kept(key);
    return text === undefined ? undefined : { text, kept: true };
  }

  /** True where the draft holds another text than the edit here began from, as far as that was seen. */
  isUnexpected(action: Action, tenantId: string, text: string): boolean {
    return action.code !== text && !this.#book.expected(keyOf({ tenantId, actionId: action.id })).includes(action.code);
  }

  /**
   * Sends the pending text in place of the code that a person has just seen, without a further question.
   * Resolves to the draft as saved, or to nothing where VS Code has told already why not.
   * @throws UserError where the draft holds another text afterwards, and what the save failed with where the text was kept here.
   */
  async savePending(tenant: TenantRef, action: Action, text: string): Promise<Action | undefined> {
    const address = { tenantId: tenant.id, actionId: action.id };
    const key = keyOf(address);
    this.#agreed.set(key, { over: action.code, text });
    try {
      const meant = await this.sendPending(tenant, address, text);
      if (meant === undefined) {
        return undefined;
      }
      // The answer to a PATCH may be older than its build.
      const api = await tenant.api();
      const saved = await api.getAction(action.id);
      this.#reader.noticed(tenant, saved);
      if (saved.code !== meant) {
        // Nobody has agreed to deploy this.
        throw new UserError(vscode.l10n.t('The draft of {0} in {1} was changed while it was being deployed. Nothing was deployed: look at the draft and deploy again.', short(action.name), tenant.name));
      }
      return saved;
    } finally {
      this.#agreed.delete(key);
    }
  }

  /**
   * Saves the pending text as Ctrl+S would, with the questions that takes. Resolves to what was saved, or to nothing where
   * it was not, and that was told.
   * @throws what the save failed with where the text was kept here.
   */
  async sendPending(tenant: TenantRef, address: Pick<DocumentAddress, 'tenantId' | 'actionId'>, text: string): Promise<string | undefined> {
    const key = keyOf(address);
    const dirty = openDrafts().find(({ document, of }) => keyOf(of) === key && document.isDirty);
    if (dirty !== undefined && (!(await dirty.document.save()) || dirty.document.isDirty)) {
      return undefined;
    }
    // VS Code may have formatted it.
    const meant = dirty?.document.getText() ?? text;
    // VS Code may be saving it by itself just now. Ours joins that, and the text is only kept here.
    if (dirty !== undefined && this.#book.kept(key) === undefined) {
      return meant;
    }
    const outcome = await this.save(address, tenant, meant);
    if (outcome.kind === 'failed' || outcome.kind === 'unconfirmed') {
      throw outcome.error;
    }
    return outcome.kind === 'saved' ? meant : undefined;
  }

  /** Gives up the text that is here for what the tenant has. Undo brings back what was in an editor. Rejects as the reader does. */
  async takeTheirs(tenant: TenantRef, actionId: string): Promise<void> {
    const address = { tenantId: tenant.id, actionId };
    const key = keyOf(address);
    this.#reader.stale(address);
    const action = await this.#reader.draft(address);
    for (const { document } of openDrafts().filter(({ document: one, of }) => keyOf(of) === key && one.isDirty)) {
      const edit = new vscode.WorkspaceEdit();
      edit.replace(document.uri, document.validateRange(new vscode.Range(0, 0, document.lineCount, 0)), action.code);
      await vscode.workspace.applyEdit(edit);
      await this.#book.seen(key, action.code);
      await document.save();
    }
    await this.#book.dropped(key, action);
    this.#follow(address);
    this.changed.fire(address);
  }

  /** Shows what the tenant has beside what is edited here. The next save replaces exactly that. */
  async compareWithTenant(tenant: TenantRef, action: Action): Promise<void> {
    await this.#book.seen(keyOf({ tenantId: tenant.id, actionId: action.id }), action.code);
    await this.#questions.compare(tenant, action);
  }

  /** An action was read somewhere: its open draft follows, unless it is being edited. */
  noticed(tenantId: string, action: Action): void {
    const address = { tenantId, actionId: action.id };
    const key = keyOf(address);
    const isDirty = openDrafts().some(({ document, of }) => keyOf(of) === key && document.isDirty);
    if (this.#book.noticed(key, action, timeOf(action.updatedAt), isDirty)) {
      this.#follow(address);
    }
  }

  /** The draft was changed by what the person did here, such as a roll back: the next edit begins from it. */
  async own(tenant: TenantRef, actionId: string): Promise<void> {
    const address = { tenantId: tenant.id, actionId };
    this.#reader.stale(address);
    const action = await this.#reader.draft(address);
    if ((await this.pending(address)) !== undefined) {
      await this.#book.seen(keyOf(address), action.code);
    }
  }

  /** VS Code reads the draft's documents again, but for those that are dirty. */
  #follow({ tenantId, actionId }: Pick<DocumentAddress, 'tenantId' | 'actionId'>): void {
    const open = openDrafts().filter(({ of }) => of.tenantId === tenantId && of.actionId === actionId).map(({ document }) => document.uri);
    const uris = open.length > 0 ? open : [draftUri(tenantId, actionId, this.#state.catalog(tenantId).action(actionId)?.name ?? actionId)];
    this.#files.fire(uris.map(uri => ({ type: vscode.FileChangeType.Changed, uri })));
  }

  #didSave(document: vscode.TextDocument): void {
    const address = draftOf(document.uri);
    const theirs = this.#afterSave.get(document.uri.toString());
    this.#afterSave.delete(document.uri.toString());
    if (this.#byHand.delete(document.uri.toString()) && address !== undefined) {
      this.savedByHand.fire({ ...address, uri: document.uri });
    }
    if (address !== undefined && theirs !== undefined) {
      this.#book.dropped(keyOf(address), theirs).then(() => {
        this.#follow(address);
        this.changed.fire(address);
      }).catch(this.#onError);
    }
  }

  #noticeDirty(document: vscode.TextDocument): void {
    const address = draftOf(document.uri);
    if (address === undefined || this.#dirty.has(document.uri.toString()) === document.isDirty) {
      return;
    }
    const key = keyOf(address);
    if (document.isDirty) {
      this.#dirty.add(document.uri.toString());
      // A text that was restored after a restart: what it began from is on the shelf.
      this.#book.known(key).then(() => this.#book.edited(key)).catch(this.#onError);
    } else {
      this.#dirty.delete(document.uri.toString());
      this.#book.clean(key).then(elsewhere => {
        if (elsewhere !== undefined) {
          this.noticed(address.tenantId, elsewhere);
        }
      }).catch(this.#onError);
    }
    this.changed.fire(address);
  }

  #closed(document: vscode.TextDocument): void {
    const address = draftOf(document.uri);
    this.#dirty.delete(document.uri.toString());
    if (address !== undefined && !openDrafts().some(({ of }) => keyOf(of) === keyOf(address))) {
      this.#book.clean(keyOf(address)).then(() => {
        if (!openDrafts().some(({ of }) => keyOf(of) === keyOf(address))) {
          this.#book.closed(keyOf(address));
        }
      }).catch(this.#onError);
    }
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
    this.changed.clear();
    this.savedByHand.clear();
  }
}

/** The open documents that are the code of a draft. */
export function openDrafts(): readonly { readonly document: vscode.TextDocument; readonly of: DocumentAddress }[] {
  return vscode.workspace.textDocuments.flatMap(document => {
    const of = draftOf(document.uri);
    return of === undefined || document.isClosed ? [] : [{ document, of }];
  });
}

function draftOf(uri: vscode.Uri): DocumentAddress | undefined {
  const address = uri.scheme === DRAFT_SCHEME ? readUri(uri) : undefined;
  return address?.part === 'code' ? address : undefined;
}

function isOpen(uri: vscode.Uri): boolean {
  return vscode.workspace.textDocuments.some(document => document.uri.toString() === uri.toString() && !document.isClosed);
}

/** What VS Code shows beside "Failed to save". */
function problem(text: string): vscode.FileSystemError {
  return vscode.FileSystemError.Unavailable(withoutLinks(text));
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw error instanceof TypeError ? problem(vscode.l10n.t('The text is not UTF-8, which is what the service takes. Choose that encoding in the status bar and save again.')) : error;
  }
}
