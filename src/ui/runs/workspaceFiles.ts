/** Files of the workspace that are the code of actions, and what a run in a tenant needs to know of them. */
import * as vscode from 'vscode';
import type { LocalAction } from '../../actions/local/index.ts';
import type { Parts } from '../commands/parts.ts';
import type { Target } from '../commands/targets.ts';
import { UserError } from '../errorWords.ts';
import { short } from '../texts.ts';

export interface LocalActions {
  /** The action that a file belongs to; nothing for any other file. */
  action(uri: vscode.Uri): Promise<Pick<LocalAction, 'name' | 'triggers'> | undefined>;
  /** All such files, where they are known without a search. */
  all?(): Promise<readonly vscode.Uri[]>;
}

/** More scripts than a tenant takes actions. */
const MOST_FILES = 500;

/** Scripts in the folders where configurations keep the code of actions. */
export async function scripts(): Promise<readonly vscode.Uri[]> {
  return (vscode.workspace.workspaceFolders ?? []).length === 0 ? [] : vscode.workspace.findFiles('**/actions/**/*.{js,cjs}', '**/node_modules/**', MOST_FILES);
}

/**
 * Sees to it that the draft of the action that a file belongs to holds the file's code, after asking.
 * @throws UserError where the file's tenant is not known.
 */
export function pushFirst(_parts: Parts, _uri: vscode.Uri, name: string): Promise<Target> {
  return Promise.reject(new UserError(vscode.l10n.t('The file of {0} is not linked to a tenant, so it cannot run there. Open the draft of the action, and run its events.', short(name))));
}
