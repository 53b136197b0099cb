/** The Test Explorer: actions and their events, and runs of them on this machine and in the tenant. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { LocalRunResult } from '../../src/actions/runs/localRun.ts';
import type { Parts } from '../../src/ui/commands/parts.ts';
import type { runSubject } from '../../src/ui/localRun/index.ts';
import { api, connect, control, createBuilt, createWatched, parts, tenant, until } from './support.ts';
import { child, ended, itemOf, items, labels, run, said } from './testExplorer.ts';
import type { Reported } from './testExplorer.ts';

const CODE = "// Says no.\nexports.onExecutePostLogin = async (event, api) => {\n  api.access.deny('no');\n  if (event.fail) {\n    throw new TypeError('No plan');\n  }\n};\n";
const THROWS = "exports.onExecutePostLogin = async (event) => {\n  throw new TypeError('No plan');\n};\n";
const FINISHED: LocalRunResult = { end: 'finished', file: '/x/code.js', calls: [{ method: 'api.access.deny', args: ['no'], handler: 'onExecutePostLogin', line: 3 }], console: [{ level: 'log', text: 'one\ntwo\u001b[31m' }], handlers: ['onExecutePostLogin'], ms: { load: 2, handlers: 5 }, limits: [] };

type Given = Parameters<typeof runSubject>;

describe('tests', function () {
  let extension: Parts;
  let folder: vscode.Uri;
  let localRuns: Parts['localRuns'];
  const place = (path: string): vscode.Uri => vscode.Uri.joinPath(folder, path);
  const write = (path: string, text: string): Thenable<void> => vscode.workspace.fs.writeFile(place(path), new TextEncoder().encode(text));
  const readText = async (uri: vscode.Uri): Promise<string> => new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));

  before(async () => {
    await control('reset', {});
    await control('faults', []);
    await connect();
    extension = await parts();
    ({ localRuns } = extension);
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(workspace);
    folder = workspace.uri;
    await createWatched(...['tests', 'tests/actions', 'tests/actions/refuse', 'tests/actions/refuse/events'].map(place));
    await write('tests/actions/refuse.json', JSON.stringify({ name: '$(bug) refuse', code: './actions/refuse/code.js', secrets: [], supported_triggers: [{ id: 'post-login', version: 'v3' }] }));
    await write('tests/actions/refuse/code.js', CODE);
    await write('tests/actions/refuse/events/first login.json', '{ "user": { "name": "Ada" } }');
  });
  afterEach(async () => {
    Object.assign(extension, { localRuns });
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    await vscode.workspace.fs.delete(place('tests'), { recursive: true });
    await extension.state.registry.disconnect(tenant);
  });

  /** Runs on this machine answer with this. */
  function local(run: (...given: Given extends [unknown, ...infer Rest] ? Rest : never) => Promise<LocalRunResult>): void {
    const fake = (...[, ...rest]: Given): Promise<LocalRunResult> => run(...rest);
    Object.assign(extension, { localRuns: { ...localRuns, load: async () => ({ ...(await localRuns.load()), runSubject: fake }) } });
  }

  /** Replaces the text of a draft's event. */
  const keep = (uri: vscode.Uri, value: unknown): Promise<void> => extension.runs.keep(uri, { tenantId: tenant, actionId: uri.path.split('/')[1] ?? '', event: uri.path.split('/').at(-1)?.replace('.event.json', '') ?? '' }, JSON.stringify(value));

  it('the action of a file is a test with its events, and follows them', async () => {
    const item = await itemOf(place('tests/actions/refuse/code.js'));
    assert.equal(item.label, '\\$(bug) refuse', 'a name is no icon');
    assert.deepEqual(labels(item), ['first login']);
    await write('tests/actions/refuse/events/second.json', '{}');
    // The oldest workbench lacks the native module that watches files: there somebody refreshes the view.
    const look = async (): Promise<boolean> => {
      await (vscode.version.startsWith('1.100.') ? extension.tests.controller.refreshHandler?.(new vscode.CancellationTokenSource().token) : undefined);
      return labels(item).includes('second');
    };
    await until('the second event', async () => (await look()) || undefined);
    await vscode.workspace.fs.delete(place('tests/actions/refuse/events/second.json'));
    await until('the second event to go', async () => ((await look()) ? undefined : true));
    await vscode.window.showTextDocument(place('tests/actions/refuse/code.js'));
    await until('the mark beside the handler', () => (item.range?.start.line === 1 ? true : undefined));
  });

  it('links are no events, whatever they lead to', async () => {
    const { symlink, rm } = await import('node:fs/promises');
    const link = place('tests/actions/refuse/events/link.json').fsPath;
    await symlink(place('tests/actions/refuse.json').fsPath, link);
    assert.ok(!labels(await itemOf(place('tests/actions/refuse/code.js'))).includes('link'));
    await rm(link);
    await write('tests/actions/linked.json', JSON.stringify({ name: 'linked', code: './actions/linked/code.js', secrets: [], supported_triggers: [{ id: 'post-login', version: 'v3' }] }));
    await write('tests/actions/linked/code.js', CODE);
    await vscode.workspace.fs.createDirectory(place('tests/elsewhere'));
    await symlink(place('tests/elsewhere').fsPath, place('tests/actions/linked/events').fsPath);
    assert.equal(await vscode.commands.executeCommand('auth0Actions.newEvent', place('tests/actions/linked/code.js'), 'x'), undefined);
    assert.deepEqual(await vscode.workspace.fs.readDirectory(place('tests/elsewhere')), []);
  });

  it('a run on this machine passes where it does what is expected, and gets the event without what is ours', async () => {
    await write('tests/actions/refuse/events/expected.json', JSON.stringify({ $schema: 'x', user: { name: 'Ada' }, continue: { request: {} }, expect: { calls: [{ method: 'api.access.deny', args: ['no'] }], exactly: true } }));
    const given: unknown[] = [];
    local((uri, event, { debug, ask }) => {
      given.push({ path: uri.path, event, debug, ask });
      return Promise.resolve(FINISHED);
    });
    const item = await itemOf(place('tests/actions/refuse/code.js'));
    const one = ended(await run('local', [child(item, 'expected')]), 'expected');
    assert.deepEqual(one.states, ['enqueued', 'started', 'passed']);
    assert.equal(one.ms, 7);
    assert.deepEqual(given, [{ path: place('tests/actions/refuse/code.js').path, event: { event: { user: { name: 'Ada' } }, continueWith: { request: {} } }, debug: false, ask: true }]);
    assert.match(one.output, /^\$\(bug\) refuse, expected\r\nRun on this machine\r\n {2}today \d\d:\d\d\r\n\r\nResult\r\n {2}It ran to its end without an error\.[^]*Calls of the api object\r\n {2}1\. api\.access\.deny\("no"\) {2}line 3\r\n[^]*Console\r\n {2}one\r\n {2}two \[31m\r\n[^]*Durations\r\n {2}load: 2 ms\r\n {2}handlers: 5 ms/u);
    assert.ok(!one.output.includes('\u001b'));
    assert.equal(ended(await run('debug', [child(item, 'expected')]), 'expected').state, 'passed');
    assert.equal((given[1] as { debug: boolean }).debug, true);
  });

  it('and fails with both sides where it does not, on the line of the call or of the error', async () => {
    await write('tests/actions/refuse/events/other.json', JSON.stringify({ expect: { calls: [{ method: 'api.access.deny', args: ['yes'] }], noCalls: ['api.access.deny'] } }));
    local(() => Promise.resolve({ ...FINISHED, end: 'threw', error: { name: 'TypeError', message: 'No [plan](command:x)', stack: 'TypeError: No plan\n    at helper (/x/index.js:3:1)\n    at /x/code.js:5:11\n    at node:internal/x:1:1' }, errorLine: 5 }));
    const item = await itemOf(place('tests/actions/refuse/code.js'));
    const { state, messages } = ended(await run('local', [item]), 'other');
    assert.equal(state, 'failed');
    assert.deepEqual(messages.map(({ message, location }) => [message, location?.range.start.line]), [
      ['Expected call is missing: api.access.deny("yes")', 2], ['Call was not to happen: api.access.deny("no")', 2], ['TypeError: No [plan](command:x)', 4],
    ]);
    assert.deepEqual([messages[0]?.expectedOutput, messages[0]?.actualOutput], ['api.access.deny\n[\n  "yes"\n]', 'api.access.deny\n[\n  "no"\n]']);
    assert.deepEqual(messages[2]?.stackTrace?.map(frame => [frame.uri?.path.endsWith('/code.js') ?? false, frame.position?.line]), [[false, undefined], [true, 4], [false, undefined]], 'a helper is another file');
    await vscode.workspace.fs.delete(place('tests/actions/refuse/events/other.json'));
  });

  it('an event that cannot be read is an error on its line, and nothing runs', async () => {
    await write('tests/actions/refuse/events/broken.json', '{\n  "expect": {\n    "calls": 1\n  }\n}');
    let runs = 0;
    local(() => {
      runs += 1;
      return Promise.resolve(FINISHED);
    });
    const item = await itemOf(place('tests/actions/refuse/code.js'));
    const { state, messages } = ended(await run('local', [child(item, 'broken')]), 'broken');
    assert.deepEqual([state, messages[0]?.location?.range.start.line, runs], ['errored', 2, 0]);
    await vscode.workspace.fs.delete(place('tests/actions/refuse/events/broken.json'));
  });

  it('an event that is larger than any is meant to be is not read', async () => {
    await write('tests/actions/refuse/events/large.json', `{}${' '.repeat(1_000_000)}`);
    const { state, messages } = ended(await run('local', [child(await itemOf(place('tests/actions/refuse/code.js')), 'large')]), 'large');
    assert.equal(state, 'errored');
    assert.match(said(messages), /The event large is larger than 1 MB, so it was not read/u);
    await vscode.workspace.fs.delete(place('tests/actions/refuse/events/large.json'));
  });

  it('shows no value of a secret, however the code writes it, and leads to the line of an error at the top', async () => {
    await write('tests/actions/hides.json', JSON.stringify({ name: 'hides', code: './actions/hides/code.js', dependencies: [], secrets: [{ name: 'PEM' }, { name: 'QUOTED' }], supported_triggers: [{ id: 'post-login', version: 'v3' }] }));
    await write('tests/actions/hides/code.js', 'exports.onExecutePostLogin = async ({ secrets }, api) => {\n  console.log(secrets, JSON.stringify(secrets));\n  process.stdout.write(secrets.PEM.slice(0, 20));\n  process.stdout.write(secrets.PEM.slice(20));\n  api.user.setUserMetadata("all", JSON.stringify(secrets));\n  throw new Error(JSON.stringify(secrets));\n};\n');
    await write('tests/actions/hides/.env', 'PEM="-----BEGIN KEY-----\nfirst-secret-line\n-----END KEY-----"\nQUOTED=\'it is "a" \\secret\'\n');
    await write('tests/actions/hides/events/one.json', '{}');
    await write('tests/actions/top.json', JSON.stringify({ name: 'top', code: './actions/top/code.js', dependencies: [], secrets: [], supported_triggers: [{ id: 'post-login', version: 'v3' }] }));
    await write('tests/actions/top/code.js', '// first\nconst = 3;\n');
    await write('tests/actions/top/events/one.json', '{}');
    (await extension.local.get()).local.facts.lookAgain();
    const { showQuickPick } = vscode.window;
    Object.assign(vscode.window, { showQuickPick: (items: readonly vscode.QuickPickItem[]) => Promise.resolve(items.find(({ label }) => label.startsWith('Read from'))) });
    try {
      const { state, output, messages } = ended(await run('local', [child(await itemOf(place('tests/actions/hides/code.js')), 'one')]), 'one');
      assert.equal(state, 'failed');
      const all = `${output}${JSON.stringify(messages.map(({ message, stackTrace }) => [message, stackTrace?.map(({ label }) => label)]))}`;
      assert.doesNotMatch(all, /secret-line|BEGIN|secret'|\\secret/u);
      assert.match(all, /\[stdout\] «PEM»/u);
      assert.match(all, /«QUOTED»/u);
    } finally {
      Object.assign(vscode.window, { showQuickPick });
    }
    const { messages: [top] } = ended(await run('local', [child(await itemOf(place('tests/actions/top/code.js')), 'one')]), 'one');
    assert.deepEqual([top?.location?.range.start.line, top?.stackTrace?.[0]?.uri?.path, top?.stackTrace?.[0]?.position?.line], [1, place('tests/actions/top/code.js').path, 1]);
  });

  it('cancelling ends the run under way, and the tests behind it are not run', async () => {
    await write('tests/actions/refuse/events/slow.json', '{}');
    const cancel = new vscode.CancellationTokenSource();
    let runs = 0;
    local((_uri, _event, { token }) => new Promise(resolve => {
      runs += 1;
      token?.onCancellationRequested(() => resolve({ ...FINISHED, end: 'stopped' }));
      cancel.cancel();
    }));
    const reported = await run('local', [await itemOf(place('tests/actions/refuse/code.js'))], cancel.token);
    assert.equal(runs, 1);
    assert.ok(reported.size > 1);
    assert.ok([...reported.values()].every(one => one.states.at(-1) === 'skipped'));
    await vscode.workspace.fs.delete(place('tests/actions/refuse/events/slow.json'));
  });

  it('a file whose action the tenant does not have does not run there, and says so', async () => {
    await vscode.commands.executeCommand('auth0Actions.setFolderTenant', { tenant });
    const item = await itemOf(place('tests/actions/refuse/code.js'));
    const { state, messages } = ended(await run('tenant', [child(item, 'first login')]), 'first login');
    assert.equal(state, 'errored');
    assert.match(said(messages), /has no action/u);
  });

  it('a file runs in its folder\'s tenant, as the draft that it belongs to', async () => {
    await vscode.commands.executeCommand('auth0Actions.setFolderTenant', { tenant });
    await createBuilt('of-a-file', THROWS);
    await write('tests/actions/of-a-file.json', JSON.stringify({ name: 'of-a-file', code: './actions/of-a-file/code.js', secrets: [], supported_triggers: [{ id: 'post-login', version: 'v3' }] }));
    await write('tests/actions/of-a-file/code.js', THROWS);
    await write('tests/actions/of-a-file/events/one.json', '{}');
    const { state, messages } = ended(await run('tenant', [child(await itemOf(place('tests/actions/of-a-file/code.js')), 'one')]), 'one');
    assert.equal(state, 'failed');
    assert.match(said(messages), /No plan/u);
  });

  it('a file that its draft does not hold is pushed first, leaves the draft as it is, or does not run, as a person says', async () => {
    await vscode.commands.executeCommand('auth0Actions.setFolderTenant', { tenant });
    const theirs = `// theirs\n${THROWS}`;
    const id = await createBuilt('differs', theirs);
    const draft = async (): Promise<unknown> => (await api('GET', `/actions/actions/${id}`))['code'];
    await write('tests/actions/differs.json', JSON.stringify({ name: 'differs', code: './actions/differs/code.js', secrets: [], supported_triggers: [{ id: 'post-login', version: 'v3' }] }));
    await write('tests/actions/differs/code.js', THROWS);
    await write('tests/actions/differs/events/one.json', '{}');
    (await extension.local.get()).local.facts.lookAgain();
    const file = place('tests/actions/differs/code.js');
    const item = child(await itemOf(file), 'one');
    const { showWarningMessage } = vscode.window;
    const asked: (readonly string[])[] = [];
    const runWith = async (...answers: readonly (string | undefined)[]): Promise<ReturnType<typeof ended>> => {
      const left = [...answers];
      Object.assign(vscode.window, { showWarningMessage: (text: string, _options: unknown, ...buttons: string[]) => {
        asked.push([text, ...buttons]);
        return Promise.resolve(left.shift());
      } });
      return ended(await run('tenant', [item]), 'one');
    };
    const placeOf = ({ messages: [message] }: Reported): readonly unknown[] => [message?.location?.uri.toString(), message?.location?.range.start.line];
    Object.assign(extension, { unattended: false });
    try {
      const declined = await runWith(undefined);
      assert.deepEqual([declined.state, await draft()], ['skipped', theirs]);
      assert.deepEqual(asked, [[`tests/actions/differs/code.js is not what the draft of differs in ${tenant} holds`, 'Push and Run', 'Run the Draft as It Is']]);
      const asItIs = await runWith('Run the Draft as It Is');
      const saved = vscode.Uri.from({ scheme: 'auth0-actions-version', authority: tenant, path: `/${id}/saved/differs.js` });
      assert.deepEqual([asItIs.state, ...placeOf(asItIs), await draft()], ['failed', saved.toString(), 2, theirs]);
      assert.equal((await vscode.workspace.openTextDocument(saved)).getText(), theirs);
      // The two were never the same, so a push asks as it always does.
      const pushed = await runWith('Push and Run', 'Overwrite Draft');
      assert.deepEqual([pushed.state, ...placeOf(pushed), await draft()], ['failed', file.toString(), 1, THROWS]);
    } finally {
      Object.assign(vscode.window, { showWarningMessage });
      Object.assign(extension, { unattended: true });
    }
  });

  it('a linked file anywhere in the workspace is a test once an editor shows it', async () => {
    await createBuilt('linked-anywhere', THROWS);
    await write('tests/anywhere.js', THROWS);
    const uri = place('tests/anywhere.js');
    await vscode.commands.executeCommand('auth0Actions.linkFile', { file: uri, action: 'linked-anywhere', tenant });
    await extension.state.catalog(tenant).refresh();
    await vscode.window.showTextDocument(uri);
    const item = await until('the test', () => extension.tests.controller.items.get(uri.toString()));
    assert.deepEqual([item.label, await until('its sample', () => (item.children.size > 0 ? labels(item) : undefined))], ['linked-anywhere', ['Sample Event']]);
    await vscode.commands.executeCommand('auth0Actions.unlinkFile', { file: uri });
  });

  it('deleting an event that is not there is an error for whoever calls by code', async () => {
    await assert.rejects(Promise.resolve(vscode.commands.executeCommand('auth0Actions.deleteEvent', { tenant, action: 'nobody-has-it' })), /has no action/u);
  });

  it('a look that began earlier and ends later hides no event', async () => {
    const id = await createBuilt('looked-at');
    await vscode.commands.executeCommand('auth0Actions.openDraft', { tenant, action: id });
    const item = await itemOf(vscode.window.activeTextEditor?.document.uri ?? place('none'));
    await vscode.commands.executeCommand('auth0Actions.newEvent', { tenant, action: id, name: 'one' });
    await until('the event', () => labels(item).join() === 'one');
    const { resolveHandler } = extension.tests.controller;
    const events = extension.runs.events.bind(extension.runs);
    type Events = Awaited<ReturnType<typeof events>>;
    const begun: ((events: Events) => void)[] = [];
    Object.assign(extension.runs, { events: () => new Promise<Events>(resolve => begun.push(resolve)) });
    const earlier = resolveHandler?.(item);
    const end = await until('the look', () => begun[0]);
    Object.assign(extension.runs, { events });
    await resolveHandler?.(item);
    end({ ofTestAction: false, names: [] });
    await earlier;
    assert.deepEqual(labels(item), ['one']);
  });

  it('a draft has a sample until it has events, which are kept apart from each other', async () => {
    const id = await createBuilt('keeps-events', THROWS);
    await vscode.commands.executeCommand('auth0Actions.openDraft', { tenant, action: id });
    const draft = vscode.window.activeTextEditor?.document.uri;
    assert.ok(draft);
    const item = await itemOf(draft);
    assert.deepEqual([item.label, item.range?.start.line, labels(item)], ['keeps-events', 0, ['Sample Event']]);
    const first = await vscode.commands.executeCommand<vscode.Uri>('auth0Actions.newEvent', { tenant, action: id, name: 'first' });
    const second = await vscode.commands.executeCommand<vscode.Uri>('auth0Actions.newEvent', { tenant, action: id, name: 'naïf (2)' });
    await until('both events', () => (labels(item).join() === 'first,naïf (2)' ? true : undefined));
    await assert.rejects(Promise.resolve(vscode.commands.executeCommand('auth0Actions.newEvent', { tenant, action: id, name: 'a/b' })));
    await keep(first, { user: { name: 'Ada' } });
    assert.notEqual(await readText(first), await readText(second));
    assert.match(await readText(second), /"\$schema": "auth0-actions-schema:\/\/event\/post-login\/v3\.json"/u);
    // Kept events are found again when nothing of the draft is open.
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await extension.tests.controller.refreshHandler?.(new vscode.CancellationTokenSource().token);
    assert.ok((await items()).some(one => one.label === 'keeps-events'));
    await vscode.workspace.fs.delete(first);
    await until('the first event to go', () => (labels(item).join() === 'naïf (2)' ? true : undefined));
    await assert.rejects(Promise.resolve(vscode.workspace.fs.writeFile(vscode.Uri.from({ scheme: 'auth0-actions-run', authority: tenant, path: `/${id}/events/..\\x.event.json` }), new Uint8Array())));
  });

  it('a run in the tenant shows the error on its line, and does not count what it cannot see', async () => {
    const id = await createBuilt('runs-there', THROWS);
    const event = async (name: string, expect: unknown): Promise<void> => {
      const uri = await vscode.commands.executeCommand<vscode.Uri>('auth0Actions.newEvent', { tenant, action: id, name });
      await keep(uri, { user: {}, ...(expect === undefined ? {} : { expect }) });
    };
    await event('plain', undefined);
    await event('throws', { error: 'No plan' });
    await event('calls', { error: true, calls: [{ method: 'api.access.deny' }] });
    const draft = vscode.Uri.from({ scheme: 'auth0-actions', authority: tenant, path: `/${id}/draft/runs-there.js` });
    const item = await itemOf(draft);
    let reported = await run('tenant', [item]);
    const plain = ended(reported, 'plain');
    assert.equal(plain.state, 'failed');
    assert.deepEqual(plain.messages.map(({ message, location }) => [message, location?.uri.toString(), location?.range.start.line]), [['TypeError: No plan', draft.toString(), 1]]);
    assert.equal(ended(reported, 'throws').state, 'passed');
    const calls = ended(reported, 'calls');
    assert.equal(calls.state, 'skipped');
    assert.match(calls.output, /cannot show them: this is neither passed nor failed[^]*Calls of the api object\r\n {2}The service does not tell which calls were made/u);
    assert.match(plain.output, /Durations\r\n {2}total request duration: \d+ ms/u);
    await api('PATCH', `/actions/actions/${id}`, { code: 'exports.onExecutePostLogin = async () => {};' });
    reported = await run('tenant', [item]);
    assert.deepEqual(['plain', 'throws'].map(name => ended(reported, name).state), ['passed', 'failed']);
    assert.equal(ended(reported, 'throws').messages[0]?.message, 'An error was expected, and there was none: No plan');
    // Who stops waiting is told that it had been sent.
    await control('faults', [{ method: 'POST', path: `${id}/test$`, times: 1, fault: 'hang' }]);
    const cancel = new vscode.CancellationTokenSource();
    const { log } = extension;
    Object.assign(log, { trace: (text: string) => {
      if (text.includes('running')) {
        setTimeout(() => cancel.cancel(), 50);
      }
    } });
    try {
      const stopped = await run('tenant', [child(item, 'plain'), child(item, 'calls')], cancel.token);
      assert.match(said(ended(stopped, 'plain').messages), /It had been sent, so the code may run to its end/u);
      assert.equal(ended(stopped, 'calls').state, 'skipped');
    } finally {
      Reflect.deleteProperty(log, 'trace');
    }
    // What was sent and lost is told, and not sent again.
    await control('faults', [{ method: 'POST', path: `${id}/test$`, times: 1, fault: 'reset-after' }]);
    const lost = ended(await run('tenant', [child(item, 'plain')]), 'plain');
    assert.equal(lost.state, 'errored');
    assert.match(said(lost.messages), /its answer was lost: the code may have run/u);
    await control('faults', []);
  });

  it('a protected tenant asks once for all events of an action, and nothing is sent where that is declined', async () => {
    const id = await createBuilt('asks-once', THROWS);
    await vscode.commands.executeCommand('auth0Actions.newEvent', { tenant, action: id, name: 'one' });
    await vscode.commands.executeCommand('auth0Actions.newEvent', { tenant, action: id, name: 'two' });
    const item = await itemOf(vscode.Uri.from({ scheme: 'auth0-actions', authority: tenant, path: `/${id}/draft/asks-once.js` }));
    await control('faults', [{ method: 'POST', path: `${id}/test$`, times: 1, fault: { status: 429 } }]);
    await extension.state.registry.setProtected(tenant, true);
    try {
      let reported: ReadonlyMap<string, Reported> | undefined;
      const going = run('tenant', [item]).then(done => (reported = done));
      await until('the question to be declined', async () => {
        await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
        return reported === undefined ? undefined : true;
      });
      assert.deepEqual([...(await going).values()].map(one => one.states.at(-1)), ['skipped', 'skipped']);
    } finally {
      await extension.state.registry.setProtected(tenant, false);
    }
    assert.equal(ended(await run('tenant', [child(item, 'one')]), 'one').state, 'errored', 'the service had no request before');
    await control('faults', []);
  });

  it('both runs of an event stand side by side, and what has run is not run again', async () => {
    const id = await createBuilt('compared', THROWS);
    const uri = await vscode.commands.executeCommand<vscode.Uri>('auth0Actions.newEvent', { tenant, action: id, name: 'one' });
    let runs = 0;
    local(() => {
      runs += 1;
      return Promise.resolve(FINISHED);
    });
    const compare = async (): Promise<readonly string[]> => {
      await vscode.commands.executeCommand('auth0Actions.compareRuns', uri);
      const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
      assert.ok(tab?.input instanceof vscode.TabInputTextDiff, tab?.label);
      return [tab.label, ...(await Promise.all([tab.input.original, tab.input.modified].map(async side => (await vscode.workspace.openTextDocument(side)).getText())))];
    };
    const [label = '', left = '', right = ''] = await compare();
    assert.equal(label, `compared, one: this machine and ${tenant}`);
    assert.match(left, /^Run on this machine\n[^]*Result\n {2}It ran to its end[^]*Calls of the api object\n {2}1\. api\.access\.deny\("no"\)/u);
    assert.match(right, /^Run in [^]*Result\n {2}It failed: TypeError: No plan[^]*Line 2 of the code[^]*Calls of the api object\n {2}The service does not tell which calls were made/u);
    await control('faults', [{ method: 'POST', path: `${id}/test$`, times: 1, fault: { status: 429 } }]);
    await compare();
    assert.equal(runs, 1);
    await control('faults', []);
    await keep(uri, { user: {} });
    await compare();
    assert.equal(runs, 2, 'another event is another run');
  });
});
