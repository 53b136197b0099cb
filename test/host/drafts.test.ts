/** Drafts as files: saving, keeping, following and failing, as VS Code's own text model goes through it. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ManagementApi } from '../../src/auth0/api.ts';
import { asObject, asObjects, asText } from '../../src/auth0/json.ts';
import type { TenantRef } from '../../src/auth0/tenantRef.ts';
import { VERSION_SCHEME } from '../../src/ui/uris.ts';
import { api, connect, control, createBuilt, parts, tenant, type, typeAndKeep, until, whileAutoSaving } from './support.ts';

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

async function tenantRef(): Promise<TenantRef> {
  return (await parts()).state.catalog(tenant).tenant;
}

/** VS Code adds the last line's end when it saves. */
async function withFinalNewline(work: () => Promise<void>): Promise<void> {
  const files = vscode.workspace.getConfiguration('files');
  await files.update('insertFinalNewline', true, vscode.ConfigurationTarget.Global);
  try {
    await work();
  } finally {
    await files.update('insertFinalNewline', undefined, vscode.ConfigurationTarget.Global);
  }
}

describe('a draft as a document', () => {
  before(async () => {
    await control('reset', {});
    await connect();
    // In a page VS Code saves by itself unless it is told not to.
    await vscode.workspace.getConfiguration('files').update('autoSave', 'off', vscode.ConfigurationTarget.Global);
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
    await whileAutoSaving('afterDelay', async () => {
      await type(document, '// kept\n');
      await until('VS Code to save by itself', () => !document.isDirty);
      const { drafts } = (await parts()).documents;
      assert.deepEqual(await drafts.pending({ tenantId: tenant, actionId: id }), { text: document.getText(), kept: true });
      assert.equal(await writtenAt(id), before);
      await vscode.commands.executeCommand('workbench.action.files.save');
      await until('the text to arrive', async () => ((await codeOf(id)) === document.getText() ? true : undefined));
      assert.equal(await drafts.pending({ tenantId: tenant, actionId: id }), undefined);
    });
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

  it('is compared with what the tenant has by now, also where a comparison is open', async () => {
    const id = await createBuilt('compares');
    const document = await open(id, 'compares');
    await type(document, '// mine\n');
    for (const theirs of ['// theirs\n', '// theirs, once more\n']) {
      await api('PATCH', `/actions/actions/${id}`, { code: theirs });
      await vscode.commands.executeCommand('auth0Actions.compareDraftWithTenant', { tenant, action: id });
      await until('their text to be shown', () => (vscode.workspace.textDocuments.some(one => one.uri.scheme === VERSION_SCHEME && one.uri.path.includes(id) && one.getText() === theirs) ? true : undefined));
    }
    assert.ok(await document.save(), 'what was shown is replaced');
    assert.equal(await codeOf(id), document.getText());
  });

  it('is sent as it was, where a text whose answer was lost has arrived', async () => {
    const id = await createBuilt('arrived');
    const document = await open(id, 'arrived');
    const before = document.getText();
    await type(document, '// lost\n');
    const ref = await tenantRef();
    const real = await ref.api();
    let sent = false;
    // After it somebody else seems to have written, so that nothing is clear.
    const lossy: Partial<ManagementApi> = {
      getAction: async (...args) => ({ ...(await real.getAction(...args)), ...(sent ? { code: '// theirs\n' } : {}) }),
      updateAction: async (...args) => {
        await real.updateAction(...args);
        sent = true;
        throw new Error('lost');
      },
      headroom: ms => real.headroom(ms),
    };
    const { id: tenantId, name, host } = ref;
    const { kind } = await (await parts()).documents.drafts.save({ tenantId, actionId: id }, { id: tenantId, name, host, isDemo: false, isProtected: false, api: () => Promise.resolve(lossy as ManagementApi) }, document.getText());
    assert.deepEqual([kind, await codeOf(id)], ['unconfirmed', document.getText()]);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), before);
    await vscode.workspace.applyEdit(edit);
    assert.ok(await document.save());
    assert.deepEqual([document.getText(), await codeOf(id)], [before, before]);
  });

  it('is still being edited where a person types on while it is saved', async () => {
    const id = await createBuilt('typed-on');
    const document = await open(id, 'typed-on');
    await type(document, '// one\n');
    const one = document.getText();
    const { drafts } = (await parts()).documents;
    const address = { tenantId: tenant, actionId: id };
    await control('faults', [{ method: 'PATCH', path: id, times: 1, fault: { delay: 3000 } }]);
    const sending = assert.rejects(drafts.sendPending(await tenantRef(), address, one), /changed here while it was being saved/u);
    await until('the first text to arrive', async () => ((await codeOf(id)) === one ? true : undefined));
    await type(document, '// two\n');
    await sending;
    assert.deepEqual(await drafts.pending(address), { text: document.getText(), kept: false });
    await api('PATCH', `/actions/actions/${id}`, { dependencies: [{ name: 'lodash', version: '4.17.21' }] });
    await (await parts()).state.catalog(tenant).refresh();
    assert.deepEqual(await vscode.commands.executeCommand('auth0Actions.deploy', { tenant, action: id }), { outcome: 'live', version: 1, errors: [] });
    assert.equal(asObject((await api('GET', `/actions/actions/${id}`))['deployed_version'])['code'], document.getText());
    assert.match(document.getText(), /two/u);
    assert.equal(await drafts.pending(address), undefined);
  });

  it('is read beside a text that is kept here when it is opened', async () => {
    const id = await createBuilt('kept-and-read');
    const { documents: { drafts }, state } = await parts();
    await state.catalog(tenant).refresh();
    const uri = vscode.Uri.parse(`auth0-actions://${tenant}/${id}/draft/kept-and-read.js`);
    const show = async (): Promise<vscode.TextDocument> => {
      // A document that a test opens by the API is held open for minutes.
      await vscode.commands.executeCommand('vscode.open', uri);
      return until('the draft to be shown', () => vscode.workspace.textDocuments.find(one => one.uri.toString() === uri.toString() && !one.isClosed));
    };
    const document = await show();
    await typeAndKeep(document, '// kept\n');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await until('it to be closed', () => (document.isClosed ? true : undefined));
    await api('PATCH', `/actions/actions/${id}`, { code: '// theirs\n' });
    assert.match((await show()).getText(), /kept/u);
    await until('the draft to be read', async () => (state.catalog(tenant).action(id)?.updatedAt === (await writtenAt(id)) ? true : undefined));
    await drafts.takeTheirs(await tenantRef(), id);
  });

  it('is given up without a write, whatever VS Code makes of the text while it saves', () => withFinalNewline(async () => {
    const id = await createBuilt('given-up');
    const before = await writtenAt(id);
    const document = await open(id, 'given-up');
    const theirs = document.getText();
    await type(document, '// mine\n');
    await (await parts()).documents.drafts.takeTheirs(await tenantRef(), id);
    await until('their text to be back', () => (!document.isDirty && document.getText() === theirs ? true : undefined));
    assert.equal(await writtenAt(id), before);
  }));

  it('asks nothing more where VS Code formats a text that was agreed to', () => withFinalNewline(async () => {
    const id = await createBuilt('formatted');
    const document = await open(id, 'formatted');
    await type(document, '// mine\n');
    const text = document.getText();
    await api('PATCH', `/actions/actions/${id}`, { code: '// theirs\n' });
    const ref = await tenantRef();
    const theirs = await (await ref.api()).getAction(id);
    const saved = await (await parts()).documents.drafts.savePending(ref, theirs, text);
    assert.equal(saved?.code, `${text}\n`);
  }));

  it('cannot be written where it is a version or a list of settings', async () => {
    const id = await createBuilt('read-only');
    await vscode.commands.executeCommand('auth0Actions.deploy', { tenant, action: id });
    for (const uri of [`auth0-actions-version://${tenant}/${id}/v1/read-only.js`, `auth0-actions://${tenant}/${id}/draft/read-only.txt`, `auth0-actions-version://${tenant}/${id}/saved/read-only.js`]) {
      await assert.rejects(Promise.resolve(vscode.workspace.fs.writeFile(vscode.Uri.parse(uri), new Uint8Array())), (error: unknown) => error instanceof vscode.FileSystemError);
    }
  });
});
