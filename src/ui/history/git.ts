/**
 * What VS Code's own git extension knows of a file. No program of a workspace is run from here, and nothing is asked
 * while the workspace is not trusted.
 */
import * as vscode from 'vscode';
import { findCommit, speaksOf } from '../../actions/commits.ts';
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

/** Files of a workspace that are looked at by their names. */
const MOST_NAMES = 2000;
/** Files that are read, and commits of each: what a roll back makes live is an older one, and each is a program that git's extension starts. */
const NEWEST = { files: 20, commits: 1 };
const OLDER = { files: 4, commits: 50 };

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

/** What is known of a deployment whose commit is looked for. */
export interface DeployedCode {
  readonly actionName: string;
  readonly isRollBack: boolean;
  readonly isCode: (plain: string) => boolean;
  /** Files that belong to the action. */
  readonly linked: () => Promise<readonly vscode.Uri[]>;
}

/**
 * The last commit of a file that holds this code now, or for a roll back one of the last: of a file that belongs to the
 * action, else of one named like it. Only for workspaces whose git is in use anyway.
 */
export async function commitOfCode({ actionName, isRollBack, isCode, linked }: DeployedCode): Promise<{ readonly id: string; readonly path: string } | undefined> {
  if (vscode.extensions.getExtension('vscode.git')?.isActive !== true || !vscode.workspace.isTrusted) {
    return undefined;
  }
  const bounds = isRollBack ? OLDER : NEWEST;
  const seen = new Set<string>();
  for (const look of [linked, () => namedLike(actionName)]) {
    for (const file of (await look()).filter(uri => !seen.has(uri.toString())).slice(0, bounds.files)) {
      seen.add(file.toString());
      const history = await historyOf(file);
      if (history === undefined) {
        continue;
      }
      const commits = await history.log(bounds.commits).catch(() => []);
      const { commit } = await findCommit(text => (isCode(plainLines(text)) ? 'same' : 'different'), commits, ({ id }) => history.show(id));
      if (commit !== undefined) {
        return { id: commit.id, path: vscode.workspace.asRelativePath(file) };
      }
    }
  }
  return undefined;
}

async function namedLike(actionName: string): Promise<readonly vscode.Uri[]> {
  return (await vscode.workspace.findFiles('**/*.{js,cjs,mjs}', '**/node_modules/**', MOST_NAMES)).filter(({ path }) => speaksOf(path, actionName));
}
