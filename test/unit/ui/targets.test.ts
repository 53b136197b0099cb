/** Which action a command means, whatever it is called with. */
import assert from 'node:assert/strict';
import { Uri, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import type { Action } from '../../../src/auth0/api.ts';
import type { AppState } from '../../../src/ui/appState.ts';
import { UserError } from '../../../src/ui/errorWords.ts';
import { Dismissed } from '../../../src/ui/run.ts';
import { actionsOf, targetOf } from '../../../src/ui/commands/targets.ts';
import { actionRow } from '../../../src/ui/tree/rows.ts';
import type { Row } from '../../../src/ui/tree/rows.ts';
import { draftUri, versionUri } from '../../../src/ui/uris.ts';
import { TENANT, stateOver } from '../support/appState.ts';
import { action, apiError } from '../support/things.ts';

async function stateWith(...actions: Action[]): Promise<AppState> {
  const state = stateOver({
    listActions: () => Promise.resolve({ items: actions, total: actions.length }),
    getAction: id => {
      const found = actions.find(one => one.id === id);
      return found === undefined ? Promise.reject(apiError('notFound')) : Promise.resolve(found);
    },
  });
  await state.catalog(TENANT).load();
  return state;
}

describe('targets', () => {
  const editor = window as { activeTextEditor: unknown };
  afterEach(() => {
    editor.activeTextEditor = undefined;
  });

  /** Somebody has this document open. */
  function open(uri: Uri): void {
    editor.activeTextEditor = { document: { uri } };
  }

  async function parts(): Promise<{ state: AppState; row: (id: string) => Row; version: Row }> {
    const state = await stateWith(action('a', { name: 'first' }), action('b', { name: 'second' }));
    const tenant = state.registry.find(TENANT);
    assert.ok(tenant);
    return { state, row: id => actionRow(tenant, id), version: { kind: 'version', id: `${TENANT}/b/v3`, tenant, actionId: 'b', versionId: 'v3', number: 3 } };
  }

  it('are rows, documents, what code names, and the open document where there is no argument', async () => {
    const { state, row, version } = await parts();
    open(draftUri(TENANT, 'b', 'second'));
    const name = async (...args: unknown[]): Promise<unknown> => {
      const target = await targetOf(state, '?', ...args);
      return [target.actionName, target.version];
    };
    assert.deepEqual(await name(row('a')), ['first', undefined]);
    assert.deepEqual(await name(version), ['second', 3]);
    assert.deepEqual(await name(versionUri(TENANT, 'a', 4, 'first')), ['first', 4]);
    assert.deepEqual(await name({ tenant: TENANT, action: 'first' }), ['first', undefined]);
    assert.deepEqual(await name({ tenant: TENANT, action: 'a', version: 2 }), ['first', 2]);
    assert.deepEqual(await name(), ['second', undefined]);
  });

  it('are the clicked row, not another selected one, for a command that takes one', async () => {
    const { state, row } = await parts();
    const selected = [row('a'), row('b')];
    assert.equal((await targetOf(state, '?', selected[1], selected)).actionId, 'b');
  });

  it('are each selected action once, and no version, for a command that takes several', async () => {
    const { state, row, version } = await parts();
    const [a, b] = [row('a'), row('b')];
    const part: Row = { kind: 'part', id: `${TENANT}/a/#secrets/0/K`, tenant: a.tenant, actionId: 'a', group: 'secrets', name: 'K' };
    const ids = async (...args: unknown[]): Promise<string[]> => (await actionsOf(state, '?', ...args)).map(target => target.actionId);
    assert.deepEqual(await ids(a, [a, version, part, a]), ['a']);
    assert.deepEqual(await ids(b, [a, b]), ['a', 'b']);
    await assert.rejects(ids(version, [version, a]), /is a version/u);
    await assert.rejects(ids(version), /is a version/u);
    await assert.rejects(ids({ tenant: TENANT, action: 'a', version: 2 }), /is a version/u);
    open(versionUri(TENANT, 'a', 4, 'first'));
    await assert.rejects(ids(), /Roll back to v4 instead/u);
  });

  it('are never the open document in place of something that was lost or is not understood', async () => {
    const { state, row } = await parts();
    open(draftUri(TENANT, 'b', 'second'));
    for (const arg of [undefined, { action: 'first' }, null, Uri.parse('file:///x.js'), 7]) {
      await assert.rejects(targetOf(state, '?', arg), UserError);
    }
    const clicked = row('a');
    await assert.rejects(actionsOf(state, '?', clicked, [clicked, undefined]), UserError);
  });

  it('by name are read once where the tenant was not listed before', async () => {
    const calls: string[] = [];
    const one = action('a', { name: 'one' });
    const state = stateOver({
      listActions: () => { calls.push('list'); return Promise.resolve({ items: [one], total: 1 }); },
      getAction: id => { calls.push(id); return Promise.resolve(one); },
    });
    assert.equal((await targetOf(state, '?', { tenant: TENANT, action: 'one' })).actionId, 'a');
    assert.deepEqual(calls, ['list']);
    assert.equal((await targetOf(state, '?', { tenant: TENANT, action: 'one' })).actionId, 'a');
    assert.deepEqual(calls, ['list', 'a'], 'a list that was read before may be older than the name');
  });

  it('are asked for in a list that draws no icon of a tenant', async () => {
    const state = await stateWith(action('a', { name: '$(flame) a', triggers: [{ id: '$(verified) y' }], status: '$(check) fine' }));
    let hide: () => void = () => undefined;
    const pick = { items: [] as readonly QuickPickItem[], activeItems: [], show: () => undefined, dispose: () => undefined, onDidAccept: () => undefined, onDidHide: (told: () => void) => (hide = told) };
    Object.assign(window, { createQuickPick: () => pick });
    const asked = targetOf(state, '?');
    assert.deepEqual(pick.items.map(({ label, description }) => [label, description]), [['\\$(flame) a', '\\$(verified) y · \\$(check) fine']]);
    hide();
    await assert.rejects(asked, Dismissed);
  });

  it('by name are the action that has the name now', async () => {
    const renamed = action('a', { name: 'old' });
    const state = await stateWith(renamed, action('b', { name: 'other' }));
    Object.assign(renamed, { name: 'new' });
    await assert.rejects(targetOf(state, '?', { tenant: TENANT, action: 'old' }), /no action old/u);
    assert.equal((await targetOf(state, '?', { tenant: TENANT, action: 'new' })).actionId, 'a');
    await assert.rejects(targetOf(state, '?', { tenant: 'nowhere', action: 'a' }), /not connected/u);
  });
});
