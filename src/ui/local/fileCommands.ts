/** The commands on files of the workspace, but for deploying them. */
import * as vscode from 'vscode';
import { asText, isObject } from '../../auth0/json.ts';
import type { Action } from '../../auth0/api.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import type { Parts } from '../commands/parts.ts';
import { pickAction, refuseLostRow, targetOf, tenantNamed } from '../commands/targets.ts';
import { UserError, errorWords, isUserError } from '../errorWords.ts';
import { commands } from '../ids.ts';
import { ask, choose, flash, inform, noTenant, warn } from '../messages.ts';
import { Dismissed, isCancelled } from '../run.ts';
import type { About } from '../run.ts';
import { short, withoutIcons } from '../texts.ts';
import { isRow } from '../tree/rows.ts';
import { liveBeside } from './driftRows.ts';
import { fileMenu } from './fileMenu.ts';
import { folderOf, pathIn } from './linkedFiles.ts';
import type { Local, LocalTarget } from './local.ts';
import { contentOf, differenceFrom, draftLike, losesOwn } from './fileContent.ts';
import type { FileContent } from './fileContent.ts';
import { saveEditor } from './localFile.ts';
import { some } from './pullTenant.ts';

/** How long the status bar tells what was done. */
const SAID_MS = 5000;

export type FileCommand = 'push' | 'pull' | 'compareWithDraft' | 'compareWithLive' | 'reveal' | 'link' | 'unlink' | 'setTenant' | 'open' | 'menu' | 'refresh';

/** Does one of the commands with the files that its arguments name. Rejects with what is to be told. */
export async function fileCommand(parts: Parts, local: Local, about: About, command: FileCommand, args: readonly unknown[]): Promise<void> {
  switch (command) {
    case 'setTenant': return setTenant(parts, local, args);
    case 'open': return open(parts, local, args);
    case 'refresh': return local.refresh();
    default: break;
  }
  const uris = urisOf(args);
  if (uris.length > 1 && (command === 'push' || command === 'pull')) {
    return several(parts, local, command, uris);
  }
  for (const uri of uris) {
    if (command === 'link') {
      await link(parts, local, uri, args);
    } else if (command === 'unlink') {
      await unlink(local, uri);
    } else if (command === 'menu') {
      await fileMenu(local, uri);
    } else {
      await one(parts, local, about, command, uri);
    }
  }
}

/** Resolves to why it was not done, where an answer to a question says so. */
async function one(parts: Parts, local: Local, about: About, command: keyof typeof ONE, uri: vscode.Uri): Promise<string | undefined> {
  const target = await (command === 'push' ? local.target(uri) : local.target(uri, true, false));
  about.tenant = target.tenant;
  about.action = target.actionName;
  return ONE[command](parts, local, target);
}

/** One after another, each with its questions. What one of them ends with does not keep the others from being done. */
async function several(parts: Parts, local: Local, command: 'push' | 'pull', uris: readonly vscode.Uri[]): Promise<void> {
  const [done, left]: [string[], string[]] = [[], []];
  for (const uri of uris) {
    const folder = folderOf(uri);
    const path = short(folder === undefined ? uri.path : pathIn(folder, uri));
    const about: About = {};
    const reason = await one(parts, local, about, command, uri).catch((error: unknown) => {
      if (isCancelled(error)) {
        return vscode.l10n.t('not agreed to');
      }
      parts.log.error(`${command} ${path}`, error);
      return isUserError(error) ? error.message : errorWords(error, about.tenant?.name ?? '').title;
    });
    (reason === undefined ? done : left).push(reason === undefined ? path : `${path} (${reason})`);
  }
  const sentences = [
    ...(done.length === 0 ? [] : [command === 'push' ? vscode.l10n.t('Pushed to drafts, not deployed: {0}.', some(done)) : vscode.l10n.t('Pulled: {0}.', some(done))]),
    ...(left.length === 0 ? [] : [vscode.l10n.t('Left out: {0}', some(left))]),
  ];
  void (left.length === 0 ? inform : warn)(noTenant, sentences.join(' '));
}

/** The files that a command's arguments name: an Explorer's selection, `{ file }` from code, or the active editor. @throws UserError where there is none. */
export function urisOf(args: readonly unknown[]): readonly vscode.Uri[] {
  refuseLostRow(args);
  const [first, selected] = args;
  const named = isRow(first) && first.kind === 'file' ? first.uri : isObject(first) && first['file'] instanceof vscode.Uri ? first['file'] : first;
  if (named instanceof vscode.Uri) {
    return Array.isArray(selected) && selected.length > 1 && selected.every(one => one instanceof vscode.Uri) ? selected : [named];
  }
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active === undefined) {
    throw new UserError(vscode.l10n.t('No file is open. Open the file of an action, or choose it in the Explorer.'));
  }
  return [active];
}

const ONE: Readonly<Record<Exclude<FileCommand, 'link' | 'unlink' | 'setTenant' | 'open' | 'menu' | 'refresh'>, (parts: Parts, local: Local, target: LocalTarget) => Promise<string | undefined>>> = {
  push: async (parts, local, target) => {
    const outcome = await local.push(target);
    if (outcome.kind !== 'saved') {
      return outcome.kind === 'takeTheirs' ? vscode.l10n.t('holds what its draft does now') : vscode.l10n.t('not agreed to');
    }
    const name = short(target.actionName);
    tellSecrets(target, outcome.action).catch((error: unknown) => parts.log.error('secrets of a description', error));
    flash(target.tenant, 'check', outcome.sent ? vscode.l10n.t('{0} pushed to its draft in {1}, not deployed', name, target.tenant.name) : vscode.l10n.t('The draft of {0} in {1} holds the same already', name, target.tenant.name), SAID_MS);
    return undefined;
  },
  pull: async (parts, local, target) => {
    const { file, tenant } = target;
    const action = await read(parts, target);
    const [path, name] = [short(pathIn(file.folder, file.uri)), short(action.name)];
    const content = await contentOf(file);
    const { changes } = differenceFrom(content, action);
    if (changes.length === 0) {
      await local.remember(file, tenant, action, content);
      flash(tenant, 'check', vscode.l10n.t('{0} holds what the draft of {1} in {2} does', path, name, tenant.name), SAID_MS);
      return undefined;
    }
    await mayOverwrite(local, target, action, content);
    await local.take(file, tenant, action);
    flash(tenant, 'check', vscode.l10n.t('{0} pulled from {1}', path, tenant.name), SAID_MS);
    return undefined;
  },
  compareWithDraft: async (parts, local, target) => {
    const action = await read(parts, target);
    await local.compareWithDraft(target.file, target.tenant, action);
  },
  compareWithLive: async (parts, _local, target) => {
    const { file, tenant } = target;
    const action = await read(parts, target);
    const live = action.deployedVersion;
    if (live === undefined) {
      throw new UserError(vscode.l10n.t('{0} in {1} has never been deployed: there is nothing to compare with.', short(action.name), tenant.name));
    }
    await vscode.commands.executeCommand('vscode.diff', ...liveBeside(file, tenant, action, live.number));
  },
  reveal: async (parts, _local, { tenant, actionId }) => {
    await parts.state.catalog(tenant.id).loadAll();
    const row = parts.tree.row(tenant.id, actionId);
    if (row !== undefined) {
      await parts.view.reveal(row, { select: true, focus: true, expand: false });
    }
  },
};

/** A description may name secrets that the tenant does not have: their values are in no file. */
async function tellSecrets({ file, tenant, actionName }: LocalTarget, action: Action): Promise<void> {
  const [first, ...others] = differenceFrom(await contentOf(file), action).newSecrets;
  if (first === undefined) {
    return;
  }
  const set = vscode.l10n.t('Set Secret…');
  const names = [first, ...others].map(name => short(name)).join(', ');
  if ((await inform(tenant, vscode.l10n.t('{0} in {1} has no secret {2}, which the description of {3} names. A value is in no file: set it.', short(actionName), tenant.name, names, short(pathIn(file.folder, file.uri))), set)) === set) {
    await vscode.commands.executeCommand(commands.setSecret, { tenant: tenant.id, action: action.id, name: first });
  }
}

async function read(parts: Parts, { tenant, actionId }: LocalTarget): Promise<Action> {
  const api = await tenant.api();
  const action = await api.getAction(actionId);
  parts.state.catalog(tenant.id).put(action);
  return action;
}

/** Asks before what is only in a file is replaced. @throws Dismissed. */
async function mayOverwrite(local: Local, { file, tenant }: LocalTarget, action: Action, content: FileContent): Promise<void> {
  if (local.bases.isAsBefore(file.uri, tenant.id, content.code, draftLike(content), content.description !== undefined) && !losesOwn(content, action)) {
    // It is as it was pulled or pushed: there is nothing in it that was not in the tenant.
    return;
  }
  const [pull, compare] = [vscode.l10n.t('Replace File'), vscode.l10n.t('Compare')];
  const path = short(pathIn(file.folder, file.uri));
  const answer = await ask(tenant, vscode.l10n.t('Replace what {0} holds by the draft of {1} in {2}?', path, short(action.name), tenant.name), vscode.l10n.t('What is only in the file is replaced; Undo brings it back where the file is open. Compare shows both side by side.'), pull, compare);
  if (answer === compare) {
    await local.compareWithDraft(file, tenant, action);
  }
  if (answer !== pull) {
    throw new Dismissed();
  }
  await saveEditor(file.uri);
}

async function link(parts: Parts, local: Local, uri: vscode.Uri, [first]: readonly unknown[]): Promise<void> {
  const folder = folderOf(uri);
  if (folder === undefined) {
    throw new UserError(vscode.l10n.t('{0} is in no folder of this workspace. Open its folder first.', short(uri.path.split('/').at(-1) ?? '')));
  }
  const path = short(pathIn(folder, uri));
  const named = isObject(first) ? asText(first['action']) : undefined;
  const given = isObject(first) ? asText(first['tenant']) : undefined;
  const { tenant, actionName } = named !== undefined && given !== undefined
    ? { tenant: tenantNamed(parts.state, given), actionName: named }
    : await pickAction(parts.state, vscode.l10n.t('{0} is the code of which action?', path));
  const known = local.linked.tenantId(folder);
  if (known !== undefined && known !== tenant.id) {
    await moveFolder(local, folder, known, tenant);
  } else if (known === undefined) {
    await local.linked.setTenant(folder, tenant.id);
  }
  await local.linked.link(uri, actionName);
  flash(tenant, 'link', vscode.l10n.t('{0} belongs to {1} in {2} now', path, short(actionName), tenant.name), SAID_MS);
}

/** All files of a folder belong to one tenant: another one is a decision of its own. @throws Dismissed. */
async function moveFolder(local: Local, folder: vscode.WorkspaceFolder, known: string, tenant: TenantRef): Promise<void> {
  const move = vscode.l10n.t('Change Tenant');
  if ((await ask(tenant, vscode.l10n.t('The files in {0} belong to {1}. Have them belong to {2} from now on?', short(folder.name), short(known), tenant.name), vscode.l10n.t('All files of a folder belong to one tenant. Nothing is sent now.'), move)) !== move) {
    throw new Dismissed();
  }
  await local.linked.setTenant(folder, tenant.id);
}

async function unlink(local: Local, uri: vscode.Uri): Promise<void> {
  const before = await local.linked.of(uri);
  await local.linked.unlink(uri);
  const after = await local.linked.of(uri);
  if (before !== undefined && after !== undefined) {
    const path = short(pathIn(after.folder, uri));
    void inform({ name: '' }, after.by === 'setting'
      ? vscode.l10n.t('{0} belongs to {1} by the setting auth0Actions.files.', path, short(after.name))
      : vscode.l10n.t('{0} belongs to {1} by what the repository says.', path, short(after.name)));
  }
}

/** Opens the file of an action, wherever the command was given. */
async function open(parts: Parts, local: Local, args: readonly unknown[]): Promise<void> {
  const { tenant, actionName } = await targetOf(parts.state, vscode.l10n.t('Open the file of which action?'), ...args);
  const files = await local.linked.filesOf(tenant.id, actionName);
  const [only, second] = files;
  if (only === undefined) {
    throw new UserError(vscode.l10n.t('No file of this workspace belongs to {0} in {1}. Open its file and use Link to Action….', short(actionName), tenant.name));
  }
  const items = files.map(({ uri, folder }) => ({ label: withoutIcons(pathIn(folder, uri)), description: withoutIcons(folder.name), uri }));
  const chosen = second === undefined ? only : await choose(tenant, items, vscode.l10n.t('Open which file of {0} in {1}?', short(actionName), tenant.name));
  if (chosen === undefined) {
    throw new Dismissed();
  }
  await vscode.commands.executeCommand('vscode.open', chosen.uri);
}

async function setTenant(parts: Parts, local: Local, [first]: readonly unknown[]): Promise<void> {
  const given = isObject(first) && !(first instanceof vscode.Uri) ? asText(first['tenant']) : undefined;
  const uri = first instanceof vscode.Uri ? first : vscode.window.activeTextEditor?.document.uri;
  const folders = vscode.workspace.workspaceFolders ?? [];
  const own = uri === undefined ? undefined : vscode.workspace.getWorkspaceFolder(uri);
  const folder = own ?? (folders.length === 1 || given !== undefined ? folders[0] : await vscode.window.showWorkspaceFolderPick());
  if (folder === undefined) {
    throw new Dismissed();
  }
  if (given !== undefined) {
    await local.linked.setTenant(folder, tenantNamed(parts.state, given).id);
    return;
  }
  const tenant = await local.chooseTenant(folder);
  flash(tenant, 'check', vscode.l10n.t('The files in {0} belong to {1}', short(folder.name), tenant.name), SAID_MS);
}
