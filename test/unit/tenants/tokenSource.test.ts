/** One tenant's token: renewed in time, by one call, and shared with other windows. */
import assert from 'node:assert/strict';
import { Deployments } from '../../../src/actions/deployments.ts';
import { ApiError } from '../../../src/auth0/errors.ts';
import { connectTenant, signInPorts } from '../../../src/node/network.ts';
import { systemClock } from '../../../src/node/systemClock.ts';
import { startSimulator } from '../../../src/simulator/index.ts';
import type { CredentialKind, Obtained, SignInPorts, Way } from '../../../src/tenants/credentials/credential.ts';
import { WAYS } from '../../../src/tenants/credentials/ways.ts';
import { TokenSource } from '../../../src/tenants/tokenSource.ts';
import { secretKey, tokenKey } from '../../../src/tenants/vault.ts';
import type { Vault } from '../../../src/tenants/vault.ts';
import { rejection, tenantOf } from '../support/things.ts';

const ID = 'acme.eu.auth0.com';
const NO_PORTS: SignInPorts = { post: () => Promise.reject(new Error('no request here')), sign: () => Promise.reject(new Error('no key here')), now: Date.now };

function vaultOf(entries: Readonly<Record<string, string>>): Vault & { readonly map: Map<string, string> } {
  const map = new Map(Object.entries(entries));
  return { map, get: key => Promise.resolve(map.get(key)), set: (key, value) => Promise.resolve(void map.set(key, value)), delete: key => Promise.resolve(void map.delete(key)) };
}

/** A source over a way that a test gives, with a clock in the test's hand. */
function sourceOf(obtain: () => Promise<Obtained>, vault = vaultOf({ [secretKey(ID)]: 'secret' }), kind: CredentialKind = 'clientSecret'): { readonly source: TokenSource; readonly clock: { now: number }; readonly vault: typeof vault; readonly calls: () => number } {
  const clock = { now: 1_000_000 };
  let calls = 0;
  const way: Way = { ...WAYS[kind], obtain: () => ((calls += 1), obtain()) };
  const source = new TokenSource({ id: ID, way, facts: () => ({ origin: `https://${ID}` }), vault, ports: () => Promise.resolve(NO_PORTS), now: () => clock.now });
  return { source, clock, vault, calls: () => calls };
}

describe('a tenant\'s token', () => {
  it('is minted by one call for 50 requests at once, over HTTP', async () => {
    const simulator = await startSimulator({ plan: 'enterprise', seed: '3-actions', applications: [{ clientId: 'app', clientSecret: 'the-secret' }] });
    try {
      const facts = { origin: simulator.url, clientId: 'app' };
      const common = { clock: systemClock, userAgent: 'test' };
      const source = new TokenSource({ id: ID, way: WAYS.clientSecret, facts: () => facts, vault: vaultOf({ [secretKey(ID)]: 'the-secret' }), ports: () => Promise.resolve(signInPorts(common)), now: Date.now });
      const api = connectTenant({ origin: simulator.url, token: refused => source.token(refused), ...common });
      const counts = async (): Promise<unknown> => (await fetch(`${simulator.url}/simulator/sign-ins`)).json();
      const all = (): Promise<unknown[]> => Promise.all(Array.from({ length: 50 }, () => api.listTriggers()));
      await all();
      assert.deepEqual(await counts(), { client_credentials: { ok: 1 } });
      // Revoked in the middle: all fifty notice, and one call brings the next.
      await fetch(`${simulator.url}/simulator/tokens`, { method: 'POST', body: JSON.stringify({ revoke: 'all' }) });
      await all();
      assert.deepEqual(await counts(), { client_credentials: { ok: 2 } });
    } finally {
      await simulator.close();
    }
  });

  for (const how of ['expire', 'revoke'] as const) {
    it(`may end in the middle of a deploy (${how}): it goes on with the next, and is live`, async () => {
      const simulator = await startSimulator({ plan: 'enterprise' });
      try {
        const control = (path: string, body: object): Promise<Response> => fetch(`${simulator.url}/simulator/${path}`, { method: 'POST', body: JSON.stringify(body) });
        const minted = async (): Promise<string> => ((await (await fetch(`${simulator.url}/oauth/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'simulator', client_secret: simulator.token }) })).json()) as { access_token: string }).access_token;
        const vault = vaultOf({ [secretKey(ID)]: await minted() });
        const source = new TokenSource({ id: ID, way: WAYS.accessToken, facts: () => ({ origin: simulator.url }), vault, ports: () => Promise.resolve(NO_PORTS), now: Date.now });
        let signedOut = 0;
        const api = connectTenant({ origin: simulator.url, token: refused => source.token(refused), clock: systemClock, userAgent: 'test', onSignedOut: () => void (signedOut += 1) });
        const action = (await api.listActions(0)).items.find(one => one.name === 'send-welcome');
        assert.ok(action);
        await control('hold', { action: action.id, status: 'building' });
        const deployments = new Deployments({ clock: systemClock });
        const ended = deployments.deploy({ tenant: tenantOf(api), actionId: action.id, actionName: action.name });
        await control('tokens', { [how]: vault.map.get(secretKey(ID)) });
        const noticed = async (): Promise<void> => {
          while (signedOut === 0) {
            await systemClock.sleep(10);
          }
        };
        await noticed();
        // What a person does when the prompt asks.
        vault.map.set(secretKey(ID), await minted());
        await control('hold', { action: action.id, status: 'built' });
        assert.deepEqual((await ended).outcome, { kind: 'live', version: (action.deployedVersion?.number ?? 0) + 1 });
      } finally {
        await simulator.close();
      }
    });
  }

  it('is renewed before it ends, and the old one serves while that fails', async () => {
    let answer = (): Promise<Obtained> => Promise.resolve({ token: { value: 'one', mintedAt: 1_000_000, expiresAt: 4_600_000 } });
    const { source, clock, calls } = sourceOf(() => answer());
    assert.equal(await source.token(), 'one');
    clock.now = 4_299_000;
    assert.deepEqual([await source.token(), calls()], ['one', 1]);
    clock.now = 4_301_000;
    answer = () => Promise.reject(new ApiError('network', { method: 'POST', path: '/oauth/token' }));
    assert.deepEqual([await source.token(), calls()], ['one', 2]);
    clock.now = 4_600_001;
    assert.equal((await rejection(source.token())).kind, 'network');
    answer = () => Promise.resolve({ token: { value: 'two' } });
    assert.equal(await source.token(), 'two');
  });

  it('is not asked for again and again where it was refused', async () => {
    const { source, clock, calls } = sourceOf(() => Promise.reject(new ApiError('auth', { method: 'POST', path: '/oauth/token', signIn: 'secret' })));
    for (let look = 0; look < 5; look += 1) {
      assert.equal((await rejection(source.token())).signIn, 'secret');
    }
    assert.equal(calls(), 1);
    clock.now += 15_000;
    await rejection(source.token());
    assert.equal(calls(), 2);
  });

  it('is the one that another window has minted', async () => {
    const vault = vaultOf({ [secretKey(ID)]: 'secret', [tokenKey(ID)]: JSON.stringify({ value: 'theirs', mintedAt: 0, expiresAt: 90_000_000 }) });
    const { source, calls } = sourceOf(() => Promise.resolve({ token: { value: 'ours' } }), vault);
    assert.deepEqual([await source.token(), calls()], ['theirs', 0]);
    vault.map.set(tokenKey(ID), JSON.stringify({ value: 'newer' }));
    assert.deepEqual([await source.token('theirs'), calls()], ['newer', 0]);
    assert.deepEqual([await source.token('newer'), calls()], ['ours', 1]);
    vault.map.set(tokenKey(ID), 'no json');
    assert.equal(await source.token('ours').catch(() => 'none'), 'ours');
  });

  it('keeps a refresh token that rotates, before it uses the token', async () => {
    const { source, vault } = sourceOf(() => Promise.resolve({ token: { value: 'one' }, secret: 'next' }), undefined, 'device');
    await source.token();
    assert.equal(vault.map.get(secretKey(ID)), 'next');
  });

  it('that a person gave is replaced by what the person gives next, in the middle of work', async () => {
    const vault = vaultOf({ [secretKey(ID)]: 'first' });
    const source = new TokenSource({ id: ID, way: WAYS.accessToken, facts: () => ({ origin: `https://${ID}` }), vault, ports: () => Promise.resolve(NO_PORTS), now: Date.now });
    assert.equal(await source.token(), 'first');
    assert.equal((await rejection(source.token('first'))).signIn, 'ended');
    vault.map.set(secretKey(ID), 'second');
    assert.equal(await source.token('first'), 'second');
    vault.map.clear();
    assert.equal((await rejection(source.token('second'))).signIn, 'nothingStored');
  });
});
