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
  /** Room in the tenant's rate limit, from 0 to 1. */
  readonly headroom: number;
  /** From 0 up to 1. */
  readonly random: number;
}

const FIRST_MS = 300;
const SHORTEST_MS = 800;
const LONGEST_MS = 3000;

/**
 * The pause in milliseconds. The first is short, because a build without dependencies takes under 0.4 s; one that
 * takes longer installs packages, which takes seconds, so that the next pauses are 0.8 s, then 17 % of the time gone
 * by, at most 3 s. Up to twice that where the rate limit has little room, since it is shared with logins.
 */
export function pause(facts: PauseFacts): number {
  const base = facts.looks === 0 ? FIRST_MS : Math.max(SHORTEST_MS, facts.elapsed * 0.17);
  const scarce = facts.headroom < 0.3 ? 2 - facts.headroom / 0.3 : 1;
  const jitter = 0.95 + facts.random * 0.1;
  return Math.min(LONGEST_MS, Math.max(FIRST_MS, Math.round(base * scarce * jitter)));
}
