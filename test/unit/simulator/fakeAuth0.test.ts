/** The stand-in for the vendor's command-line program: what goes where, and with which exit code. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installFakeAuth0 } from '../../support/installFakeAuth0.ts';
import type { FakeAuth0, FakeAuth0Options } from '../../support/installFakeAuth0.ts';
import { Client } from './client.ts';

const TENANT = 'acme.eu.auth0.com';

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

function run(program: string, args: readonly string[], input = ''): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'pipe', shell: process.platform === 'win32' });
    let out = '';
    let err = '';
    child.stdout.on('data', chunk => (out += String(chunk)));
    child.stderr.on('data', chunk => (err += String(chunk)));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, out, err }));
    child.stdin.on('error', () => undefined).end(input);
  });
}

async function withProgram(options: Partial<FakeAuth0Options>, work: (fake: FakeAuth0, tenant: Client, call: (...args: string[]) => Promise<Ended>) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fake auth0 '));
  const tenant = await Client.start();
  try {
    const fake = installFakeAuth0(folder, { simulatorUrl: tenant.simulator.url, token: tenant.simulator.token, tenants: [TENANT, 'other.us.auth0.com'], ...options });
    await work(fake, tenant, (...args) => run(fake.program, args));
  } finally {
    await tenant.simulator.close();
    rmSync(folder, { recursive: true });
  }
}

describe('the stand-in for the command-line program', () => {

  it('prints what the API answers, and nothing for an empty body', () => withProgram({}, async (fake, tenant, call) => {
    const id = await tenant.create();
    const got = await call('api', 'get', `/actions/actions/${id}`, '--tenant', TENANT, '--no-input');
    assert.deepEqual([got.code, got.err, (JSON.parse(got.out) as { id: string }).id], [0, '', id]);
    assert.match(got.out, /^\{\n {2}"id"/u);
    const paged = await call('api', 'get', 'actions/actions', '--tenant', TENANT, '-q', 'per_page=1', '-q', 'page=1', '--no-input');
    assert.deepEqual(JSON.parse(paged.out), { actions: [], page: 1, per_page: 1 });
    const gone = await call('api', 'delete', `actions/actions/${id}`, '--tenant', TENANT, '--no-input', '--force');
    assert.deepEqual([gone.code, gone.out], [0, '']);
    assert.deepEqual(fake.invocations().map(({ args }) => args[1]), ['get', 'get', 'delete']);
  }));

  it('takes data from a flag or from standard input, and keeps neither', () => withProgram({}, async (fake, tenant, call) => {
    const id = await tenant.create();
    await call('api', 'patch', `actions/actions/${id}`, '--data', '{"code":"// SECRET flag"}', '--tenant', TENANT);
    assert.equal((await tenant.get(id))['code'], '// SECRET flag');
    const sent = '{"code":"// SECRET piped"}';
    await run(fake.program, ['api', 'patch', `actions/actions/${id}`, '--tenant', TENANT], sent);
    assert.equal((await tenant.get(id))['code'], '// SECRET piped');
    assert.deepEqual(fake.invocations().map(({ inputBytes }) => inputBytes), [0, sent.length]);
    assert.ok(!readFileSync(join(fake.program, '..', 'fakeAuth0.log'), 'utf8').includes('SECRET'));
  }));

  it('ends HTTP errors as its version does', () => withProgram({}, async (fake, tenant, call) => {
    const ask = (): Promise<Ended> => call('api', 'get', 'actions/actions/00000000-0000-4000-8000-000000000000', '--tenant', TENANT, '--no-input');
    const body = { statusCode: 404, error: 'Not Found', message: 'That action does not exist.' };
    const newer = await ask();
    assert.deepEqual([newer.code, newer.out], [1, '']);
    assert.ok(newer.err.includes(`API request failed: ${JSON.stringify(body)}.`));
    fake.change({ version: '1.31.0' });
    const older = await ask();
    assert.deepEqual([older.code, older.err, JSON.parse(older.out)], [0, '', body]);
    await tenant.control('features', { actions: false });
    assert.deepEqual(await ask(), { code: 0, signal: null, out: '', err: '' });
    fake.change({ version: '1.32.0' });
    assert.match((await ask()).err, /API request failed: Forbidden\./u);
    await tenant.control('reset', {});
    await tenant.control('scopes', { scopes: 'read:logs' });
    const refused = await ask();
    assert.deepEqual([refused.code, refused.out], [1, '']);
    assert.match(refused.err, /Request failed because access token lacks scope: read:actions\./u);
  }));

  it('repeats after a 429, a 5xx and a lost connection, writes too', () => withProgram({}, async (_fake, tenant, call) => {
    await tenant.control('faults', [{ method: 'POST', times: 1, fault: { status: 429 } }, { method: 'POST', times: 1, fault: { status: 503 } }, { method: 'POST', times: 1, fault: 'reset-after' }]);
    const created = await call('api', 'post', 'actions/actions', '--tenant', TENANT, '--data', '{"name":"twice","supported_triggers":[{"id":"post-login"}]}');
    assert.equal(created.code, 0);
    assert.equal((await tenant.call('GET', '/actions')).body['total'], 2);
  }));

  it('says what is wrong with the session', () => withProgram({}, async (fake, _tenant, call) => {
    const ask = (tenant = TENANT): Promise<Ended> => call('api', 'get', 'actions/triggers', '--tenant', tenant, '--no-input');
    assert.match((await ask('foreign.eu.auth0.com')).err, /Failed to find tenant: foreign\.eu\.auth0\.com\. Run 'auth0 tenants list'/u);
    fake.change({ expired: true });
    const expired = await ask();
    assert.deepEqual([expired.code, expired.out], [1, '']);
    assert.match(expired.err, /Auth token expired and --no-input is set/u);
    fake.change({ tenants: [] });
    assert.match((await ask()).err, /Not logged in\. Try `auth0 login`\./u);
    assert.equal((await call('tenants', 'list', '--json')).out, '[]');
    fake.change({ noConfig: true });
    assert.deepEqual([(await call('tenants', 'list', '--json')).code, (await ask()).code], [1, 1]);
  }));

  it('lists tenants and tells its version, with notices on the other stream', () => withProgram({ notice: 'A new release is out.' }, async (fake, _tenant, call) => {
    const { out, err } = await call('tenants', 'list', '--json', '--no-input');
    assert.deepEqual([JSON.parse(out), err.trim()], [[{ active: true, name: TENANT }, { active: false, name: 'other.us.auth0.com' }], 'A new release is out.']);
    fake.change({ version: '1.16.0' });
    assert.deepEqual(JSON.parse((await call('tenants', 'list', '--json')).out), [TENANT, 'other.us.auth0.com']);
    fake.change({ version: '1.33.0' });
    assert.match((await call('--version')).out, /^auth0 version 1\.33\.0 /u);
  }));

  it('misbehaves where it is asked to', () => withProgram({ misbehave: 'garbage' }, async (fake, _tenant, call) => {
    assert.match((await call('api', 'get', 'actions/actions')).out, /not json/u);
    fake.change({ misbehave: 'crash' });
    const crashed = await call('api', 'get', 'actions/actions');
    assert.ok(crashed.code !== 0);
    fake.change({ misbehave: 'hang' });
    const child = spawn(fake.program, ['api', 'get', 'actions/actions'], { stdio: 'ignore', shell: process.platform === 'win32' });
    while (fake.invocations().length < 3) {
      await new Promise(resolve => setImmediate(resolve));
    }
    assert.equal(child.exitCode, null);
    const ended = new Promise(resolve => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
  }));
});
