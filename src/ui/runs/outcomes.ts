/** One run with an event, on this machine or in a tenant: how it is brought about, and what came of it in one shape for both. */
import * as vscode from 'vscode';
import { readEventFile } from '../../actions/runs/eventFile.ts';
import type { EventFile } from '../../actions/runs/eventFile.ts';
import type { ApiCall, LimitMet, LocalRunResult, RunEnd } from '../../actions/runs/localRun.ts';
import { lineOfError } from '../../actions/runs/stack.ts';
import { judge } from '../../actions/runs/verdict.ts';
import type { Verdict } from '../../actions/runs/verdict.ts';
import type { Action } from '../../auth0/api.ts';
import type { JsonObject } from '../../auth0/json.ts';
import type { Thrown } from '../../auth0/runs.ts';
import type { Parts } from '../commands/parts.ts';
import type { Target } from '../commands/targets.ts';
import { tenantNamed } from '../commands/targets.ts';
import { UserError } from '../errorWords.ts';
import { Dismissed } from '../run.ts';
import { short } from '../texts.ts';
import { savedUri } from '../uris.ts';
import type { CodePlace } from './runPage.ts';
import { eventProblemWords } from './runWords.ts';
import { eventText, openDocument } from './subjects.ts';
import type { KeptEvent, Subject } from './subjects.ts';
import { confirmRun, runInTenant, settleUnsaved } from './tenantRun.ts';
import { settleFile } from './workspaceFiles.ts';

/** The code that ran, and where it can be seen. */
export interface RunOutcome extends CodePlace {
  readonly where: 'local' | 'tenant';
  /** The tenant that ran it. */
  readonly tenant?: { readonly name: string; readonly isDemo: boolean };
  /** Milliseconds since the epoch, when it ended. */
  readonly at: number;
  /** The editor holds a text that was not run. */
  readonly unsaved: boolean;
  /** What tells this state of a draft from others: more than its code may change. */
  readonly state?: string;
  /** The event as it was written. */
  readonly eventText: string;
  readonly end: RunEnd;
  /** More of how it ended, as a {@link LocalRunResult} has it. */
  readonly stuck?: true;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly error?: Thrown;
  /** Line of the code (from 1) that threw. */
  readonly errorLine?: number;
  /** The rest is known of runs on this machine alone. */
  readonly calls?: readonly ApiCall[];
  readonly console?: LocalRunResult['console'];
  readonly limits?: readonly LimitMet[];
  /** By name, as the service gives them, such as `action_duration_ms`. */
  readonly stats: readonly { readonly name: string; readonly value: number }[];
  /** Whatever else the service answered. */
  readonly rest: JsonObject;
  /** Milliseconds, as a list of tests shows it. */
  readonly ms: number;
  readonly verdict: Verdict;
}

/** What has run last, by event, for comparisons. */
const last = new Map<string, Partial<Record<RunOutcome['where'], RunOutcome>>>();
/** Outcomes that are remembered. */
const MOST_LAST = 200;

/** The last run with this event, where the event and the code are still those. */
export function lastOutcome(subject: Subject, event: KeptEvent, where: RunOutcome['where'], is: Pick<RunOutcome, 'code' | 'eventText' | 'state'>): RunOutcome | undefined {
  const outcome = last.get(`${subject.key} ${event.key}`)?.[where];
  return outcome?.code === is.code && outcome.eventText === is.eventText && outcome.state === is.state ? outcome : undefined;
}

/**
 * The event as it is to be run.
 * @throws UserError for one that cannot be read.
 */
export async function readForRun(subject: Subject, event: KeptEvent): Promise<EventFile & { readonly text: string }> {
  const text = await eventText(subject, event);
  const read = readEventFile(text);
  if ('problem' in read) {
    throw new EventError(eventProblemWords(read.problem), 'line' in read.problem ? read.problem.line : 1);
  }
  return { ...read, text };
}

/** An event that cannot be read, and on which line (from 1). */
export class EventError extends UserError {
  readonly line: number;

  constructor(text: string, line: number) {
    super(text);
    this.line = line;
  }
}

/** Runs on this machine. Rejects with a UserError or Dismissed where nothing ran. */
export async function runLocally(parts: Parts, subject: Subject, event: KeptEvent, { debug, token }: { readonly debug: boolean; readonly token: vscode.CancellationToken }): Promise<RunOutcome> {
  const { event: sent, continueWith, expect, text } = await readForRun(subject, event);
  const code = await codeOf(subject.uri);
  const result = await (await parts.localRuns.load()).runSubject(parts, subject.uri, { event: sent, ...(continueWith === undefined ? {} : { continueWith }) }, { debug, token, ask: true });
  if (result.end === 'stopped' && token.isCancellationRequested) {
    throw new Dismissed();
  }
  return remember(subject, event, {
    where: 'local', uri: subject.uri, code, file: result.file, eventText: text, end: result.end, at: parts.state.clock.now(), unsaved: false,
    ...(result.stuck === undefined ? {} : { stuck: result.stuck }),
    ...(result.exitCode === undefined ? {} : { exitCode: result.exitCode }),
    ...(result.signal === undefined ? {} : { signal: result.signal }),
    ...(result.error === undefined ? {} : { error: result.error }),
    ...(result.errorLine === undefined ? {} : { errorLine: result.errorLine }),
    calls: result.calls, console: result.console, limits: result.limits,
    stats: [{ name: 'load_ms', value: result.ms.load }, { name: 'handlers_ms', value: result.ms.handlers }],
    rest: {}, ms: result.ms.load + result.ms.handlers,
    verdict: judge(expect, result),
  });
}

/** A draft that may be run: what there was to save or to push has been, and a protected tenant has been asked about. */
export interface ReadyTarget {
  readonly target: Target;
  /** As it was read before; what runs is read again. */
  readonly action: Action;
  readonly unsaved: boolean;
}

/** Brings the draft up to date, and asks what is to be asked. Rejects with Dismissed where a person declines, and as its parts do. */
export async function makeReady(parts: Parts, subject: Subject): Promise<ReadyTarget> {
  const { draft } = subject;
  const target = draft === undefined ? await (await parts.local.get()).local.target(subject.uri) : { tenant: tenantNamed(parts.state, draft.tenantId), actionId: draft.actionId, actionName: subject.name };
  const api = await target.tenant.api();
  const action = await api.getAction(target.actionId);
  const unsaved = 'file' in target ? await settleFile(parts, target, action) : await settleUnsaved(parts, target, action, !parts.unattended);
  const current = unsaved === 'saved' ? await api.getAction(target.actionId) : action;
  await confirmRun(parts, target, current);
  return { target: { tenant: target.tenant, actionId: target.actionId, actionName: current.name }, action: current, unsaved: unsaved === 'leftOut' };
}

/** Sends the event once. Rejects as {@link runInTenant}, and with a UserError for an event that cannot be read. */
export async function runThere(parts: Parts, subject: Subject, event: KeptEvent, { target, unsaved }: ReadyTarget, token: vscode.CancellationToken): Promise<RunOutcome> {
  const { event: sent, expect, text } = await readForRun(subject, event);
  const { action, result, ms } = await runInTenant(parts, target, sent, token, words => parts.log.trace(`test of ${short(target.actionName)}: ${words}`));
  const { error } = result;
  const errorLine = error === undefined ? undefined : lineOfError(error.stack, action.code);
  const end = error === undefined ? 'finished' : 'threw';
  return remember(subject, event, {
    // What did not run is no place of what did.
    where: 'tenant', tenant: target.tenant, uri: unsaved ? savedUri(target.tenant.id, target.actionId, action.name) : subject.uri, code: action.code, eventText: text, end, at: parts.state.clock.now(), unsaved,
    ...(action.updatedAt === undefined ? {} : { state: action.updatedAt }),
    ...(error === undefined ? {} : { error }),
    ...(errorLine === undefined ? {} : { errorLine }),
    stats: result.stats, rest: result.rest,
    ms: result.stats.find(one => one.name === 'action_duration_ms')?.value ?? ms,
    verdict: judge(expect, { end, ...(error === undefined ? {} : { error }) }),
  });
}

/** The code of a subject as it is in the editor, else as it is kept. */
export async function codeOf(uri: vscode.Uri): Promise<string> {
  return openDocument(uri)?.getText() ?? new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

function remember(subject: Subject, event: KeptEvent, outcome: RunOutcome): RunOutcome {
  const key = `${subject.key} ${event.key}`;
  const known = last.get(key);
  last.delete(key);
  last.set(key, { ...known, [outcome.where]: outcome });
  const oldest = last.keys().next().value;
  if (last.size > MOST_LAST && oldest !== undefined) {
    last.delete(oldest);
  }
  return outcome;
}
