/**
 * Where running deployments are remembered: a file for each in the extension's own folder of this machine. The file's
 * name says whose it is, so that taking it over is one renaming, which can succeed for one window only.
 */
import * as vscode from 'vscode';
import type { RunStore } from '../actions/runJournal.ts';
import { readStoredRun } from '../actions/runRecord.ts';
import { parseJson } from '../auth0/json.ts';

/** What a file is written as before it takes the place of the older one. */
const NEW = '.new';

/** @param storage The extension's global storage, which only this extension uses. */
export function journalFiles(storage: vscode.Uri): RunStore {
  const folder = vscode.Uri.joinPath(storage, 'deployments');
  const fileOf = (recordId: string, window: string): vscode.Uri => vscode.Uri.joinPath(folder, `${recordId}~${window}.json`);
  return {
    list: async () => {
      const names = (await ifThere(vscode.workspace.fs.readDirectory(folder)) ?? []).map(([name]) => (name.endsWith(NEW) ? name.slice(0, -NEW.length) : name)).filter(name => name.endsWith('.json'));
      const runs = await Promise.all([...new Set(names)].map(async name => {
        const run = await readRun(vscode.Uri.joinPath(folder, name));
        const window = /~(.+)\.json$/u.exec(name)?.[1];
        // A window that ended while it took a record over has not written that it did: whose it is then, only silence tells.
        return run === undefined || window === undefined || run.owner.window === window ? run : { ...run, owner: { window, host: '', pid: 0 }, released: false };
      }));
      return runs.filter(run => run !== undefined);
    },
    write: async run => {
      const file = fileOf(run.record.id, run.owner.window);
      const draft = besideOf(file);
      await vscode.workspace.fs.createDirectory(folder);
      await vscode.workspace.fs.writeFile(draft, new TextEncoder().encode(JSON.stringify(run)));
      await vscode.workspace.fs.rename(draft, file, { overwrite: true });
    },
    claim: async ({ record, owner }, next) => {
      const file = fileOf(record.id, owner.window);
      for (const place of placesOf(file)) {
        try {
          await vscode.workspace.fs.rename(place, fileOf(record.id, next.window));
          await ifThere(vscode.workspace.fs.delete(besideOf(file)));
          return true;
        } catch (error) {
          if (!isMissing(error)) {
            throw error;
          }
        }
      }
      return false;
    },
    remove: async (recordId, window) => {
      const file = fileOf(recordId, window);
      await ifThere(vscode.workspace.fs.delete(file));
      await ifThere(vscode.workspace.fs.delete(besideOf(file)));
    },
  };
}

function besideOf(file: vscode.Uri): vscode.Uri {
  return file.with({ path: `${file.path}${NEW}` });
}

/**
 * Where a record may be. To put a file in the place of an older one, VS Code deletes that first: for a moment, or for
 * ever where the window ended just then, only the new one is there; and the next moment it may have its place.
 */
function placesOf(file: vscode.Uri): readonly vscode.Uri[] {
  return [file, besideOf(file), file];
}

/** The first of these that is whole. */
async function readRun(file: vscode.Uri): Promise<ReturnType<typeof readStoredRun>> {
  for (const place of placesOf(file)) {
    const bytes = await ifThere(vscode.workspace.fs.readFile(place));
    const run = bytes === undefined ? undefined : readStoredRun(parseJson(new TextDecoder().decode(bytes)));
    if (run !== undefined) {
      return run;
    }
  }
  return undefined;
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

