// Changes of an action called from code, in a real extension host: what the tenant, the catalog and the tree say afterwards.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { draftUri } from '../../src/ui/uris.ts';
import { answered } from './answers.ts';
import { api, connect, control, createBuilt, parts, rows, tenant, type, until, whileAutoSaving } from './support.ts';

const call = (command: string, args: object): Thenable<unknown> => vscode.commands.executeCommand(`auth0Actions.${command}`, { tenant, ...args });

/** The words of what a call rejects with. */
async function refusal(work: Thenable<unknown>): Promise<string> {
  return Promise.resolve(work).then(() => 'resolved', (error: unknown) => (error instanceof Error ? error.message : String(error)));
}

describe('changes of an action from code', () => {
  const name = 'settings-by-code';
  let id = '';
  before(async () => {
    id = await createBuilt(name);
    await connect();
  });
  after(async () => {
    await control('faults', []);
    await (await parts()).state.registry.disconnect(tenant);
  });

  it('add, change and remove dependencies, and set the runtime, without a question', async () => {
    const extension = await parts();
    await call('addDependency', { action: name, name: 'lodash', version: '4.17.20' });
    await call('setDependencyVersion', { action: name, name: 'lodash', version: '4.17.21' });
    await call('setRuntime', { action: id, runtime: 'node18-actions' });
    const { dependencies, runtime } = await api('GET', `/actions/actions/${id}`);
    assert.deepEqual([dependencies, runtime], [[{ name: 'lodash', version: '4.17.21' }], 'node18-actions']);
    assert.equal(extension.state.catalog(tenant).action(id)?.runtime, 'node18-actions');
    const row = extension.tree.row(tenant, id);
    const group = (await rows(extension, row)).find(one => one.text.startsWith('Dependencies'));
    assert.deepEqual([group?.text, group?.context], ['Dependencies (1) | ', 'dependencies;']);
    assert.deepEqual((await rows(extension, group?.row)).map(one => [one.text, one.context]), [['lodash | 4.17.21', 'dependency;']]);
  });

  it('say why nothing was sent', async () => {
    assert.match(await refusal(call('setRuntime', { action: name, runtime: 'node12' })), /does not offer the runtime node12\. It offers: node22, node18-actions/u);
    assert.match(await refusal(call('addDependency', { action: name, name: 'lodash', version: '1.0.0' })), /has the dependency lodash already/u);
    assert.match(await refusal(call('setDependencyVersion', { action: name, name: 'gone', version: '1.0.0' })), /does not have gone any more/u);
    assert.match(await refusal(call('setDependencyVersion', { action: name, name: 'lodash', version: 'a b' })), /is not a version/u);
    assert.match(await refusal(call('setSecret', { action: name, name: 'A\n' })), /no control characters/u);
    assert.match(await refusal(call('setRuntime', { action: 'no such action', runtime: 'node22' })), /has no action no such action/u);
  });

  it('tell of a missing scope as such, and change nothing', async () => {
    const body = { statusCode: 403, error: 'Forbidden', message: 'Insufficient scope, expected any of: update:actions', errorCode: 'insufficient_scope' };
    await control('faults', [{ method: 'PATCH', times: 1, fault: { status: 403, body } }]);
    await assert.rejects(Promise.resolve(call('setDependencyVersion', { action: name, name: 'lodash', version: '1.0.0' })), { name: 'ApiError', kind: 'forbidden', missingScopes: ['update:actions'] });
    assert.deepEqual((await api('GET', `/actions/actions/${id}`))['dependencies'], [{ name: 'lodash', version: '4.17.21' }]);
  });

  it('ask no registry while the setting is off', async () => {
    const packages = (await parts()).platform.packages();
    await assert.rejects(packages.facts('lodash'), { name: 'RegistryOff' });
    await assert.rejects(packages.search('lodash'), { name: 'RegistryOff' });
  });

  it('wait for a deployment of the action', async () => {
    const extension = await parts();
    await until('the draft to be built', async () => ((await api('GET', `/actions/actions/${id}`))['status'] === 'built' ? true : undefined));
    const deploying = call('deploy', { action: name });
    await until('the deployment to run', () => extension.state.deployments.of(tenant, id));
    assert.match(await refusal(call('addDependency', { action: name, name: 'axios', version: '1.0.0' })), /is being deployed/u);
    assert.equal(((await deploying) as { outcome: string }).outcome, 'live');
  });
});

describe('the deletion of an action', () => {
  before(connect);
  afterEach(async () => {
    await control('faults', []);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => (await parts()).state.registry.disconnect(tenant));

  const remove = (action: string, ...answers: string[]): ReturnType<typeof answered> => answered(answers, () => Promise.resolve(call('deleteAction', { action })).catch((error: unknown) => assert.equal((error as Error).name, 'Dismissed')));
  const exists = async (id: string): Promise<boolean> => api('GET', `/actions/actions/${id}`).then(() => true, () => false);

  it('is forced after a second question, where something holds the action that its flows did not show', async () => {
    const id = await createBuilt('held');
    await call('deploy', { action: id });
    await api('PATCH', '/actions/triggers/post-login/bindings', { bindings: [{ ref: { type: 'action_id', value: id }, display_name: 'held' }] });
    await control('faults', [{ method: 'GET', path: 'bindings', fault: { status: 403 } }]);
    const asked = await remove(id, 'Delete');
    assert.deepEqual(asked.map(one => [one.text, one.buttons]), [[`Delete held from ${tenant}?`, ['Delete']], [`held is in use in ${tenant}. Delete it all the same?`, ['Delete by Force']]]);
    assert.match(asked[0]?.detail ?? '', /Whether the Post Login flow runs it could not be read\./u);
    assert.equal(asked[1]?.detail, 'Unable to delete an action bound to a trigger.\nWhatever uses it goes on without it.');
    assert.ok(await exists(id));
    assert.equal((await remove(id, 'Delete', 'Delete by Force')).length, 2);
    assert.equal(await exists(id), false);
  });

  it('says what becomes of a text that is only here, in an editor or kept', async () => {
    const id = await createBuilt('with-a-text');
    const document = await vscode.workspace.openTextDocument(draftUri(tenant, id, 'with-a-text'));
    await vscode.window.showTextDocument(document);
    assert.doesNotMatch((await remove(id))[0]?.detail ?? '', /Your text|The editor/u);
    await type(document, '// mine\n');
    assert.match((await remove(id))[0]?.detail ?? '', /The editor stays open, and saving it will fail\./u);
    await whileAutoSaving('onFocusChange', async () => {
      await vscode.commands.executeCommand('workbench.action.files.newUntitledFile');
      await until('VS Code to save by itself', () => !document.isDirty);
    });
    assert.match((await remove(id, 'Delete'))[0]?.detail ?? '', /Your text of its draft is only on this machine, and goes with it\./u);
    assert.equal(await exists(id), false);
    await until('its editor to be closed', () => (vscode.window.tabGroups.all.flatMap(group => group.tabs).some(({ input }) => input instanceof vscode.TabInputText && input.uri.path.includes(id)) ? undefined : true));
  });
});
