// `node scripts/run.mjs e2e [--grep …] [--version 1.100] [--core]`: tests through the workbench's page, with the packaged extension installed.
// `--core` runs those of the main job alone, which lean most on how a VS Code draws trees, menus, dialogs and documents.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureChromium } from '../../test/workbench/chromium.ts';
import { installWorkbench, resolveVersion } from '../../test/workbench/install.ts';
import { installVsix } from '../../test/workbench/server.ts';
import { main } from '../lib/main.ts';
import { packageExtension } from '../lib/package.ts';
import { runNode } from '../lib/processes.ts';
import { readManifest, resultsFolder, root, vsixPath } from '../lib/project.ts';

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
  const [server] = await Promise.all([installWorkbench(version), ensureChromium()]);
  const args = [join(root, 'node_modules', 'mocha', 'bin', 'mocha.js'), '--timeout', String(TEST_MS), ...(values.core ? CORE : ['**/*']).map(name => `test/e2e/${name}.test.ts`), ...(values.grep === undefined ? [] : ['--grep', values.grep])];
  // Installed once, as a user does it: each test's workbench is a new user on the same machine.
  const scratch = mkdtempSync(join(tmpdir(), 'e2e-'));
  const extensions = join(scratch, 'extensions');
  try {
    installVsix({ server, dataFolder: join(scratch, 'data'), logFile: join(resultsFolder, 'e2e-server.log'), extensions }, vsix);
    const { code } = await runNode(args, { cwd: root, env: { ...process.env, AUTH0_ACTIONS_EXTENSIONS: extensions, AUTH0_ACTIONS_WORKBENCH: version } });
    process.exitCode = code;
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
});
