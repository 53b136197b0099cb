/**
 * A pasted access token: what can be read of it without a request, so that a person is warned before the first call
 * fails. The signature is the service's business. A text that is no JWT is taken as it is.
 */
import { asNumber, asObject, asText, parseJson } from '../../auth0/json.ts';

export interface TokenFacts {
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
  readonly audiences: readonly string[];
  /** Absent where the token does not list any. */
  readonly scopes?: readonly string[];
}

/** A reason to expect that the token will not do all its work. */
export type TokenWarning =
  | { readonly kind: 'expired'; readonly expiresAt: number }
  | { readonly kind: 'audience'; readonly audiences: readonly string[] }
  | { readonly kind: 'scopes'; readonly missing: readonly string[] };

/** Scopes and what fails without them. Deploying needs `create:actions`, not `update:actions`. */
export const NEEDED_SCOPES: readonly string[] = ['read:actions', 'create:actions'];

/** Seconds since the epoch that a `Date` can hold. */
const LATEST_S = 8.64e12;

/** Reads the claims of a JWT; `undefined` for any other text. */
export function readToken(token: string): TokenFacts | undefined {
  const payload = /^[\w-]+\.([\w-]+)\.[\w-]*$/u.exec(token.trim())?.[1];
  const text = payload === undefined ? undefined : decode(payload);
  const json = text === undefined ? undefined : parseJson(text);
  if (typeof json !== 'object' || json === null) {
    return undefined;
  }
  const claims = asObject(json);
  const exp = asNumber(claims['exp']);
  const aud = claims['aud'];
  const scope = asText(claims['scope']);
  return {
    // A time that no calendar holds says nothing, and could not be shown.
    ...(exp === undefined || Math.abs(exp) > LATEST_S ? {} : { expiresAt: exp * 1000 }),
    audiences: (Array.isArray(aud) ? aud : [aud]).filter(audience => typeof audience === 'string'),
    ...(scope === undefined ? {} : { scopes: scope.split(/\s+/u).filter(word => word !== '') }),
  };
}

/**
 * What is to be expected of a token at a tenant. The audience of a custom domain is the canonical one, so another
 * host there is only a warning.
 */
export function tokenWarnings(facts: TokenFacts | undefined, origin: string, now: number): readonly TokenWarning[] {
  if (facts === undefined) {
    return [];
  }
  const warnings: TokenWarning[] = [];
  if (facts.expiresAt !== undefined && facts.expiresAt <= now) {
    warnings.push({ kind: 'expired', expiresAt: facts.expiresAt });
  }
  if (facts.audiences.length > 0 && !facts.audiences.includes(`${origin}/api/v2/`)) {
    warnings.push({ kind: 'audience', audiences: facts.audiences });
  }
  const missing = facts.scopes === undefined ? [] : NEEDED_SCOPES.filter(scope => facts.scopes?.includes(scope) === false);
  if (missing.length > 0) {
    warnings.push({ kind: 'scopes', missing });
  }
  return warnings;
}

function decode(base64url: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(base64url.replace(/-/gu, '+').replace(/_/gu, '/')), char => char.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
