/** All faults of all requests of a deployment and of a roll back, singly and in pairs: outcomes against what the service has. */
import { availableParallelism } from 'node:os';
import type { FaultsFound } from './faultsProcess.ts';
import type { Figures } from './figures.ts';
import { inProcess } from './inProcess.ts';

/** For one share: a slow machine with a single core takes half an hour for all. */
const LONGEST_MS = 60 * 60_000;

/** Nothing here is a time, so that all cores may take their share. */
export async function measureFaults(): Promise<Figures> {
  const shares = availableParallelism();
  const found = await Promise.all(Array.from({ length: shares }, async (_, number) => (await inProcess('faultsProcess.ts', [String(number), String(shares)], LONGEST_MS)) as FaultsFound));
  for (const one of found.flatMap(({ wrong }) => wrong)) {
    process.stderr.write(`not so: ${one}\n`);
  }
  const unconfirmed = found.flatMap(one => one.unconfirmed);
  for (const [reason, count] of counted(unconfirmed)) {
    process.stderr.write(`unconfirmed: ${count} where ${reason}\n`);
  }
  const sum = (of: (one: FaultsFound) => number): number => found.reduce((total, one) => total + of(one), 0);
  return {
    'faults.cases': { value: sum(one => one.cases), unit: 'cases' },
    'faults.unconfirmed': { value: unconfirmed.length, unit: 'cases' },
    'faults.false': { value: sum(one => one.wrong.length), unit: 'outcomes' },
    'faults.versions': { value: Math.max(...found.map(one => one.versions)), unit: 'versions' },
    'faults.unhandled': { value: sum(one => one.unhandled), unit: 'rejections' },
  };
}

function counted(items: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    counts.set(item, (counts.get(item) ?? 0) + 1);
  }
  return counts;
}
