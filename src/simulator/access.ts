/** Tokens: what the simulated tenant accepts, and what each call needs. */
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { ApiFailure, badRequest, insufficientScope } from './errors.ts';

export const ALL_SCOPES = 'read:actions create:actions update:actions delete:actions read:logs';

export class Access {
  readonly token: string;
  readonly scopes: ReadonlySet<string>;

  constructor(token: string | undefined, scopes: string, origin: string) {
    this.scopes = new Set(scopes.split(/\s+/u).filter(scope => scope !== ''));
    this.token = token ?? makeToken([...this.scopes].join(' '), origin);
  }

  /** @throws ApiFailure 400 or 401 for the header, 403 for the scope. */
  check(header: string | undefined, scope: string): void {
    if (header === undefined) {
      throw new ApiFailure(401, 'Unauthorized', 'Missing authentication');
    }
    const token = /^Bearer (\S+)$/u.exec(header)?.[1];
    if (token === undefined) {
      throw badRequest('Bad HTTP authentication header format');
    }
    if (token !== this.token) {
      throw new ApiFailure(401, 'Unauthorized', 'Invalid token', { attributes: { error: 'Invalid token' } });
    }
    if (!this.scopes.has(scope)) {
      throw insufficientScope([scope]);
    }
  }
}

/** A token shaped like the service's: its claims can be read, its signature means nothing. */
function makeToken(scope: string, origin: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const issuedAt = Math.floor(Date.now() / 1000);
  const claims = { iss: `${origin}/`, sub: 'simulator@clients', aud: `${origin}/api/v2/`, iat: issuedAt, exp: issuedAt + 86_400, scope, gty: 'client-credentials', jti: randomUUID() };
  const unsigned = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${unsigned}.${createHmac('sha256', randomBytes(32)).update(unsigned).digest('base64url')}`;
}
