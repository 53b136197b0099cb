/** What tests are about: the code of an action, as a file of the workspace or as a tenant's draft, and the events that are kept for it. */
import * as vscode from 'vscode';
import { codesOf, eventsFolder } from '../../actions/local/places.ts';
import { sampleEvent } from '../../actions/runs/events.ts';
import type { TriggerRef } from '../../auth0/api.ts';
import { parseJson } from '../../auth0/json.ts';
import type { Parts } from '../commands/parts.ts';
import { UserError } from '../errorWords.ts';
import { schemaAddress } from '../eventSchemas.ts';
import { isPlain, folderOf as workspaceFolderOf } from '../local/linkedFiles.ts';
import { short, withoutIcons } from '../texts.ts';
import { draftUri, readUri } from '../uris.ts';
import { eventUri, namedEventUri, readRunUri } from './runDocuments.ts';
import type { RunAddress } from './runDocuments.ts';

export interface Subject {
  /** The same for the same code, whatever the action is called. */
  readonly key: string;
  readonly uri: vscode.Uri;
  /** Name of the action. */
  readonly name: string;
  readonly triggers: readonly TriggerRef[];
  /** Where it is a draft, and not a file. */
  readonly draft?: RunAddress;
}

export interface KeptEvent {
  /** The same for the same event; a sample has an empty one. */
  readonly key: string;
  /** As a file is called, without `.json`; empty for a sample, and for the event of Test Action. */
  readonly name: string;
  readonly kind: 'sample' | 'ofTestAction' | 'named';
  /** Absent for a sample. */
  readonly uri?: vscode.Uri;
}

export const SAMPLE: KeptEvent = { key: '', name: '', kind: 'sample' };

/** Files of one folder that are looked at. */
const MOST_EVENTS = 200;
/** Bytes of an event that is read. */
const LARGEST_EVENT = 1_000_000;

type Needed = Pick<Parts, 'state' | 'runs' | 'local'>;

/** The action that a document is the code or an event of; nothing for any other document. `how`: see {@link fileSubject}. Rejects with an ApiError where a draft is not known yet and cannot be read. */
export async function subjectOf(parts: Needed, uri: vscode.Uri, how?: { readonly mayRead: boolean }): Promise<{ readonly subject: Subject; readonly event?: KeptEvent } | undefined> {
  const run = readRunUri(uri);
  const draft = readUri(uri);
  const address = run ?? (draft?.version === undefined && draft?.part === 'code' && draft.saved !== true ? draft : undefined);
  if (address !== undefined) {
    const subject = await draftSubject(parts, address);
    return { subject, ...(run?.isEvent !== true ? {} : { event: { key: uri.toString(), name: run.event ?? '', kind: run.event === undefined ? 'ofTestAction' : 'named', uri } }) };
  }
  const own = await fileSubject(parts, uri, how);
  if (own !== undefined) {
    return { subject: own };
  }
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri;
  if (folder === undefined || !uri.path.endsWith('.json')) {
    return undefined;
  }
  const path = pathIn(folder, uri);
  for (const code of codesOf(path.slice(0, Math.max(0, path.lastIndexOf('/'))))) {
    const subject = await fileSubject(parts, vscode.Uri.joinPath(folder, code), how);
    if (subject !== undefined) {
      return { subject, event: namedEvent(uri) };
    }
  }
  return undefined;
}

/** A tenant's draft. Rejects with an ApiError where it is not known yet and cannot be read, and with a UserError where its tenant is not connected. */
export async function draftSubject({ state }: Pick<Needed, 'state'>, { tenantId, actionId }: RunAddress): Promise<Subject> {
  const known = state.catalog(tenantId).action(actionId);
  const { name, triggers } = known !== undefined && known.triggers.length > 0 ? known : await state.catalog(tenantId).refreshAction(actionId);
  return { key: `${tenantId}/${actionId}`, uri: draftUri(tenantId, actionId, name), name, triggers, draft: { tenantId, actionId } };
}

/** A file of the workspace that belongs to an action. With `mayRead`, for a command, its tenant may be asked for that action, which rejects with an ApiError where it fails; else this causes no request. */
export async function fileSubject({ local }: Pick<Needed, 'local'>, uri: vscode.Uri, how?: { readonly mayRead: boolean }): Promise<Subject | undefined> {
  if (!/\.c?js$/u.test(uri.path) || !(await exists(uri))) {
    return undefined;
  }
  const action = await (await local.get()).local.actionOf(uri, how);
  return action === undefined ? undefined : { key: uri.toString(), uri, name: action.name, triggers: action.triggers };
}

/** The events that are kept for a subject, sorted by name. */
export async function eventsOf({ runs }: Pick<Needed, 'runs'>, subject: Subject): Promise<readonly KeptEvent[]> {
  const { draft } = subject;
  if (draft === undefined) {
    const folder = folderOf(subject);
    return folder === undefined ? [] : (await namesIn(folder)).map(name => namedEvent(vscode.Uri.joinPath(folder, `${name}.json`)));
  }
  const { ofTestAction, names } = await runs.events(draft);
  const uri = eventUri(draft, subject.name);
  return [...(ofTestAction ? [{ key: uri.toString(), name: '', kind: 'ofTestAction' as const, uri }] : []), ...names.map(name => namedEvent(namedEventUri(draft, name), name))];
}

/** Where the events of a file lie; nothing for a draft. */
export function folderOf({ uri, draft }: Subject): vscode.Uri | undefined {
  const folder = draft === undefined ? vscode.workspace.getWorkspaceFolder(uri)?.uri : undefined;
  return folder === undefined ? undefined : vscode.Uri.joinPath(folder, eventsFolder(pathIn(folder, uri)));
}

/**
 * The text of an event as it is in the editor, else as it is kept; a text that is not saved is saved first, so that what
 * ran can be found again.
 * @throws UserError as {@link refuseLinks}, and for a file that is too large.
 */
export async function eventText(subject: Subject, event: KeptEvent): Promise<string> {
  if (event.uri === undefined) {
    return sampleEvent(subject.triggers.map(trigger => trigger.id));
  }
  if (subject.draft === undefined) {
    await refuseLinks(event.uri);
  }
  const open = openDocument(event.uri);
  if (open?.isDirty === true) {
    await open.save();
  }
  if (open?.isDirty === true) {
    return open.getText();
  }
  if ((await vscode.workspace.fs.stat(event.uri)).size > LARGEST_EVENT) {
    throw new UserError(vscode.l10n.t('The event {0} is larger than 1 MB, so it was not read. Make it smaller, or choose another one.', short(eventLabel(event))));
  }
  // An editor follows a file that has changed a little later than that.
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(event.uri));
}

/**
 * An event of the workspace is sent to a tenant, and a new one is written: neither through a link, which may lead anywhere.
 * @throws UserError
 */
export async function refuseLinks(uri: vscode.Uri): Promise<void> {
  const folder = workspaceFolderOf(uri);
  if (folder === undefined || !(await isPlain({ folder, uri }))) {
    throw new UserError(vscode.l10n.t('{0} is a symbolic link, or lies in a folder that is one. Its content may come from anywhere, so it is neither sent to a tenant nor written.', short(vscode.workspace.asRelativePath(uri))));
  }
}

/** How an event is called where people choose. */
export function eventLabel({ kind, name }: KeptEvent): string {
  switch (kind) {
    case 'sample': return vscode.l10n.t('Sample Event');
    case 'ofTestAction': return vscode.l10n.t('Event of Test Action');
    case 'named': return withoutIcons(name);
  }
}

/** The text of a new event: what it begins with, behind the address of the schema that it follows. */
export function newEventText(triggers: readonly TriggerRef[], event: string): string {
  const json = parseJson(event);
  const { $schema: _, ...rest } = typeof json === 'object' && json !== null ? json as Record<string, unknown> : {};
  return `${JSON.stringify({ $schema: schemaAddress(triggers), ...rest }, undefined, 2)}\n`;
}

/** A document that VS Code has loaded, whether an editor shows it or not. */
export function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(document => document.uri.toString() === uri.toString() && !document.isClosed);
}

function namedEvent(uri: vscode.Uri, name = uri.path.slice(uri.path.lastIndexOf('/') + 1).replace(/\.json$/u, '')): KeptEvent {
  return { key: uri.toString(), name, kind: 'named', uri };
}

/** Links are not followed: what they lead to may come from anywhere, and would be sent to a tenant. */
async function namesIn(folder: vscode.Uri): Promise<readonly string[]> {
  try {
    const { type: kind } = await vscode.workspace.fs.stat(folder);
    const entries = kind === vscode.FileType.Directory ? await vscode.workspace.fs.readDirectory(folder) : [];
    return entries.flatMap(([name, type]) => (type === vscode.FileType.File && name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : [])).sort().slice(0, MOST_EVENTS);
  } catch {
    return [];
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    return (await vscode.workspace.fs.stat(uri)).type === vscode.FileType.File;
  } catch {
    return false;
  }
}

function pathIn(folder: vscode.Uri, file: vscode.Uri): string {
  return file.path.slice(folder.path.length).replace(/^\//u, '');
}
