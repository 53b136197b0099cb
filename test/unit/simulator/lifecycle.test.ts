/** Drafts build, versions are made by deploy: the rules of the state machine, with the clock in hand. */
import assert from 'node:assert/strict';
import { Client } from './client.ts';
import type { Json } from './client.ts';

const ACTION_KEYS = ['id', 'name', 'supported_triggers', 'created_at', 'updated_at', 'code', 'dependencies', 'runtime', 'status', 'secrets', 'all_changes_deployed'];
const NINE_DIGITS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/u;

describe('a simulated action', () => {
  let tenant: Client;
  before(async () => {
    tenant = await Client.start();
  });
  beforeEach(() => tenant.control('reset', {}));
  after(() => tenant.simulator.close());

  async function deployed(change: Json = {}): Promise<string> {
    const id = await tenant.create(change);
    tenant.pass(60_000);
    await tenant.call('POST', `/actions/${id}/deploy`);
    tenant.pass(1000);
    return id;
  }

  it('answers create with 201 and pending, in the recorded key order', async () => {
    const { status, body } = await tenant.call('POST', '/actions', { name: 'one', supported_triggers: [{ id: 'post-login', version: 'v3' }] });
    assert.equal(status, 201);
    assert.deepEqual(Object.keys(body), ACTION_KEYS);
    assert.deepEqual([body['status'], body['all_changes_deployed'], body['runtime'], body['code']], ['pending', false, 'node22', '']);
    assert.match(String(body['created_at']), NINE_DIGITS);
    assert.ok(String(body['created_at']) < String(body['updated_at']));
  });

  it('builds by its dependencies', async () => {
    const seen = async (dependencies: readonly Json[], ...times: number[]): Promise<unknown[]> => {
      const id = await tenant.create({ name: `n${dependencies.length}`, dependencies });
      const statuses: unknown[] = [];
      let at = 0;
      for (const time of times) {
        tenant.pass(time - at);
        at = time;
        statuses.push((await tenant.get(id))['status']);
      }
      return statuses;
    };
    assert.deepEqual(await seen([], 0, 350), ['pending', 'built']);
    assert.deepEqual(await seen([{ name: 'lodash', version: '4.17.21' }], 500, 2800), ['building', 'built']);
    assert.deepEqual(await seen([{ name: 'crypto', version: '17.7.1' }], 500, 10_000, 15_000, 56_000, 999_000), ['building', 'retrying', 'building', 'failed', 'failed']);
    assert.deepEqual(await seen([{ name: 'lodash', version: '0.0.0-missing' }], 56_000), ['failed']);
    assert.deepEqual(await seen([{ name: 'no-such-thing', version: '1.0.0' }], 56_000), ['failed']);
  });

  it('takes as long as control says, now or at the next PATCH alone', async () => {
    const id = await tenant.create();
    tenant.pass(1000);
    await tenant.control('builds', { action: id, ms: 3000, next: true });
    const statuses = [(await tenant.get(id))['status']];
    for (const change of [{ code: '// 2' }, { code: '// 3' }]) {
      await tenant.call('PATCH', `/actions/${id}`, change);
      tenant.pass(2900);
      statuses.push((await tenant.get(id))['status']);
      tenant.pass(200);
      statuses.push((await tenant.get(id))['status']);
    }
    await tenant.control('builds', { action: id, ms: 500 });
    statuses.push((await tenant.get(id))['status']);
    assert.deepEqual(statuses, ['built', 'building', 'built', 'built', 'built', 'pending']);
  });

  it('echoes registry_url until the build is done', async () => {
    const dependencies = [{ name: 'lodash', version: '4.17.21', registry_url: 'https://registry.example' }];
    const id = await tenant.create({ dependencies });
    assert.deepEqual((await tenant.get(id))['dependencies'], dependencies);
    tenant.pass(5000);
    assert.deepEqual((await tenant.get(id))['dependencies'], [{ name: 'lodash', version: '4.17.21' }]);
  });

  it('refuses to deploy a draft that is not built', async () => {
    const id = await tenant.create();
    for (const status of ['pending', 'building', 'retrying', 'failed']) {
      await tenant.control('hold', { action: id, status });
      const { status: code, body } = await tenant.call('POST', `/actions/${id}/deploy`);
      assert.deepEqual([code, body], [400, { statusCode: 400, error: 'Bad Request', message: "A draft must be in the 'built' state before it can be deployed." }]);
    }
  });

  it('deploys with 200, deployed:false first, and shows it deployed a moment later', async () => {
    const id = await tenant.create({ secrets: [{ name: 'A', value: '1' }] });
    tenant.pass(1000);
    const before = await tenant.get(id);
    const { status, body: version } = await tenant.call('POST', `/actions/${id}/deploy`, {});
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(version), ['code', 'dependencies', 'id', 'deployed', 'number', 'secrets', 'status', 'created_at', 'updated_at', 'runtime', 'supported_triggers', 'action']);
    assert.deepEqual([version['deployed'], version['status'], version['number'], version['created_at']], [false, 'built', 1, version['updated_at']]);
    assert.equal((await tenant.get(id))['deployed_version'], undefined);
    tenant.pass(300);
    const after = await tenant.get(id);
    assert.deepEqual(Object.keys(after), [...ACTION_KEYS.slice(0, -1), 'current_version', 'deployed_version', 'all_changes_deployed']);
    assert.deepEqual([after['all_changes_deployed'], after['updated_at'], after['status']], [true, before['updated_at'], 'built']);
    const current = after['current_version'] as Json;
    const live = after['deployed_version'] as Json;
    assert.deepEqual(Object.keys(current), ['id', 'code', 'runtime', 'status', 'number', 'build_time', 'created_at', 'updated_at']);
    assert.deepEqual(Object.keys(live), ['code', 'dependencies', 'id', 'deployed', 'number', 'built_at', 'secrets', 'status', 'created_at', 'updated_at', 'runtime', 'supported_triggers']);
    assert.deepEqual([current['status'], live['status'], live['deployed'], live['id']], ['BUILT', 'built', true, version['id']]);
  });

  it('adds a version with every deploy, and compares content for all_changes_deployed', async () => {
    const id = await deployed();
    const patched = await tenant.call('PATCH', `/actions/${id}`, {});
    assert.equal(patched.body['status'], 'pending');
    assert.equal(patched.body['all_changes_deployed'], true);
    assert.equal((await tenant.call('PATCH', `/actions/${id}`, { code: '// 2' })).body['all_changes_deployed'], false);
    tenant.pass(1000);
    assert.equal((await tenant.call('POST', `/actions/${id}/deploy`)).body['number'], 2);
    tenant.pass(1000);
    assert.equal((await tenant.call('POST', `/actions/${id}/deploy`)).body['number'], 3);
  });

  it('keeps, renews and removes secrets as recorded', async () => {
    const id = await tenant.create({ secrets: [{ name: 'A', value: '1' }, { name: 'B', value: '2' }] });
    const first = (await tenant.get(id))['secrets'] as Json[];
    tenant.pass(1000);
    const { body } = await tenant.call('PATCH', `/actions/${id}`, { secrets: [{ name: 'A' }, { name: 'C', value: '3' }] });
    const second = body['secrets'] as Json[];
    assert.deepEqual(second[0], first[0]);
    assert.deepEqual(second[1], { name: 'C', updated_at: body['updated_at'] });
    assert.equal(second.length, 2);
    assert.deepEqual((await tenant.call('PATCH', `/actions/${id}`, { code: '// x' })).body['secrets'], second);
    assert.deepEqual((await tenant.call('PATCH', `/actions/${id}`, { secrets: [] })).body['secrets'], []);
    assert.equal((await tenant.call('PATCH', `/actions/${id}`, { secrets: [{ name: 'new' }] })).status, 400);
  });

  it('keeps 50 versions, the newest first in pages without zero values', async () => {
    const id = await tenant.create();
    tenant.pass(1000);
    for (let count = 0; count < 53; count += 1) {
      await tenant.call('POST', `/actions/${id}/deploy`);
      tenant.pass(1000);
    }
    const { body } = await tenant.call('GET', `/actions/${id}/versions?per_page=50`);
    const versions = body['versions'] as Json[];
    assert.deepEqual([versions.length, versions[0]?.['number'], versions.at(-1)?.['number'], body['total'], body['page']], [50, 53, 4, 50, undefined]);
    assert.deepEqual((await tenant.call('GET', `/actions/${id}/versions?page=9`)).body, { versions: [], page: 9, per_page: 20 });
    assert.equal((await tenant.call('GET', `/actions/${id}/versions/${String(versions[3]?.['id'])}`)).body['number'], 50);
  });

  it('rolls back to an old content as a new version, and leaves the draft unless told otherwise', async () => {
    const id = await deployed();
    const one = (await tenant.get(id))['deployed_version'] as Json;
    await tenant.call('PATCH', `/actions/${id}`, { code: '// 2' });
    tenant.pass(1000);
    await tenant.call('POST', `/actions/${id}/deploy`);
    tenant.pass(1000);
    const back = await tenant.call('POST', `/actions/${id}/versions/${String(one['id'])}/deploy`);
    assert.deepEqual([back.status, back.body['number'], back.body['code']], [200, 3, '// 1']);
    tenant.pass(1000);
    assert.deepEqual([(await tenant.get(id))['code'], (await tenant.get(id))['all_changes_deployed']], ['// 2', false]);
    await tenant.call('POST', `/actions/${id}/versions/${String(one['id'])}/deploy`, { update_draft: true });
    tenant.pass(1000);
    assert.deepEqual([(await tenant.get(id))['code'], (await tenant.get(id))['all_changes_deployed']], ['// 1', true]);
  });

  it('can be created as deployed', async () => {
    const { body } = await tenant.call('POST', '/actions', { name: 'x', supported_triggers: [{ id: 'post-login' }], deploy: true });
    const first = body['deployed_version'] as Json;
    assert.deepEqual([first['number'], first['status'], first['deployed'], first['built_at']], [1, 'pending', true, undefined]);
    assert.deepEqual([body['status'], body['all_changes_deployed'], (body['current_version'] as Json)['status']], ['pending', true, 'PENDING']);
    tenant.pass(1000);
    const read = await tenant.get(String(body['id']));
    const live = read['deployed_version'] as Json;
    assert.equal(live['status'], 'built');
    assert.match(String(live['built_at']), NINE_DIGITS);
    assert.ok(String(read['updated_at']) > String(body['updated_at']), 'here the time moves once more');
    tenant.pass(1000);
    assert.equal((await tenant.call('POST', `/actions/${String(body['id'])}/deploy`)).body['number'], 2);
  });

  it('says pending in the answer to create and PATCH also where builds take no time', async () => {
    const instant = await Client.start({ buildScale: 0 });
    try {
      const { body } = await instant.call('POST', '/actions', { name: 'x', supported_triggers: [{ id: 'post-login' }], deploy: true });
      assert.deepEqual([body['status'], (body['deployed_version'] as Json)['status']], ['pending', 'pending']);
      const id = String(body['id']);
      assert.deepEqual([(await instant.get(id))['status'], (await instant.call('PATCH', `/actions/${id}`, {})).body['status']], ['built', 'pending']);
      const { body: version } = await instant.call('POST', `/actions/${id}/deploy`);
      assert.deepEqual([version['deployed'], ((await instant.get(id))['deployed_version'] as Json)['id']], [false, version['id']]);
    } finally {
      await instant.simulator.close();
    }
  });

  it('is found by its id in upper case too', async () => {
    const id = await deployed();
    assert.equal((await tenant.get(id.toUpperCase()))['id'], id);
    assert.equal((await tenant.call('PATCH', '/triggers/post-login/bindings', { bindings: [{ ref: { type: 'action_id', value: id.toUpperCase() } }] })).status, 200);
  });

  it('bears times that only grow, however fast it is changed', async () => {
    const id = await tenant.create();
    tenant.pass(1000);
    let last = String((await tenant.get(id))['updated_at']);
    for (let count = 0; count < 5; count += 1) {
      const { body: version } = await tenant.call('POST', `/actions/${id}/deploy`);
      assert.ok(String(version['created_at']) > last);
      const { body } = await tenant.call('PATCH', `/actions/${id}`, {});
      assert.ok(String(body['updated_at']) > String(version['created_at']));
      last = String(body['updated_at']);
      tenant.pass(250);
    }
  });

  it('takes any trigger and runtime that may exist, and keeps what it is not sent', async () => {
    for (const [id, version, runtime] of [['login-post-identifier', 'v1', 'node18-actions'], ['custom-token-exchange-beta', 'v1', 'node22'], ['new-thing', 'v9', 'node24'], ['post-login', 'v1', 'node12'], ['post-login', 'v2', 'node16']] as const) {
      const { status, body } = await tenant.call('POST', '/actions', { name: id, supported_triggers: [{ id, version }], runtime });
      assert.deepEqual([status, body['supported_triggers'], body['runtime']], [201, [{ id, version }], runtime]);
      assert.deepEqual((await tenant.call('PATCH', `/actions/${String(body['id'])}`, { code: '// x' })).body['runtime'], runtime);
      assert.equal((await tenant.call('GET', `/triggers/${id}/bindings`)).status, 200);
    }
  });

  it('is gone after DELETE, which a binding prevents unless it is forced', async () => {
    const id = await deployed();
    await tenant.call('PATCH', '/triggers/post-login/bindings', { bindings: [{ ref: { type: 'action_id', value: id } }] });
    assert.deepEqual((await tenant.call('DELETE', `/actions/${id}`)).body['message'], 'Unable to delete an action bound to a trigger.');
    assert.equal((await tenant.call('DELETE', `/actions/${id}?force=true`)).status, 204);
    const gone = await tenant.call('GET', `/actions/${id}`);
    assert.deepEqual([gone.status, gone.body], [404, { statusCode: 404, error: 'Not Found', message: 'That action does not exist.' }]);
    assert.deepEqual((await tenant.call('GET', '/triggers/post-login/bindings')).body, { bindings: [], per_page: 20 });
  });

  it('binds in order, with new ids each time, only where it may', async () => {
    const id = await deployed();
    const bind = (...refs: Json[]): Promise<{ status: number; body: Json }> => tenant.call('PATCH', '/triggers/post-login/bindings', { bindings: refs.map(ref => ({ ref, display_name: 'x' })) });
    const first = (await bind({ type: 'action_id', value: id }, { type: 'action_name', value: 'one' })).body['bindings'] as Json[];
    const second = (await bind({ type: 'action_id', value: id }, { type: 'action_name', value: 'one' })).body['bindings'] as Json[];
    assert.equal(second.length, 2);
    assert.ok(second.every(binding => !first.some(old => old['id'] === binding['id'])));
    assert.deepEqual(Object.keys(second[0] ?? {}), ['id', 'trigger_id', 'action', 'created_at', 'updated_at', 'display_name']);
    assert.equal((second[0]?.['action'] as Json)['code'], undefined);
    const never = await tenant.create({ name: 'never' });
    assert.match(String((await bind({ type: 'action_id', value: never })).body['message']), /has not been deployed yet/u);
    const wrong = await deployed({ name: 'wrong', supported_triggers: [{ id: 'credentials-exchange', version: 'v2' }] });
    assert.match(String((await bind({ type: 'action_id', value: wrong })).body['message']), /incompatible/u);
    assert.match(String((await bind({ nonsense: true })).body['message']), /Data does not match any schemas from 'oneOf''/u);
    assert.deepEqual((await tenant.call('GET', '/triggers/event-stream/bindings')).body, { bindings: [], per_page: 20 });
  });

  it('lets a next version fail, and keeps the one before live', async () => {
    const id = await deployed();
    const errors = [{ id: 'E', msg: 'No', url: 'https://example.com' }];
    await tenant.control('next-version', { action: 'one', status: 'failed', errors });
    const { body } = await tenant.call('POST', `/actions/${id}/deploy`);
    assert.equal(body['status'], 'built');
    const read = async (): Promise<Json> => (await tenant.call('GET', `/actions/${id}/versions/${String(body['id'])}`)).body;
    assert.equal((await read())['status'], 'building');
    tenant.pass(2000);
    assert.deepEqual([(await read())['status'], (await read())['errors'], (await read())['deployed']], ['failed', errors, false]);
    assert.equal(((await tenant.get(id))['deployed_version'] as Json)['number'], 1);
    await tenant.call('POST', `/actions/${id}/deploy`);
    tenant.pass(1000);
    assert.equal(((await tenant.get(id))['deployed_version'] as Json)['number'], 3);
  });
});
