/** Logs, executions and log sessions. */
import { randomBytes } from 'node:crypto';
import { notFound } from './errors.ts';
import { selectLogs } from './logs.ts';
import { ID, route } from './route.ts';
import type { Route } from './route.ts';
import { checkProperties, checkQuery, objectBody, pageOf } from './validate.ts';

const SESSION_MS = 3_600_000;
const KEPT_MS = 10 * 86_400_000;

export const LOG_ROUTES: readonly Route[] = [
  route('GET', '/logs', ['read:logs'], ({ tenant, query }) => {
    checkQuery(query, ['q', 'page', 'per_page', 'sort']);
    return { status: 200, body: pageOf(query, selectLogs(tenant.data.logs, query), 50).items };
  }),
  route('GET', `/actions/executions/${ID}`, ['read:actions'], ({ tenant, query, params: [id = ''] }) => {
    checkQuery(query, []);
    const execution = tenant.data.executions.get(id);
    if (execution === undefined || Date.parse(execution.createdAt) + KEPT_MS < tenant.times.now()) {
      throw notFound('That execution does not exist.');
    }
    return { status: 200, body: { id: execution.id, trigger_id: execution.triggerId, status: execution.status, results: execution.results, created_at: execution.createdAt, updated_at: execution.updatedAt } };
  }),
  route('POST', '/actions/log-sessions', ['create:actions_log_sessions', 'create:actions'], ({ tenant, body, origin }) => {
    const json = body === undefined ? {} : objectBody(body);
    checkProperties(json, { filters: 'array' });
    const url = `${origin}/actions/log-sessions/tail?token=${randomBytes(24).toString('base64url')}`;
    // Two are recorded: 201 without filters (2022), 200 with filters (2023). Which of the two differences made the third is not known.
    return { status: 'filters' in json ? 200 : 201, body: { url, expires: tenant.times.later(tenant.times.stamp(), SESSION_MS) } };
  }),
];
