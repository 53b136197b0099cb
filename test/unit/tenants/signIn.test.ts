/** The ways in, over HTTP against the simulated tenant. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import type { Clock } from '../../../src/auth0/clock.ts';
import { ApiError } from '../../../src/auth0/errors.ts';
import { signInPorts } from '../../../src/node/network.ts';
import { systemClock } from '../../../src/node/systemClock.ts';
import type { SimulatorOptions } from '../../../src/simulator/index.ts';
import { ALGORITHMS } from '../../../src/tenants/credentials/credential.ts';
import type { CredentialFacts, SignInPorts } from '../../../src/tenants/credentials/credential.ts';
import { awaitDeviceToken, requestDeviceCode } from '../../../src/tenants/credentials/deviceCode.ts';
import { missingScopes } from '../../../src/tenants/credentials/scopes.ts';
import { WAYS } from '../../../src/tenants/credentials/ways.ts';
import { Client } from '../simulator/client.ts';
import { rejection } from '../support/things.ts';

const KEYS = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
const APPLICATIONS = [
  { clientId: 'secret-app', clientSecret: 'the-secret', scopes: 'read:actions create:actions' },
  { clientId: 'key-app', publicKey: KEYS.publicKey },
  { clientId: 'no-grant', clientSecret: 'the-secret', granted: false },
  { clientId: 'other-grants', clientSecret: 'the-secret', grants: ['refresh_token'] },
  { clientId: 'device-app', rotating: true, grants: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'] },
];

interface Tenant {
  readonly client: Client;
  readonly ports: SignInPorts;
  readonly facts: (clientId: string, more?: Partial<CredentialFacts>) => CredentialFacts;
}

async function withTenant(options: SimulatorOptions, work: (tenant: Tenant) => Promise<void>): Promise<void> {
  const client = await Client.start({ applications: APPLICATIONS, ...options });
  try {
    const ports = { ...signInPorts({ clock: systemClock, userAgent: 'test' }), now: () => client.clock.now };
    await work({ client, ports, facts: (clientId, more = {}) => ({ origin: client.simulator.url, clientId, ...more }) });
  } finally {
    await client.simulator.close();
  }
}

describe('client credentials', () => {
  it('mint tokens with a secret', () => withTenant({ tokenLifetimeS: 600 }, async ({ client, ports, facts }) => {
    const obtained = await WAYS.clientSecret.obtain(facts('secret-app'), 'the-secret', ports);
    assert.equal(obtained?.token.expiresAt, client.clock.now + 600_000);
    assert.deepEqual(missingScopes(obtained.token.scopes), ['update:actions']);
    const { status } = await client.raw('/api/v2/actions/actions', { headers: { authorization: `Bearer ${obtained.token.value}` } });
    assert.equal(status, 200);
  }));

  it('say what is wrong', () => withTenant({}, async ({ ports, facts }) => {
    const problem = async (clientId: string, secret: string, more?: Partial<CredentialFacts>): Promise<unknown> => {
      const { kind, signIn } = await rejection(WAYS.clientSecret.obtain(facts(clientId, more), secret, ports));
      return [kind, signIn];
    };
    assert.deepEqual(await problem('secret-app', 'wrong'), ['auth', 'secret']);
    assert.deepEqual(await problem('unknown', 'the-secret'), ['auth', 'secret']);
    assert.deepEqual(await problem('secret-app', 'the-secret', { audience: 'https://other.example/api/v2/' }), ['auth', 'audience']);
    assert.deepEqual(await problem('no-grant', 'the-secret'), ['auth', 'grant']);
    assert.deepEqual(await problem('other-grants', 'the-secret'), ['auth', 'grantType']);
  }));

  it('use the canonical audience of a custom domain', () => withTenant({ audience: 'https://acme.eu.auth0.com/api/v2/' }, async ({ ports, facts }) => {
    const obtain = (audience?: string): Promise<unknown> => WAYS.clientSecret.obtain(facts('secret-app', audience === undefined ? {} : { audience }), 'the-secret', ports);
    assert.equal((await rejection(obtain())).signIn, 'audience');
    assert.ok(await obtain('https://acme.eu.auth0.com/api/v2/'));
  }));

  for (const algorithm of ALGORITHMS) {
    it(`sign with a private key, ${algorithm}`, () => withTenant({}, async ({ ports, facts }) => {
      const first = await WAYS.privateKey.obtain(facts('key-app', { algorithm }), KEYS.privateKey, ports);
      const second = await WAYS.privateKey.obtain(facts('key-app', { algorithm }), KEYS.privateKey, ports);
      assert.ok(first !== undefined && second !== undefined && first.token.value !== second.token.value);
    }));
  }

  it('read keys in the older form, and refuse those that are not RSA, too short, encrypted or none', () => withTenant({}, async ({ ports, facts }) => {
    const pkcs1 = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs1', format: 'pem' } });
    assert.equal((await rejection(WAYS.privateKey.obtain(facts('key-app'), pkcs1.privateKey, ports))).signIn, 'assertion');
    const short = generateKeyPairSync('rsa', { modulusLength: 1024, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } }).privateKey;
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-256', publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } }).privateKey;
    const encrypted = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } }).privateKey;
    for (const pem of [short, curve, encrypted, KEYS.publicKey, 'no key', '']) {
      const error = await rejection(WAYS.privateKey.obtain(facts('key-app'), pem, ports));
      assert.deepEqual([error.signIn, error.cause], ['key', undefined]);
    }
  }));

  it('show a clock that is wrong', () => withTenant({ clockSkewMs: 600_000 }, async ({ client, ports, facts }) => {
    const error = await rejection(WAYS.privateKey.obtain(facts('key-app'), KEYS.privateKey, ports));
    assert.equal(error.signIn, 'assertion');
    // The service's clock against this machine's, not against the test's.
    assert.ok(Math.abs((error.skewMs ?? 0) - (client.clock.now + 600_000 - Date.now())) < 5000, String(error.skewMs));
  }));

  it('tell a host that is something else', () => withTenant({}, async ({ client, ports, facts }) => {
    await client.control('faults', [{ path: '^/oauth/token$', fault: { status: 302, headers: { location: 'https://elsewhere.example/' }, body: '' } }]);
    const error = await rejection(WAYS.clientSecret.obtain(facts('secret-app'), 'the-secret', ports));
    assert.deepEqual([error.kind, error.redirectTo], ['malformed', 'elsewhere.example']);
  }));
});

describe('the device code', () => {
  /** A clock that goes on by itself where somebody waits, and what happens meanwhile. */
  function clockOf(client: Client, meanwhile: (ms: number, times: number) => Promise<unknown> | undefined): Clock & { readonly pauses: number[] } {
    const pauses: number[] = [];
    return {
      pauses,
      now: () => client.clock.now,
      sleep: async ms => {
        pauses.push(ms);
        client.clock.now += ms;
        await meanwhile(ms, pauses.length);
      },
    };
  }

  it('waits until the code is entered, slower when it is told to, and renews by itself', () => withTenant({}, async ({ client, ports, facts }) => {
    const code = await requestDeviceCode(facts('device-app'), ports);
    assert.deepEqual([/^[A-Z]{4}-[A-Z]{4}$/u.test(code.userCode), code.intervalS, code.complete.endsWith(code.userCode)], [true, 5, true]);
    const clock = clockOf(client, (_ms, times) => {
      switch (times) {
        // Somebody else asks in between, so that the next question comes too early.
        case 2: return ports.post(client.simulator.url, '/oauth/token', { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: code.deviceCode, client_id: 'device-app' }).catch(() => undefined);
        case 4: return client.control('device', { decision: 'approve' });
        default: return undefined;
      }
    });
    const { token, secret } = await awaitDeviceToken(facts('device-app'), code, ports, clock, new AbortController().signal);
    assert.deepEqual(clock.pauses, [5000, 5000, 10_000, 10_000]);
    assert.deepEqual(missingScopes(token.scopes), []);
    const next = await WAYS.device.obtain(facts('device-app'), secret ?? '', ports);
    assert.ok(next !== undefined && next.token.value !== token.value && next.secret !== secret, 'the refresh token rotates');
    assert.equal((await rejection(WAYS.device.obtain(facts('device-app'), secret ?? '', ports))).signIn, 'ended');
  }));

  it('ends when it is refused, when it is not entered in time, and when the person gives up', () => withTenant({}, async ({ client, ports, facts }) => {
    const wait = async (clock: Clock, signal = new AbortController().signal): Promise<unknown> => {
      const code = await requestDeviceCode(facts('device-app'), ports);
      const { kind, signIn } = await rejection(awaitDeviceToken(facts('device-app'), code, ports, clock, signal));
      return [kind, signIn];
    };
    assert.deepEqual(await wait(clockOf(client, () => client.control('device', { decision: 'deny' }))), ['auth', 'refused']);
    assert.deepEqual(await wait(clockOf(client, () => client.control('device', { decision: 'expire' }))), ['auth', 'codeExpired']);
    const stop = new AbortController();
    assert.deepEqual(await wait(clockOf(client, () => (stop.abort(), undefined)), stop.signal), ['cancelled', undefined]);
  }));

  it('asks no longer than the code lives, whatever the answers', () => withTenant({}, async ({ client, ports, facts }) => {
    const code = await requestDeviceCode(facts('device-app'), ports);
    const pending: SignInPorts = { ...ports, post: (_origin, path) => Promise.reject(new ApiError('auth', { method: 'POST', path, oauthError: 'authorization_pending' })) };
    const clock = clockOf(client, () => undefined);
    assert.equal((await rejection(awaitDeviceToken(facts('device-app'), code, pending, clock, new AbortController().signal))).signIn, 'codeExpired');
    assert.deepEqual(clock.pauses, Array.from({ length: 180 }, () => 5000));
  }));

  it('asks less often where the connection fails', () => withTenant({}, async ({ client, ports, facts }) => {
    const code = await requestDeviceCode(facts('device-app'), ports);
    await client.control('faults', [{ path: '^/oauth/token$', times: 2, fault: 'reset-before' }]);
    await client.control('device', { decision: 'approve' });
    const clock = clockOf(client, () => undefined);
    await awaitDeviceToken(facts('device-app'), code, ports, clock, new AbortController().signal);
    assert.deepEqual(clock.pauses, [5000, 10_000, 20_000]);
  }));

  it('refuses an address for the code that is no web page', async () => {
    const ports: SignInPorts = { post: () => Promise.resolve({ device_code: 'a', user_code: 'b', verification_uri: 'command:evil' }), sign: () => Promise.reject(new Error('not here')), now: Date.now };
    assert.equal((await rejection(requestDeviceCode({ origin: 'https://a.example', clientId: 'x' }, ports))).kind, 'malformed');
  });
});
