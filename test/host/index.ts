// The test runner inside a real extension host: VS Code loads its bundle and calls `run`. All specs beside it are in the bundle.
import { appendFileSync } from 'node:fs';
import { format } from 'node:util';
import Mocha from 'mocha';
import CountingReporter from '../support/countingReporter.ts';

/** The names of the specs; the build fills it in (scripts/lib/bundles.ts). */
declare const HOST_SPECS: readonly string[];

/** Resolves when everything passed, rejects when something failed: VS Code turns that into the exit code. */
export async function run(): Promise<void> {
  showReport();
  const grep = process.env.AUTH0_ACTIONS_TEST_GREP;
  const mocha = new Mocha({ ui: 'bdd', color: process.env.AUTH0_ACTIONS_TEST_COLOR === 'yes', timeout: 20_000, reporter: CountingReporter, ...(grep ? { grep: new RegExp(grep) } : {}) });
  // Specs are part of this bundle, so mocha does not load them: it only has to provide describe and it before they run.
  mocha.suite.emit('pre-require', globalThis as unknown as Mocha.MochaGlobals, '', mocha);
  for (const name of HOST_SPECS) {
    await import(`./${name}.test.ts`);
  }
  const failures = await new Promise<number>(resolve => mocha.run(resolve));
  if (failures > 0) {
    throw new Error(`${failures} failed`);
  }
}

/** The host's console goes through the window, which may drop the last lines; a file does not. */
function showReport(): void {
  const file = process.env.AUTH0_ACTIONS_TEST_OUTPUT;
  if (file) {
    Mocha.reporters.Base.consoleLog = (...args: unknown[]): void => appendFileSync(file, `${format(...args)}\n`);
  }
}
