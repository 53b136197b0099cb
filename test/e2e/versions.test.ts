// A tenant connected by host and token: several deployments at once, going back to an older version, comparing, flows, and all of it after a restart.
import assert from 'node:assert/strict';
import type { RunningSimulator } from '../../src/simulator/index.ts';
import { askTenant } from '../support/askTenant.ts';
import { startTestSimulator } from '../support/simulator.ts';
import { useWorkbench } from './support.ts';
import type { Workbench } from './support.ts';

const STATUS = 'auth0Actions.deployment';
const FLOW = '/api/v2/actions/triggers/post-login/bindings';

describe('versions and flows of a connected tenant', () => {
  const workbench = useWorkbench({ keepSecrets: true });
  let simulator: RunningSimulator | undefined;
  let host = '';

  before(async () => {
    simulator = await startTestSimulator({ plan: 'enterprise', buildScale: 0.02 });
    host = new URL(simulator.url).host;
  });
  after(() => simulator?.close());

  async function untilStatus(w: Workbench, text: string | RegExp): Promise<void> {
    await w.statusBarItem(STATUS).filter({ hasText: text }).waitFor();
  }

  function service(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    assert.ok(simulator);
    return askTenant(simulator, method, path, body);
  }

  async function action(name: string): Promise<Record<string, unknown>> {
    const { actions } = await service('GET', '/simulator/state');
    const found = (actions as Record<string, unknown>[]).find(one => one['name'] === name);
    assert.ok(found, name);
    return found;
  }

  async function order(): Promise<unknown[]> {
    const { bindings } = await service('GET', FLOW);
    return (bindings as { action: { name: string } }[]).map(binding => binding.action.name);
  }

  it('is connected by host and token, and shows its actions', async () => {
    const w = workbench();
    assert.ok(simulator !== undefined);
    await w.connectFirst(simulator);
    await w.treeRow('enrich-profile').waitFor();
  });

  it('deploys several actions at once from one list', async () => {
    const w = workbench();
    await w.chooseForRows(['new-idea', 'geo-fence', 'send-welcome'], 'Deploy Action', w.questionInput(`Tick what to deploy to ${host}`));
    const boxes = w.page.locator('.quick-input-list .monaco-list-row[aria-checked="true"]');
    for (const name of ['new-idea', 'send-welcome', 'geo-fence']) {
      await boxes.filter({ hasText: name }).waitFor();
    }
    assert.equal(await boxes.count(), 3);
    // Answers that come late keep all three under way long enough to be seen together.
    await service('POST', '/simulator/faults', [{ method: 'POST', path: '/deploy$', fault: { delay: 2000 } }]);
    await w.page.keyboard.press('Enter');
    await untilStatus(w, '3 deployments');
    await service('POST', '/simulator/faults', []);
    for (const [name, version] of [['new-idea', 1], ['send-welcome', 4], ['geo-fence', 1]] as const) {
      await w.treeRow(name).filter({ hasText: `v${version} live` }).waitFor();
      assert.equal((await action(name))['live_version_number'], version);
    }
  });

  it('rolls back from a row, asks what becomes of the draft, and leaves it alone', async () => {
    const w = workbench();
    await w.expand('enrich-profile');
    // Reading the flow draws the rows anew, and a menu's row must not change under it.
    await w.treeRow('Post Login flow').filter({ hasText: 'place 1 of' }).waitFor();
    await w.contextMenu('v5', 'Roll Back to This Version…');
    const dialog = w.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    const text = await dialog.innerText();
    assert.ok(text.includes(`Roll back enrich-profile in ${host} to v5?`), text);
    assert.match(text, /v7 is live\. What v5 \(.*\) holds becomes a new version.*It changes: code, modules\.[^]*The draft holds what v7 holds\./u);
    await w.screenshot('e2e-roll-back');
    await w.dialogButton('Roll Back, Keep the Draft');
    await untilStatus(w, 'enrich-profile v8 live');
    await w.treeRow('enrich-profile').filter({ hasText: 'v8 live, changes not deployed' }).waitFor();
    const { code, deployed_version: deployed } = await action('enrich-profile');
    assert.notEqual(code, (deployed as { code: string }).code);
  });

  it('rolls back from a version\'s document by keyboard, with the draft', async () => {
    const w = workbench();
    await w.treeRow('v7').click();
    // The tab says which version it is: all documents of an action have its name.
    await w.page.locator('.tab.active', { hasText: 'enrich-profile.js v7' }).waitFor();
    await w.page.locator('.monaco-editor .view-line', { hasText: 'normalise' }).first().waitFor();
    await w.runCommand('Auth0 Actions: Roll Back to This Version…');
    await w.page.locator('.monaco-dialog-box', { hasText: 'to v7?' }).waitFor();
    // The draft holds what v7 held, so that there is nothing to choose.
    await w.page.keyboard.press('Enter');
    await untilStatus(w, 'enrich-profile v9 live');
    await w.treeRow('enrich-profile').filter({ hasText: 'Post Login · v9 live' }).waitFor();
    assert.equal((await action('enrich-profile'))['all_changes_deployed'], true);
  });

  it('compares any two versions, code and everything else', async () => {
    const w = workbench();
    await w.chooseForRows(['v5', 'v6'], 'Compare Versions…', w.editorTab('enrich-profile: v5 ↔ v6'));
    const editor = w.page.locator('.multiDiffEntry');
    await editor.filter({ hasText: 'enrich-profile.js' }).first().waitFor();
    await editor.filter({ hasText: 'enrich-profile.txt' }).filter({ hasText: 'profile-rules' }).first().waitFor();
    await w.screenshot('e2e-compare');
  });

  it('says that an action runs in no flow, and adds it after the difference was shown', async () => {
    const w = workbench();
    await w.treeRow('enrich-profile').locator('.monaco-tl-twistie').click();
    const before = await order();
    await w.expand('new-idea');
    await w.treeRow('new-idea').filter({ hasText: 'v1 live, not in any flow' }).waitFor();
    await w.treeRow('Post Login flow').filter({ hasText: 'not in any flow' }).waitFor();
    await w.rowButton('Post Login flow', 'Add to Flow');
    await w.question(`Where in the Post Login flow of ${host}`);
    await w.quickPick('Place 2');
    const dialog = w.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /Now:\s+1\. enrich-profile\s[^]*Afterwards:\s+1\. enrich-profile\s+2\. new-idea/u);
    await w.screenshot('e2e-flow');
    await w.dialogButton('Change Flow');
    await w.treeRow('Post Login flow').filter({ hasText: `place 2 of ${before.length + 1}` }).waitFor();
    assert.deepEqual(await order(), [before[0], 'new-idea', ...before.slice(1)]);
  });

  it('moves it, asking again where somebody else changed the flow meanwhile, and takes it out', async () => {
    const w = workbench();
    await w.contextMenu('Post Login flow', 'Move in Flow…');
    await w.question('Move new-idea to which place');
    await w.quickPick('Place 1');
    const dialog = w.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    const { bindings } = await service('GET', FLOW);
    const others = (bindings as { action: { id: string } }[]).filter((_, index) => index !== 2);
    await service('PATCH', FLOW, { bindings: others.map(({ action: { id } }) => ({ ref: { type: 'action_id', value: id } })) });
    const rest = (await order()).filter(name => name !== 'new-idea');
    await w.dialogButton('Change Flow');
    await dialog.filter({ hasText: 'Somebody changed the flow meanwhile' }).waitFor();
    await w.dialogButton('Change Flow');
    await w.treeRow('Post Login flow').filter({ hasText: 'place 1 of' }).waitFor();
    assert.deepEqual(await order(), ['new-idea', ...rest]);
    await w.contextMenu('Post Login flow', 'Remove from Flow…');
    await dialog.waitFor();
    await w.dialogButton('Change Flow');
    await w.treeRow('Post Login flow').filter({ hasText: 'not in any flow' }).waitFor();
    assert.deepEqual(await order(), rest);
  });

  it('makes no link of a name that asks for one', async () => {
    const w = workbench();
    const name = '[why](command:workbench.action.closeAllEditors)';
    await service('POST', '/api/v2/actions/actions', { name, supported_triggers: [{ id: 'post-login', version: 'v3' }], code: 'exports.onExecutePostLogin = async () => {};' });
    await w.page.locator('.part.sidebar .action-label[aria-label^="Refresh"]').first().click();
    await w.treeRow(name).waitFor();
    await w.rowButton(name, 'Deploy Action');
    const notification = w.notification('v1 is live');
    await notification.waitFor();
    assert.match(await notification.innerText(), /\[why\] \(command:/u);
    assert.equal(await notification.locator('.notification-list-item-message a').count(), 0);
  });

  it('is there again, with its documents, after the window was reloaded', async () => {
    const w = workbench();
    await w.openRow('machine-claims');
    await Promise.all([w.page.waitForEvent('load'), w.runCommand('Developer: Reload Window')]);
    await w.page.locator('.monaco-workbench').waitFor();
    await w.treeRow(host).waitFor();
    await w.treeRow('enrich-profile').filter({ hasText: 'v9 live' }).waitFor();
    await w.page.locator('.monaco-editor .view-lines', { hasText: 'onExecuteCredentialsExchange' }).waitFor();
    assert.deepEqual(w.pageErrors, []);
  });
});
