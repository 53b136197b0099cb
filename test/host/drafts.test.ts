/** Drafts as files: saving, keeping, following and failing, as VS Code's own text model goes through it. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { asObject, asObjects, asText } from '../../src/auth0/json.ts';
import { api, connect, control, createBuilt, parts, tenant, type, until } from './support.ts';

/** When the draft was written last, by the service's own time. */
async function writtenAt(id: string): Promise<string> {
  return asText((await api('GET', `/actions/actions/${id}`))['updated_at']) ?? '';
}

async function codeOf(id: string): Promise<string> {
  return asText((await api('GET', `/actions/actions/${id}`))['code']) ?? '';
}

async function open(id: string, name: string): Promise<vscode.TextDocument> {
  await (await parts()).state.catalog(tenant).refresh();
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(`auth0-actions://${tenant}/${id}/draft/${name}.js`));
  await vscode.window.showTextDocument(document);
  return document;
}

describe('a draft as a document', () => {
  before(async () => {
    await control('reset', {});
    await connect();
  });
  afterEach(async () => {
    await control('faults', []);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('is saved with its code alone, and is clean then', async () => {
    const id = await createBuilt('saves');
    await api('PATCH', `/actions/actions/${id}`, { secrets: [{ name: 'KEY', value: 'x' }] });
    const document = await open(id, 'saves');
    await type(document, '// mine\n');
    assert.ok(await document.save());
    assert.equal(document.isDirty, false);
    assert.equal(await codeOf(id), document.getText());
    assert.deepEqual(asObjects((await api('GET', `/actions/actions/${id}`))['secrets']).map(one => one['name']), ['KEY']);
    await type(document, '// again\n');
    assert.ok(await document.save(), 'the own save is no conflict');
    assert.equal(await codeOf(id), document.getText());
  });

  it('stays dirty, with its text, where the service does not take it', async () => {
    const id = await createBuilt('refused');
    const document = await open(id, 'refused');
    await type(document, '// precious\n');
    await control('faults', [{ method: 'PATCH', path: id, fault: { status: 403 } }]);
    assert.equal(await document.save(), false);
    assert.ok(document.isDirty);
    assert.match(document.getText(), /precious/u);
    assert.doesNotMatch(await codeOf(id), /precious/u);
    await control('faults', []);
    assert.ok(await document.save());
    assert.equal(await codeOf(id), document.getText());
  });

  it('follows the draft where it is not being edited, and keeps its text where it is', async () => {
    const id = await createBuilt('follows');
    const document = await open(id, 'follows');
    await api('PATCH', `/actions/actions/${id}`, { code: '// theirs\n' });
    await (await parts()).state.catalog(tenant).refresh();
    await until('the editor to follow', () => (document.getText() === '// theirs\n' ? true : undefined));
    await type(document, '// mine\n');
    await api('PATCH', `/actions/actions/${id}`, { code: '// theirs again\n' });
    await (await parts()).state.catalog(tenant).refresh();
    assert.equal(await document.save(), false, 'nobody is there to decide');
    assert.equal(document.getText(), '// mine\n// theirs\n');
    assert.equal(await codeOf(id), '// theirs again\n');
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until('the editor to follow once it is clean', () => (document.getText() === '// theirs again\n' ? true : undefined));
  });

  it('takes no change of time for a conflict', async () => {
    const id = await createBuilt('touched');
    const document = await open(id, 'touched');
    await type(document, '// mine\n');
    await api('PATCH', `/actions/actions/${id}`, { dependencies: [{ name: 'lodash', version: '4.17.21' }] });
    await (await parts()).state.catalog(tenant).refresh();
    assert.ok(await document.save());
    assert.equal(await codeOf(id), document.getText());
  });

  it('keeps here what VS Code saves by itself, and sends it when a person saves', async () => {
    const id = await createBuilt('keeps');
    const before = await writtenAt(id);
    const document = await open(id, 'keeps');
    const files = vscode.workspace.getConfiguration('files');
    await files.update('autoSave', 'afterDelay', vscode.ConfigurationTarget.Global);
    await files.update('autoSaveDelay', 100, vscode.ConfigurationTarget.Global);
    try {
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, new vscode.Position(0, 0), '// kept\n');
      await vscode.workspace.applyEdit(edit);
      await until('VS Code to save by itself', () => (document.isDirty ? undefined : true));
      const { drafts } = (await parts()).documents;
      assert.deepEqual(await drafts.pending({ tenantId: tenant, actionId: id }), { text: document.getText(), kept: true });
      assert.equal(await writtenAt(id), before);
      await vscode.commands.executeCommand('workbench.action.files.save');
      await until('the text to arrive', async () => ((await codeOf(id)) === document.getText() ? true : undefined));
      assert.equal(await drafts.pending({ tenantId: tenant, actionId: id }), undefined);
    } finally {
      await files.update('autoSave', 'off', vscode.ConfigurationTarget.Global);
      await files.update('autoSaveDelay', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('is saved first by a deploy', async () => {
    const id = await createBuilt('deploys-dirty');
    const document = await open(id, 'deploys-dirty');
    await type(document, '// deployed\n');
    assert.deepEqual(await vscode.commands.executeCommand('auth0Actions.deploy', { tenant, action: id }), { outcome: 'live', version: 1, errors: [] });
    assert.equal(document.isDirty, false);
    const live = asObject((await api('GET', `/actions/actions/${id}`))['deployed_version']);
    assert.equal(live['code'], document.getText());
  });

  it('is not deployed over what somebody else has saved, where nobody can be asked', async () => {
    const id = await createBuilt('deploys-conflict');
    const document = await open(id, 'deploys-conflict');
    await type(document, '// mine\n');
    await api('PATCH', `/actions/actions/${id}`, { code: '// theirs\n' });
    const result = asObject(await vscode.commands.executeCommand('auth0Actions.deploy', { tenant, action: id }));
    assert.equal(result['outcome'], 'failed');
    assert.ok(document.isDirty);
    assert.equal(await codeOf(id), '// theirs\n');
    assert.equal((await api('GET', `/actions/actions/${id}`))['deployed_version'], undefined);
  });

  it('cannot be written where it is a version or a list of settings', async () => {
    const id = await createBuilt('read-only');
    await vscode.commands.executeCommand('auth0Actions.deploy', { tenant, action: id });
    for (const uri of [`auth0-actions-version://${tenant}/${id}/v1/read-only.js`, `auth0-actions://${tenant}/${id}/draft/read-only.txt`, `auth0-actions-version://${tenant}/${id}/saved/read-only.js`]) {
      await assert.rejects(Promise.resolve(vscode.workspace.fs.writeFile(vscode.Uri.parse(uri), new Uint8Array())), (error: unknown) => error instanceof vscode.FileSystemError);
    }
  });
});
