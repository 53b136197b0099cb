/** Where a file lies in the workspace, and whether links lead there. */
import * as vscode from 'vscode';

/** The workspace folder that a file is in. VS Code compares how paths begin, so that one with `..` in it may lie elsewhere: it is in none. */
export function folderOf(uri: vscode.Uri): vscode.WorkspaceFolder | undefined {
  return uri.path.split('/').includes('..') ? undefined : vscode.workspace.getWorkspaceFolder(uri);
}

/** The path of a file below a folder of the workspace, or one in there. Both may be written with a different case, never with a different length. */
export function pathIn(folder: Pick<vscode.WorkspaceFolder, 'uri'>, uri: vscode.Uri): string {
  return uri.path.slice(folder.uri.path.length).replace(/^\//u, '');
}

/**
 * True where neither a file nor a folder above it, up to the workspace's, is a symbolic link: what is read there is sent
 * to a tenant, and what a tenant has is written there, so that a link could lead either out of the workspace.
 */
export async function isPlain({ folder, uri }: { readonly folder: Pick<vscode.WorkspaceFolder, 'uri'>; readonly uri: vscode.Uri }): Promise<boolean> {
  // The workspace's own folder may be reached by any way.
  const parts = pathIn(folder, uri).split('/').filter(part => part !== '');
  const kinds = await Promise.all(parts.map(async (_, index) => {
    try {
      return (await vscode.workspace.fs.stat(vscode.Uri.joinPath(folder.uri, ...parts.slice(0, index + 1)))).type;
    } catch {
      return vscode.FileType.Unknown;
    }
  }));
  return kinds.every(kind => (kind & vscode.FileType.SymbolicLink) === 0);
}
