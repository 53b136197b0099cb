/** Completion, hover and signature help in real documents, as VS Code asks for them, beside its own TypeScript support. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, connect, control, createBuilt, parts, tenant, until } from './support.ts';

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

describe('knowing the API in a document', () => {
  // VS Code's own TypeScript server starts with the first question, which waits for it.
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

/** Files of auth0-deploy-cli in the workspace, which say by themselves what they are. */
describe('knowing the API in a repository', () => {
  const local = (body = ''): string => `exports.onExecutePostLogin = async (event, api) => {\n${body}  event.secrets.\n  event.\n};\n`;
  const description = (change: Readonly<Record<string, unknown>> = {}): string => JSON.stringify({ name: 'enrich', code: './actions/enrich/code.js', runtime: 'node22', dependencies: [], secrets: [{ name: 'CRM_KEY', value: '##CRM_KEY##' }], supported_triggers: [{ id: 'post-login', version: 'v3' }], ...change });

  function place(path: string): vscode.Uri {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    return vscode.Uri.joinPath(folder.uri, path);
  }

  async function write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      await vscode.workspace.fs.writeFile(place(path), new TextEncoder().encode(text));
    }
  }

  async function openFile(path: string): Promise<vscode.TextDocument> {
    return (await vscode.window.showTextDocument(place(path), { preview: false })).document;
  }

  /** Labels of what is offered behind `event.secrets.`. */
  async function secrets(path: string): Promise<string[]> {
    return (await offered(await openFile(path), 'event.secrets.')).map(label);
  }

  before(async () => {
    await parts();
    await write({
      'json/actions/enrich.json': description(),
      'json/actions/enrich/code.js': local(),
      'json/actions/enrich/current_version/code.js': local(),
      'json/actions/enrich/helper.js': local(),
      'json/actions/moved.json': description({ name: 'moved', code: 'lib\\moved.js', secrets: [{ name: 'MOVED' }] }),
      'json/lib/moved.js': local(),
      'yaml/tenant.yaml': 'tenant:\n  flags: @@FLAGS@@\nactions:\n  - name: notify\n    code: ./actions/notify/code.js\n    secrets:\n      - name: HOOK\n        value: ##HOOK##\n    supported_triggers:\n      - id: post-login\n        version: v2\n',
      'yaml/actions/notify/code.js': local(),
      'plain/actions/enrich/code.js': local(),
      'plain/code.js': local(),
      'plain/types.d.ts': 'export interface Shared { sharedMember: string }\n',
      'plain/typed.js': `/** @param {import('./types').Shared} shared */\nexports.use = shared => {\n  shared.\n};\n`,
      'hostile/inner/actions/outside.json': description({ code: '../outside.js' }),
      'hostile/inner/actions/absolute.json': description({ code: place('hostile/outside.js').path }),
      'hostile/inner/actions/broken.json': '{"name": "broken", "supported_triggers": [',
      'hostile/inner/actions/broken/code.js': local(),
      'hostile/inner/actions/odd.json': description({ name: 'odd', code: './actions/odd/code.js', secrets: [null, 7, { name: '$(alert) [x](command:y)' }, { name: { a: 1 } }] }),
      'hostile/inner/actions/odd/code.js': local(),
      'hostile/inner/actions/large.json': description({ code: './actions/large/code.js', padding: 'x'.repeat(300_000) }),
      'hostile/inner/actions/large/code.js': local(),
      'hostile/inner/tenant.yaml': `actions: &a [*a, ${'['.repeat(5000)}`,
      'hostile/outside.js': local(),
      'typed/actions/enrich.json': description(),
      'typed/actions/enrich/code.js': `/** @import {Event, PostLoginAPI} from "@auth0/actions/post-login/v3" */\n\n/**\n * @param {Event} event\n * @param {PostLoginAPI} api\n */\n${local()}`,
      'typed/actions/inline.json': description({ code: './actions/inline/code.js' }),
      'typed/actions/inline/code.js': `/** @param {import('@auth0/actions/post-login/v3').Event} event */\n${local()}`,
      'typed/actions/alias.json': description({ code: './actions/alias/code.js' }),
      'typed/actions/alias/code.js': `/** @typedef {import('@auth0/actions/post-login/v3').Event} LoginEvent */\n\n/** @param {LoginEvent} event */\n${local()}`,
      'typed/actions/unnamed.json': description({ code: './actions/unnamed/code.js' }),
      'typed/actions/unnamed/code.js': local(),
      'typed/actions/own.json': description({ code: './actions/own/code.js' }),
      'typed/actions/own/code.js': `/** @typedef {{ ownMember: string }} OwnEvent */\n\n/** @param {OwnEvent} event */\n${local()}`,
      'typed/actions/shared.json': description({ code: './actions/shared/code.js' }),
      'typed/actions/shared/code.js': `/** @import {SharedEvent} from "../types" */\n\n/** @param {SharedEvent} event */\n${local()}`,
      'typed/actions/types.d.ts': 'export interface SharedEvent { sharedMember: string }\n',
      'untyped/actions/enrich.json': description(),
      'untyped/actions/enrich/code.js': `/** @import {Event} from "@auth0/actions/post-login/v3" */\n\n/** @param {Event} event */\n${local()}`,
      'typed/node_modules/@auth0/actions/package.json': '{ "name": "@auth0/actions", "version": "0.0.0" }',
      'typed/node_modules/@auth0/actions/post-login/v3.d.ts': 'export interface Event { installedMember: string; secrets: { installedSecret: string } }\nexport interface PostLoginAPI { installedMethod(): void }\n',
    });
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const path of ['json', 'yaml', 'plain', 'hostile', 'typed', 'untyped']) {
      await vscode.workspace.fs.delete(place(path), { recursive: true });
    }
  });

  /** Whether VS Code's own TypeScript support reads types from other files at all here, which the server of VS Code 1.100 does not. What ours says must not depend on it. */
  async function readsOtherFiles(): Promise<boolean> {
    return (await offered(await openFile('plain/typed.js'), 'shared.')).some(item => label(item) === 'sharedMember');
  }

  it('follows the description beside the code', async () => {
    const document = await openFile('json/actions/enrich/code.js');
    const labels = (await offered(document, '\n  event.')).map(label);
    assert.deepEqual(labels.slice(0, 4), ['agent?', 'authentication?', 'authorization?', 'client']);
    assert.deepEqual(labels.filter((one, index) => labels.indexOf(one) !== index), []);
    assert.deepEqual(await secrets('json/actions/enrich/code.js'), ['CRM_KEY']);
    assert.deepEqual(await secrets('json/actions/enrich/current_version/code.js'), ['CRM_KEY']);
  });

  it('follows the path of the code, and tenant.yaml', async () => {
    assert.deepEqual(await secrets('json/lib/moved.js'), ['MOVED']);
    assert.deepEqual(await secrets('yaml/actions/notify/code.js'), ['HOOK']);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', place('yaml/actions/notify/code.js'), new vscode.Position(1, 3));
    const texts = hovers.flatMap(hover => hover.contents).map(content => (content as vscode.MarkdownString).value);
    assert.ok(texts.some(text => text.includes('post-login v2')), texts.join('\n'));
  });

  it('says nothing of other files, and asks no tenant', async () => {
    for (const path of ['json/actions/enrich/helper.js', 'plain/actions/enrich/code.js', 'plain/code.js']) {
      assert.deepEqual(await secrets(path), [], path);
    }
    assert.deepEqual((await parts()).state.catalogs(), []);
  });

  it('says nothing where a description is hostile, and takes names as they are', async () => {
    for (const path of ['hostile/outside.js', 'hostile/inner/actions/broken/code.js', 'hostile/inner/actions/large/code.js']) {
      assert.deepEqual(await secrets(path), [], path);
    }
    assert.deepEqual(await secrets('hostile/inner/actions/odd/code.js'), ['\\$(alert) [x](command:y)']);
  });

  it('follows a description that changes', async () => {
    await write({ 'json/actions/enrich.json': description({ secrets: [{ name: 'LATER' }] }) });
    assert.ok(await until('the new secret', async () => (await secrets('json/actions/enrich/code.js')).includes('LATER') ? true : undefined));
    await vscode.workspace.fs.delete(place('json/actions/enrich.json'));
    assert.ok(await until('no secret', async () => (await secrets('json/actions/enrich/code.js')).length === 0 ? true : undefined));
  });

  for (const name of ['enrich', 'inline', 'alias'] as const) {
    it(`leaves it to the project's own types, where ${name} names them`, async () => {
      const items = (await offered(await openFile(`typed/actions/${name}/code.js`), '\n  event.')).map(label);
      assert.deepEqual(items, (await readsOtherFiles()) ? ['installedMember', 'secrets'] : []);
      assert.deepEqual(await secrets(`typed/actions/${name}/code.js`), (await readsOtherFiles()) ? ['installedSecret'] : []);
    });
  }

  it('answers where types are installed and not named, or named and not installed', async () => {
    assert.deepEqual(await secrets('typed/actions/unnamed/code.js'), ['CRM_KEY']);
    assert.deepEqual(await secrets('untyped/actions/enrich/code.js'), ['CRM_KEY']);
  });

  it('leaves it to a type of the file, or of another one', async () => {
    assert.deepEqual((await offered(await openFile('typed/actions/own/code.js'), '\n  event.')).map(label), ['ownMember']);
    assert.deepEqual((await offered(await openFile('typed/actions/shared/code.js'), '\n  event.')).map(label), (await readsOtherFiles()) ? ['sharedMember'] : []);
  });
});

/** A file that no description knows: what its tenant has is known all the same. */
describe('knowing the API in a file that is linked', () => {
  const code = 'exports.onExecutePostLogin = async (event, api) => {\n  event.secrets.\n};\n';
  const typed = `/** @param {import('@auth0/actions/post-login/v3').Event} event */\n${code}`;
  const name = 'linked-without-description';

  function place(path: string): vscode.Uri {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    return vscode.Uri.joinPath(folder.uri, 'linked', path);
  }

  async function secrets(path: string): Promise<string[]> {
    return (await offered((await vscode.window.showTextDocument(place(path), { preview: false })).document, 'event.secrets.')).map(label);
  }

  const setting = (files: Readonly<Record<string, string>> | undefined): Thenable<void> => vscode.workspace.getConfiguration('auth0Actions', place('')).update('files', files, vscode.ConfigurationTarget.Workspace);

  before(async () => {
    await control('reset', {});
    await connect();
    const id = await createBuilt(name, code);
    await api('PATCH', `/actions/actions/${id}`, { secrets: [{ name: 'CRM_KEY', value: 'not-a-secret' }] });
    await (await parts()).state.catalog(tenant).refresh();
    await vscode.commands.executeCommand('auth0Actions.setFolderTenant', { tenant });
    const files = { 'by-setting.js': code, 'by-person.js': code, 'none.js': code, 'typed.js': typed, 'node_modules/@auth0/actions/post-login/v3.d.ts': 'export interface Event { secrets: { installedSecret: string } }\n', 'node_modules/@auth0/actions/package.json': '{ "name": "@auth0/actions", "version": "0.0.0" }' };
    for (const [path, text] of Object.entries(files)) {
      await vscode.workspace.fs.writeFile(place(path), new TextEncoder().encode(text));
    }
    await setting({ 'linked/by-setting.js': name, 'linked/typed.js': name });
    await vscode.commands.executeCommand('auth0Actions.linkFile', { file: place('by-person.js'), action: name, tenant });
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('auth0Actions.unlinkFile', { file: place('by-person.js') });
    await setting(undefined);
    await vscode.workspace.fs.delete(place(''), { recursive: true });
    await (await parts()).state.registry.disconnect(tenant);
  });

  it('knows the action that the setting or a person names', async () => {
    assert.deepEqual(await secrets('by-setting.js'), ['CRM_KEY']);
    assert.deepEqual(await secrets('by-person.js'), ['CRM_KEY']);
    assert.deepEqual(await secrets('none.js'), []);
  });

  it('leaves it to types that the project has installed', async () => {
    assert.ok(!(await secrets('typed.js')).includes('CRM_KEY'));
  });
});
