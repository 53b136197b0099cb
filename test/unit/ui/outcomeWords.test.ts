/** What came of a run with an event, in words: what it shows, what it cannot show, and that hostile texts keep to their lines. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Uri } from 'vscode';
import { judge } from '../../../src/actions/runs/verdict.ts';
import { callWords, differenceWords, notJudgedWords, outcomePage } from '../../../src/ui/runs/outcomeWords.ts';
import type { RunOutcome } from '../../../src/ui/runs/outcomes.ts';

const CODE = "exports.onExecutePostLogin = async event => {\n  throw new TypeError('No plan');\n};\n";

function outcome(change: Partial<RunOutcome> = {}): RunOutcome {
  return { where: 'local', uri: Uri.parse('file:///w/code.js'), code: CODE, eventText: '{}', end: 'finished', at: Date.UTC(2026, 4, 20, 12), unsaved: false, stats: [], rest: {}, ms: 1, verdict: judge(undefined, { end: 'finished' }), ...change };
}

const shown = (one: RunOutcome): string => outcomePage(one).done().text;

describe('the page of a run', () => {
  it('of this machine has calls with what is wrong with them, the console and the limits', () => {
    const text = shown(outcome({
      calls: [{ method: 'api.access.dney', args: ['no', { a: 1 }], handler: 'onExecutePostLogin', line: 2, problem: { kind: 'unknownMethod' } }, { method: 'api.cache.set', args: [], handler: 'onExecutePostLogin', problem: { kind: 'missing', parameter: 'key' } }],
      console: [{ level: 'log', text: 'one\ntwo' }], limits: [{ kind: 'console', characters: 300 }, { kind: 'leftBehind', what: ['a timer'] }], stats: [{ name: 'load_ms', value: 3 }],
    }));
    assert.match(text, /^Run on this machine\n[^]*Calls of the api object\n {2}1\. api\.access\.dney\("no", \{"a":1\}\) {2}line 2\n {5}There is no such method in this version of the trigger\.\n {2}2\. api\.cache\.set\(\)\n {5}The argument key is missing\.\n\nConsole\n {2}one\n {2}two\n\nLimits of the service\n {2}Console: 300 characters[^]*with the run: a timer\n\nDurations\n {2}load: 3 ms\n$/u);
    assert.match(shown(outcome({ calls: [], console: [] })), /Calls of the api object\n {2}None\.\n\nConsole\n {2}nothing\n$/u);
  });

  it('of a tenant says what it cannot show, and what could not be judged', () => {
    const verdict = judge({ exactly: false, noCalls: true }, { end: 'finished' });
    const one = outcome({ where: 'tenant', tenant: { name: 'acme', isDemo: true }, unsaved: true, verdict });
    assert.match(shown(one), /^Run in acme\n[^]*demo tenant runs no code[^]*did not run[^]*Not judged\n {2}The event expects calls, or none\.[^]*neither passed nor failed[^]*Calls of the api object\n {2}The service does not tell[^]*Console\n {2}The service does not tell/u);
    assert.notEqual(notJudgedWords(one), undefined);
    assert.equal(notJudgedWords(outcome()), undefined);
  });

  it('leads to the line of an error, and says each difference once', () => {
    const error = { name: 'TypeError', message: 'No plan', stack: 'TypeError: No plan\n    at exports.onExecutePostLogin (/x/code.js:2:9)' };
    const { text, links } = outcomePage(outcome({ end: 'threw', error, errorLine: 2, verdict: judge({ exactly: false, calls: [{ method: 'm' }] }, { end: 'threw', error, calls: [] }) })).done();
    assert.match(text, /Result\n {2}It failed: TypeError: No plan\n {2}Expected call is missing: m\(…\)\n\nPlace\n {2}Line 2 of the code/u);
    assert.deepEqual(links.map(({ target }) => target.fragment), ['L2', 'L2']);
  });

  it('keeps to its lines, whatever the code has written', () => {
    const hostile = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(fc.property(hostile, hostile, fc.jsonValue(), (one, other, value) => {
      const call = { method: one, args: [value, other], handler: other };
      const verdict = judge({ exactly: true, calls: [{ method: one, args: [] }], error: `${other}x` }, { end: 'finished', calls: [call] });
      const text = shown(outcome({ calls: [call], console: [{ level: one, text: other }], error: { name: one, message: other, stack: one }, stats: [{ name: other, value: 1 }], rest: { [one]: value }, verdict }));
      assert.doesNotMatch(text, /[\p{Cf}\u2028\u2029\r\t\u0000\u001b]/u);
      assert.ok(text.split('\n').every(line => line.length < 1000));
      for (const difference of verdict.differences) {
        assert.doesNotMatch(differenceWords(difference).text, /[\p{Cc}\p{Cf}\u2028\u2029]/u);
      }
    }), { numRuns: 50 });
    assert.ok(shown(outcome({ console: [{ level: 'log', text: 'x\n'.repeat(100_000) }], calls: Array.from({ length: 5000 }, () => ({ method: 'm', args: ['x'.repeat(1000)], handler: '' })) })).length < 200_000);
  });
});

describe('a difference', () => {
  it('has both sides where there are two, of a bounded length', () => {
    const call = { method: 'm', args: ['x'.repeat(100_000)], handler: 'h' };
    const { text, expected, actual } = differenceWords({ kind: 'missingCall', expected: { method: 'm', args: [1] }, nearest: call });
    assert.equal(text, 'Expected call is missing: m(1)');
    assert.equal(expected, 'm\n[\n  1\n]');
    assert.ok((actual?.length ?? 0) <= 20_000);
    assert.equal(callWords({ method: 'api.access.deny' }), 'api.access.deny(…)');
  });
});
