/** Files of events: what is the event and what is ours, what is wrong where, and how a run is judged by what was expected. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readEventFile } from '../../../src/actions/runs/eventFile.ts';
import type { EventFileProblem, Expectation } from '../../../src/actions/runs/eventFile.ts';
import { eventNameProblem, freeName } from '../../../src/actions/runs/eventNames.ts';
import type { ApiCall } from '../../../src/actions/runs/localRun.ts';
import { judge } from '../../../src/actions/runs/verdict.ts';
import type { JudgedRun, Verdict } from '../../../src/actions/runs/verdict.ts';
import { parseJson } from '../../../src/auth0/json.ts';

describe('a file of an event', () => {
  it('is the event without what is ours', () => {
    const text = JSON.stringify({ $schema: 'x', user: { name: 'Ada', expect: 1 }, expect: { calls: [{ method: 'api.access.deny', args: ['no'] }], error: false }, continue: { request: {} } });
    assert.deepEqual(readEventFile(text), {
      event: { user: { name: 'Ada', expect: 1 } },
      continueWith: { request: {} },
      expect: { calls: [{ method: 'api.access.deny', args: ['no'] }], exactly: false, error: false },
    });
    assert.deepEqual(readEventFile('{}'), { event: {} });
    assert.deepEqual(readEventFile('{ "expect": {} }'), { event: {}, expect: { exactly: false } });
    // What looks like an answer of ours is an event like any other.
    assert.deepEqual(readEventFile('{ "continue": { "problem": { "kind": "x" } } }'), { event: {}, continueWith: { problem: { kind: 'x' } } });
  });

  it('never hands on what is ours, whatever else it holds', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), event => {
      const read = readEventFile(JSON.stringify({ ...event, $schema: 1, expect: { error: true }, continue: {} }));
      if ('event' in read) {
        assert.deepEqual(Object.keys(read.event).filter(key => ['expect', 'continue', '$schema'].includes(key)), []);
        assert.deepEqual(read.event, Object.fromEntries(Object.entries(parseJson(JSON.stringify(event)) as object).filter(([key]) => !['expect', 'continue', '$schema'].includes(key))));
      } else {
        assert.equal(read.problem.kind, 'secret');
      }
    }));
  });

  const wrong: readonly (readonly [string, EventFileProblem])[] = [
    ['{\n  "user": {},\n}', { kind: 'syntax', line: 3 }],
    ['[]', { kind: 'noObject' }],
    ['{\n  "secrets": { "K": "v" }\n}', { kind: 'secret', line: 2 }],
    ['{\n  "user": { "secrets": { "a": 1 } },\n  "continue": {\n    "secrets": { "K": "v" }\n  }\n}', { kind: 'secret', line: 4 }],
    ['{\n  "continue": []\n}', { kind: 'shape', line: 2, path: 'continue', wants: 'object' }],
    ['{\n  "user": { "expect": 1 },\n  "expect": true\n}', { kind: 'shape', line: 3, path: 'expect', wants: 'object' }],
    ['{\n  "expect": {\n    "call": []\n  }\n}', { kind: 'unknownKey', line: 3, path: 'expect.call' }],
    ['{\n  "expect": {\n    "calls": {}\n  }\n}', { kind: 'shape', line: 3, path: 'expect.calls', wants: 'list' }],
    ['{\n  "expect": {\n    "calls": [\n      { "method": "a" },\n      "b"\n    ]\n  }\n}', { kind: 'shape', line: 5, path: 'expect.calls[1]', wants: 'object' }],
    ['{\n  "expect": {\n    "calls": [\n      [ { "x": [1, 2] } ],\n      {}\n    ]\n  }\n}', { kind: 'shape', line: 4, path: 'expect.calls[0]', wants: 'object' }],
    ['{\n  "expect": {\n    "calls": [\n      { "method": "a" },\n      {\n        "args": [1]\n      }\n    ]\n  }\n}', { kind: 'shape', line: 5, path: 'expect.calls[1].method', wants: 'text' }],
    ['{\n  "expect": {\n    "calls": [\n      {\n        "method": "a:b,[c",\n        "args": 1\n      }\n    ]\n  }\n}', { kind: 'shape', line: 6, path: 'expect.calls[0].args', wants: 'list' }],
    ['{\n  "expect": {\n    "calls": [{ "method": "a",\n      "arg": [] }]\n  }\n}', { kind: 'unknownKey', line: 4, path: 'expect.calls[0].arg' }],
    ['{\n  "expect": {\n    "exactly": 1\n  }\n}', { kind: 'shape', line: 3, path: 'expect.exactly', wants: 'trueOrFalse' }],
    ['{\n  "expect": {\n    "noCalls": false\n  }\n}', { kind: 'shape', line: 3, path: 'expect.noCalls', wants: 'trueOrMethods' }],
    ['{\n  "expect": {\n    "noCalls": [1]\n  }\n}', { kind: 'shape', line: 3, path: 'expect.noCalls', wants: 'trueOrMethods' }],
    ['{\n  "expect": {\n    "error": ""\n  }\n}', { kind: 'shape', line: 3, path: 'expect.error', wants: 'errorText' }],
    ['{\n  "expect": {\n    "error": null\n  }\n}', { kind: 'shape', line: 3, path: 'expect.error', wants: 'errorText' }],
    ['{ "x": "{\\"expect\\": 1",\r\n\r\n "\\u0065xpect": 1 }', { kind: 'shape', line: 3, path: 'expect', wants: 'object' }],
  ];
  for (const [text, problem] of wrong) {
    it(`${JSON.stringify(text)} is wrong in ${'line' in problem ? `line ${problem.line}` : 'the whole'}`, () => {
      assert.deepEqual(readEventFile(text), { problem });
    });
  }

  it('has its line within the text, and is read in no time, whatever it holds', () => {
    fc.assert(fc.property(fc.jsonValue(), expect => {
      const text = JSON.stringify({ first: [expect], expect }, undefined, 1);
      const read = readEventFile(text);
      if ('problem' in read && 'line' in read.problem) {
        assert.ok(read.problem.line > 1 && read.problem.line <= text.split('\n').length);
      }
    }));
    const begun = performance.now();
    readEventFile(`{"x":${'['.repeat(2000)}${']'.repeat(2000)},"y":"${'\\\\'.repeat(200_000)}","expect":1}`);
    assert.ok(performance.now() - begun < 20_000);
  });
});

const call = (method: string, ...args: unknown[]): ApiCall => ({ method, args, handler: 'onExecutePostLogin' });
const DENY = call('api.access.deny', 'no');
const CLAIM = call('api.idToken.setCustomClaim', 'plan', { name: 'gold', tags: ['a'] });
const THROWN = { name: 'TypeError', message: 'No plan', stack: '' };

describe('a verdict', () => {
  const ran = (calls?: readonly ApiCall[], more: Partial<JudgedRun> = {}): JudgedRun => ({ end: 'finished', ...(calls === undefined ? {} : { calls }), ...more });
  const threw = (calls?: readonly ApiCall[]): JudgedRun => ran(calls, { end: 'threw', error: THROWN });
  const short = ({ outcome, differences, notJudged }: Verdict): string => [outcome, ...differences.map(one => one.kind), ...notJudged.map(one => `?${one}`)].join(' ');
  const expect = (one: Partial<Expectation>): Expectation => ({ exactly: false, ...one });

  const cases: readonly (readonly [string, Partial<Expectation> | undefined, JudgedRun, string])[] = [
    ['nothing expected', undefined, ran([DENY]), 'passed'],
    ['nothing expected, an error', undefined, threw([]), 'failed unexpectedError'],
    ['nothing expected, in the tenant', undefined, ran(), 'passed'],
    ['nothing expected, too slow', undefined, ran([], { end: 'timedOut' }), 'failed notFinished'],
    ['any error expected, but it was ended', { error: true }, ran([], { end: 'exited' }), 'failed notFinished'],
    ['a call', { calls: [{ method: 'api.access.deny' }] }, ran([CLAIM, DENY]), 'passed'],
    ['a call with its arguments', { calls: [{ method: 'api.idToken.setCustomClaim', args: ['plan', { tags: ['a'], name: 'gold' }] }] }, ran([CLAIM]), 'passed'],
    ['a call with other arguments', { calls: [{ method: 'api.access.deny', args: ['yes'] }] }, ran([DENY]), 'failed missingCall'],
    ['a call with fewer arguments', { calls: [{ method: 'api.access.deny', args: [] }] }, ran([DENY]), 'failed missingCall'],
    ['calls in their order', { calls: [{ method: 'api.idToken.setCustomClaim' }, { method: 'api.access.deny' }] }, ran([CLAIM, CLAIM, DENY]), 'passed'],
    ['calls in another order', { calls: [{ method: 'api.access.deny' }, { method: 'api.idToken.setCustomClaim' }] }, ran([CLAIM, DENY]), 'failed callTooEarly'],
    ['a call twice', { calls: [{ method: 'api.access.deny' }, { method: 'api.access.deny' }] }, ran([DENY]), 'failed missingCall'],
    ['exactly these calls', { calls: [{ method: 'api.access.deny' }], exactly: true }, ran([DENY]), 'passed'],
    ['exactly these calls, and another', { calls: [{ method: 'api.access.deny' }], exactly: true }, ran([DENY, CLAIM]), 'failed extraCall'],
    ['exactly these calls, one with other arguments', { calls: [{ method: 'api.access.deny', args: [1] }], exactly: true }, ran([DENY]), 'failed missingCall'],
    ['exactly no call', { calls: [], exactly: true }, ran([DENY]), 'failed extraCall'],
    ['exactly, without a list', { exactly: true }, ran([DENY]), 'failed extraCall'],
    ['no calls', { noCalls: true }, ran([]), 'passed'],
    ['no calls, and there was one', { noCalls: true }, ran([DENY]), 'failed forbiddenCall'],
    ['not these calls', { noCalls: ['api.access.deny'] }, ran([CLAIM, DENY, DENY]), 'failed forbiddenCall forbiddenCall'],
    ['an error', { error: true }, threw(), 'passed'],
    ['an error with a text', { error: 'TypeError: No' }, threw(), 'passed'],
    ['an error with another text', { error: 'Yes' }, threw(), 'failed otherError'],
    ['an error that did not come', { error: 'No' }, ran([]), 'failed noError'],
    ['no error', { error: false }, threw([]), 'failed unexpectedError'],
    ['calls, in the tenant', { calls: [{ method: 'api.access.deny' }] }, ran(), 'unknown ?calls'],
    ['no calls, in the tenant', { noCalls: ['api.access.deny'], exactly: true }, ran(), 'unknown ?calls ?noCalls'],
    ['calls and an error, in the tenant', { calls: [], error: false }, threw(), 'failed unexpectedError ?calls'],
    ['an empty list of forbidden calls, in the tenant', { noCalls: [] }, ran(), 'passed'],
  ];
  for (const [what, expected, run, verdict] of cases) {
    it(`for ${what}: ${verdict}`, () => {
      assert.equal(short(judge(expected === undefined ? undefined : expect(expected), run)), verdict);
    });
  }

  it('says what came instead', () => {
    assert.deepEqual(judge(expect({ calls: [{ method: 'api.access.deny', args: ['yes'] }] }), ran([CLAIM, DENY])).differences, [{ kind: 'missingCall', expected: { method: 'api.access.deny', args: ['yes'] }, nearest: DENY }]);
  });

  it('takes the same calls for the same, whatever is in them', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.array(fc.jsonValue()))), made => {
      const calls = made.map(([method, args]) => call(method, ...args));
      const expected = parseJson(JSON.stringify(calls.map(({ method, args }) => ({ method, args })))) as Expectation['calls'];
      assert.equal(judge(expect({ ...(expected === undefined ? {} : { calls: expected }), exactly: true }), ran(calls)).outcome, 'passed');
    }));
    assert.equal(judge(expect({ calls: [{ method: 'm', args: [{}, null] }] }), ran([call('m', { a: undefined }, undefined)])).outcome, 'passed');
    for (const [one, other] of [[[1], { 0: 1 }], [{ __proto__: null }, [] ], ['1', 1], [{ a: 1 }, { b: 1 }], [{}, null], [[], [null]]] as const) {
      assert.equal(judge(expect({ calls: [{ method: 'm', args: [one] }] }), ran([call('m', other)])).outcome, 'failed');
    }
  });
});

describe('the name of an event', () => {
  it('is one of a file on any machine, and not taken', () => {
    for (const name of ['first login', 'a', '(new)', 'élève-2', 'v1.2', 'ログイン']) {
      assert.equal(eventNameProblem(name, ['other']), undefined, name);
    }
    for (const [name, problem] of [['', 'empty'], ['  ', 'empty'], ['x'.repeat(61), 'tooLong'], ['../x', 'characters'], ['a/b', 'characters'], ['a\\b', 'characters'], ['.x', 'characters'], ['x.', 'characters'], ['x ', 'characters'], ['a:b', 'characters'], ['a\nb', 'characters'], ['a\u202eb', 'characters'], ['nul', 'device'], ['COM1', 'device'], ['con.x', 'device'], ['Other', 'taken']] as const) {
      assert.equal(eventNameProblem(name, ['other']), problem, name);
    }
    assert.equal(eventNameProblem('e\u0301te\u0301', ['\u00e9t\u00e9']), 'taken');
    assert.deepEqual([freeName('sample', []), freeName('sample', ['Sample', 'sample-2'])], ['sample', 'sample-3']);
  });
});
