/** Deploy, its question, and what is said at its end. */
import * as vscode from 'vscode';
import { differences } from '../../actions/content.ts';
import type { Deployment, Outcome } from '../../actions/deployment.ts';
import type { Action, VersionError } from '../../auth0/api.ts';
import { dashboardUrl } from '../../auth0/tenantRef.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { errorWords } from '../errorWords.ts';
import { commands, settings, settingsSection } from '../ids.ts';
import { Dismissed, run } from '../run.ts';
import { short } from '../texts.ts';
import { outcomeSentence, partWords } from '../words.ts';
import type { CommandTable, Parts } from './parts.ts';
import { codeArgs, targetNamed, targetsOf } from './targets.ts';
import type { Target } from './targets.ts';

/** What `deploy` resolves to for a caller. */
export interface DeployResult {
  readonly outcome: 'live' | 'failed' | 'stopped' | 'unconfirmed';
  readonly version?: number;
  readonly errors: readonly VersionError[];
}

export function deployCommands(parts: Parts): CommandTable {
  return {
    [commands.deploy]: async (...given) => {
      const args = codeArgs(given[0]);
      if (args !== undefined) {
        // Called by code: no dialog, and an unknown tenant or action rejects.
        return resultOf(await start(parts, await targetNamed(parts.state, args)));
      }
      const result = await run(parts.log, 'deploy', async () => {
        const targets = await targetsOf(parts.state, vscode.l10n.t('Deploy which action?'), ...given);
        return deployAll(parts, targets);
      });
      return result;
    },
  };
}

async function deployAll(parts: Parts, targets: readonly Target[]): Promise<DeployResult | undefined> {
  const [only, second] = targets;
  if (only !== undefined && second === undefined) {
    return resultOf(await start(parts, only, action => ask(parts, only.tenant, action)));
  }
  await askForAll(targets);
  // One answer stands for all of them; those without changes are left alone rather than asked about one by one.
  await Promise.all(targets.map(target => start(parts, target, action => Promise.resolve(!isUnchanged(action)))));
  return undefined;
}

async function start(parts: Parts, target: Target, confirm?: (action: Action) => Promise<boolean>): Promise<Deployment> {
  const running = parts.state.deployments.of(target.tenant.id, target.actionId);
  const deployment = await parts.state.deployments.deploy({ ...target, ...(confirm === undefined ? {} : { confirm }) });
  if (running === undefined) {
    await parts.problems.deployment(deployment);
    notify(parts, deployment);
  }
  return deployment;
}

function isUnchanged(action: Action): boolean {
  return action.status === 'built' && action.allChangesDeployed;
}

/** The one question before a deploy, where there is a reason to ask. */
async function ask(parts: Parts, tenant: TenantRef, action: Action): Promise<boolean> {
  const always = vscode.workspace.getConfiguration(settingsSection).get(settings.confirmDeploy) === 'always';
  const unchanged = isUnchanged(action);
  if (!unchanged && !always && parts.state.registry.deploysWithoutAsking(tenant.id)) {
    return true;
  }
  const name = short(action.name);
  if (unchanged) {
    const anyway = vscode.l10n.t('Deploy Anyway');
    return (await question(vscode.l10n.t('Deploy {0} to {1} although nothing has changed?', name, tenant.name), unchangedDetail(action), anyway)) === anyway;
  }
  const deploy = vscode.l10n.t('Deploy');
  const neverAsk = vscode.l10n.t('Deploy, and Don\'t Ask Again for {0}', tenant.name);
  const choice = await question(vscode.l10n.t('Deploy {0} to {1}?', name, tenant.name), changesDetail(action), deploy, ...(always ? [] : [neverAsk]));
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
  if ((await question(asked, `${names}\n\n${vscode.l10n.t('Actions without changes are left alone.')}`, deploy)) === undefined) {
    throw new Dismissed();
  }
}

function question(message: string, detail: string, ...buttons: string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(message, { modal: true, detail }, ...buttons);
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

/** At most one notification, by the person's setting; never awaited. */
function notify(parts: Parts, deployment: Deployment): void {
  const { outcome, tenant } = deployment;
  if (outcome === undefined || (outcome.kind === 'stopped' && (outcome.declined === true || !outcome.sent))) {
    return;
  }
  const error = 'error' in outcome && outcome.error !== undefined ? outcome.error : undefined;
  const text = outcomeSentence(deployment, outcome, error === undefined ? undefined : errorWords(error, tenant.name).text);
  parts.log[outcome.kind === 'live' || outcome.kind === 'stopped' ? 'info' : 'warn'](text);
  const wanted = vscode.workspace.getConfiguration(settingsSection).get<string>(settings.notifications, 'failures');
  if (wanted === 'none' || (wanted === 'failures' && outcome.kind === 'live')) {
    return;
  }
  const buttons = buttonsFor(parts, deployment, outcome);
  const show = outcome.kind === 'failed' ? vscode.window.showErrorMessage : outcome.kind === 'unconfirmed' ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  void show(text, ...buttons.keys()).then(choice => (choice === undefined ? undefined : buttons.get(choice)?.()));
}

function buttonsFor(parts: Parts, deployment: Deployment, outcome: Outcome): Map<string, () => unknown> {
  const buttons = new Map<string, () => unknown>();
  const place = parts.problems.place(deployment.tenant.id, deployment.actionId);
  const url = dashboardUrl(deployment.tenant, deployment.actionId);
  if (outcome.kind === 'failed' && place !== undefined) {
    buttons.set(vscode.l10n.t('Show Problem'), async () => {
      await vscode.window.showTextDocument(place);
      await vscode.commands.executeCommand('workbench.actions.view.problems');
    });
  }
  if (outcome.kind === 'unconfirmed') {
    buttons.set(vscode.l10n.t('Look Again'), () => parts.state.catalog(deployment.tenant.id).refreshAction(deployment.actionId));
  }
  if (outcome.kind === 'failed' && url !== undefined) {
    buttons.set(vscode.l10n.t('Open in Dashboard'), () => vscode.env.openExternal(vscode.Uri.parse(url, true)));
  } else if (outcome.kind !== 'live') {
    buttons.set(vscode.l10n.t('Show Log'), () => parts.log.show());
  }
  return buttons;
}

function resultOf(deployment: Deployment): DeployResult {
  const { outcome } = deployment;
  if (outcome === undefined) {
    return { outcome: 'unconfirmed', errors: [] };
  }
  const version = outcome.version;
  return { outcome: outcome.kind, ...(version === undefined ? {} : { version }), errors: outcome.kind === 'failed' ? outcome.errors : [] };
}
