/** Creating, renaming and deleting an action. */
import * as vscode from 'vscode';
import { placesOf } from '../../actions/flows.ts';
import { actionNameProblem, deleteAction } from '../../actions/lifecycle.ts';
import type { DeleteOutcome } from '../../actions/lifecycle.ts';
import { isApiError } from '../../auth0/errors.ts';
import { actionNameWords } from '../editWords.ts';
import { UserError, errorWords } from '../errorWords.ts';
import { commands } from '../ids.ts';
import type { LanguageBundle } from '../language/languageFeatures.ts';
import { enter, flash } from '../messages.ts';
import { Dismissed, run } from '../run.ts';
import { short } from '../texts.ts';
import { draftUri, readUri } from '../uris.ts';
import { triggerWords } from '../words.ts';
import { SAID_MS, changeAction, onAction, rethrowSignIn } from './changeAction.ts';
import type { ReadTarget } from './changeAction.ts';
import { confirmWrite } from './confirmWrite.ts';
import { askForAction, createIn, tenantForNew } from './newAction.ts';
import type { CommandTable, Parts } from './parts.ts';

/** `loadLanguage` gives the bundle with the code that a new action begins with. */
export function actionCommands(parts: Parts, loadLanguage: () => Promise<LanguageBundle>): CommandTable {
  return {
    [commands.createAction]: (...args) => run(parts.log, 'createAction', async about => {
      const tenant = await tenantForNew(parts, args);
      about.tenant = tenant;
      const { wanted, known } = await askForAction(parts, tenant, loadLanguage);
      if (tenant.isProtected) {
        const create = vscode.l10n.t('Create');
        const detail = [`${triggerWords(wanted.triggers[0]?.id)} · ${short(wanted.runtime ?? '')}`, vscode.l10n.t('Nothing runs it until it is deployed and in a flow.')].join('\n');
        if ((await confirmWrite(parts, { tenant, question: vscode.l10n.t('Create {0} in {1}?', short(wanted.name), tenant.name), detail, choices: [create] })) !== create) {
          throw new Dismissed();
        }
      }
      const action = await createIn(parts, tenant, wanted, known);
      if (parts.state.registry.find(tenant.id) !== undefined) {
        await vscode.window.showTextDocument(draftUri(tenant.id, action.id, action.name), { preview: false });
        flash(tenant, 'check', vscode.l10n.t('{0} is created in {1}, and not deployed', short(action.name), tenant.name), SAID_MS);
      }
    }),
    [commands.renameAction]: onAction(parts, 'renameAction', () => vscode.l10n.t('Rename which action?'), target => rename(parts, target)),
    [commands.deleteAction]: onAction(parts, 'deleteAction', () => vscode.l10n.t('Delete which action?'), target => remove(parts, target)),
  };
}

async function rename(parts: Parts, target: ReadTarget): Promise<void> {
  const { tenant, actionId, action } = target;
  const list = await parts.state.catalog(tenant.id).loadAll();
  const taken = list.items.filter(one => one.id !== actionId).map(one => one.name);
  const name = await enter(tenant, vscode.l10n.t('Rename {0} in {1}', short(action.name), tenant.name), {
    value: action.name,
    prompt: vscode.l10n.t('Its id, its versions and its places in flows stay.'),
    validateInput: text => {
      const problem = actionNameProblem(text.trim(), taken);
      return problem === undefined ? undefined : actionNameWords(problem, tenant.name);
    },
  });
  if (name === undefined || name.trim() === action.name) {
    throw new Dismissed();
  }
  const after = await changeAction(parts, target, { kind: 'rename', name: name.trim() });
  // A document bears the name it was opened with. One with changes that are not saved stays as it is: it saves all the same.
  const uri = draftUri(tenant.id, actionId, after.name);
  for (const tab of tabsOf(target, 'draft').filter(one => !one.isDirty && one.isActive)) {
    await vscode.window.showTextDocument(uri, { viewColumn: tab.group.viewColumn, preview: tab.isPreview, preserveFocus: true });
  }
  await closeSaved(parts, () => tabsOf(target, 'draft').filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() !== uri.toString()));
}

/** Closes editors that hold nothing unsaved. `tabs` is asked just before: VS Code takes no tab that it has drawn anew since. */
async function closeSaved(parts: Parts, tabs: () => readonly vscode.Tab[]): Promise<void> {
  try {
    await vscode.window.tabGroups.close(tabs().filter(tab => !tab.isDirty), true);
  } catch (error) {
    // What was to be done is done: an editor that stays open is no failure of it.
    parts.log.error('close editors', error);
  }
}

async function remove(parts: Parts, target: ReadTarget): Promise<void> {
  const { tenant, actionId, action } = target;
  const name = short(action.name);
  const { lines, bound: forced } = await placesIn(parts, target);
  const live = action.deployedVersion;
  const pending = await parts.documents.drafts.pending({ tenantId: tenant.id, actionId });
  const detail = [
    ...lines,
    ...(live === undefined ? [vscode.l10n.t('It has never been deployed.')] : [vscode.l10n.t('v{0} is live. All its versions go with it.', live.number)]),
    ...(action.secrets.length === 0 ? [] : [vscode.l10n.t('Its secrets ({0}) go with it, and their values cannot be read back.', action.secrets.length)]),
    ...(pending === undefined ? [] : [pending.kept ? vscode.l10n.t('Your text of its draft is only on this machine, and goes with it.') : vscode.l10n.t('Its draft is open with changes that are not saved. The editor stays open, and saving it will fail.')]),
    vscode.l10n.t('Nothing brings it back.'),
  ].join('\n');
  const yes = forced ? vscode.l10n.t('Take Out of Flows and Delete') : vscode.l10n.t('Delete');
  if ((await confirmWrite(parts, { tenant, question: vscode.l10n.t('Delete {0} from {1}?', name, tenant.name), detail, choices: [yes] })) !== yes) {
    throw new Dismissed();
  }
  const api = await tenant.api();
  let outcome = await deleteAction(api, parts.state.clock, actionId, forced);
  if (outcome.kind === 'bound' && !forced) {
    outcome = await force(parts, target, outcome);
  }
  if (outcome.kind !== 'done') {
    rethrowSignIn(outcome.error);
    throw new UserError(outcome.kind === 'unknown'
      ? vscode.l10n.t('The deletion of {0} was sent to {1}, but what became of it could not be found out. Refresh the tenant and look before you try again.', name, tenant.name)
      : vscode.l10n.t('{0} was not deleted from {1}. {2}', name, tenant.name, errorWords(outcome.error, tenant.name).text));
  }
  await forget(parts, target);
  flash(tenant, 'trash', vscode.l10n.t('{0} is deleted from {1}', name, tenant.name), SAID_MS);
}

/** Something holds the action that its flows did not show: a connection, a stream, or a flow that could not be read. */
async function force(parts: Parts, { tenant, actionId, actionName }: ReadTarget, { error }: DeleteOutcome & { kind: 'bound' }): Promise<DeleteOutcome> {
  const yes = vscode.l10n.t('Delete by Force');
  const said = isApiError(error) ? short(error.serviceMessage ?? '', 300) : '';
  const question = vscode.l10n.t('{0} is in use in {1}. Delete it all the same?', short(actionName), tenant.name);
  if ((await confirmWrite(parts, { tenant, question, detail: [said, vscode.l10n.t('Whatever uses it goes on without it.')].filter(line => line !== '').join('\n'), choices: [yes] })) !== yes) {
    throw new Dismissed();
  }
  return deleteAction(await tenant.api(), parts.state.clock, actionId, true);
}

/** Where logins run the action, a line for each flow; read now, since they do without it afterwards. */
async function placesIn(parts: Parts, { tenant, action }: ReadTarget): Promise<{ readonly lines: readonly string[]; readonly bound: boolean }> {
  const { flows } = parts.state.catalog(tenant.id);
  const read = await Promise.all(action.triggers.map(async ({ id }) => ({ id, flow: await flows.refresh(id) })));
  const inFlow = read.filter(({ flow }) => flow.error === undefined && placesOf(flow.bindings, action.id).length > 0);
  return {
    bound: inFlow.length > 0,
    lines: [
      ...inFlow.map(({ id, flow }) => vscode.l10n.t('It is in the {0} flow, place {1} of {2}: that flow goes on without it at once.', triggerWords(id), placesOf(flow.bindings, action.id).join(', '), flow.bindings.length)),
      // Then it is deleted without force, which the service refuses for one that is bound.
      ...read.filter(({ flow }) => flow.error !== undefined).map(({ id }) => vscode.l10n.t('Whether the {0} flow runs it could not be read.', triggerWords(id))),
    ],
  };
}

/** Takes a deleted action out of everything that shows it. Nothing that is not saved is closed. */
async function forget(parts: Parts, target: ReadTarget): Promise<void> {
  const { tenant, actionId, action } = target;
  if (parts.state.registry.find(tenant.id) !== undefined) {
    const catalog = parts.state.catalog(tenant.id);
    catalog.remove(actionId);
    await Promise.all(action.triggers.filter(trigger => catalog.flows.known(trigger.id) !== undefined).map(trigger => catalog.flows.refresh(trigger.id)));
  }
  parts.problems.forgetAction(tenant.id, actionId);
  await closeSaved(parts, () => tabsOf(target));
}

/** The open editors of an action: of its draft alone, or of its versions as well. */
function tabsOf({ tenant, actionId }: ReadTarget, which?: 'draft'): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap(group => group.tabs).filter(({ input }) => {
    const address = input instanceof vscode.TabInputText ? readUri(input.uri) : undefined;
    return address?.tenantId === tenant.id && address.actionId === actionId && (which === undefined || address.version === undefined);
  });
}
