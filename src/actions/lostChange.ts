/** Finding out what became of a write whose answer was lost. It is never sent again. */
import type { Clock } from '../auth0/clock.ts';
import { pause } from './pauses.ts';

/** A lost change that has shown no effect for this many milliseconds had none: the service may act after it has stopped answering. */
export const LOST_CHANGE_MS = 10_000;

/** Calls `look` until it returns something, with growing pauses; `late` is true once `ms` have gone by, and it must return something then. */
export async function untilClear<T>(clock: Clock, ms: number, look: (late: boolean) => Promise<T | undefined>): Promise<T> {
  const begun = clock.now();
  for (let looks = 0; ; looks += 1) {
    const found = await look(clock.now() - begun >= ms);
    if (found !== undefined) {
      return found;
    }
    await clock.sleep(pause({ elapsed: clock.now() - begun, looks, headroom: () => 1, random: 0.5 }));
  }
}
