/** Running and finished deployments: joining, stopping, forgetting, and what listeners hear. */
import assert from 'node:assert/strict';
import { ActionBusy, Deployments } from '../../../src/actions/deployments.ts';
import type { Deployment } from '../../../src/actions/deployment.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { ModelService } from '../support/modelService.ts';
import { apiError, tenantOf } from '../support/things.ts';

function parts(buildMs = 1000): { deployments: Deployments; service: ModelService; heard: Deployment[]; deploy: (actionId?: string) => Promise<Deployment> } {
  const clock = new FakeClock();
  const service = new ModelService({ clock, buildMs });
  const tenant = tenantOf(service);
  const heard: Deployment[] = [];
  const deployments = new Deployments({ clock, random: () => 0.5 });
  deployments.changed.on(one => heard.push(one));
  return { deployments, service, heard, deploy: (actionId = 'a1') => deployments.deploy({ tenant, actionId, actionName: 'Action a1' }) };
}

describe('deployments', () => {
  it('tell each change once, and keep the ended one', async () => {
    const { deployments, deploy, heard } = parts();
    const ended = await deploy();
    assert.deepEqual(ended.outcome, { kind: 'live', version: 1 });
    assert.equal(heard.filter(one => one.outcome !== undefined).length, 1);
    assert.equal(heard.at(-1), ended);
    assert.ok(ended.phases.every(time => time.endedAt !== undefined));
    assert.deepEqual([deployments.list(), deployments.running()], [[ended], []]);
  });

  it('join one of the same action that is running, and run others beside it', async () => {
    const { service, deploy } = parts();
    const [first, second, other] = await Promise.all([deploy(), deploy(), deploy('a2')]);
    assert.equal(first, second);
    assert.notEqual(first, other);
    assert.equal(service.count('deployAction'), 2);
  });

  it('are joined for the same content alone: not for a text that is only here, nor for what was saved since', async () => {
    const { deployments, service, deploy } = parts();
    const about = { tenant: tenantOf(service), actionId: 'a1', actionName: 'Action a1' };
    const mine = (code: string): Promise<Deployment> => deployments.deploy({ ...about, meant: action => Promise.resolve({ ...action, code }) });
    const differs = (error: unknown): boolean => error instanceof ActionBusy && error.differs;
    const first = deploy();
    await assert.rejects(mine('// only here'), differs);
    assert.equal(await mine((await service.getAction('a1')).code), await first);
    assert.equal(service.count('deployAction'), 1);

    service.save('// second');
    let late: Promise<unknown> | undefined;
    let same: Promise<Deployment> | undefined;
    service.onCall = name => {
      if (name === 'deployAction') {
        same = deploy();
      } else if (name === 'getAction' && deployments.running()[0]?.phases.at(-1)?.phase === 'confirming' && late === undefined) {
        service.save('// saved since');
        late = assert.rejects(deploy(), differs);
      }
    };
    const second = await deploy();
    assert.deepEqual(second.outcome, { kind: 'live', version: 2 });
    assert.equal(service.live()?.code, '// second');
    assert.equal(await same, second);
    assert.ok(late);
    await late;
  });

  it('are not joined where it cannot be read what they would be joined for', async () => {
    const { deployments, service, deploy } = parts();
    const first = deploy();
    const joins = deployments.deploy({ tenant: tenantOf(service), actionId: 'a1', actionName: 'Action a1', meant: () => Promise.reject(new Error('no answer')) });
    await assert.rejects(joins, error => error instanceof ActionBusy && !error.differs);
    assert.equal((await first).outcome?.kind, 'live');
  });

  it('hand their end to who joined them, also where they end before there is a draft', async () => {
    const { deployments, service, deploy } = parts();
    const ended = deployments.deploy({ tenant: tenantOf(service), actionId: 'a1', actionName: 'Action a1', confirm: () => Promise.resolve(false) });
    assert.equal(await deploy(), await ended);
    assert.equal((await ended).outcome?.kind, 'stopped');
  });

  it('refuse to deploy and roll back the same action at once, and join the same roll back', async () => {
    const clock = new FakeClock();
    const service = new ModelService({ clock, live: 3 });
    const deployments = new Deployments({ clock, random: () => 0.5 });
    const about = { tenant: tenantOf(service), actionId: 'a1', actionName: 'Action a1' };
    const rollBack = (number: number): Promise<Deployment> => deployments.rollBack({ ...about, number, confirm: () => Promise.resolve({ updateDraft: false }) });
    const first = rollBack(3);
    const joined = rollBack(3);
    await assert.rejects(rollBack(2), ActionBusy);
    await assert.rejects(deployments.deploy(about), ActionBusy);
    assert.equal(await first, await joined);
    assert.deepEqual([(await first).outcome, (await first).rollBackTo], [{ kind: 'live', version: 4 }, 3]);
    assert.equal(service.count('deployVersion'), 1);
  });

  it('can be undone by what was live before, the last one of an action alone', async () => {
    const clock = new FakeClock();
    const service = new ModelService({ clock, live: 3 });
    const deployments = new Deployments({ clock, random: () => 0.5 });
    const about = { tenant: tenantOf(service), actionId: 'a1', actionName: 'Action a1' };
    const first = await deployments.deploy(about);
    assert.deepEqual([first.replaced, deployments.canUndo(first)], [3, true]);
    service.save('// next');
    const second = await deployments.deploy(about);
    assert.deepEqual([second.replaced, deployments.canUndo(first), deployments.canUndo(second), deployments.lastLive(about.tenant.id, 'a1')], [4, false, true, second]);
    const undo = await deployments.rollBack({ ...about, number: second.replaced ?? 0, confirm: () => Promise.resolve({ updateDraft: false }) });
    assert.deepEqual([undo.outcome, service.live()?.code], [{ kind: 'live', version: 6 }, first.outcome?.version === 4 ? 'exports.onExecutePostLogin = async () => {};' : '']);
    service.save('// again');
    const theirs = await deployments.deploy({ ...about, confirm: async () => {
      await clock.sleep(5000);
      service.deployBy();
      return true;
    } });
    assert.deepEqual([theirs.outcome, deployments.canUndo(theirs), deployments.lastLive(about.tenant.id, 'a1')], [{ kind: 'live', version: 7, byOther: true }, false, undo]);
    const never = await parts().deploy();
    assert.deepEqual([never.outcome?.kind, never.replaced], ['live', undefined]);
  });

  it('keep the name that they began with where the action shows another, and no id in its place', async () => {
    const { deployments, service } = parts();
    const called = async (actionName: string): Promise<unknown> => {
      const ended = await deployments.deploy({ tenant: tenantOf(service), actionId: 'a1', actionName });
      return [ended.actionName, ended.calledBefore];
    };
    assert.deepEqual([await called('Old name'), await called('Action a1'), await called('a1')], [['Action a1', 'Old name'], ['Action a1', undefined], ['Action a1', undefined]]);
  });

  it('are stopped by id', async () => {
    const { deployments, deploy, service } = parts(60_000);
    const ended = deploy();
    deployments.stop(deployments.running()[0]?.id ?? '');
    assert.deepEqual((await ended).outcome, { kind: 'stopped', sent: false });
    assert.equal(service.count('deployAction'), 0);
  });

  it('leave no trace of a tenant that is gone', async () => {
    const { deployments, deploy } = parts(60_000);
    const ended = deploy();
    deployments.forget('acme-dev.eu.auth0.com');
    assert.equal((await ended).outcome?.kind, 'stopped');
    assert.deepEqual(deployments.list(), []);
  });

  it('say that nothing is live of an action that was read and had no live version', async () => {
    const clock = new FakeClock();
    const tenant = tenantOf(new ModelService({ clock, buildEnds: 'failed' }));
    const ended = await new Deployments({ clock }).deploy({ tenant, actionId: 'a1', actionName: 'Action a1' });
    assert.deepEqual(ended.outcome, { kind: 'failed', reason: 'buildFailed', errors: [], nothingLive: true });
  });

  it('end as failed where the tenant cannot be reached at all', async () => {
    const deployments = new Deployments({ clock: new FakeClock() });
    const ended = await deployments.deploy({ tenant: tenantOf(() => Promise.reject(apiError('auth'))), actionId: 'a', actionName: 'a' });
    assert.ok(ended.outcome?.kind === 'failed' && ended.outcome.reason === 'unreachable' && ended.outcome.nothingLive === undefined);
  });
});
