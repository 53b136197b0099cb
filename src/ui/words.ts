/**
 * The words for everything that the pure folders name by a key: states, phases, outcomes, problems, times.
 * Each key is mapped here once to a literal, so that the extraction of translatable text finds it.
 */
import { env, l10n } from 'vscode';
import { currentPhase } from '../actions/deployment.ts';
import type { Deployment, FailureReason, Outcome, Phase } from '../actions/deployment.ts';
import type { ContentPart } from '../actions/content.ts';
import type { ActionState } from '../actions/model.ts';
import { placesOf } from '../actions/flows.ts';
import type { Flow } from '../actions/flowMemory.ts';
import type { Problem } from '../actions/problems.ts';
import type { TenantLabel, TenantRef } from '../auth0/tenantRef.ts';
import { short } from './texts.ts';

/** The same where the last deploy of it made a version that failed. */
export function failedVersionWords(version: number, state: string): string {
  return l10n.t('v{0} failed, {1}', version, state);
}

/** The state of an action in words, as its row says it. `elapsed` is of a build that is under way. */
export function stateWords(state: ActionState, elapsed: string): string {
  const live = state.live ?? 0;
  switch (state.kind) {
    case 'firstBuild': return l10n.t('{0}, never deployed', buildWords(state.status, elapsed));
    case 'ready': return l10n.t('never deployed');
    case 'firstBuildFailed': return l10n.t('build failed, never deployed');
    case 'rebuilding': return l10n.t('v{0} live, {1}', live, buildWords(state.status, elapsed));
    case 'rebuildFailed': return l10n.t('v{0} live, rebuild failed', live);
    case 'changesBuilding': return l10n.t('{0}, v{1} live', buildWords(state.status, elapsed), live);
    case 'changesReady': return l10n.t('v{0} live, changes not deployed', live);
    case 'changesFailed': return l10n.t('build failed, v{0} live', live);
    case 'inStep': return l10n.t('v{0} live', live);
    case 'unknown': return state.live === undefined ? short(state.status) || l10n.t('status unknown') : l10n.t('{0}, v{1} live', short(state.status) || l10n.t('status unknown'), live);
  }
}

/** The status of a draft that is being built; `retrying` is named, and is no failure. */
export function buildWords(status: string, elapsed: string): string {
  switch (status) {
    case 'pending': return l10n.t('build pending {0}', elapsed);
    case 'retrying': return l10n.t('build retrying {0}', elapsed);
    case 'packaged': return l10n.t('build packaged {0}', elapsed);
    default: return l10n.t('building {0}', elapsed);
  }
}

/** What a state means, as a sentence for the tooltip. */
export function stateSentence(state: ActionState): string {
  const live = state.live ?? 0;
  switch (state.kind) {
    case 'firstBuild': return l10n.t('The first build is running. Nothing is live yet.');
    case 'ready': return l10n.t('Ready to deploy. It has never been deployed, so no login runs it.');
    case 'firstBuildFailed': return l10n.t('The first build failed. It cannot be deployed, and nothing is live.');
    case 'rebuilding': return l10n.t('The draft is being rebuilt without changes. Logins run v{0}, which holds the same.', live);
    case 'rebuildFailed': return l10n.t('A rebuild of the unchanged draft failed. Logins run v{0}, which holds the same.', live);
    case 'changesBuilding': return l10n.t('Changes are being built. Logins still run v{0}.', live);
    case 'changesReady': return l10n.t('Changes are ready to deploy. Logins still run v{0}.', live);
    case 'changesFailed': return l10n.t('The changes failed to build. Logins still run v{0}.', live);
    case 'inStep': return l10n.t('Logins run v{0}, and the draft holds the same.', live);
    case 'unknown': return l10n.t('The service reports a status that this extension does not know.');
  }
}

function phaseWords(phase: Phase, deployment: Deployment, elapsed: string): string {
  switch (phase) {
    case 'reading': return l10n.t('reading');
    case 'building': return buildWords(deployment.draftStatus === 'retrying' ? 'retrying' : 'building', elapsed);
    case 'deploying': return deployment.rollBackTo === undefined ? l10n.t('deploying') : l10n.t('rolling back to v{0}', deployment.rollBackTo);
    case 'confirming': return l10n.t('confirming');
  }
}

/** What a running deployment is doing now, and for how long. */
export function runningWords(deployment: Deployment, now: number): string {
  return phaseWords(currentPhase(deployment), deployment, elapsedWords(now - (deployment.phases.at(-1)?.startedAt ?? now)));
}

/** The outcome in a few words, for the status bar and the list of deployments. */
export function outcomeWords({ rollBackTo }: Pick<Deployment, 'rollBackTo'>, outcome: Outcome): string {
  switch (outcome.kind) {
    case 'live': return l10n.t('v{0} live', outcome.version);
    case 'failed': return failureWords(outcome.reason, outcome.version, rollBackTo !== undefined);
    case 'stopped': return outcome.sent ? l10n.t('stopped watching') : outcome.saved === true ? l10n.t('stopped, saved but not deployed') : l10n.t('stopped, nothing sent');
    case 'unconfirmed': return l10n.t('not confirmed');
  }
}

function failureWords(reason: FailureReason, version: number | undefined, isRollBack: boolean): string {
  switch (reason) {
    case 'buildFailed': return l10n.t('build failed');
    case 'buildTimeout': return l10n.t('not built in time');
    case 'draftChanged': return l10n.t('draft changed meanwhile');
    case 'refused': return isRollBack ? l10n.t('roll back refused') : l10n.t('deploy refused');
    case 'unreachable':
    case 'notDeployed': return isRollBack ? l10n.t('not rolled back') : l10n.t('not deployed');
    case 'notLive': return l10n.t('not live');
    case 'overtaken': return l10n.t('another version went live');
    case 'otherContent': return l10n.t('something else went live');
    case 'actionGone': return l10n.t('action deleted');
    case 'versionFailed': return version === undefined ? l10n.t('version failed') : l10n.t('v{0} failed', version);
    case 'liveChanged': return l10n.t('another version went live');
    case 'versionGone': return l10n.t('version not kept any more');
    case 'versionUnusable': return l10n.t('version never built');
    case 'interrupted':
    case 'takenOver': return isRollBack ? l10n.t('interrupted, not rolled back') : l10n.t('interrupted, not deployed');
  }
}

/** What happened, to which action in which tenant, and what to do, as sentences for a notification. */
export function outcomeSentence(deployment: Deployment, outcome: Outcome, errorText: string | undefined): string {
  return [...outcomeSentences(deployment, outcome, errorText), renamedSentence(deployment)].filter(one => one !== '').join(' ');
}

function outcomeSentences(deployment: Deployment, outcome: Outcome, errorText = ''): readonly string[] {
  const action = short(deployment.actionName);
  const tenant = deployment.tenant.name;
  switch (outcome.kind) {
    case 'live': return [l10n.t('{0} v{1} is live in {2}.', action, outcome.version, tenant), byOtherSentence(outcome), rolledBackSentence(deployment, outcome.draftFollows)];
    case 'stopped': return [stoppedSentence(deployment, outcome)];
    case 'unconfirmed': return [deployment.rollBackTo === undefined
      ? l10n.t('The deploy call for {0} was sent to {1}, but what became of it could not be confirmed. Look again once the tenant answers: that sends nothing. {2}', action, tenant, errorText).trim()
      : l10n.t('The roll back of {0} to v{2} was sent to {1}, but what became of it could not be confirmed. Look again once the tenant answers: that sends nothing. {3}', action, tenant, deployment.rollBackTo, errorText).trim()];
    case 'failed': return [(deployment.rollBackTo === undefined ? failureSentence : rollBackFailureSentence)(deployment, outcome, errorText), liveSentence(outcome)];
  }
}

function stoppedSentence({ actionName, tenant, rollBackTo }: Deployment, { sent, saved }: Outcome & { kind: 'stopped' }): string {
  const action = short(actionName);
  if (rollBackTo !== undefined) {
    return sent
      ? l10n.t('Stopped watching {0} in {1}. The roll back to v{2} had already been sent, so the new version may be live.', action, tenant.name, rollBackTo)
      : l10n.t('Roll back of {0} to v{2} in {1} stopped. Nothing was sent.', action, tenant.name, rollBackTo);
  }
  if (sent) {
    return l10n.t('Stopped watching {0} in {1}. The deploy call had already been sent, so the new version may be live.', action, tenant.name);
  }
  return saved === true
    ? l10n.t('Deployment of {0} to {1} stopped. The draft was saved there, and nothing was deployed.', action, tenant.name)
    : l10n.t('Deployment of {0} to {1} stopped. Nothing was sent.', action, tenant.name);
}

/** Whoever began it knows the action by its earlier name. */
function renamedSentence({ actionName, calledBefore = actionName }: Deployment): string {
  return calledBefore === actionName ? '' : l10n.t('The action was called {0} before.', short(calledBefore));
}

/** The same went live by another call meanwhile, which may be an earlier one of this machine: whose version is live, and whether one was made here. */
function byOtherSentence({ byOther, made }: Outcome & { kind: 'live' }): string {
  if (byOther !== true) {
    return '';
  }
  return made === undefined
    ? l10n.t('Another deploy of the same draft went live meanwhile, so nothing was deployed from here.')
    : l10n.t('Somebody else made it meanwhile. It holds the same as v{0}, which was made here.', made);
}

/** What a roll back means for the draft: without a word, the next ordinary deploy would surprise. */
function rolledBackSentence(deployment: Deployment, draftFollows: boolean | undefined): string {
  if (deployment.rollBackTo === undefined) {
    return '';
  }
  switch (draftFollows) {
    case true: return l10n.t('It holds what v{0} held, and so does the draft.', deployment.rollBackTo);
    case false: return l10n.t('It holds what v{0} held. The draft does not show that yet: look at it before the next deploy.', deployment.rollBackTo);
    case undefined: return l10n.t('It holds what v{0} held. The draft keeps its own content, and the next ordinary deploy brings that back.', deployment.rollBackTo);
  }
}

/** Why a roll back failed. Its advice is never a deploy, which would make the draft live. */
function rollBackFailureSentence(deployment: Deployment, outcome: Outcome & { kind: 'failed' }, errorText: string): string {
  const action = short(deployment.actionName);
  const tenant = deployment.tenant.name;
  const { rollBackTo = 0 } = deployment;
  const { reason, version, live = 0 } = outcome;
  switch (reason) {
    case 'draftChanged': return l10n.t('The draft of {0} in {1} was changed meanwhile, and it was to hold what v{2} holds. Nothing was rolled back: look at the draft and decide again.', action, tenant, rollBackTo);
    case 'unreachable': return l10n.t('{0} was not rolled back to v{2} in {1}. {3}', action, tenant, rollBackTo, errorText).trim();
    case 'refused': return l10n.t('{1} refused to roll back {0} to v{2}. {3}', action, tenant, rollBackTo, errorText).trim();
    case 'notDeployed': return l10n.t('The answer to the roll back was lost, and {1} made no new version of {0}. Roll back to v{2} again.', action, tenant, rollBackTo);
    case 'notLive': return version === undefined
      ? l10n.t('The answer to the roll back of {0} to v{2} was lost, and no new version went live in {1} in time. Refresh the action before you roll back again.', action, tenant, rollBackTo)
      : failureSentence(deployment, outcome, errorText);
    case 'overtaken': return l10n.t('v{2} of {0} was made in {1} from v{4}, but v{3} is live: somebody else deployed or rolled back meanwhile. Compare the two before you roll back again.', action, tenant, version ?? 0, live, rollBackTo);
    case 'otherContent': return l10n.t('v{2} of {0} is live in {1}, and it does not hold what v{3} held: somebody else may have deployed or rolled back meanwhile. Compare the two.', action, tenant, version ?? 0, rollBackTo);
    case 'liveChanged': return l10n.t('v{2} of {0} went live in {1} meanwhile: somebody else deployed or rolled back. Nothing was rolled back: look at it and decide again.', action, tenant, live);
    case 'interrupted': return l10n.t('{0} was not rolled back to v{2} in {1}: the window was closed before that was sent. Roll back again.', action, tenant, rollBackTo);
    case 'takenOver': return l10n.t('{0} was not rolled back to v{2} in {1}: this window stood still, and another one took the roll back over. Look at the action, then roll back again.', action, tenant, rollBackTo);
    default: return failureSentence(deployment, outcome, errorText);
  }
}

function failureSentence(deployment: Deployment, { reason, version, live = 0 }: Outcome & { kind: 'failed' }, errorText: string): string {
  const action = short(deployment.actionName);
  const tenant = deployment.tenant.name;
  const { rollBackTo = 0 } = deployment;
  switch (reason) {
    case 'buildFailed': return l10n.t('The draft of {0} in {1} failed to build, and the service gives no reason. Check its dependencies.', action, tenant);
    case 'buildTimeout': return l10n.t('The draft of {0} in {1} was not built within six minutes. Nothing was deployed.', action, tenant);
    case 'draftChanged': return l10n.t('The draft of {0} in {1} was changed while it was being deployed. Nothing was deployed: look at the draft and deploy again.', action, tenant);
    case 'unreachable': return l10n.t('{0} was not deployed to {1}. {2}', action, tenant, errorText).trim();
    case 'refused': return l10n.t('{0} refused to deploy {1}. {2}', tenant, action, errorText).trim();
    case 'notDeployed': return l10n.t('The answer to the deploy call was lost, and {1} made no new version of {0}. Deploy again.', action, tenant);
    case 'notLive': return version === undefined
      ? l10n.t('The answer to the deploy call for {0} was lost, and no new version went live in {1} in time. Refresh the action before you deploy again.', action, tenant)
      : l10n.t('v{2} of {0} was made in {1}, but it did not go live in time. Refresh the action to see what is live.', action, tenant, version);
    case 'overtaken': return l10n.t('v{2} of {0} was made in {1}, but v{3} is live: somebody else deployed or rolled back meanwhile. Compare the two before you deploy again.', action, tenant, version ?? 0, live);
    case 'otherContent': return l10n.t('v{2} of {0} is live in {1}, and it is not what was to be deployed: somebody changed the draft, or deployed, in the moment before. Compare it with what you expect.', action, tenant, version ?? 0);
    case 'actionGone': return version === undefined
      ? l10n.t('{0} does not exist in {1} any more: it was deleted meanwhile. Nothing was deployed.', action, tenant)
      : l10n.t('{0} does not exist in {1} any more: it was deleted while v{2} went live. Nothing of it is live.', action, tenant, version);
    case 'versionFailed': return l10n.t('v{2} of {0} in {1} failed: the Problems panel says why.', action, tenant, version ?? 0);
    case 'liveChanged': return l10n.t('v{2} of {0} went live in {1} meanwhile: somebody else deployed or rolled back. Nothing was deployed from here: compare it with the draft and deploy again.', action, tenant, live);
    case 'versionGone': return l10n.t('{1} does not keep v{2} of {0} any more: an action keeps its last 50 versions. Nothing was rolled back.', action, tenant, rollBackTo);
    case 'versionUnusable': return l10n.t('v{2} of {0} in {1} failed to build, so it cannot be rolled back to.', action, tenant, rollBackTo);
    case 'interrupted': return l10n.t('{0} was not deployed to {1}: the window was closed before the deploy call was sent. Deploy again.', action, tenant);
    case 'takenOver': return l10n.t('{0} was not deployed to {1}: this window stood still, and another one took the deployment over. Look at the action, then deploy again.', action, tenant);
  }
}

/** What logins run in spite of the failure, as far as anybody has read it. */
function liveSentence({ reason, live, otherLive, nothingLive }: Outcome & { kind: 'failed' }): string {
  // Each of these says it itself.
  if (reason === 'overtaken' || reason === 'otherContent' || reason === 'liveChanged') {
    return '';
  }
  if (live !== undefined) {
    return otherLive === true ? l10n.t('v{0} is live, which somebody else deployed meanwhile.', live) : l10n.t('v{0} is still live.', live);
  }
  return nothingLive === true ? l10n.t('Nothing is live.') : '';
}

/** What a build problem or a version's error says in the Problems panel. */
export function problemWords(problem: Problem): string {
  switch (problem.kind) {
    case 'versionError': return short(problem.message, 1000) || l10n.t('The service reports an error without a text.');
    case 'buildFailed': return problem.culprits.length > 0
      ? l10n.t('The build failed, and the service gives no reason. The checks found what could not be installed: {0}.', short(problem.culprits.join(', '), 300))
      : problem.hasDependencies
      ? l10n.t('The build failed, and the service gives no reason. A build only installs the dependencies: check that each of them exists in its version.')
      : l10n.t('The build failed, and the service gives no reason. There are no dependencies that could have failed: save the draft again to rebuild it.');
    case 'runFailed': return l10n.t('A run failed, {0}: {1}', whenWords(problem.when, Date.now()), short(problem.message, 1000) || l10n.t('an error without a text'));
    case 'suspect': return problem.required
      ? l10n.t('Dependency {0}@{1} may be what failed to install.', problem.name, problem.version)
      : l10n.t('Dependency {0}@{1} may be what failed to install. The code does not require it.', problem.name, problem.version);
  }
}

export function partWords(part: ContentPart): string {
  switch (part) {
    case 'code': return l10n.t('code');
    case 'runtime': return l10n.t('runtime');
    case 'dependencies': return l10n.t('dependencies');
    case 'secrets': return l10n.t('secrets');
    case 'triggers': return l10n.t('trigger');
    case 'modules': return l10n.t('modules');
  }
}

/** `post-login` -> `Post Login`; an unknown id reads the same way. */
export function triggerWords(id: string | undefined): string {
  return id === undefined ? l10n.t('no trigger') : short(id).replace(/(?:^|-)(\w)/gu, (match, letter: string) => `${match.startsWith('-') ? ' ' : ''}${letter.toUpperCase()}`);
}

export function labelWords(label: TenantLabel): string {
  switch (label) {
    case 'dev': return l10n.t('dev');
    case 'staging': return l10n.t('staging');
    case 'production': return l10n.t('production');
  }
}

/** What the person has said of a tenant: its label, and that it is protected. */
export function tenantMarks({ label, isProtected }: Pick<TenantRef, 'label' | 'isProtected'>): readonly string[] {
  return [...(label === undefined ? [] : [labelWords(label)]), ...(isProtected ? [l10n.t('protected')] : [])];
}

/** Where an action stands in a flow. */
export function flowWords(flow: Flow, actionId: string): string {
  const places = placesOf(flow.bindings, actionId);
  if (places.length === 0) {
    return flow.entityBound ? l10n.t('bound where it is used, without a flow') : l10n.t('not in any flow');
  }
  return places.length === 1
    ? l10n.t('place {0} of {1}', places[0] ?? 0, flow.bindings.length)
    : l10n.t('places {0} of {1}', places.join(', '), flow.bindings.length);
}

/** `0:07`, `12:40`, `1:02:03`. */
export function elapsedWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes}:${two(seconds % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** VS Code's display language, in the machine's own variety where that is one of it: `en-GB` writes dates in another way than `en`. */
export function displayLocale(): string {
  const { locale } = new Intl.DateTimeFormat().resolvedOptions();
  return locale.split('-')[0] === env.language.split('-')[0] ? locale : env.language;
}

/** `today 14:03`, `yesterday 09:12`, `tomorrow 09:12`, `3 Mar 2026 18:40` in the local time zone; the text itself where it is no time. */
export function whenWords(time: string | undefined, now: number, locale: string = displayLocale()): string {
  // Nine fraction digits are more than a Date reads everywhere.
  const date = new Date((time ?? '').replace(/(\.\d{3})\d+/u, '$1'));
  if (Number.isNaN(date.getTime())) {
    return short(time ?? '');
  }
  const clock = date.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const days = Math.round((midnight - new Date(date).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0) {
    return l10n.t('today {0}', clock);
  }
  if (days === -1) {
    return l10n.t('tomorrow {0}', clock);
  }
  return days === 1 ? l10n.t('yesterday {0}', clock) : `${date.toLocaleDateString(locale, { day: 'numeric', month: 'short', year: 'numeric' })} ${clock}`;
}
