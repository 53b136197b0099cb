/** Finding actions, the list of deployments, and stopping one. */
import * as vscode from 'vscode';
import { isRunning } from '../../actions/deployment.ts';
import type { Deployment } from '../../actions/deployment.ts';
import { commands } from '../ids.ts';
import { choose, inform, noTenant } from '../messages.ts';
import { Dismissed, run } from '../run.ts';
import type { AppState } from '../appState.ts';
import { withoutIcons } from '../texts.ts';
import { isRow } from '../tree/rows.ts';
import { draftUri, versionUri } from '../uris.ts';
import { elapsedWords, outcomeWords, runningWords, whenWords } from '../words.ts';
import type { CommandTable, Parts } from './parts.ts';
import { replaceItems } from './pick.ts';
import { pickAction, refuseLostRow } from './targets.ts';

export function listCommands(parts: Parts): CommandTable {
  const { state, log } = parts;
  return {
    [commands.findAction]: () =>
      run(log, 'findAction', async () => {
        const target = await pickAction(state, vscode.l10n.t('Find an action by name, trigger or state'));
        const row = parts.tree.row(target.tenant.id, target.actionId);
        if (row !== undefined) {
          await parts.view.reveal(row, { select: true, focus: false, expand: false });
        }
        await vscode.window.showTextDocument(draftUri(target.tenant.id, target.actionId, target.actionName));
      }),
    [commands.showDeployments]: () => run(log, 'showDeployments', () => showDeployments(parts)),
    [commands.cancelDeployment]: (...args) =>
      run(log, 'cancelDeployment', async () => {
        refuseLostRow(args);
        const [first, selected] = args;
        const running = state.deployments.running();
        if (isRow(first) && 'actionId' in first) {
          // One that has just ended needs no stopping, and no other may be stopped in its place.
          const rows = Array.isArray(selected) && selected.includes(first) ? selected.filter(isRow) : [first];
          for (const { id } of rows.flatMap(row => ('actionId' in row ? state.deployments.of(row.tenant.id, row.actionId) ?? [] : []))) {
            state.deployments.stop(id);
          }
          return;
        }
        // Between two that go one after another none runs, and the next is to be stopped.
        const only = running.length === 1 || (running.length === 0 && state.batches.size > 0) ? undefined : await pickRunning(state);
        if (only === undefined) {
          state.stopAll();
        } else {
          state.deployments.stop(only.id);
        }
      }),
  };
}

export interface DeploymentItem extends vscode.QuickPickItem {
  readonly deployment?: Deployment;
}

/** One of those that run; nothing for all of them. */
async function pickRunning(state: AppState): Promise<Deployment | undefined> {
  const running = state.deployments.running();
  const items: readonly DeploymentItem[] = [...running.map(deploymentItem), { label: `$(debug-stop) ${vscode.l10n.t('Stop All')}`, description: vscode.l10n.t('{0} deployments', running.length) }];
  if (running.length === 0) {
    void inform(noTenant, vscode.l10n.t('No deployment is running.'));
    throw new Dismissed();
  }
  const choice = await choose(noTenant, items, vscode.l10n.t('Stop which deployment?'));
  if (choice === undefined) {
    throw new Dismissed();
  }
  return choice.deployment;
}

/** The list follows the deployments while it is open; looking at it answers what the status bar asks for. */
async function showDeployments(parts: Parts): Promise<void> {
  const { state } = parts;
  parts.statusBar.looked();
  const pick = vscode.window.createQuickPick<DeploymentItem>();
  pick.title = vscode.l10n.t('Deployments of this window');
  pick.placeholder = vscode.l10n.t('Choose one to open what it deployed');
  const stopEach: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('stop-circle'), tooltip: vscode.l10n.t('Stop All') };
  const stop: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('debug-stop'), tooltip: vscode.l10n.t('Stop') };
  const again: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('refresh'), tooltip: vscode.l10n.t('Look Again') };
  const undo: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('discard'), tooltip: vscode.l10n.t('Undo…') };
  const fill = (): void => {
    const several = state.deployments.running().length > 1;
    if (several !== pick.buttons.length > 0) {
      pick.buttons = several ? [stopEach] : [];
    }
    const items = state.deployments.list().map(one => ({ ...deploymentItem(one), buttons: [...(isRunning(one) ? [stop] : []), ...(state.deployments.canLookAgain(one) ? [again] : []), ...(state.deployments.canUndo(one) ? [undo] : [])] }));
    replaceItems(pick, items.length > 0 ? items : [{ label: vscode.l10n.t('Nothing was deployed in this window to a tenant that is connected.'), alwaysShow: true }], one => one.deployment?.id);
  };
  fill();
  const off = state.deployments.changed.on(fill);
  const tick = setInterval(() => {
    if (state.deployments.running().length > 0) {
      fill();
    }
  }, 1000);
  pick.onDidTriggerButton(() => state.stopAll());
  pick.onDidTriggerItemButton(({ button, item: { deployment } }) => {
    if (deployment === undefined) {
      return;
    }
    if (button === stop) {
      state.deployments.stop(deployment.id);
    } else {
      void vscode.commands.executeCommand(button === undo ? commands.undoDeployment : commands.lookAgain, deployment.id);
    }
  });
  pick.show();
  const chosen = await new Promise<Deployment | undefined>(resolve => {
    pick.onDidAccept(() => resolve(pick.selectedItems[0]?.deployment));
    pick.onDidHide(() => resolve(undefined));
  });
  clearInterval(tick);
  off();
  pick.dispose();
  if (chosen !== undefined) {
    await open(parts, chosen);
  }
}

/** The version that went live, the document with the problems, or the draft. */
async function open(parts: Parts, deployment: Deployment): Promise<void> {
  const { tenant, actionId, actionName, outcome } = deployment;
  const place = parts.problems.place(tenant.id, actionId);
  const uri = outcome?.kind === 'live' ? versionUri(tenant.id, actionId, outcome.version, actionName) : (place ?? draftUri(tenant.id, actionId, actionName));
  await vscode.window.showTextDocument(uri);
}

/** A deployment as lists show it. */
export function deploymentItem(deployment: Deployment): DeploymentItem {
  const now = Date.now();
  const { outcome } = deployment;
  const started = whenWords(new Date(deployment.startedAt).toISOString(), now);
  const icon = outcome === undefined ? 'sync~spin' : { live: 'check', failed: 'error', stopped: 'debug-stop', unconfirmed: 'question' }[outcome.kind];
  const words = outcome === undefined
    ? runningWords(deployment, now)
    : outcomeWords(deployment, outcome);
  return {
    label: `$(${icon}) ${vscode.l10n.t('{0}: {1}', withoutIcons(deployment.actionName), words)}`,
    description: withoutIcons(deployment.tenant.name),
    detail: deployment.lookedUp === true
      ? vscode.l10n.t('started {0}, looked up later', started)
      : vscode.l10n.t('started {0}, {1}', started, elapsedWords((deployment.endedAt ?? now) - deployment.startedAt)),
    deployment,
  };
}
