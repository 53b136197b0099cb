/** Deployments and connected tenants -> what the status bar says, as plain data. */
import { l10n } from 'vscode';
import { isRunning } from '../../actions/deployment.ts';
import type { Deployment } from '../../actions/deployment.ts';
import { short, withoutIcons } from '../texts.ts';
import { displayLocale, outcomeWords, runningWords } from '../words.ts';

export interface StatusLook {
  /** With icons as `$(name)`; text from a tenant has none. */
  readonly text: string;
  readonly background?: 'error' | 'warning';
  readonly tooltip: readonly string[];
  /** The whole item in words. */
  readonly spoken: string;
}

export interface StatusFacts {
  readonly now: number;
  readonly running: readonly Deployment[];
  /** Ended ones that are still worth showing, the newest first. */
  readonly ended: readonly Deployment[];
  /** Names of the connected tenants. */
  readonly tenants: readonly string[];
}

/** `undefined` when there is nothing to say: the item is hidden. */
export function statusLook(facts: StatusFacts): StatusLook | undefined {
  const { running, ended, now } = facts;
  const [first] = running;
  if (first !== undefined && running.length > 1) {
    const words = l10n.t('{0} deployments', running.length);
    const tenant = running.every(one => one.tenant.id === first.tenant.id) ? tenantSuffix(facts, first) : '';
    return { text: `$(sync~spin) ${words}${tenant}`, tooltip: running.flatMap(one => tooltipOf(one, now)), spoken: `${words}${tenant}` };
  }
  if (first !== undefined) {
    const words = `${l10n.t('{0}: {1}', withoutIcons(first.actionName), runningWords(first, now))}${tenantSuffix(facts, first)}`;
    return { text: `$(sync~spin) ${words}`, tooltip: tooltipOf(first, now), spoken: words };
  }
  const last = ended[0];
  return last?.outcome === undefined ? idleLook(facts.tenants) : endedLook(last, now, tenantSuffix(facts, last));
}

/** True for an outcome that stays in the status bar until somebody looks at it. */
export function needsLook(deployment: Deployment): boolean {
  return deployment.outcome?.kind === 'failed' || deployment.outcome?.kind === 'unconfirmed';
}

/** Where several tenants are connected, each deployment says which one it is of. */
function tenantSuffix({ tenants }: StatusFacts, { tenant }: Deployment): string {
  return tenants.length > 1 ? ` · ${withoutIcons(tenant.name)}` : '';
}

function endedLook(deployment: Deployment, now: number, suffix: string): StatusLook {
  const name = withoutIcons(deployment.actionName);
  const { outcome } = deployment;
  const words = `${outcome === undefined ? '' : outcomeWords(deployment, outcome)}${suffix}`;
  const tooltip = tooltipOf(deployment, now);
  const said = l10n.t('{0}: {1}', name, words);
  switch (outcome?.kind) {
    case 'live': return { text: `$(check) ${name} ${words}`, tooltip, spoken: `${name} ${words}` };
    case 'failed': return { text: `$(error) ${said}`, background: 'error', tooltip, spoken: said };
    case 'unconfirmed': return { text: `$(question) ${said}`, background: 'warning', tooltip, spoken: said };
    default: return { text: `$(debug-stop) ${said}`, tooltip, spoken: said };
  }
}

function idleLook(tenants: readonly string[]): StatusLook | undefined {
  if (tenants.length === 0) {
    return undefined;
  }
  const [only] = tenants;
  const words = tenants.length === 1 && only !== undefined ? withoutIcons(only) : l10n.t('{0} tenants', tenants.length);
  return { text: `$(organization) ${words}`, tooltip: [l10n.t('Actions for Auth0'), ...tenants.map(name => short(name)), l10n.t('Click to see the deployments.')], spoken: l10n.t('Connected to {0}', words) };
}

/** Tenant, action, version, and each phase with its time. */
function tooltipOf(deployment: Deployment, now: number): readonly string[] {
  const version = deployment.version === undefined ? '' : ` v${deployment.version}`;
  const words = deployment.outcome === undefined ? runningWords(deployment, now) : outcomeWords(deployment, deployment.outcome);
  return [
    `${short(deployment.tenant.name)} · ${short(deployment.actionName)}${version} · ${words}`,
    ...deployment.phases.map(time => `${phaseName(time.phase)} ${seconds((time.endedAt ?? now) - time.startedAt)} s`),
    ...(isRunning(deployment) || deployment.lookedUp === true ? [] : [l10n.t('{0} s in all', seconds((deployment.endedAt ?? now) - deployment.startedAt))]),
  ];
}

/** Seconds with one digit after the point. */
export function seconds(ms: number): string {
  return (ms / 1000).toLocaleString(displayLocale(), { minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false });
}

/** A phase in one word. */
export function phaseName(phase: Deployment['phases'][number]['phase']): string {
  return { reading: l10n.t('reading'), building: l10n.t('building'), deploying: l10n.t('deploying'), confirming: l10n.t('confirming') }[phase];
}
