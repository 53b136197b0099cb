// Events of an action as a person writes them, helped by their schema, and the Test Explorer that runs them in the tenant.
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { RunningSimulator } from '../../src/simulator/index.ts';
import { askTenant } from '../support/askTenant.ts';
import { startTestSimulator } from '../support/simulator.ts';
import { useWorkbench } from './support.ts';
import type { Workbench } from './support.ts';

const THROWS = "exports.onExecutePostLogin = async (event, api) => {\n  // Nobody has a plan yet.\n  throw new TypeError('No plan');\n};\n";

/** The lines of the editor that shows this file, as far as they are drawn. */
function editor(w: Workbench, name: string): Locator {
  return w.page.locator(`.editor-group-container:has(.tab.active[data-resource-name="${name}"]) .view-lines`).first();
}

/** Replaces the text of the editor. */
async function write(w: Workbench, name: string, text: string): Promise<void> {
  await editor(w, name).click();
  await w.page.keyboard.press('Control+A');
  await w.page.keyboard.press('Delete');
  await w.page.keyboard.insertText(text);
}

/** A row of the Test Explorer. */
function test(w: Workbench, label: string): Locator {
  return w.sideBar.locator('.test-explorer [role="treeitem"]').filter({ hasText: label }).first();
}

describe('events and their tests', () => {
  const workbench = useWorkbench({
    keepSecrets: true,
    settings: { 'testing.automaticallyOpenTestResults': 'neverOpen', 'editor.autoClosingBrackets': 'never', 'editor.autoClosingQuotes': 'never', 'editor.autoIndent': 'none' },
    files: {
      'auth0/actions/remember.json': JSON.stringify({ name: 'remember', code: './actions/remember/code.js', secrets: [], supported_triggers: [{ id: 'post-login', version: 'v3' }] }),
      'auth0/actions/remember/code.js': "exports.onExecutePostLogin = async (event, api) => {\n  api.user.setUserMetadata('plan', 'gold');\n};\n",
      'auth0/actions/remember/events/gold.json': '{\n  "$schema": "auth0-actions-schema://event/post-login/v3.json",\n  "expect": { "calls": [{ "method": "api.user.setUserMetadata" }] }\n}\n',
    },
  });
  let simulator: RunningSimulator | undefined;

  before(async () => {
    simulator = await startTestSimulator({ plan: 'enterprise', buildScale: 0.02 });
    await askTenant(simulator, 'POST', '/api/v2/actions/actions', { name: 'plan-check', supported_triggers: [{ id: 'post-login', version: 'v3' }], runtime: 'node22', code: THROWS });
    const w = workbench();
    await w.connectFirst(simulator);
    await w.treeRow('plan-check').filter({ hasText: 'never deployed' }).waitFor();
  });
  after(() => simulator?.close());

  it('a new event begins with the sample of the trigger, under a name of its own', async () => {
    const w = workbench();
    await w.contextMenu('plan-check', 'New Event…');
    await w.quickPick('Sample for Post Login');
    await w.question('Name of the new event of plan-check');
    await w.page.locator('.quick-input-widget input').fill('a/b');
    await w.page.locator('.quick-input-widget', { hasText: 'The name becomes the name of a file' }).waitFor();
    await w.quickInput('no plan');
    await w.editorTab('no plan.event.json').waitFor();
    await editor(w, 'no plan.event.json').filter({ hasText: 'auth0-actions-schema://event/post-login/v3.json' }).waitFor();
  });

  it('the schema offers what the trigger has, and finds what it has not', async () => {
    const w = workbench();
    await write(w, 'no plan.event.json', '{\n  "$schema": "auth0-actions-schema://event/post-login/v3.json",\n  "clinet": {},\n  "expect": { "error": "No plan", "noCalls": ["api.access.denny"] }\n}');
    await w.page.locator('.squiggly-warning').first().waitFor();
    const problems = await w.problems();
    assert.ok(problems.some(problem => problem.includes('clinet')), problems.join('\n'));
    assert.ok(problems.some(problem => problem.includes('api.access.deny')), problems.join('\n'));
    await w.runCommand('View: Toggle Panel Visibility').catch(() => w.page.keyboard.press('Control+J'));
    await write(w, 'no plan.event.json', '{\n  "$schema": "auth0-actions-schema://event/post-login/v3.json",\n  "request": {},\n  \n}');
    await w.page.keyboard.press('ArrowUp');
    await w.page.keyboard.press('End');
    await w.page.keyboard.press('Control+Space');
    const offers = w.page.locator('.suggest-widget.visible');
    await offers.locator('.monaco-list-row', { hasText: 'authentication' }).first().waitFor();
    await offers.locator('.monaco-list-row', { hasText: 'expect' }).first().waitFor();
    await w.screenshot('e2e-event-completion');
    await w.page.keyboard.press('Escape');
  });

  it('the Test Explorer shows actions with their events, of drafts and of files', async () => {
    const w = workbench();
    await write(w, 'no plan.event.json', '{\n  "$schema": "auth0-actions-schema://event/post-login/v3.json",\n  "user": {}\n}');
    await w.page.keyboard.press('Control+S');
    await w.openView('Testing');
    await test(w, 'plan-check').waitFor();
    await test(w, 'remember').waitFor();
    await test(w, 'plan-check').click();
    await w.page.keyboard.press('ArrowRight');
    await test(w, 'no plan').waitFor();
    await test(w, 'remember').click();
    await w.page.keyboard.press('ArrowRight');
    await test(w, 'gold').waitFor();
    await w.screenshot('e2e-test-explorer');
  });

  /** Runs a test through the profile of the tenant, as the menu of its row offers it. */
  async function runInTenant(w: Workbench, label: string): Promise<void> {
    await w.chooseFromMenu(test(w, label), 'Execute Using Profile...');
    await w.quickPick('Run in Tenant');
  }

  it('a run in the tenant fails at its line, and passes where the error is expected', async () => {
    const w = workbench();
    await w.page.locator('.tab', { hasText: 'no plan.event.json' }).click();
    await runInTenant(w, 'no plan');
    await test(w, 'no plan').locator('.codicon-testing-failed-icon').first().waitFor();
    // The draft shows the error on its line.
    await w.openView('Actions for Auth0');
    await w.openRow('plan-check');
    const message = w.page.locator('.test-error-content-widget', { hasText: 'TypeError: No plan' });
    await message.waitFor();
    const [shown, line] = await Promise.all([message.boundingBox(), w.page.locator('.view-line', { hasText: 'throw' }).first().boundingBox()]);
    assert.ok(shown !== null && line !== null && Math.abs(shown.y - line.y) < line.height / 2, 'the message stands beside the line that threw');
    await w.screenshot('e2e-test-failed');
    await w.openView('Testing');
    await w.page.locator('.tab', { hasText: 'no plan.event.json' }).click();
    await write(w, 'no plan.event.json', '{\n  "$schema": "auth0-actions-schema://event/post-login/v3.json",\n  "expect": { "error": "No plan" }\n}');
    await w.page.keyboard.press('Control+S');
    await runInTenant(w, 'no plan');
    await test(w, 'no plan').locator('.codicon-testing-passed-icon').first().waitFor();
    await w.screenshot('e2e-test-passed');
  });

  it('events are made and deleted from the Test Explorer', async () => {
    const w = workbench();
    const choose = (label: string, item: string): Promise<void> => w.chooseFromMenu(test(w, label), item);
    await choose('remember', 'New Event…');
    await w.question('Begin the new event of remember with what?');
    await w.choice('Copy of gold').waitFor();
    await w.quickPick('Copy of gold');
    await w.question('Name of the new event of remember');
    await w.page.locator('.quick-input-widget', { hasText: 'auth0/actions/remember/events/….json' }).waitFor();
    await w.quickInput('silver');
    await w.editorTab('silver.json').waitFor();
    await test(w, 'silver').waitFor();
    await choose('no plan', 'Delete Event…');
    await w.page.locator('.monaco-dialog-box', { hasText: 'Delete the event no plan of plan-check?' }).waitFor();
    await w.dialogButton('Delete Event');
    await test(w, 'no plan').waitFor({ state: 'hidden' });
    await test(w, 'Sample Event').waitFor();
    await w.screenshot('e2e-test-deleted');
    assert.deepEqual(w.pageErrors, []);
  });
});
