// The test runner inside a real extension host: VS Code loads its bundle and calls `run`. All specs beside it are in the bundle.
import { appendFileSync } from 'node:fs';
import { format } from 'node:util';
import Mocha from 'mocha';
import * as vscode from 'vscode';
import CountingReporter from '../support/countingReporter.ts';

/** The names of the specs; the build fills it in (scripts/lib/bundles.ts). */
declare const HOST_SPECS: readonly string[];

/** Resolves when everything passed, rejects when something failed: VS Code turns that into the exit code. */
export async function run(): Promise<void> {
  showReport();
  keepLog();
  // No test asks a real package registry.
  await vscode.workspace.getConfiguration('auth0Actions').update('checks.registry', false, vscode.ConfigurationTarget.Global);
  // A slow machine must not save by itself what a test has typed.
  await vscode.workspace.getConfiguration('files').update('autoSave', 'off', vscode.ConfigurationTarget.Global);
  const grep = process.env.AUTH0_ACTIONS_TEST_GREP;
  const mocha = new Mocha({ ui: 'bdd', color: process.env.AUTH0_ACTIONS_TEST_COLOR === 'yes', timeout: 120_000, reporter: CountingReporter, ...(grep ? { grep: new RegExp(grep) } : {}) });
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

/**
 * Writes down every line of the extension's log, whatever its level: the server of these tests lacks the native module
 * that would write the log's file. The extension has the same `vscode`, since this bundle lies in its folder.
 */
function keepLog(): void {
  const file = process.env.AUTH0_ACTIONS_TEST_LOG;
  if (!file) {
    return;
  }
  const original = vscode.window.createOutputChannel as (name: string, options: { log: true }) => vscode.LogOutputChannel;
  const create = (name: string, options: { log: true }): vscode.LogOutputChannel => {
    const channel = original(name, options);
    const kept = Object.fromEntries((['trace', 'debug', 'info', 'warn', 'error', 'append', 'appendLine'] as const).map(method => [method, {
      value: (...args: [string]): void => {
        appendFileSync(file, `${method}: ${format(...args)}\n`);
        channel[method](...args);
      },
    }]));
    return Object.create(channel, kept) as vscode.LogOutputChannel;
  };
  Object.assign(vscode.window, { createOutputChannel: create });
}
