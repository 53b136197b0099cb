/** Which files have a text that nobody could get back: not committed, or not in git at all. By VS Code's own git extension. */
import * as vscode from 'vscode';

/** As much of version 1 of the git extension's interface as is used here. */
interface Repository {
  readonly state: Readonly<Record<'workingTreeChanges' | 'indexChanges' | 'mergeChanges' | 'untrackedChanges', readonly { readonly uri: vscode.Uri }[] | undefined>>;
  status(): Promise<void>;
}

interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): { getRepository(uri: vscode.Uri): Repository | null };
}

/** Those of the files whose text is nowhere else; all of them where git is not there, or must not be asked. */
export async function uncommitted(files: readonly vscode.Uri[]): Promise<ReadonlySet<string>> {
  const all = new Set(files.map(String));
  const [first] = files;
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  if (first === undefined || extension === undefined || !vscode.workspace.isTrusted) {
    return all;
  }
  try {
    const git = extension.isActive ? extension.exports : await extension.activate();
    const repository = git.enabled ? git.getAPI(1).getRepository(first) : null;
    if (repository === null) {
      return all;
    }
    await repository.status();
    const { workingTreeChanges, indexChanges, mergeChanges, untrackedChanges } = repository.state;
    const changed = new Set([workingTreeChanges, indexChanges, mergeChanges, untrackedChanges].flatMap(list => list ?? []).map(({ uri }) => uri.toString()));
    return new Set([...all].filter(uri => changed.has(uri)));
  } catch {
    return all;
  }
}
