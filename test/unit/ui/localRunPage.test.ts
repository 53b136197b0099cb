/** What came of a run on this machine, as a document, and where the lenses stand that begin one. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Uri } from 'vscode';
import type { TextDocument } from 'vscode';
import type { LocalRunResult } from '../../../src/actions/runs/localRun.ts';
import { handlerLines } from '../../../src/ui/localRun/handlerLines.ts';
import { localRunText } from '../../../src/ui/localRun/resultPage.ts';
import type { RunText } from '../../../src/ui/runs/runDocuments.ts';

const CODE = 'exports.onExecutePostLogin = async () => {\n  throw new Error();\n};\n';
const uri = Uri.parse('file:///w/code.js');

function page(result: Partial<LocalRunResult>, more: { readonly secrets?: readonly string[]; readonly given?: readonly string[]; readonly packages?: readonly string[]; readonly debug?: boolean } = {}): RunText {
  const subject = { key: uri.toString(), uri, document: {} as TextDocument, name: 'enrich', code: CODE, triggers: [{ id: 'post-login', version: 'v3' }], runtime: 'node22', dependencies: [], secrets: more.secrets ?? [], about: { name: '' }, path: '/w/code.js', isCopy: false, roots: [] };
  const whole: LocalRunResult = { end: 'finished', file: '/w/code.js', calls: [], console: [], handlers: ['onExecutePostLogin'], ms: { load: 1.26, handlers: 0.04 }, limits: [], ...result };
  return localRunText({ subject, result: whole, from: 'pro', nodeVersion: '24.1.0', packages: more.packages ?? [], given: more.given ?? [], debug: more.debug ?? false, at: Date.UTC(2026, 4, 20, 12) });
}

const rest = ({ text }: RunText): string => text.split('\n').slice(2).join('\n');

describe('the result of a run on this machine', () => {
  it('says how it ended, what it called, and how long it took', () => {
    assert.equal(rest(page({})), '  Event: pro\n  Node.js 24.1.0 of this machine; the action has node22.\n\nResult\n  It ran to its end without an error.\n\nCalls of the api object\n  None.\n\nDurations\n  loading: 1.3 ms\n  handlers: 0 ms\n');
    const { text, links } = page({ calls: [{ method: 'api.access.deny', args: ['no', { a: 1 }], handler: 'h', line: 2 }, { method: 'api.a.b', args: [], handler: 'h', problem: { kind: 'unknownMethod' } }] });
    assert.match(text, /Calls of the api object\n {2}1\. api\.access\.deny\("no", \{"a":1\}\) {2}line 2\n {2}2\. api\.a\.b\(\)\n {5}There is no such method/u);
    assert.deepEqual(links.map(({ line, start, end, target }) => [text.split('\n')[line]?.slice(start, end), target.fragment]), [['line 2', 'L2']]);
  });

  it('has a sentence for each end', () => {
    for (const [result, words] of [
      [{ end: 'threw', error: { name: 'Error', message: 'no', stack: 'Error: no\n    at /w/code.js:2:9' }, errorLine: 2 }, /It failed: Error: no\n\nPlace\n {2}Line 2 of the code\n {4}throw new Error\(\);\n\nStack/u],
      [{ end: 'timedOut' }, /ran longer than 20 seconds[^]*Limits of the service\n {2}Time: a run ends after 20 seconds/u],
      [{ end: 'timedOut', stuck: true }, /waits for something that never comes/u],
      [{ end: 'exited', exitCode: 3 }, /ended the process with 3, before/u],
      [{ end: 'exited', signal: 'SIGABRT' }, /ended by SIGABRT/u],
      [{ end: 'stopped' }, /It was stopped/u],
    ] as const) {
      assert.match(page(result).text, words);
    }
  });

  it('names limits, packages, secrets and what is left out', () => {
    const { text } = page({ testSupport: '0.32.0', leftOut: { calls: 3, lines: 4 }, calls: [{ method: 'api.a.b', args: [], handler: 'h' }], console: [{ level: 'warn', text: 'one\ntwo' }], limits: [{ kind: 'console', characters: 300 }, { kind: 'cacheEntries', key: 'k' }, { kind: 'cacheSize', key: 'big' }, { kind: 'leftBehind', what: ['Timeout', 'TCPSocketWrap', 'Timeout'] }] }, { secrets: ['A', 'B'], given: ['A'], packages: ['left 1.0.0 is not installed'], debug: true });
    assert.match(text, /test support of @auth0\/actions 0\.32\.0[^]*no limit of time[^]*3 more are left out[^]*\[warn\] one\n {2}two\n {2}4 more are left out[^]*300 characters, of which the service keeps 256[^]*no room for k[^]*big was refused[^]*Timeout \(2\), TCPSocketWrap[^]*left 1\.0\.0 is not installed[^]*With a value: A\n {2}Without a value: B/u);
  });

  it('keeps to its lines, whatever the code says', () => {
    const hostile = fc.string({ unit: 'binary', maxLength: 600 });
    fc.assert(fc.property(hostile, hostile, fc.jsonValue(), (name, words, value) => {
      const { text } = page({ end: 'threw', error: { name, message: words, stack: words }, calls: [{ method: name, args: [value, words], handler: words, line: 1, problem: { kind: 'missing', parameter: words } }], console: [{ level: name, text: words }], limits: [{ kind: 'leftBehind', what: [words] }, { kind: 'cacheSize', key: name }], testSupport: words });
      assert.doesNotMatch(text, /[\p{Cf}\u2028\u2029\r\t\u0000]/u);
      assert.ok(text.split('\n').every(line => line.length < 1000));
    }));
  });
});

describe('the handler that a lens stands above', () => {
  it('is exported in one of the usual ways', () => {
    for (const [code, at] of [
      ['exports.onExecutePostLogin = async (event, api) => {};', 8],
      ['module.exports.onExecutePostLogin = handler;', 15],
      ['module.exports = { onExecutePostLogin: async () => {} };', 19],
      ['async function onExecutePostLogin() {}\nmodule.exports = { onExecutePostLogin };', 58],
      ['module.exports = { async onExecutePostLogin(event) {} }', 25],
    ] as const) {
      assert.deepEqual(handlerLines(code), [at], code);
    }
    for (const code of ['// exports.onExecutePostLogin = 1', "const text = 'exports.onExecutePostLogin = 1';", 'exports.onContinuePostLogin = 1;', 'call({ onExecutePostLogin: 1 })', 'exports.onExecutePostLogin;', '']) {
      assert.deepEqual(handlerLines(code), [], code);
    }
  });
});
