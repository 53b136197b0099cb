/** What must hold between a real client and a simulated tenant: writes that are stopped, and writes whose answer is lost. */
import assert from 'node:assert/strict';
import { Deployments } from '../../../src/actions/deployments.ts';
import { changeFlow } from '../../../src/actions/flows.ts';
import type { ManagementApi } from '../../../src/auth0/api.ts';
import { connectTenant } from '../../../src/node/network.ts';
import { systemClock } from '../../../src/node/systemClock.ts';
import { startSimulator } from '../../../src/simulator/index.ts';
import type { RunningSimulator } from '../../../src/simulator/index.ts';
import { tenantOf } from '../support/things.ts';

describe('over HTTP', () => {
  let simulator: RunningSimulator | undefined;
  afterEach(() => simulator?.close());

  async function connected(plan: 'free' | 'enterprise'): Promise<{ api: ManagementApi; url: string }> {
    simulator = await startSimulator({ plan, buildScale: 0 });
    const { url, token } = simulator;
    return { url, api: connectTenant({ origin: url, token: () => Promise.resolve(token), clock: systemClock, userAgent: 'test' }) };
  }

  async function idOf(api: ManagementApi, name: string): Promise<string> {
    const { items } = await api.listActions(0);
    const found = items.find(one => one.name === name);
    assert.ok(found, name);
    return found.id;
  }

  async function state(url: string): Promise<{ readonly actions: readonly { readonly id: string; readonly versions: readonly unknown[] }[] }> {
    return (await (await fetch(`${url}/simulator/state`)).json()) as Awaited<ReturnType<typeof state>>;
  }

  it('a deploy call that waits for the rate limit is stopped, and nothing is sent', async () => {
    const { api, url } = await connected('free');
    const actionId = await idOf(api, 'send-welcome');
    const count = async (): Promise<number> => (await state(url)).actions.find(one => one.id === actionId)?.versions.length ?? 0;
    const before = await count();
    const deployments = new Deployments({ clock: systemClock });
    deployments.changed.on(one => {
      if (one.outcome === undefined && one.phases.at(-1)?.phase === 'deploying') {
        // By then the call is in the queue, behind the others.
        setTimeout(() => deployments.stop(one.id), 50);
      }
    });
    const busy: Promise<unknown>[] = [];
    // Whatever else wants the tenant takes its room while the question is open.
    const { outcome } = await deployments.deploy({ tenant: tenantOf(api), actionId, actionName: 'send-welcome', confirm: () => {
      busy.push(...Array.from({ length: 3 }, () => api.listTriggers()));
      return Promise.resolve(true);
    } });
    await Promise.all(busy);
    assert.deepEqual(outcome, { kind: 'stopped', sent: false });
    assert.equal(await count(), before);
  });

  it('a change of a flow whose answer is lost is found, and one that was never made is told apart', async () => {
    const { api, url } = await connected('enterprise');
    const actionId = await idOf(api, 'notify-password-change');
    const fault = (kind: string): Promise<Response> => fetch(`${url}/simulator/faults`, { method: 'POST', body: JSON.stringify([{ method: 'PATCH', path: '/bindings$', times: 1, fault: kind }]) });
    const places = async (): Promise<readonly (string | undefined)[]> => (await api.listBindings('post-change-password')).map(binding => binding.actionId);
    let now = 0;
    // Ten seconds pass at once: only the reads are real.
    const clock = { now: () => now, sleep: (ms: number): Promise<void> => ((now += ms), Promise.resolve()) };
    const add = (): ReturnType<typeof changeFlow> => changeFlow({ api, clock, triggerId: 'post-change-password', edit: { kind: 'add', actionId, name: 'notify', after: undefined }, confirm: () => Promise.resolve(true) });
    await fault('reset-before');
    assert.equal((await add()).kind, 'notChanged');
    assert.deepEqual(await places(), []);
    await fault('reset-after');
    assert.equal((await add()).kind, 'done');
    assert.deepEqual(await places(), [actionId]);
  });
});
