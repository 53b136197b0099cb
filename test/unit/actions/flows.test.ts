/** Changes of a flow: what they mean, what others do meanwhile, and answers that are lost. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Binding, WantedBinding } from '../../../src/auth0/api.ts';
import { changeFlow, edited, entriesOf, placesOf } from '../../../src/actions/flows.ts';
import type { FlowEdit, FlowEntry, FlowOutcome, Place } from '../../../src/actions/flows.ts';
import { ApiError, isApiError } from '../../../src/auth0/errors.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { apiError, rejection } from '../support/things.ts';

/** The bindings of one trigger as the service keeps them: every change renews all ids. */
class FlowService {
  reads = 0;
  writes: (readonly WantedBinding[])[] = [];
  onRead: ((nth: number) => void) | undefined;
  onWrite: ((act: () => readonly Binding[]) => readonly Binding[]) | undefined;
  #flow: readonly Binding[] = [];
  #round = 0;

  constructor(...names: string[]) {
    this.set(...names);
  }

  set(...names: string[]): void {
    this.#put(names.map(name => ({ actionId: name, displayName: `The ${name}` })));
  }

  get names(): readonly (string | undefined)[] {
    return this.#flow.map(binding => binding.actionId);
  }

  get flow(): readonly Binding[] {
    return this.#flow;
  }

  listBindings = (): Promise<readonly Binding[]> => {
    this.reads += 1;
    this.onRead?.(this.reads);
    return Promise.resolve(this.#flow);
  };

  updateBindings = (_trigger: string, wanted: readonly WantedBinding[]): Promise<readonly Binding[]> => {
    this.writes.push(wanted);
    const act = (): readonly Binding[] => this.#put(wanted);
    return new Promise(resolve => resolve(this.onWrite?.(act) ?? act()));
  };

  #put(wanted: readonly WantedBinding[]): readonly Binding[] {
    this.#round += 1;
    this.#flow = wanted.map((one, index) => ({ id: `${this.#round}.${index}`, triggerId: 'post-login', actionName: one.actionId, ...one }));
    return this.#flow;
  }
}

const at = (actionId: string, nth = 0): Place => ({ actionId, nth });
const add = (after?: Place): FlowEdit => ({ kind: 'add', actionId: 'new', name: 'new', after });

function change(service: FlowService, edit: FlowEdit, confirm: (before: readonly FlowEntry[], after: readonly FlowEntry[], meanwhile: boolean) => boolean = () => true): Promise<FlowOutcome> {
  return changeFlow({ api: service, triggerId: 'post-login', edit, clock: new FakeClock(), confirm: (...args) => Promise.resolve(confirm(...args)) });
}

describe('a flow', () => {
  it('takes an action in at any place, moves it, and lets it go, keeping the names of the others', async () => {
    const service = new FlowService('a', 'b');
    assert.equal((await change(service, add(at('a')))).kind, 'done');
    assert.deepEqual(service.names, ['a', 'new', 'b']);
    assert.deepEqual(service.writes[0], [{ actionId: 'a', displayName: 'The a' }, { actionId: 'new', displayName: 'new' }, { actionId: 'b', displayName: 'The b' }]);
    await change(service, { kind: 'move', place: at('new'), after: at('b') });
    assert.deepEqual(service.names, ['a', 'b', 'new']);
    await change(service, { kind: 'move', place: at('new'), after: undefined });
    assert.deepEqual(service.names, ['new', 'a', 'b']);
    await change(service, { kind: 'remove', place: at('a') });
    assert.deepEqual(service.names, ['new', 'b']);
    await change(new FlowService(), add());
    assert.deepEqual(placesOf(service.flow, 'b'), [2]);
  });

  it('knows the places of an action that stands in it twice', async () => {
    const service = new FlowService('a', 'b', 'a');
    assert.deepEqual(placesOf(service.flow, 'a'), [1, 3]);
    await change(service, { kind: 'remove', place: at('a', 1) });
    assert.deepEqual(service.names, ['a', 'b']);
  });

  it('is read again just before it is written, and asked about anew when it has changed', async () => {
    const service = new FlowService('a', 'b');
    service.onRead = nth => (nth === 2 ? service.set('theirs', 'a') : undefined);
    const asked: unknown[] = [];
    const outcome = await change(service, add(at('a')), (before, after, meanwhile) => asked.push([before.map(one => one.actionId), after.map(one => one.actionId), meanwhile]) > 0);
    assert.equal(outcome.kind, 'done');
    assert.deepEqual(asked, [[['a', 'b'], ['a', 'new', 'b'], false], [['theirs', 'a'], ['theirs', 'a', 'new'], true]]);
    assert.deepEqual(service.names, ['theirs', 'a', 'new']);
    assert.deepEqual([service.reads, service.writes.length], [3, 1]);
  });

  it('is not written without a yes, without a difference, over its limit, or around a place that is gone', async () => {
    const service = new FlowService('a', 'b');
    assert.equal((await change(service, add(), () => false)).kind, 'declined');
    assert.equal((await change(service, { kind: 'move', place: at('a'), after: undefined })).kind, 'unchanged');
    assert.equal((await change(service, add(at('gone')))).kind, 'gone');
    assert.equal((await change(service, { kind: 'remove', place: at('gone') })).kind, 'gone');
    assert.deepEqual([service.names, service.writes.length], [['a', 'b'], 0]);
    const full = new FlowService(...Array.from({ length: 20 }, (_, index) => `a${index}`));
    assert.equal((await change(full, add())).kind, 'full');
    assert.equal(full.writes.length, 0);
  });

  it('is never written back without a binding that cannot be read', async () => {
    const service = new FlowService('a');
    const broken = { listBindings: () => Promise.resolve([{ id: 'x', triggerId: 'post-login' }]), updateBindings: service.updateBindings };
    const error = await rejection(changeFlow({ api: broken, triggerId: 'post-login', edit: add(), clock: new FakeClock(), confirm: () => Promise.resolve(true) }));
    assert.deepEqual([error.kind, service.writes.length], ['malformed', 0]);
  });

  it('is read back where the answer was lost, and never written twice', async () => {
    const acted = new FlowService('a');
    acted.onWrite = act => {
      act();
      throw apiError('network', 'PATCH');
    };
    assert.equal((await change(acted, add())).kind, 'done');
    const lost = new FlowService('a');
    lost.onWrite = () => {
      throw apiError('timeout', 'PATCH');
    };
    const notChanged = await change(lost, add());
    assert.ok(notChanged.kind === 'notChanged' && isApiError(notChanged.error) && notChanged.error.kind === 'timeout');
    const later = new FlowService('a');
    later.onWrite = act => {
      later.onRead = nth => (nth === 5 ? void act() : undefined);
      throw apiError('timeout', 'PATCH');
    };
    assert.equal((await change(later, add())).kind, 'done');
    // A gateway has given it up, and passes it on all the same.
    const muchLater = new FlowService('a');
    muchLater.onWrite = act => {
      muchLater.onRead = nth => (nth === 30 ? void act() : undefined);
      throw new ApiError('server', { method: 'PATCH', path: '/', status: 504 });
    };
    assert.equal((await change(muchLater, add())).kind, 'done');
    const others = new FlowService('a');
    others.onWrite = () => {
      others.set('theirs');
      throw apiError('server', 'PATCH');
    };
    assert.equal((await change(others, add())).kind, 'unconfirmed');
    const refused = new FlowService('a');
    refused.onWrite = () => {
      throw apiError('forbidden', 'PATCH');
    };
    assert.equal((await change(refused, add())).kind, 'notChanged');
    assert.deepEqual([acted, lost, later, muchLater, others, refused].map(service => service.writes.length), [1, 1, 1, 1, 1, 1]);
  });

  it('loses and doubles nothing, whatever is moved where', () => {
    const names = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 12 });
    fc.assert(fc.property(names, fc.nat(), fc.nat(), (list, from, to) => {
      const before = entriesOf(new FlowService(...list).flow);
      const place = before[from % before.length] ?? at('a');
      const others = before.filter(entry => entry !== place);
      const after = edited(before, { kind: 'move', place, after: others[to % (others.length + 1)] });
      assert.deepEqual(after?.map(one => one.name).sort(), before.map(one => one.name).sort());
      assert.deepEqual(after.filter(one => one !== place), others);
    }));
  });
});
