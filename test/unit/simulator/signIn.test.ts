/** Signing in to the simulated tenant: every grant, every refusal, and what control does to it. */
import assert from 'node:assert/strict';
import { constants, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Application, SimulatorOptions } from '../../../src/simulator/index.ts';
import { Client } from './client.ts';
import type { Answer, Json } from './client.ts';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const KEYS = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });

const APPLICATIONS: readonly Application[] = [
  { clientId: 'm2m', clientSecret: 's3cret', scopes: 'read:actions create:actions' },
  { clientId: 'signed', publicKey: KEYS.publicKey },
  { clientId: 'bare', clientSecret: 's3cret', granted: false },
  { clientId: 'web', clientSecret: 's3cret', grants: ['authorization_code'] },
  { clientId: 'native', scopes: 'read:actions', rotating: true },
  { clientId: 'steady', scopes: 'read:actions' },
];

class Door {
  readonly tenant: Client;

  constructor(tenant: Client) {
    this.tenant = tenant;
  }

  form(path: string, fields: Readonly<Record<string, string>>): Promise<Answer> {
    return this.tenant.raw(`/oauth/${path}`, { method: 'POST', body: new URLSearchParams(fields) });
  }

  credentials(fields: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.form('token', { grant_type: 'client_credentials', client_id: 'm2m', client_secret: 's3cret', audience: `${this.tenant.simulator.url}/api/v2/`, ...fields });
  }

  async api(token: unknown, method = 'GET'): Promise<Answer> {
    return this.tenant.raw('/api/v2/actions/actions', { method, headers: { authorization: `Bearer ${String(token)}` } });
  }

  async device(scope = 'read:actions offline_access', client = 'native'): Promise<{ readonly start: Json; readonly poll: () => Promise<Answer> }> {
    const { body: start } = await this.form('device/code', { client_id: client, scope, audience: `${this.tenant.simulator.url}/api/v2/` });
    return { start, poll: () => this.form('token', { grant_type: DEVICE_GRANT, client_id: client, device_code: String(start['device_code']) }) };
  }

  assertion(change: Json = {}, alg: 'RS256' | 'RS384' | 'PS256' | 'HS256' = 'RS256'): string {
    const now = Math.floor(this.tenant.clock.now / 1000);
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${part({ alg, typ: 'JWT' })}.${part({ iss: 'signed', sub: 'signed', aud: `${this.tenant.simulator.url}/`, iat: now, exp: now + 60, jti: randomUUID(), ...change })}`;
    const padding = alg === 'PS256' ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {};
    return `${unsigned}.${sign(alg === 'RS384' ? 'sha384' : 'sha256', Buffer.from(unsigned), { key: KEYS.privateKey, ...padding }).toString('base64url')}`;
  }

  signed(client_assertion: string): Promise<Answer> {
    return this.form('token', { grant_type: 'client_credentials', client_id: 'signed', client_assertion, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', audience: `${this.tenant.simulator.url}/api/v2/` });
  }
}

async function withDoor(work: (door: Door, tenant: Client) => Promise<void>, options: SimulatorOptions = {}): Promise<void> {
  const tenant = await Client.start({ applications: APPLICATIONS, ...options });
  try {
    await work(new Door(tenant), tenant);
  } finally {
    await tenant.simulator.close();
  }
}

const claimsOf = (token: unknown): Json => JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString()) as Json;
const outcome = ({ status, body }: Answer): readonly unknown[] => [status, body['error']];

describe('signing in to the simulated tenant', () => {
  it('makes a new token for client credentials, good until it expires', () => withDoor(async (door, tenant) => {
    const { status, body } = await door.credentials();
    assert.deepEqual([status, body['expires_in'], body['token_type'], body['scope']], [200, 600, 'Bearer', 'read:actions create:actions']);
    const token = body['access_token'];
    const claims = claimsOf(token);
    assert.deepEqual([claims['iss'], claims['sub'], claims['aud'], claims['exp']], [`${tenant.simulator.url}/`, 'm2m@clients', `${tenant.simulator.url}/api/v2/`, tenant.clock.now / 1000 + 600]);
    assert.notEqual((await door.credentials()).body['access_token'], token);
    assert.equal((await door.credentials({ scope: 'read:actions' })).body['scope'], 'read:actions');
    assert.deepEqual([(await door.api(token)).status, (await door.api(tenant.simulator.token)).status], [200, 200]);
    tenant.pass(600_000);
    assert.deepEqual((await door.api(token)).body, { statusCode: 401, error: 'Unauthorized', message: 'Expired token received for JSON Web Token validation', attributes: { error: 'Expired token received for JSON Web Token validation' } });
    assert.equal((await door.api(tenant.simulator.token)).status, 200);
  }, { tokenLifetimeS: 600 }));

  it('takes JSON as well, and needs no audience', () => withDoor(async (_door, tenant) => {
    const ask = (body: string): Promise<Answer> => tenant.raw('/oauth/token', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    assert.equal((await ask(JSON.stringify({ grant_type: 'client_credentials', client_id: 'simulator', client_secret: tenant.simulator.token }))).status, 200);
    assert.deepEqual(outcome(await ask('{"grant_type":')), [400, 'invalid_request']);
    assert.equal((await tenant.raw('/oauth/token')).status, 404);
  }));

  it('refuses with the texts of the service', () => withDoor(async door => {
    const said = async (fields: Readonly<Record<string, string>>): Promise<readonly unknown[]> => {
      const { status, body } = await door.credentials(fields);
      return [status, body['error'], body['error_description']];
    };
    const api = `${door.tenant.simulator.url}/api/v2/`;
    assert.deepEqual(await said({ client_secret: 'wrong' }), [401, 'access_denied', 'Unauthorized']);
    assert.deepEqual(await said({ client_id: 'nobody' }), [401, 'access_denied', 'Unauthorized']);
    assert.deepEqual(await said({ client_id: 'native', client_secret: '' }), [401, 'access_denied', 'Unauthorized']);
    assert.deepEqual(await said({ audience: api.slice(0, -1) }), [403, 'access_denied', `Service not found: ${api.slice(0, -1)}`]);
    assert.deepEqual(await said({ client_id: 'bare' }), [403, 'access_denied', `Client is not authorized to access "${api}". You need to create a "client-grant" associated to this API. See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants`]);
    assert.deepEqual(await said({ client_id: 'web' }), [403, 'unauthorized_client', "Grant type 'client_credentials' not allowed for the client."]);
    assert.deepEqual((await said({ scope: 'delete:actions' })).slice(0, 2), [403, 'access_denied']);
    assert.deepEqual((await said({ grant_type: 'magic' })).slice(0, 2), [403, 'unsupported_grant_type']);
  }));

  it('knows the API by another name behind a custom domain', () => withDoor(async door => {
    assert.deepEqual(outcome(await door.credentials()), [403, 'access_denied']);
    const { body } = await door.credentials({ audience: 'https://acme.eu.auth0.com/api/v2/' });
    assert.equal(claimsOf(body['access_token'])['aud'], 'https://acme.eu.auth0.com/api/v2/');
    assert.equal((await door.api(body['access_token'])).status, 200);
  }, { audience: 'https://acme.eu.auth0.com/api/v2/' }));

  it('takes a signed assertion in place of a secret, once', () => withDoor(async (door, tenant) => {
    for (const alg of ['RS256', 'RS384', 'PS256'] as const) {
      const assertion = door.assertion({}, alg);
      assert.equal((await door.signed(assertion)).status, 200, alg);
      assert.deepEqual(outcome(await door.signed(assertion)), [401, 'invalid_client'], alg);
    }
    const now = tenant.clock.now / 1000;
    assert.equal((await door.signed(door.assertion({ exp: now + 300 }))).status, 200);
    const wrong: readonly Json[] = [{ aud: 'https://other/' }, { aud: tenant.simulator.url }, { iss: 'm2m' }, { sub: 'm2m' }, { exp: now }, { exp: now + 301 }, { exp: 'soon' }, { jti: '' }, { nbf: now + 10 }];
    for (const change of wrong) {
      assert.deepEqual(outcome(await door.signed(door.assertion(change))), [401, 'invalid_client'], JSON.stringify(change));
    }
    for (const assertion of [door.assertion({}, 'HS256'), `${door.assertion()}AAAA`, 'a.b.c', 'nonsense']) {
      assert.deepEqual(outcome(await door.signed(assertion)), [401, 'invalid_client'], assertion);
    }
    assert.deepEqual(outcome(await door.credentials({ client_id: 'signed' })), [401, 'access_denied']);
  }));

  it('goes by its own clock', () => withDoor(async (door, tenant) => {
    const ahead = await door.credentials();
    assert.equal(Date.parse(ahead.headers.get('date') ?? ''), tenant.clock.now + 240_000);
    assert.equal(claimsOf(ahead.body['access_token'])['iat'], tenant.clock.now / 1000 + 240);
    // Made by this machine's clock, an assertion of one minute is past.
    assert.deepEqual(outcome(await door.signed(door.assertion())), [401, 'invalid_client']);
    await tenant.control('clock', { skewMs: 0 });
    assert.equal((await door.signed(door.assertion())).status, 200);
    await tenant.control('clock', { skewMs: 86_700_000 });
    assert.equal((await door.api(ahead.body['access_token'])).status, 401);
    await tenant.control('reset', {});
    assert.equal(Date.parse((await door.api(ahead.body['access_token'])).headers.get('date') ?? ''), tenant.clock.now + 240_000);
  }, { clockSkewMs: 240_000 }));

  it('gives tokens to a device that a person has approved', () => withDoor(async (door, tenant) => {
    const { start, poll } = await door.device('read:actions delete:actions offline_access');
    assert.deepEqual([start['expires_in'], start['interval'], start['verification_uri']], [900, 5, `${tenant.simulator.url}/activate`]);
    assert.match(String(start['user_code']), /^[A-Z]{4}-[A-Z]{4}$/u);
    assert.equal(start['verification_uri_complete'], `${tenant.simulator.url}/activate?user_code=${String(start['user_code'])}`);
    assert.deepEqual(outcome(await poll()), [403, 'authorization_pending']);
    assert.deepEqual(outcome(await poll()), [429, 'slow_down']);
    tenant.pass(5000);
    assert.deepEqual(outcome(await poll()), [429, 'slow_down'], 'the interval has grown to ten seconds');
    tenant.pass(15_000);
    assert.deepEqual(outcome(await poll()), [403, 'authorization_pending']);
    assert.deepEqual((await tenant.control('device', { decision: 'approve' })).body, { ok: true, user_code: start['user_code'] });
    tenant.pass(15_000);
    const { status, body } = await poll();
    assert.deepEqual([status, body['scope'], typeof body['refresh_token'], (await door.api(body['access_token'])).status], [200, 'read:actions offline_access', 'string', 200]);
    assert.deepEqual(outcome(await poll()), [403, 'invalid_grant']);
  }));

  it('ends a device code that was refused or is too old', () => withDoor(async (door, tenant) => {
    const first = await door.device('read:actions');
    const second = await door.device('read:actions');
    await tenant.control('device', { decision: 'deny', user_code: first.start['user_code'] });
    assert.deepEqual([outcome(await first.poll()), outcome(await first.poll())], [[403, 'access_denied'], [403, 'invalid_grant']]);
    await tenant.control('device', { decision: 'expire' });
    assert.deepEqual([outcome(await second.poll()), outcome(await second.poll())], [[403, 'expired_token'], [403, 'invalid_grant']]);
    const third = await door.device('read:actions');
    tenant.pass(900_000);
    assert.deepEqual(outcome(await third.poll()), [403, 'expired_token']);
    assert.equal((await tenant.control('device', { decision: 'approve' })).status, 400);
    assert.deepEqual(outcome(await door.form('device/code', { client_id: 'nobody' })), [403, 'unauthorized_client']);
    assert.deepEqual(outcome(await door.form('device/code', { client_id: 'web' })), [403, 'unauthorized_client']);
    assert.deepEqual(outcome(await door.form('device/code', { client_id: 'native', audience: 'https://other/' })), [403, 'access_denied']);
  }));

  it('renews with a refresh token, which may rotate', () => withDoor(async (door, tenant) => {
    const session = async (client: string): Promise<string> => {
      const { poll } = await door.device(undefined, client);
      await tenant.control('device', { decision: 'approve' });
      return String((await poll()).body['refresh_token']);
    };
    const renew = (client: string, token: string): Promise<Answer> => door.form('token', { grant_type: 'refresh_token', client_id: client, refresh_token: token });
    const kept = await session('steady');
    assert.deepEqual([(await renew('steady', kept)).status, (await renew('steady', kept)).body['refresh_token']], [200, undefined]);
    assert.deepEqual(outcome(await renew('native', kept)), [403, 'invalid_grant']);
    const first = await session('native');
    const next = String((await renew('native', first)).body['refresh_token']);
    const last = await renew('native', next);
    assert.equal((await door.api(last.body['access_token'])).status, 200);
    const reused = await renew('native', first);
    assert.deepEqual([...outcome(reused), reused.body['error_description']], [403, 'invalid_grant', 'Unknown or invalid refresh token.']);
    assert.deepEqual(outcome(await renew('native', String(last.body['refresh_token']))), [403, 'invalid_grant'], 'a second use ends the whole session');
  }));

  it('ends tokens, scopes and features on request, and takes it all back', () => withDoor(async (door, tenant) => {
    const { access_token: token } = (await door.credentials()).body;
    await tenant.control('tokens', { expire: token });
    assert.match(String((await door.api(token)).body['message']), /^Expired token/u);
    assert.equal((await door.api(tenant.simulator.token)).status, 200);
    await tenant.control('tokens', { revoke: 'all' });
    assert.deepEqual((await door.api(tenant.simulator.token)).body, { statusCode: 401, error: 'Unauthorized', message: 'Invalid token' });
    assert.equal((await door.api((await door.credentials()).body['access_token'])).status, 200, 'later ones are good');
    await tenant.control('reset', {});
    assert.deepEqual([(await door.api(token)).status, (await door.api(tenant.simulator.token)).status], [200, 200]);
    await tenant.control('scopes', { scopes: 'create:actions' });
    assert.equal((await door.api(tenant.simulator.token)).body['message'], 'Insufficient scope, expected any of: read:actions');
    await tenant.control('reset', {});
    await tenant.control('features', { actions: false });
    assert.deepEqual((await door.api(tenant.simulator.token)).body, { statusCode: 403, error: 'Forbidden', message: 'This feature is not enabled for this tenant.', errorCode: 'feature_not_enabled' });
    assert.equal((await tenant.raw('/api/v2/logs', { headers: { authorization: `Bearer ${tenant.simulator.token}` } })).status, 200);
    await tenant.control('reset', {});
    assert.equal((await door.api(tenant.simulator.token)).status, 200);
    for (const [path, body] of [['tokens', {}], ['tokens', { revoke: 'foreign' }], ['clock', {}], ['features', { other: false }], ['features', {}], ['scopes', {}], ['device', {}]] as const) {
      assert.equal((await tenant.control(path, body)).status, 400, path);
    }
  }));

  it('counts, and obeys faults, which are not counted', () => withDoor(async (door, tenant) => {
    await tenant.control('faults', [{ path: '^/oauth/token$', times: 1, fault: { status: 503 } }, { path: '^/oauth/', times: 1, fault: 'malformed' }, { path: '^/oauth/', times: 1, fault: 'reset-before' }]);
    assert.equal((await door.credentials()).status, 503);
    await assert.rejects(door.credentials(), SyntaxError);
    await assert.rejects(door.credentials(), TypeError);
    await door.credentials({ client_secret: 'wrong' });
    await (await door.device()).poll();
    assert.deepEqual((await tenant.control('sign-ins')).body, { client_credentials: { ok: 1, access_denied: 1 }, device_authorization: { ok: 1 }, device_code: { authorization_pending: 1 } });
    await tenant.control('reset', {});
    assert.deepEqual((await tenant.control('sign-ins')).body, {});
  }));

  it('keeps secrets out of the log', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
    const trafficLog = join(folder, 'traffic.jsonl');
    try {
      await withDoor(async (door, tenant) => {
        const secrets = ['s3cret'];
        const { body } = await door.credentials();
        const assertion = door.assertion();
        const { start, poll } = await door.device();
        await tenant.control('device', { decision: 'approve' });
        const session = (await poll()).body;
        await door.form('token', { grant_type: 'refresh_token', client_id: 'native', refresh_token: String(session['refresh_token']) });
        await door.signed(assertion);
        await tenant.raw('/oauth/token?client_secret=s3cret', { method: 'POST', headers: { authorization: 'Basic s3cret' }, body: JSON.stringify({ grant_type: 'client_credentials', client_id: 'm2m', client_secret: 's3cret' }) });
        await door.api(body['access_token']);
        secrets.push(assertion, String(body['access_token']), String(start['device_code']), String(session['access_token']), String(session['refresh_token']));
        const text = readFileSync(trafficLog, 'utf8');
        assert.deepEqual(secrets.filter(secret => text.includes(secret)), []);
        const first = JSON.parse(text.split('\n')[0] ?? '') as { readonly request_body: Json; readonly response_body: Json };
        assert.deepEqual([first.request_body['client_id'], first.request_body['client_secret'], first.response_body['access_token'], first.response_body['expires_in']], ['m2m', '…', '…', 86_400]);
      }, { trafficLog });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
