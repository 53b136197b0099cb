// A draft as a person edits it: saving, what is not deployed, somebody else's changes, what is only here, a failing tenant, a restart,
// another window, a protected tenant.
import assert from 'node:assert/strict';
import { askTenant } from '../support/askTenant.ts';
import { startWatchedSimulator } from '../support/simulator.ts';
import type { WatchedSimulator } from '../support/simulator.ts';
import { useWorkbench } from './support.ts';
import type { Workbench } from './support.ts';

const STATUS = 'auth0Actions.deployment';

describe('editing a draft', () => {
  const workbench = useWorkbench({ keepSecrets: true, settings: { 'auth0Actions.confirmDeploy': 'always', 'files.autoSave': 'off', 'workbench.colorTheme': 'Default Dark Modern' } });
  let simulator: WatchedSimulator | undefined;
  let host = '';

  before(async () => {
    simulator = await startWatchedSimulator({ plan: 'enterprise', buildScale: 0.02 });
    host = new URL(simulator.url).host;
    const w = workbench();
    await w.connectFirst(simulator);
    await w.treeRow('enrich-profile').waitFor();
  });
  after(() => simulator?.close());

  function service(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    assert.ok(simulator);
    return askTenant(simulator, method, path, body);
  }

  async function draft(name: string): Promise<{ readonly id: string; readonly code: string }> {
    const { actions } = await service('GET', '/api/v2/actions/actions?per_page=100');
    const found = (actions as { id: string; name: string; code: string }[]).find(one => one.name === name);
    assert.ok(found, name);
    return found;
  }

  async function untilSaved(name: string, text: string): Promise<void> {
    for (let look = 0; !(await draft(name)).code.includes(text); look += 1) {
      assert.ok(look < 200, `${text} never arrived`);
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  /** Opens a draft from its row and puts the cursor at its beginning. */
  async function openDraft(w: Workbench, name: string): Promise<void> {
    await w.treeRow(name).dblclick();
    await w.editorTab(`${name}.js`).waitFor();
    await w.page.locator('.editor-instance .view-lines').first().click();
    await w.page.keyboard.press('Control+Home');
  }

  const dirty = (w: Workbench, name: string): ReturnType<Workbench['editorTab']> => w.page.locator('.tabs-container [role="tab"].dirty', { hasText: `${name}.js` }).first();
  const text = (w: Workbench): ReturnType<Workbench['editorTab']> => w.page.locator('.editor-instance .view-lines').last();

  it('is saved by Ctrl+S, and says in the row, the tab and the gutter what is not deployed', async () => {
    const w = workbench();
    await openDraft(w, 'enrich-profile');
    await w.page.keyboard.type('// a new first line\n');
    await dirty(w, 'enrich-profile').waitFor();
    await w.page.keyboard.press('Control+s');
    await dirty(w, 'enrich-profile').waitFor({ state: 'hidden' });
    await untilSaved('enrich-profile', '// a new first line');
    await w.treeRow('enrich-profile').filter({ hasText: 'v7 live, changes not deployed' }).waitFor();
    await w.page.locator('.editor-instance [class*="dirty-diff"]').first().waitFor();
    await w.page.locator('.tabs-container [role="tab"][aria-label*="Changes not deployed"], .tabs-container [role="tab"] [class*="monaco-decoration-badge"], .tabs-container [role="tab"] .monaco-icon-label[class*="badge"]').first().waitFor();
    await w.screenshot('e2e-editing');
    assert.deepEqual(await w.notifications(), []);
  });

  it('is saved by a deploy, with one question for both', async () => {
    const w = workbench();
    await openDraft(w, 'enrich-profile');
    await w.page.keyboard.type('// a second line\n');
    await dirty(w, 'enrich-profile').waitFor();
    await w.runCommand('Auth0 Actions: Deploy Action');
    const dialog = w.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /Deploy enrich-profile to[^]*Your text of enrich-profile is only on this machine: it is saved first\./u);
    assert.ok(!(await draft('enrich-profile')).code.includes('// a second line'), 'nothing is written before the answer');
    await w.screenshot('e2e-editing-deploy');
    await w.dialogButton('Deploy');
    await w.statusBarItem(STATUS).filter({ hasText: 'enrich-profile v8 live' }).waitFor();
    await dirty(w, 'enrich-profile').waitFor({ state: 'hidden' });
    assert.ok((await draft('enrich-profile')).code.includes('// a second line'));
    await w.page.locator('.editor-instance [class*="dirty-diff"]').first().waitFor({ state: 'hidden' });
  });

  it('follows quietly what somebody else has saved, while it is not being edited', async () => {
    const w = workbench();
    const { id } = await draft('enrich-profile');
    await service('PATCH', `/api/v2/actions/actions/${id}`, { code: '// theirs, quietly\n' });
    await w.runCommand('Auth0 Actions: Refresh');
    await text(w).filter({ hasText: /theirs,.quietly/u }).waitFor();
    assert.deepEqual(await w.notifications(), []);
  });

  it('asks once where somebody else has saved meanwhile; Compare shows both, and saving again finishes', async () => {
    const w = workbench();
    const { id } = await draft('enrich-profile');
    await openDraft(w, 'enrich-profile');
    await w.page.keyboard.type('// mine\n');
    await service('PATCH', `/api/v2/actions/actions/${id}`, { code: '// theirs 1\n' });
    await w.page.keyboard.press('Control+s');
    const dialog = w.page.locator('.monaco-dialog-box');
    await dialog.filter({ hasText: 'has been changed by somebody else since you opened it' }).waitFor();
    await w.screenshot('e2e-conflict');
    assert.ok((await dialog.innerText()).includes(host));
    await w.dialogButton('Compare');
    await w.page.locator('.diff-editor, .monaco-diff-editor').first().waitFor();
    await w.screenshot('e2e-conflict-compare');
    assert.equal((await draft('enrich-profile')).code, '// theirs 1\n');
    // The first save has ended: VS Code takes another one before that for the same.
    await w.notification('The comparison shows what is there').waitFor();
    await w.page.locator('.monaco-diff-editor .modified .view-lines').click();
    await w.page.keyboard.press('Control+s');
    await untilSaved('enrich-profile', '// mine');
    await dirty(w, 'enrich-profile').waitFor({ state: 'hidden' });
    await w.runCommand('View: Close All Editors');
    await w.runCommand('Notifications: Clear All Notifications');
  });

  it('takes theirs, and Undo brings the own text back', async () => {
    const w = workbench();
    const { id } = await draft('enrich-profile');
    await openDraft(w, 'enrich-profile');
    await w.page.keyboard.type('// mine again\n');
    await service('PATCH', `/api/v2/actions/actions/${id}`, { code: '// theirs 2\n' });
    await w.page.keyboard.press('Control+s');
    await w.page.locator('.monaco-dialog-box').waitFor();
    await w.dialogButton('Take Theirs');
    await text(w).filter({ hasText: /theirs.2/u }).waitFor();
    await dirty(w, 'enrich-profile').waitFor({ state: 'hidden' });
    await w.page.locator('.editor-instance .view-lines').first().click();
    await w.page.keyboard.press('Control+z');
    await text(w).filter({ hasText: /mine.again/u }).waitFor();
    await dirty(w, 'enrich-profile').waitFor();
    assert.equal((await draft('enrich-profile')).code, '// theirs 2\n');
    await w.page.keyboard.press('Control+s');
    await untilSaved('enrich-profile', '// mine again');
    assert.equal(await w.page.locator('.monaco-dialog-box').count(), 0);
  });

  it('stays dirty and says why where the tenant fails', async () => {
    const w = workbench();
    await openDraft(w, 'enrich-profile');
    await w.page.keyboard.type('// kept through a failure\n');
    await service('POST', '/simulator/faults', [{ method: 'PATCH', times: 1, fault: { status: 403, body: { statusCode: 403, error: 'Forbidden', message: 'Insufficient scope, expected any of: update:actions' } } }]);
    await w.page.keyboard.press('Control+s');
    await w.notification('update:actions').waitFor();
    await dirty(w, 'enrich-profile').waitFor();
    await w.notification('Your text is still here').waitFor();
    await w.screenshot('e2e-save-failed');
    await w.runCommand('Notifications: Clear All Notifications');
    await w.page.locator('.editor-instance .view-lines').first().click();
    await w.page.keyboard.press('Control+s');
    await untilSaved('enrich-profile', '// kept through a failure');
    await dirty(w, 'enrich-profile').waitFor({ state: 'hidden' });
  });

  it('is there after a restart, and is still compared with what it began from', async () => {
    const w = workbench();
    const { id } = await draft('send-welcome');
    await openDraft(w, 'send-welcome');
    await w.page.keyboard.type('// before the restart\n');
    await dirty(w, 'send-welcome').waitFor();
    await w.backedUp('// before the restart');
    await w.page.reload();
    await dirty(w, 'send-welcome').waitFor();
    await w.editorTab('send-welcome.js').click();
    await service('PATCH', `/api/v2/actions/actions/${id}`, { code: '// theirs meanwhile\n' });
    await text(w).filter({ hasText: /before.the.restart/u }).waitFor();
    await w.page.locator('.editor-instance .view-lines').first().click();
    await w.page.keyboard.press('Control+s');
    await w.page.locator('.monaco-dialog-box', { hasText: 'has been changed by somebody else' }).waitFor();
    await w.dialogButton('Overwrite');
    await untilSaved('send-welcome', '// before the restart');
    await dirty(w, 'send-welcome').waitFor({ state: 'hidden' });
    assert.deepEqual(await w.notifications(), []);
  });

  it('keeps here what VS Code saves by itself, marks it, and finds it again after a restart; a deploy sends it', async () => {
    const w = workbench();
    await w.runCommand('File: Toggle Auto Save');
    await openDraft(w, 'sync-crm');
    await w.page.keyboard.type('// only here\n');
    const kept = w.page.locator('.tabs-container [role="tab"][aria-label*="Only here"], .tabs-container [role="tab"]:has([aria-label*="Only here"])').filter({ hasText: 'sync-crm.js' });
    await kept.waitFor();
    assert.ok(!(await draft('sync-crm')).code.includes('// only here'));
    await w.screenshot('e2e-kept');
    await w.page.reload();
    await w.treeRow('sync-crm').waitFor();
    await openDraft(w, 'sync-crm');
    await text(w).filter({ hasText: /only.here/u }).waitFor();
    await kept.waitFor();
    assert.ok(!(await draft('sync-crm')).code.includes('// only here'));
    await w.rowButton('sync-crm', 'Deploy Action');
    await w.page.locator('.monaco-dialog-box', { hasText: 'Deploy sync-crm to' }).waitFor();
    await w.dialogButton('Deploy');
    await w.statusBarItem(STATUS).filter({ hasText: 'sync-crm v6 live' }).waitFor();
    assert.ok((await draft('sync-crm')).code.includes('// only here'));
    await kept.waitFor({ state: 'hidden' });
    await w.runCommand('File: Toggle Auto Save');
  });

  it('leaves what one window keeps alone in another, which asks when it saves', async () => {
    const w = workbench();
    await w.runCommand('View: Close All Editors');
    await w.remembered(new RegExp(`"id":"${host}"`, 'u'));
    const other = await w.anotherWindow();
    await other.openView('Actions for Auth0');
    await other.treeRow('new-idea').waitFor();
    await openDraft(other, 'new-idea');
    await w.runCommand('File: Toggle Auto Save');
    await openDraft(w, 'new-idea');
    await w.page.keyboard.type('// kept here\n');
    const kept = w.page.locator('.tabs-container [role="tab"][aria-label*="Only here"], .tabs-container [role="tab"]:has([aria-label*="Only here"])').filter({ hasText: 'new-idea.js' });
    await kept.waitFor();
    await other.page.keyboard.type('// not in its place\n');
    await other.notification('Another window keeps another text of this draft').waitFor();
    await dirty(other, 'new-idea').waitFor();
    await other.screenshot('e2e-two-windows');
    await w.runCommand('View: Close All Editors');
    await openDraft(w, 'new-idea');
    await text(w).filter({ hasText: /kept.here/u }).waitFor();
    await w.page.keyboard.press('Control+s');
    await untilSaved('new-idea', '// kept here');
    await w.runCommand('File: Toggle Auto Save');
    await other.page.locator('.editor-instance .view-lines').first().click();
    await other.page.keyboard.press('Control+s');
    await other.page.locator('.monaco-dialog-box', { hasText: 'new-idea in' }).filter({ hasText: 'has been changed by somebody else' }).waitFor();
    await other.dialogButton('Overwrite');
    await untilSaved('new-idea', '// not in its place');
    await dirty(other, 'new-idea').waitFor({ state: 'hidden' });
    await other.page.close();
  });

  it('asks for the name of a protected tenant before it saves, and once for a deploy that saves first', async () => {
    const w = workbench();
    const patches = (): number => simulator?.count('PATCH') ?? 0;
    const words = async (): Promise<string> => (await w.page.locator('.quick-input-widget').innerText()).replace(/\u00a0/gu, ' ');
    const answer = async (): Promise<void> => {
      await w.page.keyboard.type(host);
      await w.page.locator('.quick-input-list [role="option"] .codicon-arrow-right').first().waitFor();
      await w.page.keyboard.press('Enter');
    };
    await w.contextMenu(host, 'Protect Tenant');
    await w.treeRow(host).filter({ hasText: 'protected' }).waitFor();
    await openDraft(w, 'geo-fence');
    await w.page.keyboard.type('// in a protected tenant\n');
    const before = patches();
    await w.page.keyboard.press('Control+s');
    await w.question(`Type ${host} to go on`);
    assert.match(await words(), /Save the draft of geo-fence in [^]*• lines of code: 2 added, 1 removed\s+What is live stays as it is until the draft is deployed\./u);
    await w.screenshot('e2e-protected-save');
    await w.dismiss();
    await w.notification('as you decided. Your text is still here').waitFor();
    await dirty(w, 'geo-fence').waitFor();
    assert.equal(patches(), before);
    await w.runCommand('Notifications: Clear All Notifications');
    await w.page.locator('.editor-instance .view-lines').first().click();
    await w.page.keyboard.press('Control+s');
    await w.question(`Type ${host} to go on`);
    await answer();
    await dirty(w, 'geo-fence').waitFor({ state: 'hidden' });
    assert.ok((await draft('geo-fence')).code.startsWith('// in a protected tenant'));
    assert.equal(patches(), before + 1);
    await w.page.keyboard.press('Control+Home');
    await w.page.keyboard.type('// and live\n');
    await dirty(w, 'geo-fence').waitFor();
    await w.runCommand('Auth0 Actions: Deploy Action');
    await w.question(`Type ${host} to go on`);
    assert.match(await words(), /Deploy geo-fence to [^]*Your text of geo-fence is only on this machine: it is saved first\./u);
    await w.screenshot('e2e-protected-save-deploy');
    await answer();
    await w.statusBarItem(STATUS).filter({ hasText: /geo-fence v\d+ live/u }).waitFor();
    assert.ok((await draft('geo-fence')).code.startsWith('// and live'));
    assert.deepEqual([patches(), await dirty(w, 'geo-fence').count()], [before + 2, 0]);
  });
});
