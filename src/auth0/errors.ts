/**
 * Every way in which a call can fail, as one class with a kind. Nobody else looks at an HTTP status or at the words
 * of the service; the words are read in serviceTexts.ts alone.
 */
import { asNumber, asObject, asText } from './json.ts';
import { isNotBuilt, isFeatureMissing, readableMessage, scopesNamed, signInProblemOf } from './serviceTexts.ts';
import type { SignInProblem } from './signInProblem.ts';

export type ApiErrorKind =
  | 'auth' // 401: the token is missing, wrong or expired
  | 'forbidden' // 403: a scope or a feature is missing
  | 'notFound' // 404
  | 'notBuilt' // 400: the draft must be built before it can be deployed
  | 'conflict' // 409, 412
  | 'rateLimited' // 429
  | 'invalid' // 400 and any other refusal of the request
  | 'malformed' // an answer that is not the JSON it should be, or a redirect
  | 'timeout' // no whole answer in time
  | 'network' // no connection, or one that broke
  | 'proxy' // 407: a proxy in between asks who one is; the service never says this
  | 'server' // 5xx
  | 'cancelled'; // given up on this side

export interface ApiErrorDetails {
  readonly method: string;
  /** Path below the host, without the query. */
  readonly path: string;
  readonly status?: number | undefined;
  /** What the service said, cut to the part a person can use. Hostile text: never render it as Markdown. */
  readonly serviceMessage?: string | undefined;
  /** Scopes that a 403 names; any one of them would do. */
  readonly missingScopes?: readonly string[];
  /** True for an answer that holds only a part of what was asked for. */
  readonly incomplete?: boolean;
  /** Where an answer that is a redirect would lead. */
  readonly redirectTo?: string | undefined;
  /** True for a 403 that says the tenant's plan lacks the feature. */
  readonly featureMissing?: boolean;
  /** Milliseconds to wait, where the service said so. */
  readonly retryAfterMs?: number | undefined;
  /** Why there is no token, where that is known. */
  readonly signIn?: SignInProblem | undefined;
  /** The code of a sign-in endpoint, such as `authorization_pending` (RFC 6749, RFC 8628). */
  readonly oauthError?: string | undefined;
  /** Milliseconds by which the service's clock is ahead of this machine's. */
  readonly skewMs?: number | undefined;
  /** True where the request has not left this machine, whatever has failed before it. */
  readonly unsent?: boolean;
  readonly cause?: unknown;
}

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly kind: ApiErrorKind;
  readonly method: string;
  readonly path: string;
  readonly status: number | undefined;
  readonly serviceMessage: string | undefined;
  readonly missingScopes: readonly string[];
  readonly featureMissing: boolean;
  readonly incomplete: boolean;
  readonly redirectTo: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly signIn: SignInProblem | undefined;
  readonly oauthError: string | undefined;
  readonly skewMs: number | undefined;
  readonly unsent: boolean;

  constructor(kind: ApiErrorKind, details: ApiErrorDetails) {
    const status = details.status === undefined ? '' : ` ${details.status}`;
    const said = details.serviceMessage === undefined ? '' : `: ${details.serviceMessage}`;
    super(`${details.method} ${details.path} failed (${kind}${status})${said}`, { cause: details.cause });
    this.kind = kind;
    this.method = details.method;
    this.path = details.path;
    this.status = details.status;
    this.serviceMessage = details.serviceMessage;
    this.missingScopes = details.missingScopes ?? [];
    this.featureMissing = details.featureMissing ?? false;
    this.incomplete = details.incomplete ?? false;
    this.redirectTo = details.redirectTo;
    this.retryAfterMs = details.retryAfterMs;
    this.signIn = details.signIn;
    this.oauthError = details.oauthError;
    this.skewMs = details.skewMs;
    this.unsent = details.unsent ?? false;
  }
}

/**
 * Guard for {@link ApiError}. By name and kind, not by `instanceof`: the error is made in the network bundle, which
 * carries its own copy of the class.
 */
export function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && error.name === 'ApiError' && typeof (error as Partial<ApiError>).kind === 'string';
}

/** The same failure, of a request that has not left this machine. */
export function unsent(error: ApiError): ApiError {
  return new ApiError(error.kind, Object.assign({}, error, { unsent: true, cause: error }));
}

/** In place of a system's error code, for a proxy that cannot be reached: VS Code tells that only in a sentence. */
export const PROXY_UNREACHABLE = 'PROXY_UNREACHABLE';

/** True when asking again might help: for reads only, a write is never repeated. */
export function isPassing(error: unknown): boolean {
  return isApiError(error) && PASSING.has(error.kind);
}

/** True when a new sign-in may help: work that can wait goes on after it. */
export function isSignedOut(error: unknown): boolean {
  return isApiError(error) && error.kind === 'auth';
}

/** True when the service has certainly not acted on a write that failed with this error. */
export function isRefusal(error: unknown): boolean {
  return isApiError(error) && (REFUSALS.has(error.kind) || neverArrived(error));
}

/**
 * True where the service has certainly not heard of the request: there was no token for it, a proxy asked who one is, or no
 * connection was made (an unknown host, a closed port, a certificate that is not trusted).
 */
export function neverArrived(error: unknown): boolean {
  if (isApiError(error) && (error.unsent || error.kind === 'proxy')) {
    return true;
  }
  const code = isApiError(error) && error.kind === 'network' ? (error.serviceMessage ?? '') : '';
  return /^(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED)$/u.test(code) || code === PROXY_UNREACHABLE || (CERTIFICATE_CODE.test(code) && /^(?!ERR_SSL)[A-Z_]+$/u.test(code));
}

/** Codes of connections that were given up because of the certificate that the other side showed. */
export const CERTIFICATE_CODE = /CERT|CRL|SELF_SIGNED|UNABLE_TO|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH/u;

const PASSING: ReadonlySet<ApiErrorKind> = new Set(['rateLimited', 'malformed', 'timeout', 'network', 'server']);
const REFUSALS: ReadonlySet<ApiErrorKind> = new Set(['auth', 'forbidden', 'notFound', 'notBuilt', 'conflict', 'rateLimited', 'invalid', 'proxy']);

/**
 * The error of an answer with a status of 400 or more. Body as observed: `{statusCode, error, message, errorCode?}`,
 * or `{error, error_description}` from the sign-in endpoints; anything else is tolerated.
 */
export function errorOfAnswer(request: { method: string; path: string }, status: number, body: unknown, answer: { readonly retryAfterMs?: number; readonly skewMs?: number } = {}): ApiError {
  const fields = asObject(body);
  const raw = asText(fields['message']) ?? asText(fields['error_description']) ?? asText(fields['error']);
  const serviceMessage = raw === undefined ? undefined : readableMessage(raw);
  const bodyStatus = asNumber(fields['statusCode']);
  // The sign-in endpoints answer in a form of their own, and say 403 for what is no matter of scopes.
  const oauthError = request.path.startsWith('/oauth/') ? asText(fields['error']) : undefined;
  const kind = kindOf(status, raw);
  return new ApiError(oauthError !== undefined && kind === 'forbidden' ? 'auth' : kind, {
    ...request,
    ...answer,
    status,
    ...(oauthError === undefined ? {} : { oauthError, signIn: signInProblemOf(oauthError, asText(fields['error_description']) ?? '') }),
    ...(serviceMessage === undefined ? {} : { serviceMessage }),
    ...(raw === undefined ? {} : { missingScopes: scopesNamed(raw) }),
    featureMissing: isFeatureMissing(asText(fields['errorCode'])),
    ...(bodyStatus === undefined || bodyStatus === status ? {} : { cause: new Error(`The body says ${bodyStatus}.`) }),
  });
}

function kindOf(status: number, message: string | undefined): ApiErrorKind {
  switch (status) {
    case 401: return 'auth';
    case 403: return 'forbidden';
    case 404: return 'notFound';
    case 407: return 'proxy';
    case 408: return 'timeout';
    case 409:
    case 412: return 'conflict';
    case 429: return 'rateLimited';
    default:
      if (status >= 500) {
        return 'server';
      }
      return status === 400 && message !== undefined && isNotBuilt(message) ? 'notBuilt' : 'invalid';
  }
}
