/** Configurations of auth0-deploy-cli, as teams have them. */
import assert from 'node:assert/strict';
import { readEnvFile } from '../../../src/node/network.ts';
import { connectionOf, readConfigJson } from '../../../src/tenants/credentials/deployConfig.ts';

const BASE = { AUTH0_DOMAIN: 'acme-dev.eu.auth0.com', AUTH0_CLIENT_ID: 'id', AUTH0_CLIENT_SECRET: 'secret' };
const CONNECTION = { id: 'acme-dev.eu.auth0.com', origin: 'https://acme-dev.eu.auth0.com', kind: 'clientSecret', clientId: 'id' };

describe('an imported configuration', () => {
  it('is read from JSON and from variables', () => {
    const json = readConfigJson(`\uFEFF${JSON.stringify({ ...BASE, AUTH0_EXCLUDED: ['rules'] })}`);
    assert.deepEqual(connectionOf(json ?? {}), { connection: CONNECTION, secret: 'secret' });
    const env = readEnvFile('# ours\nexport AUTH0_DOMAIN=acme-dev.eu.auth0.com\nAUTH0_CLIENT_ID="id"\nAUTH0_CLIENT_SECRET=\'secret\' # theirs\n');
    assert.deepEqual(connectionOf(env), { connection: CONNECTION, secret: 'secret' });
    for (const text of ['', '[]', '"x"', 'AUTH0_DOMAIN=x']) {
      assert.equal(readConfigJson(text), undefined, text);
    }
  });

  it('may hold a canonical audience, a key or a token', () => {
    assert.deepEqual(connectionOf({ ...BASE, AUTH0_DOMAIN: 'login.acme.example', AUTH0_AUDIENCE: 'https://acme.eu.auth0.com/api/v2/' }), {
      connection: { id: 'login.acme.example', origin: 'https://login.acme.example', kind: 'clientSecret', clientId: 'id', audience: 'https://acme.eu.auth0.com/api/v2/' },
      secret: 'secret',
    });
    assert.deepEqual(connectionOf({ ...BASE, AUTH0_CLIENT_SECRET: '', AUTH0_CLIENT_SIGNING_KEY_PATH: './key.pem', AUTH0_CLIENT_SIGNING_ALGORITHM: 'RS384' }), { connection: { ...CONNECTION, kind: 'privateKey', algorithm: 'RS384' }, secret: '', keyPath: './key.pem' });
    assert.deepEqual(connectionOf({ AUTH0_DOMAIN: BASE.AUTH0_DOMAIN, AUTH0_ACCESS_TOKEN: 'token' }), { connection: { id: CONNECTION.id, origin: CONNECTION.origin, kind: 'accessToken' }, secret: 'token' });
  });

  it('tells what it lacks', () => {
    assert.deepEqual(connectionOf({}), { kind: 'missing', names: ['AUTH0_DOMAIN', 'AUTH0_CLIENT_ID', 'AUTH0_CLIENT_SECRET'] });
    assert.deepEqual(connectionOf({ ...BASE, AUTH0_CLIENT_SECRET: 7 }), { kind: 'missing', names: ['AUTH0_CLIENT_SECRET'] });
    assert.deepEqual(connectionOf({ ...BASE, AUTH0_DOMAIN: 'http://evil.example' }), { kind: 'domain', domain: 'http://evil.example' });
  });
});
