/**
 * One tenant's access token: kept while it is good, renewed before it ends, and by one call however many requests
 * wait for it. Minted tokens are kept in the vault too, since a tenant's tokens are counted, and another window may use
 * the same one.
 */
import { ApiError, isApiError, isRefusal } from '../auth0/errors.ts';
import { asNumber, asObject, asText, parseJson } from '../auth0/json.ts';
import type { CredentialFacts, Obtained, SignInPorts, Token, Way } from './credentials/credential.ts';
import { secretKey, tokenKey } from './vault.ts';
import type { Vault } from './vault.ts';

/** A token is renewed when a tenth of its life is left, but not sooner than this before its end. */
const LONGEST_MARGIN_MS = 5 * 60_000;
/** A refused sign-in is not tried again for this long: each look at a build would be one more. */
const REFUSAL_MS = 15_000;

export interface TokenSourceOptions {
  readonly id: string;
  readonly way: Way;
  readonly facts: () => CredentialFacts;
  readonly vault: Vault;
  readonly ports: () => Promise<SignInPorts>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export class TokenSource {
  readonly #o: TokenSourceOptions;
  #known: Token | undefined;
  #renewal: Promise<Token> | undefined;
  #refusal: { readonly error: unknown; readonly at: number } | undefined;

  constructor(options: TokenSourceOptions) {
    this.#o = options;
  }

  /**
   * A token that is good now, and not `refused`, where there is another.
   * @throws ApiError `auth` where only a person can help; other kinds where the service cannot be asked.
   */
  async token(refused?: string): Promise<string> {
    const good = this.#good(this.#known, refused) ?? (await this.#stored(refused));
    if (good !== undefined) {
      this.#known = good;
      return good.value;
    }
    this.#renewal ??= this.#renew(refused).finally(() => {
      this.#renewal = undefined;
    });
    try {
      return (await this.#renewal).value;
    } catch (error) {
      const still = this.#known;
      // It was to be renewed early, and that can wait.
      if (still?.expiresAt !== undefined && still.expiresAt > this.#o.now() && still.value !== refused) {
        return still.value;
      }
      throw error;
    }
  }

  /** The token that another window, or this one before it was loaded anew, has minted. */
  async #stored(refused: string | undefined): Promise<Token | undefined> {
    return this.#o.way.supports.secretIsToken ? undefined : this.#good(readStored(await this.#o.vault.get(tokenKey(this.#o.id))), refused);
  }

  #good(token: Token | undefined, refused: string | undefined): Token | undefined {
    if (token === undefined || token.value === refused) {
      return undefined;
    }
    // Whether a token that cannot be renewed is still good is the service's to say: the clock here may be wrong.
    if (!this.#o.way.supports.renews || token.expiresAt === undefined) {
      return token;
    }
    const left = token.expiresAt - this.#o.now();
    const life = token.expiresAt - (token.mintedAt ?? this.#o.now());
    return left > Math.min(LONGEST_MARGIN_MS, life / 10) ? token : undefined;
  }

  async #renew(refused: string | undefined): Promise<Token> {
    const { id, way, vault, now } = this.#o;
    if (this.#refusal !== undefined && now() - this.#refusal.at < REFUSAL_MS) {
      throw this.#refusal.error;
    }
    const secret = await vault.get(secretKey(id));
    if (secret === undefined) {
      throw new ApiError('auth', { method: 'GET', path: '/api/v2/actions', signIn: 'nothingStored' });
    }
    let obtained: Obtained | undefined;
    try {
      obtained = await way.obtain(this.#o.facts(), secret, await this.#o.ports());
    } catch (error) {
      this.#refusal = isApiError(error) && isRefusal(error) ? { error, at: now() } : undefined;
      throw error;
    }
    const { token, secret: next } = obtained ?? { token: { value: '' } };
    if (way.supports.secretIsToken) {
      if (token.value === refused) {
        throw new ApiError('auth', { method: 'GET', path: '/api/v2/actions', signIn: 'ended' });
      }
    } else {
      await keep(vault, id, token, next === secret ? undefined : next);
    }
    this.#known = token;
    return token;
  }
}

/** Puts a token, and a new secret where there is one, into the vault. */
export async function keep(vault: Vault, id: string, token: Token, secret?: string): Promise<void> {
  // The secret first: a refresh token that was used is worth nothing any more.
  if (secret !== undefined) {
    await vault.set(secretKey(id), secret);
  }
  await vault.set(tokenKey(id), JSON.stringify(token));
}

function readStored(text: string | undefined): Token | undefined {
  const json = asObject(text === undefined ? undefined : parseJson(text));
  const value = asText(json['value']);
  const [expiresAt, mintedAt] = [asNumber(json['expiresAt']), asNumber(json['mintedAt'])];
  return value === undefined ? undefined : { value, ...(expiresAt === undefined ? {} : { expiresAt }), ...(mintedAt === undefined ? {} : { mintedAt }) };
}
