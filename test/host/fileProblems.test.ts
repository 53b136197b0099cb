/** Problems of actions on the files of the workspace that are their code, against the simulated tenant. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { draftUri } from '../../src/ui/uris.ts';
import type { Parts } from '../../src/ui/commands/parts.ts';
import { api, connect, control, createBuilt, parts, tenant, type, until } from './support.ts';

const CODE = "const axios = require('axios');\nexports.onExecutePostLogin = async (event) => {\n  await axios.get(event.secrets.WEBHOOK);\n};\n";
const DEPENDENCIES = [{ name: 'axios', version: '1.7.9' }];

describe('problems of files of the workspace', () => {
  let extension: Parts;
  let count = 0;

  before(async () => {
    extension = await parts();
    await control('reset', {});
    await control('faults', []);
    await connect();
    await command('setFolderTenant', { tenant });
  });
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
  after(async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder.uri, 'problems'), { recursive: true });
  });

  const command = <T>(id: string, ...args: unknown[]): Promise<T> => Promise.resolve(vscode.commands.executeCommand<T>(`auth0Actions.${id}`, ...args));

  async function write(path: string, text: string): Promise<vscode.Uri> {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    const uri = vscode.Uri.joinPath(folder.uri, 'problems', path);
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    return uri;
  }

  /** An action whose draft is built, and a file that a person has linked to it. */
  async function actionWithFile({ code = CODE, text = code, dependencies = DEPENDENCIES }: { code?: string; text?: string; dependencies?: typeof DEPENDENCIES } = {}): Promise<{ readonly id: string; readonly name: string; readonly file: vscode.Uri }> {
    count += 1;
    const name = `problem-of-file-${count}`;
    const id = await createBuilt(name, code);
    await api('PATCH', `/actions/actions/${id}`, { dependencies });
    await until(`${name} to be built`, async () => ((await api('GET', `/actions/actions/${id}`))['status'] === 'built' ? true : undefined));
    const file = await write(`${name}.js`, text);
    await command('linkFile', { file, action: name, tenant });
    await extension.state.catalog(tenant).refresh();
    return { id, name, file };
  }

  /** `scheme code line:column` of everything of ours on an action's documents and files. */
  function published(id: string, ...files: readonly vscode.Uri[]): string[] {
    const paths = new Set(files.map(String));
    return vscode.languages.getDiagnostics().flatMap(([uri, list]) => (uri.path.startsWith(`/${id}/`) || paths.has(uri.toString()) ? list.filter(one => one.source === 'auth0')
      .map(one => `${paths.has(uri.toString()) ? 'file' : uri.path.split('/')[2] ?? ''} ${String(typeof one.code === 'object' ? one.code.value : one.code)} ${one.range.start.line}:${one.range.start.character}`) : [])).sort();
  }

  async function untilPublished(expected: readonly string[], id: string, ...files: readonly vscode.Uri[]): Promise<void> {
    let last: string[] = [];
    await until(`the problems ${expected.join(', ')}`, () => {
      last = published(id, ...files);
      return JSON.stringify(last) === JSON.stringify([...expected].sort()) ? true : undefined;
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}; there are: ${last.join(', ')}`);
    });
  }

  /** Opens a document as a person does: one that code has opened stays open for minutes. */
  async function open(uri: vscode.Uri): Promise<vscode.TextDocument> {
    await vscode.commands.executeCommand('vscode.open', uri, { preview: false });
    return until('the document', () => vscode.window.visibleTextEditors.find(editor => editor.document.uri.toString() === uri.toString())?.document);
  }

  /** Deploys a file whose build fails. */
  async function failToBuild(id: string, file: vscode.Uri): Promise<void> {
    await command('pushFile', { file });
    await control('hold', { action: id, status: 'failed' });
    assert.deepEqual(await command('deploy', { file }), { outcome: 'failed', errors: [] });
  }

  it('of a failed build stand on the line of the file, stay there while it is edited, and go with the next result', async () => {
    const { id, name, file } = await actionWithFile();
    await failToBuild(id, file);
    await untilPublished(['file build_failed 0:0', 'file dependency 0:23'], id, file);
    assert.equal(extension.problems.place(tenant, id)?.toString(), file.toString());
    await extension.problems.show(tenant, id);
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), file.toString(), 'Show Problem leads to the file');
    const document = await open(file);
    await type(document, '// edited\n');
    await document.save();
    await open(draftUri(tenant, id, name));
    // Each of the two has the text that it is checked for; the build's own problems are on one of them.
    await untilPublished(['file build_failed 0:0', 'file dependency 0:23', 'file secret-undefined 3:32', 'draft secret-undefined 2:32'], id, file);
    await control('hold', { action: id, status: null });
    await until('the build', async () => ((await api('GET', `/actions/actions/${id}`))['status'] === 'built' ? true : undefined));
    await command('pushFile', { file });
    await until('the next build', async () => ((await api('GET', `/actions/actions/${id}`))['status'] === 'built' ? true : undefined));
    const found = extension.state.registry.find(tenant);
    assert.ok(found);
    extension.problems.draft(found, await extension.state.catalog(tenant).refreshAction(id));
    await untilPublished(['file secret-undefined 3:32'], id, file);
  });

  it('of a code that the file does not hold are on the draft, and move when it does', async () => {
    const { id, file } = await actionWithFile();
    await failToBuild(id, file);
    await untilPublished(['file build_failed 0:0', 'file dependency 0:23'], id, file);
    await command('unlinkFile', { file });
    await untilPublished(['draft build_failed 0:0', 'draft dependency 0:23'], id, file);
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(`// other\n${CODE}`));
    await command('linkFile', { file, action: `problem-of-file-${count}`, tenant });
    await untilPublished(['draft build_failed 0:0', 'draft dependency 0:23'], id, file);
    const second = await write(`problem-of-file-${count}-again.js`, CODE.replaceAll('\n', '\r\n'));
    await command('linkFile', { file: second, action: `problem-of-file-${count}`, tenant });
    await untilPublished(['file build_failed 0:0', 'file dependency 0:23'], id, second);
    assert.deepEqual(published(id, file), [], 'the one of two files that holds the code');
    await command('unlinkFile', { file: second });
    await untilPublished(['draft build_failed 0:0', 'draft dependency 0:23'], id, second);
    await control('hold', { action: id, status: null });
  });

  it('go back to the draft when the folder gets another tenant', async () => {
    const { id, file } = await actionWithFile();
    await failToBuild(id, file);
    await untilPublished(['file build_failed 0:0', 'file dependency 0:23'], id, file);
    const { local } = await extension.local.get();
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    try {
      await local.linked.setTenant(folder, 'other.eu.auth0.com');
      await untilPublished(['draft build_failed 0:0', 'draft dependency 0:23'], id, file);
    } finally {
      await local.linked.setTenant(folder, tenant);
    }
    await untilPublished(['file build_failed 0:0', 'file dependency 0:23'], id, file);
    await control('hold', { action: id, status: null });
  });

  it('that the checks find are shown while a file is edited, once where the draft holds the same', async () => {
    const { id, name, file } = await actionWithFile({ dependencies: [] });
    const document = await open(file);
    await untilPublished(['file require-unknown 0:23', 'file secret-undefined 2:32'], id, file);
    const draft = await open(draftUri(tenant, id, name));
    await type(draft, '\n');
    await untilPublished(['file require-unknown 0:23', 'file secret-undefined 2:32', 'draft require-unknown 1:23', 'draft secret-undefined 3:32'], id, file);
    await vscode.commands.executeCommand('undo');
    await untilPublished(['file require-unknown 0:23', 'file secret-undefined 2:32'], id, file);
    await type(document, '\n');
    await untilPublished(['file require-unknown 1:23', 'file secret-undefined 3:32', 'draft require-unknown 0:23', 'draft secret-undefined 2:32'], id, file);
    await command('unlinkFile', { file });
    await untilPublished(['draft require-unknown 0:23', 'draft secret-undefined 2:32'], id, file);
    await document.save();
  });

  it('that the checks find can be mended in the file, and in its tenant', async () => {
    const { id, file } = await actionWithFile({ code: `import fs from 'node:fs';\n${CODE}`, dependencies: [] });
    const document = await open(file);
    await untilPublished(['file require-unknown 1:23', 'file secret-undefined 3:32', 'file syntax-module 0:0'], id, file);
    const offered = async (line: number): Promise<vscode.CodeAction | undefined> => (await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, document.lineAt(line).range)).find(one => one.command?.command.startsWith('auth0Actions.') === true || one.title.startsWith('Change to'));
    assert.deepEqual((await offered(1))?.command, { title: 'Add the dependency axios…', command: 'auth0Actions.addDependency', arguments: [draftUri(tenant, id, id), { name: 'axios' }] });
    assert.deepEqual((await offered(3))?.command?.arguments, [draftUri(tenant, id, id), { name: 'WEBHOOK' }]);
    const change = await offered(0);
    assert.ok(change?.edit && await vscode.workspace.applyEdit(change.edit));
    await untilPublished(['file require-unknown 1:23', 'file secret-undefined 3:32'], id, file);
    await document.save();
  });

  it('come from what the repository says where the tenant has no such action, and marks are none', async () => {
    const description = { name: 'only-described', code: './actions/only-described/code.js', runtime: 'node22', dependencies: [], secrets: [{ name: 'KEY' }], supported_triggers: [{ id: 'post-login', version: 'v3' }] };
    await write('actions/only-described.json', JSON.stringify(description));
    const file = await write('actions/only-described/code.js', "exports.onExecutePostLogin = async (event) => {\n  const marks = ['##DOMAIN##', @@LIST@@];\n  require('axios')(event.secrets.KEY, event.secrets.OTHER, marks);\n};\n");
    const document = await open(file);
    await untilPublished(['file require-unknown 2:11', 'file secret-undefined 2:52'], 'none', file);
    const fixes = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, document.lineAt(2).range);
    assert.deepEqual(fixes.filter(one => one.command?.command.startsWith('auth0Actions.')), [], 'there is no tenant to change');
    await write('actions/only-described.json', JSON.stringify({ ...description, dependencies: [{ name: 'axios', version: '##AXIOS##' }] }));
    await untilPublished(['file secret-undefined 2:52'], 'none', file);
  });

  it('of VS Code itself are not said again in a file', async () => {
    const { id, file } = await actionWithFile({ code: 'exports.onExecutePostLogin = async () => {\n  const a = ;\n};\n', dependencies: [] });
    const document = await open(file);
    const others = (): vscode.Diagnostic[] => vscode.languages.getDiagnostics(document.uri).filter(one => one.source !== 'auth0' && one.severity === vscode.DiagnosticSeverity.Error);
    await until('a message', () => (published(id, file).length + others().length > 0 ? true : undefined));
    const elsewhere = vscode.languages.createDiagnosticCollection('elsewhere');
    try {
      elsewhere.set(file, [new vscode.Diagnostic(new vscode.Range(1, 12, 1, 13), 'Expression expected.')]);
      await untilPublished([], id, file);
      elsewhere.clear();
      await untilPublished(others().length > 0 ? [] : ['file syntax 1:12'], id, file);
    } finally {
      elsewhere.dispose();
    }
  });

  it('of a run stand beside those of the draft, on the file that holds what ran', async () => {
    const { id, name, file } = await actionWithFile();
    const found = extension.state.registry.find(tenant);
    assert.ok(found);
    await failToBuild(id, file);
    const version = { id: 'v', number: 3, status: 'built', code: CODE, dependencies: [], secrets: [], triggers: [], modules: [], errors: [] } as unknown as Parameters<typeof extension.problems.run>[3];
    const problem = { kind: 'runFailed', id: 'TypeError', message: 'TypeError: no', range: { line: 2, start: 2, end: 10 } } as const;
    assert.equal((await extension.problems.run(found, id, name, version, problem)).toString(), file.toString());
    await untilPublished(['file TypeError 2:2', 'file build_failed 0:0', 'file dependency 0:23'], id, file);
    assert.equal((await extension.problems.run(found, id, name, { ...version, number: 2, code: `${CODE}//` }, problem)).scheme, 'auth0-actions-version');
    await untilPublished(['v2 TypeError 2:2', 'file build_failed 0:0', 'file dependency 0:23'], id, file);
    extension.problems.forgetAction(tenant, id);
    await untilPublished([], id, file);
    await control('hold', { action: id, status: null });
  });
});
