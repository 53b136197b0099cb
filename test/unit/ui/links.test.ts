/** Links to actions and versions: what they name, and everything that is refused. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readLink, writeLink } from '../../../src/ui/links.ts';
import type { Link, LinkProblem } from '../../../src/ui/links.ts';

const ID = '9e63e655-feef-40c3-840a-b73732a9e609';

function read(query: string, path = '/open', fragment = ''): Link | LinkProblem {
  return readLink({ path, query, fragment });
}

describe('links', () => {
  it('name a tenant, an action and perhaps a version', () => {
    assert.deepEqual(read(`tenant=acme-dev.eu.auth0.com&action=${ID}`), { tenant: 'acme-dev.eu.auth0.com', action: ID });
    assert.deepEqual(read('version=7&action=My action&tenant=127.0.0.1:8443'), { tenant: '127.0.0.1:8443', action: 'My action', version: 7 });
    assert.deepEqual(read('tenant=demo&action=enrich-profile'), { tenant: 'demo', action: 'enrich-profile' });
    // What is shown in a question is what the request would go to, not what it looks like.
    assert.deepEqual(read('tenant=ACME.eu.auth0.com&action=a'), { tenant: 'acme.eu.auth0.com', action: 'a' });
    assert.deepEqual(read('tenant=аcme.eu.auth0.com&action=a'), { tenant: 'xn--cme-5cd.eu.auth0.com', action: 'a' });
  });

  it('are refused for anything else', () => {
    const good = `tenant=acme.eu.auth0.com&action=${ID}`;
    for (const [query, path, fragment] of [
      ['', '/open', ''], [good, '/', ''], [good, '/deploy', ''], [good, '/open/', ''], [good, '//open', ''], [good, '/x/../open', ''], [good, '/open', 'x'],
      [`${good}&deploy=true`, '/open', ''], [`${good}&token=x`, '/open', ''], [`${good}&`, '/open', ''], [`${good}&action=other`, '/open', ''], [`${good}&version`, '/open', ''],
      [`${good}&__proto__=x`, '/open', ''], [`${good}&Version=1`, '/open', ''], [`action=${'a'.repeat(2000)}&tenant=demo`, '/open', ''],
    ] as const) {
      assert.equal(read(query, path, fragment), 'unknown', `${path}?${query.slice(0, 100)}`);
    }
  });

  it('are refused with a tenant that is no host', () => {
    for (const tenant of [
      '', ' ', 'Demo', 'demo ', 'acme', 'http://acme.eu.auth0.com', 'https://acme.eu.auth0.com', '//acme.eu.auth0.com', 'acme.eu.auth0.com/api/v2', 'acme.eu.auth0.com\\x', 'evil@acme.eu.auth0.com',
      'acme.eu.auth0.com?x', 'acme.eu.auth0.com%2f', '../acme.eu.auth0.com', 'acme..auth0.com', 'acme.eu.auth0.com.', 'acme.eu.\u202eauth0.com', 'acme.eu.auth0.com\n', '[x](command:y)', `${'a'.repeat(300)}.com`, 'acme.eu.auth0.com:99999',
    ]) {
      assert.equal(read(`tenant=${tenant}&action=a`.replace('#', '')), 'tenant', tenant);
    }
    assert.equal(read('action=a'), 'tenant');
  });

  it('are refused with an action or a version that cannot be one', () => {
    for (const action of ['', ' a', 'a ', 'a\u0000b', 'a\nb', 'a\u202eb', 'a\u200bb', '\ud800', 'a'.repeat(261)]) {
      assert.equal(read(`tenant=demo&action=${action}`), 'action', JSON.stringify(action));
    }
    for (const version of ['', '0', '-1', '1.5', '1e3', '0x1', '07', '9999999', 'v7', '١', ' 1', 'draft']) {
      assert.equal(read(`tenant=demo&action=a&version=${version}`), 'version', version);
    }
  });

  it('that were copied lead back to what they were copied from', () => {
    for (const link of [{ tenant: 'demo', action: ID }, { tenant: '127.0.0.1:8443', action: ID, version: 12 }]) {
      const text = writeLink('vscode-insiders', link);
      assert.match(text, /^vscode-insiders:\/\/actions-for-auth0\.auth0-actions\/open\?/u);
      const [, query] = text.split('?');
      assert.deepEqual(read(decodeURIComponent(query ?? '')), link);
    }
  });

  it('never let through what would not show as it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ unit: 'binary', maxLength: 80 }), (tenant, action) => {
      const link = read(`tenant=${tenant}&action=${action}`);
      if (typeof link !== 'string') {
        assert.match(link.tenant, /^(?:demo|[a-z0-9._~!$'()*+,;=:[\]-]+)$/u);
        assert.doesNotMatch(link.action, /[\p{Cc}\p{Cf}]/u);
      }
    }));
  });
});
