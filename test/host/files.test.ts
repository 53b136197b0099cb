/** Files of the workspace as the code of actions: linking, pushing, pulling and deploying them, against the simulated tenant. */
import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import * as vscode from 'vscode';
import { api, connect, control, createBuilt, parts, tenant, until } from './support.ts';
import type { Parts } from '../../src/ui/commands/parts.ts';

const CODE = 'exports.onExecutePostLogin = async () => {};\n';

describe('files of the workspace', () => {
  let extension: Parts;
  let count = 0;

  function place(path: string): vscode.Uri {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    return vscode.Uri.joinPath(folder.uri, 'files', path);
  }

  async function write(path: string, text: string): Promise<vscode.Uri> {
    await vscode.workspace.fs.writeFile(place(path), new TextEncoder().encode(text));
    return place(path);
  }

  async function read(uri: vscode.Uri): Promise<string> {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  }

  /** An action whose draft is built, and the file of a repository that is its code. */
  async function actionWithFile(text = CODE): Promise<{ readonly id: string; readonly name: string; readonly file: vscode.Uri }> {
    count += 1;
    const name = `of-file-${count}`;
    const id = await createBuilt(name, CODE);
    await write(`actions/${name}.json`, JSON.stringify({ name, code: `./actions/${name}/code.js`, runtime: 'node22', dependencies: [], secrets: [], supported_triggers: [{ id: 'post-login', version: 'v3' }] }));
    return { id, name, file: await write(`actions/${name}/code.js`, text) };
  }


  after(() => vscode.workspace.fs.delete(place(''), { recursive: true }));

  const draft = (id: string): Promise<Record<string, unknown>> => api('GET', `/actions/actions/${id}`);
  const command = <T>(id: string, ...args: unknown[]): Promise<T> => Promise.resolve(vscode.commands.executeCommand<T>(`auth0Actions.${id}`, ...args));

  before(async () => {
    extension = await parts();
    await connect();
    await command('setFolderTenant', { tenant });
  });

  it('belong to what the repository, the setting or a person says, the latter first', async () => {
    const { local } = await extension.local.get();
    const { name, file } = await actionWithFile();
    local.facts.lookAgain();
    const of = async (): Promise<string[]> => {
      const linked = await local.linked.of(file);
      return linked === undefined ? [] : [linked.by, linked.name];
    };
    assert.deepEqual(await of(), ['description', name]);
    const settings = vscode.workspace.getConfiguration('auth0Actions', file);
    await settings.update('files', { [`files/actions/${name}/code.js`]: 'by-setting', '../../outside.js': 'outside' }, vscode.ConfigurationTarget.Workspace);
    assert.deepEqual(await of(), ['setting', 'by-setting']);
    await command('linkFile', { file, action: 'by-person', tenant });
    assert.deepEqual(await of(), ['person', 'by-person']);
    await command('unlinkFile', { file });
    await settings.update('files', undefined, vscode.ConfigurationTarget.Workspace);
    assert.deepEqual(await of(), ['description', name]);
    assert.deepEqual(await local.linked.of(await write('elsewhere.js', CODE)), undefined);
    assert.ok((await local.linked.all()).some(one => one.name === name));
  });

  it('are the one copy that a description means, of the draft and the live one that old exports have', async () => {
    const { local } = await extension.local.get();
    const places = ['actions/old-export/code.js', 'actions/old-export/current_version.js'] as const;
    await write('actions/old-export.json', JSON.stringify({ name: 'old-export', supported_triggers: [{ id: 'post-login', version: 'v3' }] }));
    const [draftCopy] = await Promise.all(places.map(path => write(path, CODE)));
    assert.ok(draftCopy);
    const linked = async (): Promise<string[]> => {
      local.facts.lookAgain();
      return (await local.linked.all()).filter(({ name }) => name === 'old-export').map(({ uri }) => uri.path);
    };
    assert.deepEqual(await linked(), [draftCopy.path]);
    assert.equal(await local.linked.of(place(places[1])), undefined);
    assert.ok(await local.facts.of(await vscode.workspace.openTextDocument(place(places[1]))), 'completion knows the other copy');
    await vscode.workspace.fs.delete(draftCopy);
    assert.deepEqual(await linked(), [place(places[1]).path], 'the first that is there');
    await vscode.workspace.fs.delete(place('actions/old-export.json'));
  });

  it('are pushed by one PATCH of the code, and by none where the draft holds the same', async () => {
    const { id, file } = await actionWithFile();
    await command('pushFile', { file });
    await write(`actions/of-file-${count}/code.js`, `// new\n${CODE}`);
    await command('pushFile', { file });
    assert.equal((await draft(id))['code'], `// new\n${CODE}`);
    await write(`actions/of-file-${count}/code.js`, `// new\r\n${CODE.replaceAll('\n', '\r\n')}`);
    const before = (await draft(id))['updated_at'];
    await command('pushFile', { file });
    assert.equal((await draft(id))['updated_at'], before, 'other ends of lines are no change');
  });

  it('are deployed: pushed, built, live', async () => {
    const { id, file } = await actionWithFile();
    await command('pushFile', { file });
    const document = await vscode.workspace.openTextDocument(file);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(file, new vscode.Position(0, 0), '// edited\n');
    await vscode.workspace.applyEdit(edit);
    assert.deepEqual(await command('deploy', { file }), { outcome: 'live', version: 1, errors: [] });
    assert.equal(document.isDirty, false);
    const action = await draft(id);
    assert.deepEqual([action['code'], (action['deployed_version'] as { code: string }).code], [`// edited\n${CODE}`, `// edited\n${CODE}`]);
    const before = action['updated_at'];
    assert.deepEqual(await command('deploy', { file }), { outcome: 'live', version: 1, errors: [] }, 'nothing to deploy');
    const after = await draft(id);
    assert.deepEqual([after['updated_at'], (after['deployed_version'] as { number: number }).number], [before, 1]);
  });

  it('are deployed with what their description has changed', async () => {
    const { id, name, file } = await actionWithFile();
    await command('pushFile', { file });
    const description = JSON.parse(await read(place(`actions/${name}.json`))) as object;
    await write(`actions/${name}.json`, JSON.stringify({ ...description, dependencies: [{ name: 'lodash', version: '4.17.21' }] }));
    await write(`actions/${name}/code.js`, `// with lodash\n${CODE}`);
    assert.deepEqual(await command('deploy', { file }), { outcome: 'live', version: 1, errors: [] });
    const live = (await draft(id))['deployed_version'] as { code: string; dependencies: unknown };
    assert.deepEqual([live.code, live.dependencies], [`// with lodash\n${CODE}`, [{ name: 'lodash', version: '4.17.21' }]]);
  });

  it('are deployed several at once from one list, as they are selected in the Explorer', async () => {
    const both = [await actionWithFile(), await actionWithFile()];
    for (const { name, file } of both) {
      await command('pushFile', { file });
      await write(`actions/${name}/code.js`, `// ${name}\n${CODE}`);
    }
    const files = both.map(({ file }) => file);
    let results: readonly { readonly outcome: string }[] | undefined;
    const going = command<typeof results>('deploy', files[0], files).then(found => {
      results = found;
    });
    await until('both to be live', async () => {
      // Nothing happens before the list is filled.
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return results;
    });
    await going;
    assert.deepEqual(results?.map(({ outcome }) => outcome), ['live', 'live']);
    for (const { id, name } of both) {
      assert.equal(((await draft(id))['deployed_version'] as { code: string }).code, `// ${name}\n${CODE}`);
    }
  });

  it('overwrite nothing that somebody else has written', async () => {
    const { id, file } = await actionWithFile();
    await command('pushFile', { file });
    await api('PATCH', `/actions/actions/${id}`, { code: `// theirs\n${CODE}` });
    await write(`actions/of-file-${count}/code.js`, `// mine\n${CODE}`);
    assert.deepEqual(await command('deploy', { file }), { outcome: 'failed', errors: [] });
    assert.equal((await draft(id))['code'], `// theirs\n${CODE}`);
    await api('PATCH', `/actions/actions/${id}`, { code: CODE });
    await until('the build', async () => ((await draft(id))['status'] === 'built' ? true : undefined));
    assert.deepEqual(await command('deploy', { file }), { outcome: 'live', version: 1, errors: [] }, 'it is again what both were');
  });

  it('are never taken for an answer that was lost', async () => {
    const { id, file } = await actionWithFile(`// lost\n${CODE}`);
    await write(`actions/of-file-${count}/code.js`, CODE);
    await command('pushFile', { file });
    await write(`actions/of-file-${count}/code.js`, `// lost\n${CODE}`);
    await control('faults', [{ method: 'PATCH', path: `${id}$`, times: 1, fault: 'reset-after' }]);
    await command('pushFile', { file });
    assert.equal((await draft(id))['code'], `// lost\n${CODE}`);
    await write(`actions/of-file-${count}/code.js`, `// next\n${CODE}`);
    await command('pushFile', { file });
    assert.equal((await draft(id))['code'], `// next\n${CODE}`, 'an own write is no conflict');
  });

  it('send what the description says of dependencies and runtime beside the code, and resolve its marks', async () => {
    count += 1;
    const name = `of-file-${count}`;
    const id = await createBuilt(`dev-${name}`, CODE);
    const description = (dependencies: readonly object[]): string => JSON.stringify({ name: `##ENV##-${name}`, code: `./actions/${name}/code.js`, runtime: 'node22', dependencies, secrets: [{ name: 'KEY' }], supported_triggers: [{ id: 'post-login', version: 'v3' }] }, undefined, 2);
    await write(`actions/${name}.json`, description([]));
    const file = await write(`actions/${name}/code.js`, CODE);
    await write('config.json', JSON.stringify({ AUTH0_DOMAIN: 'elsewhere.example', AUTH0_KEYWORD_REPLACE_MAPPINGS: { ENV: 'dev', PLAN: 'gold' } }));
    await command('pushFile', { file });
    await write(`actions/${name}.json`, description([{ name: 'lodash', version: '4.17.21' }]));
    await write(`actions/${name}/code.js`, `// @@PLAN@@ for ##ENV##\n${CODE}`);
    await command('pushFile', { file });
    const pushed = await draft(id);
    assert.deepEqual([pushed['code'], pushed['dependencies']], [`// "gold" for dev\n${CODE}`, [{ name: 'lodash', version: '4.17.21' }]]);
    const before = pushed['updated_at'];
    await command('pushFile', { file });
    assert.equal((await draft(id))['updated_at'], before, 'nothing differs');

    await api('PATCH', `/actions/actions/${id}`, { code: `// "gold" for dev\n// theirs\n${CODE}`, dependencies: [{ name: 'axios', version: '1.7.9' }] });
    await command('pullFile', { file });
    assert.equal(await read(file), `// @@PLAN@@ for ##ENV##\n// theirs\n${CODE}`, 'marks stay, and nothing asks for a file that nobody has changed');
    const written = JSON.parse(await read(place(`actions/${name}.json`))) as { name: string; dependencies: unknown; code: string };
    assert.deepEqual([written.name, written.dependencies, written.code], [`##ENV##-${name}`, [{ name: 'axios', version: '1.7.9' }], `./actions/${name}/code.js`]);

    await api('PATCH', `/actions/actions/${id}`, { dependencies: [] });
    await write(`actions/${name}/code.js`, `// mine ##ENV##\n${CODE}`);
    assert.deepEqual(await command('deploy', { file }), { outcome: 'failed', errors: [] }, 'somebody else has taken the dependency away');
    await write(`actions/${name}/code.js`, `// ##OTHER##\n${CODE}`);
    await assert.rejects(command('pushFile', { file }), /cannot be sent: config\.json has no value for ##OTHER## \(.*code\.js, line 1\)/u);
    await vscode.workspace.fs.delete(place('config.json'));
  });

  it('are neither read nor written through links that lead out of the folder', async () => {
    const { id, file } = await actionWithFile();
    const secret = vscode.Uri.joinPath(extension.history.storage, 'outside.txt');
    await vscode.workspace.fs.createDirectory(extension.history.storage);
    await vscode.workspace.fs.writeFile(secret, new TextEncoder().encode('outside'));
    await vscode.workspace.fs.delete(file);
    await symlink(secret.fsPath, file.fsPath);
    await command('linkFile', { file, action: `of-file-${count}`, tenant });
    for (const name of ['pushFile', 'pullFile', 'deploy']) {
      await assert.rejects(command(name, { file }), /symbolic link/u, name);
    }
    assert.equal((await draft(id))['code'], CODE);
    assert.equal(await read(secret), 'outside');
  });

  it('are refused where no action or no folder is theirs', async () => {
    const file = await write('unknown.js', CODE);
    await command('linkFile', { file, action: 'nobody', tenant });
    await assert.rejects(command('deploy', { file }), /has no action nobody, to which files\/unknown\.js belongs/u);
    await assert.rejects(command('deploy', { file: vscode.Uri.file('/nowhere/code.js') }), /in no folder of this workspace/u);
  });
});
