/** A refusal of the sign-in endpoints, whose bodies differ from the API's. */
export class OAuthFailure extends Error {
  readonly status: number;
  readonly error: string;

  constructor(status: number, error: string, description: string) {
    super(description);
    this.status = status;
    this.error = error;
  }

  get body(): { readonly error: string; readonly error_description: string } {
    return { error: this.error, error_description: this.message };
  }
}

/** The same for a wrong secret and for an application that does not exist. */
export function unauthorized(): OAuthFailure {
  return new OAuthFailure(401, 'access_denied', 'Unauthorized');
}

/** The real service says for which parameter; the wording for others than `grant_type` follows it. */
export function missing(parameter: string): OAuthFailure {
  return new OAuthFailure(400, 'invalid_request', `Missing required parameter: ${parameter}`);
}

/** What is wrong with an assertion. Status and code are RFC 7523's; no text of the real service was recorded. */
export function invalidClient(description: string): OAuthFailure {
  return new OAuthFailure(401, 'invalid_client', description);
}

export function invalidGrant(description: string): OAuthFailure {
  return new OAuthFailure(403, 'invalid_grant', description);
}
