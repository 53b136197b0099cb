/**
 * Which action a file of the workspace belongs to, as far as the repository says so itself. It reads descriptions, and
 * nothing else: no request, nothing outside of the workspace's folder. The entry of a bundle that is loaded for the first
 * question about a script of the workspace.
 */
import * as vscode from 'vscode';
import type { ActionFacts } from '../../actions/language/index.ts';
import { LARGEST_DESCRIPTION, LARGEST_TENANT_FILE, TYPES_FOLDER, descriptionBeside, isBeside, namesTypes, placesOf, readDescription, readTenantFile } from '../../actions/local/index.ts';
import type { LocalAction } from '../../actions/local/index.ts';

/** Files that describe actions. */
const DESCRIPTIONS = '**/{tenant.yaml,actions/*.json}';
/** Descriptions that are read in one folder, and answers that are remembered. */
const MOST_FILES = 300;
const MOST_KEPT = 1000;

export class LocalFacts implements vscode.Disposable {
  /** Kind and address → what was read. Dropped as a whole when a description changes. */
  readonly #read = new Map<string, Promise<unknown>>();
  readonly #subscriptions: vscode.Disposable[];

  constructor() {
    const watcher = vscode.workspace.createFileSystemWatcher(DESCRIPTIONS);
    const forget = (): void => this.#read.clear();
    this.#subscriptions = [watcher, watcher.onDidChange(forget), watcher.onDidCreate(forget), watcher.onDidDelete(forget), vscode.workspace.onDidChangeWorkspaceFolders(forget)];
  }

  /** What the code in a document belongs to; nothing where no description says so, or where the project's own types have the answers. */
  async of(document: vscode.TextDocument): Promise<ActionFacts | undefined> {
    const action = await this.action(document.uri);
    return action === undefined || await hasTypes(document) ? undefined : { triggers: action.triggers, secrets: action.secrets };
  }

  /** The action that the file belongs to; nothing for a file outside of the workspace. */
  action(uri: vscode.Uri): Promise<LocalAction | undefined> {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    return folder === undefined ? Promise.resolve(undefined) : this.#once(`action ${uri.toString()}`, () => this.#find(folder.uri, pathIn(folder.uri, uri)));
  }

  async #find(folder: vscode.Uri, file: string): Promise<LocalAction | undefined> {
    for (const { root, path } of placesOf(file)) {
      const at = (name: string): vscode.Uri => vscode.Uri.joinPath(folder, root, name);
      const beside = descriptionBeside(path);
      const action = beside === undefined ? undefined : await this.#description(at(beside));
      if (action !== undefined && isBeside(action, path)) {
        return action;
      }
      const found = [...await this.#tenantFile(at('tenant.yaml')), ...await this.#descriptions(at('actions'))].find(one => one.code === path);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }

  #description(uri: vscode.Uri): Promise<LocalAction | undefined> {
    return this.#once(`file ${uri.toString()}`, async () => readDescription(await textOf(uri, LARGEST_DESCRIPTION)));
  }

  #descriptions(folder: vscode.Uri): Promise<readonly LocalAction[]> {
    return this.#once(`folder ${folder.toString()}`, async () => {
      const names = (await entries(folder)).flatMap(([name, type]) => type === vscode.FileType.File && name.endsWith('.json') ? [name] : []);
      const found: LocalAction[] = [];
      for (const name of names.slice(0, MOST_FILES)) {
        const action = await this.#description(vscode.Uri.joinPath(folder, name));
        found.push(...(action === undefined ? [] : [action]));
      }
      return found;
    });
  }

  #tenantFile(uri: vscode.Uri): Promise<readonly LocalAction[]> {
    return this.#once(`file ${uri.toString()}`, async () => readTenantFile(await textOf(uri, LARGEST_TENANT_FILE)));
  }

  #once<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.#read.get(key);
    if (known !== undefined) {
      return known as Promise<T>;
    }
    if (this.#read.size >= MOST_KEPT) {
      this.#read.clear();
    }
    const reading = read();
    this.#read.set(key, reading);
    return reading;
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }
}

/** Whether VS Code's own TypeScript support has the project's types for this script. Not remembered: packages come and go unseen. */
async function hasTypes(document: vscode.TextDocument): Promise<boolean> {
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  if (folder === undefined || !namesTypes(document.getText())) {
    return false;
  }
  const found = await Promise.all(placesOf(pathIn(folder.uri, document.uri)).map(({ root }) => kindOf(vscode.Uri.joinPath(folder.uri, root, TYPES_FOLDER))));
  return found.some(kind => kind !== undefined && (kind & vscode.FileType.Directory) !== 0);
}

/** The path of a file below the workspace's folder. Both may be written with a different case, never with a different length. */
function pathIn(folder: vscode.Uri, file: vscode.Uri): string {
  return file.path.slice(folder.path.length).replace(/^\//u, '');
}

/** An empty text for what is no file, is too large or cannot be read. Links are not followed: they may lead out of the folder. */
async function textOf(uri: vscode.Uri, largest: number): Promise<string> {
  try {
    const { type, size } = await vscode.workspace.fs.stat(uri);
    return type === vscode.FileType.File && size <= largest ? new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)) : '';
  } catch {
    return '';
  }
}

async function entries(folder: vscode.Uri): Promise<[string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(folder);
  } catch {
    return [];
  }
}

async function kindOf(uri: vscode.Uri): Promise<vscode.FileType | undefined> {
  try {
    return (await vscode.workspace.fs.stat(uri)).type;
  } catch {
    return undefined;
  }
}
