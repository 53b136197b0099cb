/** Deploy, and its question. */
import * as vscode from 'vscode';
import { changesBetween } from '../../actions/comparison.ts';
import { differences, sameContent } from '../../actions/content.ts';
import { placesOf } from '../../actions/flows.ts';
import type { Finding } from '../../actions/checks/check.ts';
import type { Deployment } from '../../actions/deployment.ts';
import type { Action, Version } from '../../auth0/api.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { changeLines } from '../comparisonWords.ts';
import { commands, settings, settingsSection } from '../ids.ts';
import { ask, inform, noTenant, tellsEnd } from '../messages.ts';
import { run } from '../run.ts';
import { short } from '../texts.ts';
import { findingWords } from '../checkWords.ts';
import { flowWords, partWords, triggerWords } from '../words.ts';
import { confirmWrite } from './confirmWrite.ts';
import { follow, resultOf } from './deploymentEnd.ts';
import type { DeployResult } from './deploymentEnd.ts';
import { withPending } from './deployPending.ts';
import type { CommandTable, Parts } from './parts.ts';
import { actionsOf, codeArgs } from './targets.ts';
import type { Target } from './targets.ts';

/** Errors of the checks that a question names. */
const ERRORS_SHOWN = 5;

export function deployCommands(parts: Parts): CommandTable {
  /** Actions that are live in no flow, of which that was said in this window. */
  const toldUnused = new Set<string>();
  return {
    [commands.deploy]: async (...given) => {
      const args = codeArgs(given[0]);
      if (args !== undefined) {
        // Called by code: an unknown tenant or action rejects. There is no dialog but for a protected tenant, where a
        // person answers whoever calls, and for who wants one every time.
        const [target] = await actionsOf(parts.state, '', args);
        return target === undefined ? undefined : resultOf(await start(parts, target, action => (target.tenant.isProtected || (asksAlways() && !parts.unattended) ? confirm(parts, target.tenant, action) : Promise.resolve(true)), false));
      }
      const result = await run(parts.log, 'deploy', async () => {
        const targets = await actionsOf(parts.state, vscode.l10n.t('Deploy which action?'), ...given);
        return deployAll(parts, toldUnused, targets);
      });
      return result;
    },
  };
}

async function deployAll(parts: Parts, toldUnused: Set<string>, targets: readonly Target[]): Promise<DeployResult | undefined> {
  const [only, second] = targets;
  if (only !== undefined && second === undefined) {
    const deployment = await start(parts, only, action => confirm(parts, only.tenant, action));
    void tellUnused(parts, toldUnused, only, deployment);
    return resultOf(deployment);
  }
  // One answer stands for all of them but those that the checks find broken; those without changes are left alone rather than asked about one by one.
  const open = targets.filter(target => !target.tenant.isProtected);
  const agreed = open.length > 0 && (await askForAll(open)) ? open.map(target => () => start(parts, target, async action => !isUnchanged(action) && ((await errorsIn(parts, target.tenant, action)).length === 0 || confirm(parts, target.tenant, action)))) : [];
  for (const tenant of tenantsOf(targets.filter(target => target.tenant.isProtected))) {
    agreed.push(...(await deployProtected(parts, tenant, targets.filter(target => target.tenant.id === tenant.id))));
  }
  await Promise.all(agreed.map(begin => begin()));
  return undefined;
}

/** `attended` is false where a caller's code asked for it, which no question may hold up. */
function start(parts: Parts, target: Target, confirm: (action: Action) => Promise<boolean>, attended = true): Promise<Deployment> {
  return follow(parts, target, () => parts.state.deployments.deploy({ ...target, confirm: withPending(parts, target, confirm, attended) }));
}

/** One question for all selected actions of a protected tenant. A draft that is another one than was shown asks again. */
async function deployProtected(parts: Parts, tenant: TenantRef, targets: readonly Target[]): Promise<readonly (() => Promise<Deployment>)[]> {
  const api = await tenant.api();
  const shown = new Map((await Promise.all(targets.map(target => api.getAction(target.actionId)))).map(action => [action.id, action]));
  const details = await Promise.all([...shown.values()].map(async action => `${short(action.name)}: ${isUnchanged(action) ? vscode.l10n.t('nothing has changed, so it is left alone') : withErrors(await errorsIn(parts, tenant, action), changesSentence(action))}`));
  const deploy = vscode.l10n.t('Deploy');
  const choice = await confirmWrite(parts, {
    tenant,
    question: vscode.l10n.t('Deploy {0} actions to {1}?', targets.length, tenant.name),
    detail: details.join('\n'),
    choices: [deploy],
  });
  return choice !== deploy ? [] : targets.map(target => () => start(parts, target, async action => {
    const before = shown.get(action.id);
    return !isUnchanged(action) && ((before !== undefined && sameContent(before, action)) || confirm(parts, tenant, action));
  }));
}

/** A version that is live and in no flow is run by no login: said once for each action, with the way to mend it. */
async function tellUnused(parts: Parts, toldUnused: Set<string>, target: Target, { outcome, actionName }: Deployment): Promise<void> {
  const key = `${target.tenant.id}/${target.actionId}`;
  // A version that nothing runs has not done what it was made for.
  if (outcome?.kind !== 'live' || !tellsEnd('failure') || toldUnused.has(key) || parts.state.registry.find(target.tenant.id) === undefined) {
    return;
  }
  const catalog = parts.state.catalog(target.tenant.id);
  const action = catalog.action(target.actionId);
  const flows = await Promise.all((action?.triggers ?? []).map(trigger => catalog.flows.refresh(trigger.id)));
  if (flows.length === 0 || flows.some(flow => flow.error !== undefined || flow.entityBound || placesOf(flow.bindings, target.actionId).length > 0)) {
    return;
  }
  toldUnused.add(key);
  const addTo = vscode.l10n.t('Add to Flow…');
  const text = vscode.l10n.t('{0} v{1} is live in {2}, but not in any flow, so no login runs it.', short(actionName), outcome.version, target.tenant.name);
  if ((await inform(target.tenant, text, addTo)) === addTo) {
    await vscode.commands.executeCommand(commands.addToFlow, { tenant: target.tenant.id, action: target.actionId });
  }
}

function isUnchanged(action: Action): boolean {
  return action.status === 'built' && action.allChangesDeployed;
}

function asksAlways(): boolean {
  return vscode.workspace.getConfiguration(settingsSection).get(settings.confirmDeploy) === 'always';
}

/** The one question before a deploy, where there is a reason to ask. */
async function confirm(parts: Parts, tenant: TenantRef, action: Action): Promise<boolean> {
  const always = asksAlways();
  const unchanged = isUnchanged(action);
  const errors = await errorsIn(parts, tenant, action);
  if (!unchanged && !always && errors.length === 0 && parts.state.registry.deploysWithoutAsking(tenant.id)) {
    return true;
  }
  const name = short(action.name);
  if (unchanged) {
    const anyway = vscode.l10n.t('Deploy Anyway');
    const question = vscode.l10n.t('Deploy {0} to {1} although nothing has changed?', name, tenant.name);
    return (await confirmWrite(parts, { tenant, question, detail: withErrors(errors, withFlows(parts, tenant, action, unchangedDetail(action))), choices: [anyway] })) === anyway;
  }
  const deploy = errors.length === 0 ? vscode.l10n.t('Deploy') : vscode.l10n.t('Deploy Anyway');
  const neverAsk = vscode.l10n.t('Deploy, and Don\'t Ask Again for {0}', tenant.name);
  const question = vscode.l10n.t('Deploy {0} to {1}?', name, tenant.name);
  const choice = await confirmWrite(parts, { tenant, question, detail: withErrors(errors, withFlows(parts, tenant, action, changesDetail(action))), choices: [deploy, ...(always || tenant.isProtected || errors.length > 0 ? [] : [neverAsk])] });
  if (choice === neverAsk) {
    await parts.state.registry.setDeployWithoutAsking(tenant.id);
  }
  return choice !== undefined;
}

/** What the checks find that breaks logins or the build. */
async function errorsIn(parts: Parts, tenant: TenantRef, action: Action): Promise<readonly Finding[]> {
  return (await parts.checks.findingsFor(tenant, action, action.code)).filter(finding => finding.severity === 'error');
}

/** The first few errors of the checks, before what else there is to know. */
function withErrors(errors: readonly Finding[], detail: string): string {
  const lines = errors.slice(0, ERRORS_SHOWN).map(error => vscode.l10n.t('Line {0}: {1}', error.range.line + 1, findingWords(error)));
  const more = errors.length > ERRORS_SHOWN ? [vscode.l10n.t('{0} more in the Problems panel, once the draft is open.', errors.length - ERRORS_SHOWN)] : [];
  return errors.length === 0 ? detail : `${[vscode.l10n.t('The checks found errors:'), ...lines, ...more].join('\n')}\n\n${detail}`;
}

function tenantsOf(targets: readonly Target[]): readonly TenantRef[] {
  return [...new Map(targets.map(target => [target.tenant.id, target.tenant])).values()];
}

/** For the question of a protected tenant: which version this makes, and what is known of where logins run the action. */
function withFlows(parts: Parts, tenant: TenantRef, action: Action, detail: string): string {
  if (!tenant.isProtected || parts.state.registry.find(tenant.id) === undefined) {
    return detail;
  }
  const { flows } = parts.state.catalog(tenant.id);
  const places = action.triggers.flatMap(({ id }) => {
    const flow = flows.known(id);
    return flow === undefined || flow.error !== undefined ? [] : [vscode.l10n.t('{0} flow: {1}.', triggerWords(id), flowWords(flow, action.id))];
  });
  const live = action.deployedVersion;
  const makes = live === undefined || isUnchanged(action) ? [] : [vscode.l10n.t('This makes v{0} or higher, which logins run at once.', live.number + 1)];
  return [detail, ...makes, ...places].join('\n');
}

async function askForAll(targets: readonly Target[]): Promise<boolean> {
  const tenants = tenantsOf(targets);
  const names = targets.map(target => `${target.tenant.name} · ${short(target.actionName)}`).join('\n');
  const deploy = vscode.l10n.t('Deploy');
  const asked = vscode.l10n.t('Deploy {0} actions to {1}?', targets.length, tenants.map(tenant => tenant.name).join(', '));
  const [only, more] = tenants;
  const about = only !== undefined && more === undefined ? only : noTenant;
  return (await ask(about, asked, `${names}\n\n${vscode.l10n.t('Actions without changes are left alone.')}`, deploy)) === deploy;
}

function unchangedDetail(action: Action): string {
  const live = action.deployedVersion?.number ?? 0;
  return vscode.l10n.t('v{0} is live and holds the same as the draft. Deploying would make v{1} and use one of the 50 versions that the service keeps.', live, live + 1);
}

/** What a deploy changes, in one sentence that names the parts: for a question about several actions. */
function changesSentence(action: Action): string {
  const live = action.deployedVersion;
  const changed = live === undefined ? [] : differences(live, action).map(partWords);
  return live === undefined || changed.length === 0 ? sameDetail(live) : vscode.l10n.t('Changed since v{0}, which is live: {1}.', live.number, changed.join(', '));
}

/** What a deploy changes, each fact on a line of its own. */
function changesDetail(action: Action): string {
  const live = action.deployedVersion;
  const changes = live === undefined ? [] : changesBetween(live, action);
  return live === undefined || changes.length === 0 ? sameDetail(live) : [vscode.l10n.t('Changed since v{0}, which is live:', live.number), ...changeLines(changes)].join('\n');
}

function sameDetail(live: Version | undefined): string {
  return live === undefined ? vscode.l10n.t('It has never been deployed: this makes version 1.') : vscode.l10n.t('v{0} is live and holds the same as the draft.', live.number);
}
