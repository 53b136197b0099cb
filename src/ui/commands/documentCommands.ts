/** Opening and comparing drafts and versions. */
import * as vscode from 'vscode';
import type { VersionSummary } from '../../actions/model.ts';
import { UserError } from '../errorWords.ts';
import { commands } from '../ids.ts';
import { Dismissed, run } from '../run.ts';
import { short } from '../texts.ts';
import { isRow } from '../tree/rows.ts';
import { draftUri, versionUri } from '../uris.ts';
import { whenWords } from '../words.ts';
import type { CommandTable, Parts } from './parts.ts';
import { codeArgs, targetOf } from './targets.ts';
import type { Target } from './targets.ts';

/** Somebody who walks through the tree goes on walking: a row opens beside it, and everything else takes the focus. */
interface Focus {
  readonly preserveFocus: boolean;
}

export function documentCommands(parts: Parts): CommandTable {
  /** Calls from code reject; a person gets a notification. */
  const command = (what: string, question: () => string, work: (target: Target, other: number | undefined, focus: Focus) => Promise<unknown>) => async (...args: unknown[]): Promise<unknown> => {
    const fromCode = codeArgs(args[0]);
    const go = async (): Promise<unknown> => work(await targetOf(parts.state, question(), ...args), fromCode?.with, { preserveFocus: isRow(args[0]) });
    return fromCode === undefined ? run(parts.log, what, go) : go();
  };
  return {
    [commands.openDraft]: command('openDraft', () => vscode.l10n.t('Open the draft of which action?'), async (target, _other, focus) => {
      await vscode.window.showTextDocument(draftUri(target.tenant.id, target.actionId, await nameOf(parts, target)), focus);
    }),
    [commands.openVersion]: command('openVersion', () => vscode.l10n.t('Open a version of which action?'), async (target, _other, focus) => {
      const version = target.version ?? (await pickVersion(parts, target, vscode.l10n.t('Open which version of {0}?', short(target.actionName))));
      await vscode.window.showTextDocument(versionUri(target.tenant.id, target.actionId, version, await nameOf(parts, target)), focus);
    }),
    [commands.compareDraftWithDeployed]: command('compareDraftWithDeployed', () => vscode.l10n.t('Compare the draft of which action with what is live?'), target => compareWithLive(parts, target)),
    [commands.compareVersions]: command('compareVersions', () => vscode.l10n.t('Compare versions of which action?'), async (target, other) => {
      const first = target.version ?? (await pickVersion(parts, target, vscode.l10n.t('Compare which version of {0}?', short(target.actionName))));
      const second = other ?? (await pickVersion(parts, target, vscode.l10n.t('Compare v{0} of {1} with which version?', first, short(target.actionName)), first));
      const [older, newer] = first < second ? [first, second] : [second, first];
      const name = await nameOf(parts, target);
      await diff(target, versionUri(target.tenant.id, target.actionId, older, name), versionUri(target.tenant.id, target.actionId, newer, name), name, `v${older}`, `v${newer}`);
    }),
  };
}

async function compareWithLive(parts: Parts, target: Target): Promise<void> {
  const action = await readAction(parts, target);
  const live = action.deployedVersion;
  if (live === undefined) {
    throw new UserError(vscode.l10n.t('{0} in {1} has never been deployed: there is nothing to compare with.', short(action.name), target.tenant.name));
  }
  const left = versionUri(target.tenant.id, target.actionId, live.number, action.name);
  await diff(target, left, draftUri(target.tenant.id, target.actionId, action.name), action.name, vscode.l10n.t('v{0} (live)', live.number), vscode.l10n.t('draft'));
}

async function diff(target: Target, left: vscode.Uri, right: vscode.Uri, name: string, leftName: string, rightName: string): Promise<void> {
  await vscode.commands.executeCommand('vscode.diff', left, right, `${short(name)}: ${leftName} ↔ ${rightName} (${target.tenant.name})`);
}

/** The action as the catalog knows it, or read now. */
async function readAction(parts: Parts, target: Target): Promise<{ readonly name: string; readonly deployedVersion?: { readonly number: number } }> {
  const catalog = parts.state.catalog(target.tenant.id);
  return catalog.action(target.actionId) ?? (await catalog.tenant.api().then(api => api.getAction(target.actionId)));
}

/** A document's file name is the action's name, so it must be known before the document is opened. */
async function nameOf(parts: Parts, target: Target): Promise<string> {
  return target.actionName === target.actionId ? (await readAction(parts, target)).name : target.actionName;
}

interface VersionItem extends vscode.QuickPickItem {
  readonly number: number;
}

async function pickVersion(parts: Parts, target: Target, question: string, except?: number): Promise<number> {
  const api = await target.tenant.api();
  const load = async (): Promise<VersionItem[]> => {
    // The service keeps 50 versions of an action: one page.
    const { items } = await api.listVersions(target.actionId, 0, 50);
    const liveId = parts.state.catalog(target.tenant.id).action(target.actionId)?.deployedVersion?.id;
    return items.filter(version => version.number !== except).sort((a, b) => b.number - a.number).map(version => item(version, version.id === liveId || version.deployed));
  };
  const choice = await vscode.window.showQuickPick(load(), { placeHolder: question, matchOnDescription: true });
  if (choice === undefined) {
    throw new Dismissed();
  }
  return choice.number;
}

function item(version: VersionSummary, live: boolean): VersionItem {
  const when = whenWords(version.createdAt, Date.now());
  return { number: version.number, label: `v${version.number}`, description: live ? vscode.l10n.t('live · {0}', when) : when };
}
