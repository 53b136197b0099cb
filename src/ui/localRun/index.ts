/** Runs of actions on this machine, as commands and others do them. The entry of a bundle that is loaded at the first of them. */
import * as vscode from 'vscode';
import { apiFor } from '../../actions/runs/localApi.ts';
import type { RunnerOrder } from '../../actions/runs/localReport.ts';
import type { LocalRunResult } from '../../actions/runs/localRun.ts';
import { isObject } from '../../auth0/json.ts';
import type { JsonObject } from '../../auth0/json.ts';
import type { Parts } from '../commands/parts.ts';
import { UserError } from '../errorWords.ts';
import { flash } from '../messages.ts';
import type { About } from '../run.ts';
import { localResultUri } from '../runs/runDocuments.ts';
import { short } from '../texts.ts';
import type { LocalRunner } from './access.ts';
import { chooseEvent } from './chooseEvent.ts';
import { debugRun } from './debugRun.ts';
import { packagesFor } from './packages.ts';
import type { ChosenPackages } from './packages.ts';
import { localRunText } from './resultPage.ts';
import { secretsFor } from './secrets.ts';
import { subjectOf } from './subject.ts';
import type { Subject } from './subject.ts';

export { handlerLines } from './handlerLines.ts';

const SAID_MS = 8000;
/** Milliseconds of a run before its progress is shown. */
const SOON_MS = 700;

export interface RunEvent {
  readonly event: JsonObject;
  readonly continueWith?: JsonObject;
}

export interface RunHow {
  readonly debug: boolean;
  readonly token?: vscode.CancellationToken;
  /** Whether questions for secrets and packages may be asked. */
  readonly ask: boolean;
}

interface Ran {
  readonly result: LocalRunResult;
  readonly runner: LocalRunner;
  readonly packages: ChosenPackages;
  /** Names of secrets with a value. */
  readonly given: readonly string[];
}

/** Addresses of results → what was run: a run can be repeated from there. */
const subjects = new Map<string, vscode.Uri>();

/**
 * Runs the code of a file or draft, as it stands in the editor, with an event. What the code does is a result, whatever it is.
 * @throws UserError while the workspace is not trusted, for a document that belongs to no action, and where nothing can be
 * started; Dismissed where a question was.
 */
export async function runSubject(parts: Parts, uri: vscode.Uri, event: RunEvent, how: RunHow): Promise<LocalRunResult> {
  refuseUntrusted();
  return (await runWith(parts, await subjectOf(parts, uri), event, how)).result;
}

/**
 * The commands. `args`: the address of a document, nothing for the active editor, or from code `{ uri, event?, continueWith? }`,
 * which asks nothing where it brings an event. Resolves to what came of it.
 */
export async function runCommand(parts: Parts, about: About, args: readonly unknown[], debug: boolean): Promise<LocalRunResult> {
  refuseUntrusted();
  const [first] = args;
  const byCode = isObject(first) && !(first instanceof vscode.Uri) && first['uri'] !== undefined ? first : undefined;
  const subject = await subjectOf(parts, addressIn(byCode?.['uri'] ?? first));
  about.action = subject.name;
  const named = byCode !== undefined && isObject(byCode['event']) ? { event: byCode['event'], ...(isObject(byCode['continueWith']) ? { continueWith: byCode['continueWith'] } : {}) } : undefined;
  const event = named ?? (await chooseEvent(parts, subject));
  const { result, runner, packages, given } = await runWith(parts, subject, event, { debug, ask: named === undefined });
  const shown = localResultUri(subject.uri, subject.draft, subject.name);
  subjects.set(shown.toString(), subject.uri);
  parts.runs.show(shown, localRunText({ subject, result, nodeVersion: runner.nodeVersion, packages: packages.notes, given, debug, at: parts.state.clock.now(), ...('from' in event ? { from: event.from } : {}) }));
  await vscode.window.showTextDocument(shown, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true });
  const good = result.end === 'finished';
  flash(subject.about, good ? 'check' : 'error', good ? vscode.l10n.t('{0} ran on this machine without an error', short(subject.name)) : vscode.l10n.t('{0} failed on this machine', short(subject.name)), SAID_MS);
  return result;
}

/** @throws UserError */
function refuseUntrusted(): void {
  if (!vscode.workspace.isTrusted) {
    throw new UserError(vscode.l10n.t('This workspace is not trusted, so nothing of it is run. Trust it with “Workspaces: Manage Workspace Trust” first.'));
  }
}

function addressIn(given: unknown): vscode.Uri {
  const uri = given instanceof vscode.Uri ? given : typeof given === 'string' ? vscode.Uri.parse(given) : given === undefined ? vscode.window.activeTextEditor?.document.uri : undefined;
  if (uri === undefined) {
    throw new UserError(vscode.l10n.t('Open the code of an action first: its draft, or its file in a repository of auth0-deploy-cli.'));
  }
  return subjects.get(uri.toString()) ?? uri;
}

async function runWith(parts: Parts, subject: Subject, event: RunEvent, { debug, token, ask }: RunHow): Promise<Ran> {
  const runner = await parts.localRuns.loadRunner();
  const packages = await packagesFor(parts, runner, subject, ask);
  const secrets = await secretsFor(runner, subject, ask);
  const order: RunnerOrder = {
    name: subject.name,
    code: subject.code,
    triggers: subject.triggers,
    ...(subject.runtime === undefined ? {} : { runtime: subject.runtime }),
    dependencies: subject.dependencies,
    event: event.event,
    ...(event.continueWith === undefined ? {} : { continueWith: event.continueWith }),
    secrets,
    path: subject.path,
    roots: subject.roots,
    ...(packages.packages === undefined ? {} : { packages: packages.packages }),
    api: apiFor(subject.triggers),
  };
  if (debug && subject.document.isDirty && !subject.isCopy) {
    // The debugger shows the file.
    await subject.document.save();
  }
  const result = await (debug ? debugRun(parts, runner, order, subject, token) : plainRun(parts, runner, order, token));
  parts.log.info(`run of ${short(subject.name)} on this machine: ${result.end}, ${result.calls.length} calls, ${Math.round(result.ms.load + result.ms.handlers)} ms`);
  return { result, runner, packages, given: Object.keys(secrets) };
}

/** Its progress, with a way to stop it, appears only where it takes long. */
async function plainRun(parts: Parts, runner: LocalRunner, order: RunnerOrder, token: vscode.CancellationToken | undefined): Promise<LocalRunResult> {
  const stop = new AbortController();
  const listener = token?.onCancellationRequested(() => stop.abort());
  const run = runner.runLocally(order, { runner: parts.localRuns.runner.fsPath, signal: stop.signal });
  let over = false;
  const timer = token !== undefined ? undefined : setTimeout(() => {
    void vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, cancellable: true, title: vscode.l10n.t('Running {0} on this machine', short(order.name)) }, async (_progress, cancelled) => {
      cancelled.onCancellationRequested(() => stop.abort());
      await (over ? undefined : run.catch(() => undefined));
    });
  }, SOON_MS);
  try {
    return await run;
  } finally {
    over = true;
    clearTimeout(timer);
    listener?.dispose();
  }
}
