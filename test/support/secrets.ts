/**
 * Secrets of a test run, and what the run leaves behind, for the search in test/secrets. `npm test` names a folder in
 * AUTH0_ACTIONS_TEST_SECRETS; without it nothing is collected, and what a run leaves behind is deleted.
 */
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export interface Secret {
  readonly text: string;
  /** What it is, for reports: they must not show the secret itself. */
  readonly what: string;
}

/** What is kept: data folders of VS Code, the page's storage, the extension's log, and what the simulated tenants were sent and answered. */
export type Kept = 'workbench' | 'browser' | 'log' | 'traffic';

/** Anything shorter may be found by chance. */
const SHORTEST = 12;

const collected = (): string | undefined => process.env.AUTH0_ACTIONS_TEST_SECRETS || undefined;

/**
 * Puts a secret on the list of those that must be found nowhere after the run. Call it with every token, client secret,
 * private key or password that a test uses; returns the text.
 * @throws Error for a text that is too short to be told from others.
 */
export function registerSecret(text: string, what = 'a secret'): string {
  if (text.length < SHORTEST) {
    throw new Error(`A secret of ${text.length} characters may be found by chance: take one of ${SHORTEST} or more.`);
  }
  const folder = collected();
  if (folder !== undefined) {
    appendFileSync(join(folder, 'registered.jsonl'), `${JSON.stringify({ text, what } satisfies Secret)}\n`);
  }
  return text;
}

/** All secrets that were registered in this run, each once. */
export function registeredSecrets(): readonly Secret[] {
  const file = join(collected() ?? '', 'registered.jsonl');
  if (collected() === undefined || !existsSync(file)) {
    return [];
  }
  const all = readFileSync(file, 'utf8').split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Secret);
  return [...new Map(all.map(secret => [secret.text, secret])).values()];
}

/** The folder of what was kept of a kind, if anything is collected. */
export function keptFolder(kind: Kept): string | undefined {
  const folder = collected();
  if (folder === undefined) {
    return undefined;
  }
  const kept = join(folder, 'kept', kind);
  mkdirSync(kept, { recursive: true });
  return kept;
}

/** A place for a file that is to be searched; `undefined` where nothing is collected. */
export function keptFile(kind: Kept, name: string): string | undefined {
  const folder = keptFolder(kind);
  return folder === undefined ? undefined : join(mkdtempSync(join(folder, 'file-')), name);
}

/** In place of deleting a folder that is no longer needed. */
export function discard(folder: string, kind: Kept): void {
  const kept = keptFolder(kind);
  if (kept !== undefined && existsSync(folder)) {
    renameSync(folder, join(mkdtempSync(join(kept, 'folder-')), 'data'));
  } else {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
