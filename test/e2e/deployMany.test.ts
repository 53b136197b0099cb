// Several actions at once: the list that is reviewed before, one summary afterwards, and stopping all of them.
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { RunningSimulator } from '../../src/simulator/index.ts';
import { askTenant } from '../support/askTenant.ts';
import { startTestSimulator } from '../support/simulator.ts';
import { useWorkbench } from './support.ts';
import type { Workbench } from './support.ts';

const STATUS = 'auth0Actions.deployment';

describe('several actions at once', () => {
  const workbench = useWorkbench({ keepSecrets: true });
  let simulator: RunningSimulator | undefined;
  let host = '';

  before(async () => {
    simulator = await startTestSimulator({ plan: 'enterprise', buildScale: 0.02 });
    host = new URL(simulator.url).host;
    await call('POST', '/api/v2/actions/actions', { name: 'broken-code', supported_triggers: [{ id: 'post-login', version: 'v3' }], runtime: 'node22', code: 'exports.onExecutePostLogin = async (event, api) => {\n  const a = ;\n};\n' });
    const w = workbench();
    await w.connectFirst(simulator);
    await w.treeRow('risk-score').waitFor();
  });
  after(() => simulator?.close());

  function call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    assert.ok(simulator);
    return askTenant(simulator, method, path, body);
  }

  /** The number of the version that is live, as the service has it. */
  async function liveNumber(name: string): Promise<unknown> {
    const { actions } = await call('GET', '/simulator/state');
    return (actions as Record<string, unknown>[]).find(one => one['name'] === name)?.['live_version_number'];
  }

  /** A row of the list, which is a box to tick. */
  const option = (w: Workbench, name: string): Locator => w.page.locator('.quick-input-list .monaco-list-row', { has: w.page.locator('.label-name', { hasText: name }) }).first();

  async function ticked(w: Workbench, name: string): Promise<boolean> {
    return await option(w, name).getAttribute('aria-checked') === 'true';
  }

  async function openList(w: Workbench): Promise<void> {
    await w.contextMenu(host, 'Deploy Changed Actions…');
    await w.question(`Tick what to deploy to ${host}`);
  }

  it('are those with changes, each with what it changes, what is wrong with it, and where it runs', async () => {
    const w = workbench();
    await openList(w);
    await option(w, 'send-welcome').waitFor();
    const labels = (await w.page.locator('.quick-input-list .monaco-list-row').locator('.label-name').allInnerTexts()).map(text => text.trim());
    assert.deepEqual(labels.filter(name => ['enrich-profile', 'machine-claims', 'notify-password-change'].includes(name)), []);
    for (const name of ['block-country', 'new-idea', 'send-welcome', 'geo-fence', 'broken-code', 'risk-score']) {
      assert.ok(labels.includes(name), labels.join(', '));
    }
    assert.match(await option(w, 'send-welcome').innerText(), /Post User Registration · place 1 of 1\s+since v3: lines of code: 2 added, 1 removed; dependency axios 1\.7\.4 → 1\.7\.9/u);
    assert.match(await option(w, 'new-idea').innerText(), /Post Login · not in any flow\s+never deployed/u);
    assert.match(await option(w, 'broken-code').innerText(), /Line 2: Syntax error/u);
    assert.match(await option(w, 'risk-score').innerText(), /the build failed, so it cannot be deployed/u);
    assert.deepEqual(await Promise.all(['send-welcome', 'new-idea', 'broken-code', 'risk-score'].map(name => ticked(w, name))), [true, true, false, false]);
    await w.screenshot('e2e-deploy-many');
  });

  it('can be compared from the list, which stays', async () => {
    const w = workbench();
    await option(w, 'send-welcome').hover();
    await option(w, 'send-welcome').locator('.action-label[aria-label^="Compare with What Is Live"]').click();
    await w.page.locator('.tab', { hasText: 'send-welcome' }).first().waitFor();
    await w.question(`Tick what to deploy to ${host}`);
    assert.equal(await ticked(w, 'send-welcome'), true);
    await w.page.locator('.quick-input-widget .quick-input-titlebar .action-label[aria-label="Stop at the First Failure"]').click();
    await w.question('one after another');
    await w.screenshot('e2e-deploy-many-compare');
    await w.page.locator('.quick-input-widget .quick-input-titlebar .action-label[aria-label="Deploy Beside Each Other"]').click();
    await w.page.locator('.quick-input-widget .quick-input-titlebar .action-label[aria-label="Stop at the First Failure"]').waitFor();
    await w.dismiss();
    assert.equal(await liveNumber('new-idea'), null);
  });

  it('end in one summary, which names what failed', async () => {
    const w = workbench();
    await openList(w);
    // verify-email-domain is ticked, and its version is going to fail.
    await w.page.keyboard.press('Enter');
    const summary = w.notification('went live in');
    await summary.waitFor();
    const text = (await summary.innerText()).replace(/\s+/gu, ' ');
    assert.match(text, /\d of \d actions went live in .*new-idea v1; send-welcome v4.* Failed: verify-email-domain \(Cannot find module 'email-validator-pro'/u);
    assert.equal((await w.notifications()).length, 1);
    assert.deepEqual([await liveNumber('new-idea'), await liveNumber('send-welcome'), await liveNumber('broken-code')], [1, 4, null]);
    await w.screenshot('e2e-deploy-many-summary');
  });

  /** Gives an action another code, and holds its build in this status. */
  async function change(name: string, status: string | null): Promise<string> {
    const { actions } = await call('GET', '/simulator/state');
    const id = String((actions as Record<string, unknown>[]).find(one => one['name'] === name)?.['id']);
    await call('PATCH', `/api/v2/actions/actions/${id}`, { code: '// changed\nexports.onExecutePostLogin = async () => {};\nexports.onExecuteCredentialsExchange = async () => {};\nexports.onExecutePostChangePassword = async () => {};\n' });
    await call('POST', '/simulator/hold', { action: id, status });
    return id;
  }

  async function openSelected(w: Workbench, ...names: readonly [string, string]): Promise<void> {
    await w.chooseForRows(names, 'Deploy Action', w.questionInput(`Tick what to deploy to ${host}`));
    for (const name of names) {
      assert.equal(await ticked(w, name), true);
    }
  }

  it('stop at the first failure where the list is told to', async () => {
    const w = workbench();
    await w.runCommand('Notifications: Clear All Notifications');
    const id = await change('enrich-profile', 'building');
    await change('machine-claims', null);
    await openSelected(w, 'enrich-profile', 'machine-claims');
    await w.page.locator('.quick-input-widget .quick-input-titlebar .action-label[aria-label="Stop at the First Failure"]').click();
    await w.question('one after another');
    await w.page.locator('.quick-input-widget input[placeholder*="Tick"]').press('Enter');
    await w.statusBarItem(STATUS).filter({ hasText: 'enrich-profile: building' }).waitFor();
    await call('POST', '/simulator/hold', { action: id, status: 'failed' });
    const summary = w.notification('None of 2 actions went live');
    await summary.waitFor();
    assert.match(await summary.innerText(), /Failed: enrich-profile \(build failed\)\. Stopped, with nothing sent: machine-claims\./u);
    assert.equal(await liveNumber('machine-claims'), 24);
  });

  it('are stopped by Stop All, and the summary says that nothing was sent for them', async () => {
    const w = workbench();
    await w.runCommand('Notifications: Clear All Notifications');
    await change('notify-password-change', 'building');
    await change('sync-crm', 'building');
    await openSelected(w, 'notify-password-change', 'sync-crm');
    await w.page.keyboard.press('Enter');
    await w.statusBarItem(STATUS).filter({ hasText: '2 deployments' }).waitFor();
    await w.statusBarItem(STATUS).click();
    await w.question('Choose one to open what it deployed');
    await w.page.locator('.quick-input-widget .quick-input-titlebar .action-label[aria-label="Stop All"]').click();
    const summary = w.notification('None of 2 actions went live');
    await summary.waitFor();
    assert.match(await summary.innerText(), /Stopped, with nothing sent: notify-password-change; sync-crm\./u);
    await w.screenshot('e2e-deploy-many-stopped');
    await w.dismiss();
    assert.deepEqual([await liveNumber('notify-password-change'), await liveNumber('sync-crm')], [2, 5]);
    // VS Code writes notifications of errors to the console too.
    assert.deepEqual(w.pageErrors.filter(text => !text.includes('went live')), []);
  });
});
