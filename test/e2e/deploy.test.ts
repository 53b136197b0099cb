// The main job, as a person does it: look around the demo tenant, deploy by mouse and by keyboard, watch, and read why one failed.
import assert from 'node:assert/strict';
import { again, useWorkbench } from './support.ts';
import type { Workbench } from './support.ts';

const STATUS = 'auth0Actions.deployment';

/** The description of a row: what stands behind its label. */
async function description(w: Workbench, label: string): Promise<string> {
  return (await w.treeRow(label).locator('.label-description').innerText()).trim();
}

async function untilStatus(w: Workbench, text: string | RegExp): Promise<void> {
  await w.statusBarItem(STATUS).filter({ hasText: text }).waitFor();
}

describe('the main job', () => {
  const workbench = useWorkbench({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });

  before(async () => {
    const w = workbench();
    await w.openView('Actions for Auth0');
    await w.sideBar.locator('.welcome-view-content .monaco-button', { hasText: 'Open Demo Tenant' }).click();
    await w.treeRow('enrich-profile').waitFor();
  });

  it('says each state in words, for eyes and for screen readers', async () => {
    const w = workbench();
    assert.equal(await description(w, 'enrich-profile'), 'Post Login · v7 live');
    assert.equal(await description(w, 'send-welcome'), 'Post User Registration · v3 live, changes not deployed');
    assert.equal(await description(w, 'risk-score'), 'Post Login · build failed, v2 live');
    assert.equal(await description(w, 'new-idea'), 'Post Login · never deployed');
    assert.match(await w.treeRow('enrich-profile').getAttribute('aria-label') ?? '', /^Action enrich-profile, Post Login, v7 live/u);
    assert.match(await w.statusBarText(STATUS), /demo/u);
  });

  it('stops a deployment before anything is sent', async () => {
    const w = workbench();
    // The demo tenant builds it in its first minute.
    await w.rowButton('geo-fence', 'Deploy Action');
    await untilStatus(w, /geo-fence: building \d:\d\d/u);
    // It is said for a few seconds, which is less than a try may take.
    let isSaid = false;
    const said = w.statusBarItem(STATUS).filter({ hasText: 'geo-fence: stopped, nothing sent' }).waitFor().then(() => (isSaid = true));
    // A click is lost when the row is drawn anew between the button's going down and up: a person clicks again.
    await Promise.all([said, again(async timeout => {
      await (isSaid ? undefined : w.rowButton('geo-fence', 'Stop Deployment', timeout));
      await w.treeRow('geo-fence').locator('.action-label[aria-label^="Stop Deployment"]').waitFor({ state: 'detached', ...timeout });
    })]);
  });

  it('shows versions, more of them on demand, and what the draft consists of', async () => {
    const w = workbench();
    await w.expand('machine-claims');
    await w.treeRow('Load more versions').click();
    await w.treeRow('v14').waitFor();
    await w.treeRow('Load more versions').click();
    // Rows far down are drawn only when they are scrolled to, so the end shows in the row that goes away.
    await w.treeRow('Load more versions').waitFor({ state: 'detached' });
    await w.treeRow('machine-claims').locator('.monaco-tl-twistie').click();
    await w.expand('enrich-profile');
    await w.treeRow('v7').waitFor();
    assert.match(await description(w, 'v7'), /^live · /u);
    await w.expand('Secrets (2)');
    await w.treeRow('CRM_API_KEY').waitFor();
    await w.treeRow('enrich-profile').locator('.monaco-tl-twistie').click();
  });

  it('compares two selected versions, code and everything else', async () => {
    const w = workbench();
    await w.expand('enrich-profile');
    await w.treeRow('Post Login flow').filter({ hasText: 'place 1 of' }).waitFor();
    await w.chooseForRows(['v5', 'v6'], 'Compare Versions…', w.editorTab('enrich-profile: v5 ↔ v6'));
    const entries = w.page.locator('.multiDiffEntry');
    await entries.filter({ hasText: 'enrich-profile.js' }).filter({ hasText: 'normalise' }).first().waitFor();
    await entries.filter({ hasText: 'enrich-profile.txt' }).filter({ hasText: 'profile-rules' }).first().waitFor();
    await w.picture('compare');
    await w.runCommand('View: Close All Editors');
    await w.treeRow('enrich-profile').locator('.monaco-tl-twistie').click();
  });

  it('opens a draft with Enter, and compares it with what is live', async () => {
    const w = workbench();
    await w.openRow('send-welcome');
    // It is the active document for commands once its text is drawn.
    await w.page.locator('.monaco-editor .view-line', { hasText: 'template' }).first().waitFor();
    await w.runCommand('Auth0 Actions: Compare Draft with Live Version');
    await w.editorTab('send-welcome: v3 (live) ↔ draft (demo)').waitFor();
    await w.openRow('send-welcome');
    await w.treeRow('send-welcome').click();
    await w.page.keyboard.press('ArrowDown');
    await w.page.keyboard.press('Enter');
    await w.editorTab('sync-crm.js').waitFor();
  });

  it('deploys by mouse, and follows it to the version that is live', async () => {
    const w = workbench();
    await w.rowButton('send-welcome', 'Deploy Action');
    await untilStatus(w, /send-welcome/u);
    await untilStatus(w, 'send-welcome v4 live');
    await w.treeRow('send-welcome').filter({ hasText: 'Post User Registration · v4 live' }).waitFor();
    assert.deepEqual(await w.notifications(), []);
  });

  it('asks before it spends a version on an unchanged action', async () => {
    const w = workbench();
    await w.rowButton('enrich-profile', 'Deploy Action');
    const dialog = w.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /Deploy enrich-profile to demo although nothing has changed\?[^]*v7 is live[^]*v8/u);
    await w.screenshot('e2e-unchanged');
    await w.dialogButton('Cancel');
    await w.treeRow('enrich-profile').filter({ hasText: 'v7 live' }).waitFor();
  });

  it('deploys from the title and the context menu of an action\'s document too', async () => {
    const w = workbench();
    await w.openRow('new-idea');
    // The title's buttons belong to the document only once its text is drawn.
    await w.page.locator('.monaco-editor .view-line', { hasText: 'usedPassword' }).first().waitFor();
    await w.page.locator('.editor-actions .action-label[aria-label^="Deploy Action"]').click();
    await untilStatus(w, 'new-idea v1 live');
    await w.treeRow('new-idea').filter({ hasText: 'v1 live' }).waitFor();
    await again(timeout => w.openMenu(w.page.locator('.monaco-editor .view-line').first(), 'Deploy Action', timeout), () => w.page.keyboard.press('Escape'));
    await w.page.keyboard.press('Escape');
  });

  it('deploys by keyboard, and puts the reason of a failure into Problems', async () => {
    const w = workbench();
    // The active editor's action is the default; with none, the command asks.
    await w.runCommand('View: Close All Editors');
    await w.page.keyboard.press('F1');
    await w.page.keyboard.type('Auth0 Actions: Deploy Action');
    await w.choice('Auth0 Actions: Deploy Action').waitFor();
    await w.page.keyboard.press('Enter');
    await w.question('Deploy which action?');
    await w.page.keyboard.type('verify');
    await w.choice('audit-trail').waitFor({ state: 'detached' });
    await w.page.keyboard.press('Enter');
    await untilStatus(w, 'verify-email-domain: v2 failed');
    const notification = w.notification(/v2 of verify-email-domain in demo failed/u);
    await notification.waitFor();
    assert.match(await notification.innerText(), /v1 is still live/u);
    await notification.getByText('Show Problem').click();
    await w.editorTab('verify-email-domain.js').waitFor();
    const problem = w.page.locator('.markers-panel [role="treeitem"]', { hasText: 'email-validator-pro' }).first();
    await problem.waitFor();
    assert.match(await problem.innerText(), /Cannot find module 'email-validator-pro'[^]*auth0[^]*Ln 1, Col 28/u);
    await w.treeRow('verify-email-domain').click();
    await w.expand('verify-email-domain');
    await w.treeRow('v2').waitFor();
    assert.match(await description(w, 'v2'), /^failed · /u);
  });

  it('is what the README shows', async () => {
    const w = workbench();
    await w.widenSideBar(150);
    await w.openRow('v2', 'verify-email-domain.js');
    await w.runCommand('Notifications: Clear All Notifications');
    await w.treeRow('v2').click();
    await w.picture('screenshot');
  });

  it('lists deployments, and a look at them takes the failure off the status bar', async () => {
    const w = workbench();
    assert.match(await w.statusBarItem(STATUS).getAttribute('class') ?? '', /error-kind/u);
    await w.statusBarItem(STATUS).click();
    const rows = w.page.locator('.quick-input-list [role="option"]');
    await rows.filter({ hasText: 'verify-email-domain: v2 failed' }).waitFor();
    await rows.filter({ hasText: 'send-welcome: v4 live' }).waitFor();
    await w.screenshot('e2e-deployments');
    await w.dismiss();
    await untilStatus(w, 'demo');
  });

  it('explains a failed build where the service gives no reason', async () => {
    const w = workbench();
    await w.openRow('risk-score');
    const panel = w.page.locator('.markers-panel');
    await panel.locator('[role="treeitem"]', { hasText: 'gives no reason' }).waitFor();
    await panel.locator('[role="treeitem"]', { hasText: 'crypto@17.7.1' }).waitFor();
    await w.screenshot('e2e-failed-build');
  });

  it('finds an action by its state', async () => {
    const w = workbench();
    await w.runCommand('Auth0 Actions: Find Action…');
    await w.question('Find an action by name');
    await w.page.keyboard.type('rebuild failed');
    await w.choice('enrich-profile').waitFor({ state: 'detached' });
    await w.page.keyboard.press('Enter');
    await w.editorTab('audit-trail.js').waitFor();
  });

  it('forgets a tenant that is disconnected, with its problems', async () => {
    const w = workbench();
    await w.contextMenu('demo', 'Disconnect');
    await w.sideBar.locator('.welcome-view-content .monaco-button').first().waitFor();
    await w.page.locator('.markers-panel', { hasText: 'No problems have been detected' }).waitFor();
    // The page's console repeats each error notification.
    assert.deepEqual(w.pageErrors.filter(error => !error.startsWith('v2 of verify-email-domain')), []);
  });
});
