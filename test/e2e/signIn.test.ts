// Signing in through the page: a configuration that is imported, and a token that ends in the middle of a deploy.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningSimulator } from '../../src/simulator/index.ts';
import { registerSecret } from '../support/secrets.ts';
import { startTestSimulator } from '../support/simulator.ts';
import { useWorkbench } from './support.ts';

describe('signing in', () => {
  const workbench = useWorkbench();
  let simulator: RunningSimulator | undefined;
  // Neither the workspace nor anything that is searched for secrets: the person's own file.
  const own = mkdtempSync(join(tmpdir(), 'deploy-cli-'));

  before(async () => {
    simulator = await startTestSimulator({ plan: 'enterprise', buildScale: 0 });
  });
  after(async () => {
    await simulator?.close();
    rmSync(own, { recursive: true });
  });

  function running(): RunningSimulator {
    assert.ok(simulator);
    return simulator;
  }
  const host = (): string => new URL(running().url).host;

  async function control(path: string, body: object): Promise<void> {
    const answer = await fetch(`${running().url}/simulator/${path}`, { method: 'POST', body: JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
  }

  async function minted(): Promise<string> {
    const answer = await fetch(`${running().url}/oauth/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'simulator', client_secret: running().token }) });
    return registerSecret(((await answer.json()) as { access_token: string }).access_token, 'a minted token');
  }

  it('outlives a token that ends in the middle of a deploy: one question, and the deploy goes on', async () => {
    const w = workbench();
    await w.openView('Actions for Auth0');
    const token = await minted();
    await w.runCommand('Auth0 Actions: Connect to Tenant…');
    await w.answerConnect(running().url, token);
    await w.treeRow('send-welcome').waitFor();
    await control('hold', { action: 'send-welcome', status: 'building' });
    await w.rowButton('send-welcome', 'Deploy Action');
    await w.page.locator('.statusbar', { hasText: 'send-welcome: building' }).waitFor();
    await control('tokens', { revoke: token });
    const prompt = w.notification(`The sign-in for ${host()} has ended. Deployments that are under way there wait for a new one.`);
    await prompt.waitFor();
    await w.screenshot('e2e-token-ended');
    await prompt.locator('.monaco-button', { hasText: 'Connect Again' }).click();
    await w.question(`Connect to ${host()}: access token`);
    await w.quickInput(await minted());
    await control('hold', { action: 'send-welcome', status: 'built' });
    await w.treeRow('send-welcome').filter({ hasText: 'v4 live' }).waitFor();
  });

  it('imports a configuration of auth0-deploy-cli', async () => {
    const w = workbench();
    const file = join(own, 'config.json');
    writeFileSync(file, JSON.stringify({ AUTH0_DOMAIN: running().url, AUTH0_CLIENT_ID: 'simulator', AUTH0_CLIENT_SECRET: running().token, AUTH0_EXCLUDED: [] }));
    await w.runCommand('Auth0 Actions: Connect to Tenant…');
    await w.question('How do you want to sign in?');
    await w.quickPick('Import from auth0-deploy-cli…');
    await w.question('Import a connection from auth0-deploy-cli');
    await w.chooseFile(file);
    // Tokens are minted from now on, so none ends.
    await w.treeRow(host()).filter({ hasNotText: 'token ends' }).waitFor();
    await w.treeRow('enrich-profile').waitFor();
  });
});
