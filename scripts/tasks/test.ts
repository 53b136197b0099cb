// `npm test`: every suite, a table of them, and as the last line what passed and failed. `-- --only unit,host` selects. The page tests of
// the newest VS Code, which mostly wait for it, run beside those that need none; what each suite prints is shown when it has ended.
// The last suite searches what the others left behind for the secrets they used. A suite that crashes, hangs or finds no test counts as a failure: silence is no success.
// What fails in a real VS Code is tried once more in a fresh one, and counts by that; that it failed at first is told at the end, with its message.
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Counts, SuiteCounts } from '../../test/support/countingReporter.ts';
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
  /** It drives a VS Code, which takes clicks and keys, or tells of files, only where its own timing allows: a few of its suites may be tried once more. */
  readonly mayTryAgain?: boolean;
}

type Failure = SuiteCounts['failures'][number];

interface Result {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
  readonly note: string;
  readonly failures: readonly Failure[];
  /** What failed at first, in suites that then passed as a whole. */
  readonly unsteady: readonly Failure[];
}

/** For a suite; ends what hangs, also on a machine that is several times as slow as usual. */
const TIMEOUT_MS = 40 * 60_000;
/** More suites than this do not fail by accident. */
const MOST_TRIED_AGAIN = 3;
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
  { name: `host ${newest}`, mayTryAgain: true, args: task('host', '--no-build', '--version', newest), phase: 2, lane: 'beside' },
  { name: `host ${oldest}`, mayTryAgain: true, args: task('host', '--no-build', '--core', '--version', oldest), phase: 3, lane: 'beside' },
  { name: 'host network', mayTryAgain: true, args: task('host', '--no-build', '--network'), phase: 2, lane: 'beside' },
  { name: `e2e ${newest}`, mayTryAgain: true, args: task('e2e', '--no-build', '--version', newest), phase: 2 },
  // The rest is the same in both: at the oldest it costs minutes and has found nothing.
  { name: `e2e ${oldest}`, mayTryAgain: true, args: task('e2e', '--no-build', '--core', '--version', oldest), phase: 3 },
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
  process.stdout.write(`${told(results)}\n${table(results)}\n\n${summary(results)}\n`);
  process.exitCode = ending.signal.aborted || results.some(result => result.failed > 0) ? 1 : 0;
});

/** @param alone Shows what it prints at once, since nothing else prints. */
async function run(suite: Suite, alone: boolean): Promise<Result> {
  const start = Date.now();
  process.stdout.write(alone ? `\n▸ ${suite.name}\n` : `▸ ${suite.name} …\n`);
  const first = await once(suite, suite.args, alone);
  const failing = Object.entries(first.counts).filter(([, { failures }]) => failures.length > 0).map(([title]) => title);
  const again = suite.mayTryAgain === true && first.ended && failing.length > 0 && failing.length <= MOST_TRIED_AGAIN;
  const second = again ? await once(suite, [...suite.args, '--grep', `^(${failing.map(escaped).join('|')}) `], alone) : undefined;
  const counts = { ...first.counts, ...second?.counts };
  const code = second?.code ?? first.code;
  const sum = (of: (one: SuiteCounts) => number): number => Object.values(counts).reduce((total, one) => total + of(one), 0);
  const [passed, failed] = [suite.step === true && code === 0 ? 1 : sum(one => one.passed), suite.step === true && code !== 0 ? 1 : sum(one => one.failures.length)];
  const note = passed + failed === 0 ? 'no test ran' : code !== 0 && failed === 0 ? `ended with ${code}` : '';
  const unsteady = failing.filter(title => counts[title]?.failures.length === 0).flatMap(title => first.counts[title]?.failures ?? []);
  return {
    name: suite.name, passed, failed: failed + (note === '' ? 0 : 1), skipped: sum(one => one.pending), seconds: (Date.now() - start) / 1000,
    note: note === '' && unsteady.length > 0 ? `${unsteady.length} at the second try` : note, failures: Object.values(counts).flatMap(one => one.failures), unsteady,
  };
}

/** `ended`: it has told what it counted, which what crashes or hangs does not. */
async function once({ name }: Suite, args: readonly string[], alone: boolean): Promise<{ readonly code: number; readonly counts: Counts; readonly ended: boolean }> {
  const countsFile = join(resultsFolder, `${name.replaceAll(' ', '-')}-counts.json`);
  rmSync(countsFile, { force: true });
  const { code, output } = await runNode(args, { cwd: root, timeoutMs: TIMEOUT_MS, capture: !alone, env: { ...process.env, AUTH0_ACTIONS_TEST_COUNTS: countsFile } });
  process.stdout.write(alone ? '' : `\n▸ ${name}\n${output.trimEnd()}\n\n`);
  const ended = existsSync(countsFile);
  return { code, counts: ended ? JSON.parse(readFileSync(countsFile, 'utf8')) as Counts : {}, ended };
}

/** A text as a part of a pattern. */
function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
}

function table(results: readonly Result[]): string {
  const width = Math.max(...results.map(({ name }) => name.length));
  return results.map(({ name, passed, failed, skipped, seconds, note }) =>
    `${failed > 0 ? '✗' : '✓'} ${name.padEnd(width)} ${String(passed).padStart(5)} passed ${String(failed).padStart(3)} failed ${String(skipped).padStart(3)} skipped ${seconds.toFixed(1).padStart(7)} s  ${note}`.trimEnd()).join('\n');
}

/** Each test that failed, once more, under the name of its suite. */
function told(results: readonly Result[]): string {
  const lines = (name: string, sign: string, { title, message }: Failure): string => `\n${sign} ${name}: ${title}\n  ${message.split('\n').slice(0, SHOWN_LINES).join('\n  ')}\n`;
  return results.flatMap(({ name, failures, unsteady }) => [...unsteady.map(one => lines(name, 'at the second try:', one)), ...failures.map(one => lines(name, '✗', one))]).join('');
}

function summary(results: readonly Result[]): string {
  const sum = (key: 'passed' | 'failed' | 'skipped'): number => results.reduce((total, result) => total + result[key], 0);
  return `${sum('passed')} passed, ${sum('failed')} failed${sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''}`;
}
