/**
 * Times as the service writes them: UTC with nine fraction digits. A Date has three, so the others are made up; no
 * two stamps are the same, and each is later than the one before.
 */
const NS_PER_MS = 1_000_000n;
/** More than a microsecond, so that times cut to six digits (modules) still differ. */
const STEP_NS = 1137n;

export class Times {
  readonly #now: () => number;
  readonly #stamped: () => number;
  #last = 0n;
  #seed = 20_260_520;

  /** @param stamped the time of day that stamps bear, where that may be another one than `now`, which goes on steadily. */
  constructor(now: () => number, stamped = now) {
    this.#now = now;
    this.#stamped = stamped;
  }

  /** Goes on steadily: for what takes time. */
  now(): number {
    return this.#now();
  }

  /** Now; later than every stamp before, and later than `after`, which may lie a little ahead. */
  stamp(after?: string): string {
    const now = BigInt(Math.floor(this.#stamped())) * NS_PER_MS + this.#digits();
    this.#last = now > this.#last + STEP_NS ? now : this.#last + STEP_NS;
    const least = after === undefined ? 0n : toNanoseconds(after) + STEP_NS;
    return toText(this.#last > least ? this.#last : least);
  }

  /** `ms` milliseconds, and a bit of one, after another stamp. */
  later(stamp: string, ms: number): string {
    return toText(toNanoseconds(stamp) + BigInt(Math.floor(ms)) * NS_PER_MS + STEP_NS + this.#digits());
  }

  /** Below a millisecond; the last digit is never a zero, which the service would leave out. */
  #digits(): bigint {
    this.#seed = (this.#seed * 1_103_515 + 12_345) % 2_147_483_648;
    const digits = this.#seed % 999_990;
    return BigInt(digits % 10 === 0 ? digits + 3 : digits);
  }
}

/** Times of modules have six digits. */
export function microseconds(stamp: string): string {
  return `${stamp.slice(0, 26)}Z`;
}

/** The later of two stamps. */
export function latest(a: string, b: string): string {
  return a > b ? a : b;
}

function toNanoseconds(stamp: string): bigint {
  return BigInt(Date.parse(`${stamp.slice(0, 23)}Z`)) * NS_PER_MS + BigInt(stamp.slice(23, -1).padEnd(6, '0'));
}

function toText(nanoseconds: bigint): string {
  return `${new Date(Number(nanoseconds / NS_PER_MS)).toISOString().slice(0, -1)}${String(nanoseconds % NS_PER_MS).padStart(6, '0')}Z`;
}
