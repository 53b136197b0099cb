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

  /** A change of what describes an action. */
  async function describe(name: string, change: object): Promise<void> {
    const path = `actions/${name}.json`;
    await write(path, JSON.stringify({ ...JSON.parse(await read(place(path))) as object, ...change }));
  }

  /** What is said and asked meanwhile, each question answered with what `answer` returns. */
  async function answering(answer: (text: string) => string | undefined | Promise<string | undefined>, work: () => Promise<unknown>): Promise<readonly string[]> {
    const { showErrorMessage, showWarningMessage, showInformationMessage } = vscode.window;
    const said: string[] = [];
    const say = (text: string, options: unknown): Promise<string | undefined> => {
      const detail = typeof options === 'object' ? (options as vscode.MessageOptions).detail : undefined;
      said.push([text, ...(detail === undefined ? [] : [detail])].join('\n'));
      return Promise.resolve(detail === undefined ? undefined : answer(text));
    };
    Object.assign(vscode.window, { showErrorMessage: say, showWarningMessage: say, showInformationMessage: say });
    try {
      await work();
    } finally {
      Object.assign(vscode.window, { showErrorMessage, showWarningMessage, showInformationMessage });
    }
    return said;
  }
  const nobody = (): undefined => undefined;

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
    const description = (dependencies: readonly object[]): string => JSON.stringify({ name: `##ENV##-${name}`, code: `./actions/${name}/code.js`, runtime: 'node22', dependencies, secrets: [], supported_triggers: [{ id: 'post-login', version: 'v3' }] }, undefined, 2);
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

  it('are deployed in place of nothing that was changed while the question was open', async () => {
    const { id, name, file } = await actionWithFile();
    await command('pushFile', { file });
    await write(`actions/${name}/code.js`, `// mine\n${CODE}`);
    const dependencies = [{ name: 'axios', version: '1.7.9' }];
    const asks = (value: 'always' | undefined): Thenable<void> => vscode.workspace.getConfiguration('auth0Actions').update('confirmDeploy', value, vscode.ConfigurationTarget.Global);
    await asks('always');
    const said = await answering(async () => {
      await api('PATCH', `/actions/actions/${id}`, { dependencies });
      return 'Deploy';
    }, () => command('deploy', file));
    await asks(undefined);
    const { code, dependencies: kept, deployed_version: live } = await draft(id);
    assert.deepEqual([code, kept, live], [CODE, dependencies, undefined]);
    assert.match(said.join('\n'), /was changed while it was being deployed\. Nothing was deployed/u);
  });

  it('are asked about where a push meets another draft, and each answer does what it says', async () => {
    const { id, name, file } = await actionWithFile();
    await command('pushFile', { file });
    const [mine, theirs] = [`// mine\n${CODE}`, `// theirs\n${CODE}`];
    await api('PATCH', `/actions/actions/${id}`, { code: theirs });
    await write(`actions/${name}/code.js`, mine);
    const push = (answer: string | undefined): Promise<readonly string[]> => answering(() => answer, () => command('pushFile', { file }));
    const codes = async (): Promise<unknown[]> => [(await draft(id))['code'], await read(file)];

    const [question = ''] = await push(undefined);
    assert.match(question, /^The draft of .* has been changed since it and .* were last the same\.\n• lines of code: 1 added, 1 removed\n/u);
    assert.deepEqual(await codes(), [theirs, mine], 'nothing after Cancel');
    await push('Compare');
    const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
    assert.ok(input instanceof vscode.TabInputTextDiff);
    assert.equal(input.modified.path, file.path);
    assert.deepEqual(await codes(), [theirs, mine], 'nothing after Compare');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await push('Take Theirs');
    assert.deepEqual(await codes(), [theirs, theirs]);
    await write(`actions/${name}/code.js`, mine);
    assert.deepEqual(await push(undefined), [], 'what was taken is no conflict any more');
    assert.deepEqual(await codes(), [mine, mine]);
    await api('PATCH', `/actions/actions/${id}`, { code: theirs });
    await write(`actions/${name}/code.js`, CODE);
    await push('Overwrite Draft');
    assert.deepEqual(await codes(), [CODE, CODE]);
  });

  it('are pushed to a protected tenant after its name alone, with the registries that their dependencies come from', async () => {
    const { state, questions } = extension;
    const { id, name, file } = await actionWithFile();
    await command('pushFile', { file });
    await describe(name, { dependencies: [{ name: 'lodash', version: '4.17.21', registry_url: 'https://elsewhere.example/npm' }] });
    const [asked, ask]: [string[], typeof questions.ask] = [[], questions.ask.bind(questions)];
    let answer: string | undefined;
    questions.ask = ({ question, detail }) => {
      asked.push(`${question}\n${detail}`);
      return Promise.resolve(answer);
    };
    await state.registry.setProtected(tenant, true);
    try {
      await command('pushFile', { file });
      assert.deepEqual((await draft(id))['dependencies'], []);
      answer = 'Push to Draft';
      await command('pushFile', { file });
    } finally {
      await state.registry.setProtected(tenant, false);
      Object.assign(questions, { ask });
    }
    assert.equal(asked.length, 2);
    assert.match(asked[0] ?? '', new RegExp(`^Push .*code\\.js to the draft of ${name} in .*\\?\\n• dependency lodash 4\\.17\\.21 \\(https://elsewhere\\.example/npm\\) added\\n`, 'u'));
    assert.equal(((await draft(id))['dependencies'] as unknown[]).length, 1);
  });

  it('are pushed several at once, and what one of them ends with does not keep the others back', async () => {
    const [first, refused, declined, last] = [await actionWithFile(), await actionWithFile(), await actionWithFile(), await actionWithFile()];
    const all = [first, refused, declined, last];
    for (const { name, file } of all) {
      await command('pushFile', { file });
      await write(`actions/${name}/code.js`, `// mine\n${CODE}`);
    }
    await write(`actions/${refused.name}/code.js`, '// ##NOBODY-KNOWS##\n');
    await api('PATCH', `/actions/actions/${declined.id}`, { code: '// theirs\n' });
    const said = await answering(nobody, () => command('pushFile', first.file, all.map(({ file }) => file)));
    assert.deepEqual(await Promise.all(all.map(async ({ id }) => (await draft(id))['code'])), [`// mine\n${CODE}`, CODE, '// theirs\n', `// mine\n${CODE}`]);
    assert.equal(said.length, 2, 'a question and a summary');
    const path = ({ name }: { name: string }): string => `files/actions/${name}/code.js`;
    assert.equal(said[1], `Pushed to drafts, not deployed: ${path(first)}; ${path(last)}. Left out: ${path(refused)} (${path(refused)} cannot be sent: config.json has no value for ##NOBODY-KNOWS## (${path(refused)}, line 1).); ${path(declined)} (not agreed to)`);
  });

  it('are pulled without what a tenant.yaml says, so that the next push asks before it sends that', async () => {
    const id = await createBuilt('of-yaml', CODE);
    const yaml = 'actions:\n  - name: of-yaml\n    code: ./code.js\n    runtime: node22\n    dependencies: []\n    supported_triggers:\n      - id: post-login\n        version: v3\n';
    await write('yaml/tenant.yaml', yaml);
    const file = await write('yaml/code.js', CODE);
    await command('pushFile', { file });
    const theirs = { code: `// theirs\n${CODE}`, dependencies: [{ name: 'axios', version: '1.7.9' }] };
    await api('PATCH', `/actions/actions/${id}`, theirs);
    const told = await answering(nobody, () => command('pullFile', { file }));
    assert.deepEqual([await read(file), await read(place('yaml/tenant.yaml'))], [theirs.code, yaml]);
    assert.match(told.join('\n'), /^A pull does not write files\/yaml\/tenant\.yaml, and it says something else of of-yaml than the draft in /u);
    const asked = await answering(nobody, () => command('pushFile', { file }));
    assert.match(asked.join('\n'), /has been changed since .*\n• dependency axios 1\.7\.9 removed\n/u);
    assert.deepEqual((await draft(id))['dependencies'], theirs.dependencies);
  });

  it('are pulled after a question where the description holds what no draft tells', async () => {
    for (const own of [{ secrets: [{ name: 'NEW' }] }, { owner: 'me' }, { modules: [{ module_name: 'shared', module_version_number: 2 }] }]) {
      const { id, name, file } = await actionWithFile();
      await command('pushFile', { file });
      await describe(name, own);
      const before = await read(place(`actions/${name}.json`));
      await api('PATCH', `/actions/actions/${id}`, { dependencies: [{ name: 'axios', version: '1.7.9' }] });
      const asked = await answering(nobody, () => assert.rejects(command('pullFile', { file }), { name: 'Dismissed' }));
      assert.match(asked.join('\n'), /^Replace what /mu);
      assert.equal(await read(place(`actions/${name}.json`)), before);
    }
  });

  it('have marks where a repository is around them, whoever says which action they belong to', async () => {
    const id = await createBuilt('of-marks', CODE);
    await write('lib/config.json', JSON.stringify({ AUTH0_KEYWORD_REPLACE_MAPPINGS: { PLAN: 'gold' } }));
    const [inside, alone] = [await write('lib/code.js', `// ##PLAN##\n${CODE}`), vscode.Uri.joinPath(place(''), '..', 'alone', 'code.js')];
    await command('linkFile', { file: inside, action: 'of-marks', tenant });
    await answering(() => 'Overwrite Draft', () => command('pushFile', { file: inside }));
    assert.equal((await draft(id))['code'], `// gold\n${CODE}`);
    for (const path of ['lib/code.js', 'code.js']) {
      const file = await write(path, `// ##NOBODY_KNOWS##\n${CODE}`);
      await command('linkFile', { file, action: 'of-marks', tenant });
      await assert.rejects(command('pushFile', { file }), /config\.json has no value for ##NOBODY_KNOWS##/u, path);
    }
    assert.equal((await draft(id))['code'], `// gold\n${CODE}`);
    await vscode.workspace.fs.writeFile(alone, new TextEncoder().encode(`// ##NOBODY_KNOWS##\n${CODE}`));
    await command('linkFile', { file: alone, action: 'of-marks', tenant });
    await answering(() => 'Overwrite Draft', () => command('pushFile', { file: alone }));
    assert.equal((await draft(id))['code'], `// ##NOBODY_KNOWS##\n${CODE}`, 'where no repository is, they mean nothing');
    for (const file of [inside, alone, place('code.js')]) {
      await command('unlinkFile', { file });
    }
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(alone, '..'), { recursive: true });
  });

  it('are not sent beside a description whose marks nothing stands for', async () => {
    const { id, name, file } = await actionWithFile();
    await command('pushFile', { file });
    await write(`actions/${name}.json`, (await read(place(`actions/${name}.json`))).replace('"dependencies":[]', '"dependencies":@@DEPENDENCIES@@'));
    await write(`actions/${name}/code.js`, `// mine\n${CODE}`);
    await assert.rejects(command('pushFile', { file }), /cannot be sent: its description cannot be read in part: dependencies\./u);
    assert.equal((await draft(id))['code'], CODE);
  });

  it('belong to another tenant only where a person says so for the whole folder', async () => {
    const { local } = await extension.local.get();
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const { name, file } = await actionWithFile();
    await local.linked.setTenant(folder, 'acme.eu.auth0.com');
    const asked = await answering(nobody, () => assert.rejects(command('linkFile', { file, action: name, tenant }), { name: 'Dismissed' }));
    assert.match(asked.join('\n'), /belong to acme\.eu\.auth0\.com\. Have them belong to .* from now on\?/u);
    assert.equal(local.linked.tenantId(folder), 'acme.eu.auth0.com');
    await answering(() => 'Change Tenant', () => command('linkFile', { file, action: name, tenant }));
    assert.equal(local.linked.tenantId(folder), tenant);
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
