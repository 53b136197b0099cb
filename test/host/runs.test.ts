/** Tests of drafts, and failed runs out of the log: documents, problems, and what is sent. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { asObject, asText } from '../../src/auth0/json.ts';
import type { TestAnswer } from '../../src/ui/runs/testAction.ts';
import { api, connect, control, createBuilt, parts, tenant, until } from './support.ts';

const THROWS = "exports.onExecutePostLogin = async (event) => {\n  // first\n  throw new TypeError('No plan');\n};\n";

function test(action: string, event?: object): Thenable<TestAnswer> {
  return vscode.commands.executeCommand<TestAnswer>('auth0Actions.testAction', { tenant, action, ...(event === undefined ? {} : { event }) });
}

function resultOf(id: string): vscode.TextDocument | undefined {
  return vscode.window.visibleTextEditors.map(editor => editor.document).find(({ uri }) => uri.scheme === 'auth0-actions-run' && uri.path.startsWith(`/${id}/`) && uri.path.endsWith('.txt'));
}

async function linksOf(document: vscode.TextDocument): Promise<readonly string[]> {
  const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', document.uri);
  return links.map(({ range, target }) => `${document.getText(range)} → ${target?.toString(true) ?? ''}`);
}

function event(id: string, name: string): vscode.Uri {
  return vscode.Uri.from({ scheme: 'auth0-actions-run', authority: tenant, path: `/${id}/event/${name}.event.json` });
}

describe('a test of a draft', () => {
  before(async () => {
    await control('reset', {});
    await connect();
  });
  afterEach(async () => {
    await control('faults', []);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('shows beside the code what came of it, and leads to the line', async () => {
    const id = await createBuilt('throws', THROWS);
    const answer = await test(id);
    assert.deepEqual(answer.error, { name: 'TypeError', message: 'No plan', line: 3 });
    assert.equal(typeof answer.stats['action_duration_ms'], 'number');
    const document = resultOf(id);
    assert.ok(document);
    assert.match(document.getText(), /^Test of throws in [^]*It failed: TypeError: No plan[^]*Line 3 of the draft\n {4}throw new TypeError\('No plan'\);[^]*Durations\n {2}total request duration: \d+ ms/u);
    const draft = `auth0-actions://${tenant}/${id}/draft/throws.js#L3`;
    assert.deepEqual(await linksOf(document), [`Line 3 of the draft → ${draft}`, `at index.js:3 → ${draft}`]);
    await assert.rejects(Promise.resolve(vscode.workspace.fs.writeFile(document.uri, new Uint8Array())), (error: unknown) => error instanceof vscode.FileSystemError);
    await api('PATCH', `/actions/actions/${id}`, { code: 'exports.onExecutePostLogin = async () => {};' });
    assert.equal((await test(id)).error, undefined);
    await until('the result to follow', () => (/without an error/u.test(document.getText()) ? true : undefined));
  });

  it('sends the event that is kept here, and refuses one that is no JSON with its line', async () => {
    const id = await createBuilt('kept-event');
    const uri = event(id, 'kept-event');
    await (await parts()).runs.keep(uri, { tenantId: tenant, actionId: id }, '{\n  "user": {},\n}\n');
    await assert.rejects(Promise.resolve(test(id)), /line 3 cannot be read\. Nothing was sent/u);
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.languageId, 'json');
    const replace = (text: string): Thenable<boolean> => {
      const edit = new vscode.WorkspaceEdit();
      edit.replace(uri, document.validateRange(new vscode.Range(0, 0, 9, 0)), text);
      return vscode.workspace.applyEdit(edit);
    };
    await replace('{ "secrets": { "KEY": "value" } }');
    await assert.rejects(Promise.resolve(test(id)), /secrets/u);
    await replace('{ "user": { "name": "Ada" } }');
    assert.equal((await test(id)).error, undefined);
    assert.equal(document.isDirty, false, 'what is sent is kept');
    assert.deepEqual(JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri))), { user: { name: 'Ada' } });
  });

  it('whose answer is lost says so, and is sent once', async () => {
    const id = await createBuilt('lost-test');
    // The second one would be answered.
    await control('faults', [{ method: 'POST', path: `${id}/test$`, times: 1, fault: 'reset-after' }]);
    await assert.rejects(Promise.resolve(test(id, { user: {} })), /its answer was lost: the code may have run/u);
    await control('faults', [{ method: 'POST', path: `${id}/test$`, times: 1, fault: { status: 429 } }]);
    await assert.rejects(Promise.resolve(test(id, {})), /429/u);
    assert.equal((await test(id, {})).error, undefined);
  });

  it('is of the draft as it is saved, and says that a text was left out', async () => {
    const id = await createBuilt('unsaved-test', THROWS);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(`auth0-actions://${tenant}/${id}/draft/unsaved-test.js`));
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '// mine\n');
    await vscode.workspace.applyEdit(edit);
    assert.equal((await test(id, {})).error?.line, 3);
    assert.match(resultOf(id)?.getText() ?? '', /was not tested/u);
    assert.ok(document.isDirty);
  });

  it('of a protected tenant asks first, whoever calls, and sends nothing where that is declined', async () => {
    const { state } = await parts();
    const id = await createBuilt('protected-test');
    await control('faults', [{ method: 'POST', path: `${id}/test$`, times: 1, fault: { status: 429 } }]);
    await state.registry.setProtected(tenant, true);
    try {
      let ended: unknown;
      const going = Promise.resolve(test(id, {})).then(answer => (ended = answer), (error: unknown) => (ended = error));
      await until('the question to be declined', async () => {
        await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
        return ended === undefined ? undefined : true;
      });
      await going;
      assert.ok(ended instanceof Error && ended.name === 'Dismissed', String(ended));
    } finally {
      await state.registry.setProtected(tenant, false);
    }
    await assert.rejects(Promise.resolve(test(id, {})), /429/u, 'the service had no request before');
  });

  it('runs nothing where the build has failed, or the action is unknown', async () => {
    const id = await createBuilt('broken-build');
    await control('hold', { action: id, status: 'failed' });
    await assert.rejects(Promise.resolve(test(id, {})), /failed to build.*Nothing was tested/u);
    await assert.rejects(Promise.resolve(test('no-such-action', {})), /no action/u);
  });
});

describe('recent errors', () => {
  before(async () => {
    await control('reset', {});
    await connect();
  });
  afterEach(async () => {
    await control('scopes', { scopes: 'read:actions create:actions update:actions delete:actions read:logs' });
    await control('faults', []);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  /** The list is there some time after the command; its first row is the newest. */
  async function openNewest(args: object): Promise<vscode.TextEditor> {
    const going = vscode.commands.executeCommand('auth0Actions.showErrors', args);
    const editor = await until('the version that failed', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'auth0-actions-version');
    });
    await going;
    return editor;
  }

  it('open the version that failed with the error on its line, and what the log says', async () => {
    await (await parts()).state.catalog(tenant).refresh();
    const { document, selection } = await openNewest({ tenant, action: 'enrich-profile' });
    const [problem, more] = vscode.languages.getDiagnostics(document.uri).filter(one => one.source === 'auth0');
    assert.ok(problem !== undefined && more === undefined);
    const line = document.lineAt(problem.range.start.line);
    assert.match(line.text, /logins_count/u);
    assert.match(problem.message, /A run failed, .*TypeError: Cannot read properties of undefined/u);
    assert.deepEqual([problem.code, selection.start.line], ['TypeError', problem.range.start.line]);
    const id = document.uri.path.split('/')[1] ?? '';
    const text = await until('what the log says', () => resultOf(id)?.getText());
    assert.match(text, /^Failed run of enrich-profile in [^]*Post Login flow\n {2}v7\n[^]*The whole flow\n {2}Status: final\n {2}enrich-profile: Cannot read properties[^]*In the log\n {2}Entry: 900/u);
    await vscode.commands.executeCommand('auth0Actions.deploy', { tenant, action: id });
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri).filter(one => one.source === 'auth0'), [], 'the next version that goes live takes it away');
  });

  it('of a whole tenant are those of all its actions', async () => {
    const { document } = await openNewest({ tenant });
    const { name } = asObject(await api('GET', `/actions/actions/${document.uri.path.split('/')[1] ?? ''}`));
    assert.equal(asText(name), 'sync-crm', 'the newest of all');
  });

  it('open nothing without the scope', async () => {
    await control('scopes', { scopes: 'read:actions create:actions update:actions' });
    await vscode.commands.executeCommand('auth0Actions.showErrors', { tenant });
    assert.equal(vscode.window.visibleTextEditors.length, 0);
  });
});
