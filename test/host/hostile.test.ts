/**
 * Repositories that mean harm: what their settings, descriptions, links and names can bring about. Nothing may arrive at
 * a host that nobody has connected, nothing of the repository may run, and nothing outside of it may be sent or written.
 */
import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { connect as connectTo, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import * as vscode from 'vscode';
import { api, connect, control, createBuilt, parts, tenant, until } from './support.ts';
import type { Parts } from '../../src/ui/commands/parts.ts';

/** Every command that takes a file of the workspace, and runs nothing. What a new one takes is added here, and the rest of this file holds for it. */
const FILE_COMMANDS: readonly string[] = ['pushFile', 'pullFile', 'deploy', 'compareFileWithDraft', 'compareFileWithLive', 'revealInTree', 'newEvent'];
/** Those that run the code of a file on this machine, which a person asks for. */
const RUN_COMMANDS: readonly string[] = ['runLocally', 'compareRuns'];

/** How a command takes a file: from code first, then from a person. */
function argumentsOf(id: string, file: vscode.Uri): readonly (readonly unknown[])[] {
  switch (id) {
    case 'newEvent': return [[file, 'sample'], [file]];
    case 'runLocally': return [[{ uri: file, event: {} }], [file]];
    default: return [[{ file }], [file]];
  }
}

const CODE = 'exports.onExecutePostLogin = async () => {};\n';
const OUTSIDE = '// this text is outside of the workspace\n';
/** What a name may hold: links that run commands, icons, controls, what turns the direction of writing, names of objects' own properties. */
const NAMES: readonly string[] = [
  '[click](command:workbench.action.terminal.new)', '$(zap) now', 'two\nlines\r\nof\u0000 it', '\u202Egnihtemos', '__proto__', 'constructor', 'toString', '../../../outside', '..\\..\\outside', 'x'.repeat(290), '%2e%2e%2foutside', ']([click](command:x) ${env:HOME}',
];

describe('a hostile repository', () => {
  let extension: Parts;
  let root = '';
  let outside = '';
  let marker = '';
  let evil: Server;
  let evilHost = '';
  let arrived = 0;
  /** In notifications and dialogs, and in the status bar, where there are icons. */
  const said: string[] = [];
  const flashed: string[] = [];
  let answer: (buttons: readonly string[]) => string | undefined = () => undefined;
  const original: Partial<Record<string, unknown>> = {};
  const created: string[] = [];
  const command = <T>(id: string, ...args: unknown[]): Promise<T> => Promise.resolve(vscode.commands.executeCommand<T>(`auth0Actions.${id}`, ...args));

  before(async () => {
    extension = await parts();
    await control('reset', {});
    await control('faults', []);
    await connect();
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    root = folder.uri.fsPath;
    outside = await mkdtemp(join(tmpdir(), 'outside-'));
    marker = join(outside, 'code-was-run');
    await put(join(outside, 'code.js'), OUTSIDE);
    await put(join(root, '..', 'outside.js'), OUTSIDE);
    evil = createServer(socket => {
      arrived += 1;
      socket.destroy();
    });
    await new Promise<void>(resolve => evil.listen(0, '127.0.0.1', resolve));
    const { port } = evil.address() as AddressInfo;
    evilHost = `127.0.0.1:${port}`;
    // It hears whoever comes.
    await new Promise(resolve => connectTo(port, '127.0.0.1').on('close', resolve));
    assert.equal(arrived, 1);
    arrived = 0;
    await command('setFolderTenant', { tenant });
    // What is said goes here, where it can be looked at, and is answered as each test wants.
    const asked = (text: unknown, ...rest: unknown[]): Promise<string | undefined> => {
      said.push(String(text), ...rest.map(one => (typeof one === 'string' ? one : (one as vscode.MessageOptions | undefined)?.detail ?? '')));
      return Promise.resolve(answer(rest.filter(one => typeof one === 'string')));
    };
    const createQuickPick = vscode.window.createQuickPick.bind(vscode.window);
    const dismissed = (): vscode.QuickPick<vscode.QuickPickItem> => {
      const pick = createQuickPick();
      // One that was never shown does not say that it is hidden.
      const show = pick.show.bind(pick);
      return Object.assign(pick, {
        show: () => {
          show();
          setTimeout(() => pick.hide(), 0);
        },
      });
    };
    const stubs: Record<string, unknown> = { createQuickPick: dismissed, showQuickPick: () => Promise.resolve(undefined), showWorkspaceFolderPick: () => Promise.resolve(undefined), showErrorMessage: asked, showWarningMessage: asked, showInformationMessage: asked, setStatusBarMessage: (text: string) => void flashed.push(text) };
    for (const [name, stub] of Object.entries(stubs)) {
      original[name] = vscode.window[name as keyof typeof vscode.window];
      Object.assign(vscode.window, { [name]: stub });
    }
  });
  beforeEach(() => {
    said.length = 0;
    answer = () => undefined;
  });
  afterEach(() => {
    assert.equal(arrived, 0, 'something arrived at a host that nobody has connected');
  });
  after(async () => {
    Object.assign(vscode.window, original);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await new Promise(resolve => evil.close(resolve));
    await Promise.all([...created.map(path => rm(path, { recursive: true, force: true })), rm(outside, { recursive: true })]);
    (await extension.local.get()).local.facts.lookAgain();
  });

  /** Writes a file, and takes it away at the end. */
  async function put(path: string, text: string): Promise<vscode.Uri> {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, text);
    created.push(path);
    return vscode.Uri.file(path);
  }

  async function link(target: string, path: string): Promise<vscode.Uri> {
    await mkdir(join(path, '..'), { recursive: true });
    await rm(path, { force: true });
    await symlink(target, path);
    created.push(path);
    return vscode.Uri.file(path);
  }

  const description = (name: string, more: object = {}): string => JSON.stringify({ name, code: `./actions/${name}/code.js`, runtime: 'node22', dependencies: [], secrets: [], supported_triggers: [{ id: 'post-login', version: 'v3' }], ...more });

  /** The setting of the workspace, as a repository brings it. */
  async function settings(values: string): Promise<void> {
    const file = join(root, '.vscode', 'settings.json');
    const value = `${Math.random()}`;
    await put(file, `{ "auth0Actions.test": "${value}", ${values.replace(/^\{/u, '')}`);
    await until('the settings', () => (vscode.workspace.getConfiguration('auth0Actions').get('test') === value ? true : undefined));
  }

  /** Each command, called by code and by a person, with whatever comes of it. */
  async function everything(file: vscode.Uri, ids = FILE_COMMANDS): Promise<string[]> {
    const outcomes: string[] = [];
    for (const id of ids) {
      for (const args of argumentsOf(id, file)) {
        await command<{ outcome?: string } | undefined>(id, ...args).then(result => outcomes.push(`${id}: ${result?.outcome ?? 'nothing'}`), () => outcomes.push(`${id}: refused`));
      }
    }
    return outcomes;
  }

  /** Nothing of the outside is in the tenant, and the outside is as it was. */
  async function nothingLeaked(): Promise<void> {
    const { actions } = await api('GET', '/actions/actions') as { actions?: readonly { code: string }[] };
    assert.ok(actions !== undefined && actions.length > 0);
    assert.deepEqual(actions.filter(one => one.code.includes('outside of the workspace')), []);
    assert.deepEqual([await readFile(join(outside, 'code.js'), 'utf8'), await readFile(join(root, '..', 'outside.js'), 'utf8')], [OUTSIDE, OUTSIDE]);
    assert.deepEqual((await readdir(outside)).sort(), ['code.js']);
  }

  it('reaches nothing outside through paths and symbolic links', async () => {
    const name = 'hostile-paths';
    await createBuilt(name, CODE);
    await settings(`"auth0Actions.files": ${JSON.stringify({ '../outside.js': name, [`../../${join(outside, 'code.js')}`]: name, [join(outside, 'code.js')]: name, '..\\outside.js': name, 'hostile/link.js': name, 'hostile/folder/code.js': name, 'hostile/x/../../../outside.js': name })} }`);
    const place = join(root, 'hostile');
    await put(join(place, 'actions', 'up.json'), description(name, { code: '../../outside.js' }));
    await put(join(place, 'actions', 'absolute.json'), description(name, { code: join(outside, 'code.js') }));
    await put(join(place, 'tenant.yaml'), `actions:\n  - name: ${name}\n    code: ../../outside.js\n    supported_triggers: [{ id: post-login, version: v3 }]\n`);
    const files = [
      await link(join(outside, 'code.js'), join(place, 'link.js')),
      vscode.Uri.joinPath(await link(outside, join(place, 'folder')), 'code.js'),
      await link('loop.js', join(place, 'loop.js')),
      vscode.Uri.file(join(root, '..', 'outside.js')),
      vscode.Uri.file(`${root}/hostile/../../outside.js`),
      vscode.Uri.file(join(outside, 'code.js')),
    ];
    // A description that is a link describes nothing.
    await put(join(outside, 'code.js'), OUTSIDE);
    await link(join(outside, 'code.js'), join(place, 'actions', 'linked.json'));
    const { local } = await extension.local.get();
    local.facts.lookAgain();
    answer = ([first]) => first;
    for (const file of files) {
      await command('linkFile', { file, action: name, tenant }).catch(() => undefined);
      assert.deepEqual([...new Set(await everything(file, [...FILE_COMMANDS, ...RUN_COMMANDS]))].filter(outcome => !outcome.endsWith(': refused') && !outcome.endsWith(': nothing')), [], file.path);
      await command('unlinkFile', { file });
    }
    for (const { uri } of await local.linked.all()) {
      await everything(uri);
    }
    // All of a tenant, into a folder where its places are links, and from there.
    await link(outside, join(place, 'actions', name));
    for (const id of ['pullTenant', 'pushFiles']) {
      // Whether it does something, refuses it, or is left: nothing gets out.
      await command(id, { tenant, folder: vscode.Uri.file(place) }).catch(() => undefined);
    }
    created.push(place);
    await nothingLeaked();
  });

  it('has its events neither read nor written through symbolic links', async () => {
    const place = join(root, 'hostile-events');
    await createBuilt('hostile-events', CODE);
    await put(join(place, 'actions', 'hostile-events.json'), description('hostile-events'));
    const file = await put(join(place, 'actions', 'hostile-events', 'code.js'), CODE);
    const event = await put(join(place, 'event.json'), '{}');
    const events = ['sample', 'dangling'].map(name => join(place, 'actions', 'hostile-events', 'events', `${name}.json`));
    const [sample = '', dangling = ''] = events;
    await link(event.fsPath, sample);
    await link(join(outside, 'new.json'), dangling);
    (await extension.local.get()).local.facts.lookAgain();
    for (const [path, name] of [[sample, 'sample'], [dangling, 'dangling']] as const) {
      said.length = 0;
      await command('newEvent', file, name);
      assert.match(said.join(), /symbolic link/u, path);
      said.length = 0;
      await command('compareRuns', vscode.Uri.file(path));
      assert.match(said.join(), /symbolic link/u, path);
    }
    assert.equal(await readFile(event.fsPath, 'utf8'), '{}');
    // A folder above them that is a link, and a name that something else has.
    const away = join(root, 'hostile-away');
    await put(join(away, 'code.js'), CODE);
    await link(away, join(place, 'actions', 'linked'));
    await put(join(place, 'actions', 'linked.json'), description('linked'));
    (await extension.local.get()).local.facts.lookAgain();
    await command('newEvent', vscode.Uri.file(join(place, 'actions', 'linked', 'code.js')), 'x');
    assert.deepEqual(await readdir(away), ['code.js']);
    await mkdir(join(place, 'actions', 'hostile-events', 'events', 'folder.json'));
    created.push(place, away);
    said.length = 0;
    await command('newEvent', file, 'folder');
    assert.match(said.join(), /of this name already/u);
    await nothingLeaked();
  });

  it('says nothing that is a link, an icon or another line, whatever its names are', async () => {
    const place = join(root, 'hostile-names');
    const files = await Promise.all(NAMES.map((_, index) => put(join(place, 'actions', `n${index}`, 'code.js'), CODE)));
    await Promise.all(NAMES.map((name, index) => put(join(place, 'actions', `n${index}.json`), description(name, { code: `./actions/n${index}/code.js`, dependencies: [{ name, version: name }], secrets: [{ name }] }))));
    const odd = await put(join(place, '[click](command:x) $(zap).js'), CODE);
    await settings(`"auth0Actions.files": { "__proto__": "x", "constructor": "__proto__", "hostile-names/[click](command:x) $(zap).js": "[a](command:b)" } }`);
    const { local } = await extension.local.get();
    local.facts.lookAgain();
    for (const [index, name] of NAMES.entries()) {
      const file = files[index];
      assert.ok(file);
      assert.equal((await local.linked.of(file))?.name, name);
      // A tenant that has no action of the name is asked anew by each.
      await everything(file, index === 0 ? FILE_COMMANDS : ['deploy']);
      await vscode.commands.executeCommand('vscode.open', file);
    }
    await everything(odd, ['pushFile']);
    assert.ok(said.length > NAMES.length, 'something was said of each');
    assert.deepEqual(said.filter(text => /\]\(|[^\P{Cc}\n]|\u202E|two\n/u.test(text)), []);
    assert.deepEqual(flashed.filter(text => /(?<!\\)\$\((?!check\)|link\))|[\p{Cc}\u202E]/u.test(text)), []);
    assert.equal(({} as Record<string, unknown>)['x'], undefined, 'no object has got what a name brought');
    await nothingLeaked();
  });

  it('is looked at to the end where it holds thousands of links and files, and references that unfold without end', async () => {
    const place = join(root, 'hostile-size');
    await settings(`"auth0Actions.files": { ${Array.from({ length: 20_000 }, (_, index) => `"hostile-size/f${index}.js": "n${index}"`).join(', ')} } }`);
    await Promise.all(Array.from({ length: 1500 }, (_, index) => put(join(place, `f${index}.js`), CODE)));
    await put(join(place, 'tenant.yaml'), [
      'd: &d { name: a, version: b }',
      `l: &l [${'*d,'.repeat(900)} *d]`,
      'x: &x { name: n, code: ./c.js, supported_triggers: [{ id: post-login }], dependencies: *l, secrets: *l }',
      ...Array.from({ length: 60 }, (_, index) => `m${index}: &m${index} { <<: [*${index === 0 ? 'x' : `m${index - 1}`}, *${index === 0 ? 'x' : `m${index - 1}`}] }`),
      `actions: [${'*x,'.repeat(1500)} *m59]`,
    ].join('\n'));
    await put(join(place, 'deep', 'tenant.yaml'), `actions: ${'['.repeat(100_000)}`);
    await put(join(place, 'code', 'tenant.yaml'), `actions: !!js/function "function () { require('fs').writeFileSync(${JSON.stringify(marker)}, '') }"\n`);
    const { local } = await extension.local.get();
    local.facts.lookAgain();
    const begun = process.cpuUsage();
    const all = await local.linked.all();
    const { user, system } = process.cpuUsage(begun);
    // Far more than it takes on a slow machine, and nothing beside what it takes to unfold each reference, or to look at each link for each file.
    assert.ok(user + system < 20_000_000, `${(user + system) / 1000} ms`);
    assert.ok(all.length > 0);
    await nothingLeaked();
  });

  it('decides neither where requests go nor which program runs', async () => {
    const run = `#!/bin/sh\ntouch '${marker}'\n`;
    const bin = join(root, 'node_modules', '.bin');
    await put(join(bin, 'auth0'), run);
    await put(join(root, '..auth0', 'auth0'), run);
    await Promise.all([chmod(join(bin, 'auth0'), 0o755), chmod(join(root, '..auth0', 'auth0'), 0o755)]);
    await put(join(root, '.npmrc'), `registry=http://${evilHost}/\nscript-shell=${join(bin, 'auth0')}\n//${evilHost}/:_authToken=stolen\n`);
    await put(join(root, 'config.json'), JSON.stringify({ AUTH0_DOMAIN: evilHost, AUTH0_CLIENT_ID: 'x', AUTH0_CLIENT_SECRET: 'y', AUTH0_KEYWORD_REPLACE_MAPPINGS: { X: 'y' } }));
    await settings(JSON.stringify({ 'auth0Actions.cliPath': join(bin, 'auth0'), 'auth0Actions.device.issuer': `http://${evilHost}`, 'auth0Actions.device.clientId': 'evil', 'auth0Actions.device.audience': 'evil', 'auth0Actions.checks.registry': `http://${evilHost}`, 'auth0Actions.notifications': 'all' }));
    const place = join(root, 'hostile-hosts');
    const dependencies = ['axios', `http://${evilHost}/x`, `@${evilHost}/x`, `//${evilHost}/x`, '../../x', 'a@b'].map(name => ({ name, version: '1.0.0' }));
    await put(join(place, 'actions', 'asks.json'), description('hostile-hosts', { code: './actions/asks/code.js', dependencies }));
    // Were it run, a file would be there.
    const file = await put(join(place, 'actions', 'asks', 'code.js'), `require('fs').writeFileSync(${JSON.stringify(marker)}, '');\nrequire('axios');\n${CODE}`);
    await put(join(place, 'actions', 'untrusted.json'), description('hostile-untrusted', { code: './actions/untrusted/code.js', dependencies: [{ name: 'only-untrusted', version: '1.0.0' }] }));
    const untrusted = await put(join(place, 'actions', 'untrusted', 'code.js'), `require('unknown');\n${CODE}`);
    const id = await createBuilt('hostile-runs', CODE);
    const own = await put(join(place, 'own.js'), await readFile(file.fsPath, 'utf8'));
    const asked: string[] = [];
    const honest = createHttpServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(404).end('{}');
    });
    await new Promise<void>(resolve => honest.listen(0, '127.0.0.1', resolve));
    const environment = { ...process.env };
    const configuration = vscode.workspace.getConfiguration('auth0Actions');
    try {
      process.env['NPM_CONFIG_REGISTRY'] = `http://127.0.0.1:${(honest.address() as AddressInfo).port}/`;
      process.env['PATH'] = [bin, join(root, '..auth0'), process.env['PATH']].join(delimiter);
      await configuration.update('checks.registry', true, vscode.ConfigurationTarget.Global);
      const found = await extension.signIn.findProgram();
      assert.ok(found === undefined || !found.startsWith(root), found);
      (await extension.local.get()).local.facts.lookAgain();
      // Before the person trusts the workspace, no registry is asked for what it names.
      const trust = Object.getOwnPropertyDescriptor(vscode.workspace, 'isTrusted') ?? {};
      Object.defineProperty(vscode.workspace, 'isTrusted', { ...trust, get: () => false });
      try {
        const problems = (): readonly vscode.Diagnostic[] => vscode.languages.getDiagnostics(untrusted).filter(one => one.source === 'auth0');
        await vscode.commands.executeCommand('vscode.open', untrusted);
        await until('the checks', () => (problems().length > 0 ? true : undefined));
        await vscode.commands.executeCommand('workbench.action.closeAllEditors');
        await until('the end of the checks', () => (problems().length === 0 ? true : undefined));
      } finally {
        Object.defineProperty(vscode.workspace, 'isTrusted', trust);
      }
      await vscode.commands.executeCommand('vscode.open', file);
      await until('the person\'s own registry to be asked', () => (asked.includes('/axios') ? true : undefined));
      await vscode.commands.executeCommand('vscode.executeCompletionItemProvider', file, new vscode.Position(3, 0));
      await assert.rejects(command('setFolderTenant', { tenant: evilHost }), /is not connected/u);
      await assert.rejects(command('linkFile', { file: own, action: 'hostile-runs', tenant: evilHost }), /is not connected/u);
      await command('linkFile', { file: own, action: 'hostile-runs', tenant });
      answer = buttons => buttons.find(button => button.startsWith('Overwrite')) ?? buttons[0];
      await everything(own);
      await everything(file);
      assert.match(String((await api('GET', `/actions/actions/${id}`))['code']), /writeFileSync/u, 'it was sent, and not run');
      assert.ok(!asked.includes('/only-untrusted'));
      // VS Code's own search for types, and the tenant's actions, ask for other packages.
      assert.deepEqual(asked.filter(path => /127\.0|\.\.|@b$/u.test(decodeURIComponent(path))), [], 'names that are none of a package are not asked for');
      await nothingLeaked();
    } finally {
      process.env = environment;
      await configuration.update('checks.registry', false, vscode.ConfigurationTarget.Global);
      await new Promise(resolve => honest.close(resolve));
    }
  });

  it('runs nothing on this machine while it is not trusted, whichever way a person asks', async () => {
    const evil = `require('fs').writeFileSync(${JSON.stringify(marker)}, '');\n${CODE}`;
    const place = join(root, 'hostile-runs');
    await put(join(place, 'actions', 'hostile-trust.json'), description('hostile-trust'));
    const file = await put(join(place, 'actions', 'hostile-trust', 'code.js'), evil);
    await createBuilt('hostile-trust', evil);
    // A draft would load it from here.
    await put(join(root, 'node_modules', 'hostile-package', 'package.json'), '{ "name": "hostile-package", "version": "1.0.0" }');
    await put(join(root, 'node_modules', 'hostile-package', 'index.js'), evil);
    const id = await createBuilt('hostile-draft', `require('hostile-package');\n${CODE}`);
    const draft = vscode.Uri.parse(`auth0-actions://${tenant}/${id}/draft/hostile-draft.js`);
    (await extension.local.get()).local.facts.lookAgain();
    await vscode.commands.executeCommand('vscode.open', draft);
    const { controller, profiles } = extension.tests;
    const refused = /This workspace is not trusted/u;
    const original = controller.createTestRun.bind(controller);
    const trust = Object.getOwnPropertyDescriptor(vscode.workspace, 'isTrusted') ?? {};
    Object.defineProperty(vscode.workspace, 'isTrusted', { ...trust, get: () => false });
    controller.createTestRun = (...args) => Object.create(original(...args), { errored: { value: (_item: unknown, message: vscode.TestMessage) => said.push(typeof message.message === 'string' ? message.message : message.message.value) } }) as vscode.TestRun;
    try {
      await controller.resolveHandler?.(undefined);
      for (const uri of [file, draft]) {
        for (const run of ['runLocally', 'debugLocally']) {
          await assert.rejects(command(run, { uri, event: {} }), refused, run);
        }
        const item = await until('the test', () => [...controller.items].map(([, one]) => one).find(one => one.uri?.toString() === uri.toString()));
        const ways: Readonly<Record<string, () => Promise<unknown>>> = {
          runLocally: () => command('runLocally', uri),
          debugLocally: () => command('debugLocally', uri),
          compareRuns: () => command('compareRuns', uri),
          local: async () => profiles.local.runHandler(new vscode.TestRunRequest([item]), new vscode.CancellationTokenSource().token),
          debug: async () => profiles.debug.runHandler(new vscode.TestRunRequest([item]), new vscode.CancellationTokenSource().token),
        };
        for (const [name, way] of Object.entries(ways)) {
          said.length = 0;
          await way();
          assert.match(said.join(), refused, `${name} of ${uri.path}`);
        }
      }
    } finally {
      controller.createTestRun = original;
      Object.defineProperty(vscode.workspace, 'isTrusted', trust);
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    }
    await nothingLeaked();
  });

  it('gets what a tenant has into its own file alone, whatever the tenant calls it', async () => {
    answer = ([first]) => first;
    const before = (await readdir(join(root, '..'))).sort();
    for (const [index, name] of NAMES.filter(one => /outside|__proto__|^\[click/u.test(one)).entries()) {
      const theirs = `// ${index} ../../outside\n${CODE}`;
      await createBuilt(name, theirs);
      const file = await put(join(root, 'hostile-pull', `p${index}.js`), CODE);
      await command('linkFile', { file, action: name, tenant });
      await (index === 0 ? everything(file) : command('compareFileWithDraft', { file }));
      await command('pullFile', { file });
      assert.ok((await readFile(file.fsPath, 'utf8')).includes('exports.onExecutePostLogin'), name);
    }
    assert.deepEqual((await readdir(join(root, '..'))).sort(), before);
    assert.deepEqual((await readdir(join(root, 'hostile-pull'))).filter(one => !/^p\d+\.js$|^events$/u.test(one)), []);
    await nothingLeaked();
  });
});
