/**
 * A pasted access token: what can be read of it without a request, so that a person is warned before the first call
 * fails. The signature is the service's business. A text that is no JWT is taken as it is.
 */
import { asNumber, asObject, asText, parseJson } from '../../auth0/json.ts';
import type { Way } from './credential.ts';

export interface TokenFacts {
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
  readonly audiences: readonly string[];
  /** Absent where the token does not list any. */
  readonly scopes?: readonly string[];
}

/** Seconds since the epoch that a `Date` can hold. */
const LATEST_S = 8.64e12;

export const accessTokenWay: Way = {
  kind: 'accessToken',
  supports: { renews: false, clientId: false, audience: false, program: false, secretIsToken: true },
  obtain: (_facts, secret) => {
    const { expiresAt, scopes } = readToken(secret) ?? {};
    return Promise.resolve({ token: { value: secret, ...(expiresAt === undefined ? {} : { expiresAt }), ...(scopes === undefined ? {} : { scopes }) } });
  },
};

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

function decode(base64url: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(base64url.replace(/-/gu, '+').replace(/_/gu, '/')), char => char.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
