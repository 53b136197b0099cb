/** What came of a run on this machine, as a document. */
import { l10n } from 'vscode';
import type { ApiCall, LimitMet, LocalRunResult } from '../../actions/runs/localRun.ts';
import { CONSOLE_LIMIT, RUN_LIMIT_MS } from '../../actions/runs/localRun.ts';
import { RunPage } from '../runs/runPage.ts';
import type { RunStep } from '../runs/runPage.ts';
import type { RunText } from '../runs/runDocuments.ts';
import { thrownWords } from '../runs/runWords.ts';
import { short } from '../texts.ts';
import { triggerWords, whenWords } from '../words.ts';
import type { Subject } from './subject.ts';

export interface LocalRunFacts {
  readonly subject: Subject;
  readonly result: LocalRunResult;
  /** The event, for a person. */
  readonly from?: string;
  /** Of this machine, such as `24.1.0`. */
  readonly nodeVersion: string;
  /** What is to be known of packages. */
  readonly packages: readonly string[];
  /** Names of secrets that had a value. */
  readonly given: readonly string[];
  readonly debug: boolean;
  /** Milliseconds since the epoch, when it ended. */
  readonly at: number;
}

/** Characters of a call's arguments. */
const LONGEST_ARGUMENTS = 300;

export function localRunText({ subject, result, from, nodeVersion, packages, given, debug, at }: LocalRunFacts): RunText {
  const { error, errorLine: line } = result;
  const place = { uri: subject.uri, code: subject.code, file: subject.path };
  const lineWords = (number: number): string => l10n.t('line {0}', number);
  const page = new RunPage().part(l10n.t('Run of {0} on this machine', short(subject.name)), [
    [triggerWords(subject.triggers[0]?.id), subject.triggers[0]?.version, whenWords(new Date(at).toISOString(), at)].filter(one => one !== undefined).join(', '),
    from === undefined ? undefined : l10n.t('Event: {0}', short(from)),
    nodeWords(nodeVersion, subject.runtime),
    result.testSupport === undefined ? undefined : l10n.t('Calls were checked by the test support of @auth0/actions {0} as well, which the project has installed.', short(result.testSupport)),
    debug ? l10n.t('Under the debugger there is no limit of time.') : undefined,
  ]).part(l10n.t('Result'), [endWords(result)]);
  if (error !== undefined && line !== undefined) {
    page.codeLine(l10n.t('Place'), l10n.t('Line {0} of the code', line), place, line);
  }
  page.stack(l10n.t('Stack'), error?.stack ?? '', place);
  const calls = page.steps(l10n.t('Calls of the api object'), result.calls.map(callStep), place, lineWords);
  const missing = subject.secrets.filter(name => !given.includes(name)).map(name => short(name));
  return calls
    .part(l10n.t('Calls of the api object'), result.calls.length === 0 ? [l10n.t('None.')] : (result.leftOut?.calls ?? 0) > 0 ? [l10n.t('{0} more are left out.', result.leftOut?.calls ?? 0)] : [])
    .part(l10n.t('Console'), [...result.console.flatMap(({ level, text }) => text.split('\n').map((row, index) => (index > 0 || level === 'log' ? row : `[${short(level)}] ${row}`))), (result.leftOut?.lines ?? 0) > 0 ? l10n.t('{0} more are left out.', result.leftOut?.lines ?? 0) : undefined])
    .part(l10n.t('Limits of the service'), [...(result.end === 'timedOut' ? [l10n.t('Time: a run ends after {0} seconds.', RUN_LIMIT_MS / 1000)] : []), ...result.limits.map(limitWords)])
    .part(l10n.t('Packages'), packages)
    .part(l10n.t('Secrets'), [given.length === 0 ? undefined : l10n.t('With a value: {0}', given.map(name => short(name)).join(', ')), missing.length === 0 ? undefined : l10n.t('Without a value: {0}', missing.join(', '))])
    .part(l10n.t('Durations'), [l10n.t('loading: {0} ms', rounded(result.ms.load)), l10n.t('handlers: {0} ms', rounded(result.ms.handlers)), result.handlers.length > 1 ? l10n.t('Handlers that ran: {0}', result.handlers.map(name => short(name)).join(', ')) : undefined])
    .done();
}

/** How a run ended, in one sentence. */
export function endWords(result: LocalRunResult): string {
  switch (result.end) {
    case 'finished': return l10n.t('It ran to its end without an error.');
    case 'threw': return l10n.t('It failed: {0}', result.error === undefined ? '' : thrownWords(result.error));
    case 'timedOut': return result.stuck === true
      ? l10n.t('It waits for something that never comes. The service would end it after {0} seconds.', RUN_LIMIT_MS / 1000)
      : l10n.t('It ran longer than {0} seconds and was ended, as the service would do.', RUN_LIMIT_MS / 1000);
    case 'exited': return result.signal === undefined
      ? l10n.t('Its code ended the process with {0}, before the handler had returned.', result.exitCode ?? 0)
      : l10n.t('Its process was ended by {0}, before the handler had returned.', short(result.signal));
    case 'stopped': return l10n.t('It was stopped.');
  }
}

function nodeWords(version: string, runtime: string | undefined): string {
  const major = version.split('.')[0] ?? '';
  return runtime === undefined || runtime === `node${major}` ? l10n.t('Node.js {0}', version) : l10n.t('Node.js {0} of this machine; the action has {1}.', version, short(runtime));
}

function callStep({ method, args, line, problem }: ApiCall): RunStep {
  const list = args.map(one => JSON.stringify(one)).join(', ');
  const step = { text: `${short(method)}(${short(list, LONGEST_ARGUMENTS)})`, ...(line === undefined ? {} : { line }) };
  return problem === undefined ? step : { ...step, notes: [problemWords(problem)] };
}

function problemWords(problem: NonNullable<ApiCall['problem']>): string {
  switch (problem.kind) {
    case 'unknownMethod': return l10n.t('There is no such method in this version of the trigger.');
    case 'otherHandler': return l10n.t('It does nothing in this handler.');
    case 'missing': return l10n.t('The argument {0} is missing.', short(problem.parameter));
    case 'wrongType': return l10n.t('The argument {0} has to be: {1}', short(problem.parameter), short(problem.expected, LONGEST_ARGUMENTS));
  }
}

function limitWords(limit: LimitMet): string {
  switch (limit.kind) {
    case 'console': return l10n.t('Console: {0} characters, of which the service keeps {1}.', limit.characters, CONSOLE_LIMIT);
    case 'cacheEntries': return l10n.t('Cache: no room for {0}, since a trigger has 20 entries at most.', short(limit.key));
    case 'cacheSize': return l10n.t('Cache: {0} was refused. A key has 64 bytes at most, a value 4 kB, all together 8 kB.', short(limit.key));
    case 'leftBehind': return l10n.t('Left behind when the handler returned, and ended with the run: {0}', short(counted(limit.what), LONGEST_ARGUMENTS));
  }
}

/** `Timeout (2), TCPSocketWrap` */
function counted(names: readonly string[]): string {
  return [...new Set(names)].map(name => {
    const count = names.filter(one => one === name).length;
    return count === 1 ? name : `${name} (${count})`;
  }).join(', ');
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
