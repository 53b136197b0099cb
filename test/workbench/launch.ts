// Runs extension tests like the `code` executable does: it takes --extensionDevelopmentPath, --extensionTestsPath and a folder, and its exit
// code is the result. Behind it are VS Code's server and its page in a browser; the tests run in the server's Node extension host.
// AUTH0_ACTIONS_TEST_SETTINGS holds settings as JSON, AUTH0_ACTIONS_TEST_NAME how the files of results begin.
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { main, PlainError } from '../../scripts/lib/main.ts';
import { onEnd } from '../../scripts/lib/processes.ts';
import { resultsFolder } from '../../scripts/lib/project.ts';
import { discard } from '../support/secrets.ts';
import { installWorkbench, resolveVersion } from './install.ts';
import { filePath, loadWorkbench, openPage, workbenchUrl } from './page.ts';
import type { WorkbenchPage } from './page.ts';
import { startServer } from './server.ts';
import { noTypesFromRegistry } from './settings.ts';

const TIMEOUT_MS = Number(process.env.AUTH0_ACTIONS_TEST_TIMEOUT ?? 2_400_000);

const name = process.env.AUTH0_ACTIONS_TEST_NAME ?? 'host';

interface Ended { readonly code: number; readonly logs: readonly unknown[] }

main(async () => {
  // An executable is started with many switches that only a desktop has, so it takes what it knows and leaves the rest.
  const { values, positionals } = parseArgs({
    strict: false,
    allowPositionals: true,
    options: { extensionDevelopmentPath: { type: 'string' }, extensionTestsPath: { type: 'string' } },
  });
  const folder = positionals[0];
  if (typeof values.extensionDevelopmentPath !== 'string' || typeof values.extensionTestsPath !== 'string' || folder === undefined) {
    throw new Error('Expected: --extensionDevelopmentPath=… --extensionTestsPath=… FOLDER');
  }
  const version = resolveVersion(process.env.AUTH0_ACTIONS_WORKBENCH);
  process.exitCode = await run(version, resolve(values.extensionDevelopmentPath), resolve(values.extensionTestsPath), resolve(folder));
});

async function run(version: string, extension: string, tests: string, folder: string): Promise<number> {
  const logFile = join(resultsFolder, `${name}-${version}.log`);
  const dataFolder = mkdtempSync(join(tmpdir(), 'workbench-'));
  rmSync(logFile, { force: true });
  const server = await startServer({ server: await installWorkbench(version), dataFolder, logFile, testDriver: true, settings: settings() });
  const browser = await openPage();
  const { page } = browser;
  try {
    await page.exposeFunction('codeAutomationLog', (type: string, args: readonly unknown[]) => keep(type, args, logFile));
    const { ended, start } = await resultOf(page);
    const remote = (path: string): string => `vscode-remote://127.0.0.1:${server.port}${filePath(path)}`;
    start(loadWorkbench(page, workbenchUrl(server.url, folder, [['extensionDevelopmentPath', remote(extension)], ['extensionTestsPath', remote(tests)]])));
    const { code, logs } = await ended;
    writeFileSync(join(resultsFolder, `${name}-${version}-workbench.json`), JSON.stringify(logs, undefined, 2));
    if (code !== 0) {
      await explain(browser, version);
    }
    return code;
  } catch (error) {
    await explain(browser, version);
    throw error;
  } finally {
    await browser.close();
    await server.stop();
    discard(dataFolder, 'workbench');
  }
}

/** Settings that the window starts with, where the tests need some. */
function settings(): Readonly<Record<string, unknown>> {
  const text = process.env.AUTH0_ACTIONS_TEST_SETTINGS;
  return { ...noTypesFromRegistry, ...(text === undefined || text === '' ? {} : JSON.parse(text) as Readonly<Record<string, unknown>>) };
}

/** The workbench calls a function of the page when the tests are over. A page that crashes, and tests that hang, never get there. */
async function resultOf(page: Page): Promise<{ ended: Promise<Ended>; start: (loaded: Promise<void>) => void }> {
  let finish: (result: Ended) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const ended = new Promise<Ended>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  const timer = setTimeout(() => fail(new PlainError(`The tests did not end within ${TIMEOUT_MS / 1000} s.`)), TIMEOUT_MS);
  timer.unref();
  onEnd(() => fail(new PlainError('Stopped.')));
  page.on('crash', () => fail(new PlainError('The page crashed.')));
  await page.exposeFunction('codeAutomationExit', (code: number, logs: readonly unknown[]) => finish({ code, logs }));
  return {
    ended,
    start: loaded => {
      loaded.catch((error: unknown) => fail(error instanceof Error ? error : new Error(String(error))));
    },
  };
}

/** What the extension host printed, the expected noise too: into the log, since the tests' own report is a file of its own. */
function keep(type: string, args: readonly unknown[], logFile: string): void {
  appendFileSync(logFile, `[${type}] ${args.map(arg => typeof arg === 'string' ? arg : JSON.stringify(arg)).join(' ')}\n`);
}

/** A screenshot, and the first line of each error the page had. */
async function explain({ page, errors }: WorkbenchPage, version: string): Promise<void> {
  await page.screenshot({ path: join(resultsFolder, `${name}-${version}.png`) }).catch(() => undefined);
  for (const line of new Set(errors.map(error => error.split('\n')[0] ?? ''))) {
    process.stderr.write(`page: ${line}\n`);
  }
}
