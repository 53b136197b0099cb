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
import { installFakeAuth0, runsOf } from '../../support/fakeAuth0.ts';
import type { FakeAuth0 } from '../../support/fakeAuth0.ts';
import { rejection, tenantOf } from '../support/things.ts';

const HOST = 'acme-dev.eu.auth0.com';

// On Windows only an `.exe` is run, and a stand-in is none.
(process.platform === 'win32' ? () => undefined : describe)('the auth0 program', () => {
  let folder = '';
  let simulator: RunningSimulator | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'program-'));
  });
  afterEach(async () => {
    await simulator?.close();
    simulator = undefined;
    rmSync(folder, { recursive: true });
  });

  async function connected(options: SimulatorOptions = {}, fake: Partial<FakeAuth0> = {}, timeoutMs?: number): Promise<ManagementApi> {
    simulator = await startSimulator({ buildScale: 0, ...options });
    const program = installFakeAuth0(folder, { url: simulator.url, token: simulator.token, tenants: [HOST], ...fake });
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
    const runs = runsOf(folder);
    assert.equal(runs.filter(run => run.args[1] === 'post').length, 1, 'the call is sent once');
    assert.deepEqual(runs[0]?.args, ['api', 'get', 'actions/actions?page=0&per_page=100', '--tenant', HOST, '--no-input']);
    assert.deepEqual(await programTenants(join(folder, 'auth0')), [HOST]);
  }).timeout(20_000);

  it('gets bodies through standard input', async () => {
    const api = await connected();
    const bindings = await api.listBindings('post-login');
    await api.updateBindings('post-login', bindings.map(({ actionId, displayName }) => ({ actionId: actionId ?? '', ...(displayName === undefined ? {} : { displayName }) })));
    const write = runsOf(folder).find(run => run.args[1] === 'patch');
    assert.ok(write !== undefined && write.input > 20 && !write.args.some(argument => argument.includes('action_id')), JSON.stringify(write));
  });

  it('prints errors of the service with exit code 0: the status is in the body', async () => {
    const api = await connected();
    const error = await rejection(api.getAction('00000000-0000-4000-8000-000000000000'));
    assert.deepEqual([error.kind, error.status], ['notFound', 404]);
  });

  it('names the scope that its session lacks', async () => {
    const api = await connected({ scopes: 'read:actions' });
    const { items } = await api.listActions(0);
    const error = await rejection(api.deployAction(items[0]?.id ?? ''));
    assert.deepEqual([error.kind, error.missingScopes], ['forbidden', ['create:actions']]);
  });

  for (const [mode, kind, signIn] of [['signedOut', 'auth', 'programSignedOut'], ['crash', 'network', 'programFailed'], ['garbage', 'malformed', undefined]] as const) {
    it(`tells apart: ${mode}`, async () => {
      const api = await connected({}, { mode });
      const error = await rejection(api.deployAction('x'));
      assert.deepEqual([error.kind, error.signIn], [kind, signIn]);
      assert.equal(runsOf(folder).length, 1);
    });
  }

  it('is ended when it takes too long', async () => {
    const api = await connected({}, { mode: 'hang' }, 700);
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
    for (const place of [safe, inside]) {
      mkdirSync(place, { recursive: true });
      installFakeAuth0(place, { url: '', token: '', tenants: [] });
    }
    const find = (path: readonly string[], configured = ''): Promise<string | undefined> => findProgram({ configured, path: path.join(delimiter), forbidden: [workspace] });
    assert.equal(await find([inside, safe]), join(safe, 'auth0'));
    assert.equal(await find([inside]), undefined);
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
