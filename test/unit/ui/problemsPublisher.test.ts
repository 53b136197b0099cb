/** What the Problems panel shows at the end of a deployment, and when that is told. */
import assert from 'node:assert/strict';
import { commands, languages, window, workspace } from 'vscode';
import type { Diagnostic, Uri } from 'vscode';
import type { Deployment, Outcome } from '../../../src/actions/deployment.ts';
import type { Action, CallOptions, ManagementApi } from '../../../src/auth0/api.ts';
import { Emitter } from '../../../src/auth0/emitter.ts';
import type { Log } from '../../../src/ui/log.ts';
import type { AppState } from '../../../src/ui/appState.ts';
import { follow } from '../../../src/ui/commands/deploymentEnd.ts';
import type { Parts } from '../../../src/ui/commands/parts.ts';
import type { CheckProblems } from '../../../src/ui/problems/checkProblems.ts';
import { ProblemsPublisher } from '../../../src/ui/problems/problemsPublisher.ts';
import { TENANT, stateOver } from '../support/appState.ts';
import { action, apiError, version } from '../support/things.ts';

const ERRORS = [{ id: 'E404', msg: "Cannot find module 'geo'" }];
const VERSION_FAILED: Outcome = { kind: 'failed', reason: 'versionFailed', version: 2, versionId: 'v2', errors: ERRORS };

interface Panel {
  readonly state: AppState;
  readonly publisher: ProblemsPublisher;
  readonly parts: Parts;
  readonly told: string[];
  readonly shown: () => readonly string[];
  readonly ended: (outcome: Outcome, change?: Partial<Deployment>) => Deployment;
}

function panel(calls: Partial<ManagementApi> = {}): Panel {
  const told: string[] = [];
  const places = new Map<string, readonly Diagnostic[]>();
  const set = (uri: Uri, list: readonly Diagnostic[]): unknown => places.set(uri.toString(), list);
  Object.assign(languages, { createDiagnosticCollection: () => ({ set, dispose: () => undefined }) });
  Object.assign(workspace, { getConfiguration: () => ({ get: (_name: string, otherwise: unknown) => otherwise }) });
  Object.assign(commands, { executeCommand: () => Promise.resolve() });
  Object.assign(window, { showErrorMessage: (text: string, ...buttons: string[]) => (told.push([text, ...buttons].join(' | ')), Promise.resolve()) });
  const state = stateOver(calls);
  const tenant = state.registry.find(TENANT);
  assert.ok(tenant);
  const log = { error: () => undefined, info: () => undefined, warn: () => undefined } as unknown as Log;
  const checks = { explained: new Emitter(), draft: () => undefined, draftIsFine: () => undefined, failedAt: () => undefined } as unknown as CheckProblems;
  const publisher = new ProblemsPublisher(state, log, checks);
  return {
    state, publisher, told,
    parts: { state, log, problems: publisher } as unknown as Parts,
    shown: () => [...places].flatMap(([place, list]) => list.map(one => `${place.split('/').slice(-2).join('/')} ${one.range.start.line + 1}: ${one.message}`)),
    ended: (outcome, change = {}) => ({ id: '1', tenant, actionId: 'a', actionName: 'enrich', startedAt: 0, phases: [], outcome, ...change }),
  };
}

const failedDraft = (): Action => action('a', { name: 'enrich', status: 'failed' });

describe('problems at the end of a deployment', () => {
  it('are those of a version where its code says they belong', async () => {
    const { publisher, shown, ended } = panel({ getVersion: () => Promise.resolve(version(2, { status: 'failed', code: "//\nrequire('geo');", errors: ERRORS })) });
    await publisher.deployment(ended(VERSION_FAILED));
    assert.deepEqual(shown(), ["v2/enrich.js 2: Cannot find module 'geo'"]);
  });

  it('are there soon, and told, where the version cannot be read', async () => {
    let options: CallOptions | undefined;
    // As the service where nothing answers: only a limit ends the reading.
    const getVersion: ManagementApi['getVersion'] = (_action, _version, given) => {
      options = given;
      return given?.withinMs === undefined ? new Promise(() => undefined) : Promise.reject(apiError('timeout'));
    };
    const { parts, shown, told, ended } = panel({ getVersion });
    const end = follow(parts, { tenant: { id: TENANT }, actionId: 'a' }, () => Promise.resolve(ended(VERSION_FAILED)));
    await new Promise(setImmediate);
    assert.deepEqual(shown(), ["v2/enrich.js 1: Cannot find module 'geo'"]);
    assert.equal(told.length, 1);
    assert.match(told[0] ?? '', /the Problems panel says why.*\| Show Problem/u);
    assert.equal((await end).outcome, VERSION_FAILED);
    assert.equal(options?.withinMs, 5000);
  });

  it('are those of a draft that failed to build as the deployment read it, without another call', async () => {
    const { state, parts, shown, told, ended } = panel();
    await follow(parts, { tenant: { id: TENANT }, actionId: 'a' }, () => {
      state.catalog(TENANT).put(action('other', { status: 'failed' }));
      state.catalog(TENANT).put(failedDraft());
      return Promise.resolve(ended({ kind: 'failed', reason: 'buildFailed', errors: [] }));
    });
    assert.equal(shown().length, 1);
    assert.match(shown()[0] ?? '', /^draft\/enrich\.js 1: /u);
    assert.match(told[0] ?? '', /\| Show Problem/u);
    assert.equal(state.actionRead.size, 0);
  });

  it('of a draft outlive a roll back that leaves it as it is', async () => {
    const { publisher, shown, ended } = panel();
    const tenant = ended(VERSION_FAILED).tenant;
    publisher.draft(tenant, failedDraft());
    await publisher.run(tenant, 'a', 'enrich', version(1), { kind: 'runFailed', id: 'Error', message: 'It broke', range: { line: 0, start: 0, end: 0 } });
    assert.equal(shown().length, 2);
    for (const outcome of [{ kind: 'live', version: 4 }, { kind: 'live', version: 4, draftFollows: false }] as const) {
      await publisher.deployment(ended(outcome, { rollBackTo: 3 }));
      assert.deepEqual(shown().map(one => one.split(' ')[0]), ['draft/enrich.js']);
    }
    await publisher.deployment(ended({ kind: 'live', version: 5, draftFollows: true }, { rollBackTo: 3 }));
    assert.deepEqual(shown(), []);
  });

  it('of a version or of a draft that was deployed go with the next one that is live', async () => {
    const { publisher, shown, ended } = panel({ getVersion: () => Promise.reject(apiError('server')) });
    await publisher.deployment(ended(VERSION_FAILED));
    assert.equal(shown().length, 1);
    await publisher.deployment(ended({ kind: 'live', version: 4 }, { rollBackTo: 1 }));
    assert.deepEqual(shown(), []);
    publisher.draft(ended(VERSION_FAILED).tenant, failedDraft());
    await publisher.deployment(ended({ kind: 'live', version: 5 }));
    assert.deepEqual(shown(), []);
  });

  it('are shown without the link where a tenant made one that cannot be opened', () => {
    const { publisher, shown, ended } = panel();
    for (const url of ['https:////x', 'https:///%2Fx']) {
      publisher.openedVersion(ended(VERSION_FAILED).tenant, 'a', version(2, { status: 'failed', errors: [{ id: 'E', msg: 'no', url }] }));
      assert.deepEqual(shown(), ['v2/a.js 1: no']);
      publisher.forgetAction(TENANT, 'a');
    }
  });
});
