/** A deploy of a text that is only here, where somebody else has changed the draft meanwhile: one question, and what each answer does. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { asObject } from '../../src/auth0/json.ts';
import { draftUri } from '../../src/ui/uris.ts';
import { answered } from './answers.ts';
import { api, connect, control, createBuilt, parts, tenant, type } from './support.ts';

const CODE = 'exports.onExecutePostLogin = async () => {};\n';
const THEIRS = `// theirs\n${CODE}`;

describe('a deploy of a draft that somebody else has changed', () => {
  before(async () => {
    await control('reset', {});
    await connect();
    await vscode.commands.executeCommand('auth0Actions.setFolderTenant', { tenant });
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => (await parts()).state.registry.disconnect(tenant));

  /** What the tenant has: the draft's code, and that of the live version. */
  async function codes(id: string): Promise<unknown[]> {
    const action = await api('GET', `/actions/actions/${id}`);
    return [action['code'], asObject(action['deployed_version'])['code']];
  }

  /** Deploys, answers the one question, and resolves to what became of it. */
  async function deploy(uri: vscode.Uri, answer: string): Promise<unknown> {
    let result: unknown;
    const [question, ...more] = (await answered([answer], async () => {
      result = await vscode.commands.executeCommand('auth0Actions.deploy', uri);
    })).filter(one => one.kind !== 'information');
    assert.deepEqual([question?.buttons, more], [['Compare', 'Overwrite and Deploy', 'Take Theirs'], []]);
    return (result as { outcome?: unknown }).outcome;
  }

  /** A draft with a text here that begins from another code than the tenant has now. */
  async function edited(name: string): Promise<{ readonly id: string; readonly document: vscode.TextDocument }> {
    const id = await createBuilt(name, CODE);
    const { document } = await vscode.window.showTextDocument(draftUri(tenant, id, name));
    await type(document, '// mine\n');
    await api('PATCH', `/actions/actions/${id}`, { code: THEIRS });
    return { id, document };
  }

  it('replaces theirs by Overwrite and Deploy', async () => {
    const { id, document } = await edited('overwritten');
    assert.equal(await deploy(document.uri, 'Overwrite and Deploy'), 'live');
    assert.deepEqual(await codes(id), [`// mine\n${CODE}`, `// mine\n${CODE}`]);
    assert.equal(document.isDirty, false);
  });

  it('shows theirs by Take Theirs, and deploys nothing; Undo brings back what was typed', async () => {
    const { id, document } = await edited('taken');
    assert.equal(await deploy(document.uri, 'Take Theirs'), 'stopped');
    assert.deepEqual([document.getText(), document.isDirty, await codes(id)], [THEIRS, false, [THEIRS, undefined]]);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), `// mine\n${CODE}`);
  });

  it('puts theirs into a file by Take Theirs', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    const root = vscode.Uri.joinPath(folder.uri, 'conflict');
    const file = vscode.Uri.joinPath(root, 'actions/taken-into/code.js');
    const write = (uri: vscode.Uri, text: string): Thenable<void> => vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    const id = await createBuilt('taken-into', THEIRS);
    await write(vscode.Uri.joinPath(root, 'actions/taken-into.json'), JSON.stringify({ name: 'taken-into', code: './actions/taken-into/code.js', runtime: 'node22', dependencies: [], secrets: [], supported_triggers: [{ id: 'post-login', version: 'v3' }] }));
    await write(file, CODE);
    try {
      assert.equal(await deploy(file, 'Take Theirs'), 'stopped');
      assert.deepEqual([new TextDecoder().decode(await vscode.workspace.fs.readFile(file)), await codes(id)], [THEIRS, [THEIRS, undefined]]);
    } finally {
      await vscode.workspace.fs.delete(root, { recursive: true });
    }
  });
});
