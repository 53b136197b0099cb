/** All faults of all requests of a deployment and of a roll back, singly and in pairs: outcomes against what the service has. */
import { judged, named, pairs, singles } from '../faults/matrix.ts';
import type { Verdict } from '../faults/matrix.ts';
import { World } from '../faults/world.ts';
import type { Figures } from './figures.ts';

/** Cases after which the tenant is a new one: what hangs in the old one is given back. */
const CASES_A_WORLD = 1000;

export async function measureFaults(): Promise<Figures> {
  const cases = [...singles(), ...pairs()];
  const verdicts: Verdict[] = [];
  let unhandled = 0;
  for (let from = 0; from < cases.length; from += CASES_A_WORLD) {
    const world = await World.open();
    try {
      for (const one of cases.slice(from, from + CASES_A_WORLD)) {
        verdicts.push(await judged(world, one));
      }
    } finally {
      await world.close();
    }
    unhandled += world.unhandled.length;
  }
  const wrong = verdicts.filter(one => one.wrong.length > 0);
  for (const one of wrong) {
    process.stderr.write(`not so: ${named(one.case)}: ${one.wrong.join('; ')}\n`);
  }
  const unconfirmed = verdicts.filter(({ outcome }) => outcome?.kind === 'unconfirmed');
  for (const [reason, count] of counted(unconfirmed.map(whyUnconfirmed))) {
    process.stderr.write(`unconfirmed: ${count} where ${reason}\n`);
  }
  return {
    'faults.cases': { value: verdicts.length, unit: 'cases' },
    'faults.unconfirmed': { value: unconfirmed.length, unit: 'cases' },
    'faults.false': { value: wrong.length, unit: 'outcomes' },
    'faults.versions': { value: Math.max(...verdicts.map(one => one.versions)), unit: 'versions' },
    'faults.unhandled': { value: unhandled, unit: 'rejections' },
  };
}

/** The judge has seen that no read worked; this names what kept them. */
function whyUnconfirmed({ case: { scenario, faults } }: Verdict): string {
  const after = faults.filter(({ kind, times }) => times === Number.POSITIVE_INFINITY && kind !== 'post');
  const what = after.some(({ kind }) => kind === 'afterPost') ? 'every request after the call failed for good' : `${after.map(({ kind }) => kind).join(' and ')} failed for good`;
  return `${what} (${scenario}${faults.some(({ kind, times }) => kind === 'post' && times === 1) ? ', its answer lost' : ''})`;
}

function counted(items: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    counts.set(item, (counts.get(item) ?? 0) + 1);
  }
  return counts;
}
