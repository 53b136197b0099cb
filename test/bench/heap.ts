/**
 * 1,000 actions with 50 versions and 20 kB of code each: what listing all of them adds to the heap, in a process of its
 * own (heapProcess.ts), and how long the first rows and the whole list take.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runNode } from '../../scripts/lib/processes.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import type { SimulatorOptions } from '../../src/simulator/index.ts';
import { rounded } from './figures.ts';
import type { Figures } from './figures.ts';

/** Registered first: what is measured outside VS Code still draws with its l10n. */
const STUB = pathToFileURL(join(import.meta.dirname, '..', 'support', 'vscodeStub.ts')).href;

interface Measured {
  readonly heapBytes: number;
  readonly firstMs: number;
  readonly allMs: number;
  readonly findMs: number;
}

export async function measureHeap(): Promise<Figures> {
  const measured = (await inProcess('heapProcess.ts', { seed: '1000-actions-50-versions', plan: 'off' })) as Measured;
  return {
    'heap1000.MB': { value: rounded(measured.heapBytes / 1e6), unit: 'MB' },
    'heap1000.first.ms': { value: rounded(measured.firstMs, 0), unit: 'ms' },
    'heap1000.all.ms': { value: rounded(measured.allMs, 0), unit: 'ms' },
    'heap1000.rows.ms': { value: rounded(measured.findMs, 0), unit: 'ms' },
  };
}

/** What 1,000 deployments leave in the heap (heapDeployments.ts). */
export async function measureHeapOfDeployments(): Promise<Figures> {
  const { heapBytes } = (await inProcess('heapDeployments.ts', { seed: '20-actions', plan: 'off', buildScale: 0 })) as Pick<Measured, 'heapBytes'>;
  return { 'heap1000deployments.MB': { value: rounded(heapBytes / 1e6, 2), unit: 'MB' } };
}

/** What a process of its own printed last. */
async function inProcess(file: string, options: SimulatorOptions): Promise<unknown> {
  const simulator = await startSimulator(options);
  try {
    const { code, output } = await runNode(['--expose-gc', '--import', STUB, join(import.meta.dirname, file), simulator.url, simulator.token], { capture: true, timeoutMs: 240_000 });
    if (code !== 0) {
      throw new Error(`the measured process failed:\n${output}`);
    }
    return JSON.parse(output.trim().split('\n').at(-1) ?? '');
  } finally {
    await simulator.close();
  }
}
