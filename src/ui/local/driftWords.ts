/** How a linked file, its draft and what is live differ, in words. The words carry the state; marks and icons only help. */
import { l10n } from 'vscode';
import { hasDrift } from '../../actions/local/index.ts';
import type { Drift } from '../../actions/local/index.ts';
import { short } from '../texts.ts';
import { partWords } from '../words.ts';
import { pathIn } from './linkedFiles.ts';
import type { FileState } from './fileStates.ts';

/** A few words on what became of a file, for the status bar and its row below the action; nothing where it is not known. */
export function stateWords(state: FileState): string {
  if (state.tenantId === undefined) {
    return l10n.t('no tenant chosen');
  }
  if (state.tenant === undefined) {
    return l10n.t('tenant not connected');
  }
  if (state.unreadable !== undefined) {
    return l10n.t('cannot be read');
  }
  return state.drift === undefined ? '' : driftState(state.drift);
}

function driftState({ file, live }: Drift): string {
  switch (file) {
    case 'fileAhead': return l10n.t('not pushed');
    case 'draftAhead': return l10n.t('not pulled');
    case 'conflict': return l10n.t('changed in both places');
    case 'unrelated': return l10n.t('differs from the draft');
    case 'noFile': return l10n.t('the file is gone');
    case 'noAction': return l10n.t('no such action');
    case 'same': break;
  }
  switch (live) {
    case 'draftAhead': return l10n.t('pushed, not deployed');
    case 'otherLive': return l10n.t('pushed, something else is live');
    case 'neverDeployed': return l10n.t('pushed, never deployed');
    case 'same':
    case 'noAction': return l10n.t('live');
  }
}

/** Which of file, draft and live version is ahead of which, and in what, where that is more than the code. */
export function directionWords({ file, live }: Drift, differing: FileState['differing'] = []): string {
  const direction = fileDirection(file);
  return [differsBesideCode(differing) ? l10n.t('{0}: {1}', direction, differing.map(partWords).join(', ')) : direction, liveDirection(live)].filter(text => text !== '').join(' · ');
}

function differsBesideCode(differing: FileState['differing'] = []): boolean {
  return differing.some(part => part !== 'code');
}

/** True where something that differs is to be changed in a `tenant.yaml`: no pull does that. */
export function isByHand({ linked, differing }: FileState): boolean {
  return differsBesideCode(differing) && linked.described?.description.path.endsWith('.yaml') === true;
}

function fileDirection(file: Drift['file']): string {
  switch (file) {
    case 'fileAhead': return l10n.t('file ahead of draft');
    case 'draftAhead': return l10n.t('draft ahead of file');
    case 'conflict': return l10n.t('file and draft both changed');
    case 'unrelated': return l10n.t('file differs from draft');
    case 'noFile': return l10n.t('the file is gone');
    case 'noAction': return l10n.t('no such action');
    case 'same': return '';
  }
}

function liveDirection(live: Drift['live']): string {
  switch (live) {
    case 'draftAhead': return l10n.t('draft ahead of live');
    case 'otherLive': return l10n.t('live is not the draft');
    case 'neverDeployed': return l10n.t('never deployed');
    case 'same':
    case 'noAction': return '';
  }
}

/** What differs and what to do, in whole sentences with the names of action and tenant. */
export function driftSentences(state: FileState): readonly string[] {
  const { linked, drift, differing = [], liveNumber, tenant, unreadable } = state;
  const [action, name] = [short(linked.name), tenant === undefined ? '' : short(tenant.name)];
  if (unreadable !== undefined) {
    return [unreadable];
  }
  if (drift === undefined) {
    return [];
  }
  const live = liveNumber === undefined ? '' : `v${liveNumber}`;
  return [
    ...fileSentence(drift, action, name),
    ...(differing.length === 0 ? [] : [l10n.t('What differs: {0}.', differing.map(partWords).join(', '))]),
    ...(isByHand(state) ? [l10n.t('A pull takes the code alone: change the rest in tenant.yaml.')] : []),
    ...(hasDrift(drift) && drift.fileIsLive && liveNumber !== undefined ? [l10n.t('The file holds what is live ({0}).', live)] : []),
    ...liveSentence(drift, live, name),
  ];
}

function fileSentence({ file }: Drift, action: string, tenant: string): readonly string[] {
  switch (file) {
    case 'same': return [l10n.t('The file holds what the draft of {0} in {1} does.', action, tenant)];
    case 'fileAhead': return [l10n.t('The file has changes that the draft of {0} in {1} does not have: push it.', action, tenant)];
    case 'draftAhead': return [l10n.t('The draft of {0} in {1} has changes that the file does not have: pull it.', action, tenant)];
    case 'conflict': return [l10n.t('The file and the draft of {0} in {1} have both changed: compare them, then push or pull.', action, tenant)];
    case 'unrelated': return [l10n.t('The file and the draft of {0} in {1} differ, and were never the same on this machine: compare them, then push or pull.', action, tenant)];
    case 'noFile': return [l10n.t('The file that belongs to {0} in {1} is gone. Bring it back, or remove its link.', action, tenant)];
    case 'noAction': return [l10n.t('{0} has no action {1}. Create it, or link the file to another one.', tenant, action)];
  }
}

function liveSentence({ live }: Drift, number: string, tenant: string): readonly string[] {
  switch (live) {
    case 'same': return [l10n.t('{0} of {1} is live and holds what the draft does.', number, tenant)];
    case 'draftAhead': return [l10n.t('The draft has changes that are not live in {0} ({1}): deploy it.', tenant, number)];
    case 'otherLive': return [l10n.t('What is live in {0} ({1}) was made from something else after the draft last changed, by a roll back for example: compare them before you deploy.', tenant, number)];
    case 'neverDeployed': return [l10n.t('It was never deployed to {0}.', tenant)];
    case 'noAction': return [];
  }
}

/** The icon of a row of the view. */
export function driftIcon(drift: Drift | undefined): { readonly id: string; readonly color?: string } {
  switch (drift?.file) {
    case 'fileAhead': return { id: 'arrow-up' };
    case 'draftAhead': return { id: 'arrow-down' };
    case 'conflict': return { id: 'warning', color: 'list.warningForeground' };
    case 'unrelated': return { id: 'arrow-swap' };
    case 'noFile':
    case 'noAction': return { id: 'question', color: 'list.warningForeground' };
    case 'same': return { id: drift.live === 'otherLive' ? 'arrow-swap' : 'circle-filled' };
    case undefined: return { id: 'circle-outline' };
  }
}

/** The mark in the Explorer and the tab: none of git's letters. Nothing where there is nothing to say. */
export function driftMark({ file, live }: Drift): string | undefined {
  switch (file) {
    case 'fileAhead': return '⇡';
    case 'draftAhead': return '⇣';
    case 'conflict': return '⇅';
    case 'unrelated': return '≠';
    case 'noFile':
    case 'noAction': return '?';
    case 'same': return live === 'same' ? undefined : live === 'neverDeployed' ? '○' : '●';
  }
}

/** The path of a linked file below its workspace folder, for a person. */
export function pathWords({ linked }: FileState): string {
  return short(pathIn(linked.folder, linked.uri));
}
