/** The action that a command about runs means: the same as for any command, or the one that a document about runs belongs to. */
import * as vscode from 'vscode';
import type { Parts } from '../commands/parts.ts';
import { targetOf } from '../commands/targets.ts';
import type { Target } from '../commands/targets.ts';
import { draftUri } from '../uris.ts';
import { readRunUri } from './runDocuments.ts';

/** Rejects as `targetOf` does. */
export function targetOfRun(parts: Pick<Parts, 'state'>, question: string, args: readonly unknown[]): Promise<Target> {
  const address = runOf(args);
  return targetOf(parts.state, question, ...(address === undefined ? args : [draftUri(address.tenantId, address.actionId, address.actionId)]));
}

/** True where the command was called from the event of a test: its title, or while it is the active editor. */
export function isEvent(args: readonly unknown[]): boolean {
  return runOf(args)?.isEvent === true;
}

function runOf(args: readonly unknown[]): ReturnType<typeof readRunUri> {
  const [first] = args;
  const uri = args.length === 0 ? vscode.window.activeTextEditor?.document.uri : first instanceof vscode.Uri ? first : undefined;
  return uri === undefined ? undefined : readRunUri(uri);
}
