// Several tenants at once: what a person says of them, the question of a protected one by keyboard, and that both survive a reload.
import assert from 'node:assert/strict';
import { startTestSimulator } from '../support/simulator.ts';
import type { RunningSimulator } from '../../src/simulator/index.ts';
import { again, useWorkbench } from './support.ts';
import type { Workbench } from './support.ts';

const STATUS = 'auth0Actions.deployment';

async function description(w: Workbench, label: string): Promise<string> {
  return (await w.treeRow(label).locator('.label-description').innerText()).trim();
}

describe('a protected tenant', () => {
  const workbench = useWorkbench({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
  let simulator: RunningSimulator | undefined;

  before(async () => {
    simulator = await startTestSimulator({ plan: 'enterprise', buildScale: 0 });
    const w = workbench();
    await w.openView('Actions for Auth0');
    await w.sideBar.locator('.welcome-view-content .monaco-button', { hasText: 'Open Demo Tenant' }).click();
    await w.treeRow('enrich-profile').waitFor();
    await w.widenSideBar(120);
  });
  after(() => simulator?.close());

  it('is labelled, and protected by the one question that follows', async () => {
    const w = workbench();
    await w.contextMenu('demo', 'Label Tenant…');
    await w.question('What is demo for?');
    await w.quickPick('production');
    await w.page.locator('.monaco-dialog-box', { hasText: 'Protect demo?' }).waitFor();
    await w.dialogButton('Protect');
    await w.treeRow('demo').filter({ hasText: 'protected' }).waitFor();
    assert.equal(await description(w, 'demo'), 'simulated tenant · production · protected');
  });

  it('asks for its name by keyboard, shows what changes, and deploys only then', async () => {
    const w = workbench();
    const list = w.page.locator('.quick-input-list [role="option"]');
    await w.rowButton('send-welcome', 'Deploy Action');
    await w.question('Type demo to go on');
    const text = (await w.page.locator('.quick-input-widget').innerText()).replace(/\u00a0/gu, ' ');
    assert.match(text, /Deploy send-welcome to demo\? \(production, protected\)/u);
    for (const line of ['Changed since v3, which is live:', '• lines of code: 2 added, 1 removed', '• dependency axios 1.7.4 → 1.7.9']) {
      assert.ok(text.includes(line), text);
    }
    assert.match(text, /This makes v4 or higher/u);
    // What is to be read cannot be chosen. Keys go to the box: a tree that is drawn anew meanwhile may take the focus.
    const box = w.page.locator('.quick-input-widget input');
    await box.press('ArrowDown');
    await box.press('Enter');
    await box.pressSequentially('dem');
    await box.press('Enter');
    assert.equal(await w.choice('Deploy').count(), 0);
    await box.press('o');
    await list.filter({ hasText: 'Deploy' }).first().waitFor();
    await w.screenshot('e2e-protected');
    assert.equal(await w.page.locator('.monaco-dialog-box').count(), 0);
    await box.press('Enter');
    await w.statusBarItem(STATUS).filter({ hasText: 'send-welcome v4 live' }).waitFor();
  });

  it('asks each time, and Escape leaves everything as it is', async () => {
    const w = workbench();
    await w.rowButton('send-welcome', 'Deploy Action');
    await w.question('Type demo to go on');
    await w.dismiss();
    await w.treeRow('send-welcome').filter({ hasText: 'v4 live' }).waitFor();
    assert.deepEqual(await w.notifications(), []);
  });

  it('is offered to be one when it is connected, and keeps name, label, protection and order over a reload', async () => {
    const w = workbench();
    assert.ok(simulator);
    const host = new URL(simulator.url).host;
    await w.runCommand('Auth0 Actions: Connect to Tenant…');
    await w.answerConnect(simulator.url, simulator.token);
    await w.selectedRow(host).waitFor();
    const offer = w.notification(`${host} is connected. If logins depend on it, protect it`);
    await offer.waitFor();
    await w.screenshot('e2e-connected');
    await offer.getByRole('button', { name: 'Protect' }).click();
    await w.treeRow(host).filter({ hasText: 'protected' }).waitFor();
    // A tree that is drawn anew in the moment in which the box opens takes the focus back, which closes it.
    await again(async timeout => {
      await w.contextMenu(host, 'Rename Tenant…');
      const box = w.page.locator('.quick-input-widget input');
      await box.fill('Shop', timeout);
      await box.press('Enter', timeout);
      await w.treeRow('Shop').waitFor(timeout);
    });
    assert.ok((await description(w, 'Shop')).startsWith(`${host} · protected · token ends `));
    await w.runCommand('Auth0 Actions: Move Tenant Up');
    await w.question('Move which tenant up?');
    await w.quickPick('Shop');
    const tenants = w.sideBar.locator('[role="treeitem"][aria-level="1"] .label-name');
    await tenants.first().filter({ hasText: 'Shop' }).waitFor();
    await w.treeRow('Shop').dragTo(w.treeRow('demo'));
    await tenants.first().filter({ hasText: 'demo' }).waitFor();
    // Tenants as they are stored, each with its id.
    const stored = `"id":"${host.replaceAll('.', '\\.')}"`;
    await w.remembered(new RegExp(`"id":"demo".*${stored}`, 'u'));
    await w.treeRow('Shop').dragTo(w.treeRow('demo'));
    await tenants.first().filter({ hasText: 'Shop' }).waitFor();
    await w.screenshot('e2e-tenants');
    await w.remembered(new RegExp(`${stored}.*"id":"demo"`, 'u'));
    await w.page.reload();
    await w.treeRow('Shop').waitFor();
    await tenants.first().filter({ hasText: 'Shop' }).waitFor();
    await w.treeRow('demo').scrollIntoViewIfNeeded();
    assert.equal(await description(w, 'demo'), 'simulated tenant · production · protected');
  });
});
