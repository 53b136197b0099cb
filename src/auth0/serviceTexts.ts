/**
 * The only file that reads meaning from the words of the service. Each text was observed or is documented; a text
 * that changes makes an error less specific, never wrong.
 */

import type { SignInProblem } from './signInProblem.ts';

/** 400 on a deploy while the draft is not built. */
export function isNotBuilt(message: string): boolean {
  return /draft must be in the 'built' state/iu.test(message);
}

/** 403 with this code: the tenant does not have the feature, whatever the token. */
export function isFeatureMissing(errorCode: string | undefined): boolean {
  return errorCode === 'feature_not_enabled';
}

/** The scopes of `Insufficient scope, expected any of: a,b`; none for any other text. */
export function scopesNamed(message: string): readonly string[] {
  const list = /insufficient scope, expected any of:\s*(.+)$/iu.exec(message)?.[1];
  return list === undefined ? [] : list.split(/[\s,]+/u).filter(scope => /^[\w:.-]+$/u.test(scope));
}

/**
 * Validation texts nest: `invalid A: embedded message failed validation | caused by: invalid B: value too long`.
 * Only the last part says what is wrong. Control characters and length are cut, since the text may hold user input.
 */
export function readableMessage(message: string): string {
  const last = message.split('| caused by:').at(-1)?.trim() ?? '';
  const text = plain(last === '' ? message : last);
  return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;
}

/** What an error of a sign-in endpoint means: `code` is RFC 6749's, the description the service's own. */
export function signInProblemOf(code: string, description: string): SignInProblem {
  switch (code) {
    case 'expired_token': return 'codeExpired';
    case 'unauthorized_client': return 'grantType';
    case 'invalid_client': return /assertion/iu.test(description) ? 'assertion' : 'secret';
    case 'invalid_grant': return 'ended';
    case 'access_denied': return accessDenied(description);
    default: return 'other';
  }
}

/** One code stands for a wrong secret, an unknown audience, a missing grant, and a person's refusal. */
function accessDenied(description: string): SignInProblem {
  if (/service not found/iu.test(description)) {
    return 'audience';
  }
  if (/not authorized to access|client-grant/iu.test(description)) {
    return 'grant';
  }
  return /^unauthorized$/iu.test(description.trim()) ? 'secret' : 'refused';
}

const MAX_MESSAGE = 300;

/** One line of text without control or direction-changing characters. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
}
