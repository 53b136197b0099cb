// Connecting a tenant by hand: the two questions, warnings that the token itself gives, an error as a row, and the question before a deploy.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { RunningSimulator } from '../../src/simulator/index.ts';
import { registerSecret } from '../support/secrets.ts';
import { startTestSimulator } from '../support/simulator.ts';
import { useWorkbench } from './support.ts';

describe('connecting a tenant', function () {
  this.timeout(90_000);
  const workbench = useWorkbench();
  let simulator: RunningSimulator | undefined;

  before(async () => {
    simulator = await startTestSimulator({ plan: 'professional', buildScale: 0, scopes: 'read:actions' });
  });
  after(() => simulator?.close());

  function running(): RunningSimulator {
    assert.ok(simulator);
    return simulator;
  }

  async function connect(token: string): Promise<void> {
    const w = workbench();
    await w.runCommand('Auth0 Actions: Connect to Tenant…');
    await w.question('Connect to a tenant (1/2)');
    await w.quickInput(running().url);
    await w.question('(2/2)');
    await w.quickInput(token);
  }

  it('refuses what is no domain before it asks for a token', async () => {
    const w = workbench();
    await w.openView('Actions for Auth0');
    await w.runCommand('Auth0 Actions: Connect to Tenant…');
    await w.question('Connect to a tenant (1/2)');
    await w.quickInput('http://acme-dev.eu.auth0.com');
    await w.page.locator('.quick-input-message', { hasText: 'Use https' }).waitFor();
    await w.dismiss();
  });

  it('tries a token before it keeps it, and shows a wrong one as a row that leads back to connecting', async () => {
    const w = workbench();
    await connect(registerSecret(`not-the-token-${randomUUID()}`, 'a token that is refused'));
    const host = new URL(running().url).host;
    const dialog = w.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    const text = await dialog.innerText();
    assert.ok(text.includes(`${host} could not be connected.`) && text.includes('does not accept the access token'), text);
    // Nothing is kept before somebody says so.
    assert.equal(await w.treeRow(host).count(), 0);
    await w.dialogButton('Connect Anyway');
    await w.treeRow(host).waitFor();
    // The tenant is known, so that only the token is asked for.
    await w.treeRow('Not signed in').click();
    await w.question(`Connect to ${host} again`);
    await w.dismiss();
  });

  it('warns of a scope that the token lacks, and goes on if told to', async () => {
    const w = workbench();
    await connect(running().token);
    const dialog = w.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /It lacks create:actions: nothing can be deployed\./u);
    await w.dialogButton('Connect Anyway');
    await w.treeRow('enrich-profile').waitFor();
    assert.equal(await w.treeRow('Not signed in').count(), 0);
  });

  it('asks before a deploy, naming tenant and changes, and tells which scope is missing', async () => {
    const w = workbench();
    await w.rowButton('send-welcome', 'Deploy Action');
    const dialog = w.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    const host = new URL(running().url).host;
    const text = await dialog.innerText();
    assert.ok(text.includes(`Deploy send-welcome to ${host}?`), text);
    assert.match(text, /Changed since v3, which is live: code, dependencies\./u);
    await w.screenshot('e2e-question');
    await w.dialogButton('Deploy');
    const notification = w.notification(/lacks the scope create:actions/u);
    await notification.waitFor();
    await w.treeRow('send-welcome').filter({ hasText: 'v3 live, changes not deployed' }).waitFor();
  });
});
