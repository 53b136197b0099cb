/** Deploy, and its question. */
import * as vscode from 'vscode';
import { differences } from '../../actions/content.ts';
import { placesOf } from '../../actions/flows.ts';
import type { Deployment } from '../../actions/deployment.ts';
import type { Action } from '../../auth0/api.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { commands, settings, settingsSection } from '../ids.ts';
import { ask, inform } from '../messages.ts';
import { Dismissed, run } from '../run.ts';
import { short } from '../texts.ts';
import { partWords } from '../words.ts';
import { follow, resultOf } from './deploymentEnd.ts';
import type { DeployResult } from './deploymentEnd.ts';
import type { CommandTable, Parts } from './parts.ts';
import { actionsOf, codeArgs } from './targets.ts';
import type { Target } from './targets.ts';

export function deployCommands(parts: Parts): CommandTable {
  /** Actions that are live in no flow, of which that was said in this window. */
  const toldUnused = new Set<string>();
  return {
    [commands.deploy]: async (...given) => {
      const args = codeArgs(given[0]);
      if (args !== undefined) {
        // Called by code: an unknown tenant or action rejects, and there is no dialog but for who wants one every time.
        const [target] = await actionsOf(parts.state, '', args);
        return target === undefined ? undefined : resultOf(await start(parts, target, asksAlways() && !parts.unattended ? action => confirm(parts, target.tenant, action) : undefined));
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
  await askForAll(targets);
  // One answer stands for all of them; those without changes are left alone rather than asked about one by one.
  await Promise.all(targets.map(target => start(parts, target, action => Promise.resolve(!isUnchanged(action)))));
  return undefined;
}

function start(parts: Parts, target: Target, confirm?: (action: Action) => Promise<boolean>): Promise<Deployment> {
  return follow(parts, target, () => parts.state.deployments.deploy({ ...target, ...(confirm === undefined ? {} : { confirm }) }));
}

/** A version that is live and in no flow is run by no login: said once for each action, with the way to mend it. */
async function tellUnused(parts: Parts, toldUnused: Set<string>, target: Target, { outcome, actionName }: Deployment): Promise<void> {
  const key = `${target.tenant.id}/${target.actionId}`;
  const quiet = vscode.workspace.getConfiguration(settingsSection).get<string>(settings.notifications) === 'none';
  if (outcome?.kind !== 'live' || quiet || toldUnused.has(key) || parts.state.registry.find(target.tenant.id) === undefined) {
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
  if ((await inform(text, addTo)) === addTo) {
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
  if (!unchanged && !always && parts.state.registry.deploysWithoutAsking(tenant.id)) {
    return true;
  }
  const name = short(action.name);
  if (unchanged) {
    const anyway = vscode.l10n.t('Deploy Anyway');
    return (await ask(vscode.l10n.t('Deploy {0} to {1} although nothing has changed?', name, tenant.name), unchangedDetail(action), anyway)) === anyway;
  }
  const deploy = vscode.l10n.t('Deploy');
  const neverAsk = vscode.l10n.t('Deploy, and Don\'t Ask Again for {0}', tenant.name);
  const choice = await ask(vscode.l10n.t('Deploy {0} to {1}?', name, tenant.name), changesDetail(action), deploy, ...(always ? [] : [neverAsk]));
  if (choice === neverAsk) {
    await parts.state.registry.setDeployWithoutAsking(tenant.id);
  }
  return choice !== undefined;
}

async function askForAll(targets: readonly Target[]): Promise<void> {
  const tenants = [...new Map(targets.map(target => [target.tenant.id, target.tenant])).values()];
  const names = targets.map(target => `${target.tenant.name} · ${short(target.actionName)}`).join('\n');
  const deploy = vscode.l10n.t('Deploy');
  const asked = vscode.l10n.t('Deploy {0} actions to {1}?', targets.length, tenants.map(tenant => tenant.name).join(', '));
  if ((await ask(asked, `${names}\n\n${vscode.l10n.t('Actions without changes are left alone.')}`, deploy)) === undefined) {
    throw new Dismissed();
  }
}

function unchangedDetail(action: Action): string {
  const live = action.deployedVersion?.number ?? 0;
  return vscode.l10n.t('v{0} is live and holds the same as the draft. Deploying would make v{1} and use one of the 50 versions that the service keeps.', live, live + 1);
}

function changesDetail(action: Action): string {
  const live = action.deployedVersion;
  if (live === undefined) {
    return vscode.l10n.t('It has never been deployed: this makes version 1.');
  }
  const changed = differences(action, live).map(partWords);
  return changed.length === 0
    ? vscode.l10n.t('v{0} is live and holds the same as the draft.', live.number)
    : vscode.l10n.t('Changed since v{0}, which is live: {1}.', live.number, changed.join(', '));
}
