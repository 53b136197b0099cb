/** Keeps what is known of linked files fresh, and tells VS Code's menus which files are linked. */
import * as vscode from 'vscode';
import type { Disposables } from '../disposables.ts';
import { contextKeys, settings, settingsSection } from '../ids.ts';
import type { Local } from './local.ts';

/** Several changes at once, such as a checkout of git, are looked at once. */
const QUIET_MS = 300;

export function followFiles({ facts, linked }: Local, disposables: Disposables): void {
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    const files = await linked.all();
    await vscode.commands.executeCommand('setContext', contextKeys.linkedFiles, files.map(({ uri }) => uri.fsPath));
  };
  disposables.undo(linked.changed.on(() => void look()));
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      facts.lookAgain();
      linked.changed.fire(undefined);
    }, QUIET_MS);
  };
  disposables.add({ dispose: () => clearTimeout(timer) });
  const watcher = disposables.add(vscode.workspace.createFileSystemWatcher('**/{tenant.yaml,actions/**}'));
  disposables.add(watcher.onDidCreate(soon));
  disposables.add(watcher.onDidChange(uri => (uri.path.endsWith('.js') ? undefined : soon())));
  disposables.add(watcher.onDidDelete(soon));
  disposables.add(vscode.workspace.onDidChangeWorkspaceFolders(soon));
  disposables.add(vscode.workspace.onDidChangeConfiguration(event => (event.affectsConfiguration(`${settingsSection}.${settings.files}`) ? soon() : undefined)));
  void look();
}
