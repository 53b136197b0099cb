/** A clock that runs many times as fast as the machine's, for what waits by rules and not for the service. */
import type { Clock } from '../../src/auth0/clock.ts';

export function fastClock(speed: number): Clock {
  return {
    now: () => performance.now() * speed,
    sleep: (ms, signal) => new Promise(resolve => {
      const timer = setTimeout(resolve, ms / speed);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    }),
  };
}
