/**
 * Documents about runs, under a scheme of their own: the event that a test of an action sends, which can be edited and
 * is kept on this machine, and what came of runs, which is only read and gone with the window.
 *
 * `auth0-actions-run://<tenant>/<action id>/event/<name>.event.json`, `…/test/<name>.test.txt` and `…/run/<log id>/<name>.run.txt`.
 */
import * as vscode from 'vscode';
import { FixedFiles } from '../documents/fixedFiles.ts';
import { nameOf } from '../documents/shelf.ts';
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

/** Results that are remembered; whoever looks at older ones has them in an editor. */
const KEPT = 50;

export interface RunAddress {
  readonly tenantId: string;
  readonly actionId: string;
}

/** The event of an action's tests. */
export function eventUri({ tenantId, actionId }: RunAddress, name: string): vscode.Uri {
  return vscode.Uri.from({ scheme: RUN_SCHEME, authority: tenantId, path: `/${fileName(actionId)}/event/${fileName(name)}.event.json` });
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

/** The action that a document about runs belongs to; nothing for any other document. */
export function readRunUri(uri: vscode.Uri): (RunAddress & { readonly isEvent: boolean }) | undefined {
  const [, actionId = '', what] = uri.path.split('/');
  return uri.scheme === RUN_SCHEME && uri.authority !== '' && actionId !== '' ? { tenantId: uri.authority, actionId, isEvent: what === 'event' } : undefined;
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

  /** The event that is kept for an action; nothing where there is none. */
  async event(address: RunAddress): Promise<string | undefined> {
    try {
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(this.#file(address)));
    } catch (error) {
      if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') {
        return undefined;
      }
      throw error;
    }
  }

  /** Keeps an event for an action; `uri` is the document that shows it. */
  async keep(uri: vscode.Uri, address: RunAddress, text: string): Promise<void> {
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

  #file({ tenantId, actionId }: RunAddress): vscode.Uri {
    return vscode.Uri.joinPath(this.#folder, `${nameOf(`${tenantId}/${actionId}`)}.json`);
  }

  async #write(address: RunAddress, content: Uint8Array): Promise<void> {
    await vscode.workspace.fs.createDirectory(this.#folder);
    await vscode.workspace.fs.writeFile(this.#file(address), content);
  }
}
