/** Tests of drafts and failed runs: what is sent, and what comes of each answer, however odd. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ManagementApi } from '../../../src/auth0/api.ts';
import { ApiError, isRefusal } from '../../../src/auth0/errors.ts';
import { parseJson } from '../../../src/auth0/json.ts';
import { readExecution, readFailedRuns, readTestResult } from '../../../src/auth0/runs.ts';
import { TOKEN, apiOver } from '../support/apiOverSend.ts';
import { ORIGIN } from '../support/laneParts.ts';
import { answer, bodyless, broken, scripted } from '../support/scriptedSend.ts';
import type { Scripted } from '../support/scriptedSend.ts';
import { rejection } from '../support/things.ts';

const ENTRY = {
  date: '2026-05-20T12:03:11.123Z', type: 'actions_execution_failed', description: 'TypeError: x is undefined', log_id: '900', client_name: 'Shop', user_id: 'auth0|1',
  details: { trigger_id: 'post-login', execution_id: 'e1', action_id: 'a1', action_name: 'enrich', version_id: 'v7', error_class: 'TypeError', action_error: { name: 'TypeError', message: 'x is undefined', code: '', stack: 'TypeError: x is undefined\n    at index.js:3' } },
};

describe('the result of a test', () => {
  it('is an error of the code, durations by the names of the service, and whatever else there is', () => {
    const error = { name: 'TypeError', message: 'No plan', stack: 'TypeError: No plan\n    at index.js:3' };
    assert.deepEqual(readTestResult({ payload: { error, stats: { action_duration_ms: 12, odd: 'x' }, commands: [{ type: 'deny' }] } }), { error, stats: [{ name: 'action_duration_ms', value: 12 }], rest: { commands: [{ type: 'deny' }] } });
    assert.deepEqual(readTestResult({ payload: {} }), { stats: [], rest: {} });
    assert.deepEqual(readTestResult({ payload: { error: null } }).error, undefined);
    assert.deepEqual(readTestResult({ payload: { error: 'a thrown text' } }).error, { name: '', message: 'a thrown text', stack: '' });
  });

  it('is unknown without a payload', () => {
    for (const value of [undefined, null, [], {}, { payload: null }, { payload: [] }, { payload: 'x' }]) {
      assert.throws(() => readTestResult(value), (error: unknown) => error instanceof ApiError && error.kind === 'malformed');
    }
  });
});

describe('entries of the log', () => {
  it('are those of failed runs, with what they say', () => {
    const { runs, isLast } = readFailedRuns([ENTRY, { ...ENTRY, type: 's' }, null, 'x']);
    assert.equal(isLast, true);
    assert.deepEqual(runs, [{
      logId: '900', date: ENTRY.date, description: ENTRY.description, triggerId: 'post-login', executionId: 'e1', actionId: 'a1', actionName: 'enrich', versionId: 'v7', clientName: 'Shop', userId: 'auth0|1',
      error: { name: 'TypeError', message: 'x is undefined', stack: 'TypeError: x is undefined\n    at index.js:3' },
    }]);
  });

  it('go on where a page is full, whatever of it could be read', () => {
    assert.deepEqual(readFailedRuns(Array.from({ length: 100 }, () => ({ type: 'other' }))), { runs: [], isLast: false });
  });

  it('are no list where the answer is none', () => {
    for (const value of [{}, { logs: [] }, undefined]) {
      assert.throws(() => readFailedRuns(value), (error: unknown) => error instanceof ApiError && error.kind === 'malformed');
    }
  });

  it('and executions are read whatever they hold', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const [run] = readFailedRuns([{ type: 'actions_execution_failed', date: one, details: other, log_id: one }]).runs;
      assert.equal(typeof run?.error.message, 'string');
      assert.equal(typeof readFailedRuns([{ type: 'actions_execution_failed', details: { action_error: one } }]).runs[0]?.error.stack, 'string');
      assert.ok(Array.isArray(readExecution(one).results));
      assert.equal(typeof readExecution({ status: one, results: [{ error: other, started_at: one }] }).results[0]?.actionName, 'string');
    }));
  });
});

const CALLS: readonly (readonly [string, (api: ManagementApi, o?: { signal: AbortSignal }) => Promise<unknown>, unknown])[] = [
  ['testAction', (api, o) => api.testAction('a1', { user: {} }, o), { payload: {} }],
  ['listFailedRuns', (api, o) => api.listFailedRuns(0, o), []],
  ['getExecution', (api, o) => api.getExecution('e1', o), { id: 'e1' }],
];

describe('calls about runs', () => {
  it('send what the service takes', async () => {
    const script = scripted(answer(200, { payload: {} }), answer(200, [ENTRY]), answer(200, { status: 'final', results: [{ action_name: 'enrich', error: { id: 'x', msg: 'broke' }, started_at: 's', ended_at: 'e' }, { action_name: 'other' }] }));
    const { api } = apiOver(script);
    await api.testAction('a1', { user: { email: 'a@b.example' } });
    assert.equal((await api.listFailedRuns(2)).runs.length, 1);
    assert.deepEqual(await api.getExecution('e1'), { status: 'final', results: [{ actionName: 'enrich', error: 'broke', startedAt: 's', endedAt: 'e' }, { actionName: 'other' }] });
    assert.deepEqual(script.sent.map(({ method, url, body }) => [method, url.slice(ORIGIN.length), body === undefined ? undefined : parseJson(body)]), [
      ['POST', '/api/v2/actions/actions/a1/test', { payload: { event: { user: { email: 'a@b.example' } } } }],
      ['GET', '/api/v2/logs?q=type%3Aactions_execution_failed&page=2&per_page=100&sort=date%3A-1', undefined],
      ['GET', '/api/v2/actions/executions/e1', undefined],
    ]);
  });

  for (const [name, call, body] of CALLS) {
    it(`${name}: the token is in the Authorization header alone, and its supplier's error comes through`, async () => {
      const script = scripted(answer(200, body));
      const { api, records } = apiOver(script);
      await call(api);
      assert.equal(script.sent[0]?.headers['authorization'], `Bearer ${TOKEN}`);
      assert.equal(JSON.stringify([{ ...script.sent[0], headers: {} }, records]).includes(TOKEN), false);
      assert.equal((await rejection(call(apiOver(script, () => Promise.reject(new Error('the keyring is locked'))).api))).kind, 'auth');
      assert.equal((await rejection(call(apiOver(script, () => Promise.resolve('not a\ntoken')).api))).kind, 'auth');
      assert.equal((await rejection(call(api, { signal: AbortSignal.abort() }))).kind, 'cancelled');
      assert.equal(script.sent.length, 1);
    });
  }

  const lost: readonly [string, Scripted, boolean][] = [
    ['429', answer(429), true], ['403', answer(403), true], ['404', answer(404), true], ['500', answer(500), false], ['503', answer(503), false], ['broken', broken(), false], ['silent', 'hang', false], ['silent body', bodyless(200), false],
    ['html', answer(200, '<html>'), false], ['truncated', answer(200, '{"payload":'), false], ['redirect', answer(302, '', { location: `${ORIGIN}/x` }), false], ['without a payload', answer(200, {}), false], ['204', answer(204, ''), false],
  ];
  for (const [name, failure, refused] of lost) {
    it(`a test is sent once when it is ${name}, and counts as ${refused ? 'refused' : 'lost'}`, async () => {
      const script = scripted(failure, answer(200, { payload: {} }));
      assert.equal(isRefusal(await rejection(apiOver(script).api.testAction('a1', {}))), refused);
      assert.equal(script.sent.length, 1);
    });
  }

  it('that only read are repeated where they failed in passing', async () => {
    const script = scripted(answer(500), broken(), answer(200, [ENTRY]));
    assert.equal((await apiOver(script).api.listFailedRuns(0)).runs.length, 1);
    assert.equal(script.sent.length, 3);
  });

  it('that lack the scope of the log say which', async () => {
    const script = scripted(answer(403, { statusCode: 403, error: 'Forbidden', message: 'Insufficient scope, expected any of: read:logs', errorCode: 'insufficient_scope' }));
    const error = await rejection(apiOver(script).api.listFailedRuns(0));
    assert.deepEqual([error.kind, error.missingScopes], ['forbidden', ['read:logs']]);
  });
});
