/** Deploying on save: only where the user's own settings say so, only for a person's save, one after the other. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { asNumber, asObject, asText } from '../../src/auth0/json.ts';
import { api, connect, control, createBuilt, parts, tenant, type, typeAndKeep, until } from './support.ts';

const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('auth0Actions');

async function turn(on: boolean | undefined): Promise<void> {
  await settings().update('deployOnSave', on, vscode.ConfigurationTarget.Global);
}

async function open(id: string, name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(`auth0-actions://${tenant}/${id}/draft/${name}.js`));
  await vscode.window.showTextDocument(document);
  return document;
}

/** What is live, and how many versions it took. */
async function live(id: string): Promise<{ readonly code: string | undefined; readonly number: number | undefined }> {
  const version = asObject((await api('GET', `/actions/actions/${id}`))['deployed_version']);
  return { code: asText(version['code']), number: asNumber(version['number']) };
}

async function untilLive(id: string, code: string): Promise<number | undefined> {
  return until(`"${code.slice(0, 20)}" to be live`, async () => {
    const now = await live(id);
    return now.code === code ? now.number : undefined;
  });
}

async function untilIdle(id: string): Promise<void> {
  const { state } = await parts();
  await until('the deployment to end', () => (state.deployments.of(tenant, id) === undefined ? true : undefined));
}

describe('deploying on save', () => {
  before(async () => {
    await control('reset', {});
    await connect();
    await (await parts()).state.catalog(tenant).refresh();
  });
  afterEach(async () => {
    await turn(undefined);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('is off unless the user turns it on, which a workspace cannot', async () => {
    assert.equal(settings().get('deployOnSave'), false);
    await assert.rejects(Promise.resolve(settings().update('deployOnSave', true, vscode.ConfigurationTarget.Workspace)));
    const id = await createBuilt('saved-only');
    const document = await open(id, 'saved-only');
    await type(document, '// mine\n');
    assert.ok(await document.save());
    await turn(true);
    await type(document, '// more\n');
    assert.ok(await document.save());
    // Had the first save begun a deploy, there would be two versions.
    assert.equal(await untilLive(id, document.getText()), 1);
    await untilIdle(id);
  });

  it('deploys once for all saves while a deploy is under way, after it', async () => {
    const id = await createBuilt('saved-often');
    await turn(true);
    const document = await open(id, 'saved-often');
    const { state } = await parts();
    const isFirst = (): boolean => state.deployments.of(tenant, id)?.id === first;
    await control('faults', [{ method: 'POST', path: `${id}/deploy$`, times: 1, fault: { delay: 5000 } }]);
    await type(document, '// one\n');
    await document.save();
    await until('the call', () => (state.deployments.of(tenant, id)?.phases.at(-1)?.phase === 'deploying' ? true : undefined));
    const first = state.deployments.of(tenant, id)?.id;
    const texts = ['// two\n', '// three\n'];
    let meanwhile = 0;
    for (const text of texts) {
      await type(document, text);
      assert.ok(await document.save());
      meanwhile += isFirst() ? 1 : 0;
    }
    const number = await untilLive(id, document.getText());
    await untilIdle(id);
    await control('faults', []);
    // A slow machine may save later than that: such a save has a deploy of its own.
    assert.ok(number !== undefined && number <= 1 + Math.min(1, meanwhile) + texts.length - meanwhile, `v${String(number)}, and ${meanwhile} saves meanwhile`);
    assert.deepEqual(await live(id), { code: document.getText(), number });
  });

  it('waits for a deploy that a person has begun', async () => {
    const id = await createBuilt('deployed-meanwhile');
    await turn(true);
    const document = await open(id, 'deployed-meanwhile');
    const { state } = await parts();
    // The call is answered late, so that the save comes between it and the end.
    await control('faults', [{ method: 'POST', path: `${id}/deploy$`, times: 1, fault: { delay: 1500 } }]);
    const first = Promise.resolve(vscode.commands.executeCommand('auth0Actions.deploy', { tenant, action: id }));
    await until('the call', () => (state.deployments.of(tenant, id)?.phases.at(-1)?.phase === 'deploying' ? true : undefined));
    await type(document, '// after\n');
    assert.ok(await document.save());
    assert.deepEqual(await first, { outcome: 'live', version: 1, errors: [] });
    assert.equal(await untilLive(id, document.getText()), 2);
    await untilIdle(id);
    await control('faults', []);
  });

  it('leaves alone what VS Code saves by itself, what a deploy saves, and protected tenants', async () => {
    const id = await createBuilt('saved-otherwise');
    await turn(true);
    const document = await open(id, 'saved-otherwise');
    await typeAndKeep(document, '// by itself\n');
    await type(document, '// by a deploy\n');
    assert.deepEqual(await vscode.commands.executeCommand('auth0Actions.deploy', { tenant, action: id }), { outcome: 'live', version: 1, errors: [] });
    await untilIdle(id);
    const extension = await parts();
    await extension.state.registry.setProtected(tenant, true);
    try {
      // Written as a save of a person would be, but for the question that nobody could answer here.
      extension.documents.drafts.savedByHand.fire({ tenantId: tenant, actionId: id, uri: document.uri });
      assert.equal(extension.state.deployments.of(tenant, id), undefined);
    } finally {
      await extension.state.registry.setProtected(tenant, false);
    }
    await type(document, '// by hand\n');
    assert.ok(await document.save());
    assert.equal(await untilLive(id, document.getText()), 2);
    await untilIdle(id);
  });
});
