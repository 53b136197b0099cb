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
      return readWhole(fileOf(key), readRecord);
    },
    write: (key, record) => {
      const write = (writes.get(key) ?? Promise.resolve())
        .catch(() => undefined)
        .then(() => (record === undefined ? removeWhole(fileOf(key)) : writeWhole(fileOf(key), JSON.stringify(record))))
        .finally(() => (writes.get(key) === write ? writes.delete(key) : undefined));
      writes.set(key, write);
      return write;
    },
  };
}

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

function readRecord(text: string): DraftRecord | undefined {
  const json = asObject(parseJson(text));
  const base = asText(json['base']);
  const kept = asText(json['kept']);
  const window = asText(json['window']);
  const mine = Array.isArray(json['mine']) ? json['mine'].filter(one => typeof one === 'string') : [];
  return base === undefined ? undefined : { base, mtime: asNumber(json['mtime']) ?? 0, ...(kept === undefined ? {} : { kept }), ...(window === undefined ? {} : { window }), ...(mine.length === 0 ? {} : { mine }) };
}
