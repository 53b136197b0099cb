/** Comparing a draft whose text is only here: with what is live, and with its namesake in another tenant. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { draftUri } from '../../src/ui/uris.ts';
import { answered } from './answers.ts';
import { api, connect, control, createBuilt, parts, tenant, type, until } from './support.ts';

const CODE = 'exports.onExecutePostLogin = async () => {};\n';

describe('comparing a text that is only here', () => {
  before(async () => {
    await control('reset', {});
    await connect();
    await vscode.commands.executeCommand('auth0Actions.openDemoTenant');
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => (await parts()).state.registry.disconnect('demo'));

  /** An action that is live, with what else has changed in its draft, which is open, with a text that is here alone. */
  async function edited(name: string, changes?: object): Promise<string> {
    const id = await createBuilt(name, CODE);
    await vscode.commands.executeCommand('auth0Actions.deploy', { tenant, action: id });
    if (changes !== undefined) {
      await api('PATCH', `/actions/actions/${id}`, changes);
      await vscode.commands.executeCommand('auth0Actions.refresh');
    }
    await type((await vscode.window.showTextDocument(draftUri(tenant, id, name))).document, '// only here\n');
    return id;
  }

  /** Compares, with nothing said, and resolves to the title of what is shown. */
  async function shown(command: string, args: object): Promise<string> {
    assert.deepEqual(await answered([], () => vscode.commands.executeCommand(`auth0Actions.${command}`, args)), []);
    return until('the comparison', () => {
      // Until then the draft is.
      const label = vscode.window.tabGroups.activeTabGroup.activeTab?.label;
      return label?.includes('↔') === true ? label : undefined;
    });
  }

  it('shows it beside what is live', async () => {
    const action = await edited('compared');
    assert.equal(await shown('compareDraftWithDeployed', { tenant, action }), `compared: v1 (live) ↔ draft (${tenant})`);
  });

  it('shows it beside everything else that has changed', async () => {
    const action = await edited('compared-whole', { dependencies: [{ name: 'lodash', version: '4.17.21' }] });
    assert.ok((await shown('compareDraftWithDeployed', { tenant, action })).startsWith(`compared-whole: v1 (live) ↔ draft (${tenant})`));
    // The editor for several files: code and everything else.
    assert.ok(!(vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff));
  });

  it('shows it beside the namesake in another tenant', async () => {
    const action = await edited('compared-across');
    const demo = await (await parts()).state.registry.find('demo')?.api();
    await demo?.createAction({ name: 'compared-across', triggers: [{ id: 'post-login', version: 'v3' }], runtime: 'node22', code: CODE });
    assert.equal(await shown('compareWithTenant', { tenant, action, withTenant: 'demo' }), `compared-across: ${tenant} ↔ demo`);
  });

  it('says so where the text is what is live', async () => {
    const action = await edited('compared-same');
    await vscode.commands.executeCommand('workbench.action.files.revert');
    const [said] = await answered([], () => vscode.commands.executeCommand('auth0Actions.compareDraftWithDeployed', { tenant, action }));
    assert.match(said?.text ?? '', /hold the same, code and everything else/u);
  });
});
