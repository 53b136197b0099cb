/** Addresses and tokens as people paste them, and the registry that keeps tokens apart from everything else. */
import assert from 'node:assert/strict';
import { readToken } from '../../../src/tenants/credentials/accessToken.ts';
import { readAddress } from '../../../src/tenants/tenantAddress.ts';
import { TenantRegistry } from '../../../src/tenants/tenantRegistry.ts';
import type { TenantPlatform } from '../../../src/tenants/connectedTenant.ts';
import type { StoredTenant } from '../../../src/tenants/storedTenant.ts';
import { fakeApi, rejection } from '../support/things.ts';

function jwt(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.signature`;
}

describe('addresses', () => {
  it('are taken as people have them', () => {
    assert.deepEqual(readAddress(' acme-dev.eu.auth0.com '), { id: 'acme-dev.eu.auth0.com', origin: 'https://acme-dev.eu.auth0.com', name: 'acme-dev' });
    assert.deepEqual(readAddress('https://Login.Acme.Example/api/v2/'), { id: 'login.acme.example', origin: 'https://login.acme.example', name: 'login.acme.example' });
    assert.deepEqual(readAddress('http://127.0.0.1:8080'), { id: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080', name: '127.0.0.1:8080' });
    assert.deepEqual(readAddress('old.auth0.com'), { id: 'old.auth0.com', origin: 'https://old.auth0.com', name: 'old' });
    for (const loopback of ['http://localhost:1', 'http://[::1]:1']) {
      assert.equal(typeof readAddress(loopback), 'object', loopback);
    }
  });

  it('are refused with a reason', () => {
    const reasons = { '': 'empty', 'http://acme.eu.auth0.com': 'plainHttp', 'http://127.0.0.1.evil.example': 'plainHttp', 'https://user:pass@acme.auth0.com': 'notAHost', 'ftp://acme.auth0.com': 'notAHost', acme: 'notAHost', 'two words': 'notAHost', 'https://acme.auth0.com/dashboard': 'hasPath', 'https://acme.auth0.com?x=1': 'hasPath' };
    for (const [text, reason] of Object.entries(reasons)) {
      assert.equal(readAddress(text), reason, text);
    }
  });
});

describe('access tokens', () => {
  it('are read without a request', () => {
    assert.deepEqual(readToken(jwt({ exp: 2, aud: ['a', 'b'], scope: 'read:actions  x' })), { expiresAt: 2000, audiences: ['a', 'b'], scopes: ['read:actions', 'x'] });
    assert.deepEqual(readToken(jwt({ aud: 'é' })), { audiences: ['é'] });
    for (const text of ['', 'opaque', 'a.b', 'a.!!.c', `a.${Buffer.from('no json').toString('base64url')}.c`]) {
      assert.equal(readToken(text), undefined, text);
    }
  });
});

describe('the registry', () => {
  /** What several windows share. */
  interface Store {
    tenants: readonly StoredTenant[];
  }

  function parts(stored: readonly StoredTenant[] = [], store: Store = { tenants: stored }): { registry: TenantRegistry; store: Store; memory: () => string; secrets: Map<string, string>; tokens: string[]; demos: () => number } {
    let demos = 0;
    const secrets = new Map<string, string>();
    const tokens: string[] = [];
    const platform: TenantPlatform = {
      createApi: ({ token }) => Promise.resolve(fakeApi({
        listTriggers: async () => {
          tokens.push(await token());
          return [];
        },
      })),
      createProgramApi: () => Promise.reject(new Error('no program here')),
      signInPorts: () => Promise.resolve({ post: () => Promise.reject(new Error('no signing in here')), sign: () => Promise.reject(new Error('no key here')), now: Date.now }),
      startDemo: () => ((demos += 1), Promise.resolve({ url: 'http://127.0.0.1:1', token: 'demo-token' })),
    };
    const registry = new TenantRegistry(
      { read: () => store.tenants, write: next => ((store.tenants = next), Promise.resolve()) },
      { get: key => Promise.resolve(secrets.get(key)), set: (key, value) => (secrets.set(key, value), Promise.resolve()), delete: key => (secrets.delete(key), Promise.resolve()) },
      platform,
    );
    return { registry, store, memory: () => JSON.stringify(store.tenants), secrets, tokens, demos: () => demos };
  }
  const address = { id: 'acme.eu.auth0.com', origin: 'https://acme.eu.auth0.com', kind: 'accessToken' as const };

  it('keeps tokens in the vault alone', async () => {
    const { registry, memory, secrets, tokens } = parts();
    const tenant = await registry.connect(address, 'the-token');
    await (await tenant.api()).listTriggers();
    assert.deepEqual([tokens, [...secrets.values()]], [['the-token'], ['the-token']]);
    assert.ok(!memory().includes('the-token'));
    assert.deepEqual(parts(JSON.parse(memory()) as StoredTenant[]).registry.tenants().map(one => [one.id, one.name, one.isDemo]), [['acme.eu.auth0.com', 'acme', false]]);
  });

  it('tries a token out without keeping it', async () => {
    const { registry, memory, secrets, tokens } = parts();
    await registry.tryOut(address, 'the-token');
    assert.deepEqual([tokens, secrets.size, memory(), registry.tenants()], [['the-token'], 0, '[]', []]);
  });

  it('gives a connected tenant its new token without making another object', async () => {
    const { registry, tokens } = parts();
    const first = await registry.connect(address, 'one');
    await registry.setProtected(address.id, true);
    const second = await registry.connect(address, 'two');
    await (await first.api()).listTriggers();
    assert.equal(first, second);
    assert.deepEqual([tokens, registry.tenants().length, second.isProtected], [['two'], 1, true]);
  });

  it('forgets a tenant with its token', async () => {
    const { registry, secrets, memory } = parts();
    const heard: unknown[] = [];
    const tenant = await registry.connect(address, 'one');
    registry.changed.on(change => heard.push(change));
    await registry.disconnect(address.id);
    assert.deepEqual([secrets.size, memory(), registry.find(address.id), heard], [0, '[]', undefined, [{ removed: address.id }]]);
    assert.equal((await rejection((await tenant.api()).listTriggers())).kind, 'auth');
  });

  it('changes what is remembered now, not what this window read at its start', async () => {
    const { registry, secrets, memory, store } = parts();
    await registry.connect(address, 'one');
    const other = parts([], store).registry;
    await other.setProtected(address.id, true);
    await registry.connect({ id: 'b.eu.auth0.com', origin: 'https://b.eu.auth0.com', kind: 'accessToken' }, 'two');
    assert.deepEqual(registry.tenants().map(one => one.id), [address.id, 'b.eu.auth0.com']);
    assert.equal(registry.find(address.id)?.isProtected, true);
    await other.disconnect(address.id);
    await registry.connect({ id: 'c.eu.auth0.com', origin: 'https://c.eu.auth0.com', kind: 'accessToken' }, 'three');
    assert.deepEqual((JSON.parse(memory()) as StoredTenant[]).map(one => one.id), ['b.eu.auth0.com', 'c.eu.auth0.com']);
    assert.ok(secrets.size >= 2);
  });

  it('follows other windows, which share its store and its vault', async () => {
    const { registry, store } = parts();
    const heard: unknown[] = [];
    await registry.connect(address, 'one');
    const other = parts([], store).registry;
    registry.changed.on(({ added, removed, renewed, updated }) => heard.push([added?.id, removed, renewed?.id, updated]));
    // Nothing new is no news; a secret that changed is told of without a reason to read again.
    registry.lookAgain();
    registry.lookAgain(address.id);
    await other.rename(address.id, 'Ours');
    registry.lookAgain();
    assert.equal(registry.find(address.id)?.name, 'Ours');
    await other.connect(address, 'two');
    registry.lookAgain();
    await other.connect({ id: 'b.eu.auth0.com', origin: 'https://b.eu.auth0.com', kind: 'accessToken' }, 'x');
    registry.lookAgain();
    await other.disconnect(address.id);
    registry.lookAgain();
    assert.deepEqual(heard, [
      [undefined, undefined, address.id, undefined],
      [undefined, undefined, undefined, address.id],
      [address.id, undefined, undefined, undefined],
      ['b.eu.auth0.com', undefined, undefined, undefined],
      [undefined, address.id, undefined, undefined],
    ]);
    assert.deepEqual(registry.tenants().map(one => one.id), ['b.eu.auth0.com']);
  });

  it('shows its connections as sessions that open nothing', async () => {
    const { registry, secrets } = parts();
    await registry.connect(address, 'the-token');
    await registry.connectDemo();
    const [session, none] = registry.sessions();
    assert.deepEqual([session?.tenant.id, none], [address.id, undefined]);
    assert.ok(session !== undefined && ![...secrets.values()].includes(session.session));
    await registry.connect(address, 'another');
    assert.notEqual(registry.sessions()[0]?.session, session.session);
  });

  it('starts the demo tenant with its first request, once', async () => {
    const { registry, demos } = parts();
    const tenant = await registry.connectDemo();
    assert.equal(await registry.connectDemo(), tenant);
    assert.equal(demos(), 0);
    await Promise.all([tenant.api(), tenant.api()]);
    assert.deepEqual([demos(), tenant.isProtected, tenant.name], [1, false, 'demo']);
  });

  describe('what a person says of a tenant', () => {
    const second = { id: 'shop.eu.auth0.com', origin: 'https://shop.eu.auth0.com', kind: 'accessToken' as const };

    async function two(): Promise<ReturnType<typeof parts> & { heard: unknown[] }> {
      const made = parts();
      await made.registry.connect(address, 'one');
      await made.registry.connect(second, 'two');
      const heard: unknown[] = [];
      made.registry.changed.on(change => heard.push(change));
      return { ...made, heard };
    }

    it('is remembered, told of without a reason to read again, and kept by connecting again', async () => {
      const { registry, store, heard } = await two();
      await registry.rename(address.id, '  Acme   live ');
      await registry.setLabel(address.id, 'production');
      await registry.setProtected(address.id, true);
      assert.deepEqual(heard, [{ updated: address.id }, { updated: address.id }, { updated: address.id }]);
      await registry.connect(address, 'three');
      const [tenant] = parts([], store).registry.tenants();
      assert.deepEqual([tenant?.name, tenant?.label, tenant?.isProtected, tenant?.id], ['Acme live', 'production', true, address.id]);
      await registry.rename(address.id, undefined);
      await registry.setLabel(address.id, undefined);
      await registry.setProtected(address.id, false);
      assert.deepEqual({ ...store.tenants[0], session: undefined }, { id: address.id, origin: address.origin, kind: 'accessToken', session: undefined });
    });

    it('is no name that leaves a doubt', async () => {
      const { registry } = await two();
      const problems = { '': 'empty', ' ': 'empty', ['x'.repeat(61)]: 'tooLong', 'a\u0007b': 'unprintable', 'a\u202eb': 'unprintable', shop: 'taken', ' SHOP': 'taken', 'shop.eu.auth0.com': 'taken', ['x'.repeat(60)]: undefined, acme: undefined };
      for (const [name, problem] of Object.entries(problems)) {
        assert.equal(registry.nameProblem(address.id, name), problem, name);
      }
      await assert.rejects(registry.rename(address.id, 'shop'), /taken/u);
      await registry.rename(second.id, 'live');
      assert.equal(registry.nameProblem(address.id, 'Live'), 'taken');
      // It was free when it was given, and is not any more: both go by their hosts.
      await registry.rename(second.id, 'third.example');
      const third = await registry.connect({ id: 'third.example', origin: 'https://third.example', kind: 'accessToken' as const }, 'x');
      assert.deepEqual([registry.find(second.id)?.name, third.name], [second.id, 'third.example']);
    });

    it('as protection counts in every window at once', async () => {
      const { registry, store } = await two();
      const there = parts([], store).registry.find(address.id);
      assert.equal(there?.isProtected, false);
      await registry.setProtected(address.id, true);
      assert.deepEqual([registry.find(address.id)?.isProtected, there.isProtected], [true, true]);
      await registry.setProtected(address.id, false);
      assert.deepEqual([registry.find(address.id)?.isProtected, there.isProtected], [false, false]);
      const demo = await registry.connectDemo();
      await registry.setProtected('demo', true);
      assert.equal(demo.isProtected, true);
    });

    it('as order leaves tenants of other windows in the list', async () => {
      const { registry, store } = await two();
      const ids = (): string[] => store.tenants.map(one => one.id.split('.')[0] ?? '');
      const other = parts([], store).registry;
      await other.connect({ id: 'new.eu.auth0.com', origin: 'https://new.eu.auth0.com', kind: 'accessToken' as const }, 'x');
      await registry.move(second.id, 'up');
      assert.deepEqual(ids(), ['shop', 'acme', 'new']);
      assert.deepEqual(registry.tenants().map(one => one.name), ['shop', 'acme', 'new']);
      await registry.move(second.id, 'up');
      assert.deepEqual(ids(), ['shop', 'acme', 'new']);
      await registry.move(second.id, 'down');
      await registry.moveTo(address.id, undefined);
      assert.deepEqual(ids(), ['shop', 'new', 'acme']);
      await other.disconnect(second.id);
      await registry.moveTo(address.id, second.id);
      assert.deepEqual(ids(), ['new', 'acme']);
    });
  });

  it('names two tenants of the same short name by their hosts', async () => {
    const { registry } = parts();
    const eu = await registry.connect(address, 'x');
    assert.equal(eu.name, 'acme');
    const us = await registry.connect({ id: 'acme.us.auth0.com', origin: 'https://acme.us.auth0.com', kind: 'accessToken' }, 'x');
    assert.deepEqual([eu.name, us.name], ['acme.eu.auth0.com', 'acme.us.auth0.com']);
  });
});
