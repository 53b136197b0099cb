/** What every way of signing in consists of. The ways themselves are a file each; ways.ts lists them. */

export type CredentialKind = 'clientSecret' | 'privateKey' | 'accessToken' | 'cli' | 'device';

/** Algorithms that the service accepts for a private key's assertion. */
export const ALGORITHMS = ['RS256', 'RS384', 'PS256'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** What is remembered of a connection beside its secret: nothing of this lets anybody in. */
export interface CredentialFacts {
  /** Where requests go: scheme, host and port. */
  readonly origin: string;
  /** Identifier of the Management API, where it is not the host's own: custom domains keep the canonical one. */
  readonly audience?: string;
  readonly clientId?: string;
  readonly algorithm?: Algorithm;
  /** Scheme, host and port of the sign-in endpoints, where they are not the tenant's. */
  readonly issuer?: string;
}

/** An access token as it was given or minted. */
export interface Token {
  readonly value: string;
  /** Milliseconds since the epoch by this machine's clock; absent where nobody said. */
  readonly expiresAt?: number;
  /** When it was minted, likewise. */
  readonly mintedAt?: number;
  /** Absent where nobody listed them. */
  readonly scopes?: readonly string[];
}

/** A token, and the secret to keep from now on where that changed (a refresh token that is used up by its use). */
export interface Obtained {
  readonly token: Token;
  readonly secret?: string;
}

/** What the ways need from outside. Loaded at first use. */
export interface SignInPorts {
  /**
   * One POST to a sign-in endpoint, never repeated.
   * @throws ApiError with the protocol's code as `oauthError`, and with `signIn` for what that means.
   */
  post(origin: string, path: string, fields: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Readonly<Record<string, unknown>>>;
  /**
   * A JSON Web Token with these claims, signed.
   * @throws ApiError `auth` with signIn `key` for a key that cannot be read or does not fit.
   */
  sign(claims: Readonly<Record<string, unknown>>, privateKeyPem: string, algorithm: Algorithm): Promise<string>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** What a way in can do. The user interface asks this table, never for a way by name. */
export interface Supports {
  /** Gets a new token without a person. */
  readonly renews: boolean;
  /** Needs a client id of the person's own application. */
  readonly clientId: boolean;
  /** Asks the service for a token for an audience, so that a custom domain needs the canonical one. */
  readonly audience: boolean;
  /** Runs a program of this machine: never in a workspace that is not trusted. */
  readonly program: boolean;
  /** What is kept in the vault is the token itself, which ends. */
  readonly secretIsToken: boolean;
}

export interface Way {
  readonly kind: CredentialKind;
  readonly supports: Supports;
  /**
   * A token from what is kept. `undefined` where requests carry none of ours.
   * @throws ApiError `auth` where there is none to be had; other kinds where the service cannot be asked.
   */
  obtain(facts: CredentialFacts, secret: string, ports: SignInPorts, signal?: AbortSignal): Promise<Obtained | undefined>;
}

/** The identifier of the Management API for a tenant. */
export function audienceOf(facts: CredentialFacts): string {
  return facts.audience ?? `${facts.origin}/api/v2/`;
}
