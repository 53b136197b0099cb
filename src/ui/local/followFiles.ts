/** Keeps what is known of linked files fresh, shows it, and tells VS Code's menus which files are linked. */
import * as vscode from 'vscode';
import type { Action } from '../../auth0/api.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import type { Parts } from '../commands/parts.ts';
import type { Disposables } from '../disposables.ts';
import { contextKeys, settings, settingsSection } from '../ids.ts';
import { isCancelled } from '../run.ts';
import { DriftView } from './driftView.ts';
import { FileMarks } from './fileMarks.ts';
import { FileStatus } from './fileStatus.ts';
import type { Local } from './local.ts';
import { TreeFiles } from './localRows.ts';

/** Several changes at once, such as a checkout of git, are looked at once. */
const QUIET_MS = 300;

/** Actions that were read before this bundle was there. */
export type ReadEarly = readonly { readonly tenant: TenantRef; readonly action: Action }[];

/** @param early What to begin with, and what is read until this has resolved; nothing of it is kept. */
export async function followFiles(parts: Parts, local: Local, disposables: Disposables, early: ReadEarly): Promise<void> {
  const { facts, linked, states } = local;
  disposables.add(states);
  const view = disposables.add(new DriftView(parts, states));
  local.view = view;
  disposables.add(new TreeFiles(parts, states));
  disposables.add(vscode.window.registerFileDecorationProvider(disposables.add(new FileMarks(states))));
  const status = disposables.add(new FileStatus(states));
  const look = async (): Promise<void> => {
    const files = (await states.look()).filter(({ isGone }) => isGone !== true);
    // An empty list would count as one in the conditions of views.
    await vscode.commands.executeCommand('setContext', contextKeys.linkedFiles, files.length === 0 ? undefined : files.map(({ uri }) => uri.fsPath));
    readOpened();
  };
  disposables.undo(linked.changed.on(() => void look()));
  const soon = quietly(disposables, () => {
    facts.lookAgain();
    linked.changed.fire(undefined);
  });
  const soonFor = (uri: vscode.Uri): void => (uri.path.includes('/node_modules/') ? undefined : soon());
  // What says which files are linked and what their marks stand for, and folders that come with all that is in them. Events lie deeper, and are saved often.
  const descriptions = disposables.add(vscode.workspace.createFileSystemWatcher('**/{tenant.yaml,config.json,actions,actions/*}'));
  disposables.add(descriptions.onDidCreate(soonFor));
  disposables.add(descriptions.onDidChange(uri => (/\.(?:json|yaml)$/u.test(uri.path) ? soonFor(uri) : undefined)));
  disposables.add(descriptions.onDidDelete(soonFor));
  disposables.add(vscode.workspace.onDidChangeWorkspaceFolders(soon));
  disposables.add(vscode.workspace.onDidChangeConfiguration(event => (event.affectsConfiguration(`${settingsSection}.${settings.files}`) ? soon() : undefined)));

  const codes = disposables.add(vscode.workspace.createFileSystemWatcher('**/*.{js,cjs,mjs}'));
  disposables.add(codes.onDidChange(uri => states.forget(uri)));
  // A description may have been waiting for it.
  disposables.add(codes.onDidCreate(uri => (states.has(uri) || uri.path.includes('/actions/') ? soonFor(uri) : undefined)));
  // A folder that goes is told without what was in it.
  const gone = disposables.add(vscode.workspace.createFileSystemWatcher('**/*', true, true, false));
  disposables.add(gone.onDidDelete(uri => (states.has(uri) || states.files().some(one => one.uri.toString().startsWith(`${uri.toString()}/`)) ? soon() : undefined)));
  const edited = new Map<string, vscode.Uri>();
  const editedSoon = quietly(disposables, () => {
    states.forget(...edited.values());
    edited.clear();
  });
  disposables.add(vscode.workspace.onDidChangeTextDocument(({ document: { uri } }) => {
    const files = states.saidBy(uri);
    files.forEach(file => edited.set(file.toString(), file));
    if (files.length > 0) {
      editedSoon();
    }
  }));

  disposables.undo(parts.state.actionRead.on(({ tenant, action }) => states.noticed(tenant, action)));
  disposables.undo(parts.state.catalogChanged.on(({ tenant, change }) => (change.kind === 'list' ? states.tenantChanged(tenant.id) : undefined)));
  disposables.undo(parts.state.registry.changed.on(({ renewed, removed }) => {
    if (renewed === undefined) {
      states.tenantsChanged(removed);
      readOpened();
    }
  }));

  /** Files whose actions were read because they are open, with the tenant and action that was. */
  const opened = new Map<string, string>();
  const readOpened = (): void => {
    for (const { document: { uri } } of vscode.window.visibleTextEditors) {
      const key = uri.toString();
      const action = states.actionKey(uri);
      if (action !== undefined && opened.get(key) !== action) {
        opened.set(key, action);
        states.read(uri).then(
          // The tenant is not connected yet.
          tried => (tried ? undefined : void opened.delete(key)),
          (error: unknown) => (isCancelled(error) ? undefined : parts.log.error('read the action of a file', error)),
        );
      }
    }
  };
  disposables.add(vscode.window.onDidChangeVisibleTextEditors(readOpened));
  disposables.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => {
    opened.delete(uri.toString());
    // Changes that were not saved went with the editor.
    states.forget(...states.saidBy(uri));
  }));
  await look();
  early.forEach(({ tenant, action }) => states.noticed(tenant, action));
  await status.update();
}

/** A function that has `work` done once, when it was not called for a while. */
function quietly(disposables: Disposables, work: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  disposables.add({ dispose: () => clearTimeout(timer) });
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, QUIET_MS);
  };
}
