/** Tests of drafts and the log of failed runs between the real client and a simulated tenant, faults included. */
import assert from 'node:assert/strict';
import { FailedRuns } from '../../../src/actions/runs/failedRuns.ts';
import { lineOfError } from '../../../src/actions/runs/stack.ts';
import { runTest } from '../../../src/actions/runs/testRun.ts';
import type { TestOutcome } from '../../../src/actions/runs/testRun.ts';
import type { ManagementApi } from '../../../src/auth0/api.ts';
import type { RequestRecord } from '../../../src/auth0/requestLane.ts';
import { connectTenant } from '../../../src/node/network.ts';
import { systemClock } from '../../../src/node/systemClock.ts';
import { startSimulator } from '../../../src/simulator/index.ts';
import type { RunningSimulator } from '../../../src/simulator/index.ts';
import { rejection } from '../support/things.ts';

describe('runs over HTTP', () => {
  let simulator: RunningSimulator;
  let api: ManagementApi;
  let requests: RequestRecord[] = [];
  const signal = new AbortController().signal;

  async function start(options: { readonly scopes?: string } = {}): Promise<void> {
    simulator = await startSimulator({ plan: 'enterprise', buildScale: 0, seed: 'demo', ...options });
    const { url, token } = simulator;
    requests = [];
    api = connectTenant({ origin: url, token: () => Promise.resolve(token), clock: systemClock, userAgent: 'test', timeoutMs: 500, onRequest: record => requests.push(record) });
  }
  beforeEach(() => start());
  afterEach(() => simulator.close());

  const faults = (list: unknown): Promise<Response> => fetch(`${simulator.url}/simulator/faults`, { method: 'POST', body: JSON.stringify(list) });
  const posts = (): number => requests.filter(record => record.method === 'POST' && record.path.endsWith('/test')).length;
  const create = async (code: string): Promise<string> => (await api.createAction({ name: `try ${Math.random()}`, triggers: [{ id: 'post-login', version: 'v3' }], runtime: 'node22', code })).id;
  const test = (actionId: string): Promise<TestOutcome> => runTest({ api, actionId, event: { user: {} }, clock: systemClock, random: () => 0 });
  const named = async (name: string): Promise<string> => (await api.listActions(0)).items.find(action => action.name === name)?.id ?? '';

  it('a draft that runs well has durations, one that throws has its line', async () => {
    const well = await test(await create('exports.onExecutePostLogin = async (event, api) => {};'));
    assert.ok(well.kind === 'done' && well.result.error === undefined && well.result.stats.some(one => one.name === 'action_duration_ms'));
    const code = "exports.onExecutePostLogin = async event => {\n  // first\n  throw new TypeError('No plan');\n};\n";
    const broken = await test(await create(code));
    assert.ok(broken.kind === 'done');
    assert.deepEqual([broken.result.error?.name, broken.result.error?.message, lineOfError(broken.result.error?.stack ?? '', code)], ['TypeError', 'No plan', 3]);
    assert.equal(posts(), 2);
  });

  it('a draft whose build failed is not tested', async () => {
    assert.equal((await test(await named('risk-score'))).kind, 'buildFailed');
    assert.equal(posts(), 0);
  });

  const FAULTS: readonly (readonly [string, unknown, string])[] = [
    ['403', { status: 403, body: { statusCode: 403, error: 'Forbidden', message: 'Insufficient scope, expected any of: create:actions' } }, 'forbidden'], ['404', { status: 404 }, 'notFound'], ['429', { status: 429 }, 'rateLimited'], ['400', { status: 400 }, 'invalid'],
    ['500', { status: 500 }, 'lost'], ['503', { status: 503 }, 'lost'], ['reset before', 'reset-before', 'lost'], ['reset after', 'reset-after', 'lost'], ['hang', 'hang', 'lost'], ['truncated', 'truncate', 'lost'], ['malformed', 'malformed', 'lost'],
  ];
  for (const [name, fault, expected] of FAULTS) {
    it(`a test that meets ${name} is sent once, and ${expected === 'lost' ? 'its answer is lost' : `is refused as ${expected}`}`, async () => {
      const id = await create('exports.onExecutePostLogin = async () => {};');
      await faults([{ method: 'POST', path: '/test$', fault }]);
      const going = test(id);
      if (expected === 'lost') {
        assert.equal((await going).kind, 'lost');
      } else {
        assert.equal((await rejection(going)).kind, expected);
      }
      assert.equal(posts(), 1);
    });
  }

  it('a test that waits for its turn is given up, and nothing is sent', async () => {
    const id = await create('exports.onExecutePostLogin = async () => {};');
    const stop = new AbortController();
    const going = runTest({ api, actionId: id, event: {}, clock: systemClock, random: () => 0, signal: stop.signal, onSending: () => stop.abort() });
    assert.equal((await rejection(going)).kind, 'cancelled');
    assert.equal(posts(), 0);
  });

  it('failed runs are listed for all actions and for one, each with its version and execution', async () => {
    const all = new FailedRuns(api);
    await all.more(signal);
    assert.deepEqual([all.hasMore, all.runs.length >= 12, new Set(all.runs.map(run => run.actionName)).size], [false, true, 5]);
    const one = new FailedRuns(api, await named('sync-crm'));
    await one.more(signal);
    assert.equal(one.runs.length, 7);
    for (const run of all.runs) {
      const version = await api.getVersion(run.actionId ?? '', run.versionId ?? '');
      assert.ok(lineOfError(run.error.stack, version.code) !== undefined, run.description);
      const execution = await api.getExecution(run.executionId ?? '');
      assert.deepEqual([execution.status, execution.results.map(result => result.actionName)], ['final', [run.actionName]]);
    }
  });

  it('without the scope of the log it is named', async () => {
    await simulator.close();
    await start({ scopes: 'read:actions create:actions update:actions' });
    const error = await rejection(new FailedRuns(api).more(signal));
    assert.deepEqual([error.kind, error.missingScopes], ['forbidden', ['read:logs']]);
  });

  for (const [name, fault, kind, attempts] of [['404', { status: 404 }, 'notFound', 1], ['429', { status: 429, headers: { 'retry-after': '0' } }, 'rateLimited', 3], ['500', { status: 500 }, 'server', 3], ['malformed', 'malformed', 'malformed', 3], ['an object', { status: 200, body: {} }, 'malformed', 1]] as const) {
    it(`the log that answers with ${name} fails as ${kind} after ${attempts} attempts, and is read once it answers`, async () => {
      const list = new FailedRuns(api);
      await faults([{ path: '/logs$', fault }]);
      assert.equal((await rejection(list.more(signal))).kind, kind);
      assert.equal(requests.filter(record => record.path.endsWith('/logs')).length, attempts);
      await faults([]);
      await list.more(signal);
      assert.ok(list.runs.length > 0);
    });
  }

  it('a reading of the log that is given up ends at once', async () => {
    await faults([{ path: '/logs$', fault: 'hang' }]);
    const stop = new AbortController();
    const going = new FailedRuns(api).more(stop.signal);
    stop.abort();
    assert.equal((await rejection(going)).kind, 'cancelled');
  });
});
