/** The items of the Test Explorer: actions, and their events below. Made where they are asked for, or where their code is in an editor. */
import * as vscode from 'vscode';
import type { Parts } from '../commands/parts.ts';
import { Disposables } from '../disposables.ts';
import { withoutIcons } from '../texts.ts';
import { readUri } from '../uris.ts';
import { readRunUri } from './runDocuments.ts';
import { SAMPLE, draftSubject, eventLabel, eventsOf, fileSubject, folderOf, openDocument, subjectOf } from './subjects.ts';
import type { KeptEvent, Subject } from './subjects.ts';

/** The handler of an action, whatever comes before it. */
const HANDLER = /\bon(?:Execute|Continue)[A-Z]\w*/u;
/** Lines that are searched for it. */
const MOST_LINES = 5000;

export class TestTree {
  readonly #parts: Parts;
  readonly #controller: vscode.TestController;
  readonly #disposables = new Disposables();
  readonly #subjects = new WeakMap<vscode.TestItem, Subject>();
  readonly #events = new WeakMap<vscode.TestItem, KeptEvent>();
  /** Actions whose events were asked for. */
  readonly #resolved = new Set<string>();
  /** Of an action, which look at its events is shown. */
  readonly #shownLook = new Map<string, number>();
  #looks = 0;
  #watching = false;

  constructor(parts: Parts, controller: vscode.TestController) {
    this.#parts = parts;
    this.#controller = controller;
    this.#disposables.add(parts.runs.onDidChangeFile(changes => changes.forEach(({ uri }) => this.#run(async () => {
      const address = readRunUri(uri);
      if (address?.isEvent === true && parts.state.registry.find(address.tenantId) !== undefined) {
        await this.#refill(await draftSubject(parts, address));
      }
    }))));
    this.#disposables.add(vscode.workspace.onDidSaveTextDocument(document => this.#mark(document)));
    // A file may belong to an action of a tenant that is only read now.
    this.#disposables.undo(parts.state.catalogChanged.on(({ change }) => (change.kind === 'list' && this.#watching ? this.#run(async () => (await this.#files()).forEach(subject => this.#item(subject))) : undefined)));
    this.#disposables.undo(parts.state.registry.changed.on(({ removed }) => {
      controller.items.forEach(item => {
        if (removed !== undefined && this.#subjects.get(item)?.draft?.tenantId === removed) {
          controller.items.delete(item.id);
        }
      });
    }));
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  /** What an item stands for: an action, or one of its events. */
  of(item: vscode.TestItem): { readonly subject: Subject; readonly event?: KeptEvent } | undefined {
    const event = this.#events.get(item);
    const subject = this.#subjects.get(item) ?? (item.parent === undefined ? undefined : this.#subjects.get(item.parent));
    return subject === undefined ? undefined : { subject, ...(event === undefined ? {} : { event }) };
  }

  /** Fills in what is below an item, or all actions. */
  async resolve(item: vscode.TestItem | undefined): Promise<void> {
    const subject = item === undefined ? undefined : this.#subjects.get(item);
    if (subject !== undefined) {
      await this.#refill(subject);
    } else if (item === undefined) {
      await this.refresh();
    }
  }

  /** Looks for all actions anew: the workspace's scripts, drafts that have events, and what is in an editor. */
  async refresh(): Promise<void> {
    this.#watch();
    // What is found first is shown first: a search of files may take its time, or fail.
    const found = await Promise.all([this.#files(), this.#drafts(), this.#shown()].map(async finding => {
      try {
        const subjects = await finding;
        subjects.forEach(subject => this.#item(subject));
        return subjects;
      } catch (error) {
        this.#parts.log.error('find tests', error);
        return undefined;
      }
    }));
    const subjects = new Map(found.flatMap(group => group ?? []).map(subject => [subject.key, subject]));
    this.#controller.items.forEach(item => {
      if (!subjects.has(item.id) && !found.includes(undefined)) {
        this.#controller.items.delete(item.id);
      }
    });
    for (const subject of subjects.values()) {
      if (this.#resolved.has(subject.key)) {
        await this.#refill(subject);
      }
    }
  }

  /** An editor shows a document: the code of an action gets its marks. */
  async show(document: vscode.TextDocument): Promise<void> {
    const subject = await this.#subjectOfCode(document);
    if (subject !== undefined) {
      this.#item(subject);
      // Until the view is looked at nobody else asks for them.
      await this.#refill(subject);
    }
  }

  async #files(): Promise<readonly Subject[]> {
    const { local } = await this.#parts.local.get();
    const found = await Promise.all((await local.linked.all()).map(({ uri }) => fileSubject(this.#parts, uri)));
    return found.filter(subject => subject !== undefined);
  }

  async #drafts(): Promise<readonly Subject[]> {
    const { registry } = this.#parts.state;
    const kept = (await this.#parts.runs.kept()).filter(({ tenantId }) => registry.find(tenantId) !== undefined);
    // A draft that cannot be read now is left out, and found by the next look.
    const found = await Promise.all(kept.map(address => draftSubject(this.#parts, address).catch(() => undefined)));
    return found.filter(subject => subject !== undefined);
  }

  async #shown(): Promise<readonly Subject[]> {
    const found = await Promise.all(vscode.window.visibleTextEditors.map(({ document }) => this.#subjectOfCode(document).catch(() => undefined)));
    return found.filter(subject => subject !== undefined);
  }

  async #subjectOfCode(document: vscode.TextDocument): Promise<Subject | undefined> {
    const address = readUri(document.uri);
    const isCode = address === undefined ? document.languageId === 'javascript' && vscode.workspace.getWorkspaceFolder(document.uri) !== undefined : address.version === undefined && address.part === 'code' && address.saved !== true && this.#parts.state.registry.find(address.tenantId) !== undefined;
    return isCode ? (await subjectOf(this.#parts, document.uri))?.subject : undefined;
  }

  /** The item of an action, made where it is not there yet. */
  #item(subject: Subject): vscode.TestItem {
    let item = this.#controller.items.get(subject.key);
    if (item?.uri?.toString() !== subject.uri.toString()) {
      item = this.#controller.createTestItem(subject.key, withoutIcons(subject.name), subject.uri);
      item.canResolveChildren = true;
      this.#controller.items.add(item);
    }
    item.label = withoutIcons(subject.name);
    item.description = withoutIcons(subject.draft === undefined ? vscode.workspace.asRelativePath(subject.uri) : this.#parts.state.registry.find(subject.draft.tenantId)?.name ?? subject.draft.tenantId);
    this.#subjects.set(item, subject);
    const open = openDocument(subject.uri);
    if (open !== undefined) {
      this.#mark(open);
    }
    return item;
  }

  /** The events below an action; a sample where there is none. */
  async #refill(subject: Subject): Promise<void> {
    const item = this.#item(subject);
    this.#looks += 1;
    const look = this.#looks;
    const events = await eventsOf(this.#parts, subject);
    this.#resolved.add(subject.key);
    if (look < (this.#shownLook.get(subject.key) ?? 0)) {
      // It has not seen what came meanwhile.
      return;
    }
    this.#shownLook.set(subject.key, look);
    item.children.replace((events.length === 0 ? [SAMPLE] : events).map(event => {
      const id = `${subject.key} ${event.key}`;
      const child = item.children.get(id) ?? this.#controller.createTestItem(id, eventLabel(event), event.uri);
      // The marks beside the first line of its file.
      child.range = event.uri === undefined ? undefined : new vscode.Range(0, 0, 0, 0);
      this.#events.set(child, event);
      return child;
    }));
  }

  /** Puts the marks of an action beside its handler. */
  #mark(document: vscode.TextDocument): void {
    this.#controller.items.forEach(item => {
      if (item.uri?.toString() === document.uri.toString()) {
        for (let line = 0; line < Math.min(document.lineCount, MOST_LINES); line += 1) {
          if (HANDLER.test(document.lineAt(line).text)) {
            item.range = document.lineAt(line).range;
            return;
          }
        }
      }
    });
  }

  /** Follows events that come and go, from the first look at the tests on. */
  #watch(): void {
    if (this.#watching) {
      return;
    }
    this.#watching = true;
    const watcher = this.#disposables.add(vscode.workspace.createFileSystemWatcher('**/events/**/*.json', false, true, false));
    const changed = (uri: vscode.Uri): void => this.#run(async () => {
      const folder = vscode.Uri.joinPath(uri, '..').toString();
      const subjects: Subject[] = [];
      this.#controller.items.forEach(item => {
        const subject = this.#subjects.get(item);
        if (subject !== undefined && folderOf(subject)?.toString() === folder) {
          subjects.push(subject);
        }
      });
      await Promise.all(subjects.map(subject => this.#refill(subject)));
    });
    this.#disposables.add(watcher.onDidCreate(changed));
    this.#disposables.add(watcher.onDidDelete(changed));
  }

  #run(work: () => Promise<void>): void {
    work().catch((error: unknown) => this.#parts.log.error('tests', error));
  }
}
