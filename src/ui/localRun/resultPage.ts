/** What came of a run on this machine, as a document. */
import { l10n } from 'vscode';
import type { LocalRunResult } from '../../actions/runs/localRun.ts';
import { RUN_LIMIT_MS } from '../../actions/runs/localRun.ts';
import { callSteps, consoleLines, endWords, limitWords } from '../runs/outcomeWords.ts';
import { RunPage } from '../runs/runPage.ts';
import type { RunText } from '../runs/runDocuments.ts';
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

export function localRunText({ subject, result, from, nodeVersion, packages, given, debug, at }: LocalRunFacts): RunText {
  const { error, errorLine: line } = result;
  const place = { uri: subject.uri, code: subject.code, file: subject.path };
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
  const calls = page.steps(l10n.t('Calls of the api object'), callSteps(result.calls), place);
  const missing = subject.secrets.filter(name => !given.includes(name)).map(name => short(name));
  return calls
    .part(l10n.t('Calls of the api object'), result.calls.length === 0 ? [l10n.t('None.')] : (result.leftOut?.calls ?? 0) > 0 ? [l10n.t('{0} more are left out.', result.leftOut?.calls ?? 0)] : [])
    .part(l10n.t('Console'), [...consoleLines(result.console), (result.leftOut?.lines ?? 0) > 0 ? l10n.t('{0} more are left out.', result.leftOut?.lines ?? 0) : undefined])
    .part(l10n.t('Limits of the service'), [...(result.end === 'timedOut' ? [l10n.t('Time: a run ends after {0} seconds.', RUN_LIMIT_MS / 1000)] : []), ...result.limits.map(limitWords)])
    .part(l10n.t('Packages'), packages)
    .part(l10n.t('Secrets'), [given.length === 0 ? undefined : l10n.t('With a value: {0}', given.map(name => short(name)).join(', ')), missing.length === 0 ? undefined : l10n.t('Without a value: {0}', missing.join(', '))])
    .part(l10n.t('Durations'), [l10n.t('loading: {0} ms', rounded(result.ms.load)), l10n.t('handlers: {0} ms', rounded(result.ms.handlers)), result.handlers.length > 1 ? l10n.t('Handlers that ran: {0}', result.handlers.map(name => short(name)).join(', ')) : undefined])
    .done();
}

function nodeWords(version: string, runtime: string | undefined): string {
  const major = version.split('.')[0] ?? '';
  return runtime === undefined || runtime === `node${major}` ? l10n.t('Node.js {0}', version) : l10n.t('Node.js {0} of this machine; the action has {1}.', version, short(runtime));
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
