/** Time limits of what may never end. */
import type { Clock } from './clock.ts';
import { ApiError } from './errors.ts';

/**
 * Runs `work` until it ends, its time is over or the caller gives up, whichever is first. Its own signal tells it of both.
 * @throws ApiError `late`, or `cancelled` where the caller gave up.
 */
export async function within<T>(clock: Clock, ms: number, late: ApiError, signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const cancelled = (): ApiError => new ApiError('cancelled', { method: late.method, path: late.path });
  if (signal?.aborted === true) {
    throw cancelled();
  }
  // A signal of its own for each: a shared one would keep a listener for everything ever done.
  const attempt = new AbortController();
  const done = new AbortController();
  const giveUp = (): void => attempt.abort(cancelled());
  signal?.addEventListener('abort', giveUp, { once: true });
  void clock.sleep(ms, done.signal).then(() => {
    if (!done.signal.aborted) {
      attempt.abort(late);
    }
  });
  const aborted = new Promise<never>((_resolve, reject) => {
    attempt.signal.addEventListener('abort', () => reject(attempt.signal.reason as ApiError), { once: true });
  });
  aborted.catch(() => undefined);
  try {
    return await Promise.race([work(attempt.signal), aborted]);
  } finally {
    done.abort();
    signal?.removeEventListener('abort', giveUp);
  }
}
