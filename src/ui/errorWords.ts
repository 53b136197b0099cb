/** An error -> what happened, to which tenant, and what to do, in one or two sentences. */
import { l10n } from 'vscode';
import { PROXY_UNREACHABLE, isApiError } from '../auth0/errors.ts';
import type { ApiError } from '../auth0/errors.ts';
import { signInWords } from './signInWords.ts';
import { short } from './texts.ts';

/** What the person can do next, as a button. */
export type Remedy = 'connect' | 'retry' | 'log';

export interface ErrorWords {
  /** A few words for a row. */
  readonly title: string;
  /** Whole sentences. */
  readonly text: string;
  readonly remedy: Remedy;
}

/** An error that already holds the sentence a person should read. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** Guard for {@link UserError}. By name: a lazily loaded bundle carries its own copy of the class. */
export function isUserError(error: unknown): error is UserError {
  return error instanceof Error && error.name === 'UserError';
}

/** The words for any error of a call to `tenant`. */
export function errorWords(error: unknown, tenant: string): ErrorWords {
  if (isApiError(error)) {
    return apiErrorWords(error, tenant);
  }
  const text = isUserError(error) ? error.message : l10n.t('Something went wrong inside the extension. The log says more.');
  return { title: l10n.t('Failed'), text, remedy: 'log' };
}

function apiErrorWords(error: ApiError, tenant: string): ErrorWords {
  const said = error.serviceMessage === undefined ? '' : short(error.serviceMessage, 300);
  switch (error.kind) {
    case 'auth': return { ...signInWords(error, tenant), remedy: 'connect' };
    case 'forbidden': return forbiddenWords(error, tenant, said);
    case 'notFound': return { title: l10n.t('Not found'), text: l10n.t('{0} says that this does not exist any more. Refresh to see what is there.', tenant), remedy: 'retry' };
    case 'notBuilt': return { title: l10n.t('Not built'), text: l10n.t('{0} deploys a draft only when it is built.', tenant), remedy: 'retry' };
    case 'conflict': return { title: l10n.t('Conflict'), text: l10n.t('{0} refused because something is in the way: {1}', tenant, said), remedy: 'retry' };
    case 'rateLimited': return { title: l10n.t('Rate limit reached'), text: l10n.t('The rate limit of {0} is reached; it is shared with everything else that uses the tenant. Try again in a moment.', tenant), remedy: 'retry' };
    case 'invalid': return { title: l10n.t('Refused'), text: l10n.t('{0} refused the request: {1}', tenant, said), remedy: 'log' };
    case 'malformed': return { title: l10n.t('Unreadable answer'), text: malformedWords(error, tenant), remedy: 'retry' };
    case 'timeout': return { title: l10n.t('No answer'), text: l10n.t('{0} did not answer in time.', tenant), remedy: 'retry' };
    case 'network': return { title: l10n.t('Cannot reach the tenant'), text: error.signIn === undefined ? networkWords(said, tenant) : signInWords(error, tenant).text, remedy: 'retry' };
    case 'proxy': return { title: l10n.t('Proxy refused'), text: l10n.t('The proxy between this machine and {0} asks for a user name and a password. Set them in the setting http.proxy, as http://user:password@host:port.', tenant), remedy: 'retry' };
    case 'server': return { title: l10n.t('Service error'), text: l10n.t('{0} has an error of its own (status {1}). Try again in a moment.', tenant, error.status ?? 0), remedy: 'retry' };
    case 'cancelled': return { title: l10n.t('Cancelled'), text: l10n.t('Cancelled.'), remedy: 'retry' };
  }
}

function forbiddenWords(error: ApiError, tenant: string, said: string): ErrorWords {
  if (error.featureMissing) {
    return { title: l10n.t('Not enabled'), text: l10n.t('Actions are not enabled for {0}. Its plan may lack them.', tenant), remedy: 'retry' };
  }
  return error.missingScopes.length > 0
    ? { title: l10n.t('Missing scope'), text: l10n.t('The access token for {0} lacks the scope {1}. Connect again with a token that has it.', tenant, error.missingScopes.join(l10n.t(' or '))), remedy: 'connect' }
    : { title: l10n.t('Forbidden'), text: l10n.t('{0} does not allow this: {1}', tenant, said), remedy: 'connect' };
}

function malformedWords(error: ApiError, tenant: string): string {
  if (error.incomplete) {
    return l10n.t('{0} answered with only a part of what was asked for. Nothing is done with that: try again.', tenant);
  }
  return error.redirectTo === undefined
    ? l10n.t('{0} answered with something that is not the Management API. Check the host, and whether a proxy stands in between.', tenant)
    : l10n.t('{0} answered that the Management API is elsewhere ({1}). Redirects are not followed: check the host.', tenant, short(error.redirectTo) || '?');
}

/** What kept a connection from being made. System error codes are the only thing that tells. */
export function networkCause(code: string): 'host' | 'proxy' | 'certificate' | 'connection' {
  if (/ENOTFOUND|EAI_AGAIN/u.test(code)) {
    return 'host';
  }
  if (code === PROXY_UNREACHABLE) {
    return 'proxy';
  }
  return /CERT|CRL|SELF_SIGNED|UNABLE_TO|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH/u.test(code) ? 'certificate' : 'connection';
}

function networkWords(code: string, tenant: string): string {
  switch (networkCause(code)) {
    case 'host': return l10n.t('The host of {0} cannot be found. Check the connection, and the host\'s spelling.', tenant);
    case 'proxy': return l10n.t('The proxy on the way to {0} cannot be reached. Check the connection, and the address in the setting http.proxy.', tenant);
    case 'certificate': return certificateWords(code, tenant);
    case 'connection': return code === '' ? l10n.t('The connection to {0} failed.', tenant) : l10n.t('The connection to {0} failed ({1}).', tenant, code);
  }
}

function certificateWords(code: string, tenant: string): string {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID': return l10n.t('The certificate of {0} is out of date ({1}). Check the clock of this machine, and whether a proxy puts a certificate of its own in its place.', tenant, code);
    case 'ERR_TLS_CERT_ALTNAME_INVALID': return l10n.t('The certificate that {0} shows belongs to another host ({1}). Check the host\'s spelling, and whether a proxy stands in between.', tenant, code);
    default: return l10n.t('The certificate of {0} is not trusted ({1}). A company\'s own authority must be known to VS Code: install it on this machine, or name its file in NODE_EXTRA_CA_CERTS, and start VS Code again.', tenant, code);
  }
}
