/** The demo's failing runs: log entries of actions that broke, each with the execution it names. */
import { createHash } from 'node:crypto';
import type { Execution, LogEntry, StoredAction } from '../model.ts';
import { ago, idOf } from './build.ts';

interface Failure {
  readonly action: string;
  readonly name: string;
  readonly message: string;
  readonly line: number;
  /** Days before now of each occurrence. */
  readonly days: readonly number[];
}

/** Every failure is one that the action's deployed code can have. */
const FAILURES: readonly Failure[] = [
  { action: 'sync-crm', name: 'AxiosError', message: 'timeout of 3000ms exceeded', line: 14, days: [0.006, 0.021, 0.024, 0.19, 1.4, 1.41, 3.2] },
  { action: 'enrich-profile', name: 'TypeError', message: "Cannot read properties of undefined (reading 'logins_count')", line: 12, days: [0.011, 0.013, 0.018] },
  { action: 'audit-trail', name: 'Error', message: 'Request failed with status code 503', line: 9, days: [0.4, 0.41, 2.2] },
  { action: 'send-welcome', name: 'AxiosError', message: 'getaddrinfo ENOTFOUND mail.acme.example', line: 8, days: [5.1] },
  { action: 'machine-claims', name: 'Error', message: 'Action execution exceeded the time limit of 20 seconds.', line: 3, days: [0.9] },
];

const PEOPLE = ['ada@acme.example', 'grace@acme.example', 'linus@acme.example', 'margaret@acme.example'];
const APPLICATIONS = ['Shop', 'Back office', 'Mobile app'];

export function demoRuns(actions: readonly StoredAction[], now: number): { readonly logs: LogEntry[]; readonly executions: Map<string, Execution> } {
  const runs = FAILURES.flatMap(failure => {
    const action = actions.find(one => one.name === failure.action);
    return action === undefined ? [] : failure.days.map((days, index) => makeRun(action, failure, days, index, now));
  });
  return {
    logs: runs.map(run => run.log).sort((a, b) => (a.date < b.date ? -1 : 1)),
    executions: new Map(runs.map(({ execution }) => [execution.id, execution])),
  };
}

function makeRun(action: StoredAction, failure: Failure, days: number, index: number, now: number): { readonly log: LogEntry; readonly execution: Execution } {
  const key = `${failure.action} run ${index}`;
  const id = createHash('sha256').update(key).digest('base64url').slice(0, 32);
  const logId = `900${now}${createHash('sha256').update(key).digest('hex').slice(0, 24)}`;
  const triggerId = action.draft.triggers[0]?.id ?? '';
  const startedAt = ago(now, days);
  const endedAt = ago(now, days - 0.000_01);
  const pick = <T>(list: readonly T[], fallback: T): T => list[(index + failure.line) % list.length] ?? fallback;
  return {
    log: {
      date: `${startedAt.slice(0, 23)}Z`,
      type: 'actions_execution_failed',
      description: `${failure.name}: ${failure.message}`,
      client_id: idOf(pick(APPLICATIONS, '')).replaceAll('-', ''),
      client_name: pick(APPLICATIONS, ''),
      ip: `203.0.113.${20 + index}`,
      user_agent: 'Firefox 140.0.0 / Linux 0.0.0',
      details: {
        trigger_id: triggerId,
        execution_id: id,
        action_id: action.id,
        action_name: action.name,
        version_id: action.versions.findLast(version => Date.parse(version.createdAt) <= Date.parse(startedAt))?.id ?? action.versions[0]?.id ?? '',
        error_class: failure.name,
        action_error: { name: failure.name, message: failure.message, code: '', stack: `${failure.name}: ${failure.message}\n    at index.js:${failure.line}` },
      },
      user_id: `auth0|${idOf(pick(PEOPLE, '')).replaceAll('-', '').slice(0, 24)}`,
      user_name: pick(PEOPLE, ''),
      log_id: logId,
      _id: logId,
      isMobile: false,
    },
    execution: {
      id,
      triggerId,
      status: 'final',
      results: [{ action_name: action.name, error: { id: failure.name, msg: failure.message, url: '' }, started_at: startedAt, ended_at: endedAt }],
      createdAt: startedAt,
      updatedAt: endedAt,
    },
  };
}
