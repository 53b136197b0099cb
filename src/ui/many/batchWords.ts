/** Several deployments at once, in words: the rows of the list that is reviewed before, and the summary afterwards. */
import { l10n } from 'vscode';
import { accountOf } from '../../actions/batch.ts';
import type { BatchEntry, LeftReason } from '../../actions/batch.ts';
import type { Finding } from '../../actions/checks/check.ts';
import { changesBetween } from '../../actions/comparison.ts';
import { mainTrigger } from '../../actions/model.ts';
import type { Reach } from '../../actions/reach.ts';
import type { Pending } from '../commands/deployPending.ts';
import type { Action } from '../../auth0/api.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { findingWords } from '../checkWords.ts';
import { changeWords } from '../comparisonWords.ts';
import { errorWords, isUserError } from '../errorWords.ts';
import { reachWords } from '../reachWords.ts';
import { escapeIcons, short, withoutIcons } from '../texts.ts';
import { outcomeWords, triggerWords } from '../words.ts';

/** Changes that a row names, and actions that a part of the summary does. */
const CHANGES_SHOWN = 3;
const NAMED = 5;

/** Why an action is not ticked at first: as it is, it cannot go live, or there is nothing to. */
export type Obstacle = 'unchanged' | 'buildFailed' | 'changedElsewhere';

/** An action as it would be deployed, and what there is to know of it before. */
export interface Candidate {
  readonly tenant: TenantRef;
  readonly actionId: string;
  readonly actionName: string;
  /** What is only here; the draft that is edited, where nothing else says so. */
  readonly pending?: Pending;
  /** With the text that is only here, which is saved first. Absent where it could not be read: `error` says why. */
  readonly action?: Action;
  readonly error?: unknown;
  readonly savesFirst: boolean;
  readonly obstacle?: Obstacle;
  /** What the checks find that breaks logins or the build. */
  readonly errors: readonly Finding[];
  readonly reach: readonly Reach[];
}

/** True for what a person who looks at the list most probably wants. */
export function isTickedAtFirst({ action, obstacle, errors }: Candidate): boolean {
  return action !== undefined && obstacle === undefined && errors.length === 0;
}

/** Trigger and place, and in one line what is wrong with it and what changes. Icons of a tenant's texts are taken out. */
export function candidateWords(candidate: Candidate): { readonly label: string; readonly description: string; readonly detail: string } {
  const { action, actionId, actionName, error, errors, obstacle, reach, savesFirst, tenant } = candidate;
  const name = withoutIcons(actionName);
  if (action === undefined) {
    return { label: `$(warning) ${name}`, description: '', detail: withoutIcons(errorWords(error, tenant.name).text) };
  }
  const facts = [
    ...(obstacle === undefined ? [] : [obstacleWords(obstacle, action)]),
    ...(errors.length === 0 ? [] : [findingsWords(errors)]),
    ...(obstacle === 'unchanged' ? [] : [changesWords(action)]),
    ...(savesFirst ? [l10n.t('your text is saved first')] : []),
  ];
  return {
    label: errors.length > 0 || obstacle === 'buildFailed' ? `$(error) ${name}` : obstacle === 'changedElsewhere' ? `$(warning) ${name}` : name,
    description: escapeIcons(`${triggerWords(mainTrigger(action))} · ${reachWords(reach, actionId)}`),
    detail: escapeIcons(short(facts.join(' · '), 300)),
  };
}

function obstacleWords(obstacle: Obstacle, action: Action): string {
  switch (obstacle) {
    case 'unchanged': return l10n.t('nothing has changed since v{0}', action.deployedVersion?.number ?? 0);
    case 'buildFailed': return l10n.t('the build failed, so it cannot be deployed');
    case 'changedElsewhere': return l10n.t('somebody else has changed the draft meanwhile: save yours first');
  }
}

function findingsWords(errors: readonly Finding[]): string {
  const [first] = errors;
  const words = first === undefined ? '' : l10n.t('Line {0}: {1}', first.range.line + 1, unended(findingWords(first)));
  return errors.length < 2 ? words : l10n.t('{0} errors: {1}', errors.length, words);
}

function changesWords(action: Action): string {
  const live = action.deployedVersion;
  if (live === undefined) {
    return l10n.t('never deployed');
  }
  const changes = changesBetween(live, action).map(changeWords);
  return changes.length === 0
    ? l10n.t('holds the same as v{0}', live.number)
    : l10n.t('since v{0}: {1}', live.number, some(changes, CHANGES_SHOWN));
}

/** The first few of a list, and how many more there are. */
function some(texts: readonly string[], most: number): string {
  return [...texts.slice(0, most), ...(texts.length > most ? [l10n.t('and {0} more', texts.length - most)] : [])].join('; ');
}

/** A sentence as a part of another one. */
function unended(sentence: string): string {
  return sentence.replace(/\.$/u, '');
}

type Entry = BatchEntry<Pick<Candidate, 'tenant' | 'actionName'>>;

/** What became of all of them, in one text: how many went live, and by name what did not, and why. `unused` are live, and run by nothing. */
export function batchSummary(entries: readonly Entry[], unused: readonly Entry[] = []): string {
  const { live, failed, unconfirmed, sent, notSent, left } = accountOf(entries);
  const tenants = [...new Set(entries.map(({ item }) => item.tenant.name))].join(', ');
  const [saved, unsent] = [notSent.filter(hasSaved), notSent.filter(entry => !hasSaved(entry))];
  const names = (of: readonly Entry[], words: (entry: Entry) => string = nameOf): string => some(of.map(words), NAMED);
  const withReason = (entry: Entry): string => l10n.t('{0} ({1})', nameOf(entry), unended(reasonWords(entry, true)));
  return [
    live.length === 0
      ? l10n.t('None of {0} actions went live in {1}.', entries.length, tenants)
      : l10n.t('{0} of {1} actions went live in {2}: {3}.', live.length, entries.length, tenants, names(live, entry => `${nameOf(entry)} v${versionOf(entry)}`)),
    ...(unused.length === 0 ? [] : [l10n.t('In no flow, so that nothing runs it: {0}.', names(unused))]),
    ...(failed.length === 0 ? [] : [l10n.t('Failed: {0}.', names(failed, withReason))]),
    ...(unconfirmed.length === 0 ? [] : [l10n.t('Sent, but not confirmed: {0}. Look again in the list of deployments.', names(unconfirmed))]),
    ...(sent.length === 0 ? [] : [l10n.t('Sent before it was stopped, so they may be live: {0}.', names(sent))]),
    ...(saved.length === 0 ? [] : [l10n.t('Stopped once the draft was saved, and not deployed: {0}.', names(saved))]),
    ...(unsent.length === 0 ? [] : [l10n.t('Stopped, with nothing sent: {0}.', names(unsent))]),
    ...(left.length === 0 ? [] : [l10n.t('Left alone: {0}.', names(left, withReason))]),
  ].join(' ');
}

/** What became of each of them, a line each, for the log: without words of the service, which may quote code. */
export function batchAccount(entries: readonly Entry[], unused: readonly Entry[] = []): readonly string[] {
  return entries.map(entry => [nameOf(entry), entry.item.tenant.name, accountWords(entry), ...(unused.includes(entry) ? [l10n.t('not in any flow')] : [])].join(' · '));
}

function accountWords(entry: Entry): string {
  const { result } = entry;
  const outcome = result.kind === 'ended' ? result.deployment.outcome : undefined;
  return reasonWords(entry, false) || outcomeWords(result.kind === 'ended' ? result.deployment : {}, outcome ?? (result.kind === 'notBegun' ? { kind: 'stopped', sent: false } : { kind: 'unconfirmed' }));
}

function hasSaved({ result }: Entry): boolean {
  return result.kind === 'ended' && result.deployment.outcome?.kind === 'stopped' && result.deployment.outcome.saved === true;
}

function nameOf({ item, result }: Entry): string {
  if (result.kind !== 'ended') {
    return short(item.actionName);
  }
  const { actionName, calledBefore = actionName } = result.deployment;
  return calledBefore === actionName ? short(actionName) : l10n.t('{0} (called {1} before)', short(actionName), short(calledBefore));
}

function versionOf({ result }: Entry): number {
  return (result.kind === 'ended' ? result.deployment.outcome?.version : undefined) ?? 0;
}

/** A few words: the list of deployments, the problems and the log have the rest. `quotes` lets the service say it itself. */
function reasonWords({ item, result }: Entry, quotes: boolean): string {
  switch (result.kind) {
    case 'left': return leftWords(result.why);
    case 'error': return errorTitle(result.error, item.tenant);
    case 'notBegun': return '';
    case 'ended': {
      const { outcome } = result.deployment;
      if (outcome?.kind !== 'failed') {
        return '';
      }
      const said = quotes ? outcome.errors[0]?.msg ?? '' : '';
      if (said !== '') {
        return short(said, 160);
      }
      // Of these two the error says more than the reason; the others are reasons enough.
      const isVague = outcome.reason === 'unreachable' || outcome.reason === 'refused';
      return isVague && outcome.error !== undefined ? errorTitle(outcome.error, item.tenant) : outcomeWords(result.deployment, outcome);
    }
  }
}

function leftWords(why: LeftReason): string {
  switch (why) {
    case 'draftChanged': return l10n.t('the draft is another one than was shown');
    case 'liveChanged': return l10n.t('another version went live since it was shown');
    case 'notSaved': return l10n.t('its text could not be saved');
  }
}

function errorTitle(error: unknown, tenant: TenantRef): string {
  return isUserError(error) ? error.message : errorWords(error, tenant.name).title;
}
