/** Which files have a text that nobody could get back from git. */
import type * as vscode from 'vscode';
import { plainLines } from '../../actions/content.ts';
import { historyOf } from '../history/git.ts';

/** Files that git is asked for, and how many at once: each is a program that git's extension starts. */
const MOST_ASKED = 200;
const AT_ONCE = 8;

/** Those of the files whose text is not the one of the last commit; all of them where git is not there, or must not be asked. */
export async function uncommitted(files: readonly { readonly uri: vscode.Uri; readonly text: string }[]): Promise<ReadonlySet<string>> {
  const lost = new Set(files.map(({ uri }) => uri.toString()));
  const asked = files.slice(0, MOST_ASKED);
  for (let first = 0; first < asked.length; first += AT_ONCE) {
    await Promise.all(asked.slice(first, first + AT_ONCE).map(async ({ uri, text }) => {
      const head = await (await historyOf(uri).catch(() => undefined))?.show('HEAD').catch(() => undefined);
      if (head !== undefined && plainLines(head) === plainLines(text)) {
        lost.delete(uri.toString());
      }
    }));
  }
  return lost;
}
