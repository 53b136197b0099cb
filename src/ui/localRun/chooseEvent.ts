/** Which event a run gets: a file beside the code, the one that is kept for tests of the draft, or a sample. */
import * as vscode from 'vscode';
import { readEventFile } from '../../actions/runs/eventFile.ts';
import { sampleEvent } from '../../actions/runs/events.ts';
import type { JsonObject } from '../../auth0/json.ts';
import type { Parts } from '../commands/parts.ts';
import { UserError } from '../errorWords.ts';
import { choose } from '../messages.ts';
import { Dismissed } from '../run.ts';
import { eventProblemWords } from '../runs/runWords.ts';
import { SAMPLE, eventLabel, eventText, eventsOf } from '../runs/subjects.ts';
import { short, withoutIcons } from '../texts.ts';
import { triggerWords } from '../words.ts';
import { forgetSecrets, remembersSecrets } from './secrets.ts';
import type { Subject } from './subject.ts';

export interface ChosenEvent {
  readonly event: JsonObject;
  readonly continueWith?: JsonObject;
  /** For a person. */
  readonly from: string;
}

interface EventItem extends vscode.QuickPickItem {
  readonly key: string;
  read(): Promise<string>;
}

const FORGET = 'forget';

/** What was chosen last for a subject: it comes first. */
const last = new Map<string, string>();

/**
 * Asks where there is more than one event.
 * @throws Dismissed, and UserError for an event that cannot be read.
 */
export async function chooseEvent(parts: Parts, subject: Subject): Promise<ChosenEvent> {
  const key = subject.uri.toString();
  const items = await itemsFor(parts, subject);
  const sorted = [...items].sort((a, b) => Number(b.key === last.get(key)) - Number(a.key === last.get(key)));
  const question = vscode.l10n.t('Run {0} on this machine with which event?', short(subject.name));
  const others = remembersSecrets(subject.uri) ? [{ key: FORGET, label: vscode.l10n.t('Ask for the Secrets Again…'), detail: vscode.l10n.t('Forgets the values that this window has in its memory.'), read: () => Promise.resolve('') }] : [];
  let item = sorted.length + others.length === 1 ? sorted[0] : await choose<EventItem>(subject.about, [...sorted, ...others], question);
  if (item?.key === FORGET) {
    forgetSecrets(subject.uri);
    item = sorted.length === 1 ? sorted[0] : await choose<EventItem>(subject.about, sorted, question);
  }
  if (item === undefined) {
    throw new Dismissed();
  }
  last.set(key, item.key);
  return { ...readChosen(await item.read()), from: item.label };
}

async function itemsFor(parts: Parts, subject: Subject): Promise<readonly EventItem[]> {
  const events = await eventsOf(parts, subject);
  const [trigger] = subject.triggers;
  return [
    ...events.map(event => ({
      key: event.key,
      label: eventLabel(event),
      description: event.uri?.scheme === 'file' ? withoutIcons(vscode.workspace.asRelativePath(event.uri)) : '',
      read: () => eventText(subject, event),
    })),
    { key: 'sample', label: eventLabel(SAMPLE), description: vscode.l10n.t('Made-up values for {0}.', withoutIcons(triggerWords(trigger?.id))), read: () => Promise.resolve(sampleEvent(subject.triggers.map(one => one.id))) },
  ];
}

function readChosen(text: string): Pick<ChosenEvent, 'event' | 'continueWith'> {
  const read = readEventFile(text);
  if ('problem' in read) {
    throw new UserError(eventProblemWords(read.problem));
  }
  return { event: read.event, ...(read.continueWith === undefined ? {} : { continueWith: read.continueWith }) };
}
