// The rest of an action through the page: secrets typed and read from a file, dependencies by search, runtime, modules, and actions that are created, renamed and deleted.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import type { RunningSimulator } from '../../src/simulator/index.ts';
import { askTenant } from '../support/askTenant.ts';
import { startFakeRegistry } from '../support/fakeRegistry.ts';
import type { FakeRegistry } from '../support/fakeRegistry.ts';
import { registerSecret } from '../support/secrets.ts';
import { startTestSimulator } from '../support/simulator.ts';
import { again, Workbench } from './support.ts';

interface StoredAction {
  readonly id: string;
  readonly name: string;
  readonly code: string;
  readonly runtime: string;
  readonly secrets: readonly { readonly name: string; readonly updated_at: string }[];
  readonly dependencies: readonly { readonly name: string; readonly version: string }[];
  readonly modules?: readonly { readonly module_name: string; readonly module_version_number: number }[];
}

describe('the rest of an action', () => {
  const own = mkdtempSync(join(tmpdir(), 'settings-'));
  let simulator: RunningSimulator | undefined;
  let registry: FakeRegistry | undefined;
  let w: Workbench;
  let host = '';

  before(async () => {
    [simulator, registry] = await Promise.all([startTestSimulator({ plan: 'enterprise', buildScale: 0 }), startFakeRegistry()]);
    host = new URL(simulator.url).host;
    // A workspace that names another registry is not heard.
    w = await Workbench.start({ env: { NPM_CONFIG_REGISTRY: registry.url }, files: { '.npmrc': 'registry=http://127.0.0.1:1/\n', '.vscode/settings.json': '{ "auth0Actions.checks.registry": false }' }, settings: { 'workbench.colorTheme': 'Default Dark Modern', 'auth0Actions.checks.registry': true } });
    await w.openView('Actions for Auth0');
    await w.runCommand('Auth0 Actions: Connect to Tenant…');
    await w.answerConnect(simulator.url, simulator.token);
    await w.treeRow('enrich-profile').waitFor();
    await w.widenSideBar(120);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await w.keepEvidence(this.currentTest.fullTitle());
    }
  });
  after(async () => {
    await w.stop();
    await Promise.all([simulator?.close(), registry?.close()]);
    rmSync(own, { recursive: true });
  });

  /** What the service itself has, read past the extension. */
  function service<T>(path: string): Promise<T> {
    assert.ok(simulator);
    return askTenant<T>(simulator, 'GET', `/api/v2/actions/${path}`);
  }

  async function actions(): Promise<readonly StoredAction[]> {
    return (await service<{ actions: StoredAction[] }>('actions')).actions;
  }

  async function action(name: string): Promise<StoredAction> {
    const found = (await actions()).find(one => one.name === name);
    assert.ok(found, name);
    return found;
  }

  /** A build that ends draws the rows anew, and a click on a row that is just being drawn does nothing, and says so: a person clicks again. */
  async function asking(click: () => Promise<void>, sign: Locator): Promise<void> {
    const lost = w.notification('The row changed while it was clicked');
    await again(async () => {
      await click();
      await sign.or(lost).first().waitFor();
      assert.ok(await sign.isVisible());
    }, () => w.runCommand('Notifications: Clear All Notifications'));
  }
  const dialog = (): Locator => w.page.locator('.monaco-dialog-box');
  const title = (text: string): Locator => w.page.locator(`.quick-input-widget input[placeholder*="${text}"], .quick-input-title:has-text("${text}")`).first();
  const button = (row: string, label: string, question: string): Promise<void> => asking(() => w.rowButton(row, label), question === '' ? dialog() : title(question));
  const menu = (row: string, label: string, question: string): Promise<void> => asking(() => w.contextMenu(row, label), question === '' ? dialog() : title(question));

  const said = (text: string): Promise<void> => w.page.locator('.statusbar', { hasText: text }).waitFor();

  it('adds a secret by a password input, and leaves the others alone', async () => {
    const value = registerSecret(`typed-${randomUUID()}`, 'a typed secret of an action');
    const before = await action('enrich-profile');
    await w.expand('enrich-profile');
    // Reading the flow draws the rows anew, and a menu's row must not change under it.
    await w.treeRow('Post Login flow').filter({ hasText: 'place 1 of' }).waitFor();
    await button('Secrets (2)', 'Set Secret…', `Set which secret of enrich-profile in ${host}?`);
    await w.quickPick('New Secret…');
    await w.question(`New secret of enrich-profile in ${host}: name`);
    await w.quickInput('SIGNING_KEY');
    await w.question(`Secret SIGNING_KEY of enrich-profile in ${host}: value`);
    const input = w.page.locator('.quick-input-widget input');
    assert.equal(await input.getAttribute('type'), 'password');
    await input.fill('##SIGNING_KEY##');
    await w.page.locator('.quick-input-message', { hasText: 'This is a placeholder' }).waitFor();
    await input.press('Enter');
    await w.screenshot('e2e-secret-placeholder');
    await w.quickInput(value);
    await w.treeRow('Secrets (3)').waitFor();
    await said(`Secret SIGNING_KEY of enrich-profile in ${host} is set`);
    await w.expand('Secrets (3)');
    await w.treeRow('SIGNING_KEY').filter({ hasText: /set today \d\d:\d\d/u }).waitFor();
    await w.treeRow('enrich-profile').filter({ hasText: 'changes not deployed' }).waitFor();
    await w.screenshot('e2e-secrets');
    const after = await action('enrich-profile');
    assert.deepEqual(after.secrets.filter(one => one.name !== 'SIGNING_KEY'), before.secrets);
    assert.equal(after.code, before.code);
  });

  it('removes one after a question, and keeps the rest', async () => {
    await menu('CRM_BASE_URL', 'Remove Secret…', '');
    assert.ok((await dialog().innerText()).includes(`Remove the secret CRM_BASE_URL from enrich-profile in ${host}?`));
    await w.dialogButton('Remove');
    await w.treeRow('Secrets (2)').waitFor();
    assert.deepEqual((await action('enrich-profile')).secrets.map(one => one.name).sort(), ['CRM_API_KEY', 'SIGNING_KEY']);
  });

  it('fills several from a .env file, which is shown first', async () => {
    const file = join(own, 'action.env');
    const [one, two] = [registerSecret(`file-${randomUUID()}`, 'a secret out of a file'), registerSecret(`file-${randomUUID()}`, 'a secret out of a file')];
    writeFileSync(file, `# comment\nCRM_API_KEY=${one}\nexport WEBHOOK="${two}"\nLATER=@@LATER@@\nNOT_THIS=${two}\n`);
    const before = await action('enrich-profile');
    await menu('Secrets (2)', 'Set Secrets from .env File…', `Set secrets of enrich-profile in ${host} from a .env file`);
    await w.chooseFile(file);
    await w.page.locator('.quick-input-title', { hasText: `Set which secrets of enrich-profile in ${host}?` }).waitFor();
    const rows = w.page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'NOT_THIS' }).click();
    assert.match((await rows.allInnerTexts()).map(row => row.replace(/\s+/gu, ' ').trim()).join('|'), /^CRM_API_KEY ?replaces the value set [^|]+\|NOT_THIS ?new\|WEBHOOK ?new$/u);
    assert.equal(await w.page.locator('.quick-input-widget input[placeholder]').last().getAttribute('placeholder'), 'Left out: LATER · Stay as they are: SIGNING_KEY');
    await w.screenshot('e2e-secrets-file');
    await w.page.locator('.quick-input-widget .monaco-button', { hasText: 'OK' }).click();
    await w.treeRow('Secrets (3)').waitFor();
    const after = await action('enrich-profile');
    const age = (list: StoredAction, name: string): string | undefined => list.secrets.find(secret => secret.name === name)?.updated_at;
    assert.deepEqual(after.secrets.map(secret => secret.name).sort(), ['CRM_API_KEY', 'SIGNING_KEY', 'WEBHOOK']);
    assert.notEqual(age(after, 'CRM_API_KEY'), age(before, 'CRM_API_KEY'));
    assert.equal(age(after, 'SIGNING_KEY'), age(before, 'SIGNING_KEY'));
    await w.notification('Not set from action.env for enrich-profile').filter({ hasText: 'LATER: This is a placeholder' }).waitFor();
    await w.runCommand('Notifications: Clear All Notifications');
  });

  it('removes a dependency, and adds one from the person\'s registry', async () => {
    await w.expand('Dependencies (1)');
    await button('lodash', 'Remove Dependency…', '');
    await w.dialogButton('Remove');
    await w.treeRow('Dependencies (1)').waitFor({ state: 'hidden' });
    assert.deepEqual((await action('enrich-profile')).dependencies, []);
    await w.runCommand('Auth0 Actions: Add Dependency…');
    await w.question('Add a dependency to which action?');
    await w.quickPick('enrich-profile');
    await w.question(`Add a dependency to enrich-profile in ${host}`);
    await w.page.locator('.quick-input-widget input').fill('lodash');
    await w.choice('lodash-es').waitFor();
    await w.screenshot('e2e-package-search');
    await w.quickPick('lodash');
    await w.question(`Which version of lodash for enrich-profile in ${host}?`);
    const versions = w.page.locator('.quick-input-list [role="option"]');
    await versions.filter({ hasText: '4.17.21' }).first().waitFor();
    const lines = (await versions.allInnerTexts()).map(line => line.replace(/\s+/gu, ' '));
    assert.match(lines[0] ?? '', /4\.17\.21 ?latest/u);
    assert.match(lines[1] ?? '', /4\.17\.20 ?deprecated/u);
    await w.screenshot('e2e-package-versions');
    await w.quickPick('4.17.21');
    await w.treeRow('Dependencies (1)').waitFor();
    assert.deepEqual((await action('enrich-profile')).dependencies, [{ name: 'lodash', version: '4.17.21' }]);
  });

  it('changes the version of a dependency, a pinned module and the runtime', async () => {
    await w.expand('Dependencies (1)');
    await button('lodash', 'Change Dependency Version…', `Which version of lodash for enrich-profile in ${host}?`);
    await w.quickPick('Type a Version…');
    await w.quickInput('4.17.19');
    await w.treeRow('lodash').filter({ hasText: '4.17.19' }).waitFor();
    await w.expand('Modules (1)');
    await button('profile-rules', 'Pin Module Version…', `Which version of profile-rules for enrich-profile in ${host}?`);
    await w.quickPick('v1');
    await w.treeRow('profile-rules').filter({ hasText: 'v1' }).waitFor();
    await w.runCommand('Auth0 Actions: Change Runtime…');
    await w.question('Change the runtime of which action?');
    await w.quickPick('enrich-profile');
    await w.question(`Which runtime for enrich-profile in ${host}? The trigger Post Login v3 offers these.`);
    await w.quickPick('node18-actions');
    await said(`enrich-profile in ${host} uses node18-actions`);
    const after = await action('enrich-profile');
    assert.deepEqual([after.dependencies[0]?.version, after.modules?.[0]?.module_version_number, after.runtime], ['4.17.19', 1, 'node18-actions']);
    await w.screenshot('e2e-settings-tree');
  });

  it('creates an action with code for its trigger, and opens its draft', async () => {
    await menu(host, 'Create Action…', `Create an action in ${host}: trigger`);
    assert.equal(await w.choice('Post Login').count(), 1);
    await w.quickPick('Post Login');
    await w.question(`Create an action in ${host}: name`);
    const input = w.page.locator('.quick-input-widget input');
    await input.fill('send-welcome');
    await w.page.locator('.quick-input-message', { hasText: 'has an action of this name already' }).waitFor();
    await w.quickInput('greet');
    await w.question(`Create an action in ${host}: runtime`);
    await w.quickPick('node22');
    await w.editorTab('greet.js').waitFor();
    await w.page.locator('.editor-instance .view-lines', { hasText: 'onExecutePostLogin' }).waitFor();
    await w.treeRow('greet').filter({ hasText: 'never deployed' }).waitFor();
    await w.screenshot('e2e-created');
    const made = await action('greet');
    assert.match(made.code, /exports\.onExecutePostLogin = async \(event, api\) => \{/u);
    assert.equal(made.runtime, 'node22');
  });

  it('renames it, and the open draft goes with it', async () => {
    await menu('greet', 'Rename Action…', `Rename greet in ${host}`);
    await w.quickInput('welcome');
    await w.treeRow('welcome').waitFor();
    await w.editorTab('welcome.js').waitFor();
    await w.editorTab('greet.js').waitFor({ state: 'hidden' });
    assert.equal((await w.treeLabels()).at(-1), 'welcome', 'it is where its new name belongs');
    assert.equal((await actions()).filter(one => one.name === 'greet').length, 0);
  });

  it('deletes one that a flow runs only after saying so, and closes what showed it', async () => {
    await w.openRow('audit-trail');
    await menu('audit-trail', 'Delete Action…', '');
    const text = await dialog().innerText();
    assert.ok(text.includes(`Delete audit-trail from ${host}?`) && text.includes('It is in the Post Login flow, place 4 of 4'), text);
    await w.screenshot('e2e-delete');
    await w.dialogButton('Take Out of Flows and Delete');
    await w.treeRow('audit-trail').waitFor({ state: 'hidden' });
    await w.editorTab('audit-trail.js').waitFor({ state: 'hidden' });
    const { bindings } = await service<{ bindings: { action: { name: string } }[] }>('triggers/post-login/bindings');
    assert.deepEqual(bindings.map(binding => binding.action.name), ['enrich-profile', 'block-country', 'sync-crm']);
    await w.treeRow('Post Login flow').filter({ hasText: 'place 1 of 3' }).waitFor();
    assert.deepEqual(await w.notifications(), []);
  });

  it('asks for the name of a protected tenant, and shows what changes', async () => {
    await w.contextMenu(host, 'Protect Tenant');
    await w.treeRow(host).filter({ hasText: 'protected' }).waitFor();
    await w.expand('notify-password-change');
    await w.expand('Secrets (1)');
    await menu('SLACK_WEBHOOK', 'Remove Secret…', `Type ${host} to go on`);
    const text = (await w.page.locator('.quick-input-widget').innerText()).replace(/\u00a0/gu, ' ');
    assert.match(text, /Remove the secret SLACK_WEBHOOK from notify-password-change in .*\(protected\)/u);
    assert.match(text, /Its value cannot be read back/u);
    await w.screenshot('e2e-protected-secret');
    await w.page.keyboard.type(host);
    await w.choice('Remove').waitFor();
    await w.page.keyboard.press('Enter');
    await w.treeRow('SLACK_WEBHOOK').waitFor({ state: 'hidden' });
    assert.deepEqual((await action('notify-password-change')).secrets, []);
  });
});
