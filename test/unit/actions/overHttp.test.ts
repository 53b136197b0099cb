/** What must hold between a real client and a simulated tenant: writes that are stopped, and writes whose answer is lost. */
import assert from 'node:assert/strict';
import { Deployments } from '../../../src/actions/deployments.ts';
import { editAction } from '../../../src/actions/edits.ts';
import type { Edit } from '../../../src/actions/edits.ts';
import { changeFlow } from '../../../src/actions/flows.ts';
import { deleteAction } from '../../../src/actions/lifecycle.ts';
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

  it('a secret whose answer is lost, cut or refused keeps the others, and is told as what it is', async () => {
    const { api, url } = await connected('enterprise');
    const { id: actionId } = await api.createAction({ name: 'with secrets', triggers: [{ id: 'post-login', version: 'v3' }], code: '', secrets: [{ name: 'A', value: 'one' }, { name: 'B', value: 'two' }], dependencies: [{ name: 'lodash', version: '4.17.21' }] });
    const fault = (kind: unknown): Promise<Response> => fetch(`${url}/simulator/faults`, { method: 'POST', body: JSON.stringify([{ method: 'PATCH', path: '/actions/actions/', times: 1, fault: kind }]) });
    let now = 0;
    const clock = { now: () => now, sleep: (ms: number): Promise<void> => ((now += ms), Promise.resolve()) };
    const edit = async (what: Edit): Promise<string> => (await editAction({ api, actionId, edit: what, clock })).kind;
    const set = (name: string): Edit => ({ kind: 'setSecrets', values: new Map([[name, `value of ${name}`]]) });
    const ages = async (): Promise<Readonly<Record<string, string | undefined>>> => Object.fromEntries((await api.getAction(actionId)).secrets.map(one => [one.name, one.updatedAt]));
    const before = await ages();
    assert.equal(await edit(set('C')), 'done');
    for (const [kind, expected] of [['reset-before', 'notDone'], [{ status: 429 }, 'notDone'], [{ status: 403 }, 'notDone'], [{ status: 503 }, 'notDone'], ['reset-after', 'done'], ['truncate', 'done'], ['malformed', 'done']] as const) {
      await fault(kind);
      const [a, c] = [(await ages())['A'], (await ages())['C']];
      assert.equal(await edit(set('C')), expected, JSON.stringify(kind));
      assert.equal((await ages())['A'], a);
      assert.equal((await ages())['C'] !== c, expected === 'done');
    }
    assert.equal(await edit({ kind: 'removeSecret', name: 'B' }), 'done');
    assert.deepEqual(Object.keys(await ages()), ['A', 'C']);
    assert.equal((await ages())['A'], before['A']);
    assert.equal(await edit({ kind: 'setDependencyVersion', name: 'lodash', version: '4.17.20' }), 'done');
    assert.equal(await edit({ kind: 'addDependency', name: 'axios', version: '1.0.0' }), 'done');
    assert.equal(await edit({ kind: 'setRuntime', runtime: 'node18-actions' }), 'done');
    assert.equal(await edit({ kind: 'setRuntime', runtime: 'cobol' }), 'notDone');
    assert.equal(await edit({ kind: 'rename', name: 'renamed' }), 'done');
    const after = await api.getAction(actionId);
    assert.deepEqual([after.name, after.runtime, after.dependencies.map(one => `${one.name}@${one.version}`).sort(), after.secrets.map(one => one.name)], ['renamed', 'node18-actions', ['axios@1.0.0', 'lodash@4.17.20'], ['A', 'C']]);
  });

  it('an action is deleted from a flow by force alone, also where the answer is lost', async () => {
    const { api, url } = await connected('enterprise');
    const clock = { now: Date.now, sleep: (): Promise<void> => Promise.resolve() };
    const flow = await api.listBindings('post-login');
    const actionId = flow[0]?.actionId ?? '';
    assert.equal((await deleteAction(api, clock, actionId, false)).kind, 'bound');
    assert.equal((await api.getAction(actionId)).id, actionId);
    await fetch(`${url}/simulator/faults`, { method: 'POST', body: JSON.stringify([{ method: 'DELETE', times: 1, fault: 'reset-after' }]) });
    assert.equal((await deleteAction(api, clock, actionId, true)).kind, 'done');
    assert.equal((await api.listBindings('post-login')).length, flow.length - flow.filter(one => one.actionId === actionId).length);
    assert.equal((await deleteAction(api, clock, actionId, true)).kind, 'done', 'somebody else was first');
  });
});
