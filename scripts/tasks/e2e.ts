// `node scripts/run.mjs e2e [--grep …] [--version 1.100] [--core]`: tests through the workbench's page, with the packaged extension installed.
// `--core` runs those of the main job alone, which lean most on how a VS Code draws trees, menus, dialogs and documents.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureChromium } from '../../test/workbench/chromium.ts';
import { installWorkbench, resolveVersion } from '../../test/workbench/install.ts';
import { main } from '../lib/main.ts';
import { packageExtension } from '../lib/package.ts';
import { runNode } from '../lib/processes.ts';
import { readManifest, root, vsixPath } from '../lib/project.ts';

/** A test ends what hangs, and measures nothing: a machine with other work takes its time. */
const TEST_MS = 240_000;
const CORE = ['smoke', 'connect', 'deploy', 'versions', 'editing', 'deployMany', 'survive'];

main(async () => {
  const { values } = parseArgs({ options: { version: { type: 'string' }, grep: { type: 'string' }, core: { type: 'boolean' }, 'no-build': { type: 'boolean' } } });
  const vsix = vsixPath(readManifest());
  if (!values['no-build'] || !existsSync(vsix)) {
    await packageExtension();
  }
  const version = resolveVersion(values.version);
  await Promise.all([installWorkbench(version), ensureChromium()]);
  const args = [join(root, 'node_modules', 'mocha', 'bin', 'mocha.js'), '--timeout', String(TEST_MS), ...(values.core ? CORE : ['**/*']).map(name => `test/e2e/${name}.test.ts`), ...(values.grep === undefined ? [] : ['--grep', values.grep])];
  const { code } = await runNode(args, { cwd: root, env: { ...process.env, AUTH0_ACTIONS_VSIX: vsix, AUTH0_ACTIONS_WORKBENCH: version } });
  process.exitCode = code;
});
