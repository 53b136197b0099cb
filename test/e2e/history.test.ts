// What a person finds afterwards: the deployments of this machine, over a reload, and the commit of a file that is live.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningSimulator } from '../../src/simulator/index.ts';
import { askTenant } from '../support/askTenant.ts';
import { startTestSimulator } from '../support/simulator.ts';
import { useWorkbench } from './support.ts';
import type { Workbench } from './support.ts';

const FILE = 'actions/enrich-profile/code.js';
const CODE = 'exports.onExecutePostLogin = async () => {\n  // from git\n};\n';

describe('the history of deployments', () => {
  const workbench = useWorkbench({ keepSecrets: true, settings: { 'auth0Actions.notifications': 'all', 'git.enabled': true }, files: { [FILE]: '// the first\n' } });
  let simulator: RunningSimulator | undefined;

  function git(w: Workbench, ...args: readonly string[]): string {
    return execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], { cwd: w.folder, encoding: 'utf8' }).trim();
  }

  function commit(w: Workbench, text: string, message: string): string {
    writeFileSync(join(w.folder, FILE), text);
    git(w, 'add', '.');
    git(w, 'commit', '-m', message);
    return git(w, 'rev-parse', 'HEAD');
  }

  before(async () => {
    simulator = await startTestSimulator({ plan: 'enterprise', buildScale: 0.02 });
    const w = workbench();
    git(w, 'init', '-q');
    commit(w, '// the first\n', 'Begin');
    // Windows' line endings, which the tenant does not have.
    commit(w, CODE.replaceAll('\n', '\r\n'), 'Enrich from git');
    await w.page.reload();
    await w.connectFirst(simulator);
    await w.treeRow('enrich-profile').waitFor();
    await w.remembered(/accessToken/u);
  });
  after(() => simulator?.close());

  async function save(name: string, code: string): Promise<void> {
    assert.ok(simulator);
    const { actions } = await askTenant<{ actions: readonly { id: string; name: string }[] }>(simulator, 'GET', '/simulator/state');
    await askTenant(simulator, 'PATCH', `/api/v2/actions/actions/${actions.find(one => one.name === name)?.id ?? ''}`, { code });
  }

  it('has phases, content and commit of a deployment, after a reload too', async () => {
    const w = workbench();
    // Git is in use once its view has found the repository.
    await w.page.locator('.statusbar [id^="status.scm"]').first().waitFor();
    await save('enrich-profile', CODE);
    await w.rowButton('enrich-profile', 'Deploy Action');
    await w.notification('enrich-profile v8 is live').waitFor();
    await w.stored('"commit":{"id":');
    await w.page.reload();
    await w.treeRow('enrich-profile').waitFor();
    await w.runCommand('Auth0 Actions: Show Deployment History');
    const entry = w.choice('enrich-profile: v8 live');
    await entry.waitFor();
    assert.match(await entry.innerText(), new RegExp(`before: v7 · reading [\\d.]+ s, .*confirming [\\d.]+ s · content [0-9a-f]{10} · commit ${git(w, 'rev-parse', 'HEAD').slice(0, 10)} of ${FILE}`, 'u'));
    await w.screenshot('e2e-history');
    await entry.click();
    await w.editorTab('enrich-profile.js').waitFor();
  });

  it('finds the commit that is live, and says what of the file is newer', async () => {
    const w = workbench();
    const live = git(w, 'rev-parse', 'HEAD');
    commit(w, `${CODE}// not live\n`, 'Change it');
    await w.runCommand('View: Close All Editors');
    await w.page.keyboard.press('Control+p');
    await w.page.locator('.quick-input-widget input').fill('code.js');
    await w.choice('code.js').click();
    await w.page.locator('.monaco-editor .view-line', { hasText: 'from git' }).first().waitFor();
    await w.runCommand('Auth0 Actions: Find Live Commit…');
    const notification = w.notification(`commit ${live.slice(0, 10)}`);
    await notification.waitFor();
    const text = await notification.innerText();
    assert.match(text, /The code of enrich-profile v8, live in .*, is actions\/enrich-profile\/code\.js of commit/u);
    assert.match(text, /Enrich from git/u);
    assert.match(text, /the same but for line endings\. Newer commits of the file that are not live: 1\./u);
    await w.screenshot('e2e-live-commit');
  });
});
