/** Every error body that is known of the real service, provoked one by one. */
import assert from 'node:assert/strict';
import { sharedFile, skippedFor } from '../support/sharedFile.ts';
import { Client } from './client.ts';
import type { Answer, Json } from './client.ts';

const FILE = 'api/observed-errors.json';
const ABSENT = '/actions/00000000-0000-4000-8000-000000000000';
const LOGIN = { name: 'x', supported_triggers: [{ id: 'post-login', version: 'v3' }] };

function jwt(claims: object): string {
  return ['{"alg":"RS256"}', JSON.stringify(claims), 'signature'].map(part => Buffer.from(part).toString('base64url')).join('.');
}

async function deployed(tenant: Client, change: Json = {}): Promise<string> {
  const id = await tenant.create(change);
  tenant.pass(1000);
  await tenant.call('POST', `/actions/${id}/deploy`);
  tenant.pass(1000);
  return id;
}

async function bind(tenant: Client, trigger: string, ...bindings: Json[]): Promise<Answer> {
  return tenant.call('PATCH', `/triggers/${trigger}/bindings`, { bindings });
}

const authorized = (tenant: Client, authorization: string): Promise<Answer> => tenant.raw('/api/v2/actions/actions', { headers: { authorization } });
const refOf = (id: string): Json => ({ ref: { type: 'action_id', value: id } });

/** The request that provokes an error, by the text of its `when` in the file. */
const PROVOKED: Readonly<Record<string, (tenant: Client) => Promise<Answer>>> = {
  'GET or DELETE /actions/actions/{unknown id}': async tenant => {
    assert.deepEqual((await tenant.call('DELETE', ABSENT)).body, (await tenant.call('PATCH', ABSENT, {})).body);
    return tenant.call('GET', ABSENT);
  },
  'DELETE /actions/actions/ (empty id: route not found)': tenant => tenant.call('DELETE', '/actions/'),
  'GET /actions/executions/{unknown id}': tenant => tenant.call('GET', '/executions/M9IqRp9wQLaYNrSwz6YP'),
  'any endpoint over the tenant limit (recorded on PATCH action, POST deploy, GET bindings)': async tenant => {
    for (let count = 0; count < 50; count += 1) {
      await tenant.call('GET', '/triggers');
    }
    return tenant.call('PATCH', ABSENT, {});
  },
  'GET /actions/modules on a tenant without the feature': async tenant => {
    await tenant.control('features', { modules: false });
    return tenant.call('GET', '/modules');
  },
  'POST /actions/actions/{id}/deploy while status is pending/building/retrying/failed': async tenant => tenant.call('POST', `/actions/${await tenant.create()}/deploy`),
  'DELETE /actions/actions/{id} while a binding refers to it, without force=true': async tenant => {
    const id = await deployed(tenant);
    await bind(tenant, 'post-login', refOf(id));
    assert.equal((await tenant.call('DELETE', `/actions/${id}?force=false`)).status, 409);
    return tenant.call('DELETE', `/actions/${id}`);
  },
  'PATCH bindings with a never deployed action (also briefly after deploy)': async tenant => bind(tenant, 'post-login', refOf(await tenant.create())),
  'PATCH bindings of trigger A with an action whose supported_triggers is B': async tenant => bind(tenant, 'credentials-exchange', refOf(await deployed(tenant))),
  'PATCH action changing supported_triggers to an incompatible trigger': async tenant => tenant.call('PATCH', `/actions/${await tenant.create()}`, { supported_triggers: [{ id: 'credentials-exchange', version: 'v2' }] }),
  'create with a runtime the trigger version does not list (2025 wording; the list after the colon was empty in the report)': tenant => tenant.call('POST', '/actions', { name: 'x', supported_triggers: [{ id: 'post-login', version: 'v1' }], runtime: 'node16' }),
  'PATCH with a secret whose name is empty or longer than 128': async tenant => {
    const id = await tenant.create();
    assert.equal((await tenant.call('PATCH', `/actions/${id}`, { secrets: [{ name: 'n'.repeat(129), value: 'v' }] })).status, 400);
    return tenant.call('PATCH', `/actions/${id}`, { secrets: [{ name: '', value: 'v' }] });
  },
  'create with a module reference that is not a UUID (the tail of the message was cut in the report)': tenant => tenant.call('POST', '/actions', { ...LOGIN, modules: [{ module_id: 'a', module_version_id: 'b' }] }),
  'PATCH bindings with items that are not {ref:{type,value}}': tenant => bind(tenant, 'post-login', { id: 'x' }),
  'token without the scope; the list after the colon is comma separated': async () => {
    const tenant = await Client.start({ scopes: 'create:actions' });
    try {
      return await tenant.call('GET', '/actions');
    } finally {
      await tenant.simulator.close();
    }
  },
  'expired access token; body also has attributes:{"error":"Expired token received for JSON Web Token validation"}': tenant => authorized(tenant, `Bearer ${jwt({ exp: 1_600_000_000 })}`),
  'malformed or foreign token (older wording; may carry attributes:{"error":"Invalid token"})': tenant => authorized(tenant, 'Bearer foreign'),
  'bad signature': tenant => authorized(tenant, `Bearer ${jwt({ exp: 4_000_000_000 })}`),
  'Authorization header that is not "Bearer a.b.c"': tenant => authorized(tenant, 'Basic abc'),
  'actions service failure': async tenant => {
    // Nothing that is sent makes the service fail, so a fault does.
    await tenant.control('faults', [{ fault: { status: 500, body: { statusCode: 500, error: 'Internal Server Error', message: 'An internal server error occurred' } }, times: 1 }]);
    return tenant.call('GET', '/actions');
  },
};

/** What the simulated tenant never answers, and why. */
const NEVER: Readonly<Record<string, string>> = {
  'create with node16 on post-login v1 (2021 wording)': 'the wording of 2025 replaced it',
  'GET bindings of an entity-bound trigger, Nov 2024; the same call answers 200 with an empty list in every later recording (117 of custom-token-exchange, 97 of event-stream, 66 of password-hash-migration, 33 of mcp-tool)': 'the later answer counts',
};

describe('errors of the simulated tenant', () => {
  const file = sharedFile(FILE) as { readonly management_api: readonly { readonly status: number; readonly body: Json; readonly when: string }[] } | undefined;
  if (file === undefined) {
    skippedFor(FILE);
    return;
  }

  it('are all accounted for', () => {
    assert.deepEqual(file.management_api.map(({ when }) => when).sort(), [...Object.keys(PROVOKED), ...Object.keys(NEVER)].sort());
  });

  for (const { status, body, when } of file.management_api) {
    const provoke = PROVOKED[when];
    if (provoke === undefined) {
      continue;
    }
    it(`${status} ${when}`, async () => {
      const tenant = await Client.start({ plan: 'enterprise' });
      try {
        const answer = await provoke(tenant);
        const message = String(body['message']);
        const cut = message.endsWith(' | ...');
        assert.deepEqual([answer.status, { ...answer.body, ...(cut ? { message: String(answer.body['message']).slice(0, message.length - 6) } : {}) }], [status, cut ? { ...body, message: message.slice(0, -6) } : body]);
      } finally {
        await tenant.simulator.close();
      }
    });
  }

  it('say no to reading the bindings of an entity-bound trigger no more', async () => {
    const tenant = await Client.start();
    try {
      for (const trigger of ['custom-token-exchange', 'event-stream', 'password-hash-migration', 'mcp-tool']) {
        assert.deepEqual((await tenant.call('GET', `/triggers/${trigger}/bindings`)).body, { bindings: [], per_page: 20 });
      }
    } finally {
      await tenant.simulator.close();
    }
  });
});
