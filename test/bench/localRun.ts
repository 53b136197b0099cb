/**
 * From the click on Run Action Locally to its result, for an empty handler, measured inside a real extension host by
 * localRunHost.ts. What the same process takes outside VS Code is beside it.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as esbuild from 'esbuild';
import { runTests } from '@vscode/test-electron';
import { buildExtension } from '../../scripts/lib/bundles.ts';
import { distFolder, root } from '../../scripts/lib/project.ts';
import { apiFor } from '../../src/actions/runs/localApi.ts';
import { runLocally } from '../../src/node/localRunner.ts';
import { installWorkbench, resolveVersion } from '../workbench/install.ts';
import { median, rounded } from './figures.ts';
import type { Figures } from './figures.ts';

const CODE = 'exports.onExecutePostLogin = async (event, api) => {};\n';
const TRIGGERS = [{ id: 'post-login', version: 'v3' }];
const RUNS = 20;

export async function measureLocalRun(): Promise<Figures> {
  await buildExtension('production');
  const tests = join(distFolder, 'test', 'localRun.cjs');
  await esbuild.build({ entryPoints: [join(import.meta.dirname, 'localRunHost.ts')], outfile: tests, bundle: true, platform: 'node', format: 'cjs', external: ['vscode'], logLevel: 'warning' });
  const version = resolveVersion(undefined);
  await installWorkbench(version);
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
  const result = join(scratch, 'measured.json');
  const code = join(scratch, 'workspace', 'actions', 'empty', 'code.js');
  mkdirSync(dirname(code), { recursive: true });
  writeFileSync(code, CODE);
  writeFileSync(join(scratch, 'workspace', 'actions', 'empty.json'), JSON.stringify({ name: 'empty', code: './actions/empty/code.js', supported_triggers: TRIGGERS }));
  try {
    const outside: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const begun = performance.now();
      await runLocally({ name: 'empty', code: CODE, triggers: TRIGGERS, dependencies: [], event: {}, secrets: {}, path: code, roots: [code], api: apiFor(TRIGGERS) }, { runner: join(distFolder, 'runner.cjs') });
      outside.push(performance.now() - begun);
    }
    await runTests({
      vscodeExecutablePath: join(root, 'test', 'workbench', process.platform === 'win32' ? 'launch.cmd' : 'launch.mjs'),
      extensionDevelopmentPath: root,
      extensionTestsPath: tests,
      launchArgs: [join(scratch, 'workspace')],
      extensionTestsEnv: { AUTH0_ACTIONS_WORKBENCH: version, AUTH0_ACTIONS_BENCH_RESULT: result },
    });
    const measured = JSON.parse(readFileSync(result, 'utf8')) as readonly number[];
    return {
      'localrun.ms': { value: rounded(median(measured)), unit: 'ms' },
      'localrun.first.ms': { value: rounded(measured[0] ?? 0), unit: 'ms' },
      'localrun.process.ms': { value: rounded(median(outside)), unit: 'ms' },
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}
