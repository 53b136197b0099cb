/**
 * All requests of one tenant pass through its lane. It paces them by the tenant's rate limit, lets those that a
 * person waits for go first, bounds how many are under way, gives each a deadline for the whole answer (the body
 * included), repeats reads that failed in passing, and never repeats a write.
 *
 * It is the `fetch` that the vendor's SDK is given, because the SDK's own time-out stops at the headers, it follows
 * redirects even for a POST, and it takes an unreadable 200 for data.
 */
import type { Clock } from './clock.ts';
import { ApiError, PROXY_UNREACHABLE, errorOfAnswer, isApiError, isPassing } from './errors.ts';
import { asText, parseJson, asObject } from './json.ts';
import { Pace, dateOf, rateHeaders, retryAfter } from './pace.ts';
import { PATIENT_RANK, Turns, rankOf } from './turns.ts';
import type { Priority, Turn } from './turns.ts';
import { within } from './within.ts';

/** The part of an answer that the lane reads; `fetch` of Node, of browsers and of node-fetch all fit. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/** Sends one request and resolves at its headers. Must not follow redirects. */
export type Send = (url: string, init: { method: string; headers: Record<string, string>; body?: string; signal: AbortSignal }) => Promise<RawAnswer>;

/** One attempt, for the log. Never holds headers, bodies or a query. */
export interface RequestRecord {
  readonly method: string;
  readonly path: string;
  readonly status?: number;
  readonly kind?: string;
  /** Milliseconds from sending to the last byte. */
  readonly ms: number;
  /** Milliseconds spent waiting for the lane. */
  readonly queuedMs: number;
  readonly remaining?: number;
}

export interface LaneRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Default `interactive`. */
  readonly priority?: Priority;
  /** True for a read that is not repeated. */
  readonly once?: boolean;
}

/** A whole answer with a status below 300, its body known to be JSON (or empty). */
export interface LaneAnswer {
  readonly status: number;
  readonly body: string;
  /** The service's own time, in milliseconds since the epoch; whole seconds. */
  readonly date?: number;
}

export interface LaneOptions {
  readonly send: Send;
  readonly clock: Clock;
  /** From 0 up to 1; spreads repeated reads. */
  readonly random?: () => number;
  readonly onRequest?: (record: RequestRecord) => void;
  /** Deadline of one attempt, the whole body included. */
  readonly timeoutMs?: number;
  /** Requests under way at once. */
  readonly concurrency?: number;
  /** Attempts of a read, the first included. */
  readonly attempts?: number;
}

/** A write is not held back for longer than this: what it was agreed to for may have changed by then, and nobody would have looked. */
const WRITE_HELD_MS = 10_000;

export class RequestLane {
  readonly #send: Send;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #onRequest: (record: RequestRecord) => void;
  readonly #timeoutMs: number;
  readonly #concurrency: number;
  readonly #attempts: number;
  readonly #pace: Pace;
  readonly #turns = new Turns();
  #inFlight = 0;
  #timer: AbortController | undefined;

  constructor(options: LaneOptions) {
    this.#send = options.send;
    this.#clock = options.clock;
    this.#random = options.random ?? Math.random;
    this.#onRequest = options.onRequest ?? (() => undefined);
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#concurrency = options.concurrency ?? 6;
    this.#attempts = options.attempts ?? 3;
    this.#pace = new Pace(options.clock.now());
  }

  /** How much room the rate limit leaves, from 0 to 1; or will leave in `laterMs` if nothing is asked until then. */
  headroom(laterMs = 0): number {
    return this.#pace.headroom(this.#clock.now(), laterMs);
  }

  /**
   * Sends a request and resolves with its whole answer. Giving up ends a read at any time, and a write only while it
   * waits for its turn: `cancelled` means that it was not sent.
   * @throws ApiError for everything else, also for a redirect and for an answer that is no JSON.
   */
  async request(request: LaneRequest): Promise<LaneAnswer> {
    const attempts = request.method === 'GET' && request.once !== true ? this.#attempts : 1;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt(request);
      } catch (error) {
        if (attempt >= attempts || !isPassing(error)) {
          throw error;
        }
        const asked = isApiError(error) ? error.retryAfterMs : undefined;
        const growing = 250 * 2 ** (attempt - 1) * (0.75 + this.#random() / 2);
        await this.#clock.sleep(Math.min(Math.max(asked ?? 0, growing), 60_000), request.signal);
      }
    }
  }

  async #attempt(request: LaneRequest): Promise<LaneAnswer> {
    const path = pathOf(request.url);
    const about = { method: request.method, path };
    const queuedAt = this.#clock.now();
    await this.#turn(request, about);
    const sentAt = this.#clock.now();
    let status: number | undefined;
    let remaining: number | undefined;
    try {
      const answer = await this.#withDeadline(request, about, async signal => {
        const raw = await this.#send(request.url, {
          method: request.method,
          headers: request.headers,
          ...(request.body === undefined ? {} : { body: request.body }),
          signal,
        });
        status = raw.status;
        remaining = this.#learn(raw);
        return { raw, body: await raw.text() };
      });
      const result = this.#judge(about, answer.raw, answer.body);
      this.#onRequest({ ...about, status: result.status, ms: this.#clock.now() - sentAt, queuedMs: sentAt - queuedAt, ...(remaining === undefined ? {} : { remaining }) });
      return result;
    } catch (error) {
      const failure = asApiError(error, about, status);
      this.#onRequest({
        ...about,
        ...(status === undefined ? {} : { status }),
        kind: failure.kind,
        ms: this.#clock.now() - sentAt,
        queuedMs: sentAt - queuedAt,
        ...(remaining === undefined ? {} : { remaining }),
      });
      throw failure;
    } finally {
      this.#inFlight -= 1;
      this.#pump();
    }
  }

  #learn(raw: RawAnswer): number | undefined {
    const now = this.#clock.now();
    const get = (name: string): string | null => raw.headers.get(name);
    const rate = rateHeaders(get);
    if (rate !== undefined) {
      this.#pace.learn(rate, this.#inFlight - 1, now);
    }
    if (raw.status === 429) {
      this.#pace.block(retryAfter(get, now) ?? 1000, now);
    }
    return rate?.remaining;
  }

  #judge(about: { method: string; path: string }, raw: RawAnswer, body: string): LaneAnswer {
    const { status } = raw;
    if (status >= 400) {
      // Every answer tells when the bucket is full again; only one that asks to wait is a reason to.
      const asks = status === 429 || raw.headers.get('retry-after') !== null;
      const retryAfterMs = asks ? retryAfter(name => raw.headers.get(name), this.#clock.now()) : undefined;
      const serverTime = dateOf(raw.headers.get('date'));
      throw errorOfAnswer(about, status, parseJson(body), {
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        ...(serverTime === undefined ? {} : { skewMs: serverTime - this.#clock.now() }),
      });
    }
    if (status < 200 || status >= 300) {
      throw new ApiError('malformed', { ...about, status, redirectTo: hostOf(raw.headers.get('location')) });
    }
    const json = status === 204 ? {} : parseJson(body);
    if (typeof json !== 'object' || json === null) {
      throw new ApiError('malformed', { ...about, status });
    }
    const date = dateOf(raw.headers.get('date'));
    return { status, body, ...(date === undefined ? {} : { date }) };
  }

  /** Waits for a free place and for the rate limit; rejects as soon as the caller gives up, or a write would leave too late. */
  async #turn({ method, signal, priority }: LaneRequest, about: { method: string; path: string }): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const cancelled = (): void => void (this.#turns.remove(turn) && turn.refuse('cancelled'));
      const turn: Turn = {
        rank: rankOf(method, priority),
        isWrite: method !== 'GET',
        start: () => {
          signal?.removeEventListener('abort', cancelled);
          resolve();
        },
        refuse: kind => {
          signal?.removeEventListener('abort', cancelled);
          reject(new ApiError(kind, { ...about, unsent: true }));
        },
      };
      if (signal?.aborted === true) {
        turn.refuse('cancelled');
        return;
      }
      signal?.addEventListener('abort', cancelled, { once: true });
      this.#turns.add(turn);
      this.#pump();
    });
  }

  /** Starts whatever may start now, and sets one timer for the rest. */
  #pump(): void {
    this.#timer?.abort();
    this.#timer = undefined;
    if (this.#pace.blockedMs(this.#clock.now()) > WRITE_HELD_MS) {
      this.#turns.takeWrites().forEach(turn => turn.refuse('rateLimited'));
    }
    for (let turn = this.#turns.first(); turn !== undefined && this.#inFlight < this.#concurrency; turn = this.#turns.first()) {
      const wait = this.#pace.take(this.#clock.now(), turn.rank >= PATIENT_RANK);
      if (wait > 0) {
        const timer = new AbortController();
        this.#timer = timer;
        void this.#clock.sleep(wait, timer.signal).then(() => {
          if (!timer.signal.aborted) {
            this.#pump();
          }
        });
        return;
      }
      this.#inFlight += 1;
      this.#turns.startFirst();
    }
  }

  /** Runs `work` until it ends, the deadline passes or the caller gives up, whichever is first. */
  async #withDeadline<T>({ method, signal }: LaneRequest, about: { method: string; path: string }, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (signal?.aborted === true) {
      // Given up between its turn and here: nothing is sent.
      throw new ApiError('cancelled', about);
    }
    // A write that has left goes on: to break it off would only hide what it does.
    return within(this.#clock, this.#timeoutMs, new ApiError('timeout', about), method === 'GET' ? signal : undefined, work);
  }
}

/** VS Code's words where a connection to the proxy of its settings fails; the system's code does not get through. */
const NO_PROXY = /failed to establish a socket connection to proxies/iu;

/** What a rejected send means. Node's system errors and those of proxies have a code, which says more than the text. */
function asApiError(error: unknown, about: { method: string; path: string }, status?: number): ApiError {
  if (isApiError(error)) {
    return error;
  }
  const code = asText(asObject(error)['code']) ?? asText(asObject(asObject(error)['cause'])['code']);
  const known = code !== undefined ? { serviceMessage: code } : NO_PROXY.test(asText(asObject(error)['message']) ?? '') ? { serviceMessage: PROXY_UNREACHABLE } : {};
  return new ApiError('network', { ...about, ...(status === undefined ? {} : { status }), ...known, cause: error });
}

function pathOf(url: string): string {
  return /^[a-z]+:\/\/[^/]+([^?#]*)/iu.exec(url)?.[1] ?? '/';
}

function hostOf(location: string | null): string {
  return /^[a-z]+:\/\/([^/?#]+)/iu.exec(location ?? '')?.[1] ?? '';
}
