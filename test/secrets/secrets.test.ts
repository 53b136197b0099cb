/**
 * After all runs in VS Code: no token and no other secret that they used is anywhere but where it may be. The search runs
 * before the tests are declared, so that their names say how much was searched.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resultsFolder } from '../../scripts/lib/project.ts';
import { keptFolder, registeredSecrets } from '../support/secrets.ts';
import { SecretSearch } from './search.ts';
import type { Exception } from './search.ts';

/** The name and password of test/support/proxy.ts as a part of its address. */
const PROXY_URL = /(?<=http:\/\/)ann:[^@\s"]+(?=@127\.0\.0\.1:)/gu;

/**
 * Where a secret may be, and why. Secret storage needs no entry: this workbench keeps it in memory, and encrypted where it
 * keeps it over a reload, so that its store is searched like everything else.
 */
const EXCEPTIONS: readonly Exception[] = [
  { reason: 'A person writes the password of a proxy into the setting http.proxy, and VS Code keeps copies of its settings, in its local history as well.', files: /\/(?:(?:settings|configuration)|User\/History\/[^/]+\/\w+)\.json$/u, without: PROXY_URL },
  { reason: 'VS Code hands its setting http.proxy to its agent host, and writes that down in the log of it.', files: /\/logs\/[^/]+\/ahp\/[^/]+\.jsonl$/u, without: PROXY_URL },
];

const secrets = registeredSecrets();
const search = new SecretSearch(secrets, EXCEPTIONS);

const PLACES: readonly (readonly [string, string | undefined])[] = [
  ['the data folders of VS Code: logs, settings, state, output', keptFolder('workbench')],
  ['the storage of the page', keptFolder('browser')],
  ["the extension's log", keptFolder('log')],
  ['URLs and bodies of all requests and answers', keptFolder('traffic')],
  ['test-results', resultsFolder],
];

describe('secrets', () => {
  it(`were used: ${secrets.length} of them`, () => {
    assert.ok(secrets.length > 0, 'No secret was registered: this suite runs after those in VS Code, as a part of npm test.');
  });

  for (const [place, folder] of PLACES) {
    const { files, bytes, leaks } = folder === undefined ? { files: 0, bytes: 0, leaks: [] } : search.folder(folder);
    it(`are not in ${place} (${files} files, ${(bytes / 1e6).toFixed(1)} MB)`, () => {
      assert.ok(files > 0 && bytes > 0, 'Nothing was searched.');
      assert.deepEqual(leaks.map(({ file, what, form, at, before }) => `${what}, ${form}, at ${at} of ${file}, behind: ${before}`), []);
    });
  }
});

describe('the search for secrets', () => {
  const token = `eyJhbGciOiJIUzI1NiJ9.${Buffer.from(JSON.stringify({ sub: randomUUID(), scope: 'read:actions' })).toString('base64url')}.${randomUUID().replaceAll('-', '')}`;
  const password = `pä"ss\\wörd/+%&?\n${randomUUID()}`;
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'planted-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const forms: readonly (readonly [string, (secret: string) => Buffer])[] = [
    ['plain', secret => Buffer.from(`before ${secret} after`)],
    ['URL-encoded', secret => Buffer.from(`https://x.example/?a=${encodeURIComponent(secret)}&b`)],
    ['JSON-escaped', secret => Buffer.from(JSON.stringify({ a: secret }))],
    ['UTF-16', secret => Buffer.from(`x${secret}`, 'utf16le')],
    ['base64', secret => Buffer.from(Buffer.from(secret).toString('base64'))],
    ['base64 of a longer text', secret => Buffer.from(Buffer.from(`a:${secret}`).toString('base64'))],
    ['base64 of another longer text', secret => Buffer.from(Buffer.from(`Bearer:${secret}!`).toString('base64url'))],
    ['cut at the end', secret => Buffer.from(secret.slice(0, Math.ceil(secret.length * 0.8)))],
    ['cut at the beginning', secret => Buffer.from(secret.slice(Math.ceil(secret.length * 0.4)))],
    ['between bytes that are no text', secret => Buffer.concat([Buffer.from([0, 255, 254, 0]), Buffer.from(secret), Buffer.from([0, 1])])],
  ];
  for (const [name, secret] of [['a token', token], ['a password', password]] as const) {
    for (const [form, write] of forms) {
      it(`finds ${name}: ${form}`, () => {
        const place = join(folder, 'deep', 'er');
        mkdirSync(place, { recursive: true });
        writeFileSync(join(place, 'file.bin'), write(secret));
        const found = new SecretSearch([{ text: secret, what: name }], []).folder(folder);
        assert.deepEqual([found.files, found.leaks.some(leak => leak.what === name && leak.file === 'deep/er/file.bin')], [1, true]);
      });
    }
  }

  it('finds nothing where there is nothing, nor what all tokens have in common', () => {
    const other = `${token.slice(0, token.indexOf('.'))}.${'b'.repeat(60)}.${'c'.repeat(43)}`;
    const one = new SecretSearch([{ text: token, what: 'a token' }], []);
    assert.deepEqual(one.content('x', Buffer.from(`${other} ${'some other text '.repeat(100)}`)), []);
  });

  it('takes the address of another server for no token, wherever it stands in the base64 of a log', () => {
    const host = '127.0.0.1:43191';
    const claims = Buffer.from(JSON.stringify({ iss: `https://${host}/`, sub: 'simulator@clients', aud: `https://${host}/api/v2/`, iat: 1_764_466_840 })).toString('base64url');
    const one = new SecretSearch([{ text: `eyJhbGciOiJIUzI1NiJ9.${claims}.${'s'.repeat(43)}`, what: 'a token' }], []);
    const log = [0, 1, 2].map(shift => Buffer.from(`${'-'.repeat(shift)}scope ('http://${host}/') with script ('http://${host}/stable/x.js')`).toString('base64')).join('\n');
    assert.deepEqual(one.content('storage.json', Buffer.from(log)), []);
  });

  it('leaves out what an exception names, and no more', () => {
    const one = new SecretSearch([{ text: password, what: 'a password' }], [{ reason: 'test', files: /^allowed\.txt$/u, without: /\[[^\]]*\]/gu }]);
    for (const [name, text, leaks] of [['allowed.txt', `[${password}]`, 0], ['allowed.txt', password, 1], ['other.txt', `[${password}]`, 1]] as const) {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      writeFileSync(join(folder, name), text);
      assert.equal(one.folder(folder).leaks.length > 0 ? 1 : 0, leaks, name);
    }
  });
});
