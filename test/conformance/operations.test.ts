/** Every operation of the vendor's document exists in the simulated tenant, and asks for the documented scope. */
import assert from 'node:assert/strict';
import { Client } from '../unit/simulator/client.ts';
import { sharedFile, skippedFor } from '../unit/support/sharedFile.ts';
import { isObject, objects } from './replay/recordings.ts';
import type { Json } from './replay/recordings.ts';

const DOCUMENT = 'api/actions-openapi.json';

describe('the documented operations', () => {
  const document = sharedFile(DOCUMENT);
  if (!isObject(document) || !isObject(document['paths'])) {
    skippedFor(DOCUMENT);
    return;
  }
  const operations = Object.entries(document['paths']).flatMap(([path, methods]) => Object.entries(isObject(methods) ? methods : {}).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation: isObject(operation) ? operation : {} })));

  let unable: Client;
  let able: Client;
  before(async () => {
    [unable, able] = await Promise.all([Client.start({ scopes: 'read:users' }), Client.start({ buildScale: 0, now: Date.now })]);
  });
  after(() => Promise.all([unable.simulator.close(), able.simulator.close()]));

  it('are all there are', () => {
    assert.equal(operations.length, 24);
  });

  for (const { path, method, operation } of operations) {
    const called = path.replace('/actions', '');

    it(`${method} ${path} needs its scope`, async () => {
      const { status, body } = await unable.call(method, called.replace(/\{\w+\}/gu, 'post-login'), method === 'GET' || method === 'DELETE' ? undefined : {});
      const scopes = objects(operation['security']).flatMap(one => (Array.isArray(one['oAuth2ClientCredentials']) ? one['oAuth2ClientCredentials'].filter(scope => typeof scope === 'string') : []));
      assert.deepEqual([status, body['message']], [403, `Insufficient scope, expected any of: ${scopes.join(',')}`]);
    });

    it(`${method} ${path} does what is documented`, async () => {
      await able.control('reset', {});
      const ids = await idsFor(able, path);
      const sent = bodies(method, path, await moduleVersion(able));
      const { status, body } = await able.call(method, called.replace(/\{\w+\}/gu, () => ids.shift() ?? ''), sent);
      const documented = Object.keys(isObject(operation['responses']) ? operation['responses'] : {}).filter(code => code.startsWith('2')).map(Number);
      if (path === '/actions/executions/{id}') {
        // Executions come from logins, and an empty tenant has had none.
        assert.deepEqual([status, body['message']], [404, 'That execution does not exist.']);
      } else {
        assert.ok(documented.includes(status) || (documented.includes(202) && status === 200), `${status} ${JSON.stringify(body)}`);
      }
    });
  }
});

/** Creates what a path names, and gives the ids for its placeholders in order. */
async function idsFor(tenant: Client, path: string): Promise<string[]> {
  const ids: string[] = [];
  if (path.startsWith('/actions/actions/')) {
    const id = await tenant.create();
    ids.push(id);
    if (path.includes('/versions/')) {
      ids.push(String((await tenant.call('POST', `/actions/${id}/deploy`)).body['id']));
    }
  } else if (path.startsWith('/actions/modules/')) {
    ids.push(await draftAhead(tenant), (await moduleVersion(tenant)) ?? '');
  } else {
    ids.push('post-login');
  }
  return ids;
}

/** A published module whose draft has changed since, so that it can be published, rolled back and deleted. */
async function draftAhead(tenant: Client): Promise<string> {
  const id = String((await tenant.call('POST', '/modules', { name: 'one', code: '// 1', publish: true })).body['id']);
  await tenant.call('PATCH', `/modules/${id}`, { code: '// 2' });
  return id;
}

async function moduleVersion(tenant: Client): Promise<string | undefined> {
  const [module] = objects((await tenant.call('GET', '/modules')).body['modules']);
  const [version] = module === undefined ? [] : objects((await tenant.call('GET', `/modules/${String(module['id'])}/versions`)).body['versions']);
  return version === undefined ? undefined : String(version['id']);
}

function bodies(method: string, path: string, versionId: string | undefined): Json | undefined {
  switch (`${method} ${path}`) {
    case 'POST /actions/actions': return { name: 'x', supported_triggers: [{ id: 'post-login', version: 'v3' }] };
    case 'POST /actions/actions/{id}/test': return { payload: {} };
    case 'POST /actions/modules': return { name: 'x', code: '' };
    case 'POST /actions/modules/{id}/rollback': return { module_version_id: versionId };
    case 'PATCH /actions/triggers/{triggerId}/bindings': return { bindings: [] };
    default: return method === 'PATCH' ? {} : undefined;
  }
}
