/** Showing what two contents differ in, for whatever they are of. */
import * as vscode from 'vscode';
import type { Change } from '../../actions/comparison.ts';
import type { Action, Version } from '../../auth0/api.ts';
import { documentUri } from '../uris.ts';
import type { DocumentAddress, DocumentPart } from '../uris.ts';
import type { Parts } from './parts.ts';
import type { Target } from './targets.ts';

/** A draft or version that stands on one side, with its action's name. */
export type Side = Omit<DocumentAddress, 'part'> & { readonly name: string };

/** What a side's documents show: a draft with the text that is only here. Rejects as the documents do. */
export async function contentShown({ documents }: Pick<Parts, 'documents'>, side: Side): Promise<Action | Version> {
  const content = await documents.content(side);
  const pending = side.version === undefined ? await documents.drafts.pending(side) : undefined;
  return pending === undefined ? content : { ...content, code: pending.text };
}

/**
 * Shows code and everything else: in one editor where only one of the two changed, in VS Code's editor for several
 * files where both did. Resolves to false, and shows nothing, where there are no changes.
 * @param settings the document that holds everything else.
 */
export async function showDifferences([before, after]: readonly [Side, Side], changes: readonly Change[], settings: Exclude<DocumentPart, 'code'>, title: string): Promise<boolean> {
  const pair = (part: DocumentPart): [vscode.Uri, vscode.Uri] => [documentUri({ ...before, part }, before.name), documentUri({ ...after, part }, after.name)];
  const pairs = [...(changes.some(({ part }) => part === 'code') ? [pair('code')] : []), ...(changes.some(({ part }) => part !== 'code') ? [pair(settings)] : [])];
  const [only, more] = pairs;
  if (only === undefined) {
    return false;
  }
  if (more === undefined) {
    await vscode.commands.executeCommand('vscode.diff', ...only, title);
  } else {
    await vscode.commands.executeCommand('vscode.changes', title, pairs.map(([left, right]) => [right, left, right]));
  }
  return true;
}

/** `draft`, `v7`, or that it is live. */
export function versionWords(version: number | undefined, live: number | undefined): string {
  return version === undefined ? vscode.l10n.t('draft') : version === live ? vscode.l10n.t('v{0} (live)', version) : `v${version}`;
}

/** A document's file name is the action's name, so it must be known before the document is opened. */
export async function nameOf(target: Target): Promise<string> {
  if (target.actionName !== target.actionId) {
    return target.actionName;
  }
  const api = await target.tenant.api();
  return (await api.getAction(target.actionId)).name;
}
