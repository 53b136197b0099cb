/** Loading the main bundle and `activate()`, measured inside a real extension host by activationHost.ts. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { runTests } from '@vscode/test-electron';
import { buildExtension } from '../../scripts/lib/bundles.ts';
import { distFolder, root } from '../../scripts/lib/project.ts';
import { installWorkbench, resolveVersion } from '../workbench/install.ts';
import { median, rounded } from './figures.ts';
import type { Figures } from './figures.ts';

interface Measured {
  readonly load: readonly number[];
  readonly activate: readonly number[];
}

export async function measureActivation(): Promise<Figures> {
  await buildExtension('production');
  const tests = join(distFolder, 'test', 'activation.cjs');
  await esbuild.build({ entryPoints: [join(import.meta.dirname, 'activationHost.ts')], outfile: tests, bundle: true, platform: 'node', format: 'cjs', external: ['vscode'], logLevel: 'warning' });
  const version = resolveVersion(undefined);
  await installWorkbench(version);
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
  const result = join(scratch, 'measured.json');
  try {
    await runTests({
      vscodeExecutablePath: join(root, 'test', 'workbench', process.platform === 'win32' ? 'launch.cmd' : 'launch.mjs'),
      extensionDevelopmentPath: root,
      extensionTestsPath: tests,
      launchArgs: [scratch],
      extensionTestsEnv: { AUTH0_ACTIONS_WORKBENCH: version, AUTH0_ACTIONS_BENCH_RESULT: result },
    });
    const measured = JSON.parse(readFileSync(result, 'utf8')) as Measured;
    return {
      'load.ms': { value: rounded(median(measured.load), 2), unit: 'ms' },
      'activate.ms': { value: rounded(median(measured.activate), 2), unit: 'ms' },
      'load.first.ms': { value: rounded(measured.load[0] ?? 0, 2), unit: 'ms' },
      'activate.first.ms': { value: rounded(measured.activate[0] ?? 0, 2), unit: 'ms' },
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}
