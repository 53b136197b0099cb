/**
 * One of so many equal shares of the fault matrix, in a process of its own (faults.ts): takes the number of the share, from 0, and how many there are, and
 * prints what it found as one line of JSON.
 */
import { judged, named, pairs, singles } from '../faults/matrix.ts';
import type { Verdict } from '../faults/matrix.ts';
import { World } from '../faults/world.ts';

/** Cases after which the tenant is a new one: what hangs in the old one is given back. */
const CASES_A_WORLD = 1000;

export interface FaultsFound {
  readonly cases: number;
  /** What was wrong with a case, in words. */
  readonly wrong: readonly string[];
  /** Why a case is unconfirmed, once for each. */
  readonly unconfirmed: readonly string[];
  /** The most that one case made. */
  readonly versions: number;
  readonly unhandled: number;
}

/** The judge has seen that no read worked, or none from some moment on; this names what kept them. */
function whyUnconfirmed({ case: { scenario, faults } }: Verdict): string {
  const after = faults.filter(({ kind, times }) => times === Number.POSITIVE_INFINITY && kind !== 'post');
  const what = after.some(({ kind }) => kind === 'afterPost') ? 'every request after the call failed for good' : `${after.map(({ kind }) => kind).join(' and ')} failed for good`;
  const later = faults.some(({ from }) => from !== undefined) ? ' from a later one on, after reads that had shown nothing final' : '';
  return `${what}${later} (${scenario}${faults.some(({ kind, times }) => kind === 'post' && times === 1) ? ', its answer lost' : ''})`;
}

async function share(number: number, of: number): Promise<FaultsFound> {
  const cases = [...singles(), ...pairs()].filter((_case, index) => index % of === number);
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
  return {
    cases: verdicts.length,
    wrong: verdicts.filter(one => one.wrong.length > 0).map(one => `${named(one.case)}: ${one.wrong.join('; ')}`),
    unconfirmed: verdicts.filter(({ outcome }) => outcome?.kind === 'unconfirmed').map(whyUnconfirmed),
    versions: Math.max(...verdicts.map(one => one.versions)),
    unhandled,
  };
}

const [number = '0', of = '1'] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await share(Number(number), Number(of)))}\n`);
