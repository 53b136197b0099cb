/** The documented limits, and how the tenant says no. */
import assert from 'node:assert/strict';
import { Client } from './client.ts';
import type { Json } from './client.ts';

const LOGIN = [{ id: 'post-login', version: 'v3' }];
const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));

describe('limits of the simulated tenant', () => {
  let tenant: Client;
  before(async () => {
    tenant = await Client.start({ buildScale: 0 });
  });
  beforeEach(() => tenant.control('reset', {}));
  after(() => tenant.simulator.close());

  const cases: readonly (readonly [what: string, fits: Json, tooMuch: Json, says: RegExp])[] = [
    ['30 secrets', { secrets: many(30, index => ({ name: `S${index}`, value: 'v' })) }, { secrets: many(31, index => ({ name: `S${index}`, value: 'v' })) }, /Secrets: value must contain no more than 30 item\(s\)$/u],
    ['10 dependencies', { dependencies: many(10, index => ({ name: `d${index}`, version: '1' })) }, { dependencies: many(11, index => ({ name: `d${index}`, version: '1' })) }, /no more than 10 item\(s\)$/u],
    ['a secret’s name of 128 characters', { secrets: [{ name: '🗝'.repeat(128), value: 'v' }] }, { secrets: [{ name: '🗝'.repeat(129), value: 'v' }] }, /between 1 and 128 runes, inclusive$/u],
    ['a secret’s value of 4,096 characters', { secrets: [{ name: 'S', value: 'é'.repeat(4096) }] }, { secrets: [{ name: 'S', value: 'v'.repeat(4097) }] }, /at most 4096 runes$/u],
    ['code of 100 kB', { code: 'x'.repeat(100_000) }, { code: 'x'.repeat(100_001) }, /at most 100000 bytes$/u],
  ];
  for (const [what, fits, tooMuch, says] of cases) {
    it(`take ${what} and no more, in create and in PATCH`, async () => {
      const create = (content: Json): ReturnType<Client['call']> => tenant.call('POST', '/actions', { name: 'x', supported_triggers: LOGIN, ...content });
      const made = await create(fits);
      assert.equal(made.status, 201);
      for (const [request, { status, body }] of [['Create', await create(tooMuch)], ['Update', await tenant.call('PATCH', `/actions/${String(made.body['id'])}`, tooMuch)]] as const) {
        assert.deepEqual([status, body['statusCode'], body['error']], [400, 400, 'Bad Request']);
        assert.match(String(body['message']), says);
        assert.ok(String(body['message']).startsWith(`invalid ${request}ActionRequest.Draft: embedded message failed validation | caused by: `));
      }
    });
  }

  it('take 100 actions', async () => {
    for (let count = 0; count < 100; count += 1) {
      assert.equal((await tenant.call('POST', '/actions', { name: `a${count}`, supported_triggers: LOGIN })).status, 201);
    }
    const { status, body } = await tenant.call('POST', '/actions', { name: 'last', supported_triggers: LOGIN });
    assert.deepEqual([status, body['error'], body['errorCode']], [403, 'Forbidden', 'limit_reached']);
    assert.equal((await tenant.call('GET', '/actions')).body['total'], 100);
  });

  it('take 20 bindings of a trigger', async () => {
    const id = await tenant.create();
    await tenant.call('POST', `/actions/${id}/deploy`);
    const bind = (count: number): ReturnType<Client['call']> => tenant.call('PATCH', '/triggers/post-login/bindings', { bindings: many(count, () => ({ ref: { type: 'action_id', value: id } })) });
    assert.deepEqual([(await bind(20)).status, (await bind(21)).status], [200, 400]);
    const { body } = await tenant.call('GET', '/triggers/post-login/bindings?page=1&per_page=15');
    assert.deepEqual([(body['bindings'] as Json[]).length, body['total'], body['page'], body['per_page']], [5, 20, 1, 15]);
  });

  for (const [plan, burst, perSecond] of [['free', 2, 2], ['professional', 10, 2.5], ['enterprise', 50, 16]] as const) {
    it(`take ${burst} requests at once on the ${plan} plan, and ${perSecond} a second`, async () => {
      const limited = await Client.start({ plan });
      try {
        for (let left = burst - 1; left >= 0; left -= 1) {
          const { status, headers } = await limited.call('GET', '/triggers');
          assert.deepEqual([status, headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-remaining')], [200, String(burst), String(left)]);
        }
        const refused = await limited.call('POST', '/actions', { name: 'x', supported_triggers: LOGIN });
        assert.deepEqual([refused.status, refused.body['errorCode'], refused.headers.get('x-ratelimit-remaining')], [429, 'too_many_requests', '0']);
        assert.ok(Number(refused.headers.get('x-ratelimit-reset')) * 1000 > limited.clock.now);
        limited.pass(1000 / perSecond);
        assert.equal((await limited.call('GET', '/actions')).body['total'], undefined, 'the refused create made nothing');
      } finally {
        await limited.simulator.close();
      }
    });
  }

  it('are off without a plan, and then no header tells of any', async () => {
    const { headers } = await tenant.call('GET', '/triggers');
    assert.equal(headers.get('x-ratelimit-limit'), null);
  });
});
