/** Tokens: what the simulated tenant accepts, and what each call needs. */
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { ApiFailure, badRequest, insufficientScope } from './errors.ts';

export const ALL_SCOPES = 'read:actions create:actions update:actions delete:actions read:logs';

interface Issued {
  scopes: ReadonlySet<string>;
  /** Milliseconds since the epoch by the service's clock; the token it was started with has none. */
  expiresAt: number | undefined;
  revoked: boolean;
}

export class Access {
  /** The token that it was started with: good as long as the tenant runs, whatever its claims say. A demo may stay open for days. */
  readonly token: string;
  readonly #issued = new Map<string, Issued>();
  readonly #audience: string;
  readonly #issuer: string;
  readonly #now: () => number;

  constructor(options: { token: string | undefined; scopes: string; issuer: string; audience: string; lifetimeS: number; now: () => number }) {
    this.#audience = options.audience;
    this.#issuer = options.issuer;
    this.#now = options.now;
    this.token = options.token ?? this.#make('simulator', options.scopes, options.lifetimeS);
    this.#issued.set(this.token, { scopes: words(options.scopes), expiresAt: undefined, revoked: false });
  }

  /** Scopes of the token that it was started with. */
  get scopes(): ReadonlySet<string> {
    return this.#issued.get(this.token)?.scopes ?? new Set();
  }

  set scopes(scopes: ReadonlySet<string>) {
    this.#issued.set(this.token, { scopes, expiresAt: undefined, revoked: false });
  }

  /** A new token, good until its end by the service's clock. */
  issue(clientId: string, scope: string, lifetimeS: number): string {
    const token = this.#make(clientId, scope, lifetimeS);
    this.#issued.set(token, { scopes: words(scope), expiresAt: this.#now() + lifetimeS * 1000, revoked: false });
    return token;
  }

  /** Ends one token, or `all`, as if its time had come, or as if its signing key had been withdrawn. */
  end(which: string, how: 'expire' | 'revoke'): void {
    for (const [token, issued] of this.#issued) {
      if (which === 'all' || which === token) {
        issued.expiresAt = how === 'expire' ? 0 : issued.expiresAt;
        issued.revoked ||= how === 'revoke';
      }
    }
  }

  /** Undoes what was done to the first token, and forgets all others. */
  reset(scopes: string): void {
    this.#issued.clear();
    this.scopes = words(scopes);
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
    const issued = this.#issued.get(token);
    const expiresAt = issued === undefined ? endOf(token) : issued.expiresAt;
    if (expiresAt !== undefined && expiresAt <= this.#now()) {
      const message = 'Expired token received for JSON Web Token validation';
      throw new ApiFailure(401, 'Unauthorized', message, { attributes: { error: message } });
    }
    if (issued === undefined || issued.revoked) {
      throw new ApiFailure(401, 'Unauthorized', issued === undefined && claimsOf(token) === undefined ? 'Invalid token' : 'Invalid signature received for JSON Web Token validation');
    }
    if (!scopes.some(scope => issued.scopes.has(scope))) {
      throw insufficientScope(scopes);
    }
  }

  /** A token shaped like the service's: its claims can be read, its signature means nothing. */
  #make(clientId: string, scope: string, lifetimeS: number): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const issuedAt = Math.floor(this.#now() / 1000);
    const claims = { iss: this.#issuer, sub: `${clientId}@clients`, aud: this.#audience, iat: issuedAt, exp: issuedAt + lifetimeS, scope: [...words(scope)].join(' '), gty: 'client-credentials', jti: randomUUID() };
    const unsigned = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
    return `${unsigned}.${createHmac('sha256', randomBytes(32)).update(unsigned).digest('base64url')}`;
  }
}

export function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/u).filter(word => word !== ''));
}

/** The claims of a token that looks like a JSON Web Token. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
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

function endOf(token: string): number | undefined {
  const end = claimsOf(token)?.['exp'];
  return typeof end === 'number' ? end * 1000 : undefined;
}
