/** A tenant that only a proxy with a password can reach, behind a certificate of a private authority. VS Code's own settings must do all of it. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { HostCounts, ProxyMode } from '../../support/proxy.ts';
import { errorWords } from '../../../src/ui/errorWords.ts';
import { parts, rows, simulatorToken } from '../support.ts';

const proxyUrl = process.env.AUTH0_ACTIONS_TEST_PROXY;
assert.ok(proxyUrl, 'AUTH0_ACTIONS_TEST_PROXY is set by the script that starts these tests');
const HOST = 'acme-dev.eu.auth0.test';

/** Control of the proxy. Asked directly: proxies are not for this machine. */
async function ask(path: string, method = 'GET'): Promise<string> {
  const address = new URL(path, proxyUrl);
  address.username = '';
  address.password = '';
  const answer = await fetch(address, { method });
  assert.ok(answer.ok);
  return answer.text();
}

/** What the proxy has counted for a host. */
async function counts(host: string): Promise<HostCounts> {
  const all = JSON.parse(await ask('/counts')) as Readonly<Record<string, HostCounts>>;
  return all[`${host}:443`] ?? { tunnels: 0, forwarded: 0, refused: 0 };
}

async function setMode(mode: ProxyMode): Promise<void> {
  await ask(`/mode/${mode}`, 'POST');
}

async function connect(host: string): Promise<void> {
  await vscode.commands.executeCommand('auth0Actions.connect', { url: `https://${host}`, token: simulatorToken });
}

/** The error of a tenant's list, as its row has it. */
async function failureOf(host: string): Promise<unknown> {
  const extension = await parts();
  await connect(host);
  const catalog = extension.state.catalog(host);
  await catalog.refresh();
  const { error } = catalog.list();
  await extension.state.registry.disconnect(host);
  return error;
}

describe('behind a proxy with a password and a private authority', () => {
  afterEach(() => setMode('open'));

  it('the tenant is found by nobody else', async () => {
    const { lookup } = await import('node:dns/promises');
    await assert.rejects(() => lookup(HOST), /ENOTFOUND|EAI_AGAIN/u);
  });

  it('connects, lists and deploys, all of it through the proxy', async () => {
    await connect(HOST);
    const extension = await parts();
    const root = (await rows(extension)).find(one => one.row.id === HOST);
    const actions = await rows(extension, root?.row);
    assert.ok(actions.some(one => one.text.startsWith('enrich-profile |')), actions.map(one => one.text).join('\n'));
    const result = await vscode.commands.executeCommand('auth0Actions.deploy', { tenant: HOST, action: 'send-welcome' });
    assert.deepEqual(result, { outcome: 'live', version: 4, errors: [] });
    const { tunnels, refused } = await counts(HOST);
    assert.ok(tunnels > 0);
    assert.equal(refused, 0);
    await extension.state.registry.disconnect(HOST);
  });

  const certificates: readonly (readonly [string, string, RegExp])[] = [
    ['unknown-leaf', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', /not trusted/u],
    ['unknown-chain', 'SELF_SIGNED_CERT_IN_CHAIN', /not trusted/u],
    ['expired', 'CERT_HAS_EXPIRED', /out of date/u],
    ['other-name', 'ERR_TLS_CERT_ALTNAME_INVALID', /belongs to another host/u],
  ];
  for (const [name, code, words] of certificates) {
    it(`says what is wrong with a certificate: ${name}`, async () => {
      const host = `${name}.eu.auth0.test`;
      const { text } = errorWords(await failureOf(host), host);
      assert.match(text, words);
      assert.ok(text.includes(code) && text.includes(host), text);
      assert.ok((await counts(host)).tunnels > 0);
    });
  }

  it('says that the proxy wants a name and a password, where they are wrong', async () => {
    await setMode('locked');
    const before = await counts(HOST);
    const { title, text } = errorWords(await failureOf(HOST), HOST);
    assert.equal(title, 'Proxy refused');
    assert.match(text, /asks for a user name and a password/u);
    const after = await counts(HOST);
    assert.equal(after.tunnels, before.tunnels);
    assert.ok(after.refused > before.refused);
  });

  it('says that the proxy cannot be reached', async () => {
    await setMode('broken');
    const error = await failureOf(HOST);
    // As connecting by hand does. Older versions of VS Code name the proxy with its password; the search for secrets reads the log.
    (await parts()).log.error('connect', error);
    const { text } = errorWords(error, HOST);
    assert.match(text, /The proxy on the way to .* cannot be reached/u);
  });
});
