/** Error bodies as the service sends them. Texts are the observed ones, except where a comment says otherwise. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, error: string, message: string, more: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.body = { statusCode: status, error, message, ...more };
  }
}

export function badRequest(message: string, errorCode?: string): ApiFailure {
  return new ApiFailure(400, 'Bad Request', message, errorCode === undefined ? {} : { errorCode });
}

/** A body that does not fit the schema; the gateway's own wording. */
export function invalidBody(problem: string): ApiFailure {
  return badRequest(`Payload validation error: '${problem}`, 'invalid_body');
}

/** A query that does not fit the schema. The wording follows that of bodies; it was not recorded. */
export function invalidQuery(problem: string): ApiFailure {
  return badRequest(`Query validation error: '${problem}`, 'invalid_query_string');
}

export function notFound(message = 'Not Found'): ApiFailure {
  return new ApiFailure(404, 'Not Found', message);
}

export function conflict(message: string): ApiFailure {
  return new ApiFailure(409, 'Conflict', message);
}

/** Nested validation of the actions service: the last part says what is wrong. */
export function nested(request: 'CreateActionRequest' | 'UpdateActionRequest', path: string, problem: string): ApiFailure {
  return badRequest(`invalid ${request}.Draft: embedded message failed validation | caused by: invalid DraftInformation.${path}: embedded message failed validation | caused by: ${problem}`);
}

export function insufficientScope(scopes: readonly string[]): ApiFailure {
  return new ApiFailure(403, 'Forbidden', `Insufficient scope, expected any of: ${scopes.join(',')}`, { errorCode: 'insufficient_scope' });
}

export function tooManyRequests(): ApiFailure {
  return new ApiFailure(429, 'Too Many Requests', 'Global limit has been reached', { errorCode: 'too_many_requests' });
}

/** A control request that makes no sense. */
export class ControlError extends Error {}
