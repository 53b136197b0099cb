/** The triggers of a tenant in 2026, as recorded: `default_runtime` may be missing from `runtimes`. */
import type { TriggerRef } from './model.ts';

type Row = readonly [id: string, version: string, status: 'CURRENT' | 'DEPRECATED', runtimes: string, defaultRuntime: string, policy?: 'entity-bound'];

const MODERN = 'node18-actions node22';
const ROWS: readonly Row[] = [
  ['post-login', 'v3', 'CURRENT', MODERN, 'node22'],
  ['post-login', 'v2', 'DEPRECATED', 'node18 node22', 'node16'],
  ['post-login', 'v1', 'DEPRECATED', 'node22', 'node12'],
  ['credentials-exchange', 'v1', 'DEPRECATED', 'node22', 'node12'],
  ['credentials-exchange', 'v2', 'CURRENT', MODERN, 'node22'],
  ['pre-user-registration', 'v2', 'CURRENT', MODERN, 'node22'],
  ['pre-user-registration', 'v1', 'DEPRECATED', 'node22', 'node12'],
  ['post-user-registration', 'v2', 'CURRENT', MODERN, 'node22'],
  ['post-user-registration', 'v1', 'DEPRECATED', 'node22', 'node12'],
  ['post-change-password', 'v1', 'DEPRECATED', 'node22', 'node12'],
  ['post-change-password', 'v2', 'CURRENT', MODERN, 'node22'],
  ['send-phone-message', 'v2', 'CURRENT', MODERN, 'node22'],
  ['send-phone-message', 'v1', 'DEPRECATED', 'node22', 'node12'],
  ['password-reset-post-challenge', 'v1', 'CURRENT', MODERN, 'node22'],
  ['custom-phone-provider', 'v1', 'CURRENT', MODERN, 'node22'],
  ['custom-email-provider', 'v1', 'CURRENT', MODERN, 'node22'],
  ['custom-token-exchange', 'v1', 'CURRENT', 'node18 node22', 'node22', 'entity-bound'],
  ['event-stream', 'v1', 'CURRENT', 'node22', 'node22', 'entity-bound'],
  ['password-hash-migration', 'v1', 'CURRENT', 'node22', 'node22', 'entity-bound'],
  ['mcp-tool', 'v1', 'CURRENT', 'node22', 'node22', 'entity-bound'],
];

/**
 * The service knows triggers that it does not list (`login-post-identifier`, `custom-token-exchange-beta`), and lists
 * some that its documents do not name (`mcp-tool`). So anything that looks like the id of a trigger is one.
 */
const LIKELY_ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/u;

/** `GET /actions/triggers`, keys in the recorded order. */
export function triggerList(): readonly object[] {
  return ROWS.map(([id, version, status, runtimes, defaultRuntime, policy]) => ({
    id,
    version,
    status,
    runtimes: runtimes.split(' '),
    default_runtime: defaultRuntime,
    binding_policy: policy ?? 'trigger-bound',
    compatible_triggers: id === 'post-login' && version === 'v3' ? [{ id: 'post-login', version: 'v2' }] : [],
  }));
}

export function isTrigger(id: string): boolean {
  return LIKELY_ID.test(id) || ROWS.some(row => row[0] === id);
}

export function isEntityBound(id: string): boolean {
  return ROWS.some(row => row[0] === id && row[5] === 'entity-bound');
}

/** The version a request means: the one it names, else the current one. `undefined` for what cannot be a trigger. */
export function resolveTrigger(id: string, version: string | undefined): TriggerRef | undefined {
  const rows = ROWS.filter(row => row[0] === id);
  if (rows.length === 0) {
    return LIKELY_ID.test(id) ? { id, version: version ?? 'v1' } : undefined;
  }
  const found = version === undefined ? (rows.find(row => row[2] === 'CURRENT') ?? rows[0]) : rows.find(row => row[1] === version);
  return found === undefined ? undefined : { id, version: found[1] };
}

/** The runtime of an action that names none. */
export function defaultRuntime(trigger: TriggerRef): string {
  return ROWS.find(row => row[0] === trigger.id && row[1] === trigger.version)?.[4] ?? 'node22';
}

/**
 * True for a runtime that the trigger has taken at some time: recordings hold runtimes that are listed no more. The
 * first versions of the oldest triggers never took anything between node12 and node22.
 */
export function takesRuntime({ id, version }: TriggerRef, runtime: string): boolean {
  const first = ROWS.some(row => row[0] === id && row[1] === version && row[4] === 'node12');
  return (first ? /^node(?:12|22)$/u : /^node(?:12|1[68]|2[024])(?:-actions)?$/u).test(runtime);
}
