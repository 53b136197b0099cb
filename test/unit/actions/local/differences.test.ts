/** What a push would change, and sending it: once, to what was looked at, with lost answers read back. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { differenceOf, newActionOf, obstacleOf } from '../../../../src/actions/local/differences.ts';
import { pushDraft } from '../../../../src/actions/local/push.ts';
import type { PushOutcome } from '../../../../src/actions/local/push.ts';
import type { DescribedAction } from '../../../../src/actions/local/repository.ts';
import { readStated } from '../../../../src/actions/local/stated.ts';
import type { Action, ActionChange } from '../../../../src/auth0/api.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { action, apiError } from '../../support/things.ts';

function described(change: Readonly<Record<string, unknown>> = {}, rest: Partial<DescribedAction> = {}): DescribedAction {
  const text = JSON.stringify({ name: 'one', code: './actions/one/code.js', runtime: 'node22', dependencies: [], secrets: [], supported_triggers: [{ id: 'post-login', version: 'v3' }], ...change });
  const stated = readStated(text);
  assert.ok(stated);
  return { path: 'actions/one.json', text, stated, codePath: 'actions/one/code.js', code: action('a').code, open: [], ...rest };
}

/** An action after a change of these fields. */
function changed(before: Action, { code, runtime, dependencies, triggers }: ActionChange): Action {
  return { ...before, ...(code === undefined ? {} : { code }), ...(runtime === undefined ? {} : { runtime }), ...(dependencies === undefined ? {} : { dependencies }), ...(triggers === undefined ? {} : { triggers }) };
}

describe('the difference between a repository and a tenant', () => {
  it('is none where both say the same, in whatever order and with whatever line ends', () => {
    const dependencies = [{ name: 'b', version: '2', registry_url: 'https://npm.example/' }, { name: 'a', version: '1' }];
    const difference = differenceOf(described({ dependencies, secrets: [{ name: 'K' }] }, { code: 'one\r\ntwo\r\n' }), action('a', { code: 'one\ntwo\n', dependencies: [{ name: 'a', version: '1' }, { name: 'b', version: '2' }], secrets: [{ name: 'K', updatedAt: 't' }] }));
    assert.deepEqual(difference, { changes: [], newSecrets: [], goneSecrets: [], modulesDiffer: false });
  });

  it('leaves alone what a description does not state', () => {
    const before = action('a', { dependencies: [{ name: 'a', version: '1' }], secrets: [{ name: 'K' }], modules: [{ id: 'm', name: 'shared', versionNumber: 2 }] });
    const stated = described({ runtime: undefined, dependencies: undefined, secrets: null, supported_triggers: [{ id: 'post-login' }] });
    assert.deepEqual(differenceOf(stated, before), { changes: [], newSecrets: [], goneSecrets: [], modulesDiffer: false });
  });

  it('is one change for code, dependencies, runtime and triggers, and names of secrets', () => {
    const before = action('a', { dependencies: [{ name: 'a', version: '1' }], secrets: [{ name: 'OLD', updatedAt: 't' }, { name: 'KEPT', updatedAt: 't' }], modules: [{ id: 'm', name: 'shared', versionNumber: 2 }] });
    const difference = differenceOf(described({ runtime: 'node18', dependencies: [{ name: 'a', version: '2', registry_url: 'https://npm.example/' }], secrets: [{ name: 'KEPT', value: 'never sent' }, { name: 'NEW' }], supported_triggers: [{ id: 'credentials-exchange', version: 'v2' }], modules: [{ module_name: 'shared', module_version_number: 3 }] }, { code: 'new' }), before);
    assert.deepEqual(difference.change, { code: 'new', runtime: 'node18', dependencies: [{ name: 'a', version: '2', registryUrl: 'https://npm.example/' }], triggers: [{ id: 'credentials-exchange', version: 'v2' }] });
    assert.deepEqual([difference.newSecrets, difference.goneSecrets, difference.modulesDiffer], [['NEW'], ['OLD'], true]);
    assert.deepEqual(difference.changes.map(change => change.part), ['code', 'runtime', 'triggers', 'triggers', 'dependencies', 'secrets', 'secrets']);
    assert.doesNotMatch(JSON.stringify(difference), /never sent/u);
  });

  it('names the registries of all that is sent, which a change of another dependency brings along', () => {
    const before = action('a', { dependencies: [{ name: 'a', version: '1' }, { name: 'b', version: '2' }] });
    const wanted = described({ dependencies: [{ name: 'a', version: '1' }, { name: 'b', version: '2', registry_url: 'https://user:secret@npm.example/x' }, { name: 'c', version: '3' }] });
    assert.deepEqual(differenceOf(wanted, before).changes.filter(change => change.part === 'dependencies'), [
      { part: 'dependencies', name: 'b', kind: 'changed', from: '2', to: '2 (https://npm.example/x)' },
      { part: 'dependencies', name: 'c', kind: 'added', to: '3' },
    ]);
  });

  it('is none after it was sent, whatever it was', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const dependencies = fc.uniqueArray(fc.record({ name, version: fc.constantFrom('1', '2') }), { selector: one => one.name });
    const runtime = fc.constantFrom('node18', 'node22');
    fc.assert(fc.property(dependencies, dependencies, fc.uniqueArray(name), runtime, fc.constantFrom('x', 'x\r\n', 'y', ''), (before, wanted, secrets, version, code) => {
      const [stated, now] = [described({ dependencies: wanted, runtime: version, secrets: secrets.map(one => ({ name: one })) }, { code }), action('a', { dependencies: before, secrets: [{ name: 'a' }], code: 'x' })];
      const { change, newSecrets, goneSecrets } = differenceOf(stated, now);
      const after = { ...changed(now, change ?? {}), secrets: [...now.secrets.filter(one => !goneSecrets.includes(one.name)), ...newSecrets.map(one => ({ name: one }))] };
      assert.deepEqual(differenceOf(stated, after), { changes: [], newSecrets: [], goneSecrets: [], modulesDiffer: false });
    }));
  });

  it('is not there to be sent where something stands in the way', () => {
    const kind = (one: DescribedAction, now?: Action, doubles: readonly string[] = []): unknown => obstacleOf(one, now, doubles)?.kind;
    assert.equal(kind(described(), action('a')), undefined);
    assert.equal(kind(described({}, { open: [{ text: '##A##', line: 0, path: 'x' }] })), 'marks');
    assert.equal(kind(described({}, { codeProblem: 'missing' })), 'code');
    assert.equal(kind(described(), undefined, ['one']), 'double');
    assert.equal(kind(described({ dependencies: [{ name: 'a' }] })), 'unclear');
    assert.equal(kind(described({ secrets: '@@SECRETS@@' })), 'unclear');
    assert.equal(kind(described(), action('a', { unread: ['secrets'] })), 'unread');
    assert.equal(kind(described({ secrets: undefined }), action('a', { unread: ['secrets', 'modules'] })), undefined);
    assert.equal(kind(described(), action('a', { integration: true })), 'marketplace');
  });

  it('is a whole new action, without values of secrets, where the tenant has none', () => {
    assert.deepEqual(newActionOf(described({ secrets: [{ name: 'K', value: 'never sent' }], dependencies: [{ name: 'a', version: '1' }] }, { code: 'new' })), { name: 'one', code: 'new', triggers: [{ id: 'post-login', version: 'v3' }], runtime: 'node22', dependencies: [{ name: 'a', version: '1' }] });
  });
});

describe('sending a change', () => {
  const shown = action('a', { code: 'old', updatedAt: '1' });
  const change: ActionChange = { code: 'new', dependencies: [{ name: 'a', version: '1' }] };
  const done = changed(shown, change);

  /** `reads` are what the action is at each reading; the last one stays. */
  async function send(reads: readonly (Action | Error)[], answer: Action | Error): Promise<{ readonly outcome: PushOutcome; readonly sent: number }> {
    let [sent, at] = [0, 0];
    const value = (one: Action | Error | undefined): Promise<Action> => (one instanceof Error || one === undefined ? Promise.reject(one ?? new Error('none')) : Promise.resolve(one));
    const outcome = await pushDraft({ shown, change, clock: new FakeClock(), api: { getAction: () => value(reads[Math.min(at++, reads.length - 1)]), updateAction: () => { sent += 1; return value(answer); } } });
    return { outcome, sent };
  }

  it('happens once, and is done where the answer shows it', async () => {
    assert.deepEqual(await send([shown], done), { outcome: { kind: 'done', action: done }, sent: 1 });
  });

  it('does not happen to another draft than was shown, nor where it cannot be read', async () => {
    assert.deepEqual(await send([{ ...shown, code: 'theirs' }], done), { outcome: { kind: 'changed', action: { ...shown, code: 'theirs' } }, sent: 0 });
    const error = apiError('forbidden');
    assert.deepEqual(await send([error], done), { outcome: { kind: 'notDone', error }, sent: 0 });
  });

  it('is not done where it is refused', async () => {
    const error = apiError('invalid', 'PATCH');
    assert.deepEqual(await send([shown], error), { outcome: { kind: 'notDone', error }, sent: 1 });
  });

  it('whose answer is lost is read back, and never sent again', async () => {
    const error = apiError('timeout', 'PATCH');
    assert.deepEqual(await send([shown, shown, apiError('server'), done], error), { outcome: { kind: 'done', action: done }, sent: 1 });
    assert.deepEqual(await send([shown], error), { outcome: { kind: 'notDone', error }, sent: 1 });
    assert.deepEqual(await send([shown, { ...shown, code: 'theirs' }], error), { outcome: { kind: 'unknown', error }, sent: 1 });
    assert.deepEqual(await send([shown, apiError('network')], error), { outcome: { kind: 'unknown', error }, sent: 1 });
  });
});
