/** Test Action: which event, the question where one is due, the one call, and what came of it. */
import * as vscode from 'vscode';
import { readEventFile } from '../../actions/runs/eventFile.ts';
import { sampleEvent } from '../../actions/runs/events.ts';
import { lineOfError } from '../../actions/runs/stack.ts';
import type { Action } from '../../auth0/api.ts';
import { isObject } from '../../auth0/json.ts';
import type { JsonObject } from '../../auth0/json.ts';
import type { Parts } from '../commands/parts.ts';
import { codeArgs } from '../commands/targets.ts';
import type { Target } from '../commands/targets.ts';
import { UserError } from '../errorWords.ts';
import { choose, flash } from '../messages.ts';
import { Dismissed } from '../run.ts';
import type { About } from '../run.ts';
import { short, withoutIcons } from '../texts.ts';
import { draftUri } from '../uris.ts';
import { triggerWords } from '../words.ts';
import { eventUri, namedEventUri, resultUri } from './runDocuments.ts';
import { eventOf, targetOfRun } from './runTarget.ts';
import { eventProblemWords, testText } from './runWords.ts';
import { newEventText, openDocument } from './subjects.ts';
import { confirmRun, runInTenant, settleUnsaved } from './tenantRun.ts';
import type { DoneTest } from './tenantRun.ts';

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
  const event = named ?? (await eventFor(parts, target, action, byCode ? 'code' : eventOf(args) ?? 'elsewhere'));
  const unsaved = await settleUnsaved(parts, target, action, !byCode) === 'leftOut';
  await confirmRun(parts, target, action);
  const outcome = await send(parts, target, event);
  return tell(parts, target, outcome, unsaved);
}

/** The event that is kept here, or a sample. A person chooses, unless the call comes from the event itself; whoever wants to edit it first begins again from there. */
async function eventFor(parts: Parts, { tenant, actionId }: Target, action: Action, from: 'code' | 'elsewhere' | { readonly name?: string }): Promise<JsonObject> {
  const name = typeof from === 'object' ? from.name : undefined;
  const address = { tenantId: tenant.id, actionId, ...(name === undefined ? {} : { event: name }) };
  const uri = name === undefined ? eventUri(address, action.name) : namedEventUri(address, name);
  const open = openDocument(uri);
  const kept = open?.getText() ?? (await parts.runs.event(address));
  const sample = newEventText(action.triggers, sampleEvent(action.triggers.map(trigger => trigger.id)));
  if (from === 'elsewhere') {
    const run = { label: kept === undefined ? vscode.l10n.t('Run with a Sample Event') : vscode.l10n.t('Run with the Event of Test Action'), detail: kept === undefined ? vscode.l10n.t('Made-up values for {0}.', withoutIcons(triggerWords(action.triggers[0]?.id))) : vscode.l10n.t('As you have edited it last.') };
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
  const read = readEventFile(kept ?? sample);
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
  const open = openDocument(uri);
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

function send(parts: Parts, target: Target, event: JsonObject): Promise<DoneTest> {
  const title = vscode.l10n.t('Test of {0} in {1}', short(target.actionName), target.tenant.name);
  return Promise.resolve(vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, cancellable: true, title }, (progress, token) => runInTenant(parts, target, event, token, message => progress.report({ message }))));
}

/** Shows what came of it, beside the code. */
async function tell(parts: Parts, { tenant, actionId }: Target, { action, result, ms }: DoneTest, unsaved: boolean): Promise<TestAnswer> {
  const name = short(action.name);
  const { error } = result;
  const place = { uri: draftUri(tenant.id, actionId, action.name), code: action.code };
  const uri = resultUri({ tenantId: tenant.id, actionId }, action.name);
  parts.runs.show(uri, testText({ tenant, action, place, result, ms, at: parts.state.clock.now(), unsaved }));
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
