/** The person's npm registry: which one it is, what is sent to it, and what is made of its answers. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PackageRegistry } from '../../../src/actions/packages.ts';
import { PUBLIC_REGISTRY, npmConfig, npmrcPath } from '../../../src/node/npmConfig.ts';
import { npmRegistry } from '../../../src/node/registry.ts';
import { startFakeRegistry } from '../../support/fakeRegistry.ts';
import type { FakeRegistry } from '../../support/fakeRegistry.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { answer, broken, scripted } from '../support/scriptedSend.ts';
import type { ScriptedSend } from '../support/scriptedSend.ts';

const TOKEN = 'npm_a-token-of-the-registry';

describe('the configuration of npm', () => {
  it('names the registry in the environment, then in the home folder, then the public one', () => {
    assert.equal(npmConfig({}, '').registryFor('lodash'), PUBLIC_REGISTRY);
    const file = '; a comment\n# another\n[section]\nregistry = "https://npm.acme.example/all"\n@acme:registry=https://npm.acme.example/own/\n';
    assert.equal(npmConfig({}, file).registryFor('lodash'), 'https://npm.acme.example/all/');
    assert.equal(npmConfig({}, file).registryFor('@acme/tools'), 'https://npm.acme.example/own/');
    assert.equal(npmConfig({}, file).registryFor('@other/tools'), 'https://npm.acme.example/all/');
    assert.equal(npmConfig({ NPM_CONFIG_REGISTRY: 'https://env.example' }, file).registryFor('lodash'), 'https://env.example/');
    assert.equal(npmConfig({ npm_config_registry: 'https://env.example' }, file).registryFor('@acme/tools'), 'https://npm.acme.example/own/');
    for (const odd of ['file:///etc/passwd', 'no address', 'javascript:alert(1)']) {
      assert.equal(npmConfig({ npm_config_registry: odd }, `registry=${odd}`).registryFor('lodash'), PUBLIC_REGISTRY);
    }
    assert.deepEqual([npmrcPath({}, '/home/ann'), npmrcPath({ NPM_CONFIG_USERCONFIG: '/x/npmrc' }, '/home/ann')], ['/home/ann/.npmrc', '/x/npmrc']);
  });

  it('has a token for the address it names and what is below, and never for plain http to another machine', () => {
    const config = npmConfig({ SECRET: TOKEN }, '//npm.acme.example/all/:_authToken=${SECRET}\n//plain.example/:_authToken=t\n//[::1]/:_authToken=t\n//split.example/:_authToken=a b\n');
    const token = (url: string): string | undefined => config.tokenFor(url);
    assert.equal(token('https://npm.acme.example/all/lodash'), TOKEN);
    assert.equal(token('https://npm.acme.example/all/-/v1/search?text=x'), TOKEN);
    for (const url of ['https://npm.acme.example/lodash', 'https://npm.acme.example/allother/x', 'https://npm.acme.example:8443/all/x', 'https://npm.acme.example.evil.example/all/x', 'http://plain.example/x', 'http://npm.acme.example/all/x', 'https://split.example/x']) {
      assert.equal(token(url), undefined, url);
    }
  });

  it('is read whatever is in the file', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (text, name) => {
      assert.match(npmConfig({}, text).registryFor(name), /^https?:\/\/.*\/$/u);
    }));
  });
});

describe('the npm registry', () => {
  let server: FakeRegistry;
  before(async () => {
    server = await startFakeRegistry();
  });
  after(() => server.close());
  afterEach(() => {
    server.answer = undefined;
  });

  function registry(more: { npmrc?: string; clock?: FakeClock; timeoutMs?: number; path?: string } = {}): PackageRegistry {
    const { clock = new FakeClock(), npmrc = '', path = '', ...rest } = more;
    return npmRegistry({ clock, userAgent: 'test', config: () => Promise.resolve(npmConfig({ npm_config_registry: `${server.url}${path}` }, npmrc)), ...rest });
  }
  const over = (script: ScriptedSend, npmrc = ''): PackageRegistry => npmRegistry({ clock: new FakeClock(), userAgent: 'test', send: script.send, config: () => Promise.resolve(npmConfig({}, `registry=https://npm.acme.example/all/\n${npmrc}`)) });
  const failure = async (work: Promise<unknown>): Promise<string> => work.then(() => 'resolved', (error: unknown) => (error instanceof Error ? error.message : String(error)));

  it('tells versions, the latest, what is deprecated and what runs scripts', async () => {
    const facts = await registry().facts('lodash');
    assert.deepEqual(facts, { name: 'lodash', versions: ['3.10.1', '4.17.20', '4.17.21', '5.0.0-rc.1'], latest: '4.17.21', withInstallScript: new Set(), deprecated: new Map([['4.17.20', 'Has a hole that 4.17.21 mends']]) });
    assert.deepEqual((await registry().facts('bcrypt'))?.withInstallScript, new Set(['5.1.1']));
    assert.match(server.asked.at(-1)?.headers.accept ?? '', /application\/vnd\.npm\.install-v1\+json/u);
    assert.equal((await registry().facts('@acme/tools'))?.latest, '1.0.0');
    assert.equal(server.asked.at(-1)?.url, '/@acme%2ftools');
    assert.equal((await registry({ path: 'deep/er' }).facts('lodash'))?.latest, '4.17.21');
    assert.equal(server.asked.at(-1)?.url, '/deep/er/lodash');
  });

  it('has no package of a name that it does not know, and is not asked about what is no name', async () => {
    assert.equal(await registry().facts('left-pad-2'), undefined);
    const before = server.asked.length;
    for (const name of ['', '../x', 'a b', '@acme', '@acme/', 'a/b', 'x?y', 'x#y', 'https://evil.example/x', `a${'a'.repeat(214)}`, '.hidden', '-/v1/search']) {
      assert.equal(await registry().facts(name), undefined, name);
    }
    assert.equal(server.asked.length, before);
  });

  it('finds packages by a text', async () => {
    assert.deepEqual(await registry().search(' lodash '), [{ name: 'lodash', version: '4.17.21', description: 'Utilities of every kind' }, { name: 'lodash-es', version: '4.17.21', description: 'The same as modules' }]);
    assert.equal(new URL(server.asked.at(-1)?.url ?? '', server.url).searchParams.get('text'), 'lodash');
    assert.deepEqual(await registry().search('  '), []);
    assert.equal((await registry().search('@acme'))[0]?.name, '@acme/tools');
  });

  it('is asked once by all who ask at once, and again after a while; a failure is not kept', async () => {
    const clock = new FakeClock({ auto: false });
    const one = registry({ clock });
    const before = server.asked.length;
    await Promise.all([one.facts('lodash'), one.facts('lodash'), one.facts('lodash')]);
    await one.facts('lodash');
    assert.equal(server.asked.length, before + 1);
    await clock.advance(5 * 60_000);
    await one.facts('lodash');
    assert.equal(server.asked.length, before + 2);
    server.answer = (_asked, response) => (response.writeHead(503).end(), true);
    assert.match(await failure(one.facts('bcrypt')), /status 503/u);
    server.answer = undefined;
    assert.equal((await one.facts('bcrypt'))?.latest, '5.1.1');
  });

  it('goes on for the others where one gives up', async () => {
    const one = registry();
    const stop = new AbortController();
    const [given, kept] = [one.facts('lodash', stop.signal), one.facts('lodash')];
    stop.abort();
    assert.equal(await failure(given), 'Given up.');
    assert.equal((await kept)?.latest, '4.17.21');
    assert.equal(await failure(one.facts('lodash', AbortSignal.abort())), 'Given up.');
  });

  it('gets its token, and nobody else does', async () => {
    const { host } = new URL(server.url);
    await registry({ npmrc: `//${host}/:_authToken=${TOKEN}` }).facts('lodash');
    assert.equal(server.asked.at(-1)?.headers.authorization, `Bearer ${TOKEN}`);
    await registry({ npmrc: `//other.example/:_authToken=${TOKEN}` }).facts('lodash');
    assert.equal(server.asked.at(-1)?.headers.authorization, undefined);
    const redirected = scripted(answer(302, '', { location: 'https://cdn.example/lodash' }), answer(200, { versions: {} }));
    await over(redirected, `//npm.acme.example/all/:_authToken=${TOKEN}\n//cdn.example/:_authToken=other`).facts('lodash');
    assert.deepEqual(redirected.sent.map(({ url, headers }) => [url, headers['authorization']]), [['https://npm.acme.example/all/lodash', `Bearer ${TOKEN}`], ['https://cdn.example/lodash', undefined]]);
  });

  it('follows redirects to https alone, and not for ever', async () => {
    for (const location of ['http://npm.acme.example/lodash', 'http://127.0.0.1:1/lodash', 'file:///etc/passwd', 'http://[::1]/']) {
      const script = scripted(answer(301, '', { location }));
      assert.match(await failure(over(script).facts('lodash')), /not https/u, location);
      assert.equal(script.sent.length, 1);
    }
    const circle = scripted(answer(302, '', { location: '/all/lodash' }));
    assert.match(await failure(over(circle).facts('lodash')), /without end/u);
    assert.equal(circle.sent.length, 4);
    assert.match(await failure(over(scripted(answer(302))).facts('lodash')), /without end, or to no address/u);
  });

  it('is given up after a while, and where it sends too much, and says so without an address', async () => {
    server.answer = () => true;
    assert.match(await failure(registry({ timeoutMs: 50 }).facts('lodash')), /cannot be reached/u);
    server.answer = (_asked, response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(1024 * 1024, 32);
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
        response.once('drain', more);
      };
      more();
      return true;
    };
    assert.match(await failure(registry({ timeoutMs: 8000 }).facts('lodash')), /cannot be reached \(\w+/u);
    const text = await failure(npmRegistry({ clock: new FakeClock(), userAgent: 'test', config: () => Promise.resolve(npmConfig({}, 'registry=https://ann:a-password@127.0.0.1:1/')) }).facts('lodash'));
    assert.match(text, /cannot be reached/u);
    assert.doesNotMatch(text, /password|127/u);
  });

  it('rejects for what is no answer', async () => {
    for (const [status, body] of [[200, 'no JSON'], [200, '[]'], [200, 'null'], [401, {}], [403, {}], [500, {}], [204, '']] as const) {
      assert.match(await failure(over(scripted(answer(status, body))).facts('lodash')), /registry/u);
      assert.match(await failure(over(scripted(answer(status, body))).search('lodash')), /registry/u);
    }
    assert.match(await failure(over(scripted(answer(404))).search('x')), /no search/u);
    assert.match(await failure(over(scripted(broken('ENOTFOUND'))).facts('lodash')), /cannot be reached \(ENOTFOUND\)/u);
  });

  it('makes facts of anything it answers', async () => {
    const odd = fc.oneof(fc.jsonValue(), fc.constant({}), fc.dictionary(fc.constantFrom('1.0.0', '__proto__', 'constructor', '2', 'x'), fc.oneof(fc.jsonValue(), fc.record({ deprecated: fc.jsonValue(), hasInstallScript: fc.jsonValue() }))));
    await fc.assert(fc.asyncProperty(fc.record({ versions: odd, 'dist-tags': odd, objects: fc.oneof(odd, fc.array(odd), fc.array(fc.record({ package: fc.oneof(odd, fc.record({ name: fc.oneof(fc.string(), fc.jsonValue()), version: fc.jsonValue(), description: fc.jsonValue() })) }))) }), async body => {
      const facts = await over(scripted(answer(200, body))).facts('lodash');
      assert.ok(facts !== undefined && facts.versions.every(version => /^\d/u.test(version)));
      assert.ok([...facts.deprecated.keys(), ...facts.withInstallScript].every(version => facts.versions.includes(version)));
      for (const hit of await over(scripted(answer(200, body))).search('lodash')) {
        assert.deepEqual([typeof hit.name, typeof hit.version], ['string', 'string']);
      }
    }), { numRuns: 200 });
  });
});
