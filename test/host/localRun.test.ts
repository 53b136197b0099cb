/** Runs on this machine in a real extension host: files of a repository and drafts, their results, lenses, packages, and VS Code's own debugger. */
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { LocalRunResult } from '../../src/actions/runs/localRun.ts';
import { connect, control, createBuilt, parts, tenant, type, until } from './support.ts';

const CODE = `exports.onExecutePostLogin = async (event, api) => {
  const { plan } = event.user.app_metadata;
  console.log('plan', plan, Object.keys(process.env).filter(name => /AUTH0|TOKEN|SECRET|npm_/u.test(name)).join());
  if (plan === 'none') {
    throw new TypeError('No plan');
  }
  api.idToken.setCustomClaim('plan', plan);
  api.access.deny(7);
};
`;

function runLocally(uri: vscode.Uri, event?: object, command = 'auth0Actions.runLocally'): Thenable<LocalRunResult> {
  return vscode.commands.executeCommand<LocalRunResult>(command, { uri, ...(event === undefined ? {} : { event }) });
}

function resultPage(): vscode.TextDocument | undefined {
  return vscode.window.visibleTextEditors.map(editor => editor.document).find(({ uri }) => uri.scheme === 'auth0-actions-run' && uri.path.endsWith('.local.txt'));
}

/** Names of files with code that runs have left. */
async function copies(storage: vscode.Uri): Promise<readonly string[]> {
  const folder = vscode.Uri.joinPath(storage, 'localRuns');
  const below = await Promise.all((await vscode.workspace.fs.readDirectory(folder)).map(([name]) => vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(folder, name))));
  return below.flat().map(([name]) => name);
}

describe('runs on this machine', () => {
  let root = vscode.Uri.file('/');
  const place = (path: string): vscode.Uri => vscode.Uri.joinPath(root, path);
  const write = async (path: string, text: string): Promise<vscode.Uri> => {
    await vscode.workspace.fs.writeFile(place(path), new TextEncoder().encode(text));
    return place(path);
  };

  before(async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    root = vscode.Uri.joinPath(folder.uri, 'local-runs');
    await control('reset', {});
    await connect();
    await write('actions/enrich.json', JSON.stringify({ name: 'enrich', code: './actions/enrich/code.js', runtime: 'node22', supported_triggers: [{ id: 'post-login', version: 'v3' }], dependencies: [], secrets: [{ name: 'KEY' }] }));
    await write('actions/enrich/code.js', CODE);
    await write('plain.js', CODE);
    // A file of its own: what is edited in another one moves its breakpoints when it is read again.
    await write('actions/debugged.json', JSON.stringify({ name: 'debugged-file', code: './actions/debugged/code.js', runtime: 'node22', supported_triggers: [{ id: 'post-login', version: 'v3' }], dependencies: [], secrets: [] }));
    await write('actions/debugged/code.js', CODE);
  });
  afterEach(async () => {
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    await (await parts()).state.registry.disconnect(tenant);
    await vscode.workspace.fs.delete(root, { recursive: true });
  });

  it('of a file show what came of them beside it, and lead to its lines', async () => {
    const uri = place('actions/enrich/code.js');
    await vscode.window.showTextDocument(uri);
    const result = await runLocally(uri, { user: { app_metadata: { plan: 'pro' } } });
    assert.deepEqual([result.end, result.calls.map(({ method, line, problem }) => [method, line, problem?.kind])], ['finished', [['api.idToken.setCustomClaim', 7, undefined], ['api.access.deny', 8, 'wrongType']]]);
    const page = resultPage();
    assert.ok(page);
    assert.match(page.getText(), /^Run of enrich on this machine\n {2}Post Login, v3[^]*It ran to its end without an error\.[^]*1\. api\.idToken\.setCustomClaim\("plan", "pro"\) {2}line 7\n {2}2\. api\.access\.deny\(7\) {2}line 8\n {5}The argument reason has to be: string\n[^]*Console\n {2}plan pro ?\n[^]*Without a value: KEY\n/u);
    assert.doesNotMatch(page.getText(), /Limits of the service/u);
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', page.uri);
    assert.deepEqual(links.map(({ range, target }) => [page.getText(range), target?.path === uri.path, target?.fragment]), [['line 7', true, 'L7'], ['line 8', true, 'L8']]);
    const failed = await runLocally(uri, { user: { app_metadata: { plan: 'none' } } });
    assert.deepEqual([failed.end, failed.errorLine], ['threw', 5]);
    await until('the page to follow', () => (/It failed: TypeError: No plan\n\nPlace\n {2}Line 5 of the code\n {4}throw new TypeError\('No plan'\);\n\nStack\n[^]*code\.js:5:/u.test(page.getText()) ? true : undefined));
  });

  it('of a draft take the text in the editor, and packages of the workspace', async () => {
    await write('node_modules/of-the-project/package.json', '{"name": "of-the-project", "version": "1.2.3"}');
    await write('node_modules/of-the-project/index.js', "module.exports = 'from the project';");
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    await vscode.workspace.fs.copy(place('node_modules'), vscode.Uri.joinPath(folder.uri, 'node_modules'), { overwrite: true });
    const id = await createBuilt('local-draft', "exports.onExecutePostLogin = async (event, api) => api.user.setUserMetadata('from', require('of-the-project'));\n");
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(`auth0-actions://${tenant}/${id}/draft/local-draft.js`));
    await vscode.window.showTextDocument(document);
    await type(document, "// mine\nconsole.log('unsaved');\n");
    const result = await runLocally(document.uri, {});
    assert.deepEqual([result.calls.map(({ args, line }) => [...args, line]), result.console], [[['from', 'from the project', 3]], [{ level: 'log', text: 'unsaved' }]]);
    assert.ok(document.isDirty, 'nothing was saved');
    assert.ok(resultPage()?.uri.authority === tenant);
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder.uri, 'node_modules'), { recursive: true });
  });

  it('can be asked for by others, who get the result alone', async () => {
    const all = await parts();
    const { runSubject } = await all.localRuns.load();
    const uri = place('actions/enrich/code.js');
    const result = await runSubject(all, uri, { event: { user: { app_metadata: {} } } }, { debug: false, ask: false });
    assert.deepEqual([result.end, result.calls.length], ['finished', 2]);
    assert.equal(resultPage(), undefined);
    const cancel = new vscode.CancellationTokenSource();
    const endless = await write('actions/enrich/code.js', 'exports.onExecutePostLogin = async () => { for (;;) {} };');
    const going = runSubject(all, endless, { event: {} }, { debug: false, ask: false, token: cancel.token });
    cancel.cancel();
    assert.equal((await going).end, 'stopped');
    await write('actions/enrich/code.js', CODE);
  });

  it('of a file have its marks replaced, on the same lines', async () => {
    await write('config.json', JSON.stringify({ AUTH0_KEYWORD_REPLACE_MAPPINGS: { WHO: 'ada', LINES: 'one\ntwo' } }));
    const marked = async (name: string, line: string): Promise<vscode.Uri> => {
      await write(`actions/${name}.json`, JSON.stringify({ name, code: `./actions/${name}/code.js`, supported_triggers: [{ id: 'post-login', version: 'v3' }] }));
      return write(`actions/${name}/code.js`, `exports.onExecutePostLogin = async () => {\n  ${line}\n};\n`);
    };
    const [who, lines] = [await marked('who', 'console.log(@@WHO@@);'), await marked('lines', '// ##LINES##')];
    (await (await parts()).local.get()).local.facts.lookAgain();
    assert.deepEqual((await runLocally(who, {})).console, [{ level: 'log', text: 'ada' }]);
    await assert.rejects(Promise.resolve(runLocally(lines, {})), /stands for several lines/u);
    await vscode.workspace.fs.delete(place('config.json'));
  });

  it('of a file take runtime, packages and secrets with marks replaced, and install no package of another registry', async () => {
    await write('config.json', JSON.stringify({ AUTH0_KEYWORD_REPLACE_MAPPINGS: { V: '18', STAGE: 'LIVE', DEPS: [{ name: 'of-everybody', version: '1.0.0' }, { name: 'of-the-company', version: '2.0.0', registry_url: 'https://packages.example' }] } }));
    await write('actions/all-marks.json', '{"name": "all-marks", "code": "./actions/all-marks/code.js", "runtime": "node##V##", "dependencies": @@DEPS@@, "secrets": [{"name": "##STAGE##_KEY"}], "supported_triggers": [{"id": "post-login", "version": "v3"}]}');
    const uri = await write('actions/all-marks/code.js', CODE);
    const all = await parts();
    (await all.local.get()).local.facts.lookAgain();
    await runLocally(uri, { user: { app_metadata: {} } });
    assert.match(resultPage()?.getText() ?? '', /the action has node18\.[^]*of-everybody 1\.0\.0 is not installed\n[^]*of-the-company 2\.0\.0 is not installed\. It comes from a registry of its own \(https:\/\/packages\.example\)[^]*Without a value: LIVE_KEY\n/u);
    const { localRuns } = all;
    const { showWarningMessage } = vscode.window;
    const asked: unknown[] = [];
    Object.assign(vscode.window, { showWarningMessage: () => Promise.resolve('Install') });
    Object.assign(all, { localRuns: { ...localRuns, loadRunner: async () => ({ ...(await localRuns.loadRunner()), installPackages: (_storage: string, packages: unknown) => {
      asked.push(packages);
      return Promise.reject(new Error('no npm'));
    } }) } });
    try {
      const { runSubject } = await localRuns.load();
      await assert.rejects(runSubject(all, uri, { event: {} }, { debug: false, ask: true }), /npm could not install/u);
      assert.deepEqual(asked, [[{ name: 'of-everybody', version: '1.0.0' }]]);
    } finally {
      Object.assign(vscode.window, { showWarningMessage });
      Object.assign(all, { localRuns });
      await vscode.workspace.fs.delete(place('config.json'));
    }
  });

  it('under a debugger that cannot be started leave nothing open', async () => {
    const all = await parts();
    const { localRuns } = all;
    const id = await createBuilt('not-debugged', CODE);
    const { startDebugging } = vscode.debug;
    let closed = 0;
    Object.assign(vscode.debug, { startDebugging: () => Promise.reject(new Error('no debugger')) });
    Object.assign(all, { localRuns: { ...localRuns, loadRunner: async () => ({ ...(await localRuns.loadRunner()), openDebugRun: () => Promise.resolve({ launch: {}, ended: new Promise(() => undefined), close: () => {
      closed += 1;
    } }) }) } });
    try {
      await assert.rejects(Promise.resolve(runLocally(vscode.Uri.parse(`auth0-actions://${tenant}/${id}/draft/not-debugged.js`), {}, 'auth0Actions.debugLocally')), /no debugger/u);
      assert.ok(closed > 0);
      assert.deepEqual(await copies(localRuns.storage), []);
    } finally {
      Object.assign(vscode.debug, { startDebugging });
      Object.assign(all, { localRuns });
    }
  });

  it('of a script that belongs to no action are refused', async () => {
    await assert.rejects(Promise.resolve(runLocally(place('plain.js'), {})), /plain\.js belongs to no action/u);
  });

  it('are offered above the handler of a file or draft, and nowhere else', async () => {
    const lenses = async (uri: vscode.Uri): Promise<readonly string[]> => {
      await vscode.window.showTextDocument(uri);
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 10);
      return found.flatMap(({ command, range }) => (command?.command.startsWith('auth0Actions.') === true ? [`${range.start.line} ${command.title}`] : []));
    };
    const own = await write('actions/enrich/code.js', `// exports.onExecutePostLogin = old\n${CODE}`);
    // An editor that has the file open already takes a moment to see its new text.
    await until('the lenses', async () => isDeepStrictEqual(await lenses(own), ['1 Run Locally', '1 Debug Locally']));
    await write('actions/enrich/code.js', CODE);
    assert.deepEqual(await lenses(place('plain.js')), []);
    const id = await createBuilt('with-lens', 'module.exports = {\n  async onExecutePostLogin(event, api) {},\n};\n');
    assert.deepEqual(await lenses(vscode.Uri.parse(`auth0-actions://${tenant}/${id}/draft/with-lens.js`)), ['1 Run Locally', '1 Debug Locally']);
  });

  it('are offered without asking a tenant; a run asks it for the action of a file', async () => {
    const { local, state } = await parts();
    await vscode.commands.executeCommand('auth0Actions.setFolderTenant', { tenant });
    const uri = await write('linked-by-hand.js', CODE);
    await vscode.commands.executeCommand('auth0Actions.linkFile', { file: uri, action: 'nobody-has-it', tenant });
    const catalog = state.catalog(tenant);
    const read = catalog.loadAll.bind(catalog);
    const asked: true[] = [];
    Object.assign(catalog, { loadAll: () => {
      asked.push(true);
      return read();
    } });
    try {
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document);
      await type(document, '// edited\n');
      await vscode.commands.executeCommand('vscode.executeCodeLensProvider', uri, 10);
      assert.equal(await (await local.get()).local.actionOf(uri), undefined);
      assert.deepEqual(asked, []);
      await assert.rejects(Promise.resolve(runLocally(uri, {})), /belongs to no action/u);
      assert.notEqual(asked.length, 0);
    } finally {
      Reflect.deleteProperty(catalog, 'loadAll');
      await vscode.commands.executeCommand('auth0Actions.unlinkFile', { file: uri });
    }
  });

  for (const what of ['file', 'draft'] as const) {
    it(`stop at a breakpoint in a ${what} under the debugger, and go on`, async () => {
      const id = what === 'draft' ? await createBuilt('debugged', CODE) : '';
      const uri = what === 'draft' ? vscode.Uri.parse(`auth0-actions://${tenant}/${id}/draft/debugged.js`) : place('actions/debugged/code.js');
      await vscode.window.showTextDocument(uri);
      vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(new vscode.Location(uri, new vscode.Position(6, 0)))]);
      const stopped: { readonly reason: string; readonly thread: number; readonly session: vscode.DebugSession }[] = [];
      const tracker = vscode.debug.registerDebugAdapterTrackerFactory('*', {
        createDebugAdapterTracker: session => ({
          onDidSendMessage: (message: { event?: string; body?: { reason?: string; threadId?: number } }) => {
            if (message.event === 'stopped') {
              stopped.push({ reason: message.body?.reason ?? '', thread: message.body?.threadId ?? 0, session });
            }
          },
        }),
      });
      try {
        const going = runLocally(uri, { user: { app_metadata: { plan: 'pro' } } }, 'auth0Actions.debugLocally');
        const { reason, thread, session } = await until('the breakpoint', () => stopped[0]);
        assert.equal(reason, 'breakpoint');
        const { stackFrames: [frame] } = await session.customRequest('stackTrace', { threadId: thread, levels: 1 }) as { stackFrames: readonly { line: number; source: { path: string } }[] };
        assert.equal(frame?.line, 7);
        // A path, or its address on a machine that is elsewhere.
        assert.ok(frame.source.path.endsWith(what === 'draft' ? '/debugged.js' : uri.path), frame.source.path);
        await session.customRequest('continue', { threadId: thread });
        const result = await going;
        assert.deepEqual([result.end, result.calls.length, result.console], ['finished', 2, [{ level: 'log', text: 'plan pro ' }]], 'and the process knows nothing of the environment, which has the tenant\'s token in these tests');
        assert.match(Object.keys(process.env).join(), /AUTH0_ACTIONS_SIMULATOR_TOKEN/u);
        assert.match(resultPage()?.getText() ?? '', /Under the debugger there is no limit of time/u);
        assert.equal(vscode.debug.breakpoints.length, 1, 'those of the copy are gone');
        assert.deepEqual(await copies((await parts()).localRuns.storage), [], 'and so is the copy');
      } finally {
        tracker.dispose();
      }
    });
  }
});
