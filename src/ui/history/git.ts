/**
 * What VS Code's own git extension knows of a file. No program of a workspace is run from here, and nothing is asked
 * while the workspace is not trusted.
 */
import * as vscode from 'vscode';
import { speaksOf } from '../../actions/commits.ts';
import { plainLines } from '../../actions/content.ts';

export interface GitCommit {
  readonly id: string;
  readonly message: string;
  readonly when?: Date;
}

/** One file's history. */
export interface FileHistory {
  /** The newest commits of the file, the newest first. */
  log(most: number): Promise<readonly GitCommit[]>;
  /** The file as it was in a commit. */
  show(commitId: string): Promise<string>;
}

/** As much of version 1 of the git extension's interface as is used here. */
interface Repository {
  log(options: { readonly maxEntries: number; readonly path: string }): Promise<readonly { readonly hash: string; readonly message: string; readonly commitDate?: Date; readonly authorDate?: Date }[]>;
  show(ref: string, path: string): Promise<string>;
}

interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): { getRepository(uri: vscode.Uri): Repository | null };
}

/** Files of a workspace that are looked at by their names, and those that are read. */
const MOST_NAMES = 2000;
const MOST_READ = 20;

/** The history of a file; `undefined` without git, without a repository, or without trust. */
export async function historyOf(file: vscode.Uri): Promise<FileHistory | undefined> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  if (extension === undefined || !vscode.workspace.isTrusted) {
    return undefined;
  }
  const git = extension.isActive ? extension.exports : await extension.activate();
  const repository = git.enabled ? git.getAPI(1).getRepository(file) : null;
  if (repository === null) {
    return undefined;
  }
  return {
    log: async most => (await repository.log({ maxEntries: most, path: file.fsPath })).map(({ hash, message, commitDate, authorDate }) => {
      const when = commitDate ?? authorDate;
      return { id: hash, message, ...(when === undefined ? {} : { when }) };
    }),
    show: async commitId => repository.show(commitId, file.fsPath),
  };
}

/** The last commit of a file named like the action that holds this code now; only for workspaces whose git is in use anyway. */
export async function commitOfCode(actionName: string, isCode: (plain: string) => boolean): Promise<{ readonly id: string; readonly path: string } | undefined> {
  if (vscode.extensions.getExtension('vscode.git')?.isActive !== true || !vscode.workspace.isTrusted) {
    return undefined;
  }
  const files = await vscode.workspace.findFiles('**/*.{js,cjs,mjs}', '**/node_modules/**', MOST_NAMES);
  for (const file of files.filter(({ path }) => speaksOf(path, actionName)).slice(0, MOST_READ)) {
    const history = await historyOf(file);
    const head = await history?.show('HEAD').catch(() => undefined);
    if (head !== undefined && isCode(plainLines(head))) {
      const [commit] = (await history?.log(1)) ?? [];
      return commit === undefined ? undefined : { id: commit.id, path: vscode.workspace.asRelativePath(file) };
    }
  }
  return undefined;
}
