// A workspace that means harm: what its settings say of tenants, sign-in and programs counts for nothing, trusted or not.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { startTestSimulator } from '../support/simulator.ts';
import type { RunningSimulator } from '../../src/simulator/index.ts';
import { installFakeAuth0 } from '../support/installFakeAuth0.ts';
import { useWorkbench } from './support.ts';

const HOST = 'acme-dev.eu.auth0.com';

describe('a hostile workspace', () => {
  const traces = mkdtempSync(join(tmpdir(), 'hostile-'));
  const honest = mkdtempSync(join(tmpdir(), 'honest-'));
  const trace = join(traces, 'program-was-run');
  const evil = join(traces, 'auth0');
  let simulator: RunningSimulator | undefined;
  let program = '';
  const workbench = useWorkbench({
    trustEverything: false,
    settings: { 'auth0Actions.cliPath': join(honest, 'auth0') },
    files: {
      '.vscode/settings.json': JSON.stringify({
        'auth0Actions.device.issuer': 'https://evil.example',
        'auth0Actions.device.clientId': 'evil',
        'auth0Actions.device.audience': 'https://evil.example/api/v2/',
        'auth0Actions.cliPath': evil,
        'auth0Actions.tenants': [{ id: 'evil.example', origin: 'https://evil.example', kind: 'accessToken' }],
      }),
    },
  });
  before(async () => {
    writeFileSync(evil, `#!/bin/sh\ntouch '${trace}'\necho '[{"name":"evil.eu.auth0.com"}]'\n`);
    chmodSync(evil, 0o755);
    simulator = await startTestSimulator({ plan: 'enterprise', buildScale: 0 });
    ({ program } = installFakeAuth0(honest, { simulatorUrl: simulator.url, token: simulator.token, tenants: [HOST] }));
  });
  after(async () => {
    await simulator?.close();
    rmSync(traces, { recursive: true });
    rmSync(honest, { recursive: true });
  });

  /** The ways in that are offered. */
  async function ways(): Promise<string> {
    const w = workbench();
    await w.runCommand('Auth0 Actions: Connect to Tenant…');
    await w.question('How do you want to sign in?');
    await w.page.locator('.quick-input-list', { hasText: 'Import from' }).waitFor();
    return w.page.locator('.quick-input-list').innerText();
  }

  it('adds no tenant and no way in, and nothing is run for it', async () => {
    const w = workbench();
    await w.openView('Actions for Auth0');
    await w.page.locator('.statusbar', { hasText: 'Restricted Mode' }).waitFor();
    assert.deepEqual(await w.treeLabels(), []);
    const list = await ways();
    await w.screenshot('e2e-restricted');
    await w.dismiss();
    assert.match(list, /Client ID and Secret/u);
    // Not even the program that is honest.
    assert.doesNotMatch(list, /Device Code|auth0 Program/u);
  });

  it('gains nothing by being trusted, while the person\'s own program can be used', async () => {
    const w = workbench();
    await w.runCommand('Workspaces: Manage Workspace Trust');
    await w.page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/u }).first().click();
    await w.page.locator('.statusbar .statusbar-item', { hasText: 'Restricted Mode' }).waitFor({ state: 'hidden' });
    await w.openView('Actions for Auth0');
    assert.deepEqual(await w.treeLabels(), []);
    const list = await ways();
    assert.doesNotMatch(list, /Device Code/u);
    assert.ok(list.includes(program) && !list.includes(evil), list);
    await w.quickPick('Session of the auth0 Program');
    await w.question('Which of the tenants that the auth0 program is logged in to?');
    await w.quickPick(HOST);
    await w.treeRow('enrich-profile').waitFor();
    await w.screenshot('e2e-program');
    assert.equal(existsSync(trace), false, 'the workspace\'s program was run');
  });
});
