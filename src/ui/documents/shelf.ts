/** Where texts that are kept here lie: a file for each draft in the extension's own folder of this machine. */
import * as vscode from 'vscode';
import type { DraftRecord, DraftShelf } from '../../actions/draftBook.ts';
import { asNumber, asObject, asText, parseJson } from '../../auth0/json.ts';
import { readWhole, removeWhole, writeWhole } from '../wholeFiles.ts';

/**
 * @param folder The extension's global storage, which only this extension uses.
 * @param window What tells this window from others, also after its restart.
 */
export function draftShelf(folder: vscode.Uri, window: string): DraftShelf {
  const drafts = vscode.Uri.joinPath(folder, 'drafts');
  const fileOf = (key: string): vscode.Uri => vscode.Uri.joinPath(drafts, `${nameOf(key)}.json`);
  /** The last write of each draft: the next one waits for it, and so does whoever reads. */
  const writes = new Map<string, Promise<void>>();
  return {
    window,
    read: async key => {
      await writes.get(key)?.catch(() => undefined);
      return (await readWhole(fileOf(key), readRecords)) ?? [];
    },
    write: (key, records) => {
      const write = (writes.get(key) ?? Promise.resolve())
        .catch(() => undefined)
        .then(() => (records.length === 0 ? removeWhole(fileOf(key)) : writeWhole(fileOf(key), JSON.stringify(records))))
        .finally(() => (writes.get(key) === write ? writes.delete(key) : undefined));
      writes.set(key, write);
      return write;
    },
  };
}

/**
 * What tells a window from others, also after its restart: its folder or workspace, which is open in one window only, or
 * an id in the memory that VS Code keeps for a window without one, along with the texts that it restores there.
 */
export function windowOf(storage: vscode.Uri | undefined, memory: vscode.Memento): string {
  const id = storage?.path ?? memory.get<string>(WINDOW_KEY) ?? crypto.randomUUID();
  if (storage === undefined) {
    void memory.update(WINDOW_KEY, id);
  }
  return id;
}

const WINDOW_KEY = 'window';

/** A key as a file name: tenants and ids hold what no file name may. */
export function nameOf(key: string): string {
  return Array.from(new TextEncoder().encode(key), byte => (/[\w-]/u.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`)).join('');
}

/** The key of such a file name; an empty one for any other name. */
export function keyOf(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return '';
  }
}

/** The records of all windows; a file of an earlier release holds a single one. */
function readRecords(text: string): readonly DraftRecord[] | undefined {
  const json = parseJson(text);
  const records = (Array.isArray(json) ? json : [json]).map(readRecord).filter(one => one !== undefined);
  return records.length === 0 ? undefined : records;
}

function readRecord(value: unknown): DraftRecord | undefined {
  const json = asObject(value);
  const base = asText(json['base']);
  const mtime = asNumber(json['mtime']);
  const kept = asText(json['kept']);
  const window = asText(json['window']);
  const mine = Array.isArray(json['mine']) ? json['mine'].filter(one => typeof one === 'string') : [];
  return mtime === undefined ? undefined : { mtime, ...(base === undefined ? {} : { base }), ...(kept === undefined ? {} : { kept }), ...(window === undefined ? {} : { window }), ...(mine.length === 0 ? {} : { mine }) };
}
