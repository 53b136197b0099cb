/** What a deploy reaches: read anew, but never waited for longer than a second. */
import assert from 'node:assert/strict';
import type { Binding, Trigger } from '../../../src/auth0/api.ts';
import { unusedBecause } from '../../../src/actions/flows.ts';
import { FlowMemory } from '../../../src/actions/flowMemory.ts';
import { REACH_MS, isInNoFlow, readReach } from '../../../src/actions/reach.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { action, apiError, fakeApi, tenantOf, version } from '../support/things.ts';

const bindings = (...ids: string[]): readonly Binding[] => ids.map((actionId, index) => ({ id: `b${index}`, triggerId: 'post-login', actionId }));

interface Service {
  readonly flows: FlowMemory;
  readonly clock: FakeClock;
  /** Flows that were asked for. */
  readonly asked: string[];
  /** Answers by trigger; a promise stands for an answer that is slow. */
  readonly answers: Map<string, readonly Binding[] | Error | Promise<never>>;
}

function service(triggers: readonly Trigger[] | Error = []): Service {
  const clock = new FakeClock();
  const asked: string[] = [];
  const answers: Service['answers'] = new Map();
  const api = fakeApi({
    listBindings: async id => {
      asked.push(id);
      const answer = await (answers.get(id) ?? []);
      if (answer instanceof Error) {
        throw answer;
      }
      return answer;
    },
  });
  return { flows: new FlowMemory(tenantOf(api), () => (triggers instanceof Error ? Promise.reject(triggers) : Promise.resolve(triggers)), new AbortController().signal, () => undefined), clock, asked, answers };
}

const never = new Promise<never>(() => undefined);

describe('the reach of an action', () => {
  it('is read for each trigger of its draft and of what is live, once', async () => {
    const { flows, clock, asked, answers } = service();
    answers.set('post-login', bindings('x', 'a'));
    const both = action('a', { deployedVersion: version(1, { triggers: [{ id: 'credentials-exchange', version: 'v2' }, { id: 'post-login', version: 'v2' }] }) });
    const reach = await readReach(flows, clock, both);
    assert.deepEqual(asked, ['post-login', 'credentials-exchange']);
    assert.deepEqual(reach.map(({ triggerId, flow }) => [triggerId, flow?.bindings.length]), [['post-login', 2], ['credentials-exchange', 0]]);
    assert.equal(isInNoFlow(reach, 'a'), false);
    assert.equal(isInNoFlow(reach, 'another'), true);
    assert.equal(clock.elapsed, 0);
  });

  it('is read anew each time: somebody may have changed the flow', async () => {
    const { flows, clock, answers } = service();
    assert.equal(isInNoFlow(await readReach(flows, clock, action('a')), 'a'), true);
    answers.set('post-login', bindings('a'));
    assert.equal(isInNoFlow(await readReach(flows, clock, action('a')), 'a'), false);
  });

  it('is not known where the tenant takes longer than a second, or refuses', async () => {
    const { flows, clock, answers } = service();
    answers.set('post-login', never);
    const slow = await readReach(flows, clock, action('a'));
    assert.deepEqual([slow, clock.elapsed], [[{ triggerId: 'post-login' }], REACH_MS]);
    assert.equal(isInNoFlow(slow, 'a'), false);
    const refusing = service();
    refusing.answers.set('post-login', apiError('forbidden'));
    assert.deepEqual(await readReach(refusing.flows, refusing.clock, action('a')), [{ triggerId: 'post-login' }]);
  });

  it('is what was read before where a slow tenant does not say better', async () => {
    const { flows, clock, answers } = service();
    flows.put('post-login', bindings('a'));
    answers.set('post-login', never);
    const [known] = await readReach(flows, clock, action('a'));
    assert.deepEqual(known?.flow?.bindings.map(binding => binding.actionId), ['a']);
  });

  it('of an action that entities bind is no reason to say that nothing runs it', async () => {
    const { flows, clock } = service([{ id: 'event-stream', version: 'v1', status: 'CURRENT', runtimes: [], bindingPolicy: 'entity-bound' }]);
    const reach = await readReach(flows, clock, action('a', { triggers: [{ id: 'event-stream', version: 'v1' }] }));
    assert.equal(reach[0]?.flow?.entityBound, true);
    assert.equal(isInNoFlow(reach, 'a'), false);
    assert.equal(isInNoFlow([], 'a'), false);
  });

  it('of an empty flow is not known where the triggers cannot be read: it may be none', async () => {
    const { flows, clock, answers } = service(apiError('server'));
    const lone = await readReach(flows, clock, action('a'));
    assert.deepEqual([lone, isInNoFlow(lone, 'a')], [[{ triggerId: 'post-login' }], false]);
    assert.equal(unusedBecause('a', [], [await flows.load('post-login')]), undefined);
    // One that holds something, or has held it, is a flow.
    answers.set('post-login', bindings('x'));
    assert.equal(isInNoFlow(await readReach(flows, clock, action('a')), 'a'), true);
    answers.set('post-login', []);
    assert.equal(isInNoFlow(await readReach(flows, clock, action('a')), 'a'), true);
  });
});
