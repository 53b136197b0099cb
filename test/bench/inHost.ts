/** Measures inside a real extension host: builds the extension and what measures, and gives back what that has written. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as esbuild from 'esbuild';
import { runTests } from '@vscode/test-electron';
import { buildExtension } from '../../scripts/lib/bundles.ts';
import { distFolder, root } from '../../scripts/lib/project.ts';
import { installWorkbench, resolveVersion } from '../workbench/install.ts';

/**
 * @param name of the file in this folder whose `run` measures, without `.ts`. It writes JSON to the file that
 * AUTH0_ACTIONS_BENCH_RESULT names.
 * @param files of the workspace, by their path in it.
 */
export async function measureInHost(name: string, files: Readonly<Record<string, string>> = {}, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  await buildExtension('production');
  const tests = join(distFolder, 'test', `${name}.cjs`);
  await esbuild.build({ entryPoints: [join(import.meta.dirname, `${name}.ts`)], outfile: tests, bundle: true, platform: 'node', format: 'cjs', external: ['vscode'], logLevel: 'warning' });
  const version = resolveVersion(undefined);
  await installWorkbench(version);
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
  const [result, workspace] = [join(scratch, 'measured.json'), join(scratch, 'workspace')];
  mkdirSync(workspace);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
  try {
    await runTests({
      vscodeExecutablePath: join(root, 'test', 'workbench', process.platform === 'win32' ? 'launch.cmd' : 'launch.mjs'),
      extensionDevelopmentPath: root,
      extensionTestsPath: tests,
      launchArgs: [workspace],
      extensionTestsEnv: { AUTH0_ACTIONS_WORKBENCH: version, AUTH0_ACTIONS_BENCH_RESULT: result, ...env },
    });
    return JSON.parse(readFileSync(result, 'utf8'));
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}
