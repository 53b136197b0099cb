/** Judges what is left over in memory: what grows with use alone will fill it one day. */
import type { Look } from './run.ts';

/** Beyond this the heap has not stayed as it was. Versions and lists have filled up by the first looks. */
const MOST_GROWTH_MB = 4;

export interface Memory {
  /** From the look after the warming up to the last. */
  readonly growthMB: number;
  readonly listeners: number;
  readonly wrong: readonly string[];
}

/** The first third is for warming up, and has all the reloads: the window that is there then stays to the end. */
export function judgeMemory(looks: readonly Look[]): Memory {
  const first = looks[Math.floor(looks.length / 3)];
  const last = looks.at(-1);
  if (first === undefined || last === undefined) {
    return { growthMB: 0, listeners: 0, wrong: ['nobody has looked at the memory'] };
  }
  const growthMB = (last.heapBytes - first.heapBytes) / 1e6;
  const listeners = last.listeners - first.listeners;
  return {
    growthMB,
    listeners,
    wrong: [
      ...(growthMB > MOST_GROWTH_MB ? [`the heap has grown by ${growthMB.toFixed(1)} MB`] : []),
      ...(listeners > 0 ? [`${listeners} listeners were never let go`] : []),
      ...looks.filter(look => look.sleepers > 0).map(look => `${look.sleepers} waits were left over at step ${look.steps}`),
      ...(last.timers > first.timers + 5 ? [`${last.timers - first.timers} timers were never let go`] : []),
      ...(last.oldWindows > 1 ? [`${last.oldWindows} windows that were disposed of are still in memory`] : []),
    ],
  };
}
