/** The tenant's bucket of requests, by plan. Without a plan there is no limit and there are no headers. */
export type Plan = 'free' | 'professional' | 'enterprise' | 'off';

const PLANS: Record<Exclude<Plan, 'off'>, { readonly burst: number; readonly perSecond: number }> = {
  free: { burst: 2, perSecond: 2 },
  professional: { burst: 10, perSecond: 2.5 },
  enterprise: { burst: 50, perSecond: 16 },
};

export class RateLimit {
  readonly #plan: { readonly burst: number; readonly perSecond: number } | undefined;
  readonly #now: () => number;
  #tokens: number;
  #at: number;

  constructor(plan: Plan, now: () => number) {
    this.#plan = plan === 'off' ? undefined : PLANS[plan];
    this.#now = now;
    this.#tokens = this.#plan?.burst ?? 0;
    this.#at = now();
  }

  /** Fills the bucket, as if nothing had been asked for a long time. */
  refill(): void {
    this.#tokens = this.#plan?.burst ?? 0;
  }

  /** Takes one request from the bucket. `reset` is in unix seconds: when the bucket is full again. */
  take(): { readonly allowed: boolean; readonly headers: Readonly<Record<string, string>> } {
    if (this.#plan === undefined) {
      return { allowed: true, headers: {} };
    }
    const { burst, perSecond } = this.#plan;
    const now = this.#now();
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) / 1000) * perSecond);
    this.#at = now;
    const allowed = this.#tokens >= 1;
    this.#tokens -= allowed ? 1 : 0;
    const full = now + ((allowed ? burst - this.#tokens : 1 - this.#tokens) / perSecond) * 1000;
    return {
      allowed,
      headers: {
        'x-ratelimit-limit': String(burst),
        'x-ratelimit-remaining': String(Math.floor(this.#tokens)),
        'x-ratelimit-reset': String(Math.ceil(full / 1000)),
      },
    };
  }
}
