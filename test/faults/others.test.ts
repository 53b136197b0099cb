/** Somebody else at work on the same action, as a second client of the simulated tenant: each has its own outcome and its own words. */
import assert from 'node:assert/strict';
import { FlowMemory } from '../../src/actions/flowMemory.ts';
import type { Flow } from '../../src/actions/flowMemory.ts';
import { unusedBecause } from '../../src/actions/flows.ts';
import type { Deployment, Outcome } from '../../src/actions/deployment.ts';
import { outcomeSentence, outcomeWords } from '../../src/ui/words.ts';
import { tenantOf } from '../unit/support/things.ts';
import type { Assigned, Meanwhile, Scenario } from './world.ts';
import { World } from './world.ts';

const LOST_AFTER: Assigned = { kind: 'post', fault: 'reset after', times: 1 };
const LOST_BEFORE: Assigned = { kind: 'post', fault: 'reset before', times: 1 };

describe('while others are at work', () => {
  let world: World;
  before(async () => {
    world = await World.open();
  });
  after(() => world.close());

  /** Does something once, before the `nth` request for a purpose. */
  const once = (at: Parameters<Meanwhile>[0], what: (actionId: string) => Promise<unknown>, nth = 1): Meanwhile => (kind, count, actionId) => (kind === at && count === nth ? what(actionId) : undefined);
  /** Writes a draft that is built at once. */
  const save = async (actionId: string, code = '// theirs'): Promise<void> => {
    await world.other('PATCH', `/${actionId}`, { code });
    await world.control('builds', { action: actionId, ms: 0 });
  };
  const deploy = (actionId: string): Promise<unknown> => world.other('POST', `/${actionId}/deploy`);
  const saveAndDeploy = async (actionId: string): Promise<void> => {
    await save(actionId);
    await deploy(actionId);
  };
  const rollBack = async (actionId: string): Promise<void> => {
    const { versions } = (await world.other('GET', `/${actionId}/versions`)) as { versions: { id: string; number: number }[] };
    await world.other('POST', `/${actionId}/versions/${versions.find(one => one.number === 1)?.id ?? ''}/deploy`, {});
  };
  const remove = (actionId: string): Promise<unknown> => world.other('DELETE', `/${actionId}`);

  interface Seen {
    readonly outcome: Outcome | undefined;
    readonly deployment: Deployment;
    /** Deploy calls of ours. */
    readonly posts: number;
    readonly sentence: string;
    /** As the service has them, the number of the live one last; nothing where the action is gone. */
    readonly versions: readonly (number | null)[];
  }

  async function seen(scenario: Scenario, meanwhile: Meanwhile, faults: readonly Assigned[] = []): Promise<Seen> {
    const run = await world.deploy(scenario, faults, meanwhile);
    const { outcome } = run.deployment;
    assert.ok(outcome);
    const state = await world.state(run.before.id).catch(() => undefined);
    const sentence = outcomeSentence(run.deployment, outcome, undefined);
    assert.ok(!/\{\d\}/u.test(sentence) && outcomeWords(run.deployment, outcome) !== '', sentence);
    return { outcome, deployment: run.deployment, posts: run.sent.post, sentence, versions: state === undefined ? [] : [...state.versions.map(one => one.number), state.live_version_number] };
  }

  function failure({ outcome }: Seen): Partial<Outcome & { kind: 'failed' }> {
    assert.equal(outcome?.kind, 'failed', JSON.stringify(outcome));
    const { error: _error, errors: _errors, kind: _kind, ...rest } = outcome;
    return rest;
  }

  it('a draft that changes during the build, or before the call while it is not built, is not deployed', async () => {
    for (const meanwhile of [once('poll', save, 2), once('post', id => world.other('PATCH', `/${id}`, { code: '// theirs' }))]) {
      const result = await seen('deploy', meanwhile);
      assert.deepEqual([failure(result), result.versions], [{ reason: 'draftChanged', live: 1 }, [1, 1]]);
      assert.match(result.sentence, /was changed while it was being deployed/u);
    }
  });

  it('a draft that changes and is built in the moment before the call goes live, and is told to be another', async () => {
    for (const faults of [[], [LOST_AFTER]]) {
      const result = await seen('deploy', once('post', save), faults);
      assert.deepEqual([failure(result).reason, failure(result).version, result.versions, result.posts], ['otherContent', 2, [1, 2, 2], 1]);
      assert.match(result.sentence, /v2 of one is live in acme-dev, and it is not what was to be deployed/u);
    }
  });

  it('another version that went live during the build ends the deployment before anything is sent', async () => {
    const result = await seen('deploy', once('poll', rollBack, 2));
    assert.deepEqual([failure(result), result.versions, result.posts], [{ reason: 'liveChanged', live: 2 }, [1, 2, 2], 0]);
    assert.match(result.sentence, /v2 of one went live in acme-dev meanwhile: somebody else deployed or rolled back\. Nothing was deployed from here/u);
  });

  it('the same draft deployed by somebody else while the question was open is live, and nothing is sent', async () => {
    const result = await seen('asked', once('asked', deploy));
    assert.deepEqual([result.outcome, result.versions, result.posts], [{ kind: 'live', version: 2, byOther: true }, [1, 2, 2], 0]);
    assert.match(result.sentence, /one v2 is live in acme-dev\. Another deploy of the same draft went live meanwhile, so nothing was deployed from here/u);
  });

  it('a deploy of somebody else at the same time leaves ours the live one', async () => {
    for (const faults of [[], [LOST_AFTER]]) {
      const result = await seen('deploy', once('post', deploy), faults);
      assert.deepEqual([result.outcome, result.versions], [{ kind: 'live', version: 3 }, [1, 2, 3, 3]]);
    }
  });

  it('a deploy of the same by somebody else after ours is live, and says which was ours', async () => {
    const result = await seen('deploy', once('posted', deploy));
    assert.deepEqual([result.outcome, result.versions], [{ kind: 'live', version: 3, byOther: true, made: 2 }, [1, 2, 3, 3]]);
    assert.match(result.sentence, /one v3 is live in acme-dev\. Somebody else made it meanwhile\. It holds the same as v2, which was made here/u);
  });

  it('a deploy of something else after ours says which is live, and that ours was made', async () => {
    for (const [meanwhile, faults] of [[saveAndDeploy, []], [rollBack, []], [saveAndDeploy, [LOST_AFTER]], [rollBack, [LOST_AFTER]]] as const) {
      const result = await seen('deploy', once('posted', meanwhile), faults);
      assert.deepEqual([failure(result), result.versions, result.posts], [{ reason: 'overtaken', version: 2, live: 3, otherLive: true }, [1, 2, 3, 3], 1]);
      assert.match(result.sentence, /v2 of one was made in acme-dev, but v3 is live: somebody else deployed or rolled back meanwhile/u);
    }
  });

  it('a call that never arrived is told apart from what somebody else made meanwhile', async () => {
    const result = await seen('deploy', once('look', rollBack), [LOST_BEFORE]);
    assert.deepEqual([failure(result), result.versions], [{ reason: 'notDeployed', live: 2, otherLive: true }, [1, 2, 2]]);
    assert.match(result.sentence, /made no new version of one\. Deploy again\. v2 is live, which somebody else deployed meanwhile/u);
  });

  it('a version of ours that fails is told as such, whoever is live', async () => {
    const result = await seen('version fails', once('posted', rollBack));
    assert.deepEqual([failure(result).reason, failure(result).version, failure(result).live, result.versions], ['versionFailed', 2, 3, [1, 2, 3, 3]]);
    assert.match(result.sentence, /v3 is live, which somebody else deployed meanwhile/u);
  });

  it('an action that is deleted before the first read, during the build, at the call or while confirming is said to be gone', async () => {
    for (const [kind, nth, posts] of [['read', 1, 0], ['poll', 2, 0], ['post', 1, 1], ['look', 1, 1]] as const) {
      const result = await seen('deploy', once(kind, remove, nth));
      assert.deepEqual([failure(result), result.versions, result.posts], [{ reason: 'actionGone', ...(kind === 'look' ? { version: 2 } : {}) }, [], posts], kind);
      assert.match(result.sentence, kind === 'look' ? /it was deleted while v2 went live\. Nothing of it is live/u : /one does not exist in acme-dev any more: it was deleted meanwhile\. Nothing was deployed\.$/u);
    }
    const lost = await seen('deploy', once('look', remove), [LOST_AFTER]);
    assert.equal(failure(lost).reason, 'actionGone');
    // Saved first: at the PATCH, and where its answer is lost.
    assert.equal(failure(await seen('save and deploy', once('patch', remove))).reason, 'actionGone');
    assert.equal(failure(await seen('save and deploy', once('saveLook', remove), [{ kind: 'patch', fault: 'reset after', times: 1 }])).reason, 'actionGone');
    for (const kind of ['post', 'look'] as const) {
      assert.equal(failure(await seen('roll back', once(kind, remove))).reason, 'actionGone');
    }
  });

  it('a renamed action is deployed under its new name', async () => {
    for (const kind of ['poll', 'look'] as const) {
      const { deployment, sentence } = await seen('deploy', once(kind, id => world.other('PATCH', `/${id}`, { name: 'renamed' })));
      assert.deepEqual([deployment.actionName, deployment.calledBefore, deployment.outcome], ['renamed', 'one', { kind: 'live', version: 2 }]);
      assert.equal(sentence, 'renamed v2 is live in acme-dev. The action was called one before.');
    }
  });

  it('an action that is taken out of its flow goes live, and is seen to be run by no login any more', async () => {
    const bind = (ids: readonly string[]): Promise<unknown> => world.other('PATCH', '/triggers/post-login/bindings', { bindings: ids.map(value => ({ ref: { type: 'action_id', value } })) });
    const api = world.api();
    const flows = new FlowMemory(tenantOf(api), () => api.listTriggers(), new AbortController().signal, () => undefined);
    const read = (): Promise<Flow> => world.time.run(flows.refresh('post-login'));
    // In the flow before, and taken out while the deployment confirms.
    let inFlow: Flow | undefined;
    const { deployment, outcome } = await seen('deploy', async (at, nth, id) => {
      if (at === 'read' && nth === 1) {
        await bind([id]);
        inFlow = await flows.refresh('post-login');
      } else if (at === 'posted') {
        await bind([]);
      }
    });
    assert.deepEqual(outcome, { kind: 'live', version: 2 });
    assert.ok(inFlow);
    assert.equal(unusedBecause(deployment.actionId, [undefined], [inFlow]), undefined);
    const now = await read();
    assert.deepEqual([unusedBecause(deployment.actionId, [inFlow], [now]), unusedBecause(deployment.actionId, [undefined], [now]), unusedBecause(deployment.actionId, [now], [now])], ['takenOut', 'inNone', 'inNone']);
    assert.equal(unusedBecause(deployment.actionId, [inFlow], [{ ...now, error: new Error('x') }]), undefined);
    assert.equal(unusedBecause(deployment.actionId, [inFlow], [{ ...now, entityBound: true }]), undefined);
  });

  it('a version that is pruned before the call that goes back to it is said to be kept no more', async () => {
    const result = await seen('roll back', once('post', async id => {
      for (let more = 0; more < 50; more += 1) {
        await deploy(id);
      }
    }));
    assert.deepEqual([failure(result), result.posts], [{ reason: 'versionGone', live: 52, otherLive: true }, 1]);
    assert.match(result.sentence, /does not keep v1 of one any more.* v52 is live, which somebody else deployed meanwhile/u);
  });

  it('a roll back that somebody overtakes says which is live, and that ours was made', async () => {
    const result = await seen('roll back', once('posted', saveAndDeploy));
    assert.deepEqual([failure(result), result.versions], [{ reason: 'overtaken', version: 3, live: 4, otherLive: true }, [1, 2, 3, 4, 4]]);
    assert.match(result.sentence, /v3 of one was made in acme-dev from v1, but v4 is live: .*before you roll back again\.$/u);
  });
});
