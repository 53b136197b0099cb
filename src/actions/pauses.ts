/** How long to wait between two looks at something that the service is still working on, and for how long in all. */
import type { Clock } from '../auth0/clock.ts';

/** Longer than a read can take, with every request repeated and held back by the rate limit: the machine slept, or its clock was set. */
const LEAP_MS = 20 * 60_000;
/** The same where reads have their own limit, and the time is looked at between them. */
const LEAP_OF_READ_MS = 100_000;
/** What a leap counts. */
const LEAP_COUNTS_MS = 10_000;
/** Looks that begin after a deadline before it counts: a short sleep of the machine may have brought it about. */
const LATE_LOOKS = 3;
/** How long a read may go on after a deadline, and how long those looks may take. */
const LATE_MS = 10_000;
/** A read that begins at its last moment still has a chance. */
const LEAST_READ_MS = 1000;

/**
 * Begins to measure, and returns what has gone by since then, in milliseconds: as a steady clock says, or else the time of
 * day, but for leaps. So a clock that is set moves no deadline, and a machine that wakes up does not give up at once.
 */
export function stopwatch(clock: Clock, leapMs = LEAP_MS): () => number {
  const read = (): number => clock.steady?.() ?? clock.now();
  let last = read();
  let sum = 0;
  return () => {
    const now = read();
    const step = now - last;
    sum += step > leapMs ? LEAP_COUNTS_MS : Math.max(0, step);
    last = now;
    return sum;
  };
}

/**
 * Until when something is looked at again and again. That its time has passed never ends it alone: it is looked at a few
 * times more. What is under way when it passes is given up soon after, so that everything ends within half a minute of it.
 */
export class Deadline {
  /** Milliseconds since the waiting began, as a stopwatch has them. */
  readonly elapsed: () => number;
  #at: number;
  /** When it was first seen to have passed. */
  #passedAt: number | undefined;
  #lateLooks = 0;

  constructor(clock: Clock, ms: number) {
    this.elapsed = stopwatch(clock, LEAP_OF_READ_MS);
    this.#at = ms;
  }

  /** Milliseconds from the beginning. */
  get at(): number {
    return this.#at;
  }

  /** Moves it to so many milliseconds from the beginning. */
  move(at: number): void {
    if (at !== this.#at) {
      this.#at = at;
      this.#passedAt = undefined;
      this.#lateLooks = 0;
    }
  }

  /** True once it has passed, however few looks were made since. */
  get hasPassed(): boolean {
    const elapsed = this.elapsed();
    this.#passedAt ??= elapsed >= this.#at ? elapsed : undefined;
    return this.#passedAt !== undefined;
  }

  /** Milliseconds that a read which begins now may take. */
  get readMs(): number {
    const until = this.hasPassed ? (this.#passedAt ?? 0) : this.#at;
    return Math.max(until + LATE_MS - this.elapsed(), LEAST_READ_MS);
  }

  /** To be asked once after each look: whether that was the last one. */
  isOver(): boolean {
    this.#lateLooks += this.#passedAt === undefined ? 0 : 1;
    return this.hasPassed && (this.#lateLooks >= LATE_LOOKS || (this.#lateLooks > 0 && this.elapsed() - (this.#passedAt ?? 0) >= LATE_MS));
  }
}

export interface PauseFacts {
  /** Milliseconds since the waiting began. */
  readonly elapsed: number;
  /** Looks so far. */
  readonly looks: number;
  /** Room in the tenant's rate limit, from 0 to 1, in so many milliseconds. */
  readonly headroom: (laterMs: number) => number;
  /** From 0 up to 1. */
  readonly random: number;
  /** Milliseconds before the first look; the pause doubles from there. */
  readonly first?: number;
  /** Pauses grow to this part of the time gone by. */
  readonly growth?: number;
}

/** A build without dependencies takes under 0.4 s. */
const FIRST_MS = 300;
const STEADY_MS = 700;
/** What takes longer than this is rare: it may cost a few more looks. */
const LONG_MS = 10_000;
const STEADY_LONG_MS = 450;
const LONGEST_MS = 3000;
const GROWTH = 0.015;
/** Below this part of the bucket somebody else uses it too. */
const AMPLE = 0.8;
/** Times as long where there is no room at all. */
const SCARCE = 4;

/**
 * The pause in milliseconds: doubling to 0.7 s, 0.45 s from ten seconds on, 1.5 % of the time gone by after half a
 * minute, 3 s at most. Up to four times as long as others use the tenant's rate limit too, since it is shared with logins;
 * what counts is the room there will be when the pause ends.
 */
export function pause({ elapsed, looks, headroom, random, first = FIRST_MS, growth = GROWTH }: PauseFacts): number {
  const steady = Math.max(elapsed < LONG_MS ? STEADY_MS : STEADY_LONG_MS, elapsed * growth);
  const base = Math.min(first * 2 ** looks, steady, LONGEST_MS);
  const scarcity = Math.max(0, 1 - headroom(base) / AMPLE);
  const jitter = 0.95 + random * 0.1;
  return Math.min(LONGEST_MS, Math.round(base * jitter * (1 + (SCARCE - 1) * scarcity)));
}
