/** Connecting, the tree over HTTP, documents, and disconnecting. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, connect, control, createBuilt, parts, rows, simulatorToken, simulatorUrl, tenant, until } from './support.ts';

describe('a connected tenant', () => {
  before(async () => {
    await control('reset', {});
    await connect();
  });

  it('is a root with its actions, each with versions and parts', async () => {
    const extension = await parts();
    const roots = await rows(extension);
    const root = roots.find(one => one.row.id === tenant);
    assert.ok(root);
    const actions = await rows(extension, root.row);
    const { actions: listed } = await api('GET', '/actions/actions');
    assert.ok(Array.isArray(listed));
    assert.equal(actions.length, listed.length);
    const enrich = actions.find(one => one.text.startsWith('enrich-profile | Post Login · v'));
    assert.ok(enrich, actions.map(one => one.text).join('\n'));
    assert.match(enrich.context, /^action;canDeploy;/u);
    const versions = await rows(extension, enrich.row);
    assert.match(versions[0]?.text ?? '', /^v\d+ \| live · /u);
  });

  it('has tooltips with the triggers of the tenant', async () => {
    const extension = await parts();
    const [root] = await rows(extension);
    const action = (await rows(extension, root?.row)).find(one => one.text.startsWith('enrich-profile'));
    assert.ok(action);
    const item = await extension.tree.resolveTreeItem(extension.tree.itemOf(action.row), action.row);
    assert.ok(item.tooltip instanceof vscode.MarkdownString);
    assert.match(item.tooltip.value, /trigger\\-bound|trigger-bound/u);
  });

  it('is one of VS Code\'s accounts, and a session of it opens nothing', async () => {
    const accounts = await vscode.authentication.getAccounts('auth0Actions');
    assert.ok(accounts.some(account => account.id === tenant));
    // Nobody gets a session without the person's word; and this is what they would get.
    assert.equal(await vscode.authentication.getSession('auth0Actions', [], { silent: true }), undefined);
    const extension = await parts();
    const { session } = extension.state.registry.sessions().find(one => one.tenant.id === tenant) ?? {};
    assert.ok(session);
    const answer = await fetch(`${simulatorUrl}/api/v2/actions/triggers`, { headers: { authorization: `Bearer ${session}` } });
    assert.equal(answer.status, 401);
  });

  it('opens drafts and versions as JavaScript', async () => {
    const code = 'exports.onExecutePostLogin = async (event, api) => { api.user.setUserMetadata("x", 1); };\n';
    const id = await createBuilt('open-me', code);
    await vscode.commands.executeCommand('auth0Actions.openDraft', { tenant, action: 'open-me' });
    const draft = vscode.window.activeTextEditor?.document;
    assert.equal(draft?.uri.toString(true), `auth0-actions://${tenant}/${id}/draft/open-me.js`);
    assert.equal(draft.getText(), code);
    assert.equal(draft.languageId, 'javascript');

    assert.deepEqual(await vscode.commands.executeCommand('auth0Actions.deploy', { tenant, action: id }), { outcome: 'live', version: 1, errors: [] });
    await vscode.commands.executeCommand('auth0Actions.openVersion', { tenant, action: id, version: 1 });
    const version = vscode.window.activeTextEditor?.document;
    assert.equal(version?.uri.toString(true), `auth0-actions-version://${tenant}/${id}/v1/open-me.js`);
    assert.equal(version.getText(), code);
  });

  it('compares two versions, and draft and live', async () => {
    const id = await createBuilt('compare-me', '// one\n');
    await vscode.commands.executeCommand('auth0Actions.deploy', { tenant, action: id });
    await api('PATCH', `/actions/actions/${id}`, { code: '// two\n' });
    await vscode.commands.executeCommand('auth0Actions.deploy', { tenant, action: id });
    await vscode.commands.executeCommand('auth0Actions.compareVersions', { tenant, action: id, version: 1, with: 2 });
    const tab = await until('the diff editor', () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputTextDiff ? input : undefined;
    });
    assert.match(tab.original.path, /\/v1\//u);
    assert.match(tab.modified.path, /\/v2\//u);
    await api('PATCH', `/actions/actions/${id}`, { code: '// changed since\n' });
    await vscode.commands.executeCommand('auth0Actions.compareDraftWithDeployed', { tenant, action: id });
    await until('the other diff editor', () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputTextDiff && input.modified.scheme === 'auth0-actions' ? true : undefined;
    });
  });

  it('compares everything else too: alone, beside the code, or not at all where nothing differs', async () => {
    const id = await createBuilt('compare-all', '// code\n');
    const deployed = async (change: object): Promise<void> => {
      await api('PATCH', `/actions/actions/${id}`, change);
      await vscode.commands.executeCommand('auth0Actions.deploy', { tenant, action: id });
    };
    await deployed({});
    await deployed({ dependencies: [{ name: 'lodash', version: '4.17.21' }] });
    await deployed({ dependencies: [{ name: 'lodash', version: '4.17.20' }], code: '// other\n' });
    const compare = async (version: number, other: number): Promise<void> => {
      await vscode.commands.executeCommand('auth0Actions.compareVersions', { tenant, action: id, version, with: other });
    };
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await compare(1, 2);
    const tab = await until('the diff editor', () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputTextDiff ? input : undefined;
    });
    assert.match(tab.modified.path, /\/v2\/compare-all\.txt$/u);
    const settings = await vscode.workspace.openTextDocument(tab.modified);
    assert.equal(settings.languageId, 'plaintext');
    assert.match(settings.getText(), /^Dependencies\n {2}lodash 4\.17\.21$/mu);
    await compare(3, 2);
    await until('the editor of several files', () => vscode.window.tabGroups.activeTabGroup.activeTab?.label.startsWith('compare-all: v2 ↔ v3'));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await compare(2, 2);
    assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab, undefined);
  });

  it('compares with the action of the same name in another tenant, without what means nothing there', async () => {
    const { actions } = await api('GET', '/actions/actions');
    const id = (actions as { id: string; name: string }[]).find(one => one.name === 'notify-password-change')?.id ?? '';
    await api('PATCH', `/actions/actions/${id}`, { dependencies: [{ name: 'axios', version: '1.7.8' }], secrets: [{ name: 'SLACK_WEBHOOK', value: 'x' }] });
    await vscode.commands.executeCommand('auth0Actions.openDemoTenant');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const compare = async (change: object): Promise<unknown> => vscode.commands.executeCommand('auth0Actions.compareWithTenant', { tenant: 'demo', action: 'notify-password-change', withTenant: tenant, ...change });
    await compare({});
    const tab = await until('the diff editor', () => vscode.window.tabGroups.activeTabGroup.activeTab);
    assert.equal(tab.label, `notify-password-change: demo ↔ ${tenant}`);
    assert.ok(tab.input instanceof vscode.TabInputTextDiff);
    const texts = await Promise.all([tab.input.original, tab.input.modified].map(async uri => (await vscode.workspace.openTextDocument(uri)).getText()));
    assert.match(texts[0] ?? '', /^ {2}axios 1\.7\.9\n[^]*^ {2}SLACK_WEBHOOK$/mu);
    assert.equal(texts[0]?.replace('1.7.9', '1.7.8'), texts[1]);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    // A version, with what is live there: there they hold the same.
    await compare({ version: 2 });
    assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab, undefined);
    await compare({ version: 1 });
    await until('the diff editor of versions', () => vscode.window.tabGroups.activeTabGroup.activeTab?.label === `notify-password-change: demo v1 ↔ ${tenant} v2 (live)`);
    await assert.rejects(() => compare({ withTenant: 'nowhere.example' }), /is not connected/u);
    await createBuilt('only-here');
    await assert.rejects(async () => vscode.commands.executeCommand('auth0Actions.compareWithTenant', { tenant, action: 'only-here', withTenant: 'demo' }), /demo has no action only-here/u);
    await (await parts()).state.registry.disconnect('demo');
  });

  it('reads an open draft again when it has changed elsewhere', async () => {
    const id = await createBuilt('follow-me', '// before\n');
    await vscode.commands.executeCommand('auth0Actions.openDraft', { tenant, action: 'follow-me' });
    await api('PATCH', `/actions/actions/${id}`, { code: '// after\n' });
    const extension = await parts();
    await extension.state.catalog(tenant).refreshAction(id);
    await until('the new text', () => (vscode.window.activeTextEditor?.document.getText() === '// after\n' ? true : undefined));
  });

  it('refuses a version that does not exist, and a tenant that is not connected', async () => {
    const id = await createBuilt('no-versions');
    await assert.rejects(async () => vscode.workspace.openTextDocument(vscode.Uri.parse(`auth0-actions-version://${tenant}/${id}/v9/x.js`)));
    await assert.rejects(async () => vscode.workspace.openTextDocument(vscode.Uri.parse('auth0-actions://nowhere.example/id/draft/x.js')));
  });

  it('shows an error as a row, keeps old rows, and recovers', async () => {
    const extension = await parts();
    const catalog = extension.state.catalog(tenant);
    await catalog.refresh();
    await control('faults', [{ path: '/actions/actions$', fault: { status: 403, body: { statusCode: 403, error: 'Forbidden', message: 'Insufficient scope, expected any of: read:actions', errorCode: 'insufficient_scope' } } }]);
    await vscode.commands.executeCommand('auth0Actions.refresh');
    const [root] = await rows(extension);
    const withError = await rows(extension, root?.row);
    assert.equal(withError[0]?.text, 'Missing scope | click to connect again');
    assert.ok(withError.length > 5);
    await control('faults', []);
    await vscode.commands.executeCommand('auth0Actions.retry', withError[0].row);
    assert.ok((await rows(extension, root?.row)).every(one => !one.context.startsWith('error;')));
  });

  it('keeps its token out of everything but secret storage', async () => {
    const extension = await parts();
    assert.doesNotMatch(JSON.stringify(extension.state.registry.tenants().map(one => ({ ...one }))), new RegExp(simulatorToken.slice(0, 20), 'u'));
    assert.deepEqual((await extension.state.registry.tokenFacts(tenant))?.audiences, [`${simulatorUrl}/api/v2/`]);
  });

  it('is gone after Disconnect, with its token', async () => {
    const extension = await parts();
    const root = (await rows(extension)).find(one => one.row.id === tenant);
    await vscode.commands.executeCommand('auth0Actions.disconnect', root?.row);
    assert.equal(extension.state.registry.find(tenant), undefined);
    assert.equal(await extension.state.registry.tokenFacts(tenant), undefined);
    await assert.rejects(async () => vscode.commands.executeCommand('auth0Actions.deploy', { tenant, action: 'enrich-profile' }), /not connected/u);
  });

  it('is refused over plain http elsewhere than on this machine', async () => {
    await assert.rejects(async () => vscode.commands.executeCommand('auth0Actions.connect', { url: 'http://acme-dev.eu.auth0.com', token: 'x' }), /https/u);
  });
});

describe('the demo tenant', () => {
  it('opens, lists and deploys without any server but its own', async () => {
    await vscode.commands.executeCommand('auth0Actions.openDemoTenant');
    const extension = await parts();
    const root = (await rows(extension)).find(one => one.row.id === 'demo');
    assert.ok(root);
    const actions = await rows(extension, root.row);
    assert.ok(actions.some(one => one.text.startsWith('enrich-profile |')), actions.map(one => one.text).join('\n'));
    const result = await vscode.commands.executeCommand<{ outcome: string }>('auth0Actions.deploy', { tenant: 'demo', action: 'send-welcome' });
    assert.equal(result.outcome, 'live');
    await extension.state.registry.disconnect('demo');
  });
});
