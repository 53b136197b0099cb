/** Logs, executions, log sessions and test runs. */
import assert from 'node:assert/strict';
import { parseQuery } from '../../../src/simulator/logs.ts';
import { Client } from './client.ts';
import type { Json } from './client.ts';

describe('runs of the simulated tenant', () => {
  let tenant: Client;
  before(async () => {
    tenant = await Client.start({ seed: 'demo' });
  });
  after(() => tenant.simulator.close());

  const logs = async (query: string): Promise<readonly Json[]> => {
    const { status, body } = await tenant.raw(`/api/v2/logs${query}`, { headers: { authorization: `Bearer ${tenant.simulator.token}` } });
    assert.equal(status, 200, query);
    return body as unknown as readonly Json[];
  };
  const details = (entry: Json | undefined): Json => entry?.['details'] as Json;

  it('are in the log where they failed, the newest first', async () => {
    const all = await logs('?q=type:actions_execution_failed');
    assert.ok(all.length >= 12);
    const dates = all.map(entry => String(entry['date']));
    assert.deepEqual(dates, dates.toSorted().reverse());
    assert.deepEqual(await logs('?sort=date:1'), [...all].reverse());
    assert.deepEqual(Object.keys(details(all[0])), ['trigger_id', 'execution_id', 'action_id', 'action_name', 'version_id', 'error_class', 'action_error']);
    assert.deepEqual(Object.keys(details(all[0])['action_error'] as Json), ['name', 'message', 'code', 'stack']);
    assert.deepEqual(await logs('?page=1&per_page=5'), all.slice(5, 10));
    assert.deepEqual(await logs('?page=99'), []);
  });

  it('can be searched', async () => {
    const [first] = await logs('?q=details.action_name:sync-crm');
    const { action_id: id, execution_id: execution } = details(first);
    assert.equal((await logs(`?q=${encodeURIComponent(`type:actions_execution_failed AND details.action_id:"${String(id)}"`)}`)).length, 7);
    assert.equal((await logs(`?q=${encodeURIComponent(`details.execution_id:${String(execution)}`)}`)).length, 1);
    assert.equal((await logs('?q=type:s')).length, 0);
    for (const [query, status] of [['?include_totals=true', 400], ['?sort=nonsense', 400], ['?per_page=101', 400]] as const) {
      assert.equal((await tenant.raw(`/api/v2/logs${query}`, { headers: { authorization: `Bearer ${tenant.simulator.token}` } })).status, status, query);
    }
  });

  it('need the scope of logs', async () => {
    const other = await Client.start({ scopes: 'read:actions' });
    try {
      const { status, body } = await other.raw('/api/v2/logs', { headers: { authorization: `Bearer ${other.simulator.token}` } });
      assert.deepEqual([status, body['message']], [403, 'Insufficient scope, expected any of: read:logs']);
    } finally {
      await other.simulator.close();
    }
  });

  it('have an execution for ten days', async () => {
    for (const entry of await logs('')) {
      const { execution_id: id, trigger_id: trigger, action_name: name, error_class: error } = details(entry);
      const { status, body } = await tenant.call('GET', `/executions/${String(id)}`);
      assert.deepEqual([status, Object.keys(body)], [200, ['id', 'trigger_id', 'status', 'results', 'created_at', 'updated_at']]);
      const [result] = body['results'] as Json[];
      assert.deepEqual([body['trigger_id'], body['status'], result?.['action_name'], (result?.['error'] as Json)['id']], [trigger, 'final', name, error]);
      const versions = (await tenant.call('GET', `/actions/${String(details(entry)['action_id'])}/versions?per_page=50`)).body['versions'] as Json[];
      assert.ok(versions.some(version => version['id'] === details(entry)['version_id']), 'the failing version exists');
    }
    const { execution_id: id } = details((await logs(''))[0]);
    tenant.pass(10 * 86_400_000);
    assert.equal((await tenant.call('GET', `/executions/${String(id)}`)).body['message'], 'That execution does not exist.');
  });

  it('can be followed by a log session', async () => {
    const open = await tenant.call('POST', '/log-sessions', {});
    assert.deepEqual([open.status, Object.keys(open.body)], [201, ['url', 'expires']]);
    assert.match(String(open.body['url']), /\/actions\/log-sessions\/tail\?token=.{20,}/u);
    assert.ok(Date.parse(String(open.body['expires'])) > tenant.clock.now);
    assert.equal((await tenant.call('POST', '/log-sessions', { filters: [{ key: 'action_id', val: 'x' }] })).status, 200);
  });

  it('can be tried with a draft, whose errors are no errors of the call', async () => {
    const run = async (code: string, change: Json = {}): Promise<Json> => {
      const { status, body } = await tenant.call('POST', `/actions/${await tenant.create({ code, ...change })}/test`, { payload: { event: {} } });
      assert.equal(status, 200);
      const payload = body['payload'] as Json;
      assert.ok(Object.entries(payload['stats'] as Json).every(([name, value]) => name.endsWith('_ms') && typeof value === 'number'));
      return (payload['error'] ?? {}) as Json;
    };
    assert.deepEqual(await run('exports.onExecutePostLogin = async (event, api) => {};'), {});
    assert.deepEqual(await run("exports.onExecutePostLogin = async (event) => {\n  // first\n  throw new TypeError('No plan');\n};"), { name: 'TypeError', message: 'No plan', stack: 'TypeError: No plan\n    at index.js:3' });
    assert.equal((await run('exports.onExecutePostLogin = async () => { not javascript'))['name'], 'SyntaxError');
    assert.match(String((await run('exports.other = 1;'))['message']), /onExecutePostLogin/u);
    assert.match(String((await run('exports.onExecutePostLogin = async () => {};', { dependencies: [{ name: 'no-such-thing', version: '1.0.0' }] }))['message']), /Cannot find module/u);
  });

  it('never run the code that is sent', async () => {
    const code = "exports.onExecutePostLogin = async () => {}; }); globalThis.simulatorWasFooled = true; process.exit(3); (function () {";
    const { status } = await tenant.call('POST', `/actions/${await tenant.create({ code })}/test`, { payload: {} });
    assert.deepEqual([status, 'simulatorWasFooled' in globalThis], [200, false]);
    assert.equal((await tenant.call('POST', `/actions/${await tenant.create()}/test`, {})).status, 400);
    assert.equal((await tenant.call('POST', '/actions/absent/test', { payload: {} })).status, 404);
  });
});

describe('the query language of logs', () => {
  const entry = { date: '2026-05-20T12:00:00.000Z', type: 'f', description: 'Wrong password', details: { action_name: 'sync-crm', count: 3 } };
  const cases: readonly (readonly [query: string, found: boolean])[] = [
    ['type:f', true], ['type:F', true], ['type:s', false], ['type:(s OR f)', true], ['type:s OR type:f', true], ['type:f type:s', false], ['NOT type:s', true], ['-type:f', false],
    ['description:"Wrong password"', true], ['description:Wrong*', true], ['description:rong', false], ['password', true], ['"wrong password"', true], ['absent', false],
    ['details.action_name:sync-crm AND details.count:3', true], ['details.action_name:sync', false], ['(type:s OR type:f) AND type:f', true], ['type:s AND type:f OR type:f', true],
    ['date:[2026-05-01 TO 2026-05-20]', true], ['date:[2026-05-21 TO *]', false], ['date:{* TO 2026-05-19}', false], ['details.absent:x', false], ['type:f)', true], ['', true], ['(', true],
  ];
  for (const [query, found] of cases) {
    it(`${query === '' ? 'nothing' : query} ${found ? 'finds' : 'does not find'} it`, () => {
      assert.equal(parseQuery(query)(entry), found);
    });
  }
});
