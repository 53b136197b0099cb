/** What came of runs, in words: documents, rows of a list, and what is wrong with an event. */
import { l10n } from 'vscode';
import type { EventFileProblem, Wanted } from '../../actions/runs/eventFile.ts';
import { lineOfError } from '../../actions/runs/stack.ts';
import type { Action, Version } from '../../auth0/api.ts';
import type { Execution, FailedRun, TestResult, Thrown } from '../../auth0/runs.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { short } from '../texts.ts';
import { triggerWords, whenWords } from '../words.ts';
import { RunPage } from './runPage.ts';
import type { CodePlace } from './runPage.ts';
import type { RunText } from './runDocuments.ts';

/** Characters of an error that stand in one line. */
const MESSAGE = 300;

/** Parts of an answer that nobody has documented. */
const MOST_PARTS = 20;

export interface TestFacts {
  readonly tenant: Pick<TenantRef, 'name' | 'isDemo'>;
  readonly action: Action;
  readonly place: CodePlace;
  readonly result: TestResult;
  /** Milliseconds from sending to the answer. */
  readonly ms: number;
  /** Milliseconds since the epoch, when it ended. */
  readonly at: number;
  /** The editor holds a text that was not tested. */
  readonly unsaved: boolean;
}

/** What came of a test, as a document. */
export function testText({ tenant, action, place, result, ms, at, unsaved }: TestFacts): RunText {
  const { error, stats, rest } = result;
  const page = new RunPage().part(l10n.t('Test of {0} in {1}', short(action.name), tenant.name), [
    l10n.t('The draft as it is saved there, {0}. Answered after {1} ms.', whenWords(new Date(at).toISOString(), at), Math.round(ms)),
    tenant.isDemo ? l10n.t('The demo tenant runs no code: it finds the errors that can be seen without.') : undefined,
    unsaved ? l10n.t('The text in the editor differs from it, and was not tested.') : undefined,
  ]);
  if (error === undefined) {
    page.part(l10n.t('Result'), [l10n.t('It ran to its end without an error.')]);
  } else {
    page.part(l10n.t('Result'), [l10n.t('It failed: {0}', thrownWords(error))]);
    errorPlace(page, error, place, line => l10n.t('Line {0} of the draft', line));
  }
  page.part(l10n.t('Durations'), stats.map(durationWords));
  for (const [name, value] of Object.entries(rest).slice(0, MOST_PARTS)) {
    // Under the service's own name: what it means is documented nowhere.
    page.value(short(name), value ?? null);
  }
  return page.done();
}

/** The line that a stack names, where it is one of the code, and the stack. */
function errorPlace(page: RunPage, error: Thrown, place: CodePlace | undefined, words: (line: number) => string): void {
  const line = place === undefined ? undefined : lineOfError(error.stack, place.code);
  if (place !== undefined && line !== undefined) {
    page.codeLine(l10n.t('Place'), words(line), place, line);
  } else if (place !== undefined) {
    page.part(l10n.t('Place'), [l10n.t('The stack names no line of the code.')]);
  }
  page.stack(l10n.t('Stack'), error.stack, place);
}

/** One of the durations of a run, such as `action_duration_ms`, or whatever else the service counts. */
export function durationWords({ name, value }: TestResult['stats'][number]): string {
  return name.endsWith('_ms') ? l10n.t('{0}: {1} ms', name.slice(0, -3).replaceAll('_', ' '), value) : `${name}: ${value}`;
}

/** `TypeError: No plan`, whatever of it there is. */
export function thrownWords({ name, message }: Thrown): string {
  return [short(name), short(message, MESSAGE)].filter(text => text !== '').join(': ') || l10n.t('an error without a text');
}

export interface FailureFacts {
  readonly tenant: string;
  readonly name: string;
  readonly run: FailedRun;
  /** The version that failed, where the tenant still has it. */
  readonly version?: Version;
  readonly place?: CodePlace;
  /** Nothing where it could not be read; the words say why. */
  readonly execution?: Execution;
  readonly executionProblem?: string;
  readonly now: number;
}

/** What the log says of a run that failed, as a document. */
export function failureText({ tenant, name, run, version, place, execution, executionProblem, now }: FailureFacts): RunText {
  const page = new RunPage()
    .part(l10n.t('Failed run of {0} in {1}', short(name), tenant), [
      `${whenWords(run.date, now)} (${short(run.date ?? '?')})`,
      l10n.t('{0} flow', triggerWords(run.triggerId)),
      versionSentence(run, version),
    ])
    .part(l10n.t('Error'), [thrownWords(run.error), run.description === undefined || run.description === thrownWords(run.error) ? undefined : short(run.description, MESSAGE)]);
  errorPlace(page, run.error, place, line => l10n.t('Line {0} of v{1}', line, version?.number ?? 0));
  return page
    .part(l10n.t('Who'), [run.clientName === undefined ? undefined : l10n.t('Application: {0}', short(run.clientName)), run.userId === undefined ? undefined : l10n.t('User: {0}', short(run.userId))])
    .part(l10n.t('The whole flow'), execution === undefined ? [executionProblem] : [l10n.t('Status: {0}', short(execution.status)), ...execution.results.map(resultWords)])
    .part(l10n.t('In the log'), [run.logId === '' ? undefined : l10n.t('Entry: {0}', short(run.logId, 200)), run.executionId === undefined ? undefined : l10n.t('Execution: {0}', short(run.executionId, 200))])
    .done();
}

function versionSentence(run: FailedRun, version: Version | undefined): string {
  if (version !== undefined) {
    return `v${version.number}`;
  }
  return run.versionId === undefined ? l10n.t('The log does not say which version it was.') : l10n.t('The version that failed is not kept any more.');
}

function resultWords({ actionName, error, startedAt, endedAt }: Execution['results'][number]): string {
  const ms = Date.parse(cut(endedAt)) - Date.parse(cut(startedAt));
  const time = Number.isNaN(ms) || ms < 0 ? '' : `, ${l10n.t('{0} ms', ms)}`;
  return `${short(actionName)}: ${error === undefined ? l10n.t('no error') : short(error, MESSAGE) || l10n.t('an error without a text')}${time}`;
}

/** Nine fraction digits are more than a Date reads everywhere. */
function cut(time: string | undefined): string {
  return (time ?? '').replace(/(\.\d{3})\d+/u, '$1');
}

/** What is wrong with the event of a test. */
export function eventProblemWords(problem: EventFileProblem): string {
  switch (problem.kind) {
    case 'syntax': return l10n.t('The event is no JSON: line {0} cannot be read. Nothing was sent.', problem.line);
    case 'noObject': return l10n.t('The event is no JSON object. Nothing was sent.');
    case 'secret': return l10n.t('The event has something in `secrets` on line {0}. It is kept as a plain file, where secrets do not belong. Take it out: nothing was sent.', problem.line);
    case 'unknownKey': return l10n.t('{0} on line {1} of the event means nothing. Nothing was sent.', `\`${short(problem.path)}\``, problem.line);
    case 'shape': return l10n.t('{0} on line {1} of the event is to be {2}. Nothing was sent.', `\`${short(problem.path)}\``, problem.line, wantedWords(problem.wants));
  }
}

function wantedWords(wants: Wanted): string {
  switch (wants) {
    case 'object': return l10n.t('an object');
    case 'list': return l10n.t('a list');
    case 'text': return l10n.t('a text');
    case 'trueOrFalse': return l10n.t('true or false');
    case 'trueOrMethods': return l10n.t('true, or a list of methods');
    case 'errorText': return l10n.t('true, false, or a text of the error');
  }
}
