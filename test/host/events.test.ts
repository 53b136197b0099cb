/** Events as files and in the extension's storage, and their schema. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { connect, control, createBuilt, parts, tenant, until } from './support.ts';

const CODE = 'exports.onExecutePostLogin = async (event, api) => {};\n';

describe('events', () => {
  const place = (path: string): vscode.Uri => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    return vscode.Uri.joinPath(folder.uri, path);
  };
  const write = (path: string, text: string): Thenable<void> => vscode.workspace.fs.writeFile(place(path), new TextEncoder().encode(text));
  const readText = async (uri: vscode.Uri): Promise<string> => new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));

  before(async () => {
    await control('reset', {});
    await control('faults', []);
    await connect();
    await write('kept/actions/refuse.json', JSON.stringify({ name: 'refuse', code: './actions/refuse/code.js', secrets: [], supported_triggers: [{ id: 'post-login', version: 'v3' }] }));
    await write('kept/actions/refuse/code.js', CODE);
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    await vscode.workspace.fs.delete(place('kept'), { recursive: true });
    await (await parts()).state.registry.disconnect(tenant);
  });

  it('a new event of a file lies beside the code, names its schema, and has the sample of the trigger', async () => {
    const uri = await vscode.commands.executeCommand<vscode.Uri>('auth0Actions.newEvent', place('kept/actions/refuse/code.js'), 'first login');
    assert.equal(uri.path, place('kept/actions/refuse/events/first login.json').path);
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), uri.toString());
    const event = JSON.parse(await readText(uri)) as Record<string, unknown>;
    assert.equal(event['$schema'], 'auth0-actions-schema://event/post-login/v3.json');
    assert.ok('client' in event && !('secrets' in event));
    // Once more would overwrite it: a person is told, and nothing happens.
    assert.equal(await vscode.commands.executeCommand('auth0Actions.newEvent', place('kept/actions/refuse/code.js'), 'First Login'), undefined);
    assert.equal(await vscode.commands.executeCommand('auth0Actions.newEvent', place('kept/actions/refuse/code.js'), '../../out'), undefined);
    assert.equal(await vscode.commands.executeCommand('auth0Actions.newEvent', place('kept/elsewhere.js'), 'x'), undefined);
  });

  it("VS Code's JSON support offers and checks by the schema", async () => {
    const uri = place('kept/actions/refuse/events/schema.json');
    await write('kept/actions/refuse/events/schema.json', '{\n  "$schema": "auth0-actions-schema://event/post-login/v3.json",\n  "stats": { "logins_count": "x" },\n  "clinet": {},\n  "expect": { "calls": [{ "method": "" }] },\n  \n}\n');
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const said = await until('the checks of the schema', () => {
      const messages = vscode.languages.getDiagnostics(uri).map(one => `${one.range.start.line} ${one.message}`);
      return messages.some(message => message.includes('clinet')) ? messages : undefined;
    });
    assert.ok(said.some(message => message.startsWith('2 ') && message.includes('number')), said.join('\n'));
    assert.ok(said.some(message => message.startsWith('4 ') && message.includes('api.access.deny')), said.join('\n'));
    const offers = async (line: number, character: number): Promise<string[]> => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', uri, new vscode.Position(line, character));
      return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    };
    const keys = await offers(5, 2);
    assert.ok(['user', 'request', 'transaction', 'continue'].every(key => keys.includes(key)), keys.join());
    const methods = await offers(4, document.lineAt(4).text.indexOf('""') + 1);
    assert.ok(methods.some(method => method.includes('api.access.deny')), methods.join());
    await vscode.workspace.fs.delete(uri);
  });

  it('a file without a schema is offered one, and has nothing wrong; an unknown address is no schema', async () => {
    const uri = place('kept/actions/refuse/events/plain.json');
    await write('kept/actions/refuse/events/plain.json', '{\n  "$schema": \n}\n');
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const offered = await until('the schemas', async () => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', uri, new vscode.Position(1, 13));
      const texts = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
      return texts.some(text => text.includes('post-login/v3')) ? texts : undefined;
    });
    assert.ok(offered.some(text => text.includes('post-login/v1')), offered.join());
    const edit = new vscode.WorkspaceEdit();
    edit.replace(uri, document.lineAt(1).range, '  "expect": 1,\n  "whatever": true');
    await vscode.workspace.applyEdit(edit);
    await until('nothing to be wrong', () => (vscode.languages.getDiagnostics(uri).length === 0 ? true : undefined));
    await document.save();
    for (const address of ['auth0-actions-schema://event/A.json', 'auth0-actions-schema://other/post-login.json', 'auth0-actions-schema://event/a/b/c.json']) {
      await assert.rejects(Promise.resolve(vscode.workspace.openTextDocument(vscode.Uri.parse(address))), address);
    }
    await assert.rejects(Promise.resolve(vscode.workspace.fs.writeFile(vscode.Uri.parse('auth0-actions-schema://event/any.json'), new Uint8Array())));
    await vscode.workspace.fs.delete(uri);
  });

  it('an event in the storage that names no schema has what all have', async () => {
    const id = await createBuilt('no-schema');
    const uri = await vscode.commands.executeCommand<vscode.Uri>('auth0Actions.newEvent', { tenant, action: id, name: 'plain' });
    await (await parts()).runs.keep(uri, { tenantId: tenant, actionId: id, event: 'plain' }, JSON.stringify({ whatever: 1, expect: { exactly: 'yes' } }));
    await until('the check of what is expected', () => (vscode.languages.getDiagnostics(uri).length === 1 ? true : undefined));
    assert.match(vscode.languages.getDiagnostics(uri)[0]?.message ?? '', /boolean/u);
  });
});
