/** Hostile text, addresses of documents, and the words of errors. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Uri, env } from 'vscode';
import { ApiError } from '../../../src/auth0/errors.ts';
import type { ApiErrorKind } from '../../../src/auth0/errors.ts';
import { UserError, errorWords } from '../../../src/ui/errorWords.ts';
import { redact } from '../../../src/ui/log.ts';
import { verbatim } from '../../../src/ui/tree/treeProvider.ts';
import { documentUri, draftUri, fileName, readUri, versionUri } from '../../../src/ui/uris.ts';
import { whenWords } from '../../../src/ui/words.ts';

describe('addresses of documents', () => {
  it('have the fixed form', () => {
    const draft = draftUri('acme-dev.eu.auth0.com', 'id-1', 'enrich profile');
    assert.deepEqual([draft.scheme, draft.authority, draft.path], ['auth0-actions', 'acme-dev.eu.auth0.com', '/id-1/draft/enrich profile.js']);
    const seventh = versionUri('127.0.0.1:8080', 'id-1', 7, 'x');
    assert.deepEqual([seventh.scheme, seventh.authority, seventh.path], ['auth0-actions-version', '127.0.0.1:8080', '/id-1/v7/x.js']);
  });

  it('are read back, whatever the name', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.integer({ min: 1, max: 5000 }), (name, number) => {
      assert.deepEqual(readUri(draftUri('demo', 'id-1', name)), { tenantId: 'demo', actionId: 'id-1', part: 'code' });
      assert.deepEqual(readUri(versionUri('demo', 'id-1', number, name)), { tenantId: 'demo', actionId: 'id-1', version: number, part: 'code' });
      for (const part of ['code', 'settings', 'settingsAcross'] as const) {
        const address = { tenantId: 'demo', actionId: 'id-1', version: number, part };
        assert.deepEqual(readUri(documentUri(address, name)), address);
      }
    }));
  });

  it('keep names out of the path', () => {
    assert.equal(fileName('../../etc/passwd'), '__.._etc_passwd');
    assert.equal(fileName('a\nb\u0000c'), 'a_b_c');
    assert.equal(fileName('   '), 'action');
    assert.equal(fileName('x'.repeat(10_000)).length, 100);
    assert.equal(encodeURIComponent(fileName(`${'x'.repeat(99)}😀😀`)), `${'x'.repeat(99)}${encodeURIComponent('😀')}`);
    assert.equal(fileName('half \ud83d of one'), 'half _ of one');
  });

  it('of anything else are none', () => {
    for (const uri of ['file:///x/draft/a.js', 'auth0-actions://demo/id/v1/a.js', 'auth0-actions-version://demo/id/draft/a.js', 'auth0-actions://demo/id/draft', 'auth0-actions://demo/id/draft/a/b.js', 'auth0-actions-version://demo/id/vx/a.js']) {
      assert.equal(readUri(Uri.parse(uri)), undefined, uri);
    }
  });
});

describe('the words of errors', () => {
  const kinds: readonly ApiErrorKind[] = ['auth', 'forbidden', 'notFound', 'notBuilt', 'conflict', 'rateLimited', 'invalid', 'malformed', 'timeout', 'network', 'proxy', 'server', 'cancelled'];
  it('say something of their own for each kind, and name the tenant', () => {
    const texts = kinds.map(kind => errorWords(new ApiError(kind, { method: 'GET', path: '/x' }), 'acme-dev'));
    assert.equal(new Set(texts.map(words => words.title)).size, kinds.length);
    for (const [index, words] of texts.entries()) {
      assert.ok(kinds[index] === 'cancelled' || words.text.includes('acme-dev'), words.text);
    }
  });

  it('name missing scopes, unknown hosts and untrusted certificates', () => {
    const of = (kind: ApiErrorKind, details: object): string => errorWords(new ApiError(kind, { method: 'GET', path: '/x', ...details }), 'acme-dev').text;
    assert.match(of('forbidden', { missingScopes: ['create:actions'] }), /lacks the scope create:actions/u);
    assert.match(of('network', { serviceMessage: 'ENOTFOUND' }), /cannot be found/u);
    assert.match(of('network', { serviceMessage: 'SELF_SIGNED_CERT_IN_CHAIN' }), /not trusted/u);
  });

  it('say so where the service gives no reason', () => {
    for (const kind of ['forbidden', 'conflict', 'invalid'] as const) {
      assert.match(errorWords(new ApiError(kind, { method: 'PATCH', path: '/x', status: 418, serviceMessage: ' ' }), 'acme-dev').text, /: it gives no reason \(status 418\)\.$/u);
    }
  });

  it('hide the inside of a mistake of ours, and pass on what is meant for people', () => {
    assert.doesNotMatch(errorWords(new TypeError('x is undefined'), 'acme-dev').text, /undefined/u);
    assert.equal(errorWords(new UserError('Do this.'), 'acme-dev').text, 'Do this.');
  });
});

describe('the log', () => {
  it('holds no token', () => {
    const token = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.${'a'.repeat(43)}`;
    assert.doesNotMatch(redact(`failed with ${token} and Authorization: Bearer opaque-token`), /eyJ|opaque-token/u);
  });

  it('holds no password of a proxy', () => {
    for (const text of ['to proxies: PROXY ann:p4ss%2Fword@proxy.example:8080', 'at http://ann:p4ss%2Fword@[::1]:8080/', 'https://ann:p4ss%2Fword@proxy.example']) {
      assert.doesNotMatch(redact(text), /ann|p4ss|word/u);
    }
    const harmless = 'lodash@4.17.21 at file:///home/x/node_modules/@scope/a@1/index.js:3:7, user@example.com: ok';
    assert.equal(redact(harmless), harmless);
  });
});

describe('tooltips', () => {
  it('hold text from a tenant as code, which nothing can break out of', () => {
    assert.equal(verbatim('lodash@4.17.21'), '` lodash@4.17.21 `');
    assert.equal(verbatim('a ``b`` [x](command:evil)'), '``` a ``b`` [x](command:evil) ```');
  });
});

describe('times', () => {
  const now = Date.parse('2026-06-15T12:00:00');
  const display = env as { language: string };
  afterEach(() => {
    display.language = 'en';
  });

  it('are dates in the display language, whatever the machine speaks', () => {
    for (const [language, month] of [['fr', 'févr.'], ['de', 'Feb.'], ['en', 'Feb']] as const) {
      display.language = language;
      assert.match(whenWords('2026-02-03T18:40:00', now), new RegExp(`${month.replace('.', '\\.')}.* 2026 18:40$`, 'u'));
    }
  });
});
