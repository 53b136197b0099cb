/** Test Action: which event, the question where one is due, the one call, and what came of it. */
import * as vscode from 'vscode';
import { readEvent, sampleEvent } from '../../actions/runs/events.ts';
import { lineOfError } from '../../actions/runs/stack.ts';
import { runTest } from '../../actions/runs/testRun.ts';
import type { TestOutcome } from '../../actions/runs/testRun.ts';
import type { Action } from '../../auth0/api.ts';
import { isObject } from '../../auth0/json.ts';
import type { JsonObject } from '../../auth0/json.ts';
import { confirmWrite } from '../commands/confirmWrite.ts';
import type { Parts } from '../commands/parts.ts';
import { codeArgs } from '../commands/targets.ts';
import type { Target } from '../commands/targets.ts';
import { UserError, errorWords } from '../errorWords.ts';
import { ask, choose, flash } from '../messages.ts';
import { Dismissed } from '../run.ts';
import type { About } from '../run.ts';
import { short } from '../texts.ts';
import { draftUri } from '../uris.ts';
import { triggerWords } from '../words.ts';
import { eventUri, resultUri } from './runDocuments.ts';
import { isEvent, targetOfRun } from './runTarget.ts';
import { eventProblemWords, testText } from './runWords.ts';

/** What a caller's code gets. */
export interface TestAnswer {
  readonly error?: { readonly name: string; readonly message: string; readonly line?: number };
  /** By the service's names. */
  readonly stats: Readonly<Record<string, number>>;
}

const SAID_MS = 8000;

/** The command; `about` hears of tenant and action as soon as they are known. Rejects as the funnel expects it. */
export async function testAction(parts: Parts, about: About, args: readonly unknown[]): Promise<TestAnswer> {
  const target = await targetOfRun(parts, vscode.l10n.t('Test which action?'), args);
  about.tenant = target.tenant;
  about.action = target.actionName;
  const [first] = args;
  const byCode = codeArgs(first) !== undefined;
  const action = await (await target.tenant.api()).getAction(target.actionId);
  about.action = action.name;
  const named = byCode && isObject(first) && isObject(first['event']) ? first['event'] : undefined;
  const event = named ?? (await eventFor(parts, target, action, byCode ? 'code' : isEvent(args) ? 'event' : 'elsewhere'));
  const unsaved = await settleUnsaved(parts, target, action, !byCode);
  await confirmRun(parts, target, action);
  const outcome = await send(parts, target, event);
  return tell(parts, target, outcome, unsaved);
}

/** The event that is kept here, or a sample. A person chooses, unless the call comes from the event itself; whoever wants to edit it first begins again from there. */
async function eventFor(parts: Parts, { tenant, actionId }: Target, action: Action, from: 'code' | 'event' | 'elsewhere'): Promise<JsonObject> {
  const address = { tenantId: tenant.id, actionId };
  const uri = eventUri(address, action.name);
  const open = vscode.workspace.textDocuments.find(document => document.uri.toString() === uri.toString() && !document.isClosed);
  const kept = open?.getText() ?? (await parts.runs.event(address));
  const sample = sampleEvent(action.triggers.map(trigger => trigger.id));
  if (from === 'elsewhere') {
    const run = { label: kept === undefined ? vscode.l10n.t('Run with a Sample Event') : vscode.l10n.t('Run with the Event Kept Here'), detail: kept === undefined ? vscode.l10n.t('Made-up values for {0}.', triggerWords(action.triggers[0]?.id)) : vscode.l10n.t('As you have edited it last.') };
    const edit = { label: vscode.l10n.t('Edit the Event…'), detail: vscode.l10n.t('Opens it as JSON. It stays on this machine; run the test from its title when it is right.') };
    const again = { label: vscode.l10n.t('Start Again from the Sample…'), detail: vscode.l10n.t('Replaces the event that is kept here.') };
    const choice = await choose(tenant, [run, edit, ...(kept === undefined || kept === sample ? [] : [again])], tenant.isDemo ? vscode.l10n.t('Test the draft of {0} in {1} with which event?', short(action.name), tenant.name) : vscode.l10n.t('Test the draft of {0} in {1} with which event? Its code really runs there.', short(action.name), tenant.name));
    if (choice !== run) {
      await (choice === undefined ? undefined : editEvent(parts, uri, address, choice === again || kept === undefined ? sample : undefined));
      throw new Dismissed();
    }
  }
  if (open?.isDirty === true) {
    await open.save();
  }
  const read = readEvent(kept ?? sample);
  if ('event' in read) {
    return read.event;
  }
  if (from !== 'code') {
    await editEvent(parts, uri, address, undefined, 'line' in read.problem ? read.problem.line : 1);
  }
  throw new UserError(eventProblemWords(read.problem));
}

/** Opens the event, with this text where one is given, at a line (from 1). */
async function editEvent(parts: Parts, uri: vscode.Uri, address: { readonly tenantId: string; readonly actionId: string }, text: string | undefined, line?: number): Promise<void> {
  const open = vscode.workspace.textDocuments.find(document => document.uri.toString() === uri.toString() && !document.isClosed);
  if (text !== undefined && open?.isDirty === true) {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(uri, open.validateRange(new vscode.Range(0, 0, open.lineCount, 0)), text);
    await vscode.workspace.applyEdit(edit);
    await open.save();
  } else if (text !== undefined) {
    await parts.runs.keep(uri, address, text);
  }
  await vscode.window.showTextDocument(uri, { preview: false, ...(line === undefined ? {} : { selection: new vscode.Range(line - 1, 0, line - 1, 0) }) });
}

/**
 * A text of the draft that is only here is not what a test runs: a person saves it first, or leaves it out.
 * Resolves to true where a text was left out.
 */
async function settleUnsaved(parts: Parts, { tenant, actionId }: Target, action: Action, asks: boolean): Promise<boolean> {
  const { drafts } = parts.documents;
  const pending = await drafts.pending({ tenantId: tenant.id, actionId });
  if (pending === undefined || pending.text === action.code) {
    return false;
  }
  if (!asks) {
    return true;
  }
  const save = vscode.l10n.t('Save and Test');
  const leave = vscode.l10n.t('Test What Is Saved');
  const choice = await ask(tenant, vscode.l10n.t('Your text of {0} is not saved in {1}', short(action.name), tenant.name), vscode.l10n.t('A test runs the draft as it is saved there, without your changes.'), save, leave);
  if (choice === save) {
    if ((await drafts.sendPending(tenant, { tenantId: tenant.id, actionId }, pending.text)) === undefined) {
      throw new Dismissed();
    }
    return false;
  }
  if (choice !== leave) {
    throw new Dismissed();
  }
  return true;
}

/** A test runs the code for real: a protected tenant asks, whoever calls. */
async function confirmRun(parts: Parts, { tenant }: Target, action: Action): Promise<void> {
  if (!tenant.isProtected) {
    return;
  }
  const run = vscode.l10n.t('Run Test');
  const detail = [
    vscode.l10n.t('The code really runs at the service, with the values of the action\'s secrets ({0}): whatever it calls is really called, with whatever that does.', action.secrets.length),
    vscode.l10n.t('No login takes part in it, and what is live stays as it is.'),
  ].join('\n');
  if ((await confirmWrite(parts, { tenant, question: vscode.l10n.t('Run a test of {0} in {1}?', short(action.name), tenant.name), detail, choices: [run] })) !== run) {
    throw new Dismissed();
  }
}

async function send(parts: Parts, { tenant, actionId, actionName }: Target, event: JsonObject): Promise<TestOutcome> {
  const api = await tenant.api();
  const name = short(actionName);
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, cancellable: true, title: vscode.l10n.t('Test of {0} in {1}', name, tenant.name) }, async (progress, token) => {
    const stop = new AbortController();
    let sent = false;
    const given = new Promise<never>((_resolve, reject) => {
      token.onCancellationRequested(() => {
        stop.abort();
        // A test that waits for its turn ends by itself, as one that was never sent. One that has left goes on.
        setTimeout(() => reject(sent ? new UserError(vscode.l10n.t('Stopped waiting for the test of {0} in {1}. It had been sent, so the code may run to its end.', name, tenant.name)) : new Dismissed()), 0);
      });
    });
    given.catch(() => undefined);
    return Promise.race([runTest({
      api, actionId, event, clock: parts.state.clock, random: Math.random, signal: stop.signal,
      onBuilding: () => progress.report({ message: vscode.l10n.t('waiting for the build') }),
      onSending: () => {
        sent = true;
        progress.report({ message: vscode.l10n.t('running') });
      },
    }), given]);
  });
}

/** Shows what came of it, beside the code. @throws UserError where there is no result. */
async function tell(parts: Parts, { tenant, actionId }: Target, outcome: TestOutcome, unsaved: boolean): Promise<TestAnswer> {
  const { action } = outcome;
  const name = short(action.name);
  switch (outcome.kind) {
    case 'buildFailed': throw new UserError(vscode.l10n.t('The draft of {0} in {1} failed to build, so there is nothing to run. Nothing was tested.', name, tenant.name));
    case 'notBuilt': throw new UserError(vscode.l10n.t('The draft of {0} in {1} was not built within six minutes. Nothing was tested.', name, tenant.name));
    case 'lost': throw new UserError(vscode.l10n.t('The test of {0} was sent to {1}, but its answer was lost: the code may have run. It is not sent again by itself. {2}', name, tenant.name, errorWords(outcome.error, tenant.name).text));
    case 'done': {
      const { result, ms } = outcome;
      const { error } = result;
      const place = { uri: draftUri(tenant.id, actionId, action.name), code: action.code };
      const uri = resultUri({ tenantId: tenant.id, actionId }, action.name);
      parts.runs.show(uri, testText({ tenant, action, place, result, ms, at: parts.state.clock.now(), unsaved }));
      // Nothing of the error: it is the code's, and may hold anything.
      parts.log.info(`test of ${name} in ${tenant.name}: ${error === undefined ? 'no error' : 'failed'}, ${result.stats.map(one => `${short(one.name)} ${one.value}`).join(', ')}`);
      await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true });
      if (error === undefined) {
        flash(tenant, 'check', vscode.l10n.t('{0} in {1}: the test ran without an error', name, tenant.name), SAID_MS);
      } else {
        flash(tenant, 'error', vscode.l10n.t('{0} in {1}: the test failed', name, tenant.name), SAID_MS);
      }
      const line = error === undefined ? undefined : lineOfError(error.stack, action.code);
      return {
        ...(error === undefined ? {} : { error: { name: error.name, message: error.message, ...(line === undefined ? {} : { line }) } }),
        stats: Object.fromEntries(result.stats.map(one => [one.name, one.value])),
      };
    }
  }
}
