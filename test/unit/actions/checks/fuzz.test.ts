/** Whatever the code and whatever the answers: no crash, no hang, no place outside of the code. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CheckInput } from '../../../../src/actions/checks/check.ts';
import { CHECKS, runChecks } from '../../../../src/actions/checks/index.ts';
import type { PackageFacts } from '../../../../src/actions/packages.ts';
import { findingWords, fixWords } from '../../../../src/ui/checkWords.ts';
import { handler } from './support.ts';

const HOSTILE = ['../../etc/passwd', 'a\nb', "a'b\"c`d", '[x](command:y)', '$(alert)', '__proto__', 'constructor', 'toString', '', ' ', 'x'.repeat(10_000), '\u202egnp.exe', '\u0000', '\ud800', '@', '@/', '@a/', '.', '..', 'node:', 'actions:', 'crypto', 'lodash'];

/** Pieces that the checks look at, in any order. */
const PIECES = [
  'exports', 'module', '.exports', '.', '=', ' ', '\n', '(', ')', '{', '}', '[', ']', '=>', 'async ', 'await ', 'function ', 'onExecutePostLogin', 'onExecutePostlogin', 'event', '.secrets', '.KEY', "['KEY']",
  'require', "('lodash')", "('crypto')", "('./x')", "('actions:m')", 'import ', 'export ', 'from ', 'const ', 'let ', 'var ', 'x', 'y', ',', ';', "'", '"', '`', '${', '/*', '*/', '//', '##A##', '@@B@@', 'try', 'catch', 'class ', '...', '?.', '??', '#p', '/', '\\', 'return ', 'for ', 'of ', 'this', 'new ', '1', ':', 'yield ', 'using ', '<!--', '\u2028', '😀',
];
const codes = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map(pieces => pieces.join('')),
  fc.tuple(fc.nat(2000), fc.constantFrom(...PIECES), fc.nat(2000)).map(([cut, piece, from]) => {
    const whole = handler("const { data } = await axios.get(`https://x/${event.user.id}`, { h: event.secrets.KEY });\n  cache.set(data.id, data);\n  try { require('a'); } catch (e) { return; }", "const axios = require('axios');\nconst cache = new Map();\n");
    return whole.slice(0, cut % whole.length) + piece + whole.slice(from % whole.length);
  }),
);
const names = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 40 }));
const packages: fc.Arbitrary<PackageFacts | 'missing'> = fc.oneof(fc.constant('missing' as const), fc.record({
  name: names,
  versions: fc.array(fc.oneof(names, fc.constantFrom('1.0.0', '1.2.3-rc.1', '99999999999999999999.0.0')), { maxLength: 6 }),
  withInstallScript: fc.array(names, { maxLength: 3 }).map(all => new Set(all)),
  deprecated: fc.array(fc.tuple(names, names), { maxLength: 3 }).map(all => new Map(all)),
}));
const inputs: fc.Arbitrary<CheckInput> = fc.record({
  code: codes,
  runtime: fc.oneof(fc.constantFrom('node12', 'node16', 'node18-actions', 'node22', 'node999'), names),
  triggers: fc.array(fc.record({ id: fc.oneof(fc.constantFrom('post-login', 'event-stream'), names), version: fc.oneof(fc.constantFrom('v3', 'v1'), names) }), { maxLength: 2 }),
  dependencies: fc.array(fc.record({ name: names, version: fc.oneof(names, fc.constantFrom('1.0.0', '17.7.1')) }), { maxLength: 5 }),
  secrets: fc.array(names, { maxLength: 5 }),
  modules: fc.array(names, { maxLength: 3 }),
  tenantTriggers: fc.array(fc.record({ id: fc.constantFrom('post-login', 'x'), version: fc.constantFrom('v3', 'v1'), status: names, runtimes: fc.array(names, { maxLength: 2 }) }), { maxLength: 3 }),
  packages: fc.array(fc.tuple(names, packages), { maxLength: 5 }).map(all => new Map(all)),
  installed: fc.array(names, { maxLength: 2 }).map(all => new Set(all)),
});

/** Each range lies in the code, and each word can be said. */
function look(input: CheckInput): void {
  const lines = input.code.split(/\r\n|\r|\n/u);
  for (const finding of runChecks(input)) {
    for (const range of [finding.range, ...finding.fixes.flatMap(fix => (fix.kind === 'replaceText' ? [fix.range] : []))]) {
      const { line, start, end, endLine = line } = range;
      assert.ok(line >= 0 && line < lines.length && start >= 0 && start <= (lines[line] ?? '').length && endLine >= line && end <= (lines[endLine] ?? '').length && (endLine > line || end >= start), JSON.stringify({ finding, code: input.code }));
    }
    const said = [findingWords(finding), ...finding.fixes.map(fix => fixWords(fix, finding))];
    // One short line each, whatever the names are.
    assert.ok(said.every(text => text !== '' && text.length < 700 && !/[\n\r\u0000\u202e]/u.test(text)), JSON.stringify(said));
  }
}

describe('the checks', () => {

  it('survive any code and any answer', () => {
    fc.assert(fc.property(inputs, look), { numRuns: 1500 });
  });

  it('survive hostile names wherever a name may stand', () => {
    for (const name of HOSTILE) {
      const text = JSON.stringify(name);
      for (const runtime of ['node22', 'node12']) {
        look({
          code: `const a = require(${text});\nexports[${text}] = async () => {};\nexports.onExecutePostLogin = async (event) => event.secrets[${text}];\nmodule.exports = { ${text}: 1, ...a };`,
          runtime,
          triggers: [{ id: name, version: name }],
          dependencies: [{ name, version: name }],
          secrets: [name],
          modules: [name],
          packages: new Map([[name, 'missing']]),
        });
      }
    }
  });

  it('survive code that nests as deep as it is long', () => {
    const n = 50_000;
    for (const code of ['('.repeat(n), '['.repeat(n), '{'.repeat(n), 'a('.repeat(n), '`${'.repeat(n), 'a=>'.repeat(n), '!'.repeat(n), 'a.'.repeat(n), 'a?'.repeat(n), 'if(a)'.repeat(n), `${'['.repeat(n)}${']'.repeat(n)}`, `${'a+'.repeat(n)}a`, 'a?.b'.repeat(n), `x=${'function(){'.repeat(n)}`, 'class A extends '.repeat(6000), '/*'.repeat(n), '##A##'.repeat(20_000), "require('".repeat(11_000), 'import '.repeat(14_000), `/${'(a|'.repeat(n)}/`, `/${'(?:'.repeat(3000)}a${')*'.repeat(3000)}/`]) {
      look({ code, runtime: 'node22', triggers: [{ id: 'post-login', version: 'v3' }], dependencies: [{ name: 'lodash', version: '4.17.21' }], secrets: ['A'], modules: [] });
    }
  });

  it('are all run', () => {
    assert.ok(Object.keys(CHECKS).length >= 14);
  });
});
