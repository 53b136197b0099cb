/** Where secrets are kept, by key: VS Code's SecretStorage. They leave it only for the request that needs them. */
export interface Vault {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
}

/** Key of what a person gave: a client secret, a private key, an access token, a refresh token. */
export function secretKey(tenantId: string): string {
  return `secret/${tenantId}`;
}

/** Key of the token that was minted last. */
export function tokenKey(tenantId: string): string {
  return `token/${tenantId}`;
}

/** The tenant whose secret a key is of; `undefined` for any other key. */
export function tenantOfSecret(key: string): string | undefined {
  return /^secret\/(.+)$/u.exec(key)?.[1];
}
