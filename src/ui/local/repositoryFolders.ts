/** Folders of this workspace that hold a configuration of auth0-deploy-cli, and their files as `actions/local` sees them. */
import * as vscode from 'vscode';
import { CONFIG_FILE, LARGEST_CONFIG, readMappings } from '../../actions/local/config.ts';
import type { Mappings } from '../../actions/local/config.ts';
import { ACTIONS_FOLDER } from '../../actions/local/exported.ts';
import type { Entry, RepositoryFiles } from '../../actions/local/files.ts';
import { TENANT_FILE } from '../../actions/local/repository.ts';
import { UserError } from '../errorWords.ts';
import { choose, noTenant } from '../messages.ts';
import { Dismissed } from '../run.ts';
import { short, withoutIcons } from '../texts.ts';
import { isPlain } from './filePaths.ts';

/** Descriptions that are looked at to find the folders they are in, and folders that are offered. */
const MOST_FOUND = 2000;
const MOST_OFFERED = 50;
/** Folders between a configuration and the `config.json` above it. */
const HIGHEST = 10;

/** The files of a folder. Links are told apart, and nothing is read or written through one. */
export function filesOf(folder: vscode.Uri): RepositoryFiles {
  const at = (path: string): vscode.Uri => vscode.Uri.joinPath(folder, ...path.split('/'));
  return {
    look: async path => {
      try {
        const { type, size } = await vscode.workspace.fs.stat(at(path));
        return { kind: kindOf(type), size };
      } catch {
        return undefined;
      }
    },
    list: async path => {
      try {
        return (await vscode.workspace.fs.readDirectory(at(path))).map(([name, type]) => ({ name, kind: kindOf(type) }));
      } catch {
        return [];
      }
    },
    read: async path => decoded(await vscode.workspace.fs.readFile(at(path))),
    write: async (path, text) => vscode.workspace.fs.writeFile(at(path), new TextEncoder().encode(text)),
  };
}

function kindOf(type: vscode.FileType): Entry['kind'] {
  if ((type & vscode.FileType.SymbolicLink) !== 0) {
    return 'link';
  }
  return type === vscode.FileType.File ? 'file' : type === vscode.FileType.Directory ? 'folder' : 'other';
}

/** A text with its byte order mark, if any; nothing where the bytes are no UTF-8. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The mappings of the nearest `config.json` that has some, in the folder or above it within the workspace; none otherwise. */
export async function mappingsFor(folder: vscode.Uri): Promise<Mappings> {
  const top = vscode.workspace.getWorkspaceFolder(folder)?.uri.path ?? folder.path;
  let place = folder;
  for (let step = 0; step < HIGHEST; step += 1) {
    const files = filesOf(place);
    const entry = await files.look(CONFIG_FILE);
    const text = entry?.kind === 'file' && entry.size <= LARGEST_CONFIG ? await files.read(CONFIG_FILE) : undefined;
    const mappings = text === undefined ? undefined : readMappings(text);
    if (mappings !== undefined || place.path.length <= top.length) {
      return mappings ?? new Map();
    }
    place = vscode.Uri.joinPath(place, '..');
  }
  return new Map();
}

/** The folder that a caller names, or that an item of the Explorer stands for: `actions` and `tenant.yaml` are in it. */
export function folderNamed(argument: unknown): vscode.Uri | undefined {
  const uri = argument instanceof vscode.Uri ? argument : typeof argument === 'string' ? (argument.includes('://') ? vscode.Uri.parse(argument) : vscode.Uri.file(argument)) : undefined;
  const name = uri?.path.replace(/\/+$/u, '').split('/').at(-1);
  return uri === undefined || (name !== ACTIONS_FOLDER && name !== TENANT_FILE) ? uri : vscode.Uri.joinPath(uri, '..');
}

/** @throws UserError for a folder that lies in the workspace, and behind a link: that may lead out of it. */
export async function refuseLinked(folder: vscode.Uri): Promise<void> {
  if (!(await isPlainFolder(folder))) {
    throw new UserError(vscode.l10n.t('{0} is a symbolic link, or lies in a folder that is one. Its content may come from anywhere, so it is neither sent to a tenant nor written.', folderWords(folder)));
  }
}

/** True for a folder outside of the workspace too: a person has chosen it as it is. */
async function isPlainFolder(uri: vscode.Uri): Promise<boolean> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  return folder === undefined || isPlain({ folder, uri });
}

/** Folders of the workspace with a configuration, in all its roots. What lies behind a link is none. */
export async function repositoryFolders(): Promise<readonly vscode.Uri[]> {
  const found = await vscode.workspace.findFiles(`**/{${TENANT_FILE},${ACTIONS_FOLDER}/*.json}`, '**/node_modules/**', MOST_FOUND);
  const folders = found.map(uri => (uri.path.endsWith(`/${TENANT_FILE}`) ? vscode.Uri.joinPath(uri, '..') : vscode.Uri.joinPath(uri, '..', '..')));
  const unique = [...new Map(folders.map(uri => [uri.toString(), uri])).values()].filter(uri => vscode.workspace.getWorkspaceFolder(uri) !== undefined);
  const plain = await Promise.all(unique.map(isPlainFolder));
  return unique.filter((_, index) => plain[index] === true).sort((a, b) => (a.path < b.path ? -1 : 1)).slice(0, MOST_OFFERED);
}

interface FolderItem extends vscode.QuickPickItem {
  /** Absent for a folder that is yet to be chosen. */
  readonly uri?: vscode.Uri;
}

/** The folder to pull into: one with a configuration, one of the workspace's, or another one. @throws Dismissed */
export async function folderToPullInto(question: string): Promise<vscode.Uri> {
  const [found, roots] = [await repositoryFolders(), (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri)];
  const others = roots.filter(root => !found.some(uri => uri.toString() === root.toString()));
  const items: FolderItem[] = [
    ...found.map(uri => ({ label: folderLabel(uri), description: vscode.l10n.t('holds actions'), uri })),
    ...others.map(uri => ({ label: folderLabel(uri), uri })),
    { label: vscode.l10n.t('Other Folder…'), alwaysShow: true },
  ];
  const choice = await choose<FolderItem>(noTenant, items, question);
  if (choice === undefined) {
    throw new Dismissed();
  }
  const [picked] = choice.uri === undefined ? (await vscode.window.showOpenDialog({ title: question, openLabel: vscode.l10n.t('Pull into This Folder'), canSelectFiles: false, canSelectFolders: true, canSelectMany: false })) ?? [] : [choice.uri];
  if (picked === undefined) {
    throw new Dismissed();
  }
  return picked;
}

/** The folder to push from: the only one with a configuration, or the one that is picked. @throws UserError where there is none; Dismissed */
export async function folderToPushFrom(question: string): Promise<vscode.Uri> {
  const found = await repositoryFolders();
  const [only, second] = found;
  if (only === undefined) {
    throw new UserError(vscode.l10n.t('No folder of this workspace holds actions: there is neither actions/<name>.json nor tenant.yaml. Pull a tenant into a folder first.'));
  }
  const choice = second === undefined ? { uri: only } : await choose(noTenant, found.map(uri => ({ label: folderLabel(uri), uri })), question);
  if (choice === undefined) {
    throw new Dismissed();
  }
  return choice.uri;
}

function folderLabel(uri: vscode.Uri): string {
  return `$(folder) ${withoutIcons(folderWords(uri))}`;
}

/** A folder as a person knows it: from the workspace's folder on, whose name comes first where there are several. */
export function folderWords(uri: vscode.Uri): string {
  const root = vscode.workspace.getWorkspaceFolder(uri);
  return short(root === undefined ? uri.fsPath : root.uri.toString() === uri.toString() ? root.name : vscode.workspace.asRelativePath(uri));
}
