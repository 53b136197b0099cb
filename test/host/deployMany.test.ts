/** Several actions at once over HTTP: each has its own end, and one account tells of all. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { asObject } from '../../src/auth0/json.ts';
import type { DeployResult } from '../../src/ui/commands/deploymentEnd.ts';
import type { ManyResult } from '../../src/ui/many/deployMany.ts';
import type { Parts } from '../../src/ui/commands/parts.ts';
import type { Row } from '../../src/ui/tree/rows.ts';
import { draftUri } from '../../src/ui/uris.ts';
import { api, connect, control, createBuilt, parts, rows, tenant, type, until } from './support.ts';

const NAMES = ['batch-1', 'batch-2', 'batch-3', 'batch-4', 'batch-5'] as const;

describe('several deployments', () => {
  // The lane begins with what a free plan allows, and this tenant does not tell its limit.
  let extension: Parts;
  let ids: readonly string[] = [];
  /** Actions that the list has looked at, and what notifications said. */
  const seen = { checked: [] as string[], told: [] as string[] };
  let restore: () => void = () => undefined;

  before(async () => {
    await control('reset', {});
    await control('faults', []);
    await connect();
    extension = await parts();
    const { checks } = extension;
    const find = checks.findingsFor.bind(checks);
    const { showErrorMessage, showWarningMessage, showInformationMessage } = vscode.window;
    checks.findingsFor = async (of, action, code) => {
      const found = await find(of, action, code);
      seen.checked.push(action.id);
      return found;
    };
    // The extension has the same `vscode` as its tests.
    const say = (text: string): Promise<undefined> => {
      seen.told.push(text);
      return Promise.resolve(undefined);
    };
    Object.assign(vscode.window, { showErrorMessage: say, showWarningMessage: say, showInformationMessage: say });
    restore = () => {
      Object.assign(checks, { findingsFor: find });
      Object.assign(vscode.window, { showErrorMessage, showWarningMessage, showInformationMessage });
    };
  });
  after(() => restore());

  beforeEach(async () => {
    await control('reset', {});
    ids = await Promise.all(NAMES.map(name => createBuilt(name)));
    await extension.state.catalog(tenant).refresh();
    seen.checked.length = 0;
    seen.told.length = 0;
  });

  async function selected(): Promise<Row[]> {
    const root = (await rows(extension)).find(one => one.row.id === tenant);
    const all = await rows(extension, root?.row);
    return NAMES.flatMap(name => all.filter(one => one.text.startsWith(`${name} |`)).map(one => one.row));
  }

  /** Opens the list for all five, does something while a person would look at it, and accepts what is ticked. */
  async function accepted(meanwhile: () => Promise<unknown>): Promise<ManyResult | undefined> {
    const targets = await selected();
    assert.equal(targets.length, NAMES.length);
    let over = false;
    const result = Promise.resolve(vscode.commands.executeCommand<ManyResult | undefined>('auth0Actions.deploy', targets[0], targets)).finally(() => {
      over = true;
    });
    await until('the list to be filled', () => ids.every(id => seen.checked.includes(id)));
    await meanwhile();
    const begun = new Set<string>();
    const before = new Set(extension.state.deployments.running().map(({ id }) => id));
    const off = extension.state.deployments.changed.on(({ id }) => (before.has(id) ? undefined : begun.add(id)));
    await until('the answer', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return over || begun.size > 0;
    });
    off();
    return result;
  }

  async function versions(): Promise<number[]> {
    return Promise.all(ids.map(async id => {
      const { versions: made } = await api('GET', `/actions/actions/${id}/versions`).catch((): Record<string, unknown> => ({}));
      return Array.isArray(made) ? made.length : -1;
    }));
  }

  it('end each in its own way: one fails to build, one is deleted meanwhile, the others go live, one with the text that is only here', async () => {
    await control('hold', { action: ids[1], status: 'building' });
    const document = await vscode.workspace.openTextDocument(draftUri(tenant, ids[0] ?? '', NAMES[0]));
    await vscode.window.showTextDocument(document);
    await type(document, '// only here\n');
    const result = await accepted(async () => {
      await control('hold', { action: ids[1], status: 'failed' });
      await api('DELETE', `/actions/actions/${ids[3] ?? ''}`);
    });
    assert.deepEqual(result?.map(one => [one.action, one.outcome]), [['batch-1', 'live'], ['batch-2', 'failed'], ['batch-3', 'live'], ['batch-4', 'failed'], ['batch-5', 'live']]);
    assert.deepEqual(await versions(), [1, 0, 1, -1, 1]);
    assert.equal(document.isDirty, false);
    assert.match(String(asObject((await api('GET', `/actions/actions/${ids[0] ?? ''}`))['deployed_version'])['code']), /^\/\/ only here\n/u);
    assert.deepEqual(seen.told, [`3 of 5 actions went live in ${tenant}: batch-1 v1; batch-3 v1; batch-5 v1. Failed: batch-2 (build failed); batch-4 (action deleted).`]);
  });

  it('leave a draft alone that is another one than was shown', async () => {
    const result = await accepted(() => api('PATCH', `/actions/actions/${ids[2] ?? ''}`, { code: '// somebody else\n' }));
    assert.deepEqual(result?.map(one => one.outcome), ['live', 'live', 'stopped', 'live', 'live']);
    assert.deepEqual(await versions(), [1, 1, 0, 1, 1]);
    assert.deepEqual(seen.told, [`4 of 5 actions went live in ${tenant}: batch-1 v1; batch-2 v1; batch-4 v1; batch-5 v1. Left alone: batch-3 (the draft is another one than was shown).`]);
  });

  it('do not take the deployment that runs already for one of the text that was shown', async () => {
    await control('hold', { action: ids[2], status: 'building' });
    const { deployments } = extension.state;
    const first = vscode.commands.executeCommand<DeployResult>('auth0Actions.deploy', { tenant, action: ids[2] });
    await until('the build', () => deployments.of(tenant, ids[2] ?? '')?.phases.at(-1)?.phase === 'building');
    const document = await vscode.workspace.openTextDocument(draftUri(tenant, ids[2] ?? '', NAMES[2]));
    await vscode.window.showTextDocument(document);
    await type(document, '// only here\n');
    const result = await accepted(() => Promise.resolve());
    await control('hold', { action: ids[2], status: null });
    assert.equal((await first).outcome, 'live');
    assert.deepEqual(result?.map(one => one.outcome), ['live', 'live', 'failed', 'live', 'live']);
    assert.deepEqual([await versions(), document.isDirty], [[1, 1, 1, 1, 1], true]);
    assert.deepEqual(seen.told, [`4 of 5 actions went live in ${tenant}: batch-1 v1; batch-2 v1; batch-4 v1; batch-5 v1. Failed: batch-3 (batch-3 is being deployed to ${tenant}, but not as it is now. Nothing of yours is lost: deploy again when that has ended).`]);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('name what somebody has taken out of its flow meanwhile', async () => {
    const bind = (bindings: readonly unknown[]): Promise<unknown> => api('PATCH', '/actions/triggers/post-login/bindings', { bindings });
    await api('POST', `/actions/actions/${ids[4] ?? ''}/deploy`);
    await until('it to be live', async () => (await api('GET', `/actions/actions/${ids[4] ?? ''}`))['all_changes_deployed'] === true);
    await bind([{ ref: { type: 'action_id', value: ids[4] } }]);
    await api('PATCH', `/actions/actions/${ids[4] ?? ''}`, { code: 'exports.onExecutePostLogin = async () => { /* next */ };' });
    const result = await accepted(() => bind([]));
    assert.deepEqual(result?.map(one => one.outcome), ['live', 'live', 'live', 'live', 'live']);
    assert.deepEqual(seen.told, [`5 of 5 actions went live in ${tenant}: batch-1 v1; batch-2 v1; batch-3 v1; batch-4 v1; batch-5 v2. In no flow, so that nothing runs it: batch-5.`]);
  });

  it('are stopped together, with nothing sent for those that were being built', async () => {
    for (const id of ids.slice(2)) {
      await control('hold', { action: id, status: 'building' });
    }
    const { deployments } = extension.state;
    const stopped = until('three that build', () => deployments.running().length === 3 && deployments.running().every(one => one.phases.at(-1)?.phase === 'building'))
      .then(async () => vscode.commands.executeCommand('auth0Actions.cancelDeployment', ...(await selected().then(targets => [targets[2], targets.slice(2)]))));
    const result = await accepted(() => Promise.resolve());
    await stopped;
    assert.deepEqual(result?.map(one => one.outcome), ['live', 'live', 'stopped', 'stopped', 'stopped']);
    assert.deepEqual(await versions(), [1, 1, 0, 0, 0]);
    assert.deepEqual(seen.told, [`2 of 5 actions went live in ${tenant}: batch-1 v1; batch-2 v1. Stopped, with nothing sent: batch-3; batch-4; batch-5.`]);
  });
});
