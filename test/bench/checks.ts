/** All checks over an action of 100 kB, the largest that the service takes, and the slowest single one. */
import { CHECKS, runChecks } from '../../src/actions/checks/index.ts';
import type { CheckInput, Checked } from '../../src/actions/checks/check.ts';
import { Code } from '../../src/actions/checks/code.ts';
import { median, rounded } from './figures.ts';
import type { Figures } from './figures.ts';

const RUNS = 15;

/** Ordinary code: functions, secrets, packages and texts, as people write them. */
function ordinary(bytes: number): string {
  const head = "const axios = require('axios');\nconst _ = require('lodash');\nlet token;\n\nexports.onExecutePostLogin = async (event, api) => {\n  token ??= await step0(event, api);\n};\n\n";
  const part = (index: number): string => `async function step${index}(event, api) {
  // Step ${index}: what the shop knows about a person.
  const { data } = await axios.get(\`https://shop.example/people/\${event.user.user_id}?step=${index}\`, {
    headers: { authorization: \`Bearer \${event.secrets.KEY_${index % 40}}\`, 'x-step': '${index}' },
  });
  const roles = _.uniq([...(event.authorization?.roles ?? []), ...data.roles.filter(role => role.step === ${index})]);
  if (roles.length > ${index} && !event.user.email_verified) {
    api.access.deny('Step ${index} says no.');
    return undefined;
  }
  api.idToken.setCustomClaim('https://shop.example/roles${index}', roles);
  return roles[0];
}
`;
  let code = head;
  for (let index = 0; code.length + part(index).length < bytes; index += 1) {
    code += part(index);
  }
  return code.padEnd(bytes, '\n');
}

/** The same length in other shapes: much of what a check looks at, on few lines, or code that cannot be parsed. */
const SHAPES: Readonly<Record<string, string>> = {
  ordinary: ordinary(100_000),
  broken: `${ordinary(99_990)}\nconst = ;`,
  requires: "require('a');".repeat(7600),
  secrets: 'event.secrets.A;'.repeat(6200),
  calls: `exports.onExecutePostLogin=async(e)=>{${'a.b(c,{d:1});'.repeat(7600)}}`,
  module: `import x from 'x';\n${ordinary(99_900)}`,
  exports: Array.from({ length: 2800 }, (_, index) => `exports.onExecutePostLogi${index}=async()=>{};`).join(''),
  handlers: 'exports.onExecutePostLogin=function(){};'.repeat(2500),
  state: Array.from({ length: 3300 }, (_, index) => `let v${index};f(()=>{v${index}=1});`).join(''),
  nested: `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  tail: `${'f(()=>{'.repeat(600)}${'x;'.repeat(47_000)}`,
  templates: '`${a}`;'.repeat(14_000),
  expression: `x = /${'(?:a|b)*'.repeat(12_000)}/;`,
  lines: '\n'.repeat(100_000),
  placeholders: "'##A##';/**/".repeat(8300),
};

export function measureChecks(): Figures {
  const worst: Record<string, number> = {};
  const all: number[] = [];
  for (const [shape, code] of Object.entries(SHAPES)) {
    const input: CheckInput = {
      code,
      runtime: 'node22',
      triggers: [{ id: 'post-login', version: 'v3' }],
      dependencies: [{ name: 'axios', version: '1.7.9' }, { name: 'left-pad', version: '1.3.0' }],
      secrets: Array.from({ length: 30 }, (_, index) => `KEY_${index}`),
      modules: [],
      tenantTriggers: [],
      packages: new Map([['axios', 'missing']]),
    };
    all.push(timed(() => runChecks(input)));
    worst[`${shape} parse`] = timed(() => new Code(code, 'node22'));
    for (const [name, check] of Object.entries(CHECKS)) {
      // Each alone, with what it shares with others made anew, but for the parse.
      let checked: Checked = { input, code: new Code(code, 'node22') };
      worst[`${shape} ${name}`] = timed(() => check(checked), () => {
        checked = { input, code: new Code(code, 'node22') };
      });
    }
  }
  const slowest = Object.entries(worst).sort(([, a], [, b]) => b - a).slice(0, 5);
  process.stderr.write(`${slowest.map(([name, ms]) => `${name}: ${ms.toFixed(1)} ms`).join(', ')}\n`);
  return {
    'checks100kB.ms': { value: rounded(Math.max(...all)), unit: 'ms' },
    'check.worst.ms': { value: rounded(slowest[0]?.[1] ?? 0), unit: 'ms' },
  };
}

function timed(work: () => unknown, before?: () => void): number {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    before?.();
    const begun = performance.now();
    work();
    times.push(performance.now() - begun);
  }
  return median(times);
}
