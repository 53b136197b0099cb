/** `api.cache` of a run on this machine, with the limits that the service documents. It begins empty with each run. */
import type { LimitMet } from './localRun.ts';

/** By the service's documentation; bytes and milliseconds. */
const MOST_ENTRIES = 20;
const LONGEST_KEY = 64;
const LARGEST_VALUE = 4096;
const LARGEST_CACHE = 8192;
const LONGEST_LIFE = 24 * 3600_000;
const USUAL_LIFE = 15 * 60_000;

interface Entry {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly expires_at: number;
}

export type CacheAnswer = { readonly type: 'success'; readonly record?: Entry } | { readonly type: 'error'; readonly code: string };

export class LocalCache {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;
  readonly #onLimit: (limit: LimitMet) => void;

  /** `onLimit` hears of each write that is refused for its size. */
  constructor(now: () => number, onLimit: (limit: LimitMet) => void) {
    this.#now = now;
    this.#onLimit = onLimit;
  }

  get(key: unknown): Entry | undefined {
    this.#forget();
    const found = this.#entries.get(String(key));
    return found === undefined ? undefined : { ...found };
  }

  set(key: unknown, value: unknown, options: unknown): CacheAnswer {
    this.#forget();
    if (typeof key !== 'string' || typeof value !== 'string') {
      return refused('FailedToSetCacheRecord');
    }
    const end = this.#end(typeof options === 'object' && options !== null ? options : {});
    if (end === undefined || end <= this.#now()) {
      return refused(end === undefined ? 'InvalidExpiry' : 'ItemAlreadyExpired');
    }
    const others = [...this.#entries].filter(([name]) => name !== key);
    const tooMuch = this.#limit(key, value, others);
    if (tooMuch !== undefined) {
      this.#onLimit({ kind: tooMuch.kind, key });
      return refused(tooMuch.code);
    }
    const record = { value, expires_at: end };
    this.#entries.set(key, record);
    return { type: 'success', record: { ...record } };
  }

  delete(key: unknown): CacheAnswer {
    this.#forget();
    return this.#entries.delete(String(key)) ? { type: 'success' } : refused('CacheKeyDoesNotExist');
  }

  #limit(key: string, value: string, others: readonly (readonly [string, Entry])[]): { readonly kind: 'cacheEntries' | 'cacheSize'; readonly code: string } | undefined {
    if (bytes(key) > LONGEST_KEY) {
      return { kind: 'cacheSize', code: 'CacheKeySizeExceeded' };
    }
    if (bytes(value) > LARGEST_VALUE) {
      return { kind: 'cacheSize', code: 'CacheValueSizeExceeded' };
    }
    if (others.length >= MOST_ENTRIES) {
      return { kind: 'cacheEntries', code: 'CacheSizeExceeded' };
    }
    const whole = others.reduce((sum, [name, entry]) => sum + bytes(name) + bytes(entry.value), bytes(key) + bytes(value));
    return whole > LARGEST_CACHE ? { kind: 'cacheSize', code: 'CacheSizeExceeded' } : undefined;
  }

  /** When an entry ends, by the earlier of both options; nothing for options that are none. */
  #end(options: { readonly ttl?: unknown; readonly expires_at?: unknown }): number | undefined {
    const { ttl, expires_at: at } = options;
    if (![ttl, at].every(one => one === undefined || (typeof one === 'number' && Number.isFinite(one)))) {
      return undefined;
    }
    const now = this.#now();
    const ends = [...(typeof ttl === 'number' ? [now + ttl] : []), ...(typeof at === 'number' ? [at] : [])];
    return Math.min(now + LONGEST_LIFE, ...(ends.length === 0 ? [now + USUAL_LIFE] : ends));
  }

  #forget(): void {
    for (const [key, entry] of this.#entries) {
      if (entry.expires_at <= this.#now()) {
        this.#entries.delete(key);
      }
    }
  }
}

function refused(code: string): CacheAnswer {
  return { type: 'error', code };
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}
