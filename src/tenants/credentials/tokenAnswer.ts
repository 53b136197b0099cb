import { ApiError } from '../../auth0/errors.ts';
import { asNumber, asText } from '../../auth0/json.ts';
import { readToken } from './accessToken.ts';
import type { Token } from './credential.ts';

export const TOKEN_PATH = '/oauth/token';

/**
 * The token of an answer of the token endpoint: `{access_token, expires_in, scope?}`. Its end is reckoned from the
 * seconds that it lives and not from its own `exp`, so that a wrong clock here does no harm.
 * @throws ApiError `malformed` for an answer without a token.
 */
export function tokenOfAnswer(answer: Readonly<Record<string, unknown>>, askedAt: number): Token {
  const value = asText(answer['access_token']);
  if (value === undefined || value === '') {
    throw new ApiError('malformed', { method: 'POST', path: TOKEN_PATH });
  }
  const seconds = asNumber(answer['expires_in']);
  const scopes = asText(answer['scope'])?.split(/\s+/u).filter(scope => scope !== '') ?? readToken(value)?.scopes;
  return {
    value,
    mintedAt: askedAt,
    ...(seconds === undefined || seconds <= 0 ? {} : { expiresAt: askedAt + seconds * 1000 }),
    ...(scopes === undefined ? {} : { scopes }),
  };
}
