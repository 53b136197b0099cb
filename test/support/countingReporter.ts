// Mocha's usual report, and the counts as JSON in the file that AUTH0_ACTIONS_TEST_COUNTS names: `npm test` adds them up.
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const file = process.env.AUTH0_ACTIONS_TEST_COUNTS;
    runner.once('end', () => {
      if (file) {
        const { passes: passed, failures: failed, pending } = this.stats;
        writeFileSync(file, JSON.stringify({ passed, failed, pending }));
      }
    });
  }
}
