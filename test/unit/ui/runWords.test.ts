/** What came of runs, as documents: what they say, where their links lead, and that a tenant's words stay on their line. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Uri } from 'vscode';
import type { FailedRun, TestResult } from '../../../src/auth0/runs.ts';
import type { RunText } from '../../../src/ui/runs/runDocuments.ts';
import { eventProblemWords, failureText, testText } from '../../../src/ui/runs/runWords.ts';
import { action, version } from '../support/things.ts';

const CODE = "exports.onExecutePostLogin = async event => {\n  // first\n  throw new TypeError('No plan');\n};\n";
const AT = Date.UTC(2026, 4, 20, 12);
const uri = Uri.parse('auth0-actions://acme/a1/draft/enrich.js');
const STACK = 'TypeError: No plan\n    at exports.onExecutePostLogin (/data/io/node22/u/webtask.js:3:9)\n    at r.run (/data/io/6a54.js:5:16265)';

function tested(result: Partial<TestResult>, more: { readonly isDemo?: boolean; readonly unsaved?: boolean } = {}): RunText {
  return testText({ tenant: { name: 'acme', isDemo: more.isDemo ?? false }, action: action('a1', { name: 'enrich', code: CODE }), place: { uri, code: CODE }, result: { stats: [], rest: {}, ...result }, ms: 41.4, at: AT, unsaved: more.unsaved ?? false });
}

/** The text without its second line, which holds a time of this machine's zone. */
function shown({ text }: RunText): string {
  return text.split('\n').filter((_, index) => index !== 1).join('\n');
}

/** What a link stands on, and where it leads. */
function links({ text, links: all }: RunText): [string, string][] {
  return all.map(({ line, start, end, target }) => [text.split('\n')[line]?.slice(start, end) ?? '', target.fragment]);
}

describe('the result of a test', () => {
  it('says that it ran, and how long each part took', () => {
    const page = tested({ stats: [{ name: 'action_duration_ms', value: 12 }, { name: 'retries', value: 0 }] });
    assert.equal(shown(page), 'Test of enrich in acme\n\nResult\n  It ran to its end without an error.\n\nDurations\n  action duration: 12 ms\n  retries: 0\n');
    assert.match(page.text, /The draft as it is saved there, .*\. Answered after 41 ms\./u);
    assert.deepEqual(page.links, []);
  });

  it('says what the code threw, and leads to the line', () => {
    const page = tested({ error: { name: 'TypeError', message: 'No plan', stack: STACK } });
    assert.equal(shown(page), [
      'Test of enrich in acme', '', 'Result', '  It failed: TypeError: No plan', '', 'Place', '  Line 3 of the draft', "    throw new TypeError('No plan');", '', 'Stack', '  TypeError: No plan',
      '    at exports.onExecutePostLogin (/data/io/node22/u/webtask.js:3:9)', '      at r.run (/data/io/6a54.js:5:16265)', '',
    ].join('\n').replace('    at exports', '    at exports'));
    assert.deepEqual(links(page), [['Line 3 of the draft', 'L3'], ['at exports.onExecutePostLogin (/data/io/node22/u/webtask.js:3:9)', 'L3']]);
  });

  it('invents no line, and says what was left out', () => {
    const page = tested({ error: { name: '', message: '', stack: 'x' }, rest: { commands: [{ type: 'deny' }], logs: 'one\ntwo', nothing: null } }, { isDemo: true, unsaved: true });
    assert.match(page.text, /demo tenant runs no code[^]*was not tested[^]*It failed: an error without a text[^]*names no line[^]*commands\n {2}\[\n {4}\{\n {6}"type": "deny"[^]*logs\n {2}one\n {2}two\n\nnothing\n {2}null/u);
    assert.deepEqual(page.links, []);
  });

  it('keeps to its lines, whatever the service says', () => {
    const hostile = fc.string({ unit: 'binary', maxLength: 600 });
    fc.assert(fc.property(hostile, hostile, hostile, fc.jsonValue(), (name, message, stack, value) => {
      const { text } = tested({ error: { name, message, stack }, stats: [{ name, value: 1 }], rest: { [name]: value } });
      assert.doesNotMatch(text, /[\p{Cf}\u2028\u2029\r\t\u0000]/u);
      assert.ok(text.split('\n').every(line => line.length < 1000));
    }));
    const long = tested({ rest: { logs: 'x\n'.repeat(100_000), ...Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`part ${index}`, 1])) } }).text;
    assert.match(long, /x\n {2}…\n\npart 0\n/u);
    assert.ok(long.split('\n').length < 200);
  });
});

describe('a failed run', () => {
  const run: FailedRun = { logId: '900', date: '2026-05-20T12:03:11.123Z', triggerId: 'post-login', executionId: 'e1', actionId: 'a1', versionId: 'v7', description: 'TypeError: No plan', clientName: 'Shop', userId: 'auth0|1', error: { name: 'TypeError', message: 'No plan', stack: STACK } };

  it('says when, in which flow and version, where, for whom, and how the flow went on', () => {
    const page = failureText({ tenant: 'acme', name: 'enrich', run, now: AT, version: version(7, { code: CODE }), place: { uri, code: CODE }, execution: { status: 'final', results: [{ actionName: 'first', startedAt: '2026-05-20T12:03:11.000000000Z', endedAt: '2026-05-20T12:03:11.040000000Z' }, { actionName: 'enrich', error: 'No plan' }] } });
    assert.match(page.text, /^Failed run of enrich in acme\n {2}.*\(2026-05-20T12:03:11\.123Z\)\n {2}Post Login flow\n {2}v7\n\nError\n {2}TypeError: No plan\n\nPlace\n {2}Line 3 of v7\n/u);
    assert.match(page.text, /Who\n {2}Application: Shop\n {2}User: auth0\|1\n\nThe whole flow\n {2}Status: final\n {2}first: no error, 40 ms\n {2}enrich: No plan\n\nIn the log\n {2}Entry: 900\n {2}Execution: e1\n$/u);
    assert.deepEqual(links(page)[0], ['Line 3 of v7', 'L3']);
  });

  it('says what is not known any more', () => {
    const gone = failureText({ tenant: 'acme', name: 'enrich', run, now: AT, executionProblem: 'Not kept any more.' });
    assert.match(gone.text, /The version that failed is not kept any more\.[^]*The whole flow\n {2}Not kept any more\./u);
    assert.deepEqual(gone.links, []);
    const bare = failureText({ tenant: 'acme', name: 'enrich', run: { logId: '', error: { name: '', message: '', stack: '' } }, now: AT });
    assert.match(bare.text, /no trigger flow\n {2}The log does not say which version it was\.\n\nError\n {2}an error without a text\n$/u);
  });
});

describe('what is wrong with an event', () => {
  it('names the line, and that nothing was sent', () => {
    assert.match(eventProblemWords({ kind: 'syntax', line: 3 }), /line 3 .*Nothing was sent/u);
    assert.match(eventProblemWords({ kind: 'secret', line: 2 }), /line 2.*nothing was sent/u);
    assert.match(eventProblemWords({ kind: 'noObject' }), /Nothing was sent/u);
  });
});
