// Mocha's usual report, and as JSON, in the file that AUTH0_ACTIONS_TEST_COUNTS names, the counts of each outermost suite, which `npm test` adds up, and
// what failed, which it repeats where it ends: a long log is read from its end.
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** What happened to the tests of an outermost suite. Failures of its hooks are among them. */
export interface SuiteCounts { passed: number; pending: number; readonly failures: { readonly title: string; readonly message: string }[] }

/** By the title of the suite. */
export type Counts = Record<string, SuiteCounts>;

export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const file = process.env.AUTH0_ACTIONS_TEST_COUNTS;
    const counts: Counts = {};
    const of = (test: Mocha.Runnable): SuiteCounts => (counts[test.titlePath()[0] ?? ''] ??= { passed: 0, pending: 0, failures: [] });
    runner.on('pass', test => (of(test).passed += 1));
    runner.on('pending', test => (of(test).pending += 1));
    runner.on('fail', (test: Mocha.Runnable, error: unknown) => {
      of(test).failures.push({ title: test.fullTitle(), message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    });
    runner.once('end', () => {
      if (file) {
        writeFileSync(file, JSON.stringify(counts));
      }
    });
  }
}
