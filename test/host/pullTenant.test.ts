/** All actions of a tenant in files of the workspace, and back: real files, real links, the real commands. */
import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { PullAnswer } from '../../src/ui/local/pullTenant.ts';
import type { PushAnswer } from '../../src/ui/local/pushFiles.ts';
import { repositoryFolders } from '../../src/ui/local/repositoryFolders.ts';
import { asObject, asObjects } from '../../src/auth0/json.ts';
import { api, connect, control, createBuilt, parts, tenant, until } from './support.ts';

const CODE = 'exports.onExecutePostLogin = async () => {};\n';

describe('a whole tenant in files', () => {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  let folder = '';
  let outside = '';
  /** Questions with their details, what was said, and what is answered. */
  const seen = { asked: [] as string[], told: [] as string[] };
  let answers: (string | undefined)[] = [];
  let restore: () => void = () => undefined;

  before(async () => {
    assert.ok(workspace, 'a workspace with a folder is open');
    await control('reset', { seed: 'demo' });
    await control('faults', []);
    await connect();
    const { showErrorMessage, showWarningMessage, showInformationMessage, showInputBox } = vscode.window;
    const say = (text: string, options: unknown, ...buttons: unknown[]): Promise<unknown> => {
      const detail = asObject(options)['detail'];
      if (typeof detail === 'string') {
        seen.asked.push(`${text}\n${detail}`);
        return Promise.resolve(buttons.at(-1));
      }
      seen.told.push(text);
      return Promise.resolve(undefined);
    };
    Object.assign(vscode.window, { showErrorMessage: say, showWarningMessage: say, showInformationMessage: say, showInputBox: () => Promise.resolve(answers.shift()) });
    restore = () => Object.assign(vscode.window, { showErrorMessage, showWarningMessage, showInformationMessage, showInputBox });
  });
  after(() => restore());

  beforeEach(() => {
    folder = join(workspace, 'pulled');
    mkdirSync(folder);
    outside = mkdtempSync(join(tmpdir(), 'outside-'));
    seen.asked.length = 0;
    seen.told.length = 0;
    answers = [];
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(outside, { recursive: true, force: true });
  });

  const pull = (): Promise<PullAnswer> => Promise.resolve(vscode.commands.executeCommand<PullAnswer>('auth0Actions.pullTenant', { tenant, folder }));

  /** Pushes what the list ticks by itself. */
  async function push(): Promise<PushAnswer> {
    let over = false;
    const result = Promise.resolve(vscode.commands.executeCommand<PushAnswer>('auth0Actions.pushFiles', { tenant, folder })).finally(() => {
      over = true;
    });
    await until('the answer', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return over;
    });
    return result;
  }

  const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
  const put = (path: string, text: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };

  async function actionNamed(name: string): Promise<Readonly<Record<string, unknown>>> {
    const found = asObjects((await api('GET', '/actions/actions'))['actions']).find(one => one['name'] === name);
    assert.ok(found, name);
    return found;
  }

  it('is written once, and a second pull writes nothing', async () => {
    await createBuilt('../../evil\u0007', CODE);
    await createBuilt('..', CODE);
    const first = await pull();
    const { actions } = await api('GET', '/actions/actions');
    assert.equal(first.written.length, 2 * asObjects(actions).length);
    assert.deepEqual(readdirSync(folder), ['actions']);
    assert.equal(readdirSync(workspace).filter(name => name.includes('evil')).length, 0);
    assert.deepEqual([read('actions/..-..-evil-/code.js'), read('actions/-/code.js')], [CODE, CODE]);
    assert.match(read('actions/enrich-profile.json'), /^\{\n {2}"name": "enrich-profile",\n {2}"code": "\.\/actions\/enrich-profile\/code\.js",/u);
    assert.match(seen.asked.join('\n'), new RegExp(`^Pull \\d+ actions of ${tenant} into pulled\\?\\n• new files: ${first.written.length}$`, 'u'));
    const times = statSync(join(folder, 'actions/enrich-profile.json')).mtimeMs;
    seen.asked.length = 0;
    // What is being built has another status when it is done.
    const second = await until('all builds to be done', async () => { const again = await pull(); return again.written.length === 0 ? again : undefined; });
    assert.deepEqual([second.same, second.left], [first.written.length, []]);
    assert.equal(statSync(join(folder, 'actions/enrich-profile.json')).mtimeMs, times);
  });

  it('keeps marks, says what it overwrites, and leaves what is no action of the tenant', async () => {
    await pull();
    const code = read('actions/enrich-profile/code.js');
    const [line = ''] = code.split('\n').filter(one => one.length > 20);
    put('config.json', JSON.stringify({ AUTH0_DOMAIN: 'evil.example', AUTH0_KEYWORD_REPLACE_MAPPINGS: { LINE: line, NAME: 'enrich' } }));
    put('actions/enrich-profile/code.js', code.replace(line, '##LINE##'));
    put('actions/enrich-profile.json', read('actions/enrich-profile.json').replace('"name": "enrich-profile"', '"name": "##NAME##-profile"'));
    put('actions/machine-claims/code.js', '// mine\n');
    put('actions/left.json', read('actions/machine-claims.json').replaceAll('machine-claims', 'left'));
    seen.asked.length = 0;
    const again = await pull();
    assert.ok(again.written.includes('actions/machine-claims/code.js'));
    assert.deepEqual(again.written.filter(path => path.includes('enrich-profile')), []);
    assert.match(read('actions/enrich-profile/code.js'), /^##LINE##$/mu);
    assert.deepEqual(again.gone, ['actions/left.json']);
    assert.ok(existsSync(join(folder, 'actions/left.json')));
    assert.match(seen.asked.join('\n'), /overwritten, and not committed to git, so what they hold now is lost: .*actions\/machine-claims\/code\.js/u);
    assert.match(seen.asked.join('\n'), /which stay: actions\/left\.json/u);
  });

  it('is not written through links, nor out of its folder', async () => {
    mkdirSync(join(folder, 'actions'));
    writeFileSync(join(outside, 'code.js'), '// outside\n');
    symlinkSync(outside, join(folder, 'actions', 'enrich-profile'));
    symlinkSync(join(outside, 'new.json'), join(folder, 'actions', 'machine-claims.json'));
    const answer = await pull();
    assert.deepEqual(answer.left.map(text => text.replace(/ \(.*/u, '')).sort(), ['actions/enrich-profile/code.js', 'actions/machine-claims.json']);
    assert.deepEqual([readdirSync(outside), readFileSync(join(outside, 'code.js'), 'utf8')], [['code.js'], '// outside\n']);
    assert.ok(lstatSync(join(folder, 'actions', 'machine-claims.json')).isSymbolicLink());
    assert.match(seen.told.join('\n'), /Left alone: .*a link is in the way/u);
  });

  it('names the tenant that the files belong to, where that is another one', async () => {
    const { local } = await (await parts()).local.get();
    const [root] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(root);
    await local.linked.setTenant(root, 'acme.eu.auth0.com');
    await pull();
    assert.match(seen.asked.join('\n'), /\?\n• the files in .* belong to acme\.eu\.auth0\.com, and will look changed beside it\n• new files: /u);
    await local.linked.setTenant(root, tenant);
    rmSync(folder, { recursive: true });
    seen.asked.length = 0;
    await pull();
    assert.doesNotMatch(seen.asked.join('\n'), /belong to/u);
  });

  it('is neither pulled into nor pushed from a folder of the workspace that is a link', async () => {
    mkdirSync(join(outside, 'actions'));
    writeFileSync(join(outside, 'actions', 'strange.json'), JSON.stringify({ name: 'strange', code: '', supported_triggers: [{ id: 'post-login', version: 'v3' }] }));
    const link = join(folder, 'linked');
    symlinkSync(outside, link);
    assert.deepEqual((await repositoryFolders()).filter(({ path }) => path.includes('linked')), []);
    for (const name of ['pullTenant', 'pushFiles']) {
      for (const given of [link, join(link, 'actions')]) {
        await assert.rejects(Promise.resolve(vscode.commands.executeCommand(`auth0Actions.${name}`, { tenant, folder: given })), /pulled\/linked is a symbolic link/u, `${name} ${given}`);
      }
    }
    assert.deepEqual(readdirSync(outside, { recursive: true }).sort(), ['actions', 'actions/strange.json']);
  });

  it('tells what it has read: a file that was pulled is in step with its draft at once', async () => {
    const { local } = await (await parts()).local.get();
    await vscode.commands.executeCommand('auth0Actions.setFolderTenant', { tenant });
    await pull();
    const file = vscode.Uri.file(join(folder, 'actions/machine-claims/code.js'));
    await until('the file to be linked', () => local.states.has(file));
    await vscode.commands.executeCommand('auth0Actions.refreshFiles', {});
    const drift = async (): Promise<string | undefined> => {
      local.states.forget(file);
      return (await local.states.of(file))?.drift?.file;
    };
    assert.equal(await drift(), 'same');
    const { id, code } = await actionNamed('machine-claims');
    await api('PATCH', `/actions/actions/${String(id)}`, { code: `// theirs\n${String(code)}` });
    assert.ok((await pull()).written.includes('actions/machine-claims/code.js'));
    assert.equal(await drift(), 'same', 'nobody has asked to look anew');
  });

  it('leaves a file alone that is open with text that is not saved', async () => {
    await pull();
    put('actions/machine-claims/code.js', '// mine\n');
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(join(folder, 'actions/machine-claims/code.js')));
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '// typed\n');
    await vscode.workspace.applyEdit(edit);
    const answer = await pull();
    assert.deepEqual(answer.left, ['actions/machine-claims/code.js (open, with text that is not saved)']);
    assert.equal(read('actions/machine-claims/code.js'), '// mine\n');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('is changed by a push: code, dependencies, secrets by name and new actions, and nothing is deployed', async () => {
    await pull();
    put('config.json', JSON.stringify({ AUTH0_KEYWORD_REPLACE_MAPPINGS: { WORD: 'pushed' } }));
    put('actions/machine-claims/code.js', `// ##WORD##\n${read('actions/machine-claims/code.js')}`);
    const claims = { ...asObject(JSON.parse(read('actions/machine-claims.json'))), dependencies: [{ name: 'uuid', version: '11.0.3' }], secrets: [{ name: 'CLAIMS_KEY', value: '##FROM_THE_ENVIRONMENT##' }, { name: 'OTHER_KEY' }] };
    put('actions/machine-claims.json', JSON.stringify(claims));
    put('actions/notify-password-change/code.js', '// ##NOBODY_KNOWS##\n');
    put('actions/brand-new.json', JSON.stringify({ name: 'brand-new', code: './actions/brand-new/code.js', runtime: 'node22', dependencies: [], secrets: [], supported_triggers: [{ id: 'post-login', version: 'v3' }] }));
    put('actions/brand-new/code.js', CODE);
    answers = ['typed-secret-value', ''];
    const before = await actionNamed('machine-claims');
    const answer = await push();
    assert.deepEqual(answer, { changed: ['machine-claims'], created: ['brand-new'], failed: [], withoutValue: ['OTHER_KEY of machine-claims'] });
    const after = await actionNamed('machine-claims');
    assert.equal(after['code'], `// pushed\n${String(before['code'])}`);
    assert.deepEqual([after['dependencies'], asObjects(after['secrets']).map(({ name }) => name)], [[{ name: 'uuid', version: '11.0.3' }], ['CLAIMS_KEY']]);
    assert.deepEqual(asObject(after['deployed_version'])['number'], asObject(before['deployed_version'])['number']);
    assert.equal((await actionNamed('brand-new'))['deployed_version'], undefined);
    // The one with a mark that nothing stands for was in the list, and could not be sent.
    assert.doesNotMatch(String((await actionNamed('notify-password-change'))['code']), /NOBODY_KNOWS/u);
    assert.match(seen.told.join('\n'), /Drafts changed in .*: 1\. Actions created: 1\. Nothing was deployed\./u);
    rmSync(join(folder, 'actions/notify-password-change.json'));
    put('actions/machine-claims.json', JSON.stringify({ ...claims, secrets: [{ name: 'CLAIMS_KEY' }] }));
    await assert.rejects(push(), /Nothing to push: the \d+ actions of pulled are what /u);
  });

  it('is pushed without what cannot be read, which the list names', async () => {
    await pull();
    put('actions/machine-claims/code.js', `// next\n${read('actions/machine-claims/code.js')}`);
    put('actions/broken.json', '{');
    const { createQuickPick } = vscode.window;
    const picks: vscode.QuickPick<vscode.QuickPickItem>[] = [];
    Object.assign(vscode.window, { createQuickPick: () => {
      const pick = createQuickPick();
      picks.push(pick);
      return pick;
    } });
    try {
      const { changed, created, failed } = await push();
      assert.deepEqual([changed, created, failed], [['machine-claims'], [], []]);
    } finally {
      Object.assign(vscode.window, { createQuickPick });
    }
    assert.deepEqual(picks[0]?.items.map(({ label, detail }) => [label, detail]).at(-1), ['$(error) actions/broken.json', 'its description cannot be read']);
  });

  it('is pushed with what is open and not saved', async () => {
    await pull();
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(join(folder, 'actions/enrich-profile/code.js')));
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '// typed\n');
    await vscode.workspace.applyEdit(edit);
    assert.deepEqual((await push()).changed, ['enrich-profile']);
    assert.match(String((await actionNamed('enrich-profile'))['code']), /^\/\/ typed\n/u);
    assert.equal(document.isDirty, false);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('is not ticked by itself where a push would remove a secret, and a folder without actions is said to be one', async () => {
    seen.told.length = 0;
    await assert.rejects(push(), /pulled holds no actions/u);
    assert.deepEqual(seen.told, [], 'who calls from code gets a rejection, and nobody a notification');
    const { secrets } = await actionNamed('machine-claims');
    assert.deepEqual(asObjects(secrets).map(({ name }) => name), ['CLAIMS_KEY']);
    await pull();
    put('actions/machine-claims.json', JSON.stringify({ ...asObject(JSON.parse(read('actions/machine-claims.json'))), secrets: [] }));
    // Not ticked by itself: nothing is sent.
    await assert.rejects(push(), { name: 'Dismissed' });
    assert.deepEqual(asObjects((await actionNamed('machine-claims'))['secrets']).length, 1);
  });

  it('asks for the name of a protected tenant after the list, and sends nothing where it is not typed', async () => {
    const { state, questions } = await parts();
    await pull();
    put('actions/machine-claims/code.js', '// for the protected\n');
    const before = await actionNamed('machine-claims');
    const ask = questions.ask.bind(questions);
    const asked: string[] = [];
    questions.ask = ({ question, detail }) => {
      asked.push(`${question} ${detail}`);
      return Promise.resolve(undefined);
    };
    await state.registry.setProtected(tenant, true);
    try {
      await assert.rejects(push(), { name: 'Dismissed' });
    } finally {
      await state.registry.setProtected(tenant, false);
      Object.assign(questions, { ask });
    }
    assert.match(asked.join('\n'), /^Change 1 drafts in .*\? machine-claims · Credentials Exchange · lines of code: /u);
    assert.deepEqual(await actionNamed('machine-claims'), before);
  });

  it('is pushed from the folder that a person picks and to the tenant that it has, with the values of the nearest config.json above', async () => {
    const { showQuickPick } = vscode.window;
    const offered: string[][] = [];
    const pick = async (items: readonly vscode.QuickPickItem[] | Promise<readonly vscode.QuickPickItem[]>): Promise<vscode.QuickPickItem | undefined> => {
      const all = await items;
      offered.push(all.map(({ label }) => label));
      return all.find(({ label }) => label === tenant || label.endsWith('/two'));
    };
    put('config.json', JSON.stringify({ AUTH0_DOMAIN: 'evil.example', AUTH0_KEYWORD_REPLACE_MAPPINGS: { WORD: 'from above' } }));
    for (const name of ['one', 'two']) {
      put(`${name}/config.json`, '{ "AUTH0_DOMAIN": "evil.example" }');
      put(`${name}/tenant.yaml`, `actions:\n  - name: repository-${name}\n    code: ./code.js\n    supported_triggers:\n      - id: post-login\n        version: v3\n`);
      put(`${name}/code.js`, '// ##WORD##\n');
    }
    await vscode.commands.executeCommand('auth0Actions.setFolderTenant', { tenant });
    Object.assign(vscode.window, { showQuickPick: pick });
    let over = false;
    try {
      const result = Promise.resolve(vscode.commands.executeCommand<PushAnswer | undefined>('auth0Actions.pushFiles')).finally(() => {
        over = true;
      });
      await until('the answer', async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return over;
      });
      assert.deepEqual((await result)?.created, ['repository-two']);
    } finally {
      Object.assign(vscode.window, { showQuickPick });
    }
    assert.deepEqual(offered[0], ['$(folder) pulled/one', '$(folder) pulled/two']);
    assert.equal(offered.length, 1, 'the workspace folder has a tenant: nobody is asked again');
    assert.equal((await actionNamed('repository-two'))['code'], '// from above\n');
  });

  it('is refused for a folder that keeps its actions in tenant.yaml', async () => {
    put('tenant.yaml', 'actions:\n  - name: listed\n    code: ./code.js\n    supported_triggers:\n      - id: post-login\n        version: v3\n');
    put('code.js', CODE);
    await assert.rejects(pull(), /keeps its actions in tenant\.yaml/u);
    assert.deepEqual(readdirSync(folder).sort(), ['code.js', 'tenant.yaml']);
  });
});
