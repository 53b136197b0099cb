/** New Event…, and Delete Event: events as files beside the code, or in the extension's storage for a draft. */
import * as vscode from 'vscode';
import { eventNameProblem, freeName } from '../../actions/runs/eventNames.ts';
import type { EventNameProblem } from '../../actions/runs/eventNames.ts';
import { sampleEvent } from '../../actions/runs/events.ts';
import { asText, isObject } from '../../auth0/json.ts';
import type { Parts } from '../commands/parts.ts';
import { codeArgs, targetOf } from '../commands/targets.ts';
import { UserError } from '../errorWords.ts';
import { ask, choose, enter, noTenant } from '../messages.ts';
import type { About as Whose } from '../messages.ts';
import { Dismissed } from '../run.ts';
import type { About } from '../run.ts';
import { short, withoutIcons } from '../texts.ts';
import { triggerWords } from '../words.ts';
import { namedEventUri, readRunUri } from './runDocuments.ts';
import { draftSubject, eventLabel, eventText, eventsOf, folderOf, newEventText, refuseLinks, subjectOf } from './subjects.ts';
import type { KeptEvent, Subject } from './subjects.ts';

/**
 * Makes an event, opens it, and resolves to its address. A call from code names it: `{ tenant, action, name }`, or a
 * document and a name. Rejects as the funnel expects it.
 */
export async function newEvent(parts: Parts, about: About, args: readonly unknown[]): Promise<vscode.Uri> {
  const { subject } = await chosen(parts, about, args, vscode.l10n.t('New event for which action?'));
  const whose = tenantOf(parts, subject);
  const events = await eventsOf(parts, subject);
  const taken = events.map(event => event.name);
  const [first, second] = args;
  const given = isObject(first) && codeArgs(first) !== undefined ? asText(first['name']) : first instanceof vscode.Uri ? asText(second) : undefined;
  const begins = given === undefined ? await startingText(subject, whose, events) : sampleEvent(subject.triggers.map(trigger => trigger.id));
  const problem = given === undefined ? undefined : eventNameProblem(given, taken);
  if (problem !== undefined) {
    throw new UserError(nameProblemWords(problem));
  }
  const name = given ?? await enter(whose, vscode.l10n.t('Name of the new event of {0}', short(subject.name)), {
    value: freeName('sample', taken),
    prompt: subject.draft === undefined ? vscode.l10n.t('It is kept beside the code, as {0}', `${relativeFolder(subject)}/….json`) : vscode.l10n.t('It is kept on this machine.'),
    validateInput: text => {
      const wrong = eventNameProblem(text, taken);
      return wrong === undefined ? undefined : nameProblemWords(wrong);
    },
  });
  if (name === undefined) {
    throw new Dismissed();
  }
  const uri = await keep(parts, subject, name, newEventText(subject.triggers, begins));
  await vscode.window.showTextDocument(uri, { preview: false });
  return uri;
}

/** Deletes an event that has a name, after asking. */
export async function deleteEvent(parts: Parts, about: About, args: readonly unknown[]): Promise<void> {
  const { subject, event } = await chosen(parts, about, args, vscode.l10n.t('Delete an event of which action?'));
  const whose = tenantOf(parts, subject);
  const gone = event ?? await chooseEvent(whose, (await eventsOf(parts, subject)).filter(one => one.kind === 'named'), vscode.l10n.t('Delete which event of {0}?', short(subject.name)));
  if (gone.kind !== 'named' || gone.uri === undefined) {
    throw new UserError(vscode.l10n.t('There is nothing to delete: this event is no file of its own.'));
  }
  const remove = vscode.l10n.t('Delete Event');
  if ((await ask(whose, vscode.l10n.t('Delete the event {0} of {1}?', short(gone.name), short(subject.name)), vscode.l10n.t('Nothing changes in a tenant.'), remove)) !== remove) {
    throw new Dismissed();
  }
  await vscode.workspace.fs.delete(gone.uri, { useTrash: false });
}

/** The action, and the event where one was named: an item of the Test Explorer, a document, a row, `{ tenant, action }`, or what a person chooses. */
export async function chosen(parts: Parts, about: About, args: readonly unknown[], question: string): Promise<{ readonly subject: Subject; readonly event?: KeptEvent }> {
  const [first] = args;
  const uri = first instanceof vscode.Uri ? first : isTestItem(first) ? first.uri ?? first.parent?.uri : args.length === 0 ? vscode.window.activeTextEditor?.document.uri : undefined;
  const found = uri === undefined ? undefined : await subjectOf(parts, uri, { mayRead: true });
  if (found !== undefined) {
    about.action = found.subject.name;
    return found;
  }
  if (uri !== undefined && (args.length > 0 || uri.scheme === 'file' && uri.path.endsWith('.js'))) {
    throw new UserError(vscode.l10n.t('No description in the workspace says that {0} is the code or an event of an action.', short(vscode.workspace.asRelativePath(uri))));
  }
  const target = await targetOf(parts.state, question, ...args);
  about.tenant = target.tenant;
  about.action = target.actionName;
  return { subject: await draftSubject(parts, { tenantId: target.tenant.id, actionId: target.actionId }) };
}

/** One of several events, or the only one. @throws UserError where there is none, Dismissed where nobody chooses. */
export async function chooseEvent(whose: Whose, events: readonly KeptEvent[], question: string): Promise<KeptEvent> {
  const [only, second] = events;
  if (only === undefined) {
    throw new UserError(vscode.l10n.t('There is no event. Make one with New Event…'));
  }
  const choice = second === undefined ? { event: only } : await choose(whose, events.map(event => ({ label: eventLabel(event), event })), question);
  if (choice === undefined) {
    throw new Dismissed();
  }
  return choice.event;
}

/** Whom questions about a subject name. */
export function tenantOf(parts: Pick<Parts, 'state'>, { draft }: Subject): Whose {
  return (draft === undefined ? undefined : parts.state.registry.find(draft.tenantId)) ?? noTenant;
}

function isTestItem(value: unknown): value is vscode.TestItem {
  return isObject(value) && typeof value['id'] === 'string' && 'canResolveChildren' in value && 'children' in value;
}

/** What the new event begins with: the sample of each trigger of the action, nothing, or one of the events that are there. */
async function startingText(subject: Subject, whose: Whose, events: readonly KeptEvent[]): Promise<string> {
  interface Start extends vscode.QuickPickItem { readonly text: () => Promise<string> }
  const items: Start[] = [
    ...subject.triggers.map(({ id }) => ({ label: vscode.l10n.t('Sample for {0}', withoutIcons(triggerWords(id))), detail: vscode.l10n.t('Made-up values for what such an event has.'), text: () => Promise.resolve(sampleEvent([id])) })),
    { label: vscode.l10n.t('Empty Event'), detail: vscode.l10n.t('Only what you write; completion offers what there is.'), text: () => Promise.resolve('{}') },
    ...events.map(event => ({ label: vscode.l10n.t('Copy of {0}', eventLabel(event)), text: () => eventText(subject, event) })),
  ];
  const choice = await choose(whose, items, vscode.l10n.t('Begin the new event of {0} with what?', short(subject.name)));
  if (choice === undefined) {
    throw new Dismissed();
  }
  return choice.text();
}

async function keep(parts: Parts, subject: Subject, name: string, text: string): Promise<vscode.Uri> {
  if (subject.draft !== undefined) {
    const uri = namedEventUri(subject.draft, name);
    const address = readRunUri(uri);
    if (address?.event !== name) {
      throw new UserError(nameProblemWords('characters'));
    }
    await parts.runs.keep(uri, address, text);
    return uri;
  }
  const folder = folderOf(subject);
  if (folder === undefined) {
    throw new UserError(vscode.l10n.t('The file of {0} is in no folder of the workspace.', short(subject.name)));
  }
  const uri = vscode.Uri.joinPath(folder, `${name}.json`);
  await refuseLinks(uri);
  if (await isThere(uri)) {
    throw new UserError(nameProblemWords('taken'));
  }
  await vscode.workspace.fs.createDirectory(folder);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

async function isThere(uri: vscode.Uri): Promise<boolean> {
  return Promise.resolve(vscode.workspace.fs.stat(uri)).then(() => true, () => false);
}

function relativeFolder(subject: Subject): string {
  const folder = folderOf(subject);
  return folder === undefined ? '' : vscode.workspace.asRelativePath(folder, false);
}

function nameProblemWords(problem: EventNameProblem): string {
  switch (problem) {
    case 'empty': return vscode.l10n.t('A name is needed: it becomes the name of a file.');
    case 'tooLong': return vscode.l10n.t('The name is too long for a file.');
    case 'characters': return vscode.l10n.t('The name becomes the name of a file: letters, digits, spaces and . _ - are fine, not at its ends.');
    case 'device': return vscode.l10n.t('Windows keeps this name for a device.');
    case 'taken': return vscode.l10n.t('There is an event of this name already.');
  }
}
