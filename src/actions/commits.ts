/** Which commit of a file holds a code, whatever git did to its line endings. */

import { plainLines } from './content.ts';

export interface Commit {
  readonly id: string;
}

export type Likeness = 'same' | 'lineEndings' | 'different';

/** Whether two texts are one code: git and editors change line endings and the end of the last line, the service neither. */
export function likeness(a: string, b: string): Likeness {
  return a === b ? 'same' : plainLines(a) === plainLines(b) ? 'lineEndings' : 'different';
}

export interface FoundCommit<C extends Commit> {
  readonly commit?: C;
  readonly likeness?: Exclude<Likeness, 'different'>;
  /** Commits that were looked at. */
  readonly looked: number;
  /** Commits among these in which the file could not be read. */
  readonly unread: number;
}

/**
 * The newest of these commits, which come newest first, in which the file holds the code. `compare` tells how like it a
 * text is; `show` reads the file as it was in a commit; `signal` ends the search with what was found so far.
 */
export async function findCommit<C extends Commit>(compare: (text: string) => Likeness, commits: readonly C[], show: (commit: C) => Promise<string>, signal?: AbortSignal): Promise<FoundCommit<C>> {
  let [looked, unread] = [0, 0];
  for (const commit of commits) {
    if (signal?.aborted === true) {
      break;
    }
    looked += 1;
    const text = await show(commit).catch(() => undefined);
    const like = text === undefined ? 'different' : compare(text);
    unread += text === undefined ? 1 : 0;
    if (like !== 'different') {
      return { commit, likeness: like, looked, unread };
    }
  }
  return { looked, unread };
}

/** Whether a file's path speaks of an action: both reduced to letters and digits, since names become file names in many ways. */
export function speaksOf(path: string, actionName: string): boolean {
  const reduced = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  const wanted = reduced(actionName);
  return wanted !== '' && path.split(/[\\/]/u).slice(-2).some(part => reduced(part.replace(/\.[cm]?js$/u, '')) === wanted);
}
