// `npm test`: every suite, a table of them, and as the last line what passed and failed. `-- --only unit,host` selects. The page tests of
// the newest VS Code, which mostly wait for it, run beside those that need none; what each suite prints is shown when it has ended.
// The last suite searches what the others left behind for the secrets they used. A suite that crashes, hangs or finds no test counts as a failure: silence is no success.
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { newest, oldest } from '../../test/workbench/install.ts';
import { main, PlainError } from '../lib/main.ts';
import { runNode } from '../lib/processes.ts';
import { resultsFolder, root } from '../lib/project.ts';

interface Suite {
  readonly name: string;
  readonly args: readonly string[];
  /** A step either works or not; the others count their tests. */
  readonly step?: boolean;
  /** One phase after the other; in a phase, the suites of each lane run in their order, beside those of the other. */
  readonly phase: 1 | 2 | 3 | 4;
  readonly lane?: 'beside';
}

interface Result { readonly name: string; readonly passed: number; readonly failed: number; readonly skipped: number; readonly seconds: number; readonly note: string; readonly failures: readonly Failure[] }

interface Failure { readonly title: string; readonly message: string }

/** For a suite; ends what hangs, also on a machine that is several times as slow as usual. */
const TIMEOUT_MS = 40 * 60_000;
/** Of what a failed test says, at the end of the log. */
const SHOWN_LINES = 12;

const task = (name: string, ...args: string[]): string[] => [join(root, 'scripts', 'tasks', `${name}.ts`), ...args];
const mocha = (folder: string): string[] => [join(root, 'node_modules', 'mocha', 'bin', 'mocha.js'), '--forbid-only', `test/${folder}/**/*.test.ts`];
const hasSpecs = (folder: string): boolean => globSync(`test/${folder}/**/*.test.ts`, { cwd: root }).length > 0;

const suites: readonly Suite[] = [
  { name: 'check', args: task('check'), step: true, phase: 1 },
  // Builds all bundles, too.
  { name: 'package', args: task('package'), step: true, phase: 1 },
  { name: 'unit', args: mocha('unit'), phase: 2, lane: 'beside' },
  { name: 'faults', args: mocha('faults'), phase: 2, lane: 'beside' },
  ...(hasSpecs('conformance') ? [{ name: 'conformance', args: mocha('conformance'), phase: 2, lane: 'beside' } as const] : []),
  { name: 'manifest', args: mocha('manifest'), phase: 2, lane: 'beside' },
  { name: `host ${newest}`, args: task('host', '--no-build', '--version', newest), phase: 2, lane: 'beside' },
  { name: `host ${oldest}`, args: task('host', '--no-build', '--core', '--version', oldest), phase: 3, lane: 'beside' },
  { name: 'host network', args: task('host', '--no-build', '--network'), phase: 2, lane: 'beside' },
  { name: `e2e ${newest}`, args: task('e2e', '--no-build', '--version', newest), phase: 2 },
  // The rest is the same in both: at the oldest it costs minutes and has found nothing.
  { name: `e2e ${oldest}`, args: task('e2e', '--no-build', '--core', '--version', oldest), phase: 3 },
  { name: 'secrets', args: mocha('secrets'), phase: 4 },
];

main(async () => {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const wanted = values.only?.split(',');
  const chosen = suites.filter(({ name }) => wanted === undefined || wanted.some(word => name === word || name.startsWith(`${word} `)));
  if (chosen.length === 0) {
    throw new PlainError(`Suites: ${suites.map(({ name }) => name).join(', ')}\n0 passed, 1 failed`);
  }
  mkdirSync(resultsFolder, { recursive: true });
  const results: Result[] = [];
  const collected = mkdtempSync(join(tmpdir(), 'secrets-'));
  // Whoever ends this ends the suites that run, and none begins.
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => ending.abort());
  }
  process.on('exit', () => rmSync(collected, { recursive: true, force: true, maxRetries: 3 }));
  process.env.AUTH0_ACTIONS_TEST_SECRETS = collected;
  const runAll = async (lane: readonly Suite[]): Promise<void> => {
    for (const suite of lane) {
      if (!ending.signal.aborted) {
        results.push(await run(suite, chosen.length === 1));
      }
    }
  };
  for (const phase of [1, 2, 3, 4]) {
    const now = chosen.filter(suite => suite.phase === phase);
    await Promise.all([runAll(now.filter(({ lane }) => lane === undefined)), runAll(now.filter(({ lane }) => lane === 'beside'))]);
  }
  results.sort((a, b) => suites.findIndex(({ name }) => name === a.name) - suites.findIndex(({ name }) => name === b.name));
  process.stdout.write(`${failed(results)}\n${table(results)}\n\n${summary(results)}\n`);
  process.exitCode = ending.signal.aborted || results.some(result => result.failed > 0) ? 1 : 0;
});

/** @param alone Shows what it prints at once, since nothing else prints. */
async function run({ name, args, step }: Suite, alone: boolean): Promise<Result> {
  const countsFile = join(resultsFolder, `${name.replaceAll(' ', '-')}-counts.json`);
  rmSync(countsFile, { force: true });
  const start = Date.now();
  process.stdout.write(alone ? `\n▸ ${name}\n` : `▸ ${name} …\n`);
  const { code, output } = await runNode(args, { cwd: root, timeoutMs: TIMEOUT_MS, capture: !alone, env: { ...process.env, AUTH0_ACTIONS_TEST_COUNTS: countsFile } });
  process.stdout.write(alone ? '' : `\n▸ ${name}\n${output.trimEnd()}\n\n`);
  const seconds = (Date.now() - start) / 1000;
  if (step) {
    return { name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, seconds, note: '', failures: [] };
  }
  const nothing = { passed: 0, failed: 0, pending: 0, failures: [] };
  const counts = existsSync(countsFile) ? JSON.parse(readFileSync(countsFile, 'utf8')) as { passed: number; failed: number; pending: number; failures: Failure[] } : nothing;
  const note = counts.passed + counts.failed === 0 ? 'no test ran' : code !== 0 && counts.failed === 0 ? `ended with ${code}` : '';
  return { name, passed: counts.passed, failed: counts.failed + (note === '' ? 0 : 1), skipped: counts.pending, seconds, note, failures: counts.failures };
}

function table(results: readonly Result[]): string {
  const width = Math.max(...results.map(({ name }) => name.length));
  return results.map(({ name, passed, failed, skipped, seconds, note }) =>
    `${failed > 0 ? '✗' : '✓'} ${name.padEnd(width)} ${String(passed).padStart(5)} passed ${String(failed).padStart(3)} failed ${String(skipped).padStart(3)} skipped ${seconds.toFixed(1).padStart(7)} s  ${note}`.trimEnd()).join('\n');
}

/** Each test that failed, once more, under the name of its suite. */
function failed(results: readonly Result[]): string {
  return results.flatMap(({ name, failures }) => failures.map(({ title, message }) => `\n✗ ${name}: ${title}\n  ${message.split('\n').slice(0, SHOWN_LINES).join('\n  ')}\n`)).join('');
}

function summary(results: readonly Result[]): string {
  const sum = (key: 'passed' | 'failed' | 'skipped'): number => results.reduce((total, result) => total + result[key], 0);
  return `${sum('passed')} passed, ${sum('failed')} failed${sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''}`;
}
