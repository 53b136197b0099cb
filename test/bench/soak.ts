/** The long soak in a process of its own: steps, what was told and is not so, growth of the heap after the warming up. */
import { join } from 'node:path';
import { runNode } from '../../scripts/lib/processes.ts';
import type { Figures } from './figures.ts';
import { STUB } from './inProcess.ts';

const SEED = '20260101';

export async function measureSoak(): Promise<Figures> {
  const { output } = await runNode(['--expose-gc', '--import', STUB, join(import.meta.dirname, '..', 'soak', 'main.ts'), '--seed', SEED, '--json'], { capture: true, timeoutMs: 15 * 60_000 });
  const last = output.trim().split('\n').find(line => line.startsWith('{"soak.'));
  if (last === undefined) {
    throw new Error(`the soak ended without a result:\n${output}`);
  }
  // What is wrong is said by `npm run soak`; here it is a figure like any other.
  process.stderr.write(output.split('\n').filter(line => line.startsWith('wrong: ')).map(line => `${line}\n`).join(''));
  return JSON.parse(last) as Figures;
}
