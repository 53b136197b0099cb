// Mocha's usual report, and as JSON, in the file that AUTH0_ACTIONS_TEST_COUNTS names, the counts, which `npm test` adds up, and what failed, which it
// repeats where it ends: a long log is read from its end.
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const file = process.env.AUTH0_ACTIONS_TEST_COUNTS;
    const failures: { readonly title: string; readonly message: string }[] = [];
    runner.on('fail', (test: Mocha.Runnable, error: unknown) => {
      failures.push({ title: test.fullTitle(), message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    });
    runner.once('end', () => {
      if (file) {
        const { passes: passed, failures: failed, pending } = this.stats;
        writeFileSync(file, JSON.stringify({ passed, failed, pending, failures }));
      }
    });
  }
}
