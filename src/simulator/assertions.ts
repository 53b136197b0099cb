/** Assertions that stand for a secret: JSON Web Tokens signed with an application's private key. */
import { constants, verify } from 'node:crypto';
import { decodePart } from './access.ts';
import { invalidClient } from './oauthErrors.ts';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Seconds that an assertion may be good for. */
const LONGEST_S = 300;

const ALGORITHMS: Readonly<Record<string, { readonly hash: string; readonly padding: number }>> = {
  RS256: { hash: 'sha256', padding: constants.RSA_PKCS1_PADDING },
  RS384: { hash: 'sha384', padding: constants.RSA_PKCS1_PADDING },
  PS256: { hash: 'sha256', padding: constants.RSA_PKCS1_PSS_PADDING },
};

export class Assertions {
  /** `jti` -> when it may be forgotten, in seconds since the epoch. */
  readonly #used = new Map<string, number>();

  /**
   * Accepts an assertion once.
   * @param audience the issuer's address, with its slash
   * @param publicKey PEM, SPKI
   * @param nowMs the service's time
   * @throws OAuthFailure 401 `invalid_client` with what is wrong.
   */
  accept(assertion: string, clientId: string, publicKey: string, audience: string, nowMs: number): void {
    const [header = '', payload = '', signature = ''] = assertion.split('.');
    const algorithm = ALGORITHMS[String(decodePart(header)?.['alg'])];
    const claims = decodePart(payload);
    if (claims === undefined || algorithm === undefined) {
      throw invalidClient('The client_assertion is no JWT with the algorithm RS256, RS384 or PS256.');
    }
    if (!signed(`${header}.${payload}`, signature, publicKey, algorithm)) {
      throw invalidClient('The signature of the client_assertion is invalid.');
    }
    if (claims['iss'] !== clientId || claims['sub'] !== clientId) {
      throw invalidClient('iss and sub of the client_assertion are not the client_id.');
    }
    const aud = claims['aud'];
    if (aud !== audience && !(Array.isArray(aud) && aud.length === 1 && aud[0] === audience)) {
      throw invalidClient(`aud of the client_assertion is not ${audience}.`);
    }
    this.#acceptOnce(claims, nowMs / 1000);
  }

  reset(): void {
    this.#used.clear();
  }

  #acceptOnce({ exp, nbf, jti }: Readonly<Record<string, unknown>>, now: number): void {
    if (typeof exp !== 'number' || exp <= now) {
      throw invalidClient('The client_assertion is expired.');
    }
    if (exp > now + LONGEST_S) {
      throw invalidClient(`exp of the client_assertion is more than ${LONGEST_S} seconds ahead.`);
    }
    if (typeof nbf === 'number' && nbf > now) {
      throw invalidClient('The client_assertion is not valid yet.');
    }
    for (const [id, end] of this.#used) {
      if (end <= now) {
        this.#used.delete(id);
      }
    }
    if (typeof jti !== 'string' || jti === '') {
      throw invalidClient('The client_assertion has no jti.');
    }
    if (this.#used.has(jti)) {
      throw invalidClient('jti of the client_assertion was used before.');
    }
    this.#used.set(jti, exp);
  }
}

function signed(text: string, signature: string, publicKey: string, { hash, padding }: { readonly hash: string; readonly padding: number }): boolean {
  const key = { key: publicKey, padding, ...(padding === constants.RSA_PKCS1_PSS_PADDING ? { saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {}) };
  return verify(hash, Buffer.from(text), key, Buffer.from(signature, 'base64url'));
}
