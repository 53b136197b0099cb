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

/** Ids that the service knows without listing them: their bindings can be read. */
const UNLISTED = new Set(['login-post-identifier', 'signup-post-identifier', 'custom-token-exchange-beta']);

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
  return UNLISTED.has(id) || ROWS.some(row => row[0] === id);
}

export function isEntityBound(id: string): boolean {
  return ROWS.some(row => row[0] === id && row[5] === 'entity-bound');
}

/** The version a request means: the one it names, else the current one. `undefined` for a trigger nobody knows. */
export function resolveTrigger(id: string, version: string | undefined): TriggerRef | undefined {
  const rows = ROWS.filter(row => row[0] === id);
  if (rows.length === 0) {
    return UNLISTED.has(id) ? { id, version: version ?? 'v1' } : undefined;
  }
  const found = version === undefined ? (rows.find(row => row[2] === 'CURRENT') ?? rows[0]) : rows.find(row => row[1] === version);
  return found === undefined ? undefined : { id, version: found[1] };
}

/** The runtime of an action that names none. */
export function defaultRuntime(trigger: TriggerRef): string {
  return ROWS.find(row => row[0] === trigger.id && row[1] === trigger.version)?.[4] ?? 'node22';
}

/** Runtimes that the service has taken at some time: older recordings hold runtimes that a trigger lists no more. */
export function isRuntime(runtime: string): boolean {
  return /^node(?:12|16|18|18-actions|22)$/u.test(runtime);
}
