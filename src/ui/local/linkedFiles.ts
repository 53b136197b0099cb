/**
 * Which files of the workspace belong to which action, and which tenant a workspace folder has. An action's name may
 * come from the repository; the tenant never does: a person chooses it, and it is kept outside of the workspace's files.
 */
import * as vscode from 'vscode';
import { resolveMarks } from '../../actions/local/marks.ts';
import { asObject, asText } from '../../auth0/json.ts';
import { Emitter } from '../../auth0/emitter.ts';
import { settings, settingsSection } from '../ids.ts';
import type { DescribedAction, LocalFacts } from '../language/localFacts.ts';
import { folderOf, pathIn } from './filePaths.ts';
import { mappingsFor } from './repositoryFolders.ts';

export { folderOf, isPlain, pathIn } from './filePaths.ts';

/** A file that belongs to an action. */
export interface Linked {
  readonly uri: vscode.Uri;
  readonly folder: vscode.WorkspaceFolder;
  /** The action's name. */
  readonly name: string;
  /** Who says so. */
  readonly by: 'person' | 'setting' | 'description';
  /** What the repository says of the action; its name may be another one. */
  readonly described?: DescribedAction;
  /** True where there is no such file any more. */
  readonly isGone?: true;
}

const LINKS_KEY = 'files.links';
const TENANTS_KEY = 'files.tenants';
/** Names of the service are shorter. */
const LONGEST_NAME = 300;
/** Entries of the setting that count: no tenant has as many actions. */
const MOST_SET = 1000;

export class LinkedFiles {
  /** A link or a folder's tenant has changed. */
  readonly changed = new Emitter<undefined>();
  readonly #facts: LocalFacts;
  readonly #memory: vscode.Memento;

  /** @param memory VS Code's memory of this workspace on this machine, which no file of the workspace can write. */
  constructor(facts: LocalFacts, memory: vscode.Memento) {
    this.#facts = facts;
    this.#memory = memory;
  }

  /** The action that a file belongs to: by what a person has chosen, else by the setting, else by what the repository says. Never rejects. */
  of(uri: vscode.Uri): Promise<Linked | undefined> {
    return this.#of(uri, namesInSetting);
  }

  async #of(uri: vscode.Uri, names: typeof namesInSetting): Promise<Linked | undefined> {
    const folder = folderOf(uri);
    const described = folder === undefined ? undefined : await this.#facts.action(uri);
    if (folder === undefined) {
      return undefined;
    }
    const common = { uri, folder, ...(described === undefined ? {} : { described }) };
    const chosen = asText(this.#links()[uri.toString()]);
    if (chosen !== undefined) {
      return { ...common, name: chosen, by: 'person' };
    }
    const set = names(folder).get(pathIn(folder, uri));
    if (set !== undefined) {
      return { ...common, name: set, by: 'setting' };
    }
    return described === undefined ? undefined : { ...common, name: await nameIn(described), by: 'description' };
  }

  /** All linked files of the workspace that exist. Never rejects. */
  async all(): Promise<readonly Linked[]> {
    return (await this.allWithGone()).filter(one => one.isGone !== true);
  }

  /** The same with those that a person or the setting names, and that are not there any more. */
  async allWithGone(): Promise<readonly Linked[]> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    // Read once for all files: there may be many of them.
    const names = new Map(folders.map(folder => [folder.uri.toString(), namesInSetting(folder)]));
    const namesOf: typeof namesInSetting = folder => names.get(folder.uri.toString()) ?? namesInSetting(folder);
    const found = await Promise.all(folders.map(async folder => {
      const described = (await this.#facts.all(folder)).map(({ uri }) => uri);
      const set = [...namesOf(folder).keys()].map(path => vscode.Uri.joinPath(folder.uri, path));
      return [...described, ...set];
    }));
    const uris = [...found.flat(), ...Object.keys(this.#links()).map(text => vscode.Uri.parse(text, true))];
    const linked = await Promise.all([...new Map(uris.map(uri => [uri.toString(), uri])).values()].map(async uri => {
      const [one, exists] = await Promise.all([this.#of(uri, namesOf), isFile(uri)]);
      return one === undefined || exists ? one : { ...one, isGone: true as const };
    }));
    return linked.filter(one => one !== undefined);
  }

  /** Files that belong to an action of this name in folders that have this tenant. */
  async filesOf(tenantId: string, name: string): Promise<readonly Linked[]> {
    return (await this.all()).filter(one => one.name === name && this.tenantId(one.folder) === tenantId);
  }

  async link(uri: vscode.Uri, name: string): Promise<void> {
    await this.#memory.update(LINKS_KEY, { ...this.#links(), [uri.toString()]: name });
    this.changed.fire(undefined);
  }

  /** Takes back what a person has chosen; what the setting or the repository says counts again. */
  async unlink(uri: vscode.Uri): Promise<void> {
    const { [uri.toString()]: _, ...rest } = this.#links();
    await this.#memory.update(LINKS_KEY, rest);
    this.changed.fire(undefined);
  }

  /** The id of the tenant that a person has chosen for a folder; it may not be connected. */
  tenantId(folder: vscode.WorkspaceFolder): string | undefined {
    return asText(asObject(this.#memory.get(TENANTS_KEY))[folder.uri.toString()]);
  }

  async setTenant(folder: vscode.WorkspaceFolder, tenantId: string): Promise<void> {
    await this.#memory.update(TENANTS_KEY, { ...asObject(this.#memory.get(TENANTS_KEY)), [folder.uri.toString()]: tenantId });
    this.changed.fire(undefined);
  }

  #links(): Readonly<Record<string, unknown>> {
    return asObject(this.#memory.get(LINKS_KEY));
  }
}

/** The action's name as a description has it, with marks replaced. */
async function nameIn({ name, description }: DescribedAction): Promise<string> {
  return /##|@@/u.test(name) ? resolveMarks(name, await mappingsFor(vscode.Uri.joinPath(description, description.path.endsWith('.yaml') ? '..' : '../..'))) : name;
}

/** Paths with `/` from the folder on, as the setting has them. One that leads out of the folder is none. */
function namesInSetting(folder: vscode.WorkspaceFolder): ReadonlyMap<string, string> {
  const value = vscode.workspace.getConfiguration(settingsSection, folder).get<unknown>(settings.files);
  return new Map(Object.entries(asObject(value)).slice(0, MOST_SET).flatMap(([path, name]) => {
    const text = asText(name)?.trim();
    const parts = path.replaceAll('\\', '/').split('/').filter(part => part !== '' && part !== '.');
    return text === undefined || text === '' || text.length > LONGEST_NAME || parts.length === 0 || parts.includes('..') ? [] : [[parts.join('/'), text] as const];
  }));
}

async function isFile(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.File) !== 0;
  } catch {
    return false;
  }
}
