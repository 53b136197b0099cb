/** Where the deployments of this machine are kept: a folder for each tenant in the extension's own storage, a file for each deployment. */
import * as vscode from 'vscode';
import { readEntry } from '../../actions/history.ts';
import type { HistoryEntry } from '../../actions/history.ts';
import { parseJson } from '../../auth0/json.ts';
import { nameOf } from '../documents/shelf.ts';

/** Entries of a tenant that are kept. */
const KEPT = 200;

export class HistoryFiles {
  readonly #folder: vscode.Uri;

  /** @param storage The extension's global storage, which only this extension uses. */
  constructor(storage: vscode.Uri) {
    this.#folder = vscode.Uri.joinPath(storage, 'history');
  }

  /** Writes an entry, in place of an earlier one of the same deployment, and drops what is too old. */
  async write(entry: HistoryEntry): Promise<void> {
    const { fs } = vscode.workspace;
    const folder = this.#folderOf(entry.tenantId);
    await fs.createDirectory(folder);
    // Times of this age have the same number of digits: names sort by them.
    await fs.writeFile(vscode.Uri.joinPath(folder, `${entry.startedAt}~${nameOf(entry.actionId)}.json`), new TextEncoder().encode(JSON.stringify(entry)));
    const names = (await fs.readDirectory(folder)).map(([name]) => name).sort();
    for (const name of names.slice(0, Math.max(0, names.length - KEPT))) {
      await fs.delete(vscode.Uri.joinPath(folder, name));
    }
  }

  /** All entries of these tenants, the newest first. */
  async list(tenantIds: readonly string[]): Promise<readonly HistoryEntry[]> {
    const { fs } = vscode.workspace;
    const entries = await Promise.all(tenantIds.map(async tenantId => {
      const folder = this.#folderOf(tenantId);
      const names = await Promise.resolve(fs.readDirectory(folder)).catch(() => []);
      // Another window may be taking old ones away.
      return Promise.all(names.map(([name]) => Promise.resolve(fs.readFile(vscode.Uri.joinPath(folder, name))).then(bytes => readEntry(parseJson(new TextDecoder().decode(bytes)))).catch(() => undefined)));
    }));
    return entries.flat().filter(entry => entry !== undefined).sort((a, b) => b.startedAt - a.startedAt);
  }

  /** Forgets a tenant's entries, if there are any. */
  async forget(tenantId: string): Promise<void> {
    await Promise.resolve(vscode.workspace.fs.delete(this.#folderOf(tenantId), { recursive: true })).catch((error: unknown) => {
      if (!(error instanceof vscode.FileSystemError && error.code === 'FileNotFound')) {
        throw error;
      }
    });
  }

  #folderOf(tenantId: string): vscode.Uri {
    return vscode.Uri.joinPath(this.#folder, nameOf(tenantId));
  }
}
