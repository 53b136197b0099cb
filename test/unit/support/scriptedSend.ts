/** A `Send` that answers from a script, and remembers what was sent. */
import type { RawAnswer, Send } from '../../../src/auth0/requestLane.ts';

export interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
  readonly signal: AbortSignal;
}

/** An answer; an error that `send` rejects with; or what never comes. */
export type Scripted = RawAnswer | Error | 'hang';

export interface ScriptedSend {
  readonly send: Send;
  readonly sent: Sent[];
}

/** The last entry is repeated once the script is over. */
export function scripted(...script: (Scripted | ((sent: Sent) => Scripted | Promise<Scripted>))[]): ScriptedSend {
  const sent: Sent[] = [];
  return {
    sent,
    send: async (url, init) => {
      const request: Sent = { url, method: init.method, headers: init.headers, body: init.body, signal: init.signal };
      const entry = script[Math.min(sent.length, script.length - 1)];
      sent.push(request);
      const answer = typeof entry === 'function' ? await entry(request) : entry;
      if (answer === undefined || answer === 'hang') {
        return untilAborted<RawAnswer>(init.signal);
      }
      if (answer instanceof Error) {
        throw answer;
      }
      return answer;
    },
  };
}

/** Rejects as a `fetch` does when its signal aborts. */
export function untilAborted<T>(signal: AbortSignal): Promise<T> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new DOMException('This operation was aborted', 'AbortError')), { once: true });
  });
}

/** An answer with a text or a value as JSON. */
export function answer(status: number, body: unknown = {}, headers: Readonly<Record<string, string>> = {}): RawAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { status, headers: { get: name => lower.get(name.toLowerCase()) ?? null }, text: () => Promise.resolve(text) };
}

/** Headers of the rate limit; `reset` in seconds since the epoch. */
export function rate(limit: number, remaining: number, reset?: number): Record<string, string> {
  return { 'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': String(remaining), ...(reset === undefined ? {} : { 'x-ratelimit-reset': String(reset) }) };
}

/** The same answer, but its body never comes, whatever the signal says. */
export function bodyless(status: number, headers: Readonly<Record<string, string>> = {}): RawAnswer {
  return { ...answer(status, {}, headers), text: () => new Promise(() => undefined) };
}

/** A connection that broke, as Node says it. */
export function broken(code = 'ECONNRESET'): Error {
  return Object.assign(new Error(`socket hang up ${code}`), { code });
}
