/** Deployments of this machine as they are kept after they ended: plain data without code and secrets. */
import { asNumber, asObject, asText } from '../auth0/json.ts';
import type { Deployment, FailureReason, Outcome, PhaseTime } from './deployment.ts';
import { readPhases } from './runRecord.ts';

export interface HistoryEntry {
  readonly tenantId: string;
  readonly actionId: string;
  readonly actionName: string;
  readonly rollBackTo?: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly phases: readonly PhaseTime[];
  readonly outcome: Outcome['kind'];
  /** Of a failure; absent in what older versions of the extension have kept. */
  readonly reason?: FailureReason;
  /** Looked up afterwards: how long it took is not known. */
  readonly lookedUp?: true;
  readonly version?: number;
  /** Number of the version that was live before. */
  readonly replaced?: number;
  /** What was or would have been live, and its code alone, as hashes. */
  readonly hash?: string;
  readonly codeHash?: string;
  /** The commit whose file holds the code. */
  readonly commit?: { readonly id: string; readonly path: string };
}

const KINDS: ReadonlySet<string> = new Set(['live', 'failed', 'stopped', 'unconfirmed'] satisfies Outcome['kind'][]);
/** As keys, so that a forgotten one does not compile. */
const REASONS: Readonly<Record<FailureReason, true>> = {
  buildFailed: true, buildTimeout: true, draftChanged: true, unreachable: true, refused: true, notDeployed: true, notLive: true, overtaken: true,
  otherContent: true, actionGone: true, versionFailed: true, liveChanged: true, versionGone: true, interrupted: true, takenOver: true, versionUnusable: true,
};

/** What is kept of a deployment; `undefined` for one that runs, and for one that never began. */
export function entryOf({ tenant, outcome, ...one }: Deployment): HistoryEntry | undefined {
  if (outcome === undefined || (outcome.kind === 'stopped' && !outcome.sent)) {
    return undefined;
  }
  const version = outcome.version ?? one.version;
  return {
    tenantId: tenant.id,
    actionId: one.actionId,
    actionName: one.actionName,
    ...(one.rollBackTo === undefined ? {} : { rollBackTo: one.rollBackTo }),
    startedAt: one.startedAt,
    endedAt: one.endedAt ?? one.startedAt,
    phases: one.phases,
    outcome: outcome.kind,
    ...(outcome.kind === 'failed' ? { reason: outcome.reason } : {}),
    ...(one.lookedUp === true ? { lookedUp: true } : {}),
    ...(version === undefined ? {} : { version }),
    ...(one.replaced === undefined ? {} : { replaced: one.replaced }),
    ...(one.hash === undefined ? {} : { hash: one.hash }),
    ...(one.codeHash === undefined ? {} : { codeHash: one.codeHash }),
  };
}

/** The outcome, as far as it was kept: enough for its words. `undefined` for a failure without a reason. */
export function outcomeOf({ outcome, reason, version }: HistoryEntry): Outcome | undefined {
  const made = version === undefined ? {} : { version };
  switch (outcome) {
    case 'live': return { kind: 'live', version: version ?? 0 };
    case 'failed': return reason === undefined ? undefined : { kind: 'failed', reason, errors: [], ...made };
    case 'stopped': return { kind: 'stopped', sent: true, ...made };
    case 'unconfirmed': return { kind: 'unconfirmed', ...made };
  }
}

/** Reads what was kept; `undefined` for anything that is no entry. */
export function readEntry(json: unknown): HistoryEntry | undefined {
  const fields = asObject(json);
  const text = (field: keyof HistoryEntry): string | undefined => asText(fields[field]);
  const number = (field: keyof HistoryEntry): number | undefined => asNumber(fields[field]);
  const [tenantId, actionId, outcome, startedAt] = [text('tenantId'), text('actionId'), text('outcome'), number('startedAt')];
  if (tenantId === undefined || actionId === undefined || outcome === undefined || !KINDS.has(outcome) || startedAt === undefined) {
    return undefined;
  }
  const numbers = Object.fromEntries((['rollBackTo', 'version', 'replaced'] as const).flatMap(field => (number(field) === undefined ? [] : [[field, number(field)]])));
  const hashes = Object.fromEntries((['hash', 'codeHash'] as const).flatMap(field => (text(field) === undefined ? [] : [[field, text(field)]])));
  const reason = text('reason');
  const commit = asObject(fields['commit']);
  const [id, path] = [asText(commit['id']), asText(commit['path'])];
  return {
    tenantId, actionId, actionName: text('actionName') ?? actionId, startedAt, endedAt: number('endedAt') ?? startedAt, phases: readPhases(fields['phases']), outcome: outcome as Outcome['kind'],
    ...(outcome === 'failed' && reason !== undefined && Object.hasOwn(REASONS, reason) ? { reason: reason as FailureReason } : {}),
    ...(fields['lookedUp'] === true ? { lookedUp: true } : {}),
    ...numbers, ...hashes,
    ...(id === undefined || path === undefined ? {} : { commit: { id, path } }),
  };
}
