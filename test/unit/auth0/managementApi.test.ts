/** The client over the vendor's SDK: what is sent, and what comes of each answer. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import fc from 'fast-check';
import type { CallOptions, ManagementApi } from '../../../src/auth0/api.ts';
import { ApiError, isRefusal, neverArrived } from '../../../src/auth0/errors.ts';
import { parseJson } from '../../../src/auth0/json.ts';
import { TOKEN, apiOver } from '../support/apiOverSend.ts';
import { ORIGIN } from '../support/laneParts.ts';
import { answer, bodyless, broken, scripted } from '../support/scriptedSend.ts';
import type { Scripted } from '../support/scriptedSend.ts';
import { rejection } from '../support/things.ts';

const CALLS: readonly [string, (api: ManagementApi, o?: CallOptions) => Promise<unknown>][] = [
  ['listActions', (api, o) => api.listActions(0, o)],
  ['getAction', (api, o) => api.getAction('a1', o)],
  ['listVersions', (api, o) => api.listVersions('a1', 0, 10, o)],
  ['getVersion', (api, o) => api.getVersion('a1', 'v1', o)],
  ['deployAction', (api, o) => api.deployAction('a1', o)],
  ['listTriggers', (api, o) => api.listTriggers(o)],
  ['createAction', (api, o) => api.createAction({ name: 'n', triggers: [{ id: 'post-login' }] }, o)],
  ['updateAction', (api, o) => api.updateAction('a1', { code: '// new' }, o)],
  ['deleteAction', (api, o) => api.deleteAction('a1', false, o)],
  ['listModules', (api, o) => api.listModules(o)],
  ['listModuleVersions', (api, o) => api.listModuleVersions('m1', o)],
];
const BASE = `${ORIGIN}/api/v2/actions/actions`;

describe('the client', () => {
  it('always says how many to a page', async () => {
    const script = scripted(answer(200, { actions: [{ id: 'a' }], total: 1 }));
    const { api } = apiOver(script);
    assert.deepEqual((await api.listActions(3)).items.map(item => item.id), ['a']);
    await api.listVersions('a1', 2, 10);
    assert.deepEqual(script.sent.map(sent => sent.url), [`${BASE}?page=3&per_page=100`, `${BASE}/a1/versions?page=2&per_page=10`]);
  });

  it('deploys with one POST without a body, and reads the version from 200 and 202', async () => {
    for (const status of [200, 202]) {
      const script = scripted(answer(status, { id: 'v5', number: 5, status: 'built', deployed: false }));
      const version = await apiOver(script).api.deployAction('a1');
      assert.deepEqual([version.id, version.number, version.deployed], ['v5', 5, false]);
      assert.deepEqual(script.sent.map(({ method, url, body }) => [method, url, body]), [['POST', `${BASE}/a1/deploy`, undefined]]);
    }
  });

  it('sends of a change what it names, in the words of the service, and nothing else', async () => {
    const script = scripted(answer(200, { id: 'a1' }));
    const { api } = apiOver(script);
    await api.updateAction('a1', { code: '// new' });
    await api.updateAction('a1', { secrets: [{ name: 'KEY', value: 'v' }, { name: 'KEPT' }] });
    await api.updateAction('a1', { dependencies: [{ name: 'lodash', version: '4.17.21' }], modules: [{ id: 'm1', versionId: 'v1' }], triggers: [{ id: 'post-login', version: 'v3' }] });
    await api.createAction({ name: 'n', triggers: [{ id: 'post-login', version: 'v3' }], runtime: 'node22' });
    await api.deleteAction('a1', true);
    assert.deepEqual(script.sent.map(({ method, url, body }) => [method, url.slice(BASE.length), body === undefined ? undefined : parseJson(body)]), [
      ['PATCH', '/a1', { code: '// new' }],
      ['PATCH', '/a1', { secrets: [{ name: 'KEY', value: 'v' }, { name: 'KEPT' }] }],
      ['PATCH', '/a1', { supported_triggers: [{ id: 'post-login', version: 'v3' }], dependencies: [{ name: 'lodash', version: '4.17.21' }], modules: [{ module_id: 'm1', module_version_id: 'v1' }] }],
      ['POST', '', { name: 'n', runtime: 'node22', supported_triggers: [{ id: 'post-login', version: 'v3' }] }],
      ['DELETE', '/a1?force=true', undefined],
    ]);
  });

  it('reads all pages of modules', async () => {
    const script = scripted(answer(200, { modules: [{ id: 'm1', name: 'one', latest_version_number: 3 }], total: 2 }), answer(200, { modules: [{ id: 'm2', name: 'two' }], total: 2 }));
    assert.deepEqual(await apiOver(script).api.listModules(), [{ id: 'm1', name: 'one', latestNumber: 3 }, { id: 'm2', name: 'two' }]);
  });

  for (const [name, call] of CALLS) {
    it(`${name}: the token is in the Authorization header alone`, async () => {
      const script = scripted(answer(200, { id: 'x', total: 0 }));
      const { api, records } = apiOver(script);
      await call(api);
      const sent = script.sent[0];
      assert.equal(sent?.headers['authorization'], `Bearer ${TOKEN}`);
      const rest = { ...sent, headers: { ...sent.headers, authorization: '' } };
      assert.equal(JSON.stringify([rest, records]).includes(TOKEN), false);
    });

    it(`${name}: a token supplier's own error comes through, and nothing is sent`, async () => {
      const script = scripted(answer(200, { id: 'x' }));
      // A failure in passing as well: a write whose token could not be had is none whose answer was lost.
      for (const kind of ['auth', 'server', 'timeout', 'network', 'malformed'] as const) {
        const failure = new ApiError(kind, { method: 'POST', path: '/oauth/token', serviceMessage: 'No token.', signIn: 'noAnswer' });
        const shown = await rejection(call(apiOver(script, () => Promise.reject(failure)).api));
        assert.deepEqual([shown.kind, shown.message, shown.signIn, shown.cause], [kind, failure.message, 'noAnswer', failure]);
        assert.deepEqual([isRefusal(shown), neverArrived(shown), isRefusal(failure)], [true, true, kind === 'auth']);
      }
      const other = await rejection(call(apiOver(script, () => Promise.reject(new Error('the keyring is locked'))).api));
      assert.deepEqual([other.kind, isRefusal(other)], ['auth', true]);
      assert.equal(script.sent.length, 0);
    });

    it(`${name}: a signal that has aborted sends nothing`, async () => {
      const script = scripted(answer(200, { id: 'x' }));
      const { api } = apiOver(script);
      const signal = AbortSignal.abort();
      assert.equal((await rejection(call(api, { signal }))).kind, 'cancelled');
      assert.equal(script.sent.length, 0);
    });
  }

  it('asks for a token at every call', async () => {
    let count = 0;
    const script = scripted(answer(200, { id: 'x' }));
    const { api } = apiOver(script, () => Promise.resolve(`token${(count += 1)}`));
    await api.getAction('a');
    await api.getAction('a');
    assert.deepEqual(script.sent.map(sent => sent.headers['authorization']), ['Bearer token1', 'Bearer token2']);
  });

  it('never shows a token that no header can carry', async () => {
    for (const token of ['se\ncret-token', 'secret-token\u0100', 'sécret-token', 'secret-token\0', 'secret token', '']) {
      const script = scripted(answer(200, { id: 'x' }));
      const error = await rejection(apiOver(script, () => Promise.resolve(token)).api.deployAction('a'));
      assert.equal(error.kind, 'auth');
      assert.doesNotMatch(inspect(error, { depth: 9 }), /cret.?token/u);
      assert.equal(script.sent.length, 0);
    }
  });

  const lost: readonly [string, Scripted][] = [
    ['429', answer(429)], ['500', answer(500)], ['503', answer(503)], ['408', answer(408)], ['409', answer(409)], ['broken', broken()], ['silent', 'hang'], ['silent body', bodyless(200)],
    ['html', answer(200, '<html>')], ['truncated', answer(200, '{"id":')], ['redirect', answer(302, '', { location: `${BASE}/a1` })], ['without an id', answer(200, {})], ['204', answer(204, '')],
  ];
  for (const [name, failure] of lost) {
    it(`sends a deploy once when it is ${name}`, async () => {
      const script = scripted(failure, answer(200, { id: 'v9' }));
      assert.ok((await rejection(apiOver(script).api.deployAction('a1'))) instanceof ApiError);
      assert.equal(script.sent.length, 1);
      assert.equal(script.sent[0]?.method, 'POST');
    });
  }

  it('takes an answer to a deploy that cannot be read for lost, not for refused', async () => {
    for (const body of ['<html>', '{"id":', {}, [], { id: 5 }, 'null']) {
      const error = await rejection(apiOver(scripted(answer(200, body))).api.deployAction('a1'));
      assert.deepEqual([error.kind, isRefusal(error)], ['malformed', false]);
    }
  });

  it('takes no `null` for an empty list', async () => {
    assert.equal((await rejection(apiOver(scripted(answer(200, 'null'))).api.listActions(0))).kind, 'malformed');
  });

  it('keeps the kind of whatever the lane says', async () => {
    const kinds = [[400, 'invalid'], [401, 'auth'], [403, 'forbidden'], [404, 'notFound'], [409, 'conflict'], [412, 'conflict'], [429, 'rateLimited'], [500, 'server'], [503, 'server']] as const;
    for (const [status, kind] of kinds) {
      for (const [name, call] of CALLS) {
        const error = await rejection(call(apiOver(scripted(answer(status, '{broken'))).api));
        assert.deepEqual([error.kind, error.status], [kind, status], name);
      }
    }
  });

  it('leaves no timer behind, however a call ends', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length;
    // Once something was awaited: only then does mocha's own timer run.
    await apiOver(scripted(answer(200, { id: 'x' }))).api.getAction('a1');
    const before = timers();
    for (const [, failure] of lost) {
      await rejection(apiOver(scripted(failure)).api.deployAction('a1'));
    }
    await rejection(apiOver(scripted(answer(200)), () => Promise.reject(new Error('locked'))).api.getAction('a1'));
    await apiOver(scripted(answer(200, { id: 'x' }))).api.getAction('a1');
    assert.equal(timers(), before);
  });

  it('reports the room of its lane', () => {
    assert.equal(apiOver(scripted(answer(200))).api.headroom(), 1);
  });
});

describe('limits of time', () => {
  it('a token that does not come is an error of its own, or given up, and nothing is sent', async () => {
    for (const [name, call] of CALLS) {
      const script = scripted();
      const { api, clock } = apiOver(script, () => new Promise(() => undefined));
      const error = await rejection(call(api));
      assert.deepEqual([error.kind, error.signIn, clock.elapsed], ['auth', 'noAnswer', 40_000], name);
      const stop = new AbortController();
      const stopped = call(api, { signal: stop.signal });
      stop.abort();
      assert.equal((await rejection(stopped)).kind, 'cancelled', name);
      assert.deepEqual(script.sent, []);
    }
  });

  it('a read with a limit is sent once, and given up when that has passed', async () => {
    const failing = scripted(answer(503));
    assert.equal((await rejection(apiOver(failing).api.getAction('a1', { withinMs: 5000 }))).kind, 'server');
    assert.equal(failing.sent.length, 1);
    const hanging = scripted('hang');
    const { api, clock } = apiOver(hanging);
    assert.equal((await rejection(api.getAction('a1', { withinMs: 5000 }))).kind, 'timeout');
    assert.deepEqual([hanging.sent.length, clock.elapsed], [1, 5000]);
    const { api: waiting, clock: time } = apiOver(scripted(), () => new Promise(() => undefined));
    assert.equal((await rejection(waiting.getAction('a1', { withinMs: 5000 }))).kind, 'timeout');
    assert.equal(time.elapsed, 5000);
  });
});

describe('ids', () => {
  const hostile = ['../../users', 'a/b', 'a?x=1', 'a#b', 'a%2fb', '%2e%2e', '..%2f', 'ä💥', 'a b', '\\..\\', ';x', '@evil.example', '\t..', '\u0000', 'a'.repeat(10_000), '...', '.a'];

  it('stay one segment of the path, whatever they hold', async () => {
    const check = async (id: string): Promise<void> => {
      const script = scripted(answer(200, { id: 'x' }));
      const { api } = apiOver(script);
      await api.getAction(id);
      await api.getVersion(id, id);
      await api.deployAction(id);
      const paths = script.sent.map(sent => new URL(sent.url));
      assert.ok(paths.every(url => url.origin === ORIGIN && url.search === '' && url.hash === ''));
      const segment = encodeURIComponent(id);
      const decoded = paths.map(url => url.pathname.split('/').slice(5).map(decodeURIComponent));
      assert.deepEqual(decoded, [[id], [id, 'versions', id], [id, 'deploy']], segment);
    };
    for (const id of hostile) {
      await check(id);
    }
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1 }).filter(id => !/^\.{1,2}$/u.test(id)), check), { numRuns: 100 });
  });

  it('that would lead elsewhere, or cannot be written, are found nowhere', async () => {
    for (const id of ['', '.', '..', '\ud800', 'a\udfff']) {
      const script = scripted(answer(200, { id: 'x' }));
      const { api } = apiOver(script);
      for (const call of [api.getAction(id), api.listVersions(id, 0, 10), api.getVersion(id, 'v'), api.getVersion('a', id), api.deployAction(id)]) {
        assert.equal((await rejection(call)).kind, 'notFound', JSON.stringify(id));
      }
      assert.equal(script.sent.length, 0);
    }
  });
});
