/** Deployments whose window dies, at each point where it can, looked up by another window over HTTP, and judged by what the service really has. */
import assert from 'node:assert/strict';
import { ActionBusy } from '../../../src/actions/deployments.ts';
import type { Deployment, Outcome } from '../../../src/actions/deployment.ts';
import type { RunRecord } from '../../../src/actions/runRecord.ts';
import type { ManagementApi } from '../../../src/auth0/api.ts';
import { World } from '../support/windows.ts';
import type { CallHook, SimulatedAction, TestWindow } from '../support/windows.ts';

/** Where a window dies. */
const DEATHS = ['while it builds', 'before the call', 'before the answer', 'after the answer', 'while it confirms'] as const;
type Death = (typeof DEATHS)[number];
/** What else happens to the action until somebody looks. */
const MEANWHILE = ['nothing', 'nothing for an hour', 'another deploys', 'deleted', 'version fails', 'version is still being built', 'passing trouble'] as const;
type Meanwhile = (typeof MEANWHILE)[number];
const KINDS = ['deploy', 'roll back', 'roll back with the draft'] as const;
type Kind = (typeof KINDS)[number];

const ACTION = 'enrich-profile';
const NEW_CODE = 'exports.onExecutePostLogin = async () => { /* this very one */ };';
const THEIRS = 'exports.onExecutePostLogin = async () => { /* theirs */ };';

/** Runs a window that dies there, and returns once it has. */
async function dieAt(world: World, death: Death, kind: Kind): Promise<void> {
  let seen = 0;
  let over: () => void = () => undefined;
  const gone = new Promise<void>(resolve => {
    over = resolve;
  });
  const write: keyof ManagementApi = kind === 'deploy' ? 'deployAction' : 'deployVersion';
  const die = (): void => {
    window.die();
    over();
  };
  const hook: CallHook = (name, when) => {
    seen += name === write && when === 'after' ? 1 : 0;
    const here = {
      'while it builds': kind === 'deploy' && name === 'getAction' && when === 'after' && window.deployments.running()[0]?.phases.at(-1)?.phase === 'building',
      'before the call': name === write && when === 'before',
      'before the answer': name === write && when === 'after',
      'after the answer': false,
      'while it confirms': seen === 1 && name === 'getAction' && when === 'before',
    }[death];
    if (here) {
      die();
    }
  };
  const window = world.open(hook);
  window.deployments.changed.on(one => {
    if (death === 'after the answer' && one.version !== undefined) {
      // What follows in this turn is the note of the version: that is written, and nothing more.
      queueMicrotask(() => setImmediate(die));
    }
  });
  const about = { tenant: window.tenant, actionId: (await world.action(ACTION))?.id ?? '', actionName: ACTION };
  void (kind === 'deploy' ? window.deployments.deploy(about) : window.deployments.rollBack({ ...about, number: 5, confirm: () => Promise.resolve({ updateDraft: kind === 'roll back with the draft' }) }));
  await gone;
  // Whatever was on its way arrives.
  await new Promise(resolve => setTimeout(resolve, 20));
}

async function happen(world: World, meanwhile: Meanwhile, actionId: string): Promise<void> {
  switch (meanwhile) {
    case 'nothing for an hour':
      world.pass(3_600_000);
      return;
    case 'another deploys': {
      world.pass(5000);
      await world.others.updateAction(actionId, { code: THEIRS });
      world.pass(60_000);
      await world.others.deployAction(actionId);
      world.pass(5000);
      return;
    }
    case 'deleted': return world.others.deleteAction(actionId, true);
    case 'version fails':
      world.pass(60_000);
      return;
    case 'passing trouble': return world.control('faults', [{ method: 'GET', times: 5, fault: { status: 503 } }, { method: 'GET', times: 2, fault: 'reset-before' }]);
    default:
  }
}

/** What must be said, by what the service has. */
function expected(before: SimulatedAction, after: SimulatedAction | undefined, meantCode: string, sent: boolean, takesDraft: boolean): Partial<Outcome> {
  if (after === undefined) {
    return { kind: 'failed', reason: 'actionGone' };
  }
  if (!sent) {
    return { kind: 'failed', reason: 'interrupted' };
  }
  const newest = Math.max(...before.versions.map(one => one.number));
  const made = after.versions.find(one => one.number > newest && one.code === meantCode);
  const live = after.versions.find(one => one.number === after.live_version_number);
  const other = live !== undefined && live.number > newest && live.code !== meantCode;
  if (made === undefined) {
    // What a deploy makes is whatever the draft held at that moment, which somebody has changed since.
    return other && takesDraft ? { kind: 'failed', reason: 'otherContent', version: live.number } : { kind: 'failed', reason: 'notDeployed' };
  }
  if (other && made.status !== 'failed') {
    return { kind: 'failed', reason: 'overtaken', version: made.number, live: live.number };
  }
  return made.status === 'failed' ? { kind: 'failed', reason: 'versionFailed', version: made.number } : { kind: 'live', version: made.number };
}

function assertOutcome(outcome: Outcome | undefined, wanted: Partial<Outcome>, what: string): void {
  assert.ok(outcome !== undefined, what);
  assert.deepEqual(Object.fromEntries(Object.keys(wanted).map(key => [key, outcome[key as keyof Outcome]])), wanted, `${what}: ${JSON.stringify(outcome)}`);
}

async function lookUpAll(window: TestWindow, records: readonly RunRecord[]): Promise<readonly Deployment[]> {
  return Promise.all(records.map(record => window.deployments.lookUp(window.tenant, record)));
}

describe('a deployment whose window is gone', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start();
    world.pass(60_000);
  });
  afterEach(async () => {
    await world.close();
    assert.deepEqual(world.errors, []);
  });

  let cases = 0;
  for (const kind of KINDS) {
    for (const death of DEATHS) {
      if (death === 'while it builds' && kind !== 'deploy') {
        continue;
      }
      it(`is found as what it became: ${kind}, gone ${death}`, async () => {
        for (const meanwhile of MEANWHILE) {
          await world.control('reset', {});
          world.store.files.clear();
          world.store.written.length = 0;
          world.writes = 0;
          const what = `${kind}, gone ${death}, ${meanwhile}`;
          const actionId = (await world.action(ACTION))?.id ?? '';
          await world.others.updateAction(actionId, { code: NEW_CODE });
          world.pass(death === 'while it builds' ? 0 : 60_000);
          if (death === 'while it builds') {
            await world.control('builds', { action: actionId, ms: 5000 });
          }
          if (meanwhile === 'version fails' || meanwhile === 'version is still being built') {
            await world.control('next-version', { action: actionId, status: 'failed', errors: [{ id: 'E', msg: 'no' }] });
          }
          const before = await world.action(ACTION);
          assert.ok(before);
          const meantCode = kind === 'deploy' ? before.code : before.versions.find(one => one.number === 5)?.code ?? '';
          await dieAt(world, death, kind);
          const sent = death !== 'while it builds';
          await happen(world, meanwhile, actionId);
          const window = world.open();
          const [callsBefore, writesBefore] = [world.calls, world.writes];
          const records = await window.interrupted();
          assert.equal(records.length, 1, what);
          const [ended] = await lookUpAll(window, records);
          const after = await world.action(ACTION);
          assertOutcome(ended?.outcome, expected(before, after, meantCode, sent, kind === 'deploy'), what);
          assert.equal(world.writes, writesBefore, `${what}: sent again`);
          assert.ok(world.writes <= 1, what);
          assert.ok(world.calls > callsBefore, `${what}: said without a look`);
          assert.deepEqual([ended?.lookedUp, ended?.actionName, ended?.rollBackTo], [true, ACTION, kind === 'deploy' ? undefined : 5]);
          if (ended?.outcome?.kind === 'live') {
            assert.equal(after?.live_version_number, ended.outcome.version, what);
            assert.equal(ended.outcome.draftFollows, kind === 'roll back with the draft' ? true : undefined, what);
          }
          assert.deepEqual([...world.store.files.keys()], [], `${what}: remembered although it is known`);
          assert.ok(!world.store.written.some(text => /this very one|exports|CRM|token/u.test(text)), what);
          cases += 1;
        }
      });
    }
  }

  after(() => console.log(`      ${cases} cases`));

  /** A window that goes away after its call was answered with a version that will fail. Resolves to the action's id. */
  async function dieWithFailedVersion(): Promise<string> {
    const actionId = (await world.action(ACTION))?.id ?? '';
    await world.control('next-version', { action: actionId, status: 'failed', errors: [{ id: 'E', msg: 'no' }] });
    await world.others.updateAction(actionId, { code: NEW_CODE });
    world.pass(60_000);
    await dieAt(world, 'after the answer', 'deploy');
    return actionId;
  }

  it('is followed on while its version is being built', async () => {
    await dieWithFailedVersion();
    const window = world.open();
    const heard: Deployment[] = [];
    window.deployments.changed.on(one => heard.push(one));
    const begun = world.now();
    const [ended] = await lookUpAll(window, await window.interrupted());
    assertOutcome(ended?.outcome, { kind: 'failed', reason: 'versionFailed' }, 'followed');
    assert.ok(world.now() - begun > 1000);
    assert.ok(heard.some(one => one.outcome === undefined && one.phases.at(-1)?.phase === 'confirming' && one.version === 8));
  });

  it('stays remembered while the tenant cannot be read, and is found once it can', async () => {
    const actionId = (await world.action(ACTION))?.id ?? '';
    await dieAt(world, 'before the answer', 'deploy');
    await world.control('faults', [{ fault: 'reset-before' }]);
    const offline = world.open();
    const [unclear] = await lookUpAll(offline, await offline.interrupted());
    assert.ok(unclear?.outcome?.kind === 'unconfirmed');
    assert.equal(offline.deployments.canLookAgain(unclear), true);
    assert.equal(world.store.files.size, 1);
    // A third window, while the second one is still there.
    offline.die();
    await world.control('faults', []);
    const third = world.open();
    const [found] = await lookUpAll(third, await third.interrupted());
    assert.deepEqual(found?.outcome, { kind: 'live', version: 8 });
    assert.deepEqual([world.writes, world.store.files.size, (await world.action(ACTION))?.live_version_number], [1, 0, 8]);
    assert.equal(third.deployments.of(third.tenant.id, actionId), undefined);
  });

  it('is not said to leave nothing live where the action cannot be read', async () => {
    const actionId = await dieWithFailedVersion();
    await world.control('faults', [{ method: 'GET', path: `/actions/${actionId}$`, fault: { status: 500 } }]);
    const window = world.open();
    const [ended] = await lookUpAll(window, await window.interrupted());
    assertOutcome(ended?.outcome, { kind: 'failed', reason: 'versionFailed', version: 8 }, 'the version can be read');
    assert.ok(ended?.outcome?.kind === 'failed' && ended.outcome.live === undefined && ended.outcome.nothingLive === undefined);
  });

  it('is not taken for a version of the same that somebody made in vain a moment before', async () => {
    const actionId = (await world.action(ACTION))?.id ?? '';
    await world.control('next-version', { action: actionId, status: 'failed', errors: [{ id: 'E', msg: 'no' }] });
    await world.others.updateAction(actionId, { code: NEW_CODE });
    world.pass(60_000);
    await world.others.deployAction(actionId);
    world.pass(3000);
    assert.equal((await world.action(ACTION))?.versions.at(-1)?.status, 'failed');
    await dieAt(world, 'before the call', 'deploy');
    world.pass(60_000);
    const window = world.open();
    const [ended] = await lookUpAll(window, await window.interrupted());
    assertOutcome(ended?.outcome, { kind: 'failed', reason: 'notDeployed' }, 'never sent');
  });

  it('is found although the storage failed in the moment of its call', async () => {
    const actionId = (await world.action(ACTION))?.id ?? '';
    await world.others.updateAction(actionId, { code: NEW_CODE });
    await world.control('builds', { action: actionId, ms: 5000 });
    world.store.refuses = run => run.record.call?.at !== undefined;
    await dieAt(world, 'before the answer', 'deploy');
    world.store.refuses = () => false;
    const window = world.open();
    const [ended] = await lookUpAll(window, await window.interrupted());
    assertOutcome(ended?.outcome, { kind: 'live', version: 8 }, 'nobody wrote that the call left');
    assert.deepEqual([world.writes, world.store.files.size], [1, 0]);
    assert.ok(world.errors.splice(0).length > 0);
  });

  it('is found under more versions than a page of the list has', async () => {
    const actionId = (await world.action(ACTION))?.id ?? '';
    await dieAt(world, 'before the answer', 'deploy');
    for (let count = 0; count < 12; count += 1) {
      world.pass(60_000);
      await world.others.updateAction(actionId, { code: `// theirs ${count}` });
      world.pass(60_000);
      await world.others.deployAction(actionId);
    }
    world.pass(60_000);
    const window = world.open();
    const [ended] = await lookUpAll(window, await window.interrupted());
    assertOutcome(ended?.outcome, { kind: 'failed', reason: 'overtaken', version: 8, live: 20 }, 'overtaken long ago');
  });

  it('is looked up by one window alone, and not while its own lives', async () => {
    const busy = world.open();
    const about = { tenant: busy.tenant, actionId: (await world.action(ACTION))?.id ?? '', actionName: ACTION };
    await world.control('hold', { action: about.actionId, status: 'building' });
    void busy.deployments.deploy(about);
    const window = world.open();
    while (world.store.files.size === 0) {
      await new Promise(resolve => void setImmediate(resolve));
    }
    const early: RunRecord[] = [];
    void window.journal.watch(record => early.push(record));
    await new Promise(resolve => setTimeout(resolve, 20));
    assert.deepEqual(early, []);
    busy.die();
    const [first, second] = await Promise.all([world.open().interrupted(), world.open().interrupted()]);
    assert.equal(first.length + second.length, 1);
  });

  it('is not joined by a deploy, and does not join one', async () => {
    await dieAt(world, 'before the answer', 'deploy');
    const window = world.open();
    const records = await window.interrupted();
    const looked = lookUpAll(window, records);
    const about = { tenant: window.tenant, actionId: records[0]?.actionId ?? '', actionName: ACTION };
    await assert.rejects(window.deployments.deploy(about), ActionBusy);
    await looked;
    assert.equal((await window.deployments.deploy(about)).outcome?.kind, 'live');
  });
});

describe('a deployment that could not be confirmed', () => {
  it('is looked for again, in its place in the list, without a second call', async () => {
    const world = await World.start();
    world.pass(60_000);
    try {
      const window = world.open();
      const about = { tenant: window.tenant, actionId: (await world.action(ACTION))?.id ?? '', actionName: ACTION };
      await world.control('faults', [{ method: 'POST', times: 1, fault: 'reset-after' }]);
      window.deployments.changed.on(one => {
        if (one.phases.at(-1)?.phase === 'confirming' && one.outcome === undefined && one.lookedUp === undefined) {
          void world.control('faults', [{ fault: 'reset-before' }]);
        }
      });
      const ended = await window.deployments.deploy(about);
      assert.equal(ended.outcome?.kind, 'unconfirmed');
      await world.control('faults', []);
      const again = await window.deployments.lookAgain(ended);
      assert.deepEqual([again.id, again.outcome], [ended.id, { kind: 'live', version: 8 }]);
      assert.deepEqual(window.deployments.list(), [again]);
      await new Promise(resolve => void setImmediate(resolve));
      assert.equal(window.deployments.canLookAgain(again), false);
      assert.deepEqual([world.writes, world.store.files.size], [1, 0]);
    } finally {
      await world.close();
    }
  });

  it('does not hold up a deploy where nothing can be remembered', async () => {
    const world = await World.start();
    world.pass(60_000);
    try {
      world.store.refuses = () => true;
      const window = world.open();
      const ended = await window.deployments.deploy({ tenant: window.tenant, actionId: (await world.action(ACTION))?.id ?? '', actionName: ACTION });
      assert.deepEqual(ended.outcome, { kind: 'live', version: 8 });
      assert.ok(world.errors.length > 0);
    } finally {
      await world.close();
    }
  });
});
