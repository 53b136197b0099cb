/** Completion, hover and signature help in real documents, as VS Code asks for them, beside its own TypeScript support. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, connect, control, createBuilt, parts, tenant } from './support.ts';

const CODE = `/**
 * @param {Event} event
 * @param {PostLoginAPI} api
 */
exports.onExecutePostLogin = async (event, api) => {
  const { user } = event;
  api.idToken.setCustomClaim('plan', user.app_metadata.plan);
  event.secrets.
  event.
};
`;

describe('knowing the API in a document', function () {
  // VS Code's own TypeScript server starts with the first question, which waits for it.
  this.timeout(60_000);
  let id = '';

  before(async () => {
    await control('reset', {});
    await control('faults', []);
    await connect();
    id = await createBuilt('knows-the-api', CODE);
    await api('PATCH', `/actions/actions/${id}`, { secrets: [{ name: 'CRM_KEY', value: 'not-a-secret' }, { name: '$(alert)', value: 'not-a-secret' }] });
    await vscode.commands.executeCommand('auth0Actions.deploy', { tenant, action: id });
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await (await parts()).state.registry.disconnect(tenant);
  });

  async function open(command: string, version?: number): Promise<vscode.TextDocument> {
    await vscode.commands.executeCommand(command, { tenant, action: id, ...(version === undefined ? {} : { version }) });
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.getText(), CODE);
    return document;
  }

  function behind(document: vscode.TextDocument, piece: string): vscode.Position {
    const at = document.getText().indexOf(piece);
    assert.ok(at >= 0, piece);
    return document.positionAt(at + piece.length);
  }

  const label = (item: vscode.CompletionItem): string => typeof item.label === 'string' ? item.label : item.label.label;

  /** What is offered behind a piece of the code, but for the words of the file, which VS Code offers after any dot. */
  async function offered(document: vscode.TextDocument, piece: string): Promise<vscode.CompletionItem[]> {
    const list = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, behind(document, piece), '.');
    return list.items.filter(item => item.kind !== vscode.CompletionItemKind.Text).sort((a, b) => ((a.sortText ?? label(a)) < (b.sortText ?? label(b)) ? -1 : 1));
  }

  for (const [what, command, version] of [['a draft', 'auth0Actions.openDraft', undefined], ['a version', 'auth0Actions.openVersion', 1]] as const) {
    it(`offers members of event in ${what}, each once and first`, async () => {
      const labels = (await offered(await open(command, version), '\n  event.')).map(label);
      assert.deepEqual(labels.slice(0, 4), ['agent?', 'authentication?', 'authorization?', 'client']);
      assert.deepEqual(labels.filter((one, index) => labels.indexOf(one) !== index), []);
    });
  }

  it('offers secrets by name, as they are', async () => {
    const items = await offered(await open('auth0Actions.openDraft'), 'event.secrets.');
    assert.deepEqual(items.map(label), ['\\$(alert)', 'CRM_KEY']);
    assert.deepEqual(items.map(item => item.insertText), ["['$(alert)']", 'CRM_KEY']);
  });

  it('explains a word', async () => {
    const document = await open('auth0Actions.openDraft');
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, behind(document, 'setCustom'));
    const texts = hovers.flatMap(hover => hover.contents).map(content => (content as vscode.MarkdownString).value);
    assert.ok(texts.some(text => text.includes('api.idToken.setCustomClaim(key: string, value: unknown)') && text.includes('ID token') && text.includes('post-login v3')), texts.join('\n'));
  });

  it('says which parameter is being written', async () => {
    const document = await open('auth0Actions.openDraft');
    const help = await vscode.commands.executeCommand<vscode.SignatureHelp | undefined>('vscode.executeSignatureHelpProvider', document.uri, behind(document, "'plan', "), ',');
    assert.deepEqual([help?.signatures[0]?.label, help?.activeParameter], ['setCustomClaim(key: string, value: unknown): PostLoginAPI', 1]);
  });

  it('says nothing in other documents', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'javascript', content: CODE });
    assert.ok(!(await offered(document, '\n  event.')).some(item => label(item) === 'authentication?'));
  });
});
