/**
 * Documents about runs, under a scheme of their own: the event that a test of an action sends, which can be edited and
 * is kept on this machine, and what came of runs, which is only read and gone with the window.
 *
 * `auth0-actions-run://<tenant>/<action id>/event/<action>.event.json` and `…/events/<name>.event.json`, `…/test/<action>.test.txt`,
 * `…/run/<log id>/<action>.run.txt` and `…/compare/<where>/<action>.run.txt`.
 */
import * as vscode from 'vscode';
import { FixedFiles } from '../documents/fixedFiles.ts';
import { keyOf, nameOf } from '../documents/shelf.ts';
import { fileName } from '../uris.ts';

export const RUN_SCHEME = 'auth0-actions-run';

/** A place in a text that leads somewhere. Lines and columns count from 0; the end is exclusive. */
export interface RunLink {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly target: vscode.Uri;
}

export interface RunText {
  readonly text: string;
  readonly links: readonly RunLink[];
}

interface Shown extends RunText {
  readonly mtime: number;
}

const EVENT_FILE = '.event.json';

/** Results that are remembered; whoever looks at older ones has them in an editor. */
const KEPT = 50;

export interface RunAddress {
  readonly tenantId: string;
  readonly actionId: string;
}

/** The event of Test Action, which has no name of its own: that of the action is for people. */
export function eventUri({ tenantId, actionId }: RunAddress, name: string): vscode.Uri {
  return vscode.Uri.from({ scheme: RUN_SCHEME, authority: tenantId, path: `/${fileName(actionId)}/event/${fileName(name)}.event.json` });
}

/** One of the events that have a name. */
export function namedEventUri({ tenantId, actionId }: RunAddress, name: string): vscode.Uri {
  return vscode.Uri.from({ scheme: RUN_SCHEME, authority: tenantId, path: `/${fileName(actionId)}/events/${fileName(name)}${EVENT_FILE}` });
}

/** What a comparison shows on one side. */
export function comparedUri({ tenantId, actionId }: RunAddress, name: string, where: 'local' | 'tenant'): vscode.Uri {
  return vscode.Uri.from({ scheme: RUN_SCHEME, authority: tenantId, path: `/${fileName(actionId)}/compare/${where}/${fileName(name)}.run.txt` });
}

/** What came of the latest test of an action, or, with the id of a log entry, of a run. */
export function resultUri({ tenantId, actionId }: RunAddress, name: string, logId?: string): vscode.Uri {
  return vscode.Uri.from({ scheme: RUN_SCHEME, authority: tenantId, path: `/${fileName(actionId)}/${logId === undefined ? `test/${fileName(name)}.test.txt` : `run/${fileName(logId)}/${fileName(name)}.run.txt`}` });
}

/** What came of the latest run of a document on this machine: beside the documents of its action, or for a file of the workspace, under no tenant. */
export function localResultUri(subject: vscode.Uri, draft: RunAddress | undefined, name: string): vscode.Uri {
  const file = `local/${fileName(name)}.local.txt`;
  return vscode.Uri.from({ scheme: RUN_SCHEME, authority: draft?.tenantId ?? '', path: `/${draft === undefined ? vscode.workspace.asRelativePath(subject, true) : fileName(draft.actionId)}/${file}` });
}

/** The action that a document about runs belongs to, and for one of several events its name; nothing for any other document. */
export function readRunUri(uri: vscode.Uri): (RunAddress & { readonly isEvent: boolean; readonly event?: string }) | undefined {
  const [, actionId = '', what, file = '', ...rest] = uri.path.split('/');
  if (uri.scheme !== RUN_SCHEME || uri.authority === '' || actionId === '') {
    return undefined;
  }
  const name = file.slice(0, -EVENT_FILE.length);
  const isNamed = what === 'events' && rest.length === 0 && file.endsWith(EVENT_FILE) && fileName(name) === name;
  return { tenantId: uri.authority, actionId, isEvent: what === 'event' || isNamed, ...(isNamed ? { event: name } : {}) };
}

export class RunDocuments extends FixedFiles implements vscode.FileSystemProvider, vscode.DocumentLinkProvider, vscode.Disposable {
  readonly #folder: vscode.Uri;
  readonly #shown = new Map<string, Shown>();
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;

  /** @param folder The extension's global storage, which only this extension uses. */
  constructor(folder: vscode.Uri) {
    super();
    this.#folder = vscode.Uri.joinPath(folder, 'events');
  }

  /** Makes a result known under its address; an editor that shows an older one follows. */
  show(uri: vscode.Uri, result: RunText): void {
    const key = uri.toString();
    this.#shown.delete(key);
    this.#shown.set(key, { ...result, mtime: Date.now() });
    const oldest = this.#shown.keys().next().value;
    if (this.#shown.size > KEPT && oldest !== undefined) {
      this.#shown.delete(oldest);
    }
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  /** The event of Test Action, or one with a name, as it is kept for an action; nothing where there is none. */
  async event(address: RunAddress & { readonly event?: string }): Promise<string | undefined> {
    const bytes = await orNothing(vscode.workspace.fs.readFile(this.#file(address)));
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  }

  /** Which events are kept for an action: the one of Test Action, and the names of the others, sorted. */
  async events(address: RunAddress): Promise<{ readonly ofTestAction: boolean; readonly names: readonly string[] }> {
    const [file, entries] = await Promise.all([orNothing(vscode.workspace.fs.stat(this.#file(address))), orNothing(vscode.workspace.fs.readDirectory(this.#named(address)))]);
    return { ofTestAction: file !== undefined, names: (entries ?? []).flatMap(([name]) => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : [])).sort() };
  }

  /** The actions that have events kept for them. */
  async kept(): Promise<readonly RunAddress[]> {
    const entries = await orNothing(vscode.workspace.fs.readDirectory(this.#folder)) ?? [];
    return [...new Set(entries.map(([name]) => name.replace(/\.json$/u, '')))].flatMap(name => {
      const key = keyOf(name);
      const cut = key.lastIndexOf('/');
      return cut < 1 ? [] : [{ tenantId: key.slice(0, cut), actionId: key.slice(cut + 1) }];
    });
  }

  /** Keeps an event for an action; `uri` is the document that shows it. */
  async keep(uri: vscode.Uri, address: RunAddress & { readonly event?: string }, text: string): Promise<void> {
    await this.#write(address, new TextEncoder().encode(text));
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const address = readRunUri(uri);
    if (address?.isEvent === true) {
      const { ctime, mtime, size } = await vscode.workspace.fs.stat(this.#file(address));
      return { type: vscode.FileType.File, ctime, mtime, size };
    }
    const { text, mtime } = this.#result(uri);
    return { type: vscode.FileType.File, ctime: mtime, mtime, size: new TextEncoder().encode(text).byteLength, permissions: vscode.FilePermission.Readonly };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const address = readRunUri(uri);
    return address?.isEvent === true ? vscode.workspace.fs.readFile(this.#file(address)) : new TextEncoder().encode(this.#result(uri).text);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const address = readRunUri(uri);
    if (address?.isEvent !== true) {
      throw vscode.FileSystemError.NoPermissions(uri);
    }
    await this.#write(address, content);
  }

  provideDocumentLinks({ uri }: vscode.TextDocument): vscode.DocumentLink[] {
    return (this.#shown.get(uri.toString())?.links ?? []).map(({ line, start, end, target }) => new vscode.DocumentLink(new vscode.Range(line, start, line, end), target));
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #result(uri: vscode.Uri): Shown {
    const shown = this.#shown.get(uri.toString());
    if (shown === undefined) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    return shown;
  }

  /** Deletes one of the events that have a name. */
  override async delete(uri: vscode.Uri): Promise<void> {
    const address = readRunUri(uri);
    if (address?.event === undefined) {
      throw vscode.FileSystemError.NoPermissions(uri);
    }
    await vscode.workspace.fs.delete(this.#file(address));
    this.#changed.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
  }

  #named({ tenantId, actionId }: RunAddress): vscode.Uri {
    return vscode.Uri.joinPath(this.#folder, nameOf(`${tenantId}/${actionId}`));
  }

  #file(address: RunAddress & { readonly event?: string }): vscode.Uri {
    const named = this.#named(address);
    return address.event === undefined ? named.with({ path: `${named.path}.json` }) : vscode.Uri.joinPath(named, `${address.event}.json`);
  }

  async #write(address: RunAddress & { readonly event?: string }, content: Uint8Array): Promise<void> {
    await vscode.workspace.fs.createDirectory(address.event === undefined ? this.#folder : this.#named(address));
    await vscode.workspace.fs.writeFile(this.#file(address), content);
  }
}

/** What is read, or nothing where there is no such file. */
async function orNothing<T>(reading: Thenable<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') {
      return undefined;
    }
    throw error;
  }
}
