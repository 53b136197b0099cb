/**
 * The problems of actions on the files of the workspace that are their code: which file shows what is wrong with an
 * action, and which open files are checked as the code of which one. It causes no request.
 */
import * as vscode from 'vscode';
import type { Parts } from '../commands/parts.ts';
import { Disposables } from '../disposables.ts';
import type { DescribedAction } from '../language/localFacts.ts';
import { isLocal } from '../localFiles.ts';
import type { DraftFacts } from '../problems/checkFacts.ts';
import type { FileOwner } from '../problems/checkProblems.ts';
import type { ProblemFiles } from '../problems/problemsPublisher.ts';
import { pathIn } from './linkedFiles.ts';
import type { Linked } from './linkedFiles.ts';
import type { Local } from './local.ts';
import { contentOf } from './fileContent.ts';
import { sameCode } from './localFile.ts';

/** Milliseconds that a list of all linked files serves: several failed deployments end at once. */
const REMEMBERED = 2000;
/** Dependencies of a description that the registry is asked for: the service takes ten, and anybody may have written more. */
const MOST_ASKED = 30;

export class FileProblems implements ProblemFiles, vscode.Disposable {
  readonly #parts: Pick<Parts, 'checks' | 'problems' | 'state' | 'log'>;
  readonly #local: Pick<Local, 'linked'>;
  readonly #disposables = new Disposables();
  /** Address of an open file → the latest look at it, and what that found, as text. */
  readonly #looks = new Map<string, { readonly look: number; readonly owner: string }>();
  #look = 0;
  #all: { readonly at: number; readonly files: Promise<readonly Linked[]> } | undefined;

  constructor(parts: Pick<Parts, 'checks' | 'problems' | 'state' | 'log'>, local: Pick<Local, 'linked'>) {
    this.#parts = parts;
    this.#local = local;
    const { state, problems } = parts;
    const lookAtAll = (): void => vscode.workspace.textDocuments.forEach(document => this.#lookAt(document));
    const linksChanged = (): void => {
      this.#all = undefined;
      problems.useFiles(this);
      lookAtAll();
    };
    this.#disposables.add(vscode.workspace.onDidOpenTextDocument(document => this.#lookAt(document)));
    this.#disposables.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#looks.delete(uri.toString())));
    // What is on disk now may be what a draft holds.
    this.#disposables.add(vscode.workspace.onDidSaveTextDocument(({ uri }) => (isLocal(uri) && this.#looks.has(uri.toString()) ? problems.useFiles(this) : undefined)));
    this.#disposables.add(vscode.workspace.onDidGrantWorkspaceTrust(lookAtAll));
    this.#disposables.undo(local.linked.changed.on(linksChanged));
    this.#disposables.undo(state.registry.changed.on(lookAtAll));
    this.#disposables.undo(state.catalogChanged.on(({ change }) => (change.kind === 'list' ? lookAtAll() : undefined)));
    linksChanged();
  }

  /** Of several files that hold the code, the first: by the order of the workspace's folders, then by path. */
  async holding(tenantId: string, actionName: string, code: string, before: vscode.Uri | undefined): Promise<vscode.Uri | undefined> {
    try {
      const now = performance.now();
      this.#all = this.#all !== undefined && now - this.#all.at < REMEMBERED ? this.#all : { at: now, files: this.#local.linked.all() };
      const files = (await this.#all.files).filter(one => one.name === actionName && this.#local.linked.tenantId(one.folder) === tenantId)
        .sort((a, b) => a.folder.index - b.folder.index || (pathIn(a.folder, a.uri) < pathIn(b.folder, b.uri) ? -1 : 1));
      const same = await Promise.all(files.map(async file => file.uri.toString() === before?.toString() || await holds(file, code)));
      return (files.find(({ uri }) => uri.toString() === before?.toString()) ?? files.find((_, index) => same[index]))?.uri;
    } catch (error) {
      this.#parts.log.error('problems', error);
      return undefined;
    }
  }

  /** Has an open script checked as the code of its action. */
  #lookAt(document: vscode.TextDocument): void {
    const { uri } = document;
    if (!isLocal(uri) || document.languageId !== 'javascript') {
      return;
    }
    const address = uri.toString();
    const look = this.#look += 1;
    this.#looks.set(address, { look, owner: this.#looks.get(address)?.owner ?? '' });
    this.#ownerOf(uri).then(owner => {
      const before = this.#looks.get(address);
      const text = owner === undefined ? '' : JSON.stringify([owner.draft?.tenant.id, owner.draft?.actionId, owner.facts, owner.asksRegistry]);
      if (before?.look === look && before.owner !== text && !document.isClosed) {
        this.#looks.set(address, { look, owner: text });
        this.#parts.checks.file(uri, owner);
      }
    }).catch((error: unknown) => this.#parts.log.error('checks', error));
  }

  /** The tenant's action where that was read, else what the repository says of it. */
  async #ownerOf(uri: vscode.Uri): Promise<FileOwner | undefined> {
    const linked = await this.#local.linked.of(uri);
    const tenantId = linked === undefined ? undefined : this.#local.linked.tenantId(linked.folder);
    const { state } = this.#parts;
    const tenant = tenantId === undefined ? undefined : state.registry.find(tenantId);
    const action = tenant === undefined ? undefined : state.catalog(tenant.id).list().items.find(one => one.name === linked?.name);
    if (tenant !== undefined && action !== undefined) {
      return { draft: { tenant, actionId: action.id }, facts: action, asksRegistry: true };
    }
    // Its names may come from anybody: they are asked for only where the person trusts the workspace.
    return linked?.described === undefined ? undefined : { facts: factsOf(linked.described), asksRegistry: vscode.workspace.isTrusted && linked.described.dependencies.length <= MOST_ASKED };
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

async function holds(file: Linked, code: string): Promise<boolean> {
  try {
    const content = await contentOf(file);
    // A mark may stand for several lines, and then lines would be wrong.
    return sameCode(content.code, code) && content.text.split('\n').length === content.code.split('\n').length;
  } catch {
    // A link, or no text: nothing that can be the code of an action.
    return false;
  }
}

/** What is known without the tenant. Of modules a description says nothing that could be relied on. */
function factsOf({ runtime, triggers, dependencies, secrets }: DescribedAction): DraftFacts {
  return {
    ...(runtime === undefined ? {} : { runtime }),
    triggers,
    dependencies: dependencies.map(({ name, version = '' }) => ({ name, version })),
    secrets: secrets.map(name => ({ name })),
    status: 'pending',
  };
}
