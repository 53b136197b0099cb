/** Completion, hover and signature help in real documents, as VS Code asks for them. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, connect, control, createBuilt, parts, tenant } from './support.ts';

const CODE = `exports.onExecutePostLogin = async (event, api) => {
  const { user } = event;
  api.idToken.setCustomClaim('plan', user.app_metadata.plan);
  event.secrets.CRM_KEY;
  event.
};
`;

describe('knowing the API in a document', () => {
  let id = '';
  before(async () => {
    await control('reset', {});
    await control('faults', []);
    await connect();
    id = await createBuilt('knows-the-api', CODE);
    await api('PATCH', `/actions/actions/${id}`, { secrets: [{ name: 'CRM_KEY', value: 'registered-nowhere' }] });
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await (await parts()).state.registry.disconnect(tenant);
  });

  async function open(command: string, args: object = {}): Promise<vscode.TextDocument> {
    await vscode.commands.executeCommand(command, { tenant, action: id, ...args });
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.getText(), CODE);
    return document;
  }

  /** The place after a piece of the code. */
  function after_(document: vscode.TextDocument, piece: string): vscode.Position {
    const at = document.getText().indexOf(piece);
    assert.ok(at >= 0, piece);
    return document.positionAt(at + piece.length);
  }

  const label = (item: vscode.CompletionItem): string => typeof item.label === 'string' ? item.label : item.label.label;

  async function offered(document: vscode.TextDocument, piece: string): Promise<vscode.CompletionItem[]> {
    const list = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, after_(document, piece), '.');
    console.log(piece, list.items.map(one => `${label(one)}:${one.kind}`).join(' ').slice(0, 600));
    return list.items;
  }

  it('offers the members of event once, and nothing beside them', async () => {
    const document = await open('auth0Actions.openDraft');
    const items = await offered(document, '  event.');
    await offered(document, 'user.');
    await offered(document, 'user.app_metadata.');
    await offered(document, 'event.secrets.');
  });
});
