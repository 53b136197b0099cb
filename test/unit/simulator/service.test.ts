/** Everything around the actions: tokens, limits, faults, the log, seeds and the command line. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { startSimulator } from '../../../src/simulator/index.ts';
import { Client } from './client.ts';
import type { Json } from './client.ts';

async function withTenant(options: Parameters<typeof startSimulator>[0], work: (tenant: Client) => Promise<void>): Promise<void> {
  const tenant = await Client.start(options);
  try {
    await work(tenant);
  } finally {
    await tenant.simulator.close();
  }
}

describe('the simulated service', () => {
  it('checks the token and its scopes', () => withTenant({ scopes: 'read:actions' }, async tenant => {
    const status = async (authorization: string | undefined): Promise<number> => (await tenant.raw('/api/v2/actions/actions', authorization === undefined ? {} : { headers: { authorization } })).status;
    assert.deepEqual(await Promise.all([status(undefined), status('Basic x'), status('Bearer nope'), status(`Bearer ${tenant.simulator.token}`)]), [401, 400, 401, 200]);
    const { status: code, body } = await tenant.call('POST', '/actions', {});
    assert.deepEqual([code, body], [403, { statusCode: 403, error: 'Forbidden', message: 'Insufficient scope, expected any of: create:actions', errorCode: 'insufficient_scope' }]);
    const claims = JSON.parse(Buffer.from(tenant.simulator.token.split('.')[1] ?? '', 'base64url').toString()) as Json;
    assert.deepEqual([claims['aud'], claims['scope']], [`${tenant.simulator.url}/api/v2/`, 'read:actions']);
  }));

  it('gives tokens for client credentials', () => withTenant({ token: 'secret' }, async tenant => {
    const ask = (secret: string): Promise<{ status: number; body: Json }> => tenant.raw('/oauth/token', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ grant_type: 'client_credentials', client_id: 'simulator', client_secret: secret }) });
    const { access_token: minted } = (await ask('secret')).body;
    assert.deepEqual([(await tenant.raw('/api/v2/actions/actions', { headers: { authorization: `Bearer ${String(minted)}` } })).status, (await ask('wrong')).status], [200, 401]);
  }));

  it('refuses what it does not know', () => withTenant({}, async tenant => {
    const status = async (...call: Parameters<Client['call']>): Promise<number> => (await tenant.call(...call)).status;
    assert.equal(await status('GET', '/nothing'), 404);
    assert.equal(await status('PUT', '/actions'), 404);
    assert.equal(await status('GET', '/actions?include_totals=true'), 400);
    assert.equal(await status('GET', '/actions?per_page=101'), 400);
    assert.equal(await status('GET', '/actions?page=-1'), 400);
    assert.equal(await status('GET', '/actions?deployed=maybe'), 400);
    assert.equal((await tenant.call('POST', '/actions', '{"name":')).body['errorCode'], 'invalid_body');
    assert.equal(await status('POST', '/actions', { name: 'x' }), 400);
    assert.equal(await status('POST', '/actions', { name: 1, supported_triggers: [] }), 400);
    assert.equal(await status('POST', '/actions', { name: 'x', supported_triggers: [{ id: 'nonsense' }] }), 400);
    assert.equal(await status('POST', '/actions', { name: 'x', supported_triggers: [{ id: 'post-login' }], runtime: 'node8' }), 400);
    assert.equal(await status('POST', '/actions', { name: 'x', supported_triggers: [{ id: 'post-login' }], code: 'x'.repeat(100_001) }), 400);
    const id = await tenant.create();
    assert.equal((await tenant.call('PATCH', `/actions/${id}`, { supported_triggers: [{ id: 'event-stream' }] })).body['message'], "can't upgrade to this trigger.");
    const { body } = await tenant.call('PATCH', `/actions/${id}`, { secrets: [{ name: '', value: 'x' }] });
    assert.equal(body['message'], 'invalid UpdateActionRequest.Draft: embedded message failed validation | caused by: invalid DraftInformation.Secrets[0]: embedded message failed validation | caused by: invalid NameValueOptional.Name: value length must be between 1 and 128 runes, inclusive');
  }));

  it('leaves out zero values, filters, and pages in order of creation', () => withTenant({}, async tenant => {
    assert.deepEqual((await tenant.call('GET', '/actions')).body, { actions: [], per_page: 100 });
    for (const name of ['a', 'b', 'c']) {
      await tenant.create({ name });
    }
    const names = async (query: string): Promise<unknown[]> => ((await tenant.call('GET', `/actions${query}`)).body['actions'] as Json[]).map(action => action['name']);
    assert.deepEqual(await names(''), ['a', 'b', 'c']);
    assert.deepEqual(await names('?page=1&per_page=2'), ['c']);
    assert.deepEqual(await names('?actionName=b'), ['b']);
    assert.deepEqual(await names('?deployed=true'), []);
    assert.deepEqual(await names('?triggerId=credentials-exchange'), []);
    assert.deepEqual((await tenant.call('GET', '/actions?page=7')).body, { actions: [], page: 7, per_page: 100 });
  }));

  it('limits requests by plan', () => withTenant({ plan: 'free' }, async tenant => {
    const answers = [await tenant.call('GET', '/triggers'), await tenant.call('GET', '/triggers'), await tenant.call('GET', '/triggers')];
    assert.deepEqual(answers.map(answer => answer.status), [200, 200, 429]);
    assert.deepEqual(answers[2]?.body, { statusCode: 429, error: 'Too Many Requests', message: 'Global limit has been reached', errorCode: 'too_many_requests' });
    assert.deepEqual(answers.map(answer => answer.headers.get('x-ratelimit-remaining')), ['1', '0', '0']);
    assert.deepEqual([answers[0]?.headers.get('x-ratelimit-limit'), answers[2].headers.get('x-ratelimit-reset')], ['2', String(tenant.clock.now / 1000 + 1)]);
    tenant.pass(500);
    assert.equal((await tenant.call('GET', '/triggers')).status, 200);
  }));

  it('has every fault, counted and matched in order', () => withTenant({ buildScale: 0 }, async tenant => {
    const id = await tenant.create();
    const count = async (): Promise<number> => ((await tenant.control('state')).body['actions'] as Json[]).map(action => (action['versions'] as Json[]).length)[0] ?? 0;
    const fault = (value: unknown): Promise<unknown> => tenant.control('faults', [{ method: 'POST', path: '/deploy$', times: 1, fault: value }]);
    const deploy = (): Promise<{ status: number; body: Json }> => tenant.call('POST', `/actions/${id}/deploy`);
    await fault({ status: 503, body: { x: 1 }, headers: { 'retry-after': '7' } });
    const refused = await deploy();
    assert.deepEqual([refused.status, refused.body, await count()], [503, { x: 1 }, 0]);
    await fault('reset-before');
    await assert.rejects(deploy());
    assert.equal(await count(), 0);
    await fault('reset-after');
    await assert.rejects(deploy());
    assert.equal(await count(), 1);
    await fault('truncate');
    await assert.rejects(deploy());
    assert.equal(await count(), 2);
    await fault('malformed');
    await assert.rejects(deploy(), SyntaxError);
    assert.equal(await count(), 3);
    await fault('hang');
    const hanging = new AbortController();
    const hung = tenant.raw(`/api/v2/actions/actions/${id}/deploy`, { method: 'POST', signal: hanging.signal, headers: { authorization: `Bearer ${tenant.simulator.token}` } });
    assert.equal(await count(), 3);
    hanging.abort();
    await assert.rejects(hung);
    await fault({ delay: 20 });
    assert.equal((await deploy()).status, 200);
    assert.equal((await deploy()).status, 200);
    await fault({ status: 504, done: true });
    assert.deepEqual([(await deploy()).status, await count()], [504, 6]);
    await fault({ late: 20 });
    const late = deploy();
    assert.deepEqual([await count(), (await late).status, await count()], [6, 200, 7]);
    await fault({ drip: 20 });
    assert.deepEqual([(await deploy()).body['number'], await count()], [8, 8]);
    await fault({ size: 300_000 });
    const padded = await fetch(`${tenant.simulator.url}/api/v2/actions/actions/${id}/deploy`, { method: 'POST', headers: { authorization: `Bearer ${tenant.simulator.token}` } });
    const text = await padded.text();
    assert.deepEqual([text.length, (JSON.parse(text) as Json)['number']], [300_000, 9]);
    await fault({ status: 504, done: 20 });
    assert.deepEqual([(await deploy()).status, await count()], [504, 9]);
    while ((await count()) === 9) {
      await new Promise(resolve => void setImmediate(resolve));
    }
    assert.equal(await count(), 10);
    // A request may bring its own, which counts for it alone.
    assert.equal((await tenant.call('GET', `/actions/${id}`, undefined, { 'x-simulator-fault': '{"status":418}' })).status, 418);
    assert.equal((await tenant.call('GET', `/actions/${id}`)).status, 200);
    assert.equal((await tenant.control('faults', { not: 'a list' })).status, 400);
    assert.equal((await tenant.control('faults', [{ fault: 'explode' }])).status, 400);
    assert.equal((await tenant.control('nothing', {})).status, 400);
  }));

  it('writes its traffic, flat and without the token', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
    try {
      const trafficLog = join(folder, 'traffic.jsonl');
      await withTenant({ trafficLog, token: 'very-secret' }, async tenant => {
        await tenant.call('GET', '/actions?page=0&per_page=5');
        await tenant.call('POST', '/actions', { name: 'x', supported_triggers: [{ id: 'post-login' }], secrets: [{ name: 'A', value: 'very-secret too' }, { name: 'B' }] });
      });
      const text = readFileSync(trafficLog, 'utf8');
      const [first, second] = text.trim().split('\n').map(line => JSON.parse(line) as Json);
      assert.deepEqual(Object.keys(first ?? {}), ['source', 'recording', 'seq', 'method', 'path', 'query', 'request_body', 'status', 'response_headers', 'response_body']);
      assert.deepEqual([first?.['source'], first?.['seq'], first?.['query'], first?.['request_body'], first?.['path']], ['simulator', 0, { page: '0', per_page: '5' }, null, '/api/v2/actions/actions']);
      assert.deepEqual([second?.['seq'], second?.['status'], (second?.['request_body'] as Json | undefined)?.['name']], [1, 201, 'x']);
      assert.deepEqual((second?.['request_body'] as Json | undefined)?.['secrets'], [{ name: 'A', value: '…' }, { name: 'B' }]);
      assert.ok(!text.includes('very-secret'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('survives garbage, and ends at once whatever hangs', async () => {
    const tenant = await Client.start();
    await tenant.control('faults', [{ fault: 'hang' }]);
    const hanging = tenant.call('GET', '/triggers');
    await new Promise<void>(resolve => {
      const socket = connect(Number(new URL(tenant.simulator.url).port), '127.0.0.1', () => socket.end('NONSENSE\r\n\r\n'));
      socket.on('close', () => resolve()).on('error', () => resolve()).resume();
    });
    assert.equal((await tenant.control('state')).status, 200);
    await Promise.all([tenant.simulator.close(), assert.rejects(hanging)]);
  });
});

describe('seeds', () => {
  it('show the demo in every state, with the same ids each time', async () => {
    const states = async (): Promise<Record<string, unknown>> => {
      const found: Record<string, unknown> = {};
      await withTenant({ seed: 'demo' }, async tenant => {
        for (const action of (await tenant.call('GET', '/actions')).body['actions'] as Json[]) {
          found[String(action['name'])] = [action['id'], action['status'], (action['deployed_version'] as Json | undefined)?.['number'], action['all_changes_deployed']];
        }
      });
      return found;
    };
    const [first, second] = [await states(), await states()];
    assert.deepEqual(first, second);
    const kinds = new Set(Object.values(first).map(value => JSON.stringify([...(value as unknown[]).slice(1, 2), (value as unknown[])[2] !== undefined, (value as unknown[])[3]])));
    for (const kind of [['pending', false, false], ['built', false, false], ['failed', false, false], ['pending', true, true], ['pending', true, false], ['built', true, false], ['built', true, true], ['failed', true, false], ['failed', true, true]]) {
      assert.ok(kinds.has(JSON.stringify(kind)), JSON.stringify(kind));
    }
  });

  it('give the demo modules that its actions pin, and failing runs of code that can fail so', () => withTenant({ seed: 'demo', buildScale: 0 }, async tenant => {
    const modules = (await tenant.call('GET', '/modules')).body['modules'] as Json[];
    assert.deepEqual(modules.map(({ name, latest_version_number: number, all_changes_published: published, actions_using_module_total: users }) => [name, number, published, users]), [
      ['profile-rules', 3, true, 1], ['http-retry', 5, false, 1], ['feature-flags', undefined, false, 0],
    ]);
    const actions = (await tenant.call('GET', '/actions')).body['actions'] as Json[];
    for (const pin of actions.flatMap(action => (action['modules'] ?? []) as Json[])) {
      const { body } = await tenant.call('GET', `/modules/${String(pin['module_id'])}/versions/${String(pin['module_version_id'])}`);
      assert.deepEqual([body['version_number'], body['module_id']], [pin['module_version_number'], pin['module_id']]);
    }
    for (const { name, code } of [...modules, ...actions]) {
      assert.doesNotThrow(() => new Script(`(function (exports, require) {${String(code)}})`), String(name));
    }
    const logs = (await tenant.raw('/api/v2/logs', { headers: { authorization: `Bearer ${tenant.simulator.token}` } })).body as unknown as Json[];
    assert.ok(logs.every(log => /index\.js:[1-9]\d*$/u.test(String(((log['details'] as Json)['action_error'] as Json)['stack']))));
  }));

  it('answer ten pages of a hundred large actions', () => withTenant({ seed: '1000-actions-50-versions' }, async tenant => {
    const names = new Set<unknown>();
    for (let page = 0; page < 10; page += 1) {
      const { body } = await tenant.call('GET', `/actions?page=${page}&per_page=100`);
      assert.deepEqual([body['total'], body['page'], (body['actions'] as Json[]).length], [1000, page === 0 ? undefined : page, 100]);
      (body['actions'] as Json[]).forEach(action => names.add(action['name']));
    }
    assert.equal(names.size, 1000);
  }));

  it('can be many, and are refused when they are none', async () => {
    await withTenant({ seed: '250-actions-2-versions' }, async tenant => {
      const { body } = await tenant.call('GET', '/actions?page=2');
      assert.deepEqual([(body['actions'] as Json[]).length, body['total']], [50, 250]);
      assert.ok(String((body['actions'] as Json[])[0]?.['code']).length > 19_000);
    });
    await assert.rejects(startSimulator({ seed: 'nonsense' }), /no seed/u);
  });
});

describe('the command line', () => {
  const script = join(import.meta.dirname, '..', '..', '..', 'scripts', 'tasks', 'simulator.ts');
  const start = (...args: string[]): { child: ReturnType<typeof spawn>; out: () => string; err: () => string; ended: Promise<number | null> } => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const text = { out: '', err: '' };
    child.stdout.on('data', chunk => (text.out += String(chunk)));
    child.stderr.on('data', chunk => (text.err += String(chunk)));
    return { child, out: () => text.out, err: () => text.err, ended: new Promise(resolve => child.on('close', resolve)) };
  };

  it('prints one line when it is ready, and ends when it is told to', async () => {
    const run = start('--seed', 'empty', '--token', 't');
    await new Promise<void>(resolve => run.child.stdout?.once('data', () => resolve()));
    const ready = JSON.parse(run.out()) as Json;
    assert.deepEqual(Object.keys(ready), ['url', 'token']);
    const taken = start('--port', new URL(String(ready['url'])).port);
    assert.equal(await taken.ended, 1);
    assert.match(taken.err(), /^simulator: The port is in use[^\n]*\n$/u);
    run.child.kill('SIGTERM');
    assert.equal(await run.ended, 0);
  });

  it('refuses options that make no sense', async () => {
    for (const args of [['--plan', 'gold'], ['--port', 'x'], ['--nonsense'], ['--tls-key', 'only']]) {
      const run = start(...args);
      assert.equal(await run.ended, 2, args.join(' '));
      assert.equal(run.out(), '');
      assert.equal(run.err().trim().split('\n').length, 1);
    }
  });
});
