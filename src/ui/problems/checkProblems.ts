/**
 * Checks drafts, and files of the workspace that are the code of actions, while they are edited, and puts what it finds
 * into the Problems panel: some time after the last change, for documents that are open and for drafts whose build
 * failed. Nothing here waits in anybody's way.
 */
import * as vscode from 'vscode';
import type { Finding } from '../../actions/checks/check.ts';
import type { Catalog } from '../../actions/catalog.ts';
import { plainLines } from '../../actions/content.ts';
import type { PackageRegistry } from '../../actions/packages.ts';
import type { Action } from '../../auth0/api.ts';
import { Emitter } from '../../auth0/emitter.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import type { AppState } from '../appState.ts';
import { documentationOf, findingWords } from '../checkWords.ts';
import { Disposables } from '../disposables.ts';
import type { Log } from '../log.ts';
import { DRAFT_SCHEME, draftUri, readUri } from '../uris.ts';
import { inputOf, lookUp } from './checkFacts.ts';
import type { DraftFacts, LoadChecks, Looked } from './checkFacts.ts';
import { besides, mayBeSaidTwice } from './otherErrors.ts';

/** After the last change of a text. */
const QUIET_MS = 400;
/** For a question before a deploy, somebody waits. */
const DEADLINE_MS = 1500;
/** VS Code's own message for the same mistake may come later than ours: ours waits, so that it need not be taken back. */
const GRACE_MS = 1500;
/** A registry that answers later than this is asked again with the next reading of the draft. */
const LOOK_UP_MS = 30_000;

const SEVERITIES = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  // VS Code leaves its own hints out of the Problems panel, where nobody would see them.
  hint: vscode.DiagnosticSeverity.Information,
} as const;

interface Text {
  readonly uri: vscode.Uri;
  readonly code: string;
  /** Of the document; absent where it is not open. */
  readonly version?: number;
}

/** The action that a file is the code of. */
export interface FileOwner {
  /** The tenant's action; absent where only the repository says something. */
  readonly draft?: DraftName;
  readonly facts: DraftFacts;
  /** Whether the registry is asked for the dependencies. */
  readonly asksRegistry: boolean;
}

interface DraftName {
  readonly tenant: TenantRef;
  readonly actionId: string;
}

interface Draft {
  /** Absent for a file that has no tenant. */
  readonly name?: DraftName;
  facts: DraftFacts;
  asksRegistry: boolean;
  looked: Looked;
  /** What was looked up last, as text: only a change is looked up again. */
  lookedFor: string;
  /** The code of a draft that failed to build, which is checked although nobody has it open. */
  failed?: Text;
  timer?: NodeJS.Timeout;
  /** Says the rest, at the end of the grace. */
  later?: NodeJS.Timeout;
  /** Counts the runs: only the latest one says anything. */
  run: number;
}

interface Shown {
  readonly draft: Draft;
  /** Of the document when it was checked; absent where it is not open. */
  readonly version?: number;
  readonly findings: readonly Finding[];
  /** From when on (milliseconds since the epoch) it says what VS Code may say as well. */
  readonly sayAllFrom: number;
}

export class CheckProblems implements vscode.Disposable {
  /** A draft that failed to build was checked: names of the dependencies that the registry does not have. */
  readonly explained = new Emitter<{ readonly tenantId: string; readonly actionId: string; readonly missing: ReadonlySet<string> }>();
  readonly #collection = vscode.languages.createDiagnosticCollection('auth0-checks');
  readonly #state: AppState;
  readonly #log: Log;
  readonly #loadChecks: LoadChecks;
  readonly #registry: PackageRegistry | undefined;
  readonly #drafts = new Map<string, Draft>();
  /** Address of a file that is open → the key of what it belongs to. */
  readonly #files = new Map<string, string>();
  /** What each document shows, by its address. */
  readonly #shown = new Map<string, Shown>();
  /** What VS Code was given last, so that its own event changes nothing. */
  readonly #published = new Map<string, readonly Finding[]>();
  readonly #disposables = new Disposables();

  constructor(state: AppState, log: Log, loadChecks: LoadChecks, registry?: PackageRegistry) {
    this.#state = state;
    this.#log = log;
    this.#loadChecks = loadChecks;
    this.#registry = registry;
    this.#disposables.add(this.#collection);
    this.#disposables.add(vscode.workspace.onDidOpenTextDocument(document => this.#documentChanged(document, 0)));
    this.#disposables.add(vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => contentChanges.length > 0 && this.#documentChanged(document, QUIET_MS)));
    this.#disposables.add(vscode.workspace.onDidCloseTextDocument(document => this.#documentClosed(document)));
    this.#disposables.add(vscode.languages.onDidChangeDiagnostics(({ uris }) => uris.forEach(uri => this.#publish(uri))));
    this.#disposables.undo(state.catalogChanged.on(({ tenant, change }) => this.#catalogChanged(tenant, change.kind === 'action' ? change.actionId : undefined)));
  }

  /** A draft was read: what it consists of beside its code is known anew. `place`: where the problems of its build are, if not on its document. */
  draft(tenant: TenantRef, action: Action, place = draftUri(tenant.id, action.id, action.name)): void {
    const key = keyOf(tenant.id, action.id);
    const draft = this.#draft(key, { draft: { tenant, actionId: action.id }, facts: action, asksRegistry: true });
    if (action.status === 'failed') {
      draft.failed = { code: action.code, uri: place };
    }
    // The code is with the documents.
    const { code: _code, ...facts } = action;
    this.#facts(key, draft, facts, true);
  }

  /** The problems of a failed build are there now. */
  failedAt(tenantId: string, actionId: string, place: vscode.Uri): void {
    const key = keyOf(tenantId, actionId);
    const draft = this.#drafts.get(key);
    if (draft?.failed !== undefined && draft.failed.uri.toString() !== place.toString()) {
      draft.failed = { ...draft.failed, uri: place };
      this.#schedule(key, draft, 0);
    }
  }

  /** A file of the workspace that is open is the code of an action; without an owner, of none that something is known of. */
  file(uri: vscode.Uri, owner?: FileOwner): void {
    const address = uri.toString();
    const before = this.#files.get(address);
    const key = owner === undefined ? undefined : owner.draft === undefined ? `file ${address}` : keyOf(owner.draft.tenant.id, owner.draft.actionId);
    if (key === undefined || owner === undefined) {
      this.#files.delete(address);
    } else {
      this.#files.set(address, key);
      const draft = this.#draft(key, owner);
      draft.asksRegistry = owner.asksRegistry;
      this.#facts(key, draft, owner.facts);
    }
    if (before !== undefined && before !== key) {
      this.#left(before);
    }
  }

  /** The tenant's action that a document is the code of. */
  actionOf({ uri }: vscode.TextDocument): DraftName | undefined {
    return this.#drafts.get(this.#keyOf(uri) ?? '')?.name;
  }

  /** The build of a draft is no failure any more: its findings stay only while somebody has it open. */
  draftIsFine(tenantId: string, actionId: string): void {
    const key = keyOf(tenantId, actionId);
    const draft = this.#drafts.get(key);
    if (draft?.failed !== undefined) {
      delete draft.failed;
      this.#schedule(key, draft, 0);
    }
  }

  /** Takes away everything of a tenant. */
  forget(tenantId: string): void {
    for (const [key, draft] of this.#drafts) {
      if (draft.name?.tenant.id === tenantId) {
        this.#forget(key, draft);
      }
    }
  }

  /**
   * Everything the checks say of an action, for the question before a deploy. What the registry does not answer soon is
   * left out, and the tenant is asked nothing. Never rejects: checks must not stand in the way of a deploy.
   */
  async findingsFor(tenant: TenantRef, action: Omit<Action, 'code'>, code: string): Promise<readonly Finding[]> {
    const stop = new AbortController();
    const deadline = setTimeout(() => stop.abort(), DEADLINE_MS);
    try {
      const catalog = this.#state.catalog(tenant.id);
      const [looked, { runChecks }] = await Promise.all([lookUp(undefined, this.#registry, action.dependencies, stop.signal), this.#loadChecks()]);
      const { tenantTriggers } = this.#drafts.get(keyOf(tenant.id, action.id))?.looked ?? {};
      return runChecks(inputOf(action, code, { ...looked, ...(tenantTriggers === undefined ? {} : { tenantTriggers }) }, catalog));
    } catch (error) {
      this.#log.error('checks', error);
      return [];
    } finally {
      clearTimeout(deadline);
    }
  }

  /** What a document shows and was found in the text it has now. */
  findingsIn(document: vscode.TextDocument): readonly Finding[] {
    const shown = this.#shown.get(document.uri.toString());
    return shown?.version === document.version ? this.#published.get(document.uri.toString()) ?? [] : [];
  }

  #draft(key: string, { draft: name, facts, asksRegistry }: FileOwner): Draft {
    const draft: Draft = this.#drafts.get(key) ?? { ...(name === undefined ? {} : { name }), facts, asksRegistry, looked: { packages: new Map() }, lookedFor: '', run: 0 };
    this.#drafts.set(key, draft);
    return draft;
  }

  #documentChanged(document: vscode.TextDocument, quiet: number): void {
    const key = this.#keyOf(document.uri);
    const draft = key === undefined ? undefined : this.#drafts.get(key);
    if (key !== undefined && draft !== undefined) {
      this.#schedule(key, draft, quiet);
    }
  }

  #documentClosed({ uri }: vscode.TextDocument): void {
    const key = this.#keyOf(uri);
    this.#files.delete(uri.toString());
    if (key !== undefined) {
      this.#left(key);
    }
  }

  /** One document less belongs to this. */
  #left(key: string): void {
    const draft = this.#drafts.get(key);
    if (draft?.failed === undefined && this.#openDocuments(key).length === 0) {
      this.#forget(key, draft);
    } else if (draft !== undefined) {
      this.#schedule(key, draft, 0);
    }
  }

  #forget(key: string, draft: Draft | undefined): void {
    if (draft !== undefined) {
      this.#stop(draft);
      draft.run += 1;
      this.#drafts.delete(key);
      this.#hide(draft, []);
    }
  }

  /** Settings of an action were changed, here or elsewhere. */
  #catalogChanged(tenant: TenantRef, actionId: string | undefined): void {
    for (const [key, draft] of this.#drafts) {
      if (draft.name?.tenant.id === tenant.id && (actionId === undefined || actionId === draft.name.actionId)) {
        const action = this.#state.catalog(tenant.id).action(draft.name.actionId);
        if (action !== undefined) {
          this.#facts(key, draft, action);
        }
      }
    }
  }

  /** `anew`: what did not answer before is asked again. */
  #facts(key: string, draft: Draft, facts: DraftFacts, anew = false): void {
    draft.facts = facts;
    this.#schedule(key, draft, 0);
    const wanted = JSON.stringify([facts.dependencies, draft.asksRegistry]);
    const lacks = draft.looked.tenantTriggers === undefined || (this.#registry !== undefined && facts.dependencies.some(one => !draft.looked.packages.has(one.name)));
    if (wanted !== draft.lookedFor || (anew && lacks)) {
      draft.lookedFor = wanted;
      void this.#lookUp(key, draft, wanted);
    }
  }

  async #lookUp(key: string, draft: Draft, wanted: string): Promise<void> {
    const stop = new AbortController();
    const deadline = setTimeout(() => stop.abort(), LOOK_UP_MS);
    try {
      const looked = await lookUp(this.#catalogOf(draft), draft.asksRegistry ? this.#registry : undefined, draft.facts.dependencies, stop.signal);
      if (draft.lookedFor === wanted && this.#drafts.get(key) === draft) {
        draft.looked = looked;
        this.#schedule(key, draft, 0);
      }
    } catch (error) {
      this.#log.error('checks', error);
    } finally {
      clearTimeout(deadline);
    }
  }

  #schedule(key: string, draft: Draft, quiet: number): void {
    clearTimeout(draft.timer);
    draft.run += 1;
    const { run } = draft;
    draft.timer = setTimeout(() => {
      this.#check(key, draft, run).catch((error: unknown) => this.#log.error('checks', error));
    }, quiet);
  }

  async #check(key: string, draft: Draft, run: number): Promise<void> {
    if (draft.failed === undefined && this.#openDocuments(key).length === 0) {
      this.#hide(draft, []);
      return;
    }
    const { runChecks } = await this.#loadChecks();
    if (draft.run !== run || (draft.name !== undefined && this.#state.registry.find(draft.name.tenant.id) === undefined)) {
      return;
    }
    const catalog = this.#catalogOf(draft);
    const texts: readonly Text[] = once(this.#openDocuments(key)).map(document => ({ uri: document.uri, code: document.getText(), version: document.version }));
    const all = texts.length === 0 && draft.failed !== undefined ? [draft.failed] : texts;
    for (const text of all) {
      const findings = runChecks(inputOf(draft.facts, text.code, draft.looked, catalog, text.uri.scheme !== DRAFT_SCHEME));
      // Of a draft that nobody looks at, only what matters.
      const shown = text.version === undefined ? findings.filter(one => one.severity !== 'hint') : findings;
      const grace = text.version === undefined ? 0 : GRACE_MS;
      this.#shown.set(text.uri.toString(), { draft, findings: shown, sayAllFrom: Date.now() + grace, ...(text.version === undefined ? {} : { version: text.version }) });
      this.#publish(text.uri);
      if (draft.failed !== undefined && draft.name !== undefined) {
        const missing = new Set(findings.flatMap(one => (one.code === 'dependency-not-found' || one.code === 'dependency-version-not-found' ? [one.name] : [])));
        this.explained.fire({ tenantId: draft.name.tenant.id, actionId: draft.name.actionId, missing });
      }
    }
    this.#hide(draft, all.map(one => one.uri));
    clearTimeout(draft.later);
    draft.later = setTimeout(() => all.forEach(({ uri }) => this.#publish(uri)), GRACE_MS + 1);
  }

  /** Shows what is to be shown beside what VS Code itself says of the document. */
  #publish(uri: vscode.Uri): void {
    const address = uri.toString();
    const shown = this.#shown.get(address);
    if (shown === undefined) {
      return;
    }
    const before = this.#published.get(address);
    // What stands there already does not come and go while somebody types.
    const sayAll = Date.now() >= shown.sayAllFrom || before?.some(mayBeSaidTwice) === true;
    const findings = besides(vscode.languages.getDiagnostics(uri), shown.findings).filter(one => sayAll || !mayBeSaidTwice(one));
    if (JSON.stringify(findings) !== JSON.stringify(before)) {
      this.#published.set(address, findings);
      this.#collection.set(uri, findings.map(diagnostic));
    }
  }

  /** Takes away what a draft shows, but for these documents. */
  #hide(draft: Draft, except: readonly vscode.Uri[]): void {
    const kept = new Set(except.map(uri => uri.toString()));
    for (const [address, shown] of this.#shown) {
      if (shown.draft === draft && !kept.has(address)) {
        this.#shown.delete(address);
        this.#published.delete(address);
        this.#collection.delete(vscode.Uri.parse(address, true));
      }
    }
  }

  #catalogOf({ name }: Draft): Catalog | undefined {
    return name === undefined ? undefined : this.#state.catalog(name.tenant.id);
  }

  /** What a document's code belongs to, if it is a draft's or an action's file. */
  #keyOf(uri: vscode.Uri): string | undefined {
    return draftKey(uri) ?? this.#files.get(uri.toString());
  }

  /** The open documents of a draft's code: its files, and more than one of its own where it was renamed meanwhile. */
  #openDocuments(key: string): readonly vscode.TextDocument[] {
    return vscode.workspace.textDocuments.filter(document => !document.isClosed && this.#keyOf(document.uri) === key);
  }

  #stop(draft: Draft): void {
    clearTimeout(draft.timer);
    clearTimeout(draft.later);
  }

  dispose(): void {
    for (const draft of this.#drafts.values()) {
      this.#stop(draft);
    }
    this.#disposables.dispose();
    this.explained.clear();
  }
}

function diagnostic(finding: Finding): vscode.Diagnostic {
  const result = new vscode.Diagnostic(rangeOf(finding.range), findingWords(finding), SEVERITIES[finding.severity]);
  result.source = 'auth0';
  result.code = { value: finding.code, target: vscode.Uri.parse(documentationOf(finding.code), true) };
  if (finding.code === 'dependency-deprecated' || finding.code === 'runtime-deprecated' || finding.code === 'trigger-deprecated') {
    result.tags = finding.range.end > finding.range.start ? [vscode.DiagnosticTag.Deprecated] : [];
  }
  return result;
}

/** As VS Code has it. */
export function rangeOf({ line, start, end, endLine = line }: Finding['range']): vscode.Range {
  return new vscode.Range(line, start, endLine, end);
}

/** Documents without those of a draft that a file holds the same as: what is wrong there is said there. */
function once(documents: readonly vscode.TextDocument[]): readonly vscode.TextDocument[] {
  const files = new Set(documents.filter(({ uri }) => uri.scheme !== DRAFT_SCHEME).map(one => plainLines(one.getText())));
  return files.size === 0 ? documents : documents.filter(one => one.uri.scheme !== DRAFT_SCHEME || !files.has(plainLines(one.getText())));
}

function draftKey(uri: vscode.Uri): string | undefined {
  const address = uri.scheme === DRAFT_SCHEME ? readUri(uri) : undefined;
  return address?.part === 'code' ? keyOf(address.tenantId, address.actionId) : undefined;
}

function keyOf(tenantId: string, actionId: string): string {
  return `${tenantId}/${actionId}`;
}
