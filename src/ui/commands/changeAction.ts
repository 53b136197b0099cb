/** What all changes of an action have in common: the question where one is due, the one call, and what became of it. */
import * as vscode from 'vscode';
import { editAction } from '../../actions/edits.ts';
import type { Edit } from '../../actions/edits.ts';
import type { Action } from '../../auth0/api.ts';
import { isApiError } from '../../auth0/errors.ts';
import { asText, isObject } from '../../auth0/json.ts';
import { editButton, editDetail, editDone, editFailure, editQuestion, lossWords } from '../editWords.ts';
import { UserError } from '../errorWords.ts';
import { flash, warn } from '../messages.ts';
import { Dismissed, run } from '../run.ts';
import type { About } from '../run.ts';
import { short } from '../texts.ts';
import { isRow } from '../tree/rows.ts';
import type { Group } from '../tree/rows.ts';
import { confirmWrite } from './confirmWrite.ts';
import { busyWords } from './deploymentEnd.ts';
import type { Parts } from './parts.ts';
import { codeArgs, targetOf } from './targets.ts';
import type { Target } from './targets.ts';

/** How long the status bar says what was changed. */
export const SAID_MS = 8000;

/** A target whose action was just read. */
export interface ReadTarget extends Target {
  readonly action: Action;
}

/** Calls from code reject; a person gets a notification. */
export function onAction(parts: Parts, what: string, which: () => string, work: (target: ReadTarget, args: readonly unknown[]) => Promise<unknown>) {
  return async (...args: unknown[]): Promise<void> => {
    const go = async (about: About): Promise<void> => {
      const target = await targetOf(parts.state, which(), ...args);
      about.tenant = target.tenant;
      about.action = target.actionName;
      refuseBusy(parts, target);
      const action = await (await target.tenant.api()).getAction(target.actionId);
      if (parts.state.registry.find(target.tenant.id) !== undefined) {
        parts.state.catalog(target.tenant.id).put(action);
      }
      about.action = action.name;
      await work({ ...target, actionName: action.name, action }, args);
    };
    await (codeArgs(args[0]) === undefined ? run(parts.log, what, go) : go({}));
  };
}

/** The name, version and so on that a caller gives, or a quick fix after the action's document; `undefined` where a person is to be asked. */
export function argument([first, second]: readonly unknown[], name: 'name' | 'version' | 'runtime'): string | undefined {
  const given = first instanceof vscode.Uri ? second : first;
  return isObject(given) && !isRow(given) ? asText(given[name]) : undefined;
}

/** The secret, dependency or module that is meant. */
export function partNamed(args: readonly unknown[], group: Group): string | undefined {
  const [first] = args;
  return isRow(first) ? (first.kind === 'part' && first.group === group ? first.name : undefined) : argument(args, 'name');
}

/** @throws UserError while the action is being deployed: the deployment would fail for the change. */
export function refuseBusy(parts: Parts, target: Target): void {
  const running = parts.state.deployments.of(target.tenant.id, target.actionId);
  if (running !== undefined) {
    throw new UserError(busyWords(running));
  }
}

/** What another token would mend is told with the button for it. @throws ApiError for such an error. */
export function rethrowSignIn(error: unknown): void {
  if (isApiError(error) && (error.kind === 'auth' || error.kind === 'forbidden')) {
    throw error;
  }
}

/**
 * Makes a change, and says what became of it. Asks first where `asks`, and in any case for a protected tenant.
 * @throws UserError where it was not made; Dismissed where the person declined; ApiError where the action cannot be read.
 */
export async function changeAction(parts: Parts, target: Target, edit: Edit, asks = false): Promise<Action> {
  const { tenant, actionId } = target;
  const name = short(target.actionName);
  const confirm = async (action: Action, meanwhile: boolean): Promise<boolean> => {
    const detail = [...(meanwhile ? [vscode.l10n.t('Somebody changed the action meanwhile. This is what it is now.')] : []), editDetail(edit, action, Date.now())].join('\n');
    const yes = editButton(edit);
    return (await confirmWrite(parts, { tenant, question: editQuestion(edit, name, tenant.name), detail, choices: [yes] })) === yes;
  };
  refuseBusy(parts, target);
  const outcome = await editAction({ api: await tenant.api(), actionId, edit, clock: parts.state.clock, ...(asks || tenant.isProtected ? { confirm } : {}) });
  // The tenant may have been disconnected while the question was open.
  if ('action' in outcome && parts.state.registry.find(tenant.id) !== undefined) {
    parts.state.catalog(tenant.id).put(outcome.action);
  }
  if (outcome.kind === 'notDone') {
    rethrowSignIn(outcome.error);
  }
  switch (outcome.kind) {
    case 'declined': throw new Dismissed();
    case 'done': flash(tenant, 'check', editDone(edit, name, tenant.name), SAID_MS); return outcome.action;
    case 'loss': void warn(tenant, lossWords(outcome.loss, edit, name, tenant.name)); return outcome.action;
    default: throw new UserError(editFailure(edit, outcome, name, tenant.name));
  }
}
