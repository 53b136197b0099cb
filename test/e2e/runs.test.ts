// A test of a draft, from its event to the line that broke, and the recent errors of a tenant, as a person goes through them.
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { RunningSimulator } from '../../src/simulator/index.ts';
import { askTenant } from '../support/askTenant.ts';
import { startTestSimulator } from '../support/simulator.ts';
import { useWorkbench } from './support.ts';
import type { Workbench } from './support.ts';

const THROWS = "exports.onExecutePostLogin = async (event, api) => {\n  // Nobody has a plan yet.\n  throw new TypeError('No plan');\n};\n";

describe('runs', () => {
  const workbench = useWorkbench({ keepSecrets: true });
  let simulator: RunningSimulator | undefined;
  let host = '';

  before(async () => {
    simulator = await startTestSimulator({ plan: 'enterprise', buildScale: 0.02 });
    host = new URL(simulator.url).host;
    await askTenant(simulator, 'POST', '/api/v2/actions/actions', { name: 'plan-check', supported_triggers: [{ id: 'post-login', version: 'v3' }], runtime: 'node22', code: THROWS });
    const w = workbench();
    await w.connectFirst(simulator);
    // Built: its row is not drawn anew any more.
    await w.treeRow('plan-check').filter({ hasText: 'never deployed' }).waitFor();
  });
  after(() => simulator?.close());

  async function control(path: string, body: unknown): Promise<void> {
    assert.ok(simulator);
    await askTenant(simulator, 'POST', `/simulator/${path}`, body);
  }

  /** The lines of the editor that shows this file, as far as they are drawn. */
  function editor(w: Workbench, name: string): Locator {
    return w.page.locator(`.editor-group-container:has(.tab.active[data-resource-name="${name}"]) .view-lines`).first();
  }

  it('a test begins with an event that can be edited, and is run from there', async () => {
    const w = workbench();
    await w.contextMenu('plan-check', 'Test Action…');
    await w.question(`Test the draft of plan-check in ${host} with which event? Its code really runs there.`);
    await w.choice('Run with a Sample Event').waitFor();
    await w.quickPick('Edit the Event…');
    await w.editorTab('plan-check.event.json').waitFor();
    await editor(w, 'plan-check.event.json').filter({ hasText: 'sampleClientId' }).waitFor();
    // From the title of the event, as its choice said.
    await w.page.locator('.editor-actions .action-label[aria-label^="Test Action…"]').first().click();
    const result = editor(w, 'plan-check.test.txt');
    await result.filter({ hasText: 'It failed: TypeError: No plan' }).waitFor();
    await w.screenshot('e2e-test-result');
    assert.match(await result.innerText(), /Line\s3\sof\sthe\sdraft/u);
  });

  it('the result leads to the line of the draft', async () => {
    const w = workbench();
    await w.page.locator('.detected-link', { hasText: 'Line' }).first().click({ modifiers: ['Control'] });
    await w.editorTab('plan-check.js').waitFor();
    await w.page.locator('.statusbar a[aria-label^="Ln 3"]').waitFor();
    await w.screenshot('e2e-test-line');
  });

  it('a text that is not saved can be saved first', async () => {
    const w = workbench();
    await w.page.locator('.tab.active', { hasText: 'plan-check.js' }).click();
    await editor(w, 'plan-check.js').click();
    await w.page.keyboard.press('Control+Home');
    await w.page.keyboard.press('Enter');
    await w.runCommand('Auth0 Actions: Test Action…');
    await w.quickPick('Run with the Event of Test Action');
    const dialog = w.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /Your text of plan-check is not saved in [^]*without your changes/u);
    await w.dialogButton('Save and Test');
    await editor(w, 'plan-check.test.txt').filter({ hasText: /Line\s4\sof\sthe\sdraft/u }).waitFor();
    await w.page.locator('.monaco-dialog-box').waitFor({ state: 'hidden' });
  });

  it('somebody who stops waiting is told that it was sent', async () => {
    const w = workbench();
    await control('faults', [{ method: 'POST', path: '/test$', times: 1, fault: 'hang' }]);
    await w.contextMenu('plan-check', 'Test Action…');
    await w.quickPick('Run with the Event of Test Action');
    const running = w.page.locator('.notification-list-item', { hasText: 'running' });
    await running.locator('.monaco-button', { hasText: 'Cancel' }).click();
    await w.notification('Stopped waiting for the test of plan-check').waitFor();
    await w.page.keyboard.press('Escape');
  });

  it('a lost answer is told, and the test is not sent again', async () => {
    const w = workbench();
    await control('faults', [{ method: 'POST', path: '/test$', times: 1, fault: 'reset-after' }]);
    await w.contextMenu('plan-check', 'Test Action…');
    await w.quickPick('Run with the Event of Test Action');
    await w.notification('its answer was lost: the code may have run').waitFor();
    await control('faults', []);
  });

  it('recent errors open the version that failed, with the error on its line', async () => {
    const w = workbench();
    await w.contextMenu('enrich-profile', 'Show Recent Errors…');
    const rows = w.page.locator('.quick-input-list [role="option"]');
    await rows.filter({ hasText: "TypeError: Cannot read properties of undefined (reading 'logins_count')" }).filter({ hasText: 'v7' }).first().waitFor();
    await w.screenshot('e2e-errors-list');
    await w.page.keyboard.press('Enter');
    await w.editorTab('enrich-profile.js').filter({ hasText: 'v7' }).waitFor();
    const log = editor(w, 'enrich-profile.run.txt');
    await log.filter({ hasText: 'Failed run of enrich-profile' }).waitFor();
    const problems = await w.problems();
    assert.ok(problems.some(row => /A run failed, .*TypeError: Cannot read properties of undefined/u.test(row)), problems.join('\n'));
    await w.screenshot('e2e-errors-version');
  });

  it('recent errors of a tenant without the scope say which one is missing', async () => {
    const w = workbench();
    await control('scopes', { scopes: 'read:actions create:actions update:actions' });
    await w.contextMenu(host, 'Show Recent Errors…');
    const told = w.notification(`The log of ${host} cannot be read: the access token lacks the scope read:logs.`);
    await told.waitFor();
    await told.hover();
    await w.screenshot('e2e-errors-scope');
  });
});
