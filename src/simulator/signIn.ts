/** Signing in: what the token endpoint and the device endpoint answer. */
import { randomBytes } from 'node:crypto';
import type { Access } from './access.ts';
import { asScopes, claimsOf } from './access.ts';
import { ASSERTION_TYPE, Assertions } from './assertions.ts';
import type { ServiceClock } from './clock.ts';
import { DEVICE_INTERVAL_S, DEVICE_LIFETIME_S, DeviceCodes } from './deviceCodes.ts';
import { OAuthFailure, invalidClient, invalidGrant, missing, unauthorized } from './oauthErrors.ts';
import type { Answer } from './route.ts';

export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** An application of the tenant. One without secret and key is public: its id is enough, but not for client credentials. */
export interface Application {
  readonly clientId: string;
  readonly clientSecret?: string;
  /** PEM, SPKI. */
  readonly publicKey?: string;
  /** Separated by spaces; those of the start token where none are given. */
  readonly scopes?: string;
  /** False: there is no client grant for the API. */
  readonly granted?: boolean;
  /** Grant types; all that are simulated where none are given. */
  readonly grants?: readonly string[];
  /** Whether each use of a refresh token gives a new one, and a second use of the old one ends them all. */
  readonly rotating?: boolean;
}

/** How often each grant was asked for, by outcome: `ok`, or the code of the error. */
export type SignIns = Readonly<Record<string, Readonly<Record<string, number>>>>;

type Fields = Readonly<Record<string, unknown>>;

/** What is handed on from one refresh token to the next. */
interface Session {
  readonly application: Application;
  readonly scopes: readonly string[];
  ended: boolean;
}

/** The grants by the name they are counted under. */
const GRANTS: Readonly<Record<string, string>> = { client_credentials: 'client_credentials', refresh_token: 'refresh_token', [DEVICE_GRANT]: 'device_code' };

/** Scopes that anybody gets who asks for them. */
const OWN_SCOPES: ReadonlySet<string> = new Set(['openid', 'profile', 'email', 'offline_access']);
const USER = 'auth0|simulated-user';

export class SignIn {
  readonly #access: Access;
  readonly #clock: ServiceClock;
  readonly #applications: ReadonlyMap<string, Application>;
  readonly #assertions = new Assertions();
  readonly #refresh = new Map<string, { readonly session: Session; used: boolean }>();
  readonly #counts = new Map<string, Map<string, number>>();
  readonly devices: DeviceCodes;

  constructor(access: Access, clock: ServiceClock, applications: readonly Application[]) {
    this.#access = access;
    this.#clock = clock;
    this.#applications = new Map([{ clientId: 'simulator', clientSecret: access.token }, ...applications].map(one => [one.clientId, one]));
    this.devices = new DeviceCodes(() => clock.steady());
  }

  /** Answers a POST below `/oauth`, or `undefined` for a path that does not exist. `body` is JSON or a form. */
  answer(path: string, origin: string, body: string): Answer | undefined {
    switch (path) {
      case '/oauth/token': return this.#counted(body, fields => GRANTS[text(fields, 'grant_type') ?? ''] ?? 'other', fields => this.#token(origin, fields));
      case '/oauth/device/code': return this.#counted(body, () => 'device_authorization', fields => this.#startDevice(origin, fields));
      default: return undefined;
    }
  }

  get counts(): SignIns {
    return Object.fromEntries([...this.#counts].map(([grant, outcomes]) => [grant, Object.fromEntries(outcomes)]));
  }

  /** Pending device codes, used assertions and counts go; sessions that were begun stay. */
  reset(): void {
    this.#assertions.reset();
    this.devices.reset();
    this.#counts.clear();
  }

  #counted(body: string, grantOf: (fields: Fields) => string, work: (fields: Fields) => object): Answer {
    let grant = 'other';
    let outcome = 'ok';
    let result: Answer;
    try {
      const fields = readFields(body);
      grant = grantOf(fields);
      result = { status: 200, body: work(fields) };
    } catch (error) {
      if (!(error instanceof OAuthFailure)) {
        throw error;
      }
      outcome = error.error;
      result = { status: error.status, body: error.body };
    }
    const outcomes = this.#counts.get(grant) ?? new Map<string, number>();
    this.#counts.set(grant, outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1));
    return result;
  }

  #token(origin: string, fields: Fields): object {
    const grant = required(fields, 'grant_type');
    if (!Object.hasOwn(GRANTS, grant)) {
      // Not recorded.
      throw new OAuthFailure(403, 'unsupported_grant_type', `Unsupported grant type: ${grant}`);
    }
    const application = this.#authenticate(origin, fields, grant === 'client_credentials');
    allow(application, grant);
    switch (grant) {
      case 'refresh_token': return this.#refreshed(origin, application, required(fields, 'refresh_token'));
      case DEVICE_GRANT: {
        const { scopes } = this.devices.poll(required(fields, 'device_code'), application.clientId);
        const granted = this.#granted(application);
        const session: Session = { application, scopes: scopes.filter(scope => granted.has(scope) || OWN_SCOPES.has(scope)), ended: false };
        return { ...this.#tokens(origin, session), ...(scopes.includes('offline_access') ? { refresh_token: this.#newRefreshToken(session) } : {}) };
      }
      default: return this.#clientCredentials(origin, application, fields);
    }
  }

  #clientCredentials(origin: string, application: Application, fields: Fields): object {
    this.#checkAudience(application, text(fields, 'audience'));
    const granted = this.#granted(application);
    const wanted = asScopes(text(fields, 'scope') ?? '');
    const refused = [...wanted].filter(scope => !granted.has(scope));
    if (refused.length > 0) {
      // Not recorded.
      throw new OAuthFailure(403, 'access_denied', `Client has not been granted scopes: ${refused.join(', ')}`);
    }
    const scopes = wanted.size > 0 ? [...wanted] : [...granted];
    return this.#answerWith(this.#access.mint({ origin, sub: `${application.clientId}@clients`, scopes, gty: 'client-credentials' }), scopes);
  }

  #refreshed(origin: string, application: Application, token: string): object {
    const known = this.#refresh.get(token);
    if (known === undefined || known.session.ended || known.session.application.clientId !== application.clientId) {
      throw invalidGrant('Unknown or invalid refresh token.');
    }
    if (known.used) {
      known.session.ended = true;
      throw invalidGrant('Unknown or invalid refresh token.');
    }
    known.used = application.rotating === true;
    return { ...this.#tokens(origin, known.session), ...(known.used ? { refresh_token: this.#newRefreshToken(known.session) } : {}) };
  }

  #startDevice(origin: string, fields: Fields): object {
    const clientId = required(fields, 'client_id');
    const application = this.#applications.get(clientId);
    if (application === undefined) {
      // Not recorded.
      throw new OAuthFailure(403, 'unauthorized_client', `Unknown client: ${clientId}`);
    }
    allow(application, DEVICE_GRANT);
    this.#checkAudience(application, text(fields, 'audience'));
    const { deviceCode, userCode } = this.devices.start(clientId, [...asScopes(text(fields, 'scope') ?? '')]);
    const uri = `${origin}/activate`;
    return { device_code: deviceCode, user_code: userCode, verification_uri: uri, verification_uri_complete: `${uri}?user_code=${userCode}`, expires_in: DEVICE_LIFETIME_S, interval: DEVICE_INTERVAL_S };
  }

  /** @throws OAuthFailure 401 for an application that is not the one it says it is. */
  #authenticate(origin: string, fields: Fields, confidential: boolean): Application {
    const assertion = text(fields, 'client_assertion');
    const clientId = text(fields, 'client_id') ?? asText(claimsOf(assertion ?? '')?.['sub']);
    if (clientId === undefined) {
      throw missing('client_id');
    }
    const application = this.#applications.get(clientId);
    if (application === undefined) {
      throw unauthorized();
    }
    const { clientSecret, publicKey } = application;
    if (assertion !== undefined) {
      if (fields['client_assertion_type'] !== ASSERTION_TYPE) {
        throw invalidClient(`client_assertion_type is not ${ASSERTION_TYPE}.`);
      }
      if (publicKey === undefined) {
        throw invalidClient('The application has no key to check the client_assertion with.');
      }
      this.#assertions.accept(assertion, clientId, publicKey, `${origin}/`, this.#clock.now());
      return application;
    }
    const isPublic = clientSecret === undefined && publicKey === undefined;
    if (isPublic ? confidential : clientSecret === undefined || fields['client_secret'] !== clientSecret) {
      throw unauthorized();
    }
    return application;
  }

  /** None is the same as the API's: that is what the simulated tenant has for its default audience. */
  #checkAudience(application: Application, audience = this.#access.audience): void {
    if (audience !== this.#access.audience) {
      throw new OAuthFailure(403, 'access_denied', `Service not found: ${audience}`);
    }
    if (application.granted === false) {
      throw new OAuthFailure(403, 'access_denied', `Client is not authorized to access "${audience}". You need to create a "client-grant" associated to this API. See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants`);
    }
  }

  #granted(application: Application): ReadonlySet<string> {
    return application.scopes === undefined ? this.#access.scopes : asScopes(application.scopes);
  }

  #tokens(origin: string, { scopes }: Session): object {
    return this.#answerWith(this.#access.mint({ origin, sub: USER, scopes }), scopes);
  }

  #answerWith(token: string, scopes: readonly string[]): object {
    return { access_token: token, scope: scopes.join(' '), expires_in: this.#access.lifetimeS, token_type: 'Bearer' };
  }

  #newRefreshToken(session: Session): string {
    const token = `v1.${randomBytes(32).toString('base64url')}`;
    this.#refresh.set(token, { session, used: false });
    return token;
  }
}

/** @throws OAuthFailure 403 for a grant type that the application does not have. */
function allow({ grants }: Application, grant: string): void {
  if (grants !== undefined && !grants.includes(grant)) {
    throw new OAuthFailure(403, 'unauthorized_client', `Grant type '${grant}' not allowed for the client.`);
  }
}

/** @throws OAuthFailure 400 for JSON that is none. */
function readFields(body: string): Fields {
  if (!body.trimStart().startsWith('{')) {
    return Object.fromEntries(new URLSearchParams(body));
  }
  try {
    return JSON.parse(body) as Fields;
  } catch {
    throw new OAuthFailure(400, 'invalid_request', 'The body is not valid JSON.');
  }
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function text(fields: Fields, name: string): string | undefined {
  return asText(fields[name]);
}

function required(fields: Fields, name: string): string {
  const value = text(fields, name);
  if (value === undefined) {
    throw missing(name);
  }
  return value;
}
