/** The rows of the view of linked files: those that differ, grouped by folder where there are several, and what keeps others from being known. */
import * as vscode from 'vscode';
import { hasDrift, stepOf } from '../../actions/local/index.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { errorWords } from '../errorWords.ts';
import { commands } from '../ids.ts';
import { short } from '../texts.ts';
import { savedUri, versionUri } from '../uris.ts';
import { directionWords, driftIcon, driftSentences, isByHand, pathWords, stateWords } from './driftWords.ts';
import type { FileState } from './fileStates.ts';
import { pathIn } from './linkedFiles.ts';
import type { Linked } from './linkedFiles.ts';

export type FileRow = { readonly kind: 'file'; readonly id: string; readonly state: FileState };
export type FolderRow = { readonly kind: 'folder'; readonly id: string; readonly folder: vscode.WorkspaceFolder; readonly tenant?: string; readonly rows: readonly DriftRow[] };
/** What is to be done or known about a folder, or with `none` that nothing differs. */
export type NoteRow =
  | { readonly kind: 'choose'; readonly id: string; readonly folder: vscode.WorkspaceFolder }
  | { readonly kind: 'notConnected'; readonly id: string; readonly tenantId: string }
  | { readonly kind: 'error'; readonly id: string; readonly tenant: TenantRef; readonly error: unknown }
  | { readonly kind: 'none'; readonly id: string; readonly count: number };
export type DriftRow = FileRow | FolderRow | NoteRow;

/**
 * All rows, those of folders with the rows below them. Never empty.
 * @param errorOf What kept a tenant's list from being read.
 */
export function driftRows(states: readonly FileState[], errorOf: (tenantId: string) => unknown): readonly DriftRow[] {
  const folders = new Map<string, FileState[]>();
  for (const state of states) {
    const key = state.linked.folder.uri.toString();
    folders.set(key, [...folders.get(key) ?? [], state]);
  }
  if (folders.size <= 1) {
    return rowsOf(states, '', errorOf);
  }
  return [...folders].flatMap(([key, own]): DriftRow[] => {
    const [first] = own;
    return first === undefined ? [] : [{ kind: 'folder', id: key, folder: first.linked.folder, ...(first.tenant === undefined ? {} : { tenant: first.tenant.name }), rows: rowsOf(own, key, errorOf) }];
  });
}

function rowsOf(states: readonly FileState[], folder: string, errorOf: (tenantId: string) => unknown): readonly DriftRow[] {
  const [first] = states;
  if (first === undefined) {
    return [{ kind: 'none', id: `${folder}#none`, count: 0 }];
  }
  if (first.tenantId === undefined) {
    return [{ kind: 'choose', id: `${folder}#choose`, folder: first.linked.folder }];
  }
  if (first.tenant === undefined) {
    return [{ kind: 'notConnected', id: `${folder}#notConnected`, tenantId: first.tenantId }];
  }
  const error = errorOf(first.tenantId);
  const differing = states
    // With an error, its row stands for all that is not known.
    .filter(({ drift, unreadable }) => unreadable !== undefined || (drift === undefined ? error === undefined : hasDrift(drift)))
    .sort((a, b) => a.linked.name.localeCompare(b.linked.name) || a.linked.uri.path.localeCompare(b.linked.uri.path));
  const rows: DriftRow[] = [
    ...(error === undefined ? [] : [{ kind: 'error' as const, id: `${folder}#error`, tenant: first.tenant, error }]),
    ...differing.map((state): DriftRow => ({ kind: 'file', id: state.linked.uri.toString(), state })),
  ];
  return rows.length > 0 ? rows : [{ kind: 'none', id: `${folder}#none`, count: states.length }];
}

export interface DriftLook {
  readonly label: string;
  readonly description?: string;
  readonly icon: { readonly id: string; readonly color?: string };
  readonly tooltip?: string;
  /** Tokens for the menus' conditions. */
  readonly context: string;
  readonly command?: { readonly id: string; readonly title: string; readonly arguments?: readonly unknown[] };
  /** The whole row in words. */
  readonly spoken: string;
}

export function driftLook(row: DriftRow): DriftLook {
  switch (row.kind) {
    case 'file': return fileLook(row.state);
    case 'folder': {
      const name = short(row.folder.name);
      return { label: name, ...(row.tenant === undefined ? {} : { description: short(row.tenant) }), icon: { id: 'folder' }, context: 'folder;', spoken: row.tenant === undefined ? name : `${name}, ${short(row.tenant)}` };
    }
    case 'choose': {
      const label = vscode.l10n.t('Choose the tenant of {0}', short(row.folder.name));
      const description = vscode.l10n.t('its files belong to one');
      return { label, description, icon: { id: 'organization' }, tooltip: vscode.l10n.t('Which tenant the files in {0} belong to is kept on this machine, and never taken from the folder.', short(row.folder.name)), context: 'choose;', command: { id: commands.setFolderTenant, title: vscode.l10n.t('Choose Tenant'), arguments: [row.folder.uri] }, spoken: `${label}, ${description}` };
    }
    case 'notConnected': {
      const label = vscode.l10n.t('{0} is not connected', short(row.tenantId));
      return { label, description: vscode.l10n.t('click to connect'), icon: { id: 'plug', color: 'list.warningForeground' }, context: 'notConnected;', command: { id: commands.connect, title: vscode.l10n.t('Connect') }, spoken: label };
    }
    case 'error': {
      const words = errorWords(row.error, row.tenant.name);
      const connect = words.remedy === 'connect';
      return {
        label: words.title,
        description: connect ? vscode.l10n.t('click to connect again') : vscode.l10n.t('click to retry'),
        icon: { id: connect ? 'lock' : 'warning', color: 'list.warningForeground' },
        tooltip: words.text,
        context: connect ? 'error;connect;' : 'error;',
        command: connect ? { id: commands.reconnect, title: vscode.l10n.t('Connect Again'), arguments: [{ tenant: row.tenant.id }] } : { id: commands.refreshFiles, title: vscode.l10n.t('Retry') },
        spoken: `${words.title}. ${words.text}`,
      };
    }
    case 'none': {
      const label = vscode.l10n.t('No differences');
      const description = row.count === 1 ? vscode.l10n.t('1 file holds what is live') : vscode.l10n.t('{0} files hold what is live', row.count);
      return { label, ...(row.count === 0 ? {} : { description }), icon: { id: 'check', color: 'charts.green' }, context: 'note;', spoken: row.count === 0 ? label : `${label}, ${description}` };
    }
  }
}

function fileLook(state: FileState): DriftLook {
  const { linked, drift, unreadable } = state;
  const words = drift === undefined ? (unreadable === undefined ? vscode.l10n.t('not known, refresh to see') : stateWords(state)) : directionWords(drift, state.differing);
  const [label, path] = [short(linked.name), pathWords(state)];
  const command = opening(state);
  return {
    label,
    description: `${words} · ${path}`,
    icon: unreadable === undefined ? driftIcon(drift) : { id: 'warning', color: 'list.warningForeground' },
    tooltip: [`${path} · ${label}`, ...driftSentences(state)].join('\n'),
    context: contextOf(state),
    ...(command === undefined ? {} : { command }),
    spoken: `${label}, ${words}, ${path}`,
  };
}

/** At most two inline buttons: the step that brings two of the three together, or both where a person has to choose. */
function contextOf(state: FileState): string {
  const { drift } = state;
  const step = drift === undefined ? undefined : stepOf(drift);
  const either = drift?.file === 'conflict' || drift?.file === 'unrelated';
  const isThere = drift !== undefined && drift.file !== 'noFile' && drift.file !== 'noAction';
  return ['file', isThere && 'hasAction', (step === 'push' || either) && 'canPush', (step === 'pull' || either) && !isByHand(state) && 'canPull', step === 'deploy' && 'canDeploy'].filter(word => word !== false).map(word => `${word};`).join('');
}

/** A click compares what differs. These commands of VS Code take their arguments along, so that a click on a row that is being drawn anew finds them. */
function opening({ linked, drift, differing, tenant, actionId, liveNumber }: FileState): DriftLook['command'] {
  if (linked.isGone === true) {
    return undefined;
  }
  if (differing !== undefined && !differing.includes('code') && linked.described !== undefined) {
    // The codes are the same: what differs is in the description.
    return { id: 'vscode.open', title: vscode.l10n.t('Open File'), arguments: [linked.described.description, {}] };
  }
  if (tenant === undefined || actionId === undefined || drift === undefined || drift.file === 'noAction' || (drift.file === 'same' && liveNumber === undefined)) {
    return { id: 'vscode.open', title: vscode.l10n.t('Open File'), arguments: [linked.uri, {}] };
  }
  const action = { id: actionId, name: linked.name };
  const sides = drift.file === 'same' && liveNumber !== undefined ? liveBeside(linked, tenant, action, liveNumber) : draftBeside(linked, tenant, action);
  return { id: 'vscode.diff', title: vscode.l10n.t('Compare'), arguments: sides };
}

/** Arguments of `vscode.diff`: the draft as the tenant has it on the left, the file on the right. */
export function draftBeside(file: Linked, tenant: TenantRef, action: { readonly id: string; readonly name: string }): readonly [vscode.Uri, vscode.Uri, string] {
  const title = vscode.l10n.t('{0}: draft in {1} ↔ {2}', short(action.name), tenant.name, short(pathIn(file.folder, file.uri)));
  return [savedUri(tenant.id, action.id, action.name), file.uri, title];
}

/** The same with the version that is live. */
export function liveBeside(file: Linked, tenant: TenantRef, action: { readonly id: string; readonly name: string }, number: number): readonly [vscode.Uri, vscode.Uri, string] {
  const title = vscode.l10n.t('{0}: v{1} live in {2} ↔ {3}', short(action.name), number, tenant.name, short(pathIn(file.folder, file.uri)));
  return [versionUri(tenant.id, action.id, number, action.name), file.uri, title];
}
