/**
 * Where running deployments are remembered: a file for each in the extension's own folder of this machine. The file's
 * name says whose it is, so that taking it over is one renaming, which can succeed for one window only.
 */
import * as vscode from 'vscode';
import type { RunStore } from '../actions/runJournal.ts';
import { readStoredRun } from '../actions/runRecord.ts';
import { parseJson } from '../auth0/json.ts';

/** @param storage The extension's global storage, which only this extension uses. */
export function journalFiles(storage: vscode.Uri): RunStore {
  const folder = vscode.Uri.joinPath(storage, 'deployments');
  const fileOf = (recordId: string, window: string): vscode.Uri => vscode.Uri.joinPath(folder, `${recordId}~${window}.json`);
  return {
    list: async () => {
      const names = (await ifThere(vscode.workspace.fs.readDirectory(folder)) ?? []).map(([name]) => name).filter(name => name.endsWith('.json'));
      const runs = await Promise.all(names.map(async name => {
        const bytes = await ifThere(vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, name)));
        const run = bytes === undefined ? undefined : readStoredRun(parseJson(new TextDecoder().decode(bytes)));
        const window = /~(.+)\.json$/u.exec(name)?.[1];
        // A window that ended while it took a record over has not written that it did: whose it is then, only silence tells.
        return run === undefined || window === undefined || run.owner.window === window ? run : { ...run, owner: { window, host: '', pid: 0 }, released: false };
      }));
      return runs.filter(run => run !== undefined);
    },
    write: async run => {
      const file = fileOf(run.record.id, run.owner.window);
      await replace(folder, file, new TextEncoder().encode(JSON.stringify(run)));
    },
    claim: async ({ record, owner }, next) => {
      try {
        await vscode.workspace.fs.rename(fileOf(record.id, owner.window), fileOf(record.id, next.window));
        return true;
      } catch (error) {
        if (isMissing(error)) {
          return false;
        }
        throw error;
      }
    },
    remove: async (recordId, window) => {
      await ifThere(vscode.workspace.fs.delete(fileOf(recordId, window)));
    },
  };
}

/** Writes beside the file and puts it in its place, so that a reader finds the old text or the new one, never half of it. */
async function replace(folder: vscode.Uri, file: vscode.Uri, bytes: Uint8Array): Promise<void> {
  const draft = file.with({ path: `${file.path}.new` });
  await vscode.workspace.fs.createDirectory(folder);
  await vscode.workspace.fs.writeFile(draft, bytes);
  await vscode.workspace.fs.rename(draft, file, { overwrite: true });
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

