// Linked files show what they are: in the Explorer, the tab, the tree, the status bar and the view of differences, from which they are pushed, pulled and deployed.
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { askTenant } from '../support/askTenant.ts';
import { startTestSimulator } from '../support/simulator.ts';
import type { RunningSimulator } from '../../src/simulator/index.ts';
import { useWorkbench } from './support.ts';

const PATH = 'auth0/actions/enrich-profile/code.js';

describe('linked files', () => {
  const workbench = useWorkbench({
    files: {
      // Descriptions are found by VS Code's search, whose program an older workbench may lack; the setting needs none.
      '.vscode/settings.json': JSON.stringify({ 'auth0Actions.files': { [PATH]: 'enrich-profile' } }),
      'auth0/actions/enrich-profile.json': JSON.stringify({ name: 'enrich-profile', code: './actions/enrich-profile/code.js', secrets: [], supported_triggers: [{ id: 'post-login', version: 'v3' }] }),
      'scratch.js': '// of no action\nexports.onExecutePostLogin = async () => {};\n',
      [PATH]: 'exports.onExecutePostLogin = async () => {};\n',
    },
  });
  let simulator: RunningSimulator | undefined;

  before(async () => {
    simulator = await startTestSimulator({ seed: 'demo', plan: 'enterprise', buildScale: 0 });
  });
  after(() => simulator?.close());

  const pane = (title: string): Locator => workbench().sideBar.locator('.pane', { has: workbench().page.locator(`.pane-header[aria-label^="${title}"]`) });
  const rows = (): Locator => pane('Local Files').locator('[role="treeitem"]');
  const row = (text: string): Locator => rows().filter({ hasText: text }).first();
  const status = (text: string): Locator => workbench().statusBarItem('auth0Actions.file').filter({ hasText: text });
  /** The file's name where VS Code says beside it what its mark means. */
  const marked = (place: string): Locator => workbench().page.locator(`${place} .monaco-icon-label[aria-label*="The file has changes that the draft of enrich-profile in"]`).first();
  const tab = (): Locator => workbench().page.locator('.tabs-container [role="tab"]', { hasText: 'code.js' }).first();

  async function faults(list: readonly unknown[]): Promise<void> {
    assert.ok(simulator);
    await askTenant(simulator, 'POST', '/simulator/faults', list);
  }

  async function button(label: string, title: string): Promise<void> {
    await row(label).hover();
    await row(label).locator(`.action-label[aria-label^="${title}"]`).click();
  }

  it('share the side bar with the tree, whose welcome texts and titles stay', async () => {
    const w = workbench();
    await w.openView('Actions for Auth0');
    await pane('Local Files').waitFor();
    await w.welcomeButton('Connect to Tenant…').waitFor();
    await w.screenshot('e2e-files-welcome');
    assert.ok(simulator);
    const host = new URL(simulator.url).host;
    await faults([{ path: '/actions/actions$', fault: { status: 503, body: {} } }]);
    await w.welcomeButton('Connect to Tenant…').click();
    await w.answerConnect(simulator.url, simulator.token);
    await w.welcome('service has an error of its own').waitFor();
    await pane(host).waitFor();
    await w.screenshot('e2e-files-offline');
    await faults([]);
    await w.welcomeButton('Retry').click();
    await w.treeRow('enrich-profile').waitFor();
    await pane('Actions for Auth0').waitFor();
    await pane('Local Files').locator('.pane-header').click();
    await row('Choose the tenant of workspace').click();
    await w.question('To which tenant do the files in workspace belong?');
    await w.quickPick(host);
    await row('file differs from draft').waitFor();
    await w.screenshot('e2e-files-unrelated');
  });

  it('are pulled from the view, which then has no difference left', async () => {
    const w = workbench();
    await button('enrich-profile', 'Pull from Tenant');
    await w.dialogButton('Replace File');
    await row('No differences').waitFor();
    await w.screenshot('e2e-files-none');
  });

  it('say that they are not pushed while they are edited: in the tree, the tab, the status bar and the view', async () => {
    const w = workbench();
    await w.expand('enrich-profile');
    await w.treeRow('code.js').waitFor();
    await w.treeRow('code.js').click();
    await tab().waitFor();
    await status('enrich-profile').waitFor();
    await w.page.locator('.monaco-editor .view-lines').first().click();
    await w.page.keyboard.press('Control+Home');
    await w.page.keyboard.type('// a line of mine\n');
    await row('file ahead of draft').waitFor();
    await status('not pushed').waitFor();
    await w.sideBar.locator('[role="treeitem"]', { hasText: 'not pushed' }).first().waitFor();
    await marked('.tabs-container').waitFor();
    await w.screenshot('e2e-files-not-pushed');
    await w.runCommand('View: Show Explorer');
    await marked('.explorer-folders-view').waitFor();
    await w.screenshot('e2e-files-explorer');
    await w.openView('Actions for Auth0');
  });

  it('are pushed and deployed from the view', async () => {
    const w = workbench();
    await button('enrich-profile', 'Push to Draft');
    await row('draft ahead of live').waitFor();
    await status('pushed, not deployed').waitFor();
    await w.screenshot('e2e-files-pushed');
    await button('enrich-profile', 'Deploy Action');
    await row('No differences').waitFor();
    await status(': live').waitFor();
    await w.screenshot('e2e-files-live');
  });

  it('offer from the status bar what can be done with them', async () => {
    const w = workbench();
    await w.statusBarItem('auth0Actions.file').click();
    await w.question('What is to be done with auth0/actions/enrich-profile/code.js?');
    await w.screenshot('e2e-files-menu');
    await w.quickPick('Compare with Live');
    await w.page.locator('.monaco-diff-editor').first().waitFor();
    // What the page says of a server without a place for secrets is no error of the extension.
    assert.deepEqual(w.pageErrors.filter(text => !text.includes('Method Not Allowed')), []);
  });

  it('that belong to no action can be deployed too, which asks for the action and offers to link it', async () => {
    const w = workbench();
    await w.runCommand('View: Close All Editors');
    await w.openFile('scratch.js');
    const line = w.page.locator('.monaco-editor .view-line', { hasText: 'of no action' }).first();
    await w.chooseFromMenu(line, 'Deploy Action');
    await w.question('scratch.js belongs to no action yet. Which one is it the code of?');
    await w.quickPick('sync-crm');
    const question = w.page.locator('.monaco-dialog-box', { hasText: 'Overwrite the draft of sync-crm in' });
    await question.waitFor();
    assert.match(await question.innerText(), /is not what scratch\.js holds, and the two were never the same on this machine/u);
    await w.screenshot('e2e-files-unlinked');
    await w.dialogButton('Cancel');
    await w.notification('Link scratch.js to sync-crm').getByRole('button', { name: 'Link' }).click();
    await status('sync-crm').waitFor();
  });
});
