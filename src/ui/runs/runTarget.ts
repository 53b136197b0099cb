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

/** The event that the command was called from: its title, or while it is the active editor. `name` is there where it has one. */
export function eventOf(args: readonly unknown[]): { readonly name?: string } | undefined {
  const run = runOf(args);
  return run?.isEvent !== true ? undefined : run.event === undefined ? {} : { name: run.event };
}

function runOf(args: readonly unknown[]): ReturnType<typeof readRunUri> {
  const [first] = args;
  const uri = args.length === 0 ? vscode.window.activeTextEditor?.document.uri : first instanceof vscode.Uri ? first : undefined;
  return uri === undefined ? undefined : readRunUri(uri);
}
