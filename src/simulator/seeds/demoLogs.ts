/** The demo's failing runs: log entries of actions that broke, each with the execution it names. */
import { createHash } from 'node:crypto';
import { codeOf } from '../model.ts';
import type { Execution, LogEntry, StoredAction } from '../model.ts';
import { DAY, ago, idOf } from './build.ts';

interface Failure {
  readonly action: string;
  readonly name: string;
  readonly message: string;
  /** What stands in the line that breaks. */
  readonly at: string;
  /** Days before now of each occurrence. */
  readonly days: readonly number[];
}

/** Every failure is one that the action's deployed code can have. */
const FAILURES: readonly Failure[] = [
  { action: 'sync-crm', name: 'AxiosError', message: 'timeout of 3000ms exceeded', at: 'axios.put', days: [0.006, 0.021, 0.024, 0.19, 1.4, 1.41, 3.2] },
  { action: 'enrich-profile', name: 'TypeError', message: "Cannot read properties of undefined (reading 'logins_count')", at: 'logins_count', days: [0.011, 0.013, 0.018] },
  { action: 'audit-trail', name: 'TypeError', message: 'fetch failed', at: 'await fetch', days: [0.4, 0.41, 2.2] },
  { action: 'send-welcome', name: 'AxiosError', message: 'getaddrinfo ENOTFOUND mail.acme.example', at: 'axios.post', days: [3.1] },
  { action: 'machine-claims', name: 'TypeError', message: "Cannot read properties of undefined (reading 'team')", at: 'metadata.team', days: [0.9] },
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
  const version = action.versions.findLast(one => Date.parse(one.createdAt) <= now - days * DAY) ?? action.versions[0];
  const line = version === undefined ? 0 : codeOf(version.content).split('\n').findIndex(text => text.includes(failure.at)) + 1;
  const triggerId = action.draft.triggers[0]?.id ?? '';
  const startedAt = ago(now, days);
  const endedAt = ago(now, days - 0.000_01);
  const pick = <T>(list: readonly T[], fallback: T): T => list[(index + failure.message.length) % list.length] ?? fallback;
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
        version_id: version?.id ?? '',
        error_class: failure.name,
        action_error: { name: failure.name, message: failure.message, code: '', stack: `${failure.name}: ${failure.message}\n    at index.js:${line}` },
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
