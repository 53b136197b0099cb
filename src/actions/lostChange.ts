/** Finding out what became of a write whose answer was lost. It is never sent again. */
import type { Clock } from '../auth0/clock.ts';
import { isApiError } from '../auth0/errors.ts';
import { pause } from './pauses.ts';

/** A call whose connection broke, or whose answer was unreadable, had no effect if it has shown none for this long. */
export const LOST_CALL_MS = 10_000;
/** The same for one that somebody on the way may still hold, and pass on. */
const HELD_CALL_MS = 60_000;

/**
 * How long a call whose answer was lost may still take effect, in milliseconds: one that was given up on the way, here or
 * by a gateway, may be done much later by whoever has it; and of one that is looked up nobody knows how it was lost. An
 * error 500 is the service's own word.
 */
export function actsWithinMs(lost: unknown): number {
  const isHeld = !isApiError(lost) || lost.kind === 'timeout' || (lost.kind === 'server' && lost.status !== 500);
  return isHeld ? HELD_CALL_MS : LOST_CALL_MS;
}

/**
 * Calls `look` until it returns something, with growing pauses; `late` is true once the call can have no effect any more,
 * and it must return something then. `lost` is why there is no answer, `undefined` where there was one that did not show
 * the change.
 */
export async function untilClear<T>(clock: Clock, lost: unknown, look: (late: boolean) => Promise<T | undefined>): Promise<T> {
  const ms = lost === undefined ? LOST_CALL_MS : actsWithinMs(lost);
  // Counted by the pauses alone: a clock that leaps must not make a call look as if it had had its time.
  let waited = 0;
  for (let looks = 0; ; looks += 1) {
    const found = await look(waited >= ms);
    if (found !== undefined) {
      return found;
    }
    const next = pause({ elapsed: waited, looks, headroom: () => 1, random: 0.5 });
    await clock.sleep(next);
    waited += next;
  }
}
