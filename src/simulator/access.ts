/** Tokens: what the simulated tenant accepts, and what each call needs. */
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { ApiFailure, badRequest, insufficientScope } from './errors.ts';

export const ALL_SCOPES = 'read:actions create:actions update:actions delete:actions read:logs';

const LIFETIME_S = 86_400;

export class Access {
  readonly token: string;
  readonly scopes: ReadonlySet<string>;
  readonly #now: () => number;

  constructor(token: string | undefined, scopes: string, origin: string, now: () => number) {
    this.scopes = new Set(scopes.split(/\s+/u).filter(scope => scope !== ''));
    this.#now = now;
    this.token = token ?? makeToken([...this.scopes].join(' '), origin, now());
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
    // The one token is good as long as the tenant runs, whatever its claims say: a demo may stay open for days.
    if (token !== this.token) {
      throw this.#refuse(token);
    }
    if (!scopes.some(scope => this.scopes.has(scope))) {
      throw insufficientScope(scopes);
    }
  }

  #refuse(token: string): ApiFailure {
    const claims = claimsOf(token);
    const end = claims?.['exp'];
    if (typeof end === 'number' && end * 1000 <= this.#now()) {
      const message = 'Expired token received for JSON Web Token validation';
      return new ApiFailure(401, 'Unauthorized', message, { attributes: { error: message } });
    }
    return new ApiFailure(401, 'Unauthorized', claims === undefined ? 'Invalid token' : 'Invalid signature received for JSON Web Token validation');
  }
}

/** The claims of a token that looks like a JSON Web Token. */
function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) {
    return undefined;
  }
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

/** A token shaped like the service's: its claims can be read, its signature means nothing. */
function makeToken(scope: string, origin: string, now: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const issuedAt = Math.floor(now / 1000);
  const claims = { iss: `${origin}/`, sub: 'simulator@clients', aud: `${origin}/api/v2/`, iat: issuedAt, exp: issuedAt + LIFETIME_S, scope, gty: 'client-credentials', jti: randomUUID() };
  const unsigned = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${unsigned}.${createHmac('sha256', randomBytes(32)).update(unsigned).digest('base64url')}`;
}
