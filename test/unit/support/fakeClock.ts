/**
 * A clock without real time. Sleepers wake in the order of their times, as soon as nothing else is going on: waiting
 * advances the clock, deterministically. With `auto: false` only `advance` does.
 */
import type { Clock } from '../../../src/auth0/clock.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Turns of the event loop that count as "nothing else is going on": bodies of real `Response` objects take a few. */
const IDLE_TURNS = 4;

export const START = Date.parse('2026-05-20T12:00:00Z');

export class FakeClock implements Clock {
  /** Every pause asked for, in milliseconds. */
  readonly pauses: number[] = [];
  /** Runs before each step of the clock. */
  onStep: (() => void) | undefined;
  readonly #auto: boolean;
  readonly #sleepers: Sleeper[] = [];
  #elapsed = 0;
  #offset = START;
  #driving = false;

  constructor(options: { auto?: boolean } = {}) {
    this.#auto = options.auto ?? true;
  }

  now(): number {
    return this.#offset + this.#elapsed;
  }

  /** Milliseconds that went by, whatever `set` said. */
  get elapsed(): number {
    return this.#elapsed;
  }

  get sleeping(): number {
    return this.#sleepers.length;
  }

  /** Sets the time of day, as a person or a time server would: sleepers do not notice. */
  set(now: number): void {
    this.#offset = now - this.#elapsed;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.pauses.push(ms);
    if (signal?.aborted === true) {
      return Promise.resolve();
    }
    return new Promise(resolve => {
      const end = (): void => {
        signal?.removeEventListener('abort', end);
        const index = this.#sleepers.indexOf(sleeper);
        if (index >= 0) {
          this.#sleepers.splice(index, 1);
        }
        resolve();
      };
      const sleeper: Sleeper = { at: this.#elapsed + Math.max(0, ms), wake: end };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', end, { once: true });
      if (this.#auto) {
        void this.#drive();
      }
    });
  }

  /** Lets `ms` milliseconds go by, waking sleepers on the way. */
  async advance(ms: number): Promise<void> {
    const until = this.#elapsed + ms;
    await settled();
    while (this.#step(until)) {
      await settled();
    }
    this.#elapsed = until;
    await settled();
  }

  async #drive(): Promise<void> {
    if (this.#driving) {
      return;
    }
    this.#driving = true;
    await settled();
    while (this.#step(Number.POSITIVE_INFINITY)) {
      await settled();
    }
    this.#driving = false;
  }

  #step(until: number): boolean {
    const next = this.#sleepers.reduce<Sleeper | undefined>((first, one) => (first === undefined || one.at < first.at ? one : first), undefined);
    if (next === undefined || next.at > until) {
      return false;
    }
    this.#elapsed = Math.max(this.#elapsed, next.at);
    this.onStep?.();
    next.wake();
    return true;
  }
}

/** Resolves once everything that needs no time has happened. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < IDLE_TURNS; turn += 1) {
    await new Promise(resolve => void setImmediate(resolve));
  }
}
