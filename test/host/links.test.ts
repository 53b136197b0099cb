/** Links, as VS Code hands them over: what opens at once, what is asked about, and what is refused. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { DeepLinks } from '../../src/ui/deepLinks.ts';
import { EXTENSION_ID, connect, control, createBuilt, parts, rows, tenant, until } from './support.ts';

describe('a link', () => {
  before(async () => {
    await control('reset', {});
    await control('faults', []);
    await connect();
  });
  beforeEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
  after(async () => {
    const extension = await parts();
    await extension.state.registry.disconnect(tenant);
    await extension.state.registry.disconnect('demo');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  function link(query: Readonly<Record<string, string>>, path = '/open'): vscode.Uri {
    return vscode.Uri.parse(`${vscode.env.uriScheme}://${EXTENSION_ID}${path}?${Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`);
  }

  /** Opens a link; whatever is asked is answered, and kept. */
  async function follow(uri: vscode.Uri, answer?: string): Promise<readonly string[]> {
    const extension = await parts();
    const asked: string[] = [];
    const links = new DeepLinks(() => extension, (_about, text) => {
      asked.push(text);
      return Promise.resolve(answer);
    });
    await links.handleUri(uri);
    return asked;
  }

  const opened = (): string | undefined => vscode.window.activeTextEditor?.document.uri.toString(true);

  it('opens a draft by id and by name, and asks nothing', async () => {
    const id = await createBuilt('linked', '// linked\n');
    assert.deepEqual(await follow(link({ tenant, action: id })), []);
    assert.equal(opened(), `auth0-actions://${tenant}/${id}/draft/linked.js`);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.deepEqual(await follow(link({ tenant: tenant.toUpperCase(), action: 'linked' })), []);
    assert.equal(opened(), `auth0-actions://${tenant}/${id}/draft/linked.js`);
  });

  it('opens a version, and nothing for one that is not kept', async () => {
    const id = await createBuilt('linked-version', '// linked\n');
    await vscode.commands.executeCommand('auth0Actions.deploy', { tenant, action: id });
    assert.deepEqual(await follow(link({ tenant, action: id, version: '1' })), []);
    assert.equal(opened(), `auth0-actions-version://${tenant}/${id}/v1/linked-version.js`);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await follow(link({ tenant, action: id, version: '99' }));
    await follow(link({ tenant, action: 'there is none' }));
    assert.equal(opened(), undefined);
  });

  it('asks about a tenant that is not connected, and does nothing without a yes', async () => {
    const extension = await parts();
    assert.deepEqual(await follow(link({ tenant: 'elsewhere.eu.auth0.com', action: 'pay [me](command:x)' })), ['A link asks to open pay [me](command:x) in elsewhere.eu.auth0.com, which is not connected.']);
    assert.deepEqual(await follow(link({ tenant: 'demo', action: 'enrich-profile' })), ['A link asks to open enrich-profile in the demo tenant, which is not open.']);
    assert.deepEqual(extension.state.registry.tenants().map(one => one.id), [tenant]);
    assert.equal(opened(), undefined);
  });

  it('opens the demo tenant after a yes, and what it names there', async () => {
    await follow(link({ tenant: 'demo', action: 'enrich-profile', version: '7' }), 'Open Demo Tenant');
    await until('the version', () => (/^auth0-actions-version:\/\/demo\/[^/]+\/v7\/enrich-profile\.js$/u.test(opened() ?? '') ? true : undefined));
    assert.deepEqual(await follow(link({ tenant: 'demo', action: 'send-welcome' })), []);
  });

  it('that is anything else is refused: no question, no document, no change', async () => {
    const extension = await parts();
    const before = extension.state.deployments.list().length;
    for (const uri of [link({ tenant, action: 'linked' }, '/deploy'), link({ tenant, action: 'linked', deploy: 'true' }), link({ tenant: `http://${tenant}`, action: 'linked' }), link({ tenant, action: '../linked\u202e' }), link({ tenant, action: 'linked', version: '1; deploy' })]) {
      assert.deepEqual(await follow(uri, 'Connect'), []);
      await extension.links.handleUri(uri);
    }
    assert.equal(opened(), undefined);
    assert.equal(extension.state.deployments.list().length, before);
  });

  it('is copied from the rows of actions and versions', async () => {
    const extension = await parts();
    const root = (await rows(extension)).find(one => one.row.id === tenant);
    await vscode.commands.executeCommand('auth0Actions.refresh', root?.row);
    const row = (await rows(extension, root?.row)).find(one => one.text.startsWith('linked-version |'))?.row;
    await vscode.commands.executeCommand('auth0Actions.copyLink', row);
    await follow(vscode.Uri.parse(await vscode.env.clipboard.readText()));
    assert.match(opened() ?? '', /^auth0-actions:\/\/[^/]+\/[^/]+\/draft\/linked-version\.js$/u);
    const version = (await rows(extension, row)).find(one => one.row.kind === 'version')?.row;
    await vscode.commands.executeCommand('auth0Actions.copyLink', version);
    await follow(vscode.Uri.parse(await vscode.env.clipboard.readText()));
    assert.match(opened() ?? '', /^auth0-actions-version:\/\/[^/]+\/[^/]+\/v1\/linked-version\.js$/u);
  });
});
