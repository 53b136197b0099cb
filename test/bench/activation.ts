/** Loading the main bundle and `activate()`, measured inside a real extension host by activationHost.ts. */
import { median, rounded } from './figures.ts';
import type { Figures } from './figures.ts';
import { measureInHost } from './inHost.ts';

interface Measured {
  readonly load: readonly number[];
  readonly activate: readonly number[];
}

export async function measureActivation(): Promise<Figures> {
  const measured = await measureInHost('activationHost') as Measured;
  return {
    'load.ms': { value: rounded(median(measured.load), 2), unit: 'ms' },
    'activate.ms': { value: rounded(median(measured.activate), 2), unit: 'ms' },
    'load.first.ms': { value: rounded(measured.load[0] ?? 0, 2), unit: 'ms' },
    'activate.first.ms': { value: rounded(measured.activate[0] ?? 0, 2), unit: 'ms' },
  };
}
