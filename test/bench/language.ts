/** Completion in an action as large as the service takes (100 kB), with the code read anew each time, as after each key. */
import { complete } from '../../src/actions/language/index.ts';
import { median, rounded } from './figures.ts';
import type { Figures } from './figures.ts';

const ROUNDS = 60;
const LINES = `  const metadata = event.user.app_metadata ?? {};
  if (event.stats.logins_count === 1) {
    api.user.setAppMetadata('first_seen', new Date().toISOString());
  }
`;

export function measureLanguage(): Promise<Figures> {
  const head = 'exports.onExecutePostLogin = async (event, api) => {\n';
  const code = `${head}${LINES.repeat(Math.floor((100_000 - head.length) / LINES.length))}  event.user.`;
  const facts = { triggers: [{ id: 'post-login', version: 'v3' }], secrets: ['KEY'] };
  const times = Array.from({ length: ROUNDS }, () => {
    const begun = performance.now();
    if (complete(code, code.length, facts).length === 0) {
      throw new Error('nothing was offered');
    }
    return performance.now() - begun;
  });
  return Promise.resolve({
    'language.complete.ms': { value: rounded(median(times), 1), unit: 'ms' },
    'language.complete.first.ms': { value: rounded(times[0] ?? 0, 1), unit: 'ms' },
  });
}
