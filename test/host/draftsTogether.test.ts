/** Several drafts, editors and tenants at once: each save goes where it belongs, once. */
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import { draftUri } from '../../src/ui/uris.ts';
import { startWatchedSimulator } from '../support/simulator.ts';
import type { WatchedSimulator } from '../support/simulator.ts';
import { connect, control, parts, tenant, type, until } from './support.ts';

interface Draft {
  readonly id: string;
  readonly code: string;
  readonly updatedAt: string;
}

describe('drafts that are edited together', () => {
  /** A second tenant, with the same actions, ids included. */
  let other: WatchedSimulator;
  let otherTenant = '';

  before(async () => {
    await control('reset', {});
    await connect();
    other = await startWatchedSimulator({ buildScale: 0 });
    otherTenant = new URL(other.url).host;
    await vscode.commands.executeCommand('auth0Actions.connect', { url: other.url, token: other.token });
    const { state } = await parts();
    await Promise.all([tenant, otherTenant].map(one => state.catalog(one).refresh()));
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    await (await parts()).state.registry.disconnect(otherTenant);
    await other.close();
  });

  async function draft(of: string, name: string): Promise<Draft> {
    const { state } = await parts();
    const api = await state.catalog(of).tenant.api();
    const id = state.catalog(of).list().items.find(action => action.name === name)?.id;
    assert.ok(id, name);
    const { code, updatedAt } = await api.getAction(id);
    return { id, code, updatedAt: updatedAt ?? '' };
  }

  async function open(of: string, name: string, column = vscode.ViewColumn.One): Promise<vscode.TextDocument> {
    const { id } = await draft(of, name);
    const editor = await vscode.window.showTextDocument(draftUri(of, id, name), { viewColumn: column, preview: false });
    return editor.document;
  }

  it('are saved once each by Save All', async () => {
    const documents = [await open(otherTenant, 'enrich-profile'), await open(otherTenant, 'send-welcome')];
    for (const document of documents) {
      await type(document, '// all\n');
    }
    const before = other.count('PATCH');
    await vscode.commands.executeCommand('workbench.action.files.saveAll');
    await until('both to be clean', () => documents.every(document => !document.isDirty));
    assert.deepEqual(await Promise.all(['enrich-profile', 'send-welcome'].map(async name => (await draft(otherTenant, name)).code)), documents.map(document => document.getText()));
    assert.equal(other.count('PATCH') - before, 2);
  });

  it('are one text in a split editor: one save, and both follow', async () => {
    const document = await open(otherTenant, 'sync-crm');
    await open(otherTenant, 'sync-crm', vscode.ViewColumn.Two);
    await type(document, '// split\n');
    const before = other.count('PATCH');
    await vscode.commands.executeCommand('workbench.action.files.saveAll');
    await until('it to be clean', () => !document.isDirty);
    assert.equal(other.count('PATCH') - before, 1);
    const { id, code } = await draft(otherTenant, 'sync-crm');
    assert.equal(code, document.getText());
    const { state } = await parts();
    await (await state.catalog(otherTenant).tenant.api()).updateAction(id, { code: '// theirs\n' });
    await state.catalog(otherTenant).refresh();
    // An output that another suite has shown counts as an editor too.
    const shown = (): string[] => vscode.window.visibleTextEditors.filter(editor => editor.document.uri.authority === otherTenant).map(editor => editor.document.getText());
    await until('both to follow', () => isDeepStrictEqual(shown(), ['// theirs\n', '// theirs\n']));
    assert.equal(document.isDirty, false);
  });

  it('stay apart where two tenants have an action of the same name and id', async () => {
    const [before, theirs] = [await draft(tenant, 'geo-fence'), await draft(otherTenant, 'geo-fence')];
    assert.equal(before.id, theirs.id);
    const [here, there] = [await open(tenant, 'geo-fence'), await open(otherTenant, 'geo-fence', vscode.ViewColumn.Two)];
    await type(here, '// stays here\n');
    await type(there, '// goes there\n');
    assert.ok(await there.save());
    assert.equal((await draft(otherTenant, 'geo-fence')).code, there.getText());
    assert.deepEqual([await draft(tenant, 'geo-fence'), here.isDirty], [before, true]);
    const { drafts } = (await parts()).documents;
    assert.deepEqual(await drafts.pending({ tenantId: tenant, actionId: before.id }), { text: here.getText(), kept: false });
    assert.equal(await drafts.pending({ tenantId: otherTenant, actionId: before.id }), undefined);
    const sent = other.count('PATCH');
    assert.ok(await here.save());
    assert.equal((await draft(tenant, 'geo-fence')).code, here.getText());
    assert.equal(other.count('PATCH'), sent);
  });
});
