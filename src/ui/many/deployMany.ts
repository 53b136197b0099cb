/** Several deployments at once: one reviewed list before, and one summary afterwards. */
import * as vscode from 'vscode';
import { readAllActions } from '../../actions/allActions.ts';
import { accountOf, lookBack, runBatch } from '../../actions/batch.ts';
import type { BatchEntry, LeftReason } from '../../actions/batch.ts';
import { sameContent } from '../../actions/content.ts';
import type { Deployment } from '../../actions/deployment.ts';
import { isInNoFlow, readReach } from '../../actions/reach.ts';
import type { Action } from '../../auth0/api.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { batchAccount, batchSummary, candidateWords } from './batchWords.ts';
import type { Candidate, Obstacle } from './batchWords.ts';
import { UserError } from '../errorWords.ts';
import { commands } from '../ids.ts';
import { fail, flash, inform, noTenant, tellsEnd, warn } from '../messages.ts';
import { Dismissed, run } from '../run.ts';
import { confirmWrite } from '../commands/confirmWrite.ts';
import { errorsIn } from '../commands/deployFacts.ts';
import { resultOf } from '../commands/deploymentEnd.ts';
import type { DeployResult, follow } from '../commands/deploymentEnd.ts';
import { pendingDraft, readyWith, withPending } from '../commands/deployPending.ts';
import type { Pending } from '../commands/deployPending.ts';
import type { Parts } from '../commands/parts.ts';
import { reviewCandidates } from './reviewList.ts';
import type { Target } from '../commands/targets.ts';
import { tellUnused } from '../commands/tellUnused.ts';

/** How long the status bar tells that all went live. */
const SAID_MS = 8000;

/** How one deployment is begun and followed to its end: handed in, since this bundle has no such machinery of its own. */
type Follow = typeof follow;

/** What a caller gets for each action that was agreed to. One that was left alone is `stopped`. */
export type ManyResult = readonly (DeployResult & { readonly action: string })[];

/** Deploys those of the selected actions that a person ticks. @throws Dismissed where nothing is. */
export function deploySelected(parts: Parts, begins: Follow, targets: readonly (Target & { readonly pending?: Pending })[]): Promise<ManyResult> {
  return deployReviewed(parts, begins, tenantsOf(targets), () => Promise.all(targets.map(async target => {
    try {
      const api = await target.tenant.api();
      return await candidate(parts, target, await api.getAction(target.actionId), target.pending);
    } catch (error) {
      return { ...target, error, savesFirst: false, errors: [], reach: [] };
    }
  })));
}

/**
 * Deploys those of a tenant's actions with undeployed changes that a person ticks; a text that is only here is a change.
 * @throws UserError where there is none; Dismissed; ApiError where the tenant cannot be read.
 */
export function deployChanged(parts: Parts, begins: Follow, tenant: TenantRef): Promise<ManyResult> {
  return deployReviewed(parts, begins, [tenant], async () => {
    const actions = await readAllActions(await tenant.api());
    const ready = await Promise.all(actions.map(async action => ({ action, then: readyWith(action, await pendingDraft(parts, { tenant, actionId: action.id }).change(action)) })));
    const changed = ready.filter(({ then }) => !then.action.allChangesDeployed).map(({ action }) => action);
    if (changed.length === 0) {
      throw new UserError(vscode.l10n.t('Nothing in {0} waits to be deployed: each draft holds what is live.', tenant.name));
    }
    const found = await Promise.all(changed.map(action => candidate(parts, { tenant, actionId: action.id, actionName: action.name }, action)));
    return found.sort((a, b) => a.actionName.localeCompare(b.actionName));
  });
}

async function deployReviewed(parts: Parts, begins: Follow, tenants: readonly TenantRef[], read: () => Promise<readonly Candidate[]>): Promise<ManyResult> {
  const { ticked, stopAtFirstFailure } = await reviewCandidates(parts, tenants, read);
  const declined = new Set<string>();
  for (const tenant of tenantsOf(ticked).filter(one => one.isProtected)) {
    if (!(await typesName(parts, tenant, ticked.filter(one => one.tenant.id === tenant.id)))) {
      declined.add(tenant.id);
    }
  }
  const agreed = ticked.filter(one => !declined.has(one.tenant.id));
  if (agreed.length === 0) {
    throw new Dismissed();
  }
  // A single one tells its end itself, as it does where it is the only one that was selected.
  const alone = agreed.length === 1;
  const ended = await inBatch(parts, stopAtFirstFailure, signal => runBatch(agreed, one => begin(parts, begins, one, alone), { stopAtFirstFailure, signal }));
  const { clock, deployments } = parts.state;
  const entries = alone ? ended : await lookBack(ended, one => begins(parts, one, () => deployments.lookAgain(one), false), deployments, clock);
  const [first] = entries;
  if (alone && first?.result.kind === 'ended') {
    void tellUnused(parts, first.result.deployment);
  } else {
    tell(parts, entries, await unusedOf(parts, entries));
  }
  return entries.map(({ item, result }) => ({ action: item.actionName, ...(result.kind === 'ended' ? resultOf(result.deployment) : { outcome: result.kind === 'error' ? 'failed' : 'stopped', errors: [] }) }));
}

/** What goes one after another can be stopped between two of them as well, where nothing runs. */
async function inBatch<T>({ state: { batches } }: Parts, oneAfterAnother: boolean, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  if (oneAfterAnother) {
    batches.add(stop);
  }
  try {
    return await work(stop.signal);
  } finally {
    batches.delete(stop);
  }
}

async function candidate(parts: Parts, target: Target, read: Action, pending = pendingDraft(parts, target)): Promise<Candidate> {
  const { tenant, actionId } = target;
  const { action, savesFirst } = readyWith(read, await pending.change(read));
  const catalog = parts.state.registry.find(tenant.id) === undefined ? undefined : parts.state.catalog(tenant.id);
  const [errors, reach] = await Promise.all([errorsIn(parts, tenant, action), catalog === undefined ? [] : readReach(catalog.flows, parts.state.clock, action)]);
  const obstacle: Obstacle | undefined = savesFirst && pending.isUnexpected(read) ? 'changedElsewhere' : action.status === 'failed' ? 'buildFailed' : action.allChangesDeployed ? 'unchanged' : undefined;
  return { tenant, actionId, actionName: action.name, pending, action, savesFirst, errors, reach, ...(obstacle === undefined ? {} : { obstacle }) };
}

/** The list was reviewed already: what is left is the name of the protected tenant. */
async function typesName(parts: Parts, tenant: TenantRef, ticked: readonly Candidate[]): Promise<boolean> {
  const deploy = vscode.l10n.t('Deploy');
  const lines = ticked.map(candidateWords).map(({ label, description, detail }) => `${label} · ${description} · ${detail}`.replace(/^\$\(\w+\) /u, ''));
  return (await confirmWrite(parts, { tenant, question: vscode.l10n.t('Deploy {0} actions to {1}?', ticked.length, tenant.name), detail: lines.join('\n'), choices: [deploy] })) === deploy;
}

/** What is deployed is what was shown: where the draft or what is live is another one now, it is left alone, and so is a text that cannot be saved. */
async function begin(parts: Parts, begins: Follow, { tenant, actionId, actionName, pending, action: shown }: Candidate, tells: boolean): Promise<Deployment | LeftReason> {
  const target = { tenant, actionId, actionName };
  let why: LeftReason = 'notSaved';
  const confirm = withPending(pending ?? pendingDraft(parts, target), ready => {
    const sameDraft = shown !== undefined && sameContent(shown, ready.action);
    const sameLive = shown?.deployedVersion?.id === ready.action.deployedVersion?.id;
    why = !sameDraft ? 'draftChanged' : !sameLive ? 'liveChanged' : 'notSaved';
    return Promise.resolve(sameDraft && sameLive);
  }, false);
  const deployment = await begins(parts, target, () => parts.state.deployments.deploy({ ...target, confirm, meant: read => Promise.resolve(shown ?? read) }), tells);
  return deployment.outcome?.kind === 'stopped' && deployment.outcome.declined === true ? why : deployment;
}

/** Those that are live and run by nothing, which the list did not show: somebody has taken them out of their flow, or that was not known then. */
async function unusedOf(parts: Parts, entries: readonly BatchEntry<Candidate>[]): Promise<readonly BatchEntry<Candidate>[]> {
  const { clock, registry } = parts.state;
  const unused = await Promise.all(accountOf(entries).live.map(async entry => {
    const { tenant, actionId, action, reach } = entry.item;
    const news = action !== undefined && registry.find(tenant.id) !== undefined && !isInNoFlow(reach, actionId);
    return news && isInNoFlow(await readReach(parts.state.catalog(tenant.id).flows, clock, action), actionId) ? [entry] : [];
  }));
  return unused.flat();
}

/** The whole account in the log, and one notification for all of them, by the person's setting; never awaited. */
function tell(parts: Parts, entries: readonly BatchEntry<Candidate>[], unused: readonly BatchEntry<Candidate>[]): void {
  const { live, failed, unconfirmed, sent, notSent } = accountOf(entries);
  const [first, second] = tenantsOf(entries.map(({ item }) => item));
  const about = first !== undefined && second === undefined ? first : noTenant;
  const allLive = live.length === entries.length;
  const isWell = allLive && unused.length === 0;
  for (const line of batchAccount(entries, unused)) {
    parts.log[isWell ? 'info' : 'warn'](line);
  }
  if (allLive) {
    flash(about, 'check', vscode.l10n.t('{0} actions are live', live.length), SAID_MS);
  }
  if (!tellsEnd(isWell ? 'success' : 'failure')) {
    return;
  }
  const stopped = failed.length + unconfirmed.length === 0 && sent.length + notSent.length > 0;
  const say = failed.length > 0 ? fail : isWell || stopped ? inform : warn;
  const show = vscode.l10n.t('Show Deployments');
  void say(about, batchSummary(entries, unused), show).then(choice => (choice === show ? run(parts.log, 'notification', () => vscode.commands.executeCommand(commands.showDeployments)) : undefined));
}

function tenantsOf(targets: readonly { readonly tenant: TenantRef }[]): readonly TenantRef[] {
  return [...new Map(targets.map(({ tenant }) => [tenant.id, tenant])).values()];
}
