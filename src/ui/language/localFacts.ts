/**
 * Which action a file of the workspace belongs to, as far as the repository says so itself. It reads descriptions, and
 * nothing else: no request, nothing outside of the workspace's folder. The entry of a bundle that is loaded for the first
 * question about a script of the workspace.
 */
import * as vscode from 'vscode';
import type { ActionFacts } from '../../actions/language/index.ts';
import { LARGEST_DESCRIPTION, LARGEST_TENANT_FILE, TYPES_FOLDER, descriptionBeside, folderBeside, isBeside, namesTypes, placesOf, placesOfCode, readDescription, readTenantFile } from '../../actions/local/index.ts';
import type { LocalAction } from '../../actions/local/index.ts';
import { pathIn } from '../local/filePaths.ts';

/** Descriptions that are read in one folder, and files and answers that are remembered. */
const MOST_FILES = 300;
const MOST_KEPT = 1000;
/** Milliseconds after which descriptions are looked at anew: a question for each key must not cost a look at the disk, which may be far away. */
const REMEMBERED = 2000;

/** An action as a file of the workspace describes it. */
export interface DescribedAction extends LocalAction {
  /** The file that says so. */
  readonly description: vscode.Uri;
}

/** A file, and the action that it belongs to. */
interface Belonging {
  readonly action: DescribedAction;
  /** False for another copy than the code that the description means, such as the live version's in an old export. */
  readonly isCode: boolean;
}

export class LocalFacts {
  /** Address of a script → its action, and when that was looked for. */
  readonly #answers = new Map<string, { readonly at: number; readonly found: Promise<Belonging | undefined> }>();
  /** Address of a description → what it says, and the state of the file that said so. */
  readonly #files = new Map<string, { readonly state: string; readonly actions: readonly DescribedAction[] }>();

  /** What the code in a document belongs to, by a description, else by `linked`; nothing where neither knows, or where the project's own types have the answers. */
  async of(document: vscode.TextDocument, linked?: (uri: vscode.Uri) => Promise<LocalAction | undefined>): Promise<ActionFacts | undefined> {
    const action = (await this.#belonging(document.uri))?.action ?? (await linked?.(document.uri));
    return action === undefined || await hasTypes(document) ? undefined : { triggers: action.triggers, secrets: action.secrets, besideFiles: true };
  }

  /** The action whose code the file is by what a repository says; nothing for a file outside of the workspace. Never rejects. */
  async action(uri: vscode.Uri): Promise<DescribedAction | undefined> {
    const found = await this.#belonging(uri);
    return found?.isCode === true ? found.action : undefined;
  }

  #belonging(uri: vscode.Uri): Promise<Belonging | undefined> {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    if (folder === undefined) {
      return Promise.resolve(undefined);
    }
    const now = performance.now();
    const known = this.#answers.get(uri.toString());
    return known !== undefined && now - known.at < REMEMBERED ? known.found : keep(this.#answers, uri, { at: now, found: this.#find(folder.uri, pathIn(folder, uri)) }).found;
  }

  /** Forgets what was looked for: something in the workspace has changed. */
  lookAgain(): void {
    this.#answers.clear();
  }

  /** The code files that the descriptions of a workspace folder name, each with its action. Never rejects. */
  async all(folder: vscode.WorkspaceFolder): Promise<readonly { readonly uri: vscode.Uri; readonly action: DescribedAction }[]> {
    const descriptions = await descriptionsBelow(folder);
    const found = await Promise.all(descriptions.map(async description => {
      const actions = await this.#actionsOf(description);
      const root = vscode.Uri.joinPath(description, description.path.endsWith('.yaml') ? '..' : '../..');
      return Promise.all(actions.flatMap(action => placesOfCode(action, folderBeside(pathIn({ uri: root }, description))).map(async path => {
        const uri = vscode.Uri.joinPath(root, path);
        // What a file belongs to is decided in one place alone.
        const own = (await kindOf(uri)) === vscode.FileType.File ? await this.action(uri) : undefined;
        return own?.description.toString() === description.toString() && own.name === action.name ? [{ uri, action: own }] : [];
      })));
    }));
    return [...new Map(found.flat(2).map(one => [one.uri.toString(), one])).values()];
  }

  /** Looks in all folders above the file at once. */
  async #find(folder: vscode.Uri, file: string): Promise<Belonging | undefined> {
    const found = await Promise.all(placesOf(file).map(({ root, path }) => this.#findIn(vscode.Uri.joinPath(folder, root), path)));
    return found.find(one => one !== undefined);
  }

  async #findIn(root: vscode.Uri, path: string): Promise<Belonging | undefined> {
    const beside = descriptionBeside(path);
    const [described] = beside === undefined ? [] : await this.#actionsOf(vscode.Uri.joinPath(root, beside));
    if (beside !== undefined && described !== undefined && isBeside(described, path)) {
      return { action: described, isCode: await isFirst(root, placesOfCode(described, folderBeside(beside)), path) };
    }
    const lists = await Promise.all([vscode.Uri.joinPath(root, 'tenant.yaml'), ...await descriptionsIn(vscode.Uri.joinPath(root, 'actions'))].map(uri => this.#actionsOf(uri)));
    const action = lists.flat().find(one => one.code === path);
    return action === undefined ? undefined : { action, isCode: true };
  }

  /** The actions that a file describes; none where it is no file, is too large or cannot be read. Links are not followed: they may lead out of the folder. */
  async #actionsOf(uri: vscode.Uri): Promise<readonly DescribedAction[]> {
    const isTenant = uri.path.endsWith('.yaml');
    try {
      const { type, size, mtime } = await vscode.workspace.fs.stat(uri);
      if (type !== vscode.FileType.File || size > (isTenant ? LARGEST_TENANT_FILE : LARGEST_DESCRIPTION)) {
        return [];
      }
      const state = `${mtime} ${size}`;
      const known = this.#files.get(uri.toString());
      // A file system without times says 0.
      if (known?.state === state && mtime !== 0) {
        return known.actions;
      }
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
      const actions = isTenant ? readTenantFile(text) : [readDescription(text)].filter(one => one !== undefined);
      return keep(this.#files, uri, { state, actions: actions.map(action => ({ ...action, description: uri })) }).actions;
    } catch {
      return [];
    }
  }
}

function keep<T>(known: Map<string, T>, uri: vscode.Uri, value: T): T {
  if (known.size >= MOST_KEPT) {
    known.clear();
  }
  known.set(uri.toString(), value);
  return value;
}

async function descriptionsBelow(folder: vscode.WorkspaceFolder): Promise<readonly vscode.Uri[]> {
  try {
    return await vscode.workspace.findFiles(new vscode.RelativePattern(folder, '**/{tenant.yaml,actions/*.json}'), '**/node_modules/**', MOST_FILES * 10);
  } catch {
    // Not everywhere VS Code can search: then those at the top, and in the folders there.
    const roots = [folder.uri, ...await entriesOf(folder.uri, vscode.FileType.Directory)].slice(0, MOST_FILES);
    return (await Promise.all(roots.map(async root => [vscode.Uri.joinPath(root, 'tenant.yaml'), ...await descriptionsIn(vscode.Uri.joinPath(root, 'actions'))]))).flat();
  }
}

async function descriptionsIn(folder: vscode.Uri): Promise<readonly vscode.Uri[]> {
  return (await entriesOf(folder, vscode.FileType.File)).filter(({ path }) => path.endsWith('.json')).slice(0, MOST_FILES);
}

/** What of one kind is in a folder; links are of another one. Nothing where it cannot be read. */
async function entriesOf(folder: vscode.Uri, kind: vscode.FileType): Promise<readonly vscode.Uri[]> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(folder);
    return entries.flatMap(([name, type]) => (type === kind ? [vscode.Uri.joinPath(folder, name)] : []));
  } catch {
    return [];
  }
}

/** Whether VS Code's own TypeScript support has the project's types for this script. Not remembered: packages come and go unseen. */
async function hasTypes(document: vscode.TextDocument): Promise<boolean> {
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  if (folder === undefined || !namesTypes(document.getText())) {
    return false;
  }
  const found = await Promise.all(placesOf(pathIn(folder, document.uri)).map(({ root }) => kindOf(vscode.Uri.joinPath(folder.uri, root, TYPES_FOLDER))));
  return found.some(kind => kind !== undefined && (kind & vscode.FileType.Directory) !== 0);
}

/** Whether a path is one of these, and nothing is at those before it. */
async function isFirst(root: vscode.Uri, places: readonly string[], path: string): Promise<boolean> {
  const before = await Promise.all(places.slice(0, Math.max(0, places.indexOf(path))).map(place => kindOf(vscode.Uri.joinPath(root, place))));
  return places.includes(path) && before.every(kind => kind === undefined);
}

async function kindOf(uri: vscode.Uri): Promise<vscode.FileType | undefined> {
  try {
    return (await vscode.workspace.fs.stat(uri)).type;
  } catch {
    return undefined;
  }
}
