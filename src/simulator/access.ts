/** Tokens: what the simulated tenant accepts, and what each call needs. */
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { ServiceClock } from './clock.ts';
import { ApiFailure, badRequest, insufficientScope } from './errors.ts';

export const ALL_SCOPES = 'read:actions create:actions update:actions delete:actions read:logs';

const EXPIRED = 'Expired token received for JSON Web Token validation';

export interface AccessParts {
  /** The start token; one is made where none is given. */
  readonly token: string | undefined;
  readonly scopes: string;
  /** Scheme and host, the issuer of the start token. */
  readonly origin: string;
  /** The API's identifier. */
  readonly audience: string;
  /** Seconds that a token is good for. */
  readonly lifetimeS: number;
  readonly clock: ServiceClock;
}

/** What a token says of itself. `origin` is that of the request which asked for it. */
export interface Grant {
  readonly origin: string;
  readonly sub: string;
  readonly scopes: readonly string[];
  readonly gty?: string;
}

type Mark = 'revoked' | 'expired';

export class Access {
  /** Good as long as the tenant runs, whatever its claims say, unless control ends it: a demo may stay open for days. */
  readonly token: string;
  readonly audience: string;
  readonly lifetimeS: number;
  readonly #startScopes: ReadonlySet<string>;
  #scopes: ReadonlySet<string>;
  readonly #clock: ServiceClock;
  /** Tokens that signing in has given out. */
  readonly #minted = new Map<string, { readonly exp: number; readonly scopes: ReadonlySet<string> }>();
  readonly #marks = new Map<string, Mark>();

  constructor({ token, scopes, origin, audience, lifetimeS, clock }: AccessParts) {
    this.#startScopes = asScopes(scopes);
    this.#scopes = this.#startScopes;
    this.#clock = clock;
    this.audience = audience;
    this.lifetimeS = lifetimeS;
    this.token = token ?? makeToken(this.#claims({ origin, sub: 'simulator@clients', scopes: [...this.#scopes], gty: 'client-credentials' }));
  }

  /** Those of the start token. */
  get scopes(): ReadonlySet<string> {
    return this.#scopes;
  }

  /** Control: other scopes for the start token, separated by spaces. Its claims keep saying the old ones. */
  rescope(scopes: string): void {
    this.#scopes = asScopes(scopes);
  }

  /** A new token, accepted until its `exp` by the service's clock. */
  mint(grant: Grant): string {
    const claims = this.#claims(grant);
    const token = makeToken(claims);
    this.#minted.set(token, { exp: claims.exp, scopes: new Set(grant.scopes) });
    return token;
  }

  /** Control: ends a token, or all that are known. False for one that was never given out. */
  end(token: string, mark: Mark): boolean {
    const known = [this.token, ...this.#minted.keys()];
    const ended = token === 'all' ? known : known.filter(one => one === token);
    for (const one of ended) {
      this.#marks.set(one, mark);
    }
    return ended.length > 0;
  }

  /** Tokens that control has ended are good again, and the start token has its first scopes. */
  reset(): void {
    this.#marks.clear();
    this.#scopes = this.#startScopes;
  }

  /** @throws ApiFailure 400 or 401 for the header, 403 for the scopes, of which any one will do. */
  check(header: string | undefined, scopes: readonly string[]): void {
    if (header === undefined) {
      throw new ApiFailure(401, 'Unauthorized', 'Missing authentication');
    }
    const token = /^Bearer (\S+)$/iu.exec(header)?.[1];
    if (token === undefined) {
      throw badRequest('Bad HTTP authentication header format');
    }
    const granted = this.#scopesOf(token);
    if (!scopes.some(scope => granted.has(scope))) {
      throw insufficientScope(scopes);
    }
  }

  /** @throws ApiFailure 401. */
  #scopesOf(token: string): ReadonlySet<string> {
    const mark = this.#marks.get(token);
    if (mark !== undefined) {
      // Tokens of the real service cannot be revoked; keys can be rotated, which makes all of them invalid.
      throw mark === 'expired' ? expired() : new ApiFailure(401, 'Unauthorized', 'Invalid token');
    }
    if (token === this.token) {
      return this.#scopes;
    }
    const minted = this.#minted.get(token);
    if (minted !== undefined && minted.exp * 1000 > this.#clock.now()) {
      return minted.scopes;
    }
    const claims = claimsOf(token);
    const end = claims?.['exp'];
    if (typeof end === 'number' && end * 1000 <= this.#clock.now()) {
      throw expired();
    }
    throw new ApiFailure(401, 'Unauthorized', claims === undefined ? 'Invalid token' : 'Invalid signature received for JSON Web Token validation');
  }

  #claims({ origin, sub, scopes, gty }: Grant) {
    const iat = Math.floor(this.#clock.now() / 1000);
    return { iss: `${origin}/`, sub, aud: this.audience, iat, exp: iat + this.lifetimeS, scope: scopes.join(' '), ...(gty === undefined ? {} : { gty }), jti: randomUUID() };
  }
}

/** Scopes that are separated by spaces. */
export function asScopes(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/u).filter(scope => scope !== ''));
}

/** The claims of a token that looks like a JSON Web Token. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  const [, payload, signature] = token.split('.');
  return payload === undefined || signature === undefined ? undefined : decodePart(payload);
}

/** The object in one part of a JSON Web Token. */
export function decodePart(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

function expired(): ApiFailure {
  return new ApiFailure(401, 'Unauthorized', EXPIRED, { attributes: { error: EXPIRED } });
}

/** A token shaped like the service's: its claims can be read, its signature means nothing. */
function makeToken(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${unsigned}.${createHmac('sha256', randomBytes(32)).update(unsigned).digest('base64url')}`;
}
