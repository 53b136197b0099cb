/**
 * Time that passes at once when nothing real is going on. Requests over real HTTP are real work: while one is under way,
 * nobody's timer fires. One that waits on the other side, because of a fault, is not.
 */
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../src/auth0/clock.ts';
import type { Send } from '../../src/auth0/requestLane.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** By this header the two sides of a request know each other. */
const ID_HEADER = 'x-case-request';
/** Turns of the event loop in which what an answer sets off comes to rest. */
const IDLE_TURNS = 6;
/** Real milliseconds after which a request that neither ends nor waits is a mistake of the test. */
const STUCK_MS = 20_000;

const START = Date.parse('2026-05-20T12:00:00Z');

export class VirtualTime {
  #now = START;
  /** How far the client's clock is from the service's. */
  #skewMs = 0;
  #count = 0;
  readonly #sleepers = new Set<Sleeper>();
  readonly #underWay = new Set<string>();
  readonly #waiting = new Set<string>();

  /** The service's clock. */
  readonly now = (): number => this.#now;

  /** The client's clock. */
  readonly clock: Clock = {
    now: () => this.#now + this.#skewMs,
    steady: () => this.#now,
    sleep: (ms, signal) => this.#sleep(ms, signal),
  };

  /** Sets the client's clock. */
  skew(ms: number): void {
    this.#skewMs = ms;
  }

  /** How the simulator waits. */
  readonly wait = async (ms: number, request: IncomingMessage): Promise<void> => {
    const id = String(request.headers[ID_HEADER]);
    this.#waiting.add(id);
    await (ms === Number.POSITIVE_INFINITY ? new Promise<void>(() => undefined) : this.#sleep(ms));
    this.#waiting.delete(id);
  };

  /** A send whose requests are counted as under way until their body is there, or they end. */
  counted(send: Send): Send {
    return async (url, init) => {
      this.#count += 1;
      const id = String(this.#count);
      this.#underWay.add(id);
      const end = (): void => {
        this.#underWay.delete(id);
        this.#waiting.delete(id);
      };
      try {
        const answer = await send(url, { ...init, headers: { ...init.headers, [ID_HEADER]: id } });
        return { status: answer.status, headers: answer.headers, text: () => answer.text().finally(end) };
      } catch (error) {
        end();
        throw error;
      }
    };
  }

  /** Lets time pass until `work` has ended. */
  async run<T>(work: Promise<T>): Promise<T> {
    const state = { ended: false };
    const end = (): void => void (state.ended = true);
    const isOver = (): boolean => state.ended;
    work.then(end, end);
    let movedAt = performance.now();
    while (!isOver()) {
      for (let turn = 0; turn < IDLE_TURNS; turn += 1) {
        await new Promise(resolve => void setImmediate(resolve));
      }
      if (!isOver() && this.#isIdle() && this.#step()) {
        movedAt = performance.now();
      } else if (performance.now() - movedAt > STUCK_MS) {
        throw new Error('Nothing has happened for a long time: a request is lost.');
      }
    }
    return work;
  }

  /** Lets `ms` milliseconds pass, with whatever waits for them. */
  async pass(ms: number): Promise<void> {
    await this.run(this.#sleep(ms));
  }

  #isIdle(): boolean {
    return [...this.#underWay].every(id => this.#waiting.has(id));
  }

  /** On to whoever sleeps the shortest; false where nobody does. */
  #step(): boolean {
    let next: Sleeper | undefined;
    for (const one of this.#sleepers) {
      next = next === undefined || one.at < next.at ? one : next;
    }
    if (next === undefined) {
      return false;
    }
    this.#now = Math.max(this.#now, next.at);
    next.wake();
    return true;
  }

  #sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) {
      return Promise.resolve();
    }
    return new Promise(resolve => {
      const wake = (): void => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper: Sleeper = { at: this.#now + Math.max(0, ms), wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }
}
