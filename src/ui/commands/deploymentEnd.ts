/** What a person and a caller learn at the end of a deployment or roll back. */
import * as vscode from 'vscode';
import type { Deployment, Outcome } from '../../actions/deployment.ts';
import { ActionBusy } from '../../actions/deployments.ts';
import type { Action, VersionError } from '../../auth0/api.ts';
import { isApiError } from '../../auth0/errors.ts';
import { dashboardUrl } from '../../auth0/tenantRef.ts';
import { UserError, errorWords, isUserError } from '../errorWords.ts';
import { commands } from '../ids.ts';
import { short } from '../texts.ts';
import { fail, inform, tellsEnd, warn } from '../messages.ts';
import { run } from '../run.ts';
import { draftUri, versionUri } from '../uris.ts';
import { outcomeSentence } from '../words.ts';
import type { Parts } from './parts.ts';

/** A version was seen live at most 0.3 s after the call that made it. */
const LOOK_ONCE_MS = 1000;

/** What `deploy` and `deployVersion` resolve to for a caller. */
export interface DeployResult {
  readonly outcome: 'live' | 'failed' | 'stopped' | 'unconfirmed';
  readonly version?: number;
  readonly errors: readonly VersionError[];
}

/**
 * Waits for a deployment, puts its problems where they belong and says once how it ended. One that was joined is told
 * of by whoever began it, and one of several (`tells` is false) by whoever began those.
 * @throws UserError where the action is busy with something else.
 */
export async function follow(parts: Parts, target: { readonly tenant: { readonly id: string }; readonly actionId: string }, begin: () => Promise<Deployment>, tells = true): Promise<Deployment> {
  const joined = parts.state.deployments.of(target.tenant.id, target.actionId) !== undefined;
  let failedDraft: Action | undefined;
  const unhear = parts.state.actionRead.on(({ tenant, action }) => {
    if (tenant.id === target.tenant.id && action.id === target.actionId && action.status === 'failed') {
      failedDraft = action;
    }
  });
  const deployment = await begin().catch((error: unknown) => {
    throw error instanceof ActionBusy ? new UserError(error.differs ? differsWords(error.deployment) : busyWords(error.deployment)) : error;
  }).finally(unhear);
  if (!joined) {
    await parts.problems.deployment(deployment, failedDraft);
    if (isGone(deployment) && parts.state.registry.find(target.tenant.id) !== undefined) {
      parts.state.catalog(target.tenant.id).remove(target.actionId);
    }
    notify(parts, deployment, tells);
    // Of several, what became of them is looked for before it is told.
    if (tells && deployment.outcome?.kind === 'stopped' && deployment.outcome.sent) {
      void lookOnce(parts, deployment);
    }
  }
  return deployment;
}

function isGone({ outcome }: Deployment): boolean {
  return outcome?.kind === 'failed' && outcome.reason === 'actionGone';
}

/** Nobody watches any more, but the row must not say for ever what it said before the call. */
async function lookOnce(parts: Parts, { tenant, actionId }: Deployment): Promise<void> {
  await parts.state.clock.sleep(LOOK_ONCE_MS);
  if (parts.state.registry.find(tenant.id) !== undefined) {
    await parts.state.catalog(tenant.id).refreshAction(actionId).catch((error: unknown) => parts.log.error('look once', error));
  }
}

/** Why an action is left alone while a deployment of it runs. */
export function busyWords({ actionName, tenant, rollBackTo, lookedUp }: Deployment): string {
  if (lookedUp === true) {
    return vscode.l10n.t('What became of an earlier deployment of {0} to {1} is being looked up. Wait for that to end, or stop it first.', short(actionName), tenant.name);
  }
  return rollBackTo === undefined
    ? vscode.l10n.t('{0} is being deployed to {1}. Wait for it to end, or stop it first.', short(actionName), tenant.name)
    : vscode.l10n.t('{0} is being rolled back to v{2} in {1}. Wait for it to end, or stop it first.', short(actionName), tenant.name, rollBackTo);
}

/** Why a deploy does not join the one that runs. */
function differsWords({ actionName, tenant }: Deployment): string {
  return vscode.l10n.t('{0} is being deployed to {1}, but not as it is now. Nothing of yours is lost: deploy again when that has ended.', short(actionName), tenant.name);
}

/** At most one notification, by the person's setting; never awaited. */
function notify(parts: Parts, deployment: Deployment, tells: boolean): void {
  const { outcome, tenant } = deployment;
  if (outcome === undefined || (outcome.kind === 'stopped' && !outcome.sent && outcome.saved !== true)) {
    return;
  }
  const error = 'error' in outcome && outcome.error !== undefined ? outcome.error : undefined;
  const text = outcomeSentence(deployment, outcome, error === undefined ? undefined : errorWords(error, tenant.name).text);
  parts.log[outcome.kind === 'live' || outcome.kind === 'stopped' ? 'info' : 'warn'](text);
  if (error !== undefined && !isApiError(error) && !isUserError(error)) {
    // What the service said is in the lines of its requests; a mistake of ours would be nowhere.
    parts.log.error('deploy', error);
  }
  // Whoever has stopped it knows that.
  if (!tells || !tellsEnd(outcome.kind === 'failed' || outcome.kind === 'unconfirmed' ? 'failure' : 'success')) {
    return;
  }
  const buttons = buttonsFor(parts, deployment, outcome);
  const show = outcome.kind === 'failed' ? fail : outcome.kind === 'unconfirmed' ? warn : inform;
  void show(tenant, text, ...buttons.keys()).then(choice => (choice === undefined ? undefined : run(parts.log, 'notification', about => {
    about.tenant = tenant;
    return buttons.get(choice)?.();
  })));
}

function buttonsFor(parts: Parts, deployment: Deployment, outcome: Outcome): Map<string, () => unknown> {
  const buttons = new Map<string, () => unknown>();
  const place = parts.problems.place(deployment.tenant.id, deployment.actionId);
  const url = dashboardUrl(deployment.tenant, deployment.actionId);
  if (outcome.kind === 'failed' && place !== undefined) {
    buttons.set(vscode.l10n.t('Show Problem'), () => parts.problems.show(deployment.tenant.id, deployment.actionId));
  }
  if (parts.state.deployments.canUndo(deployment)) {
    buttons.set(vscode.l10n.t('Undo…'), () => vscode.commands.executeCommand(commands.undoDeployment, deployment.id));
  }
  if (parts.state.deployments.canLookAgain(deployment)) {
    buttons.set(vscode.l10n.t('Look Again'), () => vscode.commands.executeCommand(commands.lookAgain, deployment.id));
  }
  if (outcome.kind === 'failed' && (outcome.reason === 'interrupted' || outcome.reason === 'notDeployed')) {
    buttons.set(deployment.rollBackTo === undefined ? vscode.l10n.t('Deploy Again') : vscode.l10n.t('Roll Back Again…'), () => begunAgain(deployment));
  }
  if (outcome.kind === 'failed' && url !== undefined && !isGone(deployment)) {
    buttons.set(vscode.l10n.t('Open in Dashboard'), () => vscode.env.openExternal(vscode.Uri.parse(url, true)));
  } else if (outcome.kind !== 'live') {
    buttons.set(vscode.l10n.t('Show Log'), () => parts.log.show());
  }
  return buttons;
}

/** The same once more, with the question that belongs to it. */
function begunAgain({ tenant, actionId, actionName, rollBackTo }: Deployment): Thenable<unknown> {
  return rollBackTo === undefined
    ? vscode.commands.executeCommand(commands.deploy, draftUri(tenant.id, actionId, actionName))
    : vscode.commands.executeCommand(commands.deployVersion, versionUri(tenant.id, actionId, rollBackTo, actionName));
}

/** The outcome as a caller gets it. */
export function resultOf(deployment: Deployment): DeployResult {
  const { outcome } = deployment;
  if (outcome === undefined) {
    return { outcome: 'unconfirmed', errors: [] };
  }
  const version = outcome.version;
  return { outcome: outcome.kind, ...(version === undefined ? {} : { version }), errors: outcome.kind === 'failed' ? outcome.errors : [] };
}
