/** Adding an action to its trigger's flow, moving it there, and taking it out. */
import * as vscode from 'vscode';
import type { Flow } from '../../actions/flowMemory.ts';
import { MOST_PLACES, changeFlow, entriesOf, placesOf } from '../../actions/flows.ts';
import type { FlowEdit, FlowEntry, FlowOutcome, Place } from '../../actions/flows.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { UserError, errorWords } from '../errorWords.ts';
import { commands } from '../ids.ts';
import { choose, flash } from '../messages.ts';
import { Dismissed, run } from '../run.ts';
import { short, withoutIcons } from '../texts.ts';
import { isRow } from '../tree/rows.ts';
import { triggerWords } from '../words.ts';
import type { CommandTable, Parts } from './parts.ts';
import { confirmWrite } from './confirmWrite.ts';
import { targetOf } from './targets.ts';
import type { Target } from './targets.ts';

/** How long the status bar says that a flow was changed. */
const SAID_MS = 8000;

/** An action and the trigger whose flow is meant. */
interface FlowTarget extends Target {
  readonly triggerId: string;
  readonly flow: Flow;
  readonly deployed: boolean;
}

export function flowCommands(parts: Parts): CommandTable {
  const command = (what: string, which: () => string, work: (target: FlowTarget) => Promise<FlowEdit>) => (...args: unknown[]): unknown =>
    run(parts.log, what, async about => {
      const action = await targetOf(parts.state, which(), ...args);
      about.tenant = action.tenant;
      about.action = action.actionName;
      const target = await flowTarget(parts, action, args[0]);
      await change(parts, target, await work(target));
    });
  return {
    [commands.addToFlow]: command('addToFlow', () => vscode.l10n.t('Add which action to its flow?'), async target => {
      if (!target.deployed) {
        throw new UserError(vscode.l10n.t('{0} in {1} has never been deployed, and only deployed actions can be in a flow. Deploy it first.', short(target.actionName), target.tenant.name));
      }
      if (placesOf(target.flow.bindings, target.actionId).length > 0) {
        throw new UserError(vscode.l10n.t('{0} is in the {1} flow of {2} already. Move it instead.', short(target.actionName), triggerWords(target.triggerId), target.tenant.name));
      }
      const entries = entriesOf(target.flow.bindings);
      return { kind: 'add', actionId: target.actionId, name: target.actionName, after: await pickPlace(target, vscode.l10n.t('Where in the {0} flow of {1} is {2} to run?', triggerWords(target.triggerId), target.tenant.name, short(target.actionName)), entries, true) };
    }),
    [commands.moveInFlow]: command('moveInFlow', () => vscode.l10n.t('Move which action in its flow?'), async target => {
      const place = await ownPlace(target);
      const others = entriesOf(target.flow.bindings).filter(entry => entry.actionId !== place.actionId || entry.nth !== place.nth);
      return { kind: 'move', place, after: await pickPlace(target, vscode.l10n.t('Move {0} to which place of the {1} flow of {2}?', short(target.actionName), triggerWords(target.triggerId), target.tenant.name), others, false) };
    }),
    [commands.removeFromFlow]: command('removeFromFlow', () => vscode.l10n.t('Remove which action from its flow?'), async target => ({ kind: 'remove', place: await ownPlace(target) })),
  };
}

/** The flow that is meant, read now. @throws UserError where there is none; ApiError where it cannot be read. */
async function flowTarget(parts: Parts, target: Target, row: unknown): Promise<FlowTarget> {
  const catalog = parts.state.catalog(target.tenant.id);
  const known = catalog.action(target.actionId) ?? (await catalog.refreshAction(target.actionId));
  const triggerId = isRow(row) && row.kind === 'flow' ? row.triggerId : await pickTrigger(target.tenant, known.triggers.map(trigger => trigger.id));
  const flow = await catalog.flows.refresh(triggerId);
  if ('error' in flow) {
    throw flow.error;
  }
  if (flow.entityBound) {
    throw new UserError(vscode.l10n.t('Actions of the trigger {0} in {1} belong to single connections or streams, and have no flow.', triggerWords(triggerId), target.tenant.name));
  }
  return { ...target, actionName: known.name, triggerId, flow, deployed: known.deployedVersion !== undefined };
}

async function pickTrigger(tenant: TenantRef, ids: readonly string[]): Promise<string> {
  const [only, more] = ids;
  if (only === undefined) {
    throw new UserError(vscode.l10n.t('{0} names no trigger of this action.', tenant.name));
  }
  if (more === undefined) {
    return only;
  }
  const choice = await choose(tenant, ids.map(id => ({ label: withoutIcons(triggerWords(id)), id })), vscode.l10n.t('Which flow of {0}?', tenant.name));
  if (choice === undefined) {
    throw new Dismissed();
  }
  return choice.id;
}

/** The action's place in the flow; asks where it has several. */
async function ownPlace(target: FlowTarget): Promise<Place> {
  const all = entriesOf(target.flow.bindings);
  const own = all.filter(entry => entry.actionId === target.actionId);
  const [only, more] = own;
  if (only === undefined) {
    throw new UserError(vscode.l10n.t('{0} is not in the {1} flow of {2}.', short(target.actionName), triggerWords(target.triggerId), target.tenant.name));
  }
  if (more === undefined) {
    return only;
  }
  const items = own.map(entry => ({ label: vscode.l10n.t('place {0} of {1}', all.indexOf(entry) + 1, all.length), description: withoutIcons(entry.name), entry }));
  const choice = await choose(target.tenant, items, vscode.l10n.t('Which of its places in the {0} flow of {1}?', triggerWords(target.triggerId), target.tenant.name));
  if (choice === undefined) {
    throw new Dismissed();
  }
  return choice.entry;
}

/** The place after which something is to stand; `undefined` for the first. The last is offered first for what is new. */
async function pickPlace(target: FlowTarget, placeHolder: string, others: readonly FlowEntry[], newest: boolean): Promise<Place | undefined> {
  const current = entriesOf(target.flow.bindings);
  const items = [undefined, ...others].map((after, index) => ({
    label: vscode.l10n.t('Place {0}', index + 1),
    description: [after === undefined ? vscode.l10n.t('before everything else') : vscode.l10n.t('after {0}', withoutIcons(after.name)), ...(!newest && current[index]?.actionId === target.actionId ? [vscode.l10n.t('where it is now')] : [])].join(' · '),
    after,
  }));
  if (items.length === 1) {
    return undefined;
  }
  const choice = await choose(target.tenant, newest ? items.reverse() : items, placeHolder);
  if (choice === undefined) {
    throw new Dismissed();
  }
  return choice.after;
}

async function change(parts: Parts, target: FlowTarget, edit: FlowEdit): Promise<void> {
  const { tenant, triggerId } = target;
  const outcome = await changeFlow({
    api: await tenant.api(),
    triggerId,
    edit,
    clock: parts.state.clock,
    confirm: (before, after, meanwhile) => confirm(parts, target, before, after, meanwhile),
  });
  const flow = 'flow' in outcome ? outcome.flow : undefined;
  // The tenant may have been disconnected while the question was open.
  if (flow !== undefined && parts.state.registry.find(tenant.id) !== undefined) {
    parts.state.catalog(tenant.id).flows.put(triggerId, flow);
  }
  tell(target, outcome);
}

/** Shows the whole flow before and after: logins use it at once. */
async function confirm(parts: Parts, target: FlowTarget, before: readonly FlowEntry[], after: readonly FlowEntry[], meanwhile: boolean): Promise<boolean> {
  const list = (entries: readonly FlowEntry[]): string =>
    entries.length === 0 ? vscode.l10n.t('nothing') : entries.map((entry, index) => `${index + 1}. ${short(entry.name)}${entry.actionId === target.actionId ? '  ←' : ''}`).join('\n');
  const detail = [
    ...(meanwhile ? [vscode.l10n.t('Somebody changed the flow meanwhile. This is what it is now.')] : []),
    `${vscode.l10n.t('Now:')}\n${list(before)}`,
    `${vscode.l10n.t('Afterwards:')}\n${list(after)}`,
    vscode.l10n.t('Logins use the new flow at once.'),
  ].join('\n\n');
  const yes = vscode.l10n.t('Change Flow');
  const question = vscode.l10n.t('Change the {0} flow of {1} for {2}?', triggerWords(target.triggerId), target.tenant.name, short(target.actionName));
  return (await confirmWrite(parts, { tenant: target.tenant, question, detail, choices: [yes] })) === yes;
}

function tell({ tenant, actionId, actionName, triggerId }: FlowTarget, outcome: FlowOutcome): void {
  const [name, trigger] = [short(actionName), triggerWords(triggerId)];
  switch (outcome.kind) {
    case 'declined': return;
    case 'unchanged': throw new UserError(vscode.l10n.t('{0} is at that place of the {1} flow of {2} already.', name, trigger, tenant.name));
    case 'gone': throw new UserError(vscode.l10n.t('The {0} flow of {1} was changed meanwhile, and the place you chose is gone. Choose again.', trigger, tenant.name));
    case 'full': throw new UserError(vscode.l10n.t('The {0} flow of {1} holds {2} actions, which is all that a flow can hold. Remove one first.', trigger, tenant.name, MOST_PLACES));
    case 'notChanged': throw new UserError(vscode.l10n.t('The {0} flow of {1} was not changed. {2}', trigger, tenant.name, errorWords(outcome.error, tenant.name).text));
    case 'unconfirmed': throw new UserError(vscode.l10n.t('The change of the {0} flow of {1} was sent, but what became of it could not be confirmed. Refresh the action to see the flow as it is.', trigger, tenant.name));
    case 'done': {
      const places = placesOf(outcome.flow, actionId);
      const words = places.length === 0
        ? vscode.l10n.t('{0} is out of the {1} flow of {2}', name, trigger, tenant.name)
        : vscode.l10n.t('{0} is in the {1} flow of {2}, place {3} of {4}', name, trigger, tenant.name, places.join(', '), outcome.flow.length);
      flash(tenant, 'check', words, SAID_MS);
    }
  }
}
