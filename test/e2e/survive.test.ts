// A window that is reloaded in the middle of a deployment: what became of it is found out, and nothing is sent twice.
import assert from 'node:assert/strict';
import type { RunningSimulator } from '../../src/simulator/index.ts';
import { askTenant } from '../support/askTenant.ts';
import { startTestSimulator } from '../support/simulator.ts';
import { useWorkbench } from './support.ts';

const STATUS = 'auth0Actions.deployment';

interface SimulatedAction {
  readonly id: string;
  readonly name: string;
  readonly live_version_number: number;
  readonly versions: readonly unknown[];
}

describe('a window that is reloaded in the middle of a deployment', () => {
  const workbench = useWorkbench({ keepSecrets: true, settings: { 'auth0Actions.notifications': 'all' } });
  let simulator: RunningSimulator | undefined;

  before(async () => {
    simulator = await startTestSimulator({ plan: 'enterprise', buildScale: 0.02 });
    const w = workbench();
    await w.connectFirst(simulator);
    await w.treeRow('enrich-profile').waitFor();
    // A page that is left before the browser has written it down loses the tenant.
    await w.remembered(/accessToken/u);
  });
  after(() => simulator?.close());

  async function control(path: string, body: unknown): Promise<void> {
    assert.ok(simulator);
    await askTenant(simulator, 'POST', `/simulator/${path}`, body);
  }

  async function action(name: string): Promise<SimulatedAction> {
    assert.ok(simulator);
    const { actions } = await askTenant<{ actions: readonly SimulatedAction[] }>(simulator, 'GET', '/simulator/state');
    const found = actions.find(one => one.name === name);
    assert.ok(found, name);
    return found;
  }

  it('says that nothing was sent where its draft was still being built, and deploys again', async () => {
    const w = workbench();
    const { id, versions } = await action('send-welcome');
    await control('hold', { action: id, status: 'building' });
    await w.rowButton('send-welcome', 'Deploy Action');
    await w.statusBarItem(STATUS).filter({ hasText: 'send-welcome: building' }).waitFor();
    await w.stored('"actionName":"send-welcome"');
    await w.page.reload();
    const notification = w.notification(/send-welcome was not deployed to .*: the window was closed before the deploy call was sent/u);
    await notification.waitFor();
    await w.screenshot('e2e-interrupted');
    assert.equal((await action('send-welcome')).versions.length, versions.length);
    await control('hold', { action: id, status: null });
    await notification.getByRole('button', { name: 'Deploy Again' }).click();
    await w.notification('send-welcome v4 is live').waitFor();
    assert.equal((await action('send-welcome')).versions.length, versions.length + 1);
  });

  it('is undone to what was live before, and says so where somebody else has deployed since', async () => {
    const w = workbench();
    await w.contextMenu('send-welcome', 'Undo Last Deployment…');
    const dialog = w.page.locator('.monaco-dialog-box', { hasText: 'Undo v4 of send-welcome' });
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /roll back to v3\?[^]*v4 is live\.[^]*The draft holds what v4 holds/u);
    assert.doesNotMatch(await dialog.innerText(), /somebody else/u);
    await w.dialogButton('Roll Back, Keep the Draft');
    const notification = w.notification('send-welcome v5 is live');
    await notification.waitFor();
    assert.equal((await action('send-welcome')).live_version_number, 5);
    assert.ok(simulator);
    await askTenant(simulator, 'POST', `/api/v2/actions/actions/${(await action('send-welcome')).id}/deploy`);
    await w.until(async () => (await action('send-welcome')).live_version_number === 6, 'their version is not live');
    await notification.getByRole('button', { name: 'Undo…' }).click();
    const again = w.page.locator('.monaco-dialog-box', { hasText: 'Undo v5 of send-welcome' });
    await again.waitFor();
    assert.match(await again.innerText(), /v5 is not live any more, but v6: somebody else has deployed since/u);
    await w.screenshot('e2e-undo');
    await w.dialogButton('Cancel');
    assert.equal((await action('send-welcome')).versions.length, 6);
  });

  it('finds the version that its call made, although the answer found nobody', async () => {
    const w = workbench();
    const { versions } = await action('new-idea');
    await control('faults', [{ method: 'POST', path: '/deploy$', times: 1, fault: { delay: 60_000 } }]);
    await w.rowButton('new-idea', 'Deploy Action');
    await w.statusBarItem(STATUS).filter({ hasText: 'new-idea: deploying' }).waitFor();
    // The status bar says so a moment before the call leaves: only what arrived is to be found.
    await w.until(async () => (await action('new-idea')).versions.length > versions.length, 'the call never arrived');
    await w.page.reload();
    await w.notification('new-idea v1 is live').waitFor();
    await w.treeRow('new-idea').filter({ hasText: 'v1 live' }).waitFor();
    await w.statusBarItem(STATUS).click();
    await w.choice('new-idea: v1 live').waitFor();
    await w.screenshot('e2e-survived');
    await w.dismiss();
    assert.deepEqual([(await action('new-idea')).versions.length, (await action('new-idea')).live_version_number], [versions.length + 1, 1]);
  });

  it('finds it after a crash of the extension host too', async () => {
    const w = workbench();
    const { versions } = await action('block-country');
    await control('faults', [{ method: 'POST', path: '/deploy$', times: 1, fault: { delay: 60_000 } }]);
    await w.rowButton('block-country', 'Deploy Action');
    await w.until(async () => (await action('block-country')).versions.length > versions.length, 'the call never arrived');
    const { owner } = JSON.parse(await w.stored('"actionName":"block-country"')) as { owner: { pid: number } };
    process.kill(owner.pid, 'SIGKILL');
    const notification = w.notification(/block-country v\d+ is live/u);
    await notification.waitFor();
    const made = await action('block-country');
    assert.equal(made.versions.length, versions.length + 1);
    assert.ok((await notification.innerText()).includes(`block-country v${String(made.live_version_number)} is live`));
  });
});
