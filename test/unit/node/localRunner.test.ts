/** Runs of an action's code in a real process: whatever the code does, the run ends with a clear result, and soon. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { buildRunner } from '../../../scripts/lib/bundles.ts';
import { apiFor } from '../../../src/actions/runs/localApi.ts';
import type { RunnerOrder } from '../../../src/actions/runs/localReport.ts';
import type { LocalRunResult } from '../../../src/actions/runs/localRun.ts';
import { findPackages, installPackages, installedPackages, isInstallable, openDebugRun, plainEnvironment, runLocally } from '../../../src/node/localRunner.ts';
import { findProgram } from '../../../src/node/programs.ts';

const LOGIN = [{ id: 'post-login', version: 'v3' }];
/** For runs that come to their limit, and for those that do not, whatever the load of the machine. */
const SHORT_MS = 1500;
const PLENTY_MS = 60_000;

describe('a run on this machine', () => {
  let folder = '';
  let runner = '';
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'local-run-'));
    runner = await buildRunner(folder);
  });
  after(() => rmSync(folder, { recursive: true }));

  function order(code: string, more: Partial<RunnerOrder> = {}): RunnerOrder {
    const triggers = more.triggers ?? LOGIN;
    const path = join(folder, 'project', 'enrich.js');
    mkdirSync(join(folder, 'project'), { recursive: true });
    return { name: 'enrich', code, triggers, dependencies: [], event: { user: { user_id: 'u1', app_metadata: {} }, request: { hostname: 'acme.example', query: {} } }, secrets: {}, path, roots: [path], api: apiFor(triggers), ...more };
  }

  function run(code: string, more: Partial<RunnerOrder> = {}, signal?: AbortSignal, limitMs = PLENTY_MS): Promise<LocalRunResult> {
    return runLocally(order(code, more), { runner, limitMs, ...(signal === undefined ? {} : { signal }) });
  }

  const login = (body: string): string => `exports.onExecutePostLogin = async (event, api) => {\n${body}\n};\n`;

  it('records calls in their order with their lines, and the console', async () => {
    const result = await run(login([
      "api.access.deny('no').user.setAppMetadata('plan', { seats: 3n, when: new Date(0), self: event.user });",
      'await null;',
      "console.log('hello %s', event.user.user_id, { a: [1] });",
      "console.warn('careful');",
      'api.multifactor.enable(7);',
    ].join('\n')));
    assert.equal(result.end, 'finished');
    assert.deepEqual(result.calls, [
      { method: 'api.access.deny', args: ['no'], handler: 'onExecutePostLogin', line: 2 },
      { method: 'api.user.setAppMetadata', args: ['plan', { seats: '3n', when: '1970-01-01T00:00:00.000Z', self: { user_id: 'u1', app_metadata: {} } }], handler: 'onExecutePostLogin', line: 2 },
      { method: 'api.multifactor.enable', args: [7], handler: 'onExecutePostLogin', line: 6, problem: { kind: 'wrongType', parameter: 'provider', expected: "'none' | 'guardian' | 'google-authenticator' | 'duo' | 'any'" } },
    ]);
    assert.deepEqual(result.console, [{ level: 'log', text: 'hello u1 { a: [ 1 ] }' }, { level: 'warn', text: 'careful' }]);
    assert.deepEqual([result.handlers, result.limits], [['onExecutePostLogin'], []]);
  });

  it('gives secrets to the code and to nobody else, and no environment but a plain one', async () => {
    process.env['AUTH0_TOKEN_OF_TESTS'] = 'must-not-be-seen';
    try {
      const { console: lines } = await run(login("console.log(event.secrets.KEY.length, Object.keys(process.env).filter(one => /auth0|token|electron|npm/i.test(one)).join(), process.argv.length, JSON.stringify(process.env).includes('topsecret'));"), { secrets: { KEY: 'topsecret' } });
      assert.deepEqual(lines, [{ level: 'log', text: '9  2 false' }]);
    } finally {
      delete process.env['AUTH0_TOKEN_OF_TESTS'];
    }
    assert.deepEqual(plainEnvironment({ PATH: '/bin', NODE_OPTIONS: '--require evil', npm_config_registry: 'x', SECRET: 'x', LC_ALL: 'C' }), { PATH: '/bin', LC_ALL: 'C' });
  });

  it('of a loop without end is ended at its limit, with what there was', async () => {
    const result = await run(login("api.access.deny('first');\nconsole.log('before');\nfor (;;) {}"), {}, undefined, SHORT_MS);
    assert.deepEqual([result.end, result.calls.length, result.console.length, result.stuck], ['timedOut', 1, 1, undefined]);
  });

  it('that waits for what never comes says so at once', async () => {
    const begun = performance.now();
    const result = await run(login('await new Promise(() => {});'));
    assert.deepEqual([result.end, result.stuck], ['timedOut', true]);
    assert.ok(performance.now() - begun < PLENTY_MS);
  });

  it('can be stopped, and ends what its code has started', async () => {
    const stop = new AbortController();
    const file = join(folder, 'child.pid');
    const going = run(login(`const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)']);\nrequire('node:fs').writeFileSync(${JSON.stringify(file)}, String(child.pid));\nawait new Promise(resolve => setTimeout(resolve, 60_000));`), {}, stop.signal);
    await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '');
    stop.abort();
    assert.equal((await going).end, 'stopped');
    const pid = Number(readFileSync(file, 'utf8'));
    await until(() => !isRunning(pid));
    assert.equal((await run(login(''), {}, stop.signal)).end, 'stopped', 'before it began');
  });

  it('that exits the process ends with what it exited with', async () => {
    assert.deepEqual(pick(await run(login("console.log('bye');\nprocess.exit(3);"))), { end: 'exited', exitCode: 3 });
    assert.deepEqual(pick(await run('process.exit(0);')), { end: 'exited', exitCode: 0 });
    const killed = await run(login("process.kill(process.pid, 'SIGKILL');\nawait new Promise(resolve => setTimeout(resolve, 1000));"));
    assert.deepEqual([killed.end, killed.signal], ['exited', 'SIGKILL']);
    const begun = performance.now();
    const held = await run(login("require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => 0, 30_000)'], { stdio: 'inherit', detached: true }).unref();\nprocess.exit(5);"));
    assert.deepEqual([pick(held), performance.now() - begun < 25_000], [{ end: 'exited', exitCode: 5 }, true], 'although somebody holds its output');
    const abort = await run(login('process.abort();'));
    assert.equal(abort.end, 'exited');
  });

  it('that floods the console keeps a part and counts the rest', async () => {
    const { end, console: lines, leftOut, limits } = await run(login("for (;;) console.log('x'.repeat(1000));"), {}, undefined, SHORT_MS);
    assert.equal(end, 'timedOut');
    assert.equal(lines.length, 500);
    assert.ok((leftOut?.lines ?? 0) > 1000, JSON.stringify(leftOut));
    assert.equal(limits[0]?.kind, 'console');
    const past = await run(login("for (let index = 0; index < 5000; index += 1) process.stdout.write('y'.repeat(100));"));
    assert.deepEqual([past.end, past.console.map(({ level, text }) => (level === 'stdout' ? text : '')).join('')], ['finished', 'y'.repeat(64_000)]);
    const few = await run(login("console.log('x'.repeat(257));"));
    assert.deepEqual(few.limits, [{ kind: 'console', characters: 257 }]);
  });

  it('shows what was printed past the console until the end, without the values of secrets', async () => {
    const secrets = { PEM: '-----BEGIN-----\nfirst-secret-line\nab\n-----END-----', QUOTED: 'it\'s "the" \\secret' };
    const body = [
      "for (let index = 0; index < 300; index += 1) process.stdout.write('y'.repeat(100) + '\\n');",
      "process.stdout.write('x'.repeat(20) + event.secrets.PEM.slice(0, 20)); process.stdout.write(event.secrets.PEM.slice(20) + '\\n');",
      "console.log(event.secrets, JSON.stringify(event.secrets)); console.log({ body: JSON.stringify(event.secrets) }); console.log('z'.repeat(3990) + event.secrets.QUOTED);",
      "api.user.setUserMetadata('all', JSON.stringify(event.secrets)); api.user.setUserMetadata('map', new Map(Object.entries(event.secrets)));",
      "process.stderr.write('the last words'); throw new Error(JSON.stringify(event.secrets));",
    ].join('\n');
    const result = await run(login(body), { secrets });
    const text = JSON.stringify(result);
    assert.doesNotMatch(text, /secret-line|BEGIN|END|the.{1,5}secret|it.{1,3}s/u);
    assert.match(text, /«PEM».*«QUOTED»/u);
    const printed = (level: string): string => result.console.filter(one => one.level === level).map(one => one.text).join('\n');
    assert.equal(printed('stdout').replace(/y{100}\n+/gu, '').replaceAll('y', '').replaceAll('\n', ''), `${'x'.repeat(20)}«PEM»`);
    assert.equal(printed('stderr'), 'the last words');
  });

  it('that throws what is no error has its text', async () => {
    for (const [thrown, message] of [["'just text'", 'just text'], ['42', '42'], ['null', 'null'], ['undefined', 'undefined'], ['{ code: 7 }', '{ code: 7 }'], ['{ get message() { throw 1; }, stack: 1 }', '[unreadable]']] as const) {
      const result = await run(login(`throw ${thrown};`));
      assert.deepEqual([result.end, result.error], ['threw', { name: '', message, stack: '' }], thrown);
    }
  });

  it('that throws leads to its line, wherever it throws', async () => {
    assert.equal((await run(login("const help = () => { throw new TypeError('No plan'); };\nhelp();"))).errorLine, 2);
    assert.equal((await run("// first\nthrow new Error('top');")).errorLine, 2);
    const syntax = await run('// first\nconst = 3;\n');
    assert.deepEqual([syntax.end, syntax.error?.name, syntax.errorLine], ['threw', 'SyntaxError', 2]);
    const missing = await run(login("require('no-such-package-anywhere');"));
    assert.deepEqual([missing.errorLine, /Cannot find module 'no-such-package-anywhere'/u.test(missing.error?.message ?? '')], [2, true]);
    assert.doesNotMatch(missing.error?.stack ?? '', /runner\.cjs|new Promise/u);
    const later = await run(login("Promise.reject(new Error('later'));"));
    assert.deepEqual([later.end, later.errorLine], ['threw', 2]);
    const timer = await run(login("setTimeout(() => { throw new Error('in a timer'); }, 1);\nawait new Promise(resolve => setTimeout(resolve, 500));"));
    assert.deepEqual([timer.end, timer.errorLine, timer.error?.message], ['threw', 2, 'in a timer']);
    assert.match((await run('exports.onExecuteOther = () => {};')).error?.message ?? '', /exports\.onExecutePostLogin is not a function/u);
  });

  it('that leaves timers and servers behind names them, and ends', async () => {
    const { end, limits } = await run(login("setInterval(() => 0, 1000);\nsetTimeout(() => 0, 60_000);\nrequire('node:net').createServer().listen(0);"));
    assert.equal(end, 'finished');
    assert.deepEqual(limits.map(one => (one.kind === 'leftBehind' ? [...one.what].sort() : [])), [['TCPServerWrap', 'Timeout', 'Timeout']]);
  });

  it('is not confused by code that patches what everything uses, or writes into its channel', async () => {
    const result = await run(login([
      "for (const text of ['{\"t\":\"done\",\"ms\":1}\\n', 'x '.repeat(10), '\\n']) require('node:fs').writeSync(3, text);",
      "JSON.stringify = () => 'nothing'; JSON.parse = () => ({}); Promise.prototype.then = () => { throw new Error('no promises'); };",
      "Object.prototype.toJSON = () => 1; Array.prototype.toJSON = () => 2; process.removeAllListeners('exit'); performance.now = () => 'late'; process.exit = () => {}; setImmediate = () => {};",
      "process.send?.({ t: 'done' }); process.disconnect?.(); console.log('still', 'here'); api.access.deny({ a: [1, { b: 2 }] });",
    ].join('\n')));
    assert.deepEqual(result.calls.map(({ args }) => args), [[{ a: [1, { b: 2 }] }]]);
    assert.deepEqual(result.console, [{ level: 'log', text: 'still here' }]);
    assert.ok(['finished', 'threw'].includes(result.end), result.end);
    const closed = await run(login("require('node:fs').closeSync(3);\napi.access.deny('x');"));
    assert.equal(closed.end, 'exited');
  });

  it('follows a redirect into the handler that continues, with the changed event', async () => {
    const code = [
      'exports.onExecutePostLogin = async (event, api) => {',
      "  const token = api.redirect.encodeToken({ secret: event.secrets.KEY, payload: { plan: 'pro' }, expiresInSeconds: 60 });",
      "  api.redirect.sendUserTo('https://example.com', { query: { session_token: token } });",
      "  api.cache.set('seen', 'yes');",
      '  event.user.changed = true;',
      '};',
      'exports.onContinuePostLogin = async (event, api) => {',
      "  const { state } = api.redirect.validateToken({ secret: event.secrets.KEY, tokenParameterName: 'my_token' });",
      "  api.authentication.recordMethod('https://example.com').idToken.setCustomClaim('state', [state, event.user, event.request.hostname, api.cache.get('seen').value]);",
      '};',
    ].join('\n');
    const more = { secrets: { KEY: 'secret-of-tokens' }, continueWith: { request: { query: { my_token: { state: 'back' } } } } };
    const result = await run(code, more);
    assert.deepEqual(result.handlers, ['onExecutePostLogin', 'onContinuePostLogin']);
    assert.deepEqual(result.calls.at(-1)?.args, ['state', ['back', { user_id: 'u1', app_metadata: {} }, 'acme.example', 'yes']]);
    assert.deepEqual(result.calls.flatMap(({ problem }) => problem ?? []), []);
    assert.deepEqual((await run(code, { secrets: more.secrets })).handlers, ['onExecutePostLogin'], 'nobody comes back');
    const denied = await run(`${code}\nconst first = exports.onExecutePostLogin; exports.onExecutePostLogin = async (event, api) => { await first(event, api); api.validation.error('bad', 'not good'); };`, more);
    assert.deepEqual([denied.end, denied.handlers], ['finished', ['onExecutePostLogin']], 'a validation error ends the login');
  });

  it('makes and takes tokens of a redirect as the service does', async () => {
    const result = await run(login([
      "const token = api.redirect.encodeToken({ secret: 's3cret-key', payload: { a: 1 } });",
      'event.request.query.session_token = token;',
      "const { a, sub, exp, iat } = api.redirect.validateToken({ secret: 's3cret-key' });",
      "console.log(a, sub, exp - iat);",
      "api.redirect.validateToken({ secret: 'another' });",
    ].join('\n')));
    assert.deepEqual([result.console[0]?.text, result.end, result.errorLine], ['1 u1 900', 'threw', 6]);
  });

  it('names the limits of the cache', async () => {
    const { limits, end } = await run(login("api.cache.set('big', 'x'.repeat(5000));\nfor (let index = 0; index < 21; index += 1) api.cache.set(`k${index}`, 'v');"));
    assert.deepEqual([end, limits], ['finished', [{ kind: 'cacheSize', key: 'big' }, { kind: 'cacheEntries', key: 'k20' }]]);
  });

  it('records a method that there is not, and lets code look for one', async () => {
    const result = await run(login("if (api.of?.tomorrow) throw new Error('there');\napi.access.allow('x');"));
    assert.deepEqual(result.calls, [{ method: 'api.access.allow', args: [], handler: 'onExecutePostLogin', line: 3, problem: { kind: 'unknownMethod' } }]);
    assert.equal(result.end, 'threw');
    const unknown = await run('exports.onExecuteOfTomorrow = async (event, api) => { api.any.thing(1).more(2); };', { triggers: [{ id: 'of-tomorrow' }], api: apiFor([{ id: 'of-tomorrow' }]) });
    assert.deepEqual([unknown.end, unknown.calls.map(({ method }) => method)], ['finished', ['api.any.thing', 'api.more']]);
  });

  it('finds packages of the project, of its folders above, and those that were installed for it', async () => {
    for (const [place, text] of [['project', 'project'], ['installed', 'installed']] as const) {
      mkdirSync(join(folder, place, 'node_modules', 'some-package'), { recursive: true });
      writeFileSync(join(folder, place, 'node_modules', 'some-package', 'index.js'), `module.exports = '${text}';`);
      writeFileSync(join(folder, place, 'node_modules', 'some-package', 'package.json'), JSON.stringify({ name: 'some-package', version: place === 'project' ? '1.0.0' : '2.0.0' }));
      writeFileSync(join(folder, place, 'package.json'), '{}');
    }
    writeFileSync(join(folder, 'project', 'helper.js'), 'exports.help = () => 42;');
    const code = login("console.log(require('some-package'), require('./helper').help(), typeof (await import('node:path')).join, __filename.endsWith('enrich.js'));");
    assert.equal((await run(code)).console[0]?.text, 'project 42 function true');
    const packages = { root: join(folder, 'installed', 'package.json'), names: ['some-package'] };
    assert.equal((await run(code, { packages })).console[0]?.text, 'installed 42 function true');
    const draft = order(code.replace("require('./helper').help()", '42'), { path: join(folder, 'storage', 'enrich.js'), roots: [join(folder, 'project', 'package.json')] });
    mkdirSync(join(folder, 'storage'), { recursive: true });
    assert.equal((await runLocally(draft, { runner, limitMs: PLENTY_MS })).console[0]?.text, 'project 42 function true');
    assert.deepEqual([...await findPackages(['some-package', 'not-there', '../evil'], [join(folder, 'project', 'deep', 'x.js')])], [['some-package', '1.0.0']]);
  });

  it('uses the test support that a project has installed', async () => {
    const place = join(folder, 'supported', 'node_modules', '@auth0', 'actions');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'package.json'), JSON.stringify({ name: '@auth0/actions', version: '0.32.0', exports: { './package.json': './package.json', './post-login/v3/test': './test.js' } }));
    writeFileSync(join(place, 'test.js'), "exports.getDefaultArguments = () => { const event = { user: {}, gone: 1 }; const api = { access: { deny: reason => { if (!reason) throw new Error('a reason is needed'); return api; } }, session: { setMetadata: (key, value) => { event.session = { [key]: value }; } }, groups: { getUserGroups: async () => ({ groups: [{ name: event.user.user_id }] }) } }; return [event, api]; };");
    const path = join(folder, 'supported', 'enrich.js');
    const result = await run(login("api.access.deny('x').session.setMetadata('a', 'b');\nconsole.log(event.session, event.gone, (await api.groups.getUserGroups('u', {})).groups);\napi.access.deny('');"), { path, roots: [path] });
    assert.deepEqual([result.testSupport, result.console[0]?.text, result.error?.message, result.errorLine], ['0.32.0', "{ a: 'b' } undefined [ { name: 'u1' } ]", 'a reason is needed', 4]);
  });

  it('outlives its window for a moment only, as does what its code has started', async () => {
    const file = join(folder, 'grandchild.pid');
    const child = spawn(process.execPath, [runner], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], detached: process.platform !== 'win32' });
    const body = `const { pid } = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });\nrequire('node:fs').writeFileSync(${JSON.stringify(file)}, String(pid));\nfor (;;) {}`;
    (child.stdio[3] as NodeJS.WritableStream).write(`${JSON.stringify({ word: 'w', lastMs: 4000, order: order(login(body)) })}\n`);
    assert.equal(await new Promise(resolve => void child.once('exit', (_code, by) => resolve(by))), 'SIGKILL');
    const pid = Number(readFileSync(file, 'utf8'));
    if (process.platform === 'win32') {
      process.kill(pid);
    } else {
      await until(() => !isRunning(pid));
    }
  });

  describe('under a debugger', () => {
    const options = (): Parameters<typeof openDebugRun>[1] => ({ runner, path: '', forbidden: [] });

    it('is fetched by the program that the debugger starts, once, and told by it', async () => {
      const debug = await openDebugRun(order(login("api.access.deny('no');\nconsole.log('seen');")), options());
      const { launch } = debug;
      assert.equal(launch.env['PATH'], process.env['PATH']);
      assert.deepEqual(Object.entries(launch.env).filter(([name, value]) => value !== null && /token|secret|npm_/iu.test(name)), []);
      assert.doesNotMatch(JSON.stringify(launch), /onExecute/u);
      const child = spawn(launch.runtimeExecutable, [launch.program, ...launch.args], { cwd: launch.cwd, stdio: ['ignore', 'pipe', 'inherit'] });
      let printed = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
      });
      const [result] = await Promise.all([debug.ended, new Promise(resolve => void child.once('close', resolve))]);
      assert.deepEqual([result.end, result.calls.length, result.console[0]?.text, printed], ['finished', 1, 'seen', 'seen\n'], 'the console is shown as well');
      await assert.rejects(new Promise((_resolve, reject) => void connect(launch.args[0] ?? '').once('error', reject)));
    });

    it('ends when its window has gone, in a loop without end as well', async () => {
      const host = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
      const file = join(folder, 'debugged.pid');
      const address = process.platform === 'win32' ? '\\\\.\\pipe\\local-run-test' : join(folder, 'host');
      const server = createServer(socket => void socket.on('error', () => undefined).write(`${JSON.stringify({ word: 'w', host: host.pid, order: order(login(`require('node:fs').writeFileSync(${JSON.stringify(file)}, 'x');\nfor (;;) {}`)) })}\n`));
      await new Promise<void>(resolve => server.listen(address, resolve));
      try {
        const child = spawn(process.execPath, [runner, address], { stdio: 'ignore' });
        const ended = new Promise(resolve => void child.once('exit', (_code, by) => resolve(by)));
        await until(() => existsSync(file));
        assert.equal(child.exitCode ?? child.signalCode, null);
        host.kill('SIGKILL');
        assert.equal(await ended, 'SIGKILL');
      } finally {
        server.close();
        host.kill('SIGKILL');
      }
    });

    it('that is stopped or never begins ends as stopped; one that exits, with what it exited with', async () => {
      const stopped = await openDebugRun(order(login("console.log('there');\nawait new Promise(resolve => setTimeout(resolve, 60_000));")), options());
      const child = spawn(process.execPath, [runner, ...stopped.launch.args], { stdio: ['ignore', 'pipe', 'ignore'] });
      await new Promise(resolve => void child.stdout.once('data', resolve));
      const exits = await openDebugRun(order(login('process.exit(4);')), options());
      spawn(process.execPath, [runner, ...exits.launch.args], { stdio: 'ignore' });
      assert.deepEqual(pick(await exits.ended), { end: 'exited', exitCode: 4 });
      child.kill('SIGKILL');
      assert.deepEqual(pick(await stopped.ended), { end: 'stopped' });
      const never = await openDebugRun(order(login('')), options());
      never.close();
      assert.deepEqual(pick(await never.ended), { end: 'stopped' });
    });
  });
});

describe('programs and packages for runs', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'programs-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A stand-in for npm, which writes down how it was called and installs what it was told. */
  function npmIn(place: string, body: string): string {
    const bin = join(place, 'bin');
    const cli = join(place, 'lib', 'node_modules', 'npm', 'bin');
    mkdirSync(bin, { recursive: true });
    mkdirSync(cli, { recursive: true });
    writeFileSync(join(cli, 'npm-cli.js'), body);
    return bin;
  }

  it('a workspace chooses no program', async () => {
    const workspace = join(folder, 'workspace');
    const honest = join(folder, 'honest');
    for (const place of [workspace, honest]) {
      mkdirSync(place);
      writeFileSync(join(place, 'node'), '#!/bin/sh\n');
      chmodSync(join(place, 'node'), 0o755);
    }
    symlinkSync(workspace, join(folder, 'link'));
    if (process.platform !== 'win32') {
      assert.equal(await findProgram('node', { path: ['.', 'bin', workspace, join(folder, 'link'), honest].join(delimiter), forbidden: [workspace] }), join(honest, 'node'));
    }
    const trace = join(folder, 'trace');
    const evil = npmIn(join(workspace, 'tools'), `require('fs').writeFileSync(${JSON.stringify(trace)}, 'x');`);
    await assert.rejects(installPackages(join(folder, 'storage'), [{ name: 'left', version: '1.0.0' }], { path: evil, forbidden: [workspace] }), /npm was not found/u);
    assert.ok(!existsSync(trace));
  });

  it('npm installs exact versions without scripts into a folder of its own, once', async () => {
    const storage = join(folder, 'storage');
    const path = npmIn(join(folder, 'tools'), "const fs = require('fs'); fs.writeFileSync('called.json', JSON.stringify({ args: process.argv.slice(2), package: JSON.parse(fs.readFileSync('package.json')), options: process.env.NODE_OPTIONS }));");
    const packages = [{ name: 'left', version: '1.0.0' }, { name: '@scope/right', version: '2.0.0-rc.1' }];
    assert.equal(await installedPackages(storage, packages), undefined);
    const file = await installPackages(storage, packages, { path, forbidden: [] });
    assert.equal(await installedPackages(storage, [...packages].reverse()), file);
    const called = JSON.parse(readFileSync(join(dirname(file), 'called.json'), 'utf8')) as { args: string[]; package: unknown; options: string };
    assert.ok(called.args.includes('--ignore-scripts') && called.args[0] === 'install', called.args.join(' '));
    assert.deepEqual([called.package, called.options], [{ private: true, dependencies: { left: '1.0.0', '@scope/right': '2.0.0-rc.1' } }, '']);
  });

  it('the latest versions are taken for it for a week, and replaced then', async () => {
    const storage = join(folder, 'storage');
    const path = npmIn(join(folder, 'tools'), "require('fs').writeFileSync('installed.txt', 'x');");
    const packages = [{ name: 'left', version: 'latest' }, { name: 'right', version: '1.0.0' }];
    const file = await installPackages(storage, packages, { path, forbidden: [] });
    assert.equal(await installedPackages(storage, packages), file);
    const old = new Date(Date.now() - 8 * 24 * 3_600_000);
    utimesSync(file, old, old);
    writeFileSync(join(dirname(file), 'old.txt'), '');
    assert.equal(await installedPackages(storage, packages), undefined);
    assert.equal(await installPackages(storage, packages, { path, forbidden: [] }), file);
    assert.deepEqual([await installedPackages(storage, packages), existsSync(join(dirname(file), 'old.txt'))], [file, false]);
  });

  it('a failed install leaves nothing, and says what npm said', async () => {
    const path = npmIn(join(folder, 'tools'), "console.error('npm error 404 Not Found'); process.exit(1);");
    const packages = [{ name: 'left', version: '1.0.0' }];
    await assert.rejects(installPackages(join(folder, 'storage'), packages, { path, forbidden: [] }), /404 Not Found/u);
    assert.equal(await installedPackages(join(folder, 'storage'), packages), undefined);
  });

  it('what is no package of a registry is not installed', () => {
    for (const [name, version] of [['left', '^1.0.0'], ['left', 'git+https://evil.example/x.git'], ['left', 'file:../x'], ['../left', '1.0.0'], ['--registry=http://evil', '1.0.0'], ['left', '1.0.0 --evil'], ['a'.repeat(300), '1.0.0']] as const) {
      assert.equal(isInstallable({ name, version }), false, `${name}@${version}`);
    }
    assert.ok(isInstallable({ name: '@auth0/some.thing', version: '1.2.3' }) && isInstallable({ name: 'left' }));
  });
});

function pick({ end, exitCode }: LocalRunResult): { readonly end: string; readonly exitCode?: number } {
  return { end, ...(exitCode === undefined ? {} : { exitCode }) };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // An orphan that nobody has waited for is not there any more either.
    return !existsSync(`/proc/${pid}/stat`) || !/\) Z /u.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function until(look: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!look()) {
    assert.ok(Date.now() < end, 'waited in vain');
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}
