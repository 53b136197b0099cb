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
import { DRAFT_SCHEME, draftUri, readUri, savedUri } from '../uris.ts';
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
  /** Draft -> the code of the draft, and the text to put in its place, that a person has agreed to already; none once VS Code may have formatted it. */
  readonly #agreed = new Map<string, { readonly over: string; readonly text: string | undefined }>();
  /** Drafts whose text here is being given up: VS Code's save of it sends nothing. */
  readonly #givenUp = new Set<string>();
  /** Document -> what was taken of it, until VS Code has ended its save. */
  readonly #taken = new Map<string, string>();
  /** Documents that were typed in while they were saved. VS Code takes them for clean until the next change. */
  readonly #ahead = new Set<string>();
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
      vscode.workspace.onDidChangeTextDocument(event => this.#didChange(event)),
      vscode.workspace.onDidOpenTextDocument(document => this.#opened(document)),
      vscode.workspace.onDidCloseTextDocument(document => this.#closed(document)),
    ];
    openDrafts().forEach(({ document }) => this.#opened(document));
  }

  /** Time and size of a draft for VS Code, without a request where its editor is open. Rejects as the reader does. */
  async stat(uri: vscode.Uri, address: DocumentAddress): Promise<vscode.FileStat> {
    const { mtime, text } = await this.#known(uri, address, false);
    return { type: vscode.FileType.File, mtime, ctime: 0, size: new TextEncoder().encode(text).byteLength };
  }

  /** The text of a draft: what is kept here, or what the tenant has. */
  async read(uri: vscode.Uri, address: DocumentAddress): Promise<Uint8Array> {
    const { text } = await this.#known(uri, address, true);
    this.#book.given(keyOf(address));
    return new TextEncoder().encode(text);
  }

  async #known(uri: vscode.Uri, address: DocumentAddress, forText: boolean): Promise<{ readonly mtime: number; readonly text: string }> {
    const key = keyOf(address);
    if ((await this.#book.known(key)) === undefined && this.#dirtyOf(key) !== undefined) {
      // Restored, and nothing is remembered of it: what the tenant has now is not what it began from.
      await this.#book.edited(key);
    }
    const known = await this.#book.known(key);
    const isShown = isOpen(uri) || this.#dirtyOf(key) !== undefined;
    if (known !== undefined && (this.#book.kept(key) !== undefined || (isShown && (!forText || this.#book.base(key) !== undefined)))) {
      return known;
    }
    const action = await this.#reader.draft(address);
    return this.#book.read(key, action, timeOf(action.updatedAt));
  }

  /**
   * Takes what VS Code saves. Resolves when the service holds it, or when it is kept here.
   * @throws FileSystemError that says what happened; the document then stays dirty.
   */
  async write(uri: vscode.Uri, address: DocumentAddress, tenant: TenantRef, bytes: Uint8Array): Promise<void> {
    const document = uri.toString();
    const reason = this.#reasons.get(document);
    // What is left over where a write was no editor's, so that no save has ended it.
    for (const left of [this.#reasons, this.#byHand, this.#afterSave, this.#taken]) {
      left.delete(document);
    }
    const text = textOf(bytes);
    if (!this.#givenUp.has(keyOf(address))) {
      await this.#take(uri, address, tenant, text, reason);
    }
    if (isOpen(uri)) {
      this.#taken.set(document, text);
      this.#ahead.delete(document);
    }
  }

  async #take(uri: vscode.Uri, address: DocumentAddress, tenant: TenantRef, text: string, reason: vscode.TextDocumentSaveReason | undefined): Promise<void> {
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
    if (openDrafts().some(({ document, of }) => keyOf(of) === key && document.uri.toString() !== uri.toString() && this.#isDirty(document))) {
      throw problem(vscode.l10n.t('This draft is being edited in another tab too, under another name. Save or revert that one first.'));
    }
    if (text === this.#book.base(key) && this.#book.kept(key) === undefined && this.#book.expected(key).every(code => code === text)) {
      // Nothing was edited, and nothing that was sent may have arrived: there is nothing to send, and whatever is new there is shown.
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
    const isAgreed = (action: Action): boolean => agreed?.over === action.code && (agreed.text ?? text) === text;
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
    const dirty = this.#dirtyOf(key);
    if (dirty !== undefined) {
      return { text: dirty.getText(), kept: false };
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
   * @throws UserError where the text was changed while it was saved, and what the save failed with where it was kept here.
   */
  async sendPending(tenant: TenantRef, address: Pick<DocumentAddress, 'tenantId' | 'actionId'>, text: string): Promise<string | undefined> {
    const key = keyOf(address);
    const dirty = this.#dirtyOf(key);
    if (dirty !== undefined && !(await this.#saveDocument(dirty, tenant, address))) {
      return undefined;
    }
    // VS Code may have formatted it.
    const meant = dirty?.getText() ?? text;
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

  /** True where the document is clean afterwards. */
  async #saveDocument(document: vscode.TextDocument, tenant: TenantRef, address: Pick<DocumentAddress, 'tenantId' | 'actionId'>): Promise<boolean> {
    const key = keyOf(address);
    const agreed = this.#agreed.get(key);
    if (agreed?.text === document.getText()) {
      // What VS Code makes of it while it saves is agreed to as well.
      this.#agreed.set(key, { over: agreed.over, text: undefined });
    }
    const ended: vscode.TextDocument[] = [];
    const listener = vscode.workspace.onDidSaveTextDocument(one => ended.push(one));
    let saved: boolean;
    try {
      saved = await document.save();
    } finally {
      listener.dispose();
    }
    if (ended.includes(document) && this.#isDirty(document)) {
      const name = this.#state.catalog(tenant.id).action(address.actionId)?.name ?? address.actionId;
      throw new UserError(vscode.l10n.t('The draft of {0} in {1} was changed here while it was being saved. Nothing more was done: do that again.', short(name), tenant.name));
    }
    return saved && !this.#isDirty(document);
  }

  /** Gives up the text that is here for what the tenant has. Undo brings back what was in an editor. Rejects as the reader does. */
  async takeTheirs(tenant: TenantRef, actionId: string): Promise<void> {
    const address = { tenantId: tenant.id, actionId };
    const key = keyOf(address);
    this.#reader.stale(address);
    const action = await this.#reader.draft(address);
    this.#givenUp.add(key);
    try {
      for (const { document } of openDrafts().filter(({ document: one, of }) => keyOf(of) === key && this.#isDirty(one))) {
        const edit = new vscode.WorkspaceEdit();
        edit.replace(document.uri, document.validateRange(new vscode.Range(0, 0, document.lineCount, 0)), action.code);
        await vscode.workspace.applyEdit(edit);
        await this.#book.seen(key, action.code);
        await document.save();
      }
    } finally {
      this.#givenUp.delete(key);
    }
    await this.#book.dropped(key, action);
    this.#follow(address);
    this.changed.fire(address);
  }

  /** Shows what the tenant has beside what is edited here. The next save replaces exactly that. */
  async compareWithTenant(tenant: TenantRef, action: Action): Promise<void> {
    const address = { tenantId: tenant.id, actionId: action.id };
    // A comparison that is open already shows an older one, and VS Code does not open it anew.
    const theirs = savedUri(tenant.id, action.id, action.name);
    this.#reader.put(address, action);
    this.#files.fire([{ type: vscode.FileChangeType.Changed, uri: theirs }]);
    await vscode.workspace.openTextDocument(theirs);
    await this.#questions.compare(tenant, action);
    await this.#book.seen(keyOf(address), action.code);
  }

  /** An action was read somewhere: its open draft follows, unless it is being edited. */
  noticed(tenantId: string, action: Action): void {
    const address = { tenantId, actionId: action.id };
    const key = keyOf(address);
    if (this.#book.noticed(key, action, timeOf(action.updatedAt), this.#dirtyOf(key) !== undefined)) {
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
    const uri = document.uri.toString();
    const theirs = this.#afterSave.get(uri);
    this.#afterSave.delete(uri);
    const isAhead = this.#isDirty(document);
    this.#taken.delete(uri);
    if (isAhead && address !== undefined) {
      this.#ahead.add(uri);
      // What is typed on began from what was just saved.
      this.#book.edited(keyOf(address)).catch(this.#onError);
    } else {
      this.#noticeDirty(document);
    }
    // What has changed since is not what the person has saved.
    if (this.#byHand.delete(uri) && address !== undefined && !isAhead) {
      this.savedByHand.fire({ ...address, uri: document.uri });
    }
    if (address !== undefined && theirs !== undefined) {
      this.#book.dropped(keyOf(address), theirs).then(() => {
        this.#follow(address);
        this.changed.fire(address);
      }).catch(this.#onError);
    }
  }

  /** Whether a document holds text that was not saved, also where VS Code does not tell yet. */
  #isDirty(document: vscode.TextDocument): boolean {
    const taken = this.#taken.get(document.uri.toString());
    return document.isDirty || this.#ahead.has(document.uri.toString()) || (taken !== undefined && taken !== textOf(new TextEncoder().encode(document.getText())));
  }

  /** The draft's open document that holds text that was not saved. */
  #dirtyOf(key: string): vscode.TextDocument | undefined {
    return openDrafts().find(({ document, of }) => keyOf(of) === key && this.#isDirty(document))?.document;
  }

  #didChange({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (contentChanges.length > 0) {
      this.#ahead.delete(document.uri.toString());
      if (!document.isDirty) {
        // It follows.
        this.#taken.delete(document.uri.toString());
      }
    }
    this.#noticeDirty(document);
  }

  /** VS Code restores an edit without reading the file, and a kept text takes no request: what the tenant has is read beside them. */
  #opened(document: vscode.TextDocument): void {
    this.#noticeDirty(document);
    const address = draftOf(document.uri);
    if (address !== undefined && this.#state.registry.find(address.tenantId) !== undefined) {
      const key = keyOf(address);
      this.#book.known(key).then(() => (this.#isDirty(document) || this.#book.kept(key) !== undefined ? this.#reader.draft(address) : undefined)).catch(this.#onError);
    }
  }

  #noticeDirty(document: vscode.TextDocument): void {
    const address = draftOf(document.uri);
    const isDirty = this.#isDirty(document);
    if (address === undefined || this.#dirty.has(document.uri.toString()) === isDirty) {
      return;
    }
    const key = keyOf(address);
    if (isDirty) {
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
    for (const left of [this.#dirty, this.#ahead, this.#taken]) {
      left.delete(document.uri.toString());
    }
    if (address !== undefined && !openDrafts().some(({ of }) => keyOf(of) === keyOf(address))) {
      // The next opening reads it anew, however soon it comes.
      this.#reader.stale(address);
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
