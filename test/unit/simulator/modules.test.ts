/** Modules: a draft, versions published from it, and actions that pin one. */
import assert from 'node:assert/strict';
import { Client } from './client.ts';
import type { Answer, Json } from './client.ts';

const SIX_DIGITS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/u;
const KEYS = ['id', 'name', 'code', 'dependencies', 'secrets', 'all_changes_published', 'actions_using_module_total', 'created_at', 'updated_at'];

describe('a simulated module', () => {
  let tenant: Client;
  before(async () => {
    tenant = await Client.start();
  });
  beforeEach(() => tenant.control('reset', {}));
  after(() => tenant.simulator.close());

  const make = async (change: Json = {}): Promise<string> => String((await tenant.call('POST', '/modules', { name: 'one', code: '// 1', ...change })).body['id']);
  const get = async (id: string): Promise<Json> => (await tenant.call('GET', `/modules/${id}`)).body;
  const publish = (id: string): Promise<Answer> => tenant.call('POST', `/modules/${id}/versions`);

  /** An action whose deployed version pins a version of the module. */
  async function use(moduleId: string, versionId: string): Promise<string> {
    const id = await tenant.create({ modules: [{ module_id: moduleId, module_version_id: versionId }] });
    tenant.pass(1000);
    await tenant.call('POST', `/actions/${id}/deploy`);
    tenant.pass(1000);
    return id;
  }

  it('is created unpublished, in the recorded key order, with times of six digits', async () => {
    const { status, body } = await tenant.call('POST', '/modules', { name: 'one', code: '// 1', secrets: [{ name: 'S', value: 'v' }], dependencies: [{ name: 'lodash', version: '4.17.21' }] });
    assert.equal(status, 201);
    assert.deepEqual(Object.keys(body), KEYS);
    assert.deepEqual([body['all_changes_published'], body['actions_using_module_total'], body['created_at']], [false, 0, body['updated_at']]);
    assert.match(String(body['created_at']), SIX_DIGITS);
    assert.deepEqual(body['secrets'], [{ name: 'S', updated_at: body['created_at'] }]);
    assert.deepEqual(await get(String(body['id'])), body);
    assert.equal((await tenant.call('GET', `/modules/${String(body['id']).toUpperCase()}`)).status, 200);
  });

  it('answers PATCH with its first time, and shows the new one when it is read', async () => {
    const id = await make();
    tenant.pass(5000);
    const { body } = await tenant.call('PATCH', `/modules/${id}`, { secrets: [{ name: 'S', value: 'v' }] });
    assert.deepEqual([body['updated_at'], body['secrets']], [body['created_at'], [{ name: 'S', updated_at: body['created_at'] }]]);
    const read = await get(id);
    assert.ok(String(read['updated_at']) > String(read['created_at']));
    assert.deepEqual([read['secrets'], read['code']], [[{ name: 'S', updated_at: read['updated_at'] }], '// 1']);
    const kept = await tenant.call('PATCH', `/modules/${id}`, { code: '// 2' });
    assert.deepEqual(kept.body['secrets'], read['secrets']);
  });

  it('publishes its draft, once for each change, and leaves its own time alone', async () => {
    const id = await make();
    const before = await get(id);
    const { status, body: version } = await publish(id);
    assert.deepEqual([status, Object.keys(version)], [200, ['id', 'module_id', 'version_number', 'code', 'secrets', 'dependencies', 'created_at']]);
    assert.deepEqual(await get(id), { ...before, all_changes_published: true, latest_version: { id: version['id'], version_number: 1, code: '// 1', dependencies: [], secrets: [] } });
    const again = await publish(id);
    assert.deepEqual([again.status, again.body], [409, { statusCode: 409, error: 'Conflict', message: 'No draft version is available to publish.' }]);
    await tenant.call('PATCH', `/modules/${id}`, { code: '// 2' });
    assert.equal((await get(id))['all_changes_published'], false);
    assert.equal((await publish(id)).body['version_number'], 2);
    assert.deepEqual((await tenant.call('GET', `/modules/${id}/versions/${String(version['id'])}`)).body, version);
    assert.equal((await tenant.call('GET', `/modules/${id}/versions/nothing`)).status, 404);
  });

  it('keeps zero values in its pages, apart from the total of its actions', async () => {
    assert.deepEqual((await tenant.call('GET', '/modules?page=0&per_page=50')).body, { modules: [], total: 0, page: 0, per_page: 50 });
    const id = await make({ publish: true });
    const { body } = await tenant.call('GET', '/modules');
    assert.deepEqual([(body['modules'] as Json[]).map(module => [Object.keys(module).at(-1), module['latest_version_number']]), body['total'], body['page']], [[['latest_version_number', 1]], 1, 0]);
    assert.deepEqual((await tenant.call('GET', `/modules/${id}/versions?page=1&per_page=50`)).body, { versions: [], total: 0, page: 1, per_page: 50 });
    assert.deepEqual((await tenant.call('GET', `/modules/${id}/actions`)).body, { actions: [], page: 0, per_page: 20 });
  });

  it('knows the actions that use it, and stays while they do', async () => {
    const id = await make({ publish: true });
    const version = (await get(id))['latest_version'] as Json;
    const action = await use(id, String(version['id']));
    assert.deepEqual((await tenant.get(action))['modules'], [{ module_id: id, module_name: 'one', module_version_id: version['id'], module_version_number: 1 }]);
    assert.equal((await get(id))['actions_using_module_total'], 1);
    assert.deepEqual((await tenant.call('GET', `/modules/${id}/actions`)).body, {
      actions: [{ action_id: action, action_name: 'one', module_version_id: version['id'], module_version_number: 1, supported_triggers: [{ id: 'post-login', version: 'v3' }] }], total: 1, page: 0, per_page: 20,
    });
    const refused = await tenant.call('DELETE', `/modules/${id}`);
    assert.deepEqual([refused.status, refused.body['error'], refused.body['message']], [412, 'Precondition Failed', 'The Actions Module cannot be deleted because it is in use by one or more actions.']);
    await tenant.call('PATCH', `/actions/${action}`, { modules: [] });
    assert.deepEqual([(await tenant.get(action))['all_changes_deployed'], (await tenant.call('DELETE', `/modules/${id}`)).status], [false, 412]);
    tenant.pass(1000);
    await tenant.call('POST', `/actions/${action}/deploy`);
    tenant.pass(1000);
    assert.deepEqual([(await get(id))['actions_using_module_total'], (await tenant.get(action))['modules']], [0, undefined]);
    await tenant.create({ name: 'draft', modules: [{ module_id: id, module_version_id: version['id'] }] });
    assert.equal((await tenant.call('DELETE', `/modules/${id}`)).status, 204);
    assert.equal((await tenant.call('GET', `/modules/${id}`)).status, 404);
  });

  it('rolls its draft back to a version, and makes none', async () => {
    const id = await make({ publish: true });
    const first = (await get(id))['latest_version'] as Json;
    const same = await tenant.call('POST', `/modules/${id}/rollback`, { module_version_id: first['id'] });
    assert.deepEqual([same.status, same.body['message']], [409, 'The specified version is already the current draft version.']);
    await tenant.call('PATCH', `/modules/${id}`, { code: '// 2' });
    await publish(id);
    const { status, body } = await tenant.call('POST', `/modules/${id}/rollback`, { module_version_id: first['id'] });
    assert.deepEqual([status, body['code'], body['all_changes_published'], (body['latest_version'] as Json)['version_number']], [200, '// 1', false, 2]);
    assert.equal((await tenant.call('POST', `/modules/${id}/rollback`, { module_version_id: 'nothing' })).status, 404);
  });

  it('refuses what does not fit', async () => {
    await make();
    const post = async (body: Json): Promise<unknown[]> => {
      const answer = await tenant.call('POST', '/modules', body);
      return [answer.status, answer.body['errorCode'] ?? answer.body['message']];
    };
    assert.deepEqual(await post({ name: 'one', code: '' }), [409, 'An action module with the same name already exists.']);
    for (const body of [{ name: 'two' }, { name: 'two', code: 'x'.repeat(65_537) }, { name: 'x'.repeat(256), code: '' }, { name: 'two', code: '', secrets: [{ name: 'S' }] }, { name: 'two', code: '', dependencies: [{ name: 'd' }] }, { name: 'two', code: '', unknown: 1 }, { name: 'two', code: 1 }]) {
      assert.deepEqual(await post(body), [400, 'invalid_body'], JSON.stringify(body).slice(0, 80));
    }
    assert.equal((await tenant.call('PATCH', `/modules/${await make({ name: 'three' })}`, { name: 'four' })).status, 400);
    for (const [method, path] of [['GET', ''], ['PATCH', ''], ['DELETE', ''], ['GET', '/versions'], ['POST', '/versions'], ['GET', '/actions'], ['POST', '/rollback']] as const) {
      assert.equal((await tenant.call(method, `/modules/absent${path}`, method === 'GET' || method === 'DELETE' ? undefined : {})).status, 404, `${method} ${path}`);
    }
  });
});
