// A view without rows, for every cause: sentences that say what happened, the tenant's name, and buttons that help.
import assert from 'node:assert/strict';
import { askTenant } from '../support/askTenant.ts';
import { startTestSimulator } from '../support/simulator.ts';
import type { RunningSimulator } from '../../src/simulator/index.ts';
import { useWorkbench } from './support.ts';

describe('a view without rows', () => {
  const workbench = useWorkbench();
  let simulator: RunningSimulator | undefined;

  before(async () => {
    simulator = await startTestSimulator({ plan: 'enterprise', buildScale: 0 });
    await faults([{ path: '/actions/actions$', fault: { status: 503, body: {} } }]);
  });
  after(() => simulator?.close());

  function running(): RunningSimulator {
    assert.ok(simulator);
    return simulator;
  }

  async function faults(list: readonly unknown[]): Promise<void> {
    await askTenant(running(), 'POST', '/simulator/faults', list);
  }

  const refusal = (status: number, message: string, errorCode: string): unknown => ({ path: '/actions/actions$', fault: { status, body: { statusCode: status, error: 'Forbidden', message, errorCode } } });

  it('says that the service has an error, and whose', async () => {
    const w = workbench();
    await w.openView('Actions for Auth0');
    await w.runCommand('Auth0 Actions: Connect to Tenant…');
    await w.answerConnect(running().url, running().token);
    await w.welcome('service has an error of its own').waitFor();
    await w.viewTitle(new URL(running().url).host).waitFor();
    assert.deepEqual(await w.treeLabels(), []);
    await w.screenshot('e2e-welcome-offline');
  });

  for (const { name, fault, sentence, said } of [
    { name: 'a scope is missing', fault: refusal(403, 'Insufficient scope, expected any of: read:actions', 'insufficient_scope'), sentence: 'it lacks the scope read:actions', said: /lacks the scope read:actions/u },
    { name: 'the feature is not enabled', fault: refusal(403, 'This feature is not enabled for this tenant.', 'feature_not_enabled'), sentence: 'Actions are not enabled', said: /not enabled for/u },
    { name: 'the token has expired', fault: refusal(401, 'Expired token received for JSON Web Token validation', 'invalid_token'), sentence: 'does not accept the sign-in', said: /does not accept the access token/u },
  ]) {
    it(`says that ${name}; reading again in vain says so too`, async () => {
      const w = workbench();
      await faults([fault]);
      const retry = w.sideBar.locator('.welcome-view-content').getByText('Retry', { exact: true }).or(w.sideBar.locator('.welcome-view-content a', { hasText: 'retry' })).first();
      await retry.click();
      await w.welcome(sentence).waitFor();
      await w.notification(said).waitFor();
      await w.runCommand('Notifications: Clear All Notifications');
      await w.screenshot(`e2e-welcome-${name.replaceAll(' ', '-')}`);
    });
  }

  it('says that there are no actions, and shows rows as soon as there are some', async () => {
    const w = workbench();
    await faults([{ path: '/actions/actions$', times: 1, fault: { status: 200, body: { actions: [], per_page: 100 } } }]);
    await w.sideBar.locator('.welcome-view-content a', { hasText: 'retry' }).first().click();
    await w.welcome('has no actions yet').waitFor();
    await w.screenshot('e2e-welcome-no-actions');
    await w.welcomeButton('Refresh').click();
    await w.treeRow('enrich-profile').waitFor();
    await w.viewTitle('Actions for Auth0').waitFor();
    assert.equal(await w.sideBar.locator('.welcome-view-content p:visible').count(), 0);
  });

  it('keeps the rows it has when a reading fails', async () => {
    const w = workbench();
    await faults([refusal(401, 'Expired token received for JSON Web Token validation', 'invalid_token')]);
    await w.runCommand('Actions for Auth0: Focus on Actions for Auth0 View');
    await w.sideBar.locator('.composite.title .action-label[aria-label^="Refresh"]').click();
    await w.treeRow('Not signed in').waitFor();
    await w.treeRow('enrich-profile').waitFor();
    assert.equal(await w.sideBar.locator('.welcome-view-content p:visible').count(), 0);
    await faults([]);
  });
});
