/** Links that open an action: what they may name, and that nothing else gets in. */
import assert from 'node:assert/strict';
import { linkTo, readLink } from '../../../src/ui/links/readLink.ts';

const ID = 'actions-for-auth0.auth0-actions';

describe('links', () => {
  it('name a tenant, an action and perhaps a version', () => {
    assert.deepEqual(readLink('/open', 'tenant=acme-dev.eu.auth0.com&action=enrich-profile'), { tenant: 'acme-dev.eu.auth0.com', action: 'enrich-profile' });
    assert.deepEqual(readLink('/open', 'tenant=Login.Acme.Example%3A8443&action=a%26b+c&version=7'), { tenant: 'login.acme.example:8443', action: 'a&b c', version: 7 });
    assert.deepEqual(readLink('/open', 'tenant=demo&action=x'), { tenant: 'demo', action: 'x' });
    assert.deepEqual(readLink('/open', 'tenant=127.0.0.1%3A8080&action=x'), { tenant: '127.0.0.1:8080', action: 'x' });
  });

  it('are read as they were written', () => {
    for (const link of [{ tenant: 'acme.eu.auth0.com', action: 'Größe & Co =?#' }, { tenant: 'demo', action: 'a/../b', version: 3 }]) {
      const url = new URL(linkTo('vscode', ID, link));
      assert.deepEqual([url.protocol, url.host, readLink(url.pathname, url.search.slice(1))], ['vscode:', ID, link]);
    }
  });

  it('that name something else are refused with a reason', () => {
    const reasons: readonly (readonly [string, string, string])[] = [
      ['/deploy', 'tenant=a.auth0.com&action=x', 'path'],
      ['/open/', 'tenant=a.auth0.com&action=x', 'path'],
      ['/open', '', 'tenant'],
      ['/open', 'tenant=https://a.auth0.com&action=x', 'tenant'],
      ['/open', 'tenant=http://a.auth0.com&action=x', 'tenant'],
      ['/open', 'tenant=a.auth0.com/api/v2/&action=x', 'tenant'],
      ['/open', 'tenant=user@a.auth0.com&action=x', 'tenant'],
      ['/open', 'tenant=../demo&action=x', 'tenant'],
      ['/open', 'tenant=a.auth0.com', 'action'],
      ['/open', 'tenant=a.auth0.com&action=%20', 'action'],
      ['/open', 'tenant=a.auth0.com&action=a%0Ab', 'action'],
      ['/open', 'tenant=a.auth0.com&action=a%E2%80%AEb', 'action'],
      ['/open', `tenant=a.auth0.com&action=${'x'.repeat(201)}`, 'action'],
      ['/open', 'tenant=a.auth0.com&action=x&version=0', 'version'],
      ['/open', 'tenant=a.auth0.com&action=x&version=1e3', 'version'],
      ['/open', 'tenant=a.auth0.com&action=x&version=', 'version'],
    ];
    for (const [path, query, reason] of reasons) {
      assert.equal(readLink(path, query), reason, `${path}?${query}`);
    }
  });
});
