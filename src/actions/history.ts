/** Deployments of this machine as they are kept after they ended: plain data without code and secrets. */
import { asNumber, asObject, asText } from '../auth0/json.ts';
import type { Deployment, Outcome, PhaseTime } from './deployment.ts';
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
    ...(version === undefined ? {} : { version }),
    ...(one.replaced === undefined ? {} : { replaced: one.replaced }),
    ...(one.hash === undefined ? {} : { hash: one.hash }),
    ...(one.codeHash === undefined ? {} : { codeHash: one.codeHash }),
  };
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
  const commit = asObject(fields['commit']);
  const [id, path] = [asText(commit['id']), asText(commit['path'])];
  return {
    tenantId, actionId, actionName: text('actionName') ?? actionId, startedAt, endedAt: number('endedAt') ?? startedAt, phases: readPhases(fields['phases']), outcome: outcome as Outcome['kind'],
    ...numbers, ...hashes,
    ...(id === undefined || path === undefined ? {} : { commit: { id, path } }),
  };
}
