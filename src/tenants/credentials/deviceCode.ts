/**
 * Device code (RFC 8628): a code is shown here and entered in a browser, on this machine or another; no port of this
 * machine is listened on. Tenant-wide scopes come only from clients that the tenant knows for it, so issuer, client id
 * and audience are settings of the person, and without them this way is not offered.
 */
import { ApiError, isApiError } from '../../auth0/errors.ts';
import type { Clock } from '../../auth0/clock.ts';
import { asNumber, asText } from '../../auth0/json.ts';
import { audienceOf } from './credential.ts';
import type { CredentialFacts, Obtained, SignInPorts, Way } from './credential.ts';
import { OPTIONAL_SCOPES, USED_SCOPES } from './scopes.ts';
import { TOKEN_PATH, tokenOfAnswer } from './tokenAnswer.ts';

const CODE_PATH = '/oauth/device/code';
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
/** RFC 8628, 3.2: where the answer names no interval, and what each `slow_down` adds to it. */
const INTERVAL_S = 5;
const SLOWER_S = 5;

/** What a person has to do. */
export interface DeviceCode {
  readonly userCode: string;
  /** Address of the page for the code; `complete` already holds it. */
  readonly verificationUri: string;
  readonly complete: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly deviceCode: string;
  readonly intervalS: number;
}

/** The secret is a refresh token, where the service gave one; without it, the end of the token is the end. */
export const deviceWay: Way = {
  kind: 'device',
  supports: { renews: true, clientId: true, audience: true, program: false, secretIsToken: false },
  obtain: async (facts, refreshToken, ports, signal) => {
    if (refreshToken === '') {
      throw new ApiError('auth', { method: 'POST', path: TOKEN_PATH, signIn: 'ended' });
    }
    const askedAt = ports.now();
    const answer = await ports.post(issuerOf(facts), TOKEN_PATH, { grant_type: 'refresh_token', client_id: facts.clientId ?? '', refresh_token: refreshToken }, signal);
    return { token: tokenOfAnswer(answer, askedAt), secret: asText(answer['refresh_token']) ?? refreshToken };
  },
};

/** Asks for a code. @throws ApiError, also where the answer lacks what a person needs. */
export async function requestDeviceCode(facts: CredentialFacts, ports: SignInPorts, signal?: AbortSignal): Promise<DeviceCode> {
  const askedAt = ports.now();
  const scope = [...USED_SCOPES, ...OPTIONAL_SCOPES, 'offline_access'].join(' ');
  const answer = await ports.post(issuerOf(facts), CODE_PATH, { client_id: facts.clientId ?? '', audience: audienceOf(facts), scope }, signal);
  const [deviceCode, userCode, verificationUri] = [asText(answer['device_code']), asText(answer['user_code']), asText(answer['verification_uri'])];
  if (deviceCode === undefined || userCode === undefined || verificationUri === undefined || !/^https:\/\/|^http:\/\/(?:127\.0\.0\.1|localhost)[:/]/u.test(verificationUri)) {
    throw new ApiError('malformed', { method: 'POST', path: CODE_PATH });
  }
  return {
    deviceCode,
    userCode,
    verificationUri,
    complete: asText(answer['verification_uri_complete']) ?? verificationUri,
    expiresAt: askedAt + (asNumber(answer['expires_in']) ?? 900) * 1000,
    intervalS: asNumber(answer['interval']) ?? INTERVAL_S,
  };
}

/**
 * Waits until the code was entered. Asks no more often than the service wants: `slow_down` adds five seconds for good,
 * and a connection that fails doubles the interval (RFC 8628, 3.5).
 * @throws ApiError `auth` where it was refused or not entered in time; `cancelled` where `signal` ends it.
 */
export async function awaitDeviceToken(facts: CredentialFacts, code: DeviceCode, ports: SignInPorts, clock: Clock, signal: AbortSignal): Promise<Obtained> {
  const about = { method: 'POST', path: TOKEN_PATH };
  let intervalMs = code.intervalS * 1000;
  for (;;) {
    await clock.sleep(intervalMs, signal);
    if (signal.aborted) {
      throw new ApiError('cancelled', about);
    }
    if (clock.now() >= code.expiresAt) {
      throw new ApiError('auth', { ...about, signIn: 'codeExpired' });
    }
    const askedAt = ports.now();
    try {
      const answer = await ports.post(issuerOf(facts), TOKEN_PATH, { grant_type: DEVICE_GRANT, device_code: code.deviceCode, client_id: facts.clientId ?? '' }, signal);
      return { token: tokenOfAnswer(answer, askedAt), secret: asText(answer['refresh_token']) ?? '' };
    } catch (error) {
      const pending = isApiError(error) ? error.oauthError : undefined;
      if (pending === 'slow_down') {
        intervalMs += SLOWER_S * 1000;
      } else if (pending !== 'authorization_pending') {
        if (!isApiError(error) || !['timeout', 'network', 'server'].includes(error.kind)) {
          throw error;
        }
        intervalMs *= 2;
      }
    }
  }
}

function issuerOf(facts: CredentialFacts): string {
  return facts.issuer ?? facts.origin;
}
