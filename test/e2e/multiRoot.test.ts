// A workspace of two folders, each with the same action: each folder has a tenant of its own, and its files go there alone.
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import type { RunningSimulator } from '../../src/simulator/index.ts';
import { askTenant } from '../support/askTenant.ts';
import { startTestSimulator } from '../support/simulator.ts';
import { again, useWorkbench } from './support.ts';

const CODE = 'exports.onExecutePostLogin = async () => {};\n';
const DESCRIPTION = JSON.stringify({ name: 'shared', code: './actions/shared/code.js', runtime: 'node22', dependencies: [], secrets: [], supported_triggers: [{ id: 'post-login', version: 'v3' }] });

describe('a workspace of two folders', () => {
  const workbench = useWorkbench({
    settings: { 'auth0Actions.confirmDeploy': 'always' },
    workspace: 'two.code-workspace',
    files: {
      'two.code-workspace': JSON.stringify({ folders: [{ path: 'one' }, { path: 'other' }] }),
      ...Object.fromEntries(['one', 'other'].flatMap(folder => [[`${folder}/actions/shared.json`, DESCRIPTION], [`${folder}/actions/shared/code.js`, `// ${folder}\n${CODE}`]])),
    },
  });
  const tenants: Record<string, RunningSimulator> = {};

  before(async () => {
    for (const folder of ['one', 'other']) {
      tenants[folder] = await startTestSimulator({ seed: 'empty', plan: 'enterprise', buildScale: 0.02 });
    }
  });
  after(async () => {
    await Promise.all(Object.values(tenants).map(tenant => tenant.close()));
  });

  const hostOf = (folder: string): string => new URL(tenants[folder]?.url ?? '').host;

  async function codes(folder: string): Promise<readonly string[]> {
    const tenant = tenants[folder];
    assert.ok(tenant);
    const { actions } = await askTenant<{ actions: readonly { readonly code: string }[] }>(tenant, 'GET', '/api/v2/actions/actions');
    return actions.map(({ code }) => code);
  }

  it('connects both tenants', async () => {
    const w = workbench();
    assert.ok(tenants['one'] !== undefined && tenants['other'] !== undefined);
    const other = w.page.locator('.explorer-folders-view [role="treeitem"]', { hasText: 'other' }).first();
    // A page that begins before its server can hand over the workspace's file has no workspace: then it is loaded anew.
    for (let attempt = 1; attempt < 4 && !(await other.waitFor({ timeout: 10_000 }).then(() => true, () => false)); attempt += 1) {
      await w.page.reload();
    }
    await other.waitFor();
    await w.connectFirst(tenants['one']);
    await w.runCommand('Auth0 Actions: Connect to Tenant…');
    await w.answerConnect(tenants['other'].url, tenants['other'].token);
    await w.treeRow(hostOf('other')).waitFor();
  });

  for (const folder of ['one', 'other']) {
    it(`asks for the tenant of the folder ${folder}, creates the action there, and deploys it`, async () => {
      const w = workbench();
      // By its whole path: both folders have the same one.
      await again(async timeout => {
        await w.openFile(`${dirname(w.folder)}/${folder}/actions/shared/code.js`);
        await w.page.locator('.monaco-editor .view-line', { hasText: `// ${folder}` }).first().waitFor(timeout);
      }, () => w.runCommand('View: Close All Editors'));
      await w.runCommand('Auth0 Actions: Deploy Action');
      await w.question(`To which tenant do the files in ${folder} belong?`);
      await w.quickPick(hostOf(folder));
      const question = w.page.locator('.monaco-dialog-box', { hasText: `${hostOf(folder)} has no action shared. Create it from` });
      await question.waitFor();
      await w.screenshot(`e2e-multi-root-${folder}`);
      await w.dialogButton('Create');
      await w.page.locator('.monaco-dialog-box', { hasText: `Deploy shared to ${hostOf(folder)}?` }).waitFor();
      await w.dialogButton('Deploy');
      await w.statusBarItem('auth0Actions.deployment').filter({ hasText: 'shared v1 live' }).waitFor();
      await w.statusBarItem('auth0Actions.file').filter({ hasText: `shared · ${hostOf(folder)}` }).waitFor();
      assert.deepEqual(await codes(folder), [`// ${folder}\n${CODE}`]);
      await w.runCommand('View: Close All Editors');
    });
  }

  it('has sent nothing of one folder to the tenant of the other', async () => {
    assert.deepEqual([await codes('one'), await codes('other')], [[`// one\n${CODE}`], [`// other\n${CODE}`]]);
  });
});
