/** How long to wait between two looks at something that the service is still working on, and for how long in all. */
import type { Clock } from '../auth0/clock.ts';

/** Longer than a look can take, with every request repeated and held back by the rate limit: the machine slept, or its clock was set. */
const LEAP_MS = 20 * 60_000;
/** What a leap counts: a deployment looks several times more before it gives up. */
const LEAP_COUNTS_MS = 10_000;

/**
 * Begins to measure, and returns what has gone by since then, in milliseconds: as the clock says, but for leaps of it.
 * Deadlines hold so where the clock is set back, and a machine that wakes up does not give up at once.
 */
export function stopwatch(clock: Clock): () => number {
  let last = clock.now();
  let sum = 0;
  return () => {
    const now = clock.now();
    const step = now - last;
    sum += step > LEAP_MS ? LEAP_COUNTS_MS : Math.max(0, step);
    last = now;
    return sum;
  };
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
