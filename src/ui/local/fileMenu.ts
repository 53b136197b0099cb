/** What can be done with a linked file, as the list that its item in the status bar opens. */
import * as vscode from 'vscode';
import { stepOf } from '../../actions/local/index.ts';
import type { Step } from '../../actions/local/index.ts';
import { commands } from '../ids.ts';
import { choose, noTenant } from '../messages.ts';
import { Dismissed } from '../run.ts';
import { short, withoutIcons } from '../texts.ts';
import { stateWords } from './driftWords.ts';
import { pathIn } from './linkedFiles.ts';
import type { Local } from './local.ts';

interface MenuItem extends vscode.QuickPickItem {
  readonly command: string;
  readonly step?: Step;
}

/** Asks what to do with a file, and does it. @throws Dismissed. */
export async function fileMenu(local: Local, uri: vscode.Uri): Promise<void> {
  const state = await local.states.of(uri);
  const linked = state?.linked ?? await local.linked.of(uri);
  if (linked === undefined) {
    await vscode.commands.executeCommand(commands.linkFile, uri);
    return;
  }
  const next = state?.drift === undefined ? undefined : stepOf(state.drift);
  const items: readonly MenuItem[] = [
    { label: `$(cloud-upload) ${vscode.l10n.t('Deploy Action')}`, command: commands.deploy, step: 'deploy' },
    { label: `$(repo-push) ${vscode.l10n.t('Push to Draft')}`, command: commands.pushFile, step: 'push' },
    { label: `$(repo-pull) ${vscode.l10n.t('Pull from Tenant')}`, command: commands.pullFile, step: 'pull' },
    { label: `$(diff) ${vscode.l10n.t('Compare with Draft')}`, command: commands.compareFileWithDraft },
    { label: `$(diff) ${vscode.l10n.t('Compare with Live')}`, command: commands.compareFileWithLive },
    { label: `$(list-tree) ${vscode.l10n.t('Reveal in Tree')}`, command: commands.revealInTree },
    { label: `$(link) ${vscode.l10n.t('Link to Action…')}`, command: commands.linkFile },
    { label: `$(organization) ${vscode.l10n.t('Choose Tenant of Folder…')}`, command: commands.setFolderTenant },
  ];
  const words = state === undefined ? '' : stateWords(state);
  const place = state?.tenant ?? noTenant;
  const what = [linked.name, place.name, words].filter(text => text !== '').map(text => short(text)).join(' · ');
  const shown = items.map(item => (item.step !== undefined && item.step === next ? { ...item, description: withoutIcons(words) } : item));
  const chosen = await choose(place, shown, vscode.l10n.t('What is to be done with {0}?', short(pathIn(linked.folder, uri))), { title: what });
  if (chosen === undefined) {
    throw new Dismissed();
  }
  await vscode.commands.executeCommand(chosen.command, uri);
}
