/**
 * Small files of the extension's own storage that are there, and whole, at every moment: whoever reads one while it is
 * written anew, or after a window that ended in the middle of that, finds the older text or the newer one.
 */
import * as vscode from 'vscode';

/** What a file is written as before it takes the place of the older one. */
const NEW = '.new';

/** Other windows may write the same file at the same moment, and put both texts in its place by one renaming. */
const ATTEMPTS = 3;

/** Writes a file in place of an older one; one after another, for this window. Its folder is made where it is missing. */
export async function writeWhole(file: vscode.Uri, text: string): Promise<void> {
  const draft = besideOf(file);
  await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(file, '..'));
  for (let attempt = 1; ; attempt += 1) {
    try {
      await vscode.workspace.fs.writeFile(draft, new TextEncoder().encode(text));
      await vscode.workspace.fs.rename(draft, file, { overwrite: true });
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || !isMissing(error)) {
        throw error;
      }
    }
  }
}

/** What `read` makes of a file's text; nothing where there is none that it can read. Rejects where the storage fails. */
export async function readWhole<T>(file: vscode.Uri, read: (text: string) => T | undefined): Promise<T | undefined> {
  for (const place of placesOf(file)) {
    const bytes = await ifThere(vscode.workspace.fs.readFile(place));
    const found = bytes === undefined ? undefined : read(new TextDecoder().decode(bytes));
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** Removes a file; it need not be there. */
export async function removeWhole(file: vscode.Uri): Promise<void> {
  await ifThere(vscode.workspace.fs.delete(file));
  await ifThere(vscode.workspace.fs.delete(besideOf(file)));
}

/** Gives a file another name, which nothing has yet. False where it is not there: somebody else was first. */
export async function takeWhole(file: vscode.Uri, target: vscode.Uri): Promise<boolean> {
  for (const place of placesOf(file)) {
    try {
      await vscode.workspace.fs.rename(place, target);
      await ifThere(vscode.workspace.fs.delete(besideOf(file)));
      return true;
    } catch (error) {
      if (!isMissing(error)) {
        throw error;
      }
    }
  }
  return false;
}

/** Names of the files in a folder, whatever is just being written in it. */
export async function namesWhole(folder: vscode.Uri): Promise<readonly string[]> {
  const entries = await ifThere(vscode.workspace.fs.readDirectory(folder)) ?? [];
  return [...new Set(entries.map(([name]) => (name.endsWith(NEW) ? name.slice(0, -NEW.length) : name)))];
}

function besideOf(file: vscode.Uri): vscode.Uri {
  return file.with({ path: `${file.path}${NEW}` });
}

/**
 * Where a file may be. To put one in the place of an older one, VS Code deletes that first: for a moment, or for ever
 * where the window ended just then, only the new one is there; and the next moment it may have its place.
 */
function placesOf(file: vscode.Uri): readonly vscode.Uri[] {
  return [file, besideOf(file), file];
}

/** `undefined` for what is not there. */
async function ifThere<T>(work: Thenable<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof vscode.FileSystemError && error.code === 'FileNotFound';
}
