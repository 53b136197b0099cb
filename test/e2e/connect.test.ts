// Connecting a tenant by hand: the ways in, a trial before anything is kept, an error as a row, and the question before a deploy.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { RunningSimulator } from '../../src/simulator/index.ts';
import { registerSecret } from '../support/secrets.ts';
import { startTestSimulator } from '../support/simulator.ts';
import { again, useWorkbench } from './support.ts';

describe('connecting a tenant', () => {
  const workbench = useWorkbench({ settings: { 'auth0Actions.confirmDeploy': 'always' } });
  let simulator: RunningSimulator | undefined;

  before(async () => {
    simulator = await startTestSimulator({ plan: 'enterprise', buildScale: 0, scopes: 'read:actions' });
  });
  after(() => simulator?.close());

  function running(): RunningSimulator {
    assert.ok(simulator);
    return simulator;
  }

  const host = (): string => new URL(running().url).host;

  /** Picks a way in, and answers its questions: what the title asks for, and the answer. */
  async function connect(way: string, ...answers: readonly (readonly [string, string])[]): Promise<void> {
    const w = workbench();
    await w.runCommand('Auth0 Actions: Connect to Tenant…');
    await w.question('How do you want to sign in?');
    await w.quickPick(way);
    await w.question('Connect to a tenant: domain');
    await w.quickInput(running().url);
    await answer(...answers);
  }

  async function answer(...answers: readonly (readonly [string, string])[]): Promise<void> {
    for (const [asked, text] of answers) {
      await workbench().question(`Connect to ${host()}: ${asked}`);
      await workbench().quickInput(text);
    }
  }

  async function dialogText(): Promise<string> {
    const dialog = workbench().page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    return dialog.innerText();
  }

  it('refuses what is no domain before it asks for more', async () => {
    const w = workbench();
    await w.openView('Actions for Auth0');
    await w.runCommand('Auth0 Actions: Connect to Tenant…');
    await w.question('How do you want to sign in?');
    await w.screenshot('e2e-ways-in');
    await w.quickPick('Access Token');
    await w.question('Connect to a tenant: domain');
    await w.quickInput('http://acme-dev.eu.auth0.com');
    await w.page.locator('.quick-input-message', { hasText: 'Use https' }).waitFor();
    await w.dismiss();
  });

  it('tries a token before it keeps it, and keeps a wrong one only if told to, with sentences that lead back to connecting', async () => {
    const w = workbench();
    await connect('Access Token', ['access token', registerSecret(`not-the-token-${randomUUID()}`, 'a token that is refused')]);
    const text = await dialogText();
    assert.ok(text.includes(`${host()} could not be connected.`) && text.includes('does not accept the access token'), text);
    // Nothing is kept before somebody says so.
    assert.equal(await w.treeRow(host()).count(), 0);
    await w.dialogButton('Connect Anyway');
    // The only tenant, with nothing to show: sentences and buttons instead of rows, under the tenant's name.
    await w.welcome('The tenant does not accept the sign-in').waitFor();
    await w.viewTitle(host()).waitFor();
    assert.deepEqual(await w.treeLabels(), []);
    // The tenant is known, so that only the token is asked for.
    await w.welcomeButton('Connect Again…').click();
    await w.question(`Connect to ${host()}: access token`);
    await w.dismiss();
  });

  it('names the scopes that a token lacks, and what will not work without each', async () => {
    const w = workbench();
    await connect('Access Token', ['access token', running().token]);
    const text = await dialogText();
    assert.match(text, /Without create:actions, nothing can be deployed, rolled back or created\.\s+Without update:actions, flows, secrets, dependencies and runtimes cannot be changed\./u);
    await w.dialogButton('Connect');
    await w.treeRow('enrich-profile').waitFor();
    assert.equal(await w.welcome('does not accept').count(), 0);
    await w.viewTitle('Actions for Auth0').waitFor();
    assert.match(await w.treeRow(host()).innerText(), /token ends /u);
  });

  it('tells a wrong client secret from a wrong token, and asks for another', async () => {
    const w = workbench();
    await connect('Client ID and Secret', ['client ID', 'simulator'], ['client secret', registerSecret(`not-the-secret-${randomUUID()}`, 'a client secret that is refused')], ['audience', `${running().url}/api/v2/`]);
    assert.match(await dialogText(), /does not know this client ID with this secret/u);
    await w.screenshot('e2e-wrong-secret');
    await w.dialogButton('Try Again…');
    await answer(['client ID', 'simulator'], ['client secret', running().token], ['audience', `${running().url}/api/v2/`]);
    assert.match(await dialogText(), /scopes are missing/u);
    await w.dialogButton('Connect');
    // Tokens are minted from now on, so none ends.
    await w.treeRow(host()).filter({ hasNotText: 'token ends' }).waitFor();
    await w.treeRow('enrich-profile').waitFor();
  });

  it('shows connected tenants among the accounts', async () => {
    const w = workbench();
    await again(async timeout => {
      await w.page.locator('.activitybar [aria-label="Accounts"], .activitybar .codicon-accounts-view-bar-icon').first().click(timeout);
      await w.page.locator('.monaco-menu [role="menuitem"]', { hasText: host() }).first().waitFor(timeout);
    }, () => w.page.keyboard.press('Escape'));
    await w.screenshot('e2e-accounts');
    await w.page.keyboard.press('Escape');
  });

  it('asks before a deploy, naming tenant and changes, and tells which scope is missing', async () => {
    const w = workbench();
    await w.rowButton('send-welcome', 'Deploy Action');
    const dialog = w.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    const text = await dialog.innerText();
    assert.ok(text.includes(`Deploy send-welcome to ${host()}?`), text);
    assert.match(text, /Changed since v3, which is live:\s+• lines of code: 2 added, 1 removed\s+• dependency axios 1\.7\.4 → 1\.7\.9/u);
    assert.match(text, /This makes v4 or higher, live at once\.\s+Post User Registration flow: place 1 of 1/u);
    await w.screenshot('e2e-question');
    await w.dialogButton('Deploy');
    const notification = w.notification(/lacks the scope create:actions/u);
    await notification.waitFor();
    await w.treeRow('send-welcome').filter({ hasText: 'v3 live, changes not deployed' }).waitFor();
  });
});
