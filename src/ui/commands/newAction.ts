/** The questions before an action is created: which tenant, trigger, name and runtime. */
import * as vscode from 'vscode';
import { MOST_ACTIONS, actionNameProblem, createAction, currentTriggers, runtimesOf } from '../../actions/lifecycle.ts';
import type { Action, NewAction } from '../../auth0/api.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { actionNameWords } from '../editWords.ts';
import { UserError, errorWords } from '../errorWords.ts';
import type { LanguageBundle } from '../language/languageFeatures.ts';
import { choose, enter } from '../messages.ts';
import { Dismissed } from '../run.ts';
import { short, withoutIcons } from '../texts.ts';
import { triggerWords } from '../words.ts';
import { rethrowSignIn } from './changeAction.ts';
import type { Parts } from './parts.ts';
import { tenantNamedOrPicked } from './pickTenant.ts';

/** The tenant that a new action is for. */
export function tenantForNew(parts: Parts, args: readonly unknown[]): Promise<TenantRef> {
  return tenantNamedOrPicked(parts, vscode.l10n.t('Create an action in which tenant?'), args);
}

/**
 * Asks for all that a new action needs. `known` are the ids of the actions there are.
 * @throws Dismissed; UserError for a full tenant; ApiError where it cannot be read.
 */
export async function askForAction(parts: Parts, tenant: TenantRef, loadLanguage: () => Promise<LanguageBundle>): Promise<{ readonly wanted: NewAction; readonly known: ReadonlySet<string> }> {
  const catalog = parts.state.catalog(tenant.id);
  const [list, triggers] = await Promise.all([catalog.loadAll(), catalog.triggers()]);
  if ('error' in list) {
    throw list.error;
  }
  if (list.items.length >= MOST_ACTIONS) {
    throw new UserError(vscode.l10n.t('{0} has {1} actions, which is all that a tenant can have. Delete one first.', tenant.name, list.items.length));
  }
  const trigger = (await choose(tenant, currentTriggers(triggers).map(one => ({ label: withoutIcons(triggerWords(one.id)), description: [withoutIcons(one.version), ...(one.bindingPolicy === 'entity-bound' ? [vscode.l10n.t('bound where it is used, without a flow')] : [])].join(' · '), one })), vscode.l10n.t('What is to run it?'), { title: vscode.l10n.t('Create an action in {0}: trigger', tenant.name), ignoreFocusOut: true }))?.one;
  if (trigger === undefined) {
    throw new Dismissed();
  }
  const taken = list.items.map(one => one.name);
  const name = await enter(tenant, vscode.l10n.t('Create an action in {0}: name', tenant.name), {
    prompt: vscode.l10n.t('A name that no other action of the tenant has.'),
    validateInput: text => {
      const problem = actionNameProblem(text.trim(), taken);
      return problem === undefined ? undefined : actionNameWords(problem, tenant.name);
    },
  });
  if (name === undefined) {
    throw new Dismissed();
  }
  const runtimes = runtimesOf(trigger);
  const [usual, other] = runtimes;
  const runtime = other === undefined ? usual : (await choose(tenant, runtimes.map(one => ({ label: withoutIcons(one), description: one === trigger.defaultRuntime ? vscode.l10n.t('the trigger\'s default') : '', one })), vscode.l10n.t('Which runtime?'), { title: vscode.l10n.t('Create an action in {0}: runtime', tenant.name), ignoreFocusOut: true }))?.one;
  if (runtime === undefined && usual !== undefined) {
    throw new Dismissed();
  }
  const { starterCode } = await loadLanguage();
  return {
    wanted: { name: name.trim(), triggers: [{ id: trigger.id, version: trigger.version }], code: starterCode(trigger.id), ...(runtime === undefined ? {} : { runtime }) },
    known: new Set(list.items.map(one => one.id)),
  };
}

/** Creates an action, once. `known` are the ids of the actions there are. @throws UserError where it was not, or nobody can tell; ApiError where another token would mend it. */
export async function createIn(parts: Parts, tenant: TenantRef, wanted: NewAction, known: ReadonlySet<string>): Promise<Action> {
  const outcome = await createAction(await tenant.api(), parts.state.clock, wanted, known);
  if (outcome.kind !== 'done') {
    rethrowSignIn(outcome.error);
    throw new UserError(outcome.kind === 'notDone'
      ? vscode.l10n.t('{0} was not created in {1}. {2}', short(wanted.name), tenant.name, errorWords(outcome.error, tenant.name).text)
      : vscode.l10n.t('{0} was sent to {1}, but whether it was created could not be found out. Refresh the tenant and look before you try again.', short(wanted.name), tenant.name));
  }
  if (parts.state.registry.find(tenant.id) !== undefined) {
    parts.state.catalog(tenant.id).put(outcome.action);
  }
  return outcome.action;
}
