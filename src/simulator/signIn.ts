/**
 * The sign-in endpoints: client credentials with a secret or a signed assertion, device codes, refresh tokens. Of their
 * errors only the codes and a few texts are documented; texts that a comment calls unrecorded are made after those.
 */
import { constants, createPublicKey, randomBytes, verify } from 'node:crypto';
import type { Access } from './access.ts';
import { claimsOf } from './access.ts';
import { ControlError } from './errors.ts';
import type { Answer } from './route.ts';

export interface SimulatedApplication {
  readonly clientId: string;
  readonly clientSecret?: string;
  /** PEM; with it, the application proves itself by a signed assertion. */
  readonly publicKey?: string;
  /** Scopes it may have, separated by spaces; those of the first token where none are given. */
  readonly scopes?: string;
  /** False: not authorized for the Management API. */
  readonly granted?: boolean;
  /** Grant types it may use; all where none are given. */
  readonly grants?: readonly string[];
}

export interface SignInOptions {
  readonly applications: readonly SimulatedApplication[];
  /** The one audience there is. */
  readonly audience: string;
  readonly access: Access;
  readonly lifetimeS: number;
  /** Milliseconds since the epoch by the service's clock. */
  readonly now: () => number;
}

type Fields = Readonly<Record<string, unknown>>;

interface DeviceCode {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly clientId: string;
  readonly scope: string;
  expiresAt: number;
  intervalS: number;
  askedAt: number;
  decision: 'pending' | 'approve' | 'deny' | 'told';
}

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const CODE_LIFETIME_S = 900;
const INTERVAL_S = 5;

class Refusal extends Error {
  readonly answer: Answer;

  constructor(status: number, error: string, description: string) {
    super(description);
    this.answer = { status, body: { error, error_description: description } };
  }
}

export class SignIn {
  readonly #o: SignInOptions;
  readonly #codes: DeviceCode[] = [];
  readonly #refresh = new Map<string, { readonly clientId: string; readonly scope: string }>();
  readonly #usedAssertions = new Set<string>();
  readonly #counts = new Map<string, number>();

  constructor(options: SignInOptions) {
    this.#o = options;
  }

  /** True for a path that this answers. */
  static serves(path: string): boolean {
    return path === '/oauth/token' || path === '/oauth/device/code';
  }

  /** Answers a request; `origin` is where it came to. */
  answer(method: string, path: string, body: string, origin: string): Answer {
    if (method !== 'POST') {
      return { status: 404, body: { statusCode: 404, error: 'Not Found', message: 'Not Found' } };
    }
    const fields = fieldsOf(body);
    if (fields === undefined) {
      return { status: 400, body: { error: 'invalid_request', error_description: 'The body is not valid JSON.' } };
    }
    const grant = path === '/oauth/token' ? text(fields, 'grant_type') : 'device_authorization';
    let answer: Answer;
    try {
      answer = this.#work(grant, fields, origin);
    } catch (error) {
      if (!(error instanceof Refusal)) {
        throw error;
      }
      answer = error.answer;
    }
    const name = `${grant} ${answer.status}`;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    return answer;
  }

  /** How often each grant was asked for, by the status of its answer. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  /** What a person does with a code. @throws ControlError */
  decide(decision: unknown, userCode: unknown): void {
    const code = this.#codes.findLast(one => userCode === undefined || one.userCode === userCode);
    if (code === undefined || (decision !== 'approve' && decision !== 'deny' && decision !== 'expire')) {
      throw new ControlError('decision is "approve", "deny" or "expire", and a device code has to have been asked for.');
    }
    if (decision === 'expire') {
      code.expiresAt = 0;
    } else {
      code.decision = decision;
    }
  }

  reset(): void {
    this.#codes.length = 0;
    this.#refresh.clear();
    this.#usedAssertions.clear();
    this.#counts.clear();
  }

  #work(grant: string, fields: Fields, origin: string): Answer {
    switch (grant) {
      case 'client_credentials': return this.#clientCredentials(fields, origin);
      case 'device_authorization': return this.#deviceCode(fields, origin);
      case DEVICE_GRANT: return this.#deviceToken(fields);
      case 'refresh_token': return this.#refreshToken(fields);
      default: throw new Refusal(403, 'unauthorized_client', `Grant type '${grant}' not allowed for the client.`);
    }
  }

  #clientCredentials(fields: Fields, origin: string): Answer {
    const application = this.#application(fields, 'client_credentials');
    if (fields['client_assertion'] === undefined) {
      if (application?.clientSecret === undefined || fields['client_secret'] !== application.clientSecret) {
        throw new Refusal(401, 'access_denied', 'Unauthorized');
      }
      return this.#granted(application, fields);
    }
    if (application?.publicKey === undefined) {
      throw new Refusal(401, 'access_denied', 'Unauthorized');
    }
    this.#checkAssertion(application.publicKey, fields, origin);
    return this.#granted(application, fields);
  }

  #application(fields: Fields, grant: string): SimulatedApplication | undefined {
    const application = this.#o.applications.find(one => one.clientId === fields['client_id']);
    if (application?.grants?.includes(grant) === false) {
      throw new Refusal(403, 'unauthorized_client', `Grant type '${grant}' not allowed for the client.`);
    }
    return application;
  }

  /** RFC 7523; the texts are unrecorded. */
  #checkAssertion(publicKey: string, fields: Fields, origin: string): void {
    const refuse = (why: string): never => {
      throw new Refusal(401, 'invalid_client', `Client assertion is invalid: ${why}`);
    };
    const assertion = text(fields, 'client_assertion');
    const [head = '', payload = '', signature = ''] = assertion.split('.');
    const claims = claimsOf(assertion) ?? {};
    const algorithm = algorithmOf(head);
    if (fields['client_assertion_type'] !== ASSERTION_TYPE || algorithm === undefined) {
      refuse('type or algorithm');
    }
    const pss = algorithm === 'PS256' ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {};
    if (!verify(algorithm === 'RS384' ? 'sha384' : 'sha256', Buffer.from(`${head}.${payload}`), { key: createPublicKey(publicKey), ...pss }, Buffer.from(signature, 'base64url'))) {
      refuse('signature');
    }
    const { iss, sub, aud, exp, jti } = claims;
    const nowS = this.#o.now() / 1000;
    if (iss !== fields['client_id'] || sub !== fields['client_id'] || (aud !== `${origin}/` && aud !== `${origin}/oauth/token`)) {
      refuse('issuer, subject or audience');
    }
    if (typeof exp !== 'number' || exp <= nowS || exp > nowS + 300) {
      refuse('expired, or lives for more than five minutes');
    }
    if (typeof jti !== 'string' || this.#usedAssertions.has(jti)) {
      refuse('used before');
    }
    this.#usedAssertions.add(String(jti));
  }

  #granted(application: SimulatedApplication, fields: Fields): Answer {
    this.#checkAudience(fields);
    if (application.granted === false) {
      throw new Refusal(403, 'access_denied', `Client is not authorized to access "${this.#o.audience}". You need to create a "client-grant" associated to this API.`);
    }
    return this.#token(application.clientId, application.scopes ?? [...this.#o.access.scopes].join(' '));
  }

  #checkAudience(fields: Fields): void {
    const audience = fields['audience'];
    // The recordings name one each time; without it the service takes the tenant's default.
    if (audience !== undefined && audience !== this.#o.audience) {
      throw new Refusal(403, 'access_denied', `Service not found: ${text(fields, 'audience')}`);
    }
  }

  #token(clientId: string, scope: string, refresh?: string): Answer {
    const { access, lifetimeS } = this.#o;
    return { status: 200, body: { access_token: access.issue(clientId, scope, lifetimeS), scope, expires_in: lifetimeS, token_type: 'Bearer', ...(refresh === undefined ? {} : { refresh_token: refresh }) } };
  }

  #deviceCode(fields: Fields, origin: string): Answer {
    const application = this.#application(fields, DEVICE_GRANT);
    if (application === undefined) {
      throw new Refusal(401, 'invalid_client', 'Unknown client.');
    }
    this.#checkAudience(fields);
    const letters = randomBytes(8).reduce((code, byte) => code + 'BCDFGHJKLMNPQRSTVWXZ'.charAt(byte % 20), '');
    const userCode = `${letters.slice(0, 4)}-${letters.slice(4)}`;
    const deviceCode = randomBytes(24).toString('base64url');
    this.#codes.push({ deviceCode, userCode, clientId: application.clientId, scope: text(fields, 'scope'), expiresAt: this.#o.now() + CODE_LIFETIME_S * 1000, intervalS: INTERVAL_S, askedAt: 0, decision: 'pending' });
    return { status: 200, body: { device_code: deviceCode, user_code: userCode, verification_uri: `${origin}/activate`, verification_uri_complete: `${origin}/activate?user_code=${userCode}`, expires_in: CODE_LIFETIME_S, interval: INTERVAL_S } };
  }

  #deviceToken(fields: Fields): Answer {
    const code = this.#codes.find(one => one.deviceCode === fields['device_code'] && one.clientId === fields['client_id']);
    if (code === undefined || code.decision === 'told') {
      throw new Refusal(403, 'invalid_grant', 'Invalid or expired device code.');
    }
    const now = this.#o.now();
    if (now >= code.expiresAt) {
      code.decision = 'told';
      throw new Refusal(403, 'expired_token', 'The device code has expired.');
    }
    const early = now - code.askedAt < code.intervalS * 1000;
    code.askedAt = now;
    if (early) {
      code.intervalS += INTERVAL_S;
      throw new Refusal(429, 'slow_down', 'You are polling faster than the specified interval.');
    }
    if (code.decision === 'pending') {
      throw new Refusal(403, 'authorization_pending', 'User has yet to authorize device code.');
    }
    const { decision } = code;
    code.decision = 'told';
    if (decision === 'deny') {
      throw new Refusal(403, 'access_denied', 'User did not authorize the request.');
    }
    const scopes = code.scope.split(/\s+/u);
    const scope = scopes.filter(one => one !== 'offline_access').join(' ');
    return this.#token(code.clientId, scope, scopes.includes('offline_access') ? this.#newRefresh(code.clientId, scope) : undefined);
  }

  /** Rotating: each use ends the refresh token, and brings the next. */
  #refreshToken(fields: Fields): Answer {
    const used = text(fields, 'refresh_token');
    const known = this.#refresh.get(used);
    if (known === undefined || known.clientId !== fields['client_id']) {
      throw new Refusal(403, 'invalid_grant', 'Unknown or invalid refresh token.');
    }
    this.#refresh.delete(used);
    return this.#token(known.clientId, known.scope, this.#newRefresh(known.clientId, known.scope));
  }

  #newRefresh(clientId: string, scope: string): string {
    const token = `v1.${randomBytes(32).toString('base64url')}`;
    this.#refresh.set(token, { clientId, scope });
    return token;
  }
}

/** A body without what must not be in any log. */
export function withoutSecrets(body: string): string {
  const fields = fieldsOf(body);
  return fields === undefined ? '' : JSON.stringify(fields, (key, value: unknown) => (/^(?:client_secret|client_assertion|refresh_token|access_token|device_code)$/u.test(key) ? '…' : value));
}

function fieldsOf(body: string): Fields | undefined {
  if (!body.trimStart().startsWith('{')) {
    return Object.fromEntries(new URLSearchParams(body));
  }
  try {
    return JSON.parse(body) as Fields;
  } catch {
    return undefined;
  }
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

function algorithmOf(head: string): string | undefined {
  try {
    const { alg } = JSON.parse(Buffer.from(head, 'base64url').toString('utf8')) as { alg?: unknown };
    return alg === 'RS256' || alg === 'RS384' || alg === 'PS256' ? alg : undefined;
  } catch {
    return undefined;
  }
}
