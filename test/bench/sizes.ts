/** Sizes of what is shipped, in kB of 1,000 bytes. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { packageExtension } from '../../scripts/lib/package.ts';
import { distFolder } from '../../scripts/lib/project.ts';
import { rounded } from './figures.ts';
import type { Figures } from './figures.ts';

export async function measureSizes(): Promise<Figures> {
  const { file } = await packageExtension();
  const kB = (path: string): { value: number; unit: string } => ({ value: rounded(statSync(path).size / 1000), unit: 'kB' });
  return {
    'bundle.main.kB': kB(join(distFolder, 'extension.cjs')),
    'bundle.network.kB': kB(join(distFolder, 'network.cjs')),
    'bundle.checks.kB': kB(join(distFolder, 'checks.cjs')),
    'bundle.simulator.kB': kB(join(distFolder, 'simulator.cjs')),
    'bundle.history.kB': kB(join(distFolder, 'history.cjs')),
    'bundle.language.kB': kB(join(distFolder, 'language.cjs')),
    'bundle.many.kB': kB(join(distFolder, 'many.cjs')),
    'bundle.local.kB': kB(join(distFolder, 'local.cjs')),
    'vsix.kB': kB(file),
  };
}
