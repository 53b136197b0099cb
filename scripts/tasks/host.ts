// `node scripts/run.mjs host [--version 1.100] [--grep …] [--core] [--network]`: the tests inside a real extension host. `--network` runs those of
// test/host/network instead, with a proxy and a certificate authority of their own. With VSCODE_TEST_VERSION a desktop
// VS Code is downloaded for it; otherwise a launcher stands in for the executable that needs no more than a package registry.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { discard, keptFile } from '../../test/support/secrets.ts';
import { startTestSimulator } from '../../test/support/simulator.ts';
import { installWorkbench, resolveVersion } from '../../test/workbench/install.ts';
import { buildExtension, buildHostTests } from '../lib/bundles.ts';
import { startCompanyNetwork } from '../lib/companyNetwork.ts';
import { main, PlainError } from '../lib/main.ts';
import { cacheFolder, resultsFolder, root } from '../lib/project.ts';

main(async () => {
  const { values } = parseArgs({ options: { version: { type: 'string' }, grep: { type: 'string' }, network: { type: 'boolean' }, core: { type: 'boolean' }, 'no-build': { type: 'boolean' } } });
  if (!values['no-build']) {
    await buildExtension('production');
  }
  const tests = await buildHostTests(values.network ? 'network' : values.core ? 'core' : 'all');
  // The settings of the network tests are those of the workbench's user.
  const desktop = values.network ? undefined : process.env.VSCODE_TEST_VERSION;
  const name = values.network ? 'host-network' : 'host';
  const version = desktop ?? resolveVersion(values.version);
  if (desktop === undefined) {
    await installWorkbench(version);
  }
  mkdirSync(resultsFolder, { recursive: true });
  const scratch = mkdtempSync(join(tmpdir(), 'host-tests-'));
  const workspace = join(scratch, 'workspace');
  mkdirSync(workspace);
  const report = join(resultsFolder, `${name}-${version}.txt`);
  rmSync(report, { force: true });
  const network = values.network ? await startCompanyNetwork(scratch) : undefined;
  const simulator = network?.simulator ?? (await startTestSimulator({ seed: 'demo', plan: 'enterprise', buildScale: 0.05 }));
  const own = join(root, 'test', 'workbench', process.platform === 'win32' ? 'launch.cmd' : 'launch.mjs');
  try {
    await runTests({
      ...(desktop === undefined ? { vscodeExecutablePath: own } : { version: desktop, cachePath: join(cacheFolder, 'vscode-test') }),
      extensionDevelopmentPath: root,
      extensionTestsPath: tests,
      // Kept short: the desktop puts a socket into it, and a socket's path has a limit.
      launchArgs: [workspace, `--user-data-dir=${join(scratch, 'user')}`, `--extensions-dir=${join(scratch, 'extensions')}`, '--disable-extensions'],
      extensionTestsEnv: {
        AUTH0_ACTIONS_WORKBENCH: version,
        AUTH0_ACTIONS_TEST_NAME: name,
        AUTH0_ACTIONS_TEST_LOG: keptFile('log', 'extension.log'),
        AUTH0_ACTIONS_TEST_OUTPUT: report,
        AUTH0_ACTIONS_TEST_COLOR: process.stdout.isTTY ? 'yes' : 'no',
        AUTH0_ACTIONS_TEST_GREP: values.grep,
        AUTH0_ACTIONS_SIMULATOR_URL: simulator.url,
        AUTH0_ACTIONS_SIMULATOR_TOKEN: simulator.token,
        ...(network === undefined ? {} : { ...network.env, AUTH0_ACTIONS_TEST_SETTINGS: JSON.stringify(network.settings) }),
      },
    });
  } catch (error) {
    throw new PlainError(`Host tests in VS Code ${version}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    process.stdout.write(existsSync(report) ? readFileSync(report, 'utf8') : `The tests of VS Code ${version} did not start.\n`);
    await (network ?? simulator).close();
    discard(scratch, 'workbench');
  }
});
