/**
 * Where running deployments are remembered: a file for each in the extension's own folder of this machine. The file's
 * name says whose it is, so that taking it over is one renaming, which can succeed for one window only.
 */
import * as vscode from 'vscode';
import type { RunStore } from '../actions/runJournal.ts';
import { readStoredRun } from '../actions/runRecord.ts';
import { parseJson } from '../auth0/json.ts';
import { namesWhole, readWhole, removeWhole, takeWhole, writeWhole } from './wholeFiles.ts';

/** @param storage The extension's global storage, which only this extension uses. */
export function journalFiles(storage: vscode.Uri): RunStore {
  const folder = vscode.Uri.joinPath(storage, 'deployments');
  const fileOf = (recordId: string, window: string): vscode.Uri => vscode.Uri.joinPath(folder, `${recordId}~${window}.json`);
  return {
    list: async () => {
      const names = (await namesWhole(folder)).filter(name => name.endsWith('.json'));
      const runs = await Promise.all(names.map(async name => {
        // One that cannot be read just now must not hide the others.
        const run = await readWhole(vscode.Uri.joinPath(folder, name), text => readStoredRun(parseJson(text))).catch(() => undefined);
        const window = /~(.+)\.json$/u.exec(name)?.[1];
        // A window that ended while it took a record over has not written that it did: whose it is then, only silence tells.
        return run === undefined || window === undefined || run.owner.window === window ? run : { ...run, owner: { window, host: '', pid: 0 }, released: false };
      }));
      return runs.filter(run => run !== undefined);
    },
    write: run => writeWhole(fileOf(run.record.id, run.owner.window), JSON.stringify(run)),
    has: async (recordId, window) => (await readWhole(fileOf(recordId, window), text => text)) !== undefined,
    claim: ({ record, owner }, next) => takeWhole(fileOf(record.id, owner.window), fileOf(record.id, next.window)),
    remove: (recordId, window) => removeWhole(fileOf(recordId, window)),
  };
}
