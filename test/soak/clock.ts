/**
 * A clock for real HTTP that costs no waiting: it stands still while anything is under way and then jumps to whoever
 * sleeps the shortest. The simulated tenants run by the same clock, so that hours go by in seconds, and a run is the
 * same again whatever else the machine is doing.
 */
import type { Clock } from '../../src/auth0/clock.ts';

/** Turns of the event loop without anything new after which nothing is going on: both ends of each connection are in this process. */
const IDLE_TURNS = 8;
/** The same while an answer is due, which may then never come. */
const DUE_TURNS = 60;
/** Whatever is under way on this machine comes sooner than this. */
const DUE_MS = 8;

interface Sleeper {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

export class SoakClock implements Clock {
  readonly #sleepers = new Set<Sleeper>();
  readonly #resting: (() => void)[] = [];
  #now = Date.parse('2026-05-20T12:00:00Z');
  #order = 0;
  /** Answers that are due. */
  #due = 0;
  /** Counts whatever happens. */
  #events = 0;
  #driving = false;

  now(): number {
    return this.#now;
  }

  /** Waits that nobody has ended. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.#events += 1;
    if (signal?.aborted === true) {
      return Promise.resolve();
    }
    return new Promise(resolve => {
      const end = (): void => {
        signal?.removeEventListener('abort', end);
        this.#sleepers.delete(sleeper);
        this.#events += 1;
        resolve();
      };
      this.#order += 1;
      const sleeper: Sleeper = { at: this.#now + Math.max(0, Math.ceil(ms)), order: this.#order, wake: end };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', end, { once: true });
      void this.#drive();
    });
  }

  /** Counts a request as under way until the returned function is called. */
  busy(): () => void {
    this.#due += 1;
    this.#events += 1;
    let open = true;
    return () => {
      if (open) {
        open = false;
        this.#due -= 1;
        this.#events += 1;
      }
    };
  }

  /** Resolves once nobody sleeps and nothing is under way. */
  rest(): Promise<void> {
    return new Promise(resolve => {
      this.#resting.push(resolve);
      void this.#drive();
    });
  }

  async #drive(): Promise<void> {
    if (this.#driving) {
      return;
    }
    this.#driving = true;
    for (;;) {
      await this.#quiet();
      let next: Sleeper | undefined;
      for (const one of this.#sleepers) {
        if (next === undefined || one.at < next.at || (one.at === next.at && one.order < next.order)) {
          next = one;
        }
      }
      if (next === undefined) {
        break;
      }
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
    this.#driving = false;
    for (const resolve of this.#resting.splice(0)) {
      resolve();
    }
  }

  async #quiet(): Promise<void> {
    let seen = this.#events;
    let since = performance.now();
    for (let turns = 0; this.#due === 0 ? turns < IDLE_TURNS : turns < DUE_TURNS || performance.now() - since < DUE_MS; turns += 1) {
      await new Promise(resolve => void setImmediate(resolve));
      if (seen !== this.#events) {
        seen = this.#events;
        turns = 0;
        since = performance.now();
      }
    }
  }
}
