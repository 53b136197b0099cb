/** The deployments of this machine, and which commit of a file is live. What they do is loaded when it is needed. */
import * as vscode from 'vscode';
import { speaksOf } from '../../actions/commits.ts';
import { isRunning } from '../../actions/deployment.ts';
import type { Disposables } from '../disposables.ts';
import { UserError } from '../errorWords.ts';
import type * as history from '../history/index.ts';
import { commands } from '../ids.ts';
import { Dismissed, run } from '../run.ts';
import type { CommandTable, Parts } from './parts.ts';
import { pickAction, targetNamed } from './targets.ts';
import type { Target } from './targets.ts';

/** The history and where it lies. */
export interface HistoryAccess {
  /** The extension's own storage of this machine. */
  readonly storage: vscode.Uri;
  readonly load: () => Promise<typeof history>;
}

/** Keeps each deployment once it has ended, and forgets those of a tenant with it. */
export function keepHistory(parts: Parts, digest: (text: string) => string, disposables: Disposables): void {
  const { state, log, history: { storage, load } } = parts;
  const tried = (work: (loaded: typeof history) => Promise<void>): void => void load().then(work).catch((error: unknown) => log.error('history', error));
  disposables.undo(state.deployments.changed.on(deployment => {
    if (!isRunning(deployment)) {
      const { tenant, actionName } = deployment;
      tried(loaded => loaded.keep(storage, deployment, { digest, isConnected: () => state.registry.find(tenant.id) !== undefined, linked: () => linkedFiles(parts, tenant.id, actionName) }));
    }
  }));
  disposables.undo(state.registry.changed.on(({ removed }) => (removed === undefined ? undefined : tried(loaded => loaded.forget(storage, removed)))));
}

export function historyCommands(parts: Parts): CommandTable {
  const { storage, load } = parts.history;
  return {
    [commands.showHistory]: () => run(parts.log, 'showHistory', async () => (await load()).showHistory(storage, parts.state.registry.tenants())),
    [commands.findLiveCommit]: (...args) =>
      run(parts.log, 'findLiveCommit', async about => {
        const [loaded, file] = [await load(), await fileOf(args[0])];
        refuse(await loaded.refusal(file));
        const { tenant, actionId, actionName } = await actionOf(parts, file);
        about.tenant = tenant;
        about.action = actionName;
        refuse(await loaded.findLive(tenant, actionId, file));
      }),
  };
}

/** Files that belong to an action of this name, in folders that nobody has said to have another tenant. */
async function linkedFiles({ local: files }: Parts, tenantId: string, actionName: string): Promise<readonly vscode.Uri[]> {
  if ((vscode.workspace.workspaceFolders ?? []).length === 0) {
    return [];
  }
  const { linked } = (await files.get()).local;
  return (await linked.all()).filter(({ name, folder }) => name === actionName && (linked.tenantId(folder) ?? tenantId) === tenantId).map(({ uri }) => uri);
}

function refuse(reason: string | undefined): void {
  if (reason !== undefined) {
    throw new UserError(reason);
  }
}

/** The file that is given, open, or picked. */
async function fileOf(given: unknown): Promise<vscode.Uri> {
  const open = given instanceof vscode.Uri ? given : vscode.window.activeTextEditor?.document.uri;
  const [file] = open?.scheme === 'file' ? [open] : ((await vscode.window.showOpenDialog({ title: vscode.l10n.t('Find the live commit of which file?'), filters: { JavaScript: ['js', 'cjs', 'mjs', 'ts'] } })) ?? []);
  if (file === undefined) {
    throw new Dismissed();
  }
  return file;
}

/** The only action that the file belongs to, or is named like where it belongs to none, or one that a person picks. */
async function actionOf({ state, local: files }: Parts, file: vscode.Uri): Promise<Target> {
  const { linked } = (await files.get()).local;
  const known = await linked.of(file);
  const tenantId = known === undefined ? undefined : linked.tenantId(known.folder);
  const isIts = (name: string): boolean => (known === undefined ? speaksOf(file.path, name) : name === known.name);
  const tenants = state.registry.tenants().filter(({ id }) => (tenantId ?? id) === id);
  const lists = await Promise.all(tenants.map(async tenant => (await state.catalog(tenant.id).loadAll()).items.filter(({ name }) => isIts(name)).map(action => ({ tenant: tenant.id, action: action.id }))));
  const [only, second] = lists.flat();
  return only !== undefined && second === undefined ? targetNamed(state, only) : pickAction(state, vscode.l10n.t('Which action does {0} hold?', vscode.workspace.asRelativePath(file)));
}
