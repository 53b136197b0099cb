// Two tenants side by side: an action and its namesake, an action that only one of them has, and a version with the draft.
import assert from 'node:assert/strict';
import type { RunningSimulator } from '../../src/simulator/index.ts';
import { askTenant } from '../support/askTenant.ts';
import { startTestSimulator } from '../support/simulator.ts';
import { useWorkbench } from './support.ts';

describe('comparing', () => {
  const workbench = useWorkbench();
  let simulator: RunningSimulator | undefined;
  let host = '';

  function api(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    assert.ok(simulator);
    return askTenant(simulator, method, `/api/v2/actions${path}`, body);
  }

  before(async () => {
    simulator = await startTestSimulator({ plan: 'enterprise', buildScale: 0.02 });
    host = new URL(simulator.url).host;
    const { actions } = await api('GET', '/actions');
    const enrich = (actions as { id: string; name: string; code: string }[]).find(action => action.name === 'enrich-profile');
    assert.ok(enrich);
    await api('PATCH', `/actions/${enrich.id}`, {
      code: enrich.code.concat('// Production waits no longer.\n'),
      dependencies: [{ name: 'lodash', version: '4.17.20' }, { name: 'axios', version: '1.7.9' }],
      secrets: [{ name: 'CRM_API_KEY', value: 'prod' }],
    });
    await api('POST', '/actions', { name: 'only-in-production', supported_triggers: [{ id: 'post-login', version: 'v3' }], code: '// none\n' });
    const w = workbench();
    await w.openView('Actions for Auth0');
    await w.sideBar.locator('.welcome-view-content .monaco-button', { hasText: 'Open Demo Tenant' }).click();
    await w.treeRow('enrich-profile').waitFor();
    await w.widenSideBar(60);
  });
  after(() => simulator?.close());

  it('says what to do where no other tenant is connected', async () => {
    const w = workbench();
    await w.contextMenu('enrich-profile', 'Compare with Another Tenant…');
    await w.notification('demo is the only connected tenant. Connect another one to compare with it.').waitFor();
  });

  it('shows an action beside its namesake in another tenant, code and everything else', async () => {
    const w = workbench();
    assert.ok(simulator);
    await w.runCommand('Auth0 Actions: Connect to Tenant…');
    await w.answerConnect(simulator.url, simulator.token);
    await w.selectedRow(host).waitFor();
    await w.runCommand('Notifications: Clear All Notifications');
    await w.contextMenu('enrich-profile', 'Compare with Another Tenant…');
    await w.editorTab(`enrich-profile: demo ↔ ${host}`).waitFor();
    const entries = w.page.locator('.multiDiffEntry');
    await entries.filter({ hasText: 'enrich-profile.js' }).filter({ hasText: 'Production waits' }).first().waitFor();
    const rest = entries.filter({ hasText: 'enrich-profile.text' }).filter({ hasText: '4.17.20' }).first();
    await rest.waitFor();
    await w.screenshot('e2e-compare-tenants');
    const text = (await rest.innerText()).replace(/\u00a0/gu, ' ');
    assert.match(text, /axios 1\.7\.9/u);
    assert.match(text, /CRM_BASE_URL/u);
    assert.doesNotMatch(text, /, set /u);
    await w.runCommand('View: Close All Editors');
  });

  it('offers the other tenant\'s actions where none has the name', async () => {
    const w = workbench();
    await w.contextMenu('only-in-production', 'Compare with Another Tenant…');
    await w.question('demo has no action only-in-production. Compare with which one?');
    await w.quickPick('new-idea');
    await w.editorTab(`only-in-production: ${host} ↔ demo new-idea`).waitFor();
    await w.runCommand('View: Close All Editors');
  });

  it('shows the only version beside the draft, from the version\'s row', async () => {
    const w = workbench();
    await w.expand('verify-email-domain');
    await w.treeRow('Pre User Registration flow').filter({ hasText: 'place 1 of' }).waitFor();
    await w.contextMenu('v1', 'Compare Versions…');
    await w.question('Compare v1 of verify-email-domain in demo with which version?');
    await w.quickPick('Draft');
    await w.editorTab('verify-email-domain: v1 (live) ↔ draft (demo)').waitFor();
    const rest = w.page.locator('.multiDiffEntry').filter({ hasText: 'verify-email-domain.txt' }).filter({ hasText: 'email-validator-pro 3.2.0' }).first();
    await rest.waitFor();
    await w.screenshot('e2e-compare-draft');
    await w.treeRow('verify-email-domain').locator('.monaco-tl-twistie').click();
    await w.runCommand('View: Close All Editors');
  });

  it('asks which tenant where there are several, and says which has no such action', async () => {
    const w = workbench();
    const empty = await startTestSimulator({ plan: 'enterprise', seed: 'empty' });
    try {
      await w.runCommand('Auth0 Actions: Connect to Tenant…');
      await w.answerConnect(empty.url, empty.token);
      await w.treeRow('No actions in this tenant').waitFor();
      await w.contextMenu('enrich-profile', 'Compare with Another Tenant…');
      await w.question('Compare enrich-profile of demo with which tenant?');
      const offered = w.page.locator('.quick-input-list [role="option"]');
      const emptyHost = new URL(empty.url).host;
      await offered.filter({ hasText: emptyHost }).first().waitFor();
      assert.equal(await offered.count(), 2);
      assert.match(await offered.nth(1).innerText(), new RegExp(`${emptyHost.replaceAll('.', '\\.')}[^]*no action of this name`, 'u'));
      await w.quickPick(emptyHost);
      await w.notification(`${emptyHost} has no action enrich-profile.`).waitFor();
    } finally {
      await empty.close();
    }
  });
});
