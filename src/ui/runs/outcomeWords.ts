/** What came of a run with an event, in words: pages, and what was expected beside what came. */
import { l10n } from 'vscode';
import type { ExpectedCall } from '../../actions/runs/eventFile.ts';
import { CONSOLE_LIMIT, RUN_LIMIT_MS } from '../../actions/runs/localRun.ts';
import type { ApiCall, CallProblem, LimitMet, LocalRunResult } from '../../actions/runs/localRun.ts';
import type { Difference } from '../../actions/runs/verdict.ts';
import { short } from '../texts.ts';
import { whenWords } from '../words.ts';
import type { RunOutcome } from './outcomes.ts';
import { RunPage } from './runPage.ts';
import type { RunStep } from './runPage.ts';
import { durationWords, thrownWords } from './runWords.ts';

/** Characters of one call: its arguments may be whole objects. */
const LONGEST_CALL = 300;
/** Characters of one side of a comparison. */
const LONGEST_SIDE = 20_000;
/** Parts of an answer that nobody has documented. */
const MOST_PARTS = 20;

/** `api.access.deny("no", {…})`, with its arguments as JSON. */
export function callWords({ method, args }: { readonly method: string; readonly args?: readonly unknown[] }): string {
  return args === undefined ? `${method}(…)` : `${method}(${args.map(arg => JSON.stringify(arg)).join(', ')})`;
}

/** One difference as a sentence, with both sides where there are two. */
export function differenceWords(difference: Difference): { readonly text: string; readonly expected?: string; readonly actual?: string } {
  switch (difference.kind) {
    case 'missingCall': return { text: l10n.t('Expected call is missing: {0}', cut(difference.expected)), ...(difference.nearest === undefined ? {} : sides(difference.expected, difference.nearest)) };
    case 'callTooEarly': return { text: l10n.t('Call is out of order: {0}', cut(difference.call)) };
    case 'extraCall': return { text: l10n.t('Call was not expected: {0}', cut(difference.call)) };
    case 'forbiddenCall': return { text: l10n.t('Call was not to happen: {0}', cut(difference.call)) };
    case 'unexpectedError': return { text: thrownWords(difference.error) };
    case 'otherError': return { text: l10n.t('Another error than expected: {0}', thrownWords(difference.error)), expected: difference.text, actual: thrownWords(difference.error) };
    case 'noError': return { text: difference.text === undefined ? l10n.t('An error was expected, and there was none.') : l10n.t('An error was expected, and there was none: {0}', short(difference.text, LONGEST_CALL)) };
    case 'notFinished': return { text: endWords(difference) };
  }
}

function sides(expected: ExpectedCall, call: ApiCall): { readonly expected: string; readonly actual: string } {
  return { expected: pretty(expected), actual: pretty(call) };
}

/** A call over several lines, for a comparison of two. */
function pretty({ method, args }: { readonly method: string; readonly args?: readonly unknown[] }): string {
  return `${method}\n${JSON.stringify(args ?? [], undefined, 2)}`.slice(0, LONGEST_SIDE);
}

function cut(call: { readonly method: string; readonly args?: readonly unknown[] }): string {
  return short(callWords(call), LONGEST_CALL);
}

/** What of an expectation a run in a tenant leaves open. */
export function notJudgedWords({ verdict }: RunOutcome): string | undefined {
  return verdict.notJudged.length === 0 ? undefined : l10n.t('The event expects calls, or none. The service answers with an error and durations alone, so a run in a tenant cannot show them: this is neither passed nor failed. A run on this machine shows them.');
}

/** How a run ended, in one sentence, with as much as is known of it. */
export function endWords({ end, error, stuck, exitCode, signal }: Pick<LocalRunResult, 'end' | 'error' | 'stuck' | 'exitCode' | 'signal'>): string {
  switch (end) {
    case 'finished': return l10n.t('It ran to its end without an error.');
    case 'threw': return error === undefined ? l10n.t('It failed.') : l10n.t('It failed: {0}', thrownWords(error));
    case 'timedOut': return stuck === true
      ? l10n.t('It waits for something that never comes. The service would end it after {0} seconds.', RUN_LIMIT_MS / 1000)
      : l10n.t('It ran longer than {0} seconds and was ended, as the service would do.', RUN_LIMIT_MS / 1000);
    case 'exited': return signal !== undefined
      ? l10n.t('Its process was ended by {0}, before the handler had returned.', short(signal))
      : exitCode === undefined ? l10n.t('Its code ended the process, before the handler had returned.') : l10n.t('Its code ended the process with {0}, before the handler had returned.', exitCode);
    case 'stopped': return l10n.t('It was stopped.');
  }
}

/** All of a run as a page. What such a run cannot show is said in its place. */
export function outcomePage(outcome: RunOutcome): RunPage {
  const { where, tenant, at, unsaved, error, errorLine, calls, console, limits, verdict, stats, rest } = outcome;
  const page = new RunPage().part(where === 'tenant' ? l10n.t('Run in {0}', short(tenant?.name ?? '?')) : l10n.t('Run on this machine'), [
    whenWords(new Date(at).toISOString(), at),
    tenant?.isDemo === true ? l10n.t('The demo tenant runs no code: it finds the errors that can be seen without.') : undefined,
    unsaved ? l10n.t('The draft as it is saved there. The text in the editor is another one, and did not run.') : undefined,
  ]).part(l10n.t('Result'), [endWords(outcome), ...verdict.differences.filter(one => one.kind !== 'unexpectedError').map(one => differenceWords(one).text)]);
  if (verdict.notJudged.length > 0) {
    page.part(l10n.t('Not judged'), [notJudgedWords(outcome)]);
  }
  if (error !== undefined && errorLine !== undefined) {
    page.codeLine(l10n.t('Place'), l10n.t('Line {0} of the code', errorLine), outcome, errorLine);
  }
  if (error !== undefined) {
    page.stack(l10n.t('Stack'), error.stack, outcome);
  }
  page.steps(l10n.t('Calls of the api object'), callSteps(calls ?? []), outcome);
  page.part(l10n.t('Calls of the api object'), calls === undefined ? [where === 'tenant' ? l10n.t('The service does not tell which calls were made.') : undefined] : calls.length === 0 ? [l10n.t('None.')] : []);
  page.part(l10n.t('Console'), console === undefined ? [where === 'tenant' ? l10n.t('The service does not tell what was written to the console.') : undefined] : console.length === 0 ? [l10n.t('nothing')] : consoleLines(console));
  page.part(l10n.t('Limits of the service'), (limits ?? []).map(limitWords));
  page.part(l10n.t('Durations'), stats.map(durationWords));
  for (const [name, value] of Object.entries(rest).slice(0, MOST_PARTS)) {
    page.value(short(name), value ?? null);
  }
  return page;
}

/** Calls as a page lists them, with what is wrong with them. */
export function callSteps(calls: readonly ApiCall[]): readonly RunStep[] {
  return calls.map(call => ({
    text: cut(call),
    ...(call.line === undefined ? {} : { line: call.line }),
    ...(call.problem === undefined ? {} : { notes: [problemWords(call.problem)] }),
  }));
}

function problemWords(problem: CallProblem): string {
  switch (problem.kind) {
    case 'unknownMethod': return l10n.t('There is no such method in this version of the trigger.');
    case 'otherHandler': return l10n.t('It does nothing in this handler.');
    case 'missing': return l10n.t('The argument {0} is missing.', short(problem.parameter));
    case 'wrongType': return l10n.t('The argument {0} has to be: {1}', short(problem.parameter), short(problem.expected, LONGEST_CALL));
  }
}

/** Lines of the console, with the level of what is more than a log. */
export function consoleLines(console: LocalRunResult['console']): readonly string[] {
  return console.flatMap(({ level, text }) => text.split(/\r\n|\r|\n/u).map((row, index) => (index > 0 || level === 'log' ? row : `[${short(level)}] ${row}`)));
}

export function limitWords(limit: LimitMet): string {
  switch (limit.kind) {
    case 'console': return l10n.t('Console: {0} characters, of which the service keeps {1}.', limit.characters, CONSOLE_LIMIT);
    case 'cacheEntries': return l10n.t('Cache: no room for {0}, since a trigger has 20 entries at most.', short(limit.key));
    case 'cacheSize': return l10n.t('Cache: {0} was refused. A key has 64 bytes at most, a value 4 kB, all together 8 kB.', short(limit.key));
    case 'leftBehind': return l10n.t('Left behind when the handler returned, and ended with the run: {0}', short(counted(limit.what), LONGEST_CALL));
  }
}

/** `Timeout (2), TCPSocketWrap` */
function counted(names: readonly string[]): string {
  return [...new Set(names)].map(name => {
    const count = names.filter(one => one === name).length;
    return count === 1 ? name : `${name} (${count})`;
  }).join(', ');
}
