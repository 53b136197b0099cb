/**
 * 1,000 actions with 50 versions and 20 kB of code each: what listing all of them adds to the heap, in a process of its
 * own (heapProcess.ts), and how long the first rows and the whole list take.
 */
import { startSimulator } from '../../src/simulator/index.ts';
import type { SimulatorOptions } from '../../src/simulator/index.ts';
import { rounded } from './figures.ts';
import type { Figures } from './figures.ts';
import { inProcess } from './inProcess.ts';

interface Measured {
  readonly heapBytes: number;
  readonly firstMs: number;
  readonly allMs: number;
  readonly findMs: number;
}

export async function measureHeap(): Promise<Figures> {
  const measured = (await withTenant('heapProcess.ts', { seed: '1000-actions-50-versions', plan: 'off' })) as Measured;
  return {
    'heap1000.MB': { value: rounded(measured.heapBytes / 1e6), unit: 'MB' },
    'heap1000.first.ms': { value: rounded(measured.firstMs, 0), unit: 'ms' },
    'heap1000.all.ms': { value: rounded(measured.allMs, 0), unit: 'ms' },
    'heap1000.rows.ms': { value: rounded(measured.findMs, 0), unit: 'ms' },
  };
}

/** What 1,000 deployments leave in the heap (heapDeployments.ts). */
export async function measureHeapOfDeployments(): Promise<Figures> {
  const { heapBytes } = (await withTenant('heapDeployments.ts', { seed: '20-actions', plan: 'off', buildScale: 0 })) as Pick<Measured, 'heapBytes'>;
  return { 'heap1000deployments.MB': { value: rounded(heapBytes / 1e6, 2), unit: 'MB' } };
}

/** What a process of its own printed last, which is told of a tenant with these. */
async function withTenant(file: string, options: SimulatorOptions): Promise<unknown> {
  const simulator = await startSimulator(options);
  try {
    return await inProcess(file, [simulator.url, simulator.token]);
  } finally {
    await simulator.close();
  }
}
