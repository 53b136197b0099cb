/**
 * Runs of an action's code: a test that somebody asks for, and runs of logins that failed, as the tenant's log tells of
 * them. Everything here may hold what the code or a visitor wrote: hostile texts, to be cut where they are shown.
 */
import { ApiError } from './errors.ts';
import { asNumber, asObject, asObjects, asText, isObject } from './json.ts';
import type { JsonObject } from './json.ts';

/** Failed runs in one page of the log, which is the most that the service gives. */
export const FAILURES_A_PAGE = 100;

/** The type of the log's entries that tell of a run that failed. */
export const FAILED_RUN = 'actions_execution_failed';

/** What the code threw. Each part may be an empty text. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

/** What came of a test. An error of the code is a result like any other. */
export interface TestResult {
  readonly error?: Thrown;
  /** As the service names them, such as `action_duration_ms`. */
  readonly stats: readonly { readonly name: string; readonly value: number }[];
  /** Whatever else the answer holds, by its name: the service documents none of it. */
  readonly rest: JsonObject;
}

/** An entry of the log about a run that failed. Any part may be missing. */
export interface FailedRun {
  readonly logId: string;
  /** UTC. */
  readonly date?: string;
  readonly description?: string;
  readonly triggerId?: string;
  readonly executionId?: string;
  readonly actionId?: string;
  readonly actionName?: string;
  readonly versionId?: string;
  readonly error: Thrown;
  /** The application that somebody was signing in to. */
  readonly clientName?: string;
  readonly userId?: string;
}

export interface FailedRunsPage {
  readonly runs: readonly FailedRun[];
  /** The service had no more to fill the page with. */
  readonly isLast: boolean;
}

/** One run of a whole flow, kept for ten days. */
export interface Execution {
  readonly status: string;
  readonly results: readonly {
    readonly actionName: string;
    readonly error?: string;
    /** UTC. */
    readonly startedAt?: string;
    readonly endedAt?: string;
  }[];
}

/**
 * The answer to a test.
 * @throws ApiError `malformed` where it has no payload: then nobody knows what the code did.
 */
export function readTestResult(value: unknown): TestResult {
  const { payload } = asObject(value);
  if (!isObject(payload)) {
    throw new ApiError('malformed', { method: 'POST', path: 'test' });
  }
  const { error, stats, ...rest } = payload;
  return {
    ...(error === undefined || error === null ? {} : { error: readThrown(error) }),
    stats: Object.entries(asObject(stats)).flatMap(([name, one]) => {
      const number = asNumber(one);
      return number === undefined ? [] : [{ name, value: number }];
    }),
    rest,
  };
}

/**
 * A page of the log. What is no entry about a run that failed is left out, whatever was asked for.
 * @throws ApiError `malformed` where it is no list: then nobody knows whether there are any.
 */
export function readFailedRuns(value: unknown): FailedRunsPage {
  if (!Array.isArray(value)) {
    throw new ApiError('malformed', { method: 'GET', path: 'logs' });
  }
  return { runs: asObjects(value).filter(entry => entry['type'] === FAILED_RUN).map(readFailedRun), isLast: value.length < FAILURES_A_PAGE };
}

function readFailedRun(entry: JsonObject): FailedRun {
  const details = asObject(entry['details']);
  const error = readThrown(details['action_error']);
  const texts = {
    date: asText(entry['date']),
    description: asText(entry['description']),
    triggerId: asText(details['trigger_id']),
    executionId: asText(details['execution_id']),
    actionId: asText(details['action_id']),
    actionName: asText(details['action_name']),
    versionId: asText(details['version_id']),
    clientName: asText(entry['client_name']),
    userId: asText(entry['user_id']),
  };
  return {
    logId: asText(entry['log_id']) ?? asText(entry['_id']) ?? '',
    error: { ...error, name: error.name === '' ? asText(details['error_class']) ?? '' : error.name },
    ...(Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined && text !== '')) as Partial<typeof texts> as object),
  };
}

/** What is thrown may be anything: a text stands for its message. */
function readThrown(value: unknown): Thrown {
  const fields = asObject(value);
  return { name: asText(fields['name']) ?? '', message: asText(value) ?? asText(fields['message']) ?? '', stack: asText(fields['stack']) ?? '' };
}

/** The answer to `GET /actions/executions/{id}`. */
export function readExecution(value: unknown): Execution {
  const json = asObject(value);
  return {
    status: asText(json['status']) ?? '',
    results: asObjects(json['results']).map(result => {
      const error = asObject(result['error']);
      const said = asText(error['msg']) ?? asText(error['message']) ?? (isObject(result['error']) ? '' : undefined);
      const [startedAt, endedAt] = [asText(result['started_at']), asText(result['ended_at'])];
      return {
        actionName: asText(result['action_name']) ?? '',
        ...(said === undefined ? {} : { error: said }),
        ...(startedAt === undefined ? {} : { startedAt }),
        ...(endedAt === undefined ? {} : { endedAt }),
      };
    }),
  };
}
