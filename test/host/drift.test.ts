/** How linked files, drafts and live versions differ, as the tree, the view and the marks tell it, against the simulated tenant. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, connect, control, createBuilt, createWatched, parts, rows, tenant, until } from './support.ts';
import type { Parts } from '../../src/ui/commands/parts.ts';
import { driftLook } from '../../src/ui/local/driftRows.ts';
import type { FileState } from '../../src/ui/local/fileStates.ts';
import type { Local } from '../../src/ui/local/local.ts';

const CODE = 'exports.onExecutePostLogin = async () => {};\n';
const LODASH = { name: 'lodash', version: '4.17.21' };
const AXIOS = { name: 'axios', version: '1.7.0' };

/** The description of an action, as auth0-deploy-cli exports it. */
function described(name: string, dependencies: readonly object[], runtime = 'node22'): string {
  return JSON.stringify({ name, code: `./actions/${name}/code.js`, runtime, dependencies, secrets: [], supported_triggers: [{ id: 'post-login', version: 'v3' }] }, undefined, 2);
}

describe('linked files beside their drafts', () => {
  let extension: Parts;
  let local: Local;
  let count = 0;
  /** Linked by hand. */
  const files: vscode.Uri[] = [];

  const place = (path: string): vscode.Uri => {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    return vscode.Uri.joinPath(folder.uri, 'drift', path);
  };
  const write = async (uri: vscode.Uri, text: string): Promise<void> => vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  /** Like a person, who edits and saves: what is written beside VS Code is noticed only where files are watched. */
  const edit = async (uri: vscode.Uri, text: string): Promise<void> => {
    const document = await vscode.workspace.openTextDocument(uri);
    const change = new vscode.WorkspaceEdit();
    change.replace(uri, document.validateRange(new vscode.Range(0, 0, document.lineCount, 0)), text);
    assert.ok(await vscode.workspace.applyEdit(change) && await document.save());
  };
  const command = <T>(id: string, ...args: unknown[]): Promise<T> => Promise.resolve(vscode.commands.executeCommand<T>(`auth0Actions.${id}`, ...args));

  /** An action with a built draft, and a file of a repository that holds the same; with a description of it where that is asked for. */
  async function actionWithFile(isDescribed = false): Promise<{ readonly id: string; readonly name: string; readonly file: vscode.Uri; readonly description: vscode.Uri }> {
    count += 1;
    const name = `drifts-${count}`;
    const id = await createBuilt(name, CODE);
    const [file, description] = [place(`actions/${name}/code.js`), place(`actions/${name}.json`)];
    await write(file, CODE);
    if (isDescribed) {
      await write(description, described(name, []));
    }
    await command('linkFile', { file, action: name, tenant });
    files.push(file);
    await until(`${name} to be linked`, () => local.states.has(file));
    await command('refreshFiles', {});
    return { id, name, file, description };
  }

  /** Waits until a file is known as `words`, by its drift against draft and live version. */
  const becomes = (file: vscode.Uri, words: string): Promise<FileState> => {
    let last = '';
    return until(`${file.path} to be "${words}"`, async () => {
      const state = await local.states.of(file);
      last = state?.drift === undefined ? 'unknown' : `${state.drift.file} ${state.drift.live}`;
      return last === words ? state : undefined;
    }).catch((error: unknown) => assert.fail(`${String(error)}; it is "${last}"`));
  };

  /** The rows of the view that name an action. */
  async function viewRows(name: string): Promise<string[]> {
    const found = await local.view?.rows() ?? [];
    return found.flatMap(row => row.kind === 'folder' ? row.rows : [row]).map(driftLook).filter(({ label }) => label === name).map(({ description, context, command: click }) => `${description ?? ''} | ${context} | ${click?.id ?? ''}`);
  }

  before(async () => {
    extension = await parts();
    await connect();
    await command('setFolderTenant', { tenant });
    ({ local } = await extension.local.get());
    await until('the view', () => local.view);
    await createWatched(place('.'), place('actions'));
  });
  // Other suites find whatever is in the folder.
  after(async () => {
    await Promise.all(files.map(file => command('unlinkFile', { file })));
    await vscode.workspace.fs.delete(place('.'), { recursive: true });
  });

  it('are in step, pushed, deployed, pulled: each with its direction, at once after an own write', async () => {
    const { id, name, file } = await actionWithFile();
    await becomes(file, 'same neverDeployed');
    assert.deepEqual(await viewRows(name), [`never deployed · drift/actions/${name}/code.js | file;hasAction;canDeploy; | vscode.open`]);
    await command('deploy', { file });
    await becomes(file, 'same same');
    assert.deepEqual(await viewRows(name), []);

    await edit(file, `// more\n${CODE}`);
    await becomes(file, 'fileAhead same');
    assert.deepEqual(await viewRows(name), [`file ahead of draft · drift/actions/${name}/code.js | file;hasAction;canPush; | vscode.diff`]);
    await command('pushFile', { file });
    await becomes(file, 'same draftAhead');
    assert.deepEqual(await viewRows(name), [`draft ahead of live · drift/actions/${name}/code.js | file;hasAction;canDeploy; | vscode.diff`]);

    await api('PATCH', `/actions/actions/${id}`, { code: `// theirs\n${CODE}` });
    await command('refreshFiles', {});
    await becomes(file, 'draftAhead draftAhead');
    assert.deepEqual(await viewRows(name), [`draft ahead of file · draft ahead of live · drift/actions/${name}/code.js | file;hasAction;canPull; | vscode.diff`]);
    await edit(file, `// mine\n${CODE}`);
    await becomes(file, 'conflict draftAhead');
    assert.deepEqual(await viewRows(name), [`file and draft both changed · draft ahead of live · drift/actions/${name}/code.js | file;hasAction;canPush;canPull; | vscode.diff`]);
  });

  it('differ by what their description says beside the code, each with its direction', async () => {
    const { id, name, file, description } = await actionWithFile(true);
    await command('deploy', { file });
    await becomes(file, 'same same');
    assert.deepEqual(await viewRows(name), []);

    await edit(description, described(name, [LODASH]));
    const { drift, differing } = await becomes(file, 'fileAhead same');
    assert.deepEqual([drift?.fileIsLive, differing], [false, ['dependencies']]);
    assert.deepEqual(await viewRows(name), [`file ahead of draft: dependencies · drift/actions/${name}/code.js | file;hasAction;canPush; | vscode.open`]);
    await command('pushFile', { file });
    await becomes(file, 'same draftAhead');

    await api('PATCH', `/actions/actions/${id}`, { dependencies: [LODASH, AXIOS] });
    await command('refreshFiles', {});
    await becomes(file, 'draftAhead draftAhead');
    assert.deepEqual(await viewRows(name), [`draft ahead of file: dependencies · draft ahead of live · drift/actions/${name}/code.js | file;hasAction;canPull; | vscode.open`]);
    await command('pullFile', { file });
    await becomes(file, 'same draftAhead');

    await api('PATCH', `/actions/actions/${id}`, { dependencies: [] });
    await command('refreshFiles', {});
    await becomes(file, 'draftAhead same');
    await edit(description, described(name, [LODASH], 'node18'));
    await becomes(file, 'conflict same');
    assert.deepEqual(await viewRows(name), [`file and draft both changed: runtime, dependencies · drift/actions/${name}/code.js | file;hasAction;canPush;canPull; | vscode.open`]);
  });

  it('know what their description says while it is typed, and when it is written beside VS Code', async () => {
    const { name, file, description } = await actionWithFile(true);
    await becomes(file, 'same neverDeployed');
    await write(description, described(name, [LODASH]));
    await becomes(file, 'fileAhead neverDeployed');
    await write(description, described(name, []));
    await becomes(file, 'same neverDeployed');
    const document = await vscode.workspace.openTextDocument(description);
    const change = new vscode.WorkspaceEdit();
    change.replace(description, document.validateRange(new vscode.Range(0, 0, document.lineCount, 0)), described(name, [AXIOS]));
    await vscode.workspace.applyEdit(change);
    await becomes(file, 'fileAhead neverDeployed');
    assert.ok(document.isDirty);
    await document.save();
  });

  it('do not differ by their ends of lines, and what is typed counts before it is saved', async () => {
    const { file } = await actionWithFile();
    await write(file, `${CODE.replaceAll('\n', '\r\n')}\r\n`);
    await becomes(file, 'same neverDeployed');
    const document = await vscode.workspace.openTextDocument(file);
    const change = new vscode.WorkspaceEdit();
    change.insert(file, new vscode.Position(0, 0), '// typed\n');
    await vscode.workspace.applyEdit(change);
    await becomes(file, 'fileAhead neverDeployed');
    assert.ok(document.isDirty);
    await document.save();
  });

  it('come with their code, and go with its folder', async () => {
    const at = (path: string): vscode.Uri => place(`../comes${path}`);
    await createWatched(...['', '/actions', '/actions/one'].map(at));
    const file = at('/actions/one/code.js');
    await write(at('/actions/one.json'), JSON.stringify({ name: 'comes', supported_triggers: [{ id: 'post-login', version: 'v3' }] }));
    await command('refreshFiles', {});
    assert.ok(!local.states.has(file));
    await write(file, CODE);
    await until('the file to be linked', () => local.states.has(file));
    await vscode.workspace.fs.rename(at('/actions/one'), at('/moved'));
    await until('the link to be gone with the folder', () => !local.states.has(file));
    await vscode.workspace.fs.rename(at('/moved'), at('/actions/one'));
    await until('the file to be linked again', () => local.states.has(file));
    await vscode.workspace.fs.delete(at(''), { recursive: true });
    await until('the link to be gone once more', () => !local.states.has(file));
  });

  it('know what is live since a roll back', async () => {
    const { id, file } = await actionWithFile();
    await command('deploy', { file });
    await edit(file, `// second\n${CODE}`);
    await command('deploy', { file });
    await becomes(file, 'same same');
    await command('deployVersion', { tenant, action: id, version: 1 });
    const state = await becomes(file, 'same otherLive');
    assert.equal(state.liveNumber, 3);
  });

  it('say when their action, or the file itself, is gone', async () => {
    const { id, name, file } = await actionWithFile();
    await api('DELETE', `/actions/actions/${id}`);
    await command('refreshFiles', {});
    await becomes(file, 'noAction noAction');
    assert.deepEqual(await viewRows(name), [`no such action · drift/actions/${name}/code.js | file; | vscode.open`]);
    const lost = place('lost.js');
    await write(lost, CODE);
    const other = await actionWithFile();
    await command('linkFile', { file: lost, action: other.name, tenant });
    await becomes(lost, 'same neverDeployed');
    await vscode.workspace.fs.delete(lost);
    await becomes(lost, 'noFile neverDeployed');
    await command('unlinkFile', { file: lost });
    await until('the link to be gone', () => !local.states.has(lost));
  });

  it('are rows below their actions', async () => {
    const { id, name, file } = await actionWithFile();
    const look = async (): Promise<string[]> => {
      const row = extension.tree.row(tenant, id);
      assert.ok(row);
      return [extension.tree.itemOf(row).contextValue ?? '', ...(await rows(extension, row)).filter(one => one.row.kind === 'file').map(one => one.text)];
    };
    // Whether it is in a flow may be known by now.
    assert.deepEqual((await look()).map(text => text.replace('noFlow;', '')), ['action;canDeploy;hasFile;', `code.js | pushed, never deployed · drift/actions/${name}`]);
    await edit(file, `// new\n${CODE}`);
    await becomes(file, 'fileAhead neverDeployed');
    await until('the row to say so', async () => (await look())[1]?.includes('not pushed') === true);
    const row = extension.tree.row(tenant, id);
    await command('openLocalFile', row);
    await until('the file', () => vscode.window.activeTextEditor?.document.uri.toString() === file.toString());
  });

  it('are read when they are opened, by one request', async () => {
    const { id, file } = await actionWithFile();
    await becomes(file, 'same neverDeployed');
    await api('PATCH', `/actions/actions/${id}`, { code: `// elsewhere\n${CODE}` });
    await vscode.window.showTextDocument(file);
    await becomes(file, 'draftAhead neverDeployed');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('are errors with Retry where the tenant cannot be read, beside what is known', async () => {
    const { name, file } = await actionWithFile();
    await control('faults', [{ method: 'GET', path: '/actions/actions$', times: 10, fault: { status: 503, body: {} } }]);
    await command('refreshFiles', {});
    const found = (await local.view?.rows() ?? []).map(driftLook);
    assert.deepEqual(found.filter(({ context }) => context === 'error;').map(({ label, description, command: click }) => `${label} | ${description ?? ''} | ${click?.id ?? ''}`), ['Service error | click to retry | auth0Actions.refreshFiles']);
    assert.ok(found.some(({ label }) => label === name));
    await control('faults', []);
    await command('refreshFiles', {});
    await becomes(file, 'same neverDeployed');
    assert.ok(!(await local.view?.rows() ?? []).some(row => row.kind === 'error'));
  });
});
