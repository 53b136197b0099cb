/** The vendor's program as a way to send, with a stand-in for it: what it answers, how it fails, and where it may be. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Deployments } from '../../../src/actions/deployments.ts';
import type { ManagementApi } from '../../../src/auth0/api.ts';
import { ApiError } from '../../../src/auth0/errors.ts';
import { connectProgram, findProgram, programTenants } from '../../../src/node/network.ts';
import { systemClock } from '../../../src/node/systemClock.ts';
import { startSimulator } from '../../../src/simulator/index.ts';
import type { RunningSimulator, SimulatorOptions } from '../../../src/simulator/index.ts';
import { installFakeAuth0 } from '../../support/installFakeAuth0.ts';
import type { FakeAuth0, FakeAuth0Options } from '../../support/installFakeAuth0.ts';
import { rejection, tenantOf } from '../support/things.ts';

const HOST = 'acme-dev.eu.auth0.com';

// On Windows only an `.exe` is run, and a stand-in is none.
(process.platform === 'win32' ? () => undefined : describe)('the auth0 program', () => {
  let folder = '';
  let simulator: RunningSimulator | undefined;
  let fake: FakeAuth0 | undefined;
  const runs = (): ReturnType<FakeAuth0['invocations']> => fake?.invocations() ?? [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'program-'));
  });
  afterEach(async () => {
    await simulator?.close();
    simulator = undefined;
    rmSync(folder, { recursive: true });
  });

  async function connected(options: SimulatorOptions = {}, settings: Partial<FakeAuth0Options> = {}, timeoutMs?: number): Promise<ManagementApi> {
    simulator = await startSimulator({ buildScale: 0, ...options });
    fake = installFakeAuth0(folder, { simulatorUrl: simulator.url, token: simulator.token, tenants: [HOST], notice: 'A new version is out.', ...settings });
    const { program } = fake;
    return connectProgram({ origin: `https://${HOST}`, host: HOST, program: () => Promise.resolve(program), clock: systemClock, userAgent: 'test', ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  }

  it('lists, reads and deploys, with the session that it keeps', async () => {
    const api = await connected();
    const { items } = await api.listActions(0);
    const action = items.find(one => one.name === 'send-welcome');
    assert.ok(action);
    const deployments = new Deployments({ clock: systemClock });
    const deployment = await deployments.deploy({ tenant: tenantOf(api), actionId: action.id, actionName: action.name });
    assert.deepEqual(deployment.outcome, { kind: 'live', version: (action.deployedVersion?.number ?? 0) + 1 });
    assert.equal(runs().filter(run => run.args[1] === 'post').length, 1, 'the call is sent once');
    assert.deepEqual(runs()[0]?.args, ['api', 'get', 'actions/actions?page=0&per_page=100', '--tenant', HOST, '--no-input', '--no-color']);
    assert.deepEqual(await programTenants(join(folder, 'auth0')), [HOST]);
  });

  it('gets bodies through standard input', async () => {
    const api = await connected();
    const bindings = await api.listBindings('post-login');
    await api.updateBindings('post-login', bindings.map(({ actionId, displayName }) => ({ actionId: actionId ?? '', ...(displayName === undefined ? {} : { displayName }) })));
    const write = runs().find(run => run.args[1] === 'patch');
    assert.ok(write !== undefined && write.inputBytes > 20 && !write.args.some(argument => argument.includes('action_id')), JSON.stringify(write));
  });

  for (const version of ['1.33.0', '1.31.0', '1.16.0']) {
    it(`${version}: never tells the status of an error, which is in the body`, async () => {
      const api = await connected({}, { version });
      const error = await rejection(api.getAction('00000000-0000-4000-8000-000000000000'));
      assert.deepEqual([error.kind, error.status], ['notFound', 404]);
      const { items } = await api.listActions(0);
      const failing = items.find(one => one.status === 'failed');
      assert.equal((await rejection(api.deployAction(failing?.id ?? ''))).kind, 'notBuilt');
      assert.deepEqual(await programTenants(join(folder, 'auth0')), [HOST]);
    });

    it(`${version}: names the scope that its session lacks`, async () => {
      const api = await connected({ scopes: 'read:actions' }, { version });
      const { items } = await api.listActions(0);
      const error = await rejection(api.deployAction(items[0]?.id ?? ''));
      assert.deepEqual([error.kind, error.missingScopes], ['forbidden', ['create:actions']]);
    });
  }

  const ENDS: readonly (readonly [string, Partial<FakeAuth0Options>, string, string | undefined])[] = [
    ['logged out', { tenants: [] }, 'auth', 'programSignedOut'],
    ['never logged in', { noConfig: true }, 'auth', 'programSignedOut'],
    ['an expired session', { expired: true }, 'auth', 'programSignedOut'],
    ['a crash', { misbehave: 'crash' }, 'network', 'programFailed'],
    ['garbage', { misbehave: 'garbage' }, 'malformed', undefined],
  ];
  for (const [what, settings, kind, signIn] of ENDS) {
    it(`tells apart: ${what}`, async () => {
      const api = await connected({}, settings);
      const error = await rejection(api.deployAction('x'));
      assert.deepEqual([error.kind, error.signIn], [kind, signIn]);
      assert.equal(runs().length, 1);
    });
  }

  it('is ended when it takes too long', async () => {
    const api = await connected({}, { misbehave: 'hang' }, 700);
    assert.equal((await rejection(api.deployAction('x'))).kind, 'timeout');
  });

  it('that has no session for the tenant, is missing, or may not be run, says so', async () => {
    const api = await connected({}, { tenants: ['other.eu.auth0.com'] });
    assert.equal((await rejection(api.listTriggers())).signIn, 'programSignedOut');
    const without = (program: () => Promise<string>): ManagementApi => connectProgram({ origin: `https://${HOST}`, host: HOST, program, clock: systemClock, userAgent: 'test' });
    assert.equal((await rejection(without(() => Promise.resolve(join(folder, 'none'))).deployAction('x'))).signIn, 'noProgram');
    const refused = new ApiError('auth', { method: 'GET', path: '/', signIn: 'untrusted' });
    assert.equal((await rejection(without(() => Promise.reject(refused)).listTriggers())).signIn, 'untrusted');
  });

  it('is found on the path, and never inside the workspace', async () => {
    const [safe, workspace] = ['safe', 'workspace'].map(name => join(folder, name)) as [string, string];
    const inside = join(workspace, 'bin');
    const dotted = join(workspace, '..bin');
    for (const place of [safe, inside, dotted]) {
      mkdirSync(place, { recursive: true });
      installFakeAuth0(place, { simulatorUrl: '', token: '', tenants: [] });
    }
    const find = (path: readonly string[], configured = ''): Promise<string | undefined> => findProgram({ configured, path: path.join(delimiter), forbidden: [workspace] });
    assert.equal(await find([inside, safe]), join(safe, 'auth0'));
    assert.equal(await find([inside, dotted]), undefined);
    assert.equal(await find(['.', 'bin', '']), undefined);
    assert.equal(await find([safe], join(inside, 'auth0')), undefined);
    assert.equal(await find([safe], 'auth0'), undefined);
    assert.equal(await find([], join(safe, 'auth0')), join(safe, 'auth0'));
    // Neither through a link that leads into the workspace.
    const link = join(folder, 'link');
    symlinkSync(inside, link);
    assert.equal(await find([link]), undefined);
  });
});
