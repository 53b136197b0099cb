/**
 * The tenant's rate limit, as far as the answers tell it: a bucket of tokens that fills steadily. It starts at what a
 * free plan allows, since the bucket is shared with production logins, and learns from the headers.
 */

/** `x-ratelimit-*` of one answer. */
export interface RateHeaders {
  /** Size of the bucket. */
  readonly limit: number;
  /** Requests left. */
  readonly remaining: number;
  /** Milliseconds since the epoch at which the service promises new ones. */
  readonly resetAt?: number;
}

/** Documented plans: size of the bucket -> sustained requests a second. */
const PLANS: readonly { burst: number; perSecond: number }[] = [
  { burst: 2, perSecond: 2 },
  { burst: 10, perSecond: 2.5 },
  { burst: 50, perSecond: 16 },
];

/** The part of the bucket that requests leave alone for which nobody waits: logins share it, and people look meanwhile. */
const SPARE = 0.2;

/** No answer of the service may stop the lane for longer than this. */
const LONGEST_BLOCK_MS = 60_000;

export class Pace {
  #burst = 2;
  #perSecond = 2;
  #tokens = 2;
  #at: number;
  #blockedUntil = 0;

  constructor(now: number) {
    this.#at = now;
  }

  /** Milliseconds to wait before the next request may start; 0 takes one token. A `patient` one leaves some of them. */
  take(now: number, patient = false): number {
    this.#refill(now);
    if (now < this.#blockedUntil) {
      return this.#blockedUntil - now;
    }
    const needed = Math.min(this.#burst, 1 + (patient ? this.#burst * SPARE : 0));
    if (this.#tokens >= needed) {
      this.#tokens -= 1;
      return 0;
    }
    return Math.ceil(((needed - this.#tokens) / this.#perSecond) * 1000);
  }

  /** What an answer said. `inFlight` requests have left but are not counted in `remaining` yet. */
  learn(headers: RateHeaders, inFlight: number, now: number): void {
    this.#refill(now);
    const plan = PLANS.findLast(row => row.burst <= headers.limit);
    this.#burst = Math.max(1, headers.limit);
    this.#perSecond = plan?.perSecond ?? 1;
    // An answer that comes after its request was given up is counted no longer: it must not add a token.
    this.#tokens = Math.min(this.#burst, Math.max(0, headers.remaining - Math.max(0, inFlight)));
  }

  /** A 429 was answered: nothing leaves until the service has room again. */
  block(waitMs: number, now: number): void {
    this.#refill(now);
    this.#tokens = 0;
    this.#blockedUntil = Math.max(this.#blockedUntil, now + Math.min(waitMs, LONGEST_BLOCK_MS));
  }

  /** Milliseconds for which a 429 lets nothing leave. */
  blockedMs(now: number): number {
    this.#refill(now);
    return Math.max(0, this.#blockedUntil - now);
  }

  /** From 0 (no room) to 1 (the whole bucket), `laterMs` milliseconds from now if nothing is taken until then. */
  headroom(now: number, laterMs = 0): number {
    this.#refill(now);
    return now + laterMs < this.#blockedUntil ? 0 : Math.min(1, (this.#tokens + (laterMs / 1000) * this.#perSecond) / this.#burst);
  }

  #refill(now: number): void {
    // A clock that was set back must not take tokens away, nor make a block longer.
    if (now < this.#at) {
      this.#blockedUntil -= this.#at - now;
    }
    const seconds = Math.max(0, now - this.#at) / 1000;
    this.#tokens = Math.min(this.#burst, this.#tokens + seconds * this.#perSecond);
    this.#at = now;
  }
}

/** Reads `x-ratelimit-*`; `undefined` where they are missing or make no sense. */
export function rateHeaders(get: (name: string) => string | null): RateHeaders | undefined {
  const limit = count(get('x-ratelimit-limit'));
  const remaining = count(get('x-ratelimit-remaining'));
  if (limit === undefined || limit === 0 || remaining === undefined) {
    return undefined;
  }
  const reset = count(get('x-ratelimit-reset'));
  return { limit, remaining, ...(reset === undefined ? {} : { resetAt: reset * 1000 }) };
}

/**
 * How long the service asks to wait after a 429 or 503, in milliseconds: `Retry-After` in seconds or as a date, else
 * the reset time. Dates are compared with the answer's own `Date` header, so that a wrong clock here does no harm.
 */
export function retryAfter(get: (name: string) => string | null, now: number): number | undefined {
  const header = get('retry-after');
  const seconds = count(header);
  if (seconds !== undefined) {
    return seconds * 1000;
  }
  const serverNow = dateOf(get('date')) ?? now;
  const until = dateOf(header) ?? rateHeaders(get)?.resetAt;
  return until === undefined ? undefined : Math.max(0, until - serverNow);
}

function count(text: string | null): number | undefined {
  return text !== null && /^\d{1,12}$/u.test(text.trim()) ? Number(text) : undefined;
}

/** An HTTP date in milliseconds since the epoch. */
export function dateOf(text: string | null): number | undefined {
  const time = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
