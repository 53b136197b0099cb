/** What is told at the end of a deployment: by the person's setting in a notification, and always in the log. */
import assert from 'node:assert/strict';
import { commands, window, workspace } from 'vscode';
import type { Outcome } from '../../../src/actions/deployment.ts';
import type { ManagementApi } from '../../../src/auth0/api.ts';
import { follow } from '../../../src/ui/commands/deploymentEnd.ts';
import type { Parts } from '../../../src/ui/commands/parts.ts';
import { tellUnused } from '../../../src/ui/commands/tellUnused.ts';
import { stateOver, TENANT } from '../support/appState.ts';
import { settled } from '../support/fakeClock.ts';
import { action, apiError, fakeApi, tenantOf } from '../support/things.ts';

type Setting = 'failures' | 'all' | 'none';

const REF = tenantOf(fakeApi(), TENANT);

/** What a person would see and find in the log. */
interface Desk {
  readonly parts: Parts;
  readonly told: string[];
  readonly logged: string[];
}

function desk(setting: Setting | undefined, calls: Partial<ManagementApi> = {}): Desk {
  const [told, logged]: [string[], string[]] = [[], []];
  const tell = (text: string): Promise<undefined> => {
    told.push(text);
    return Promise.resolve(undefined);
  };
  const log = (text: string): unknown => logged.push(text);
  Object.assign(window, { showInformationMessage: tell, showWarningMessage: tell, showErrorMessage: tell });
  Object.assign(commands, { executeCommand: () => Promise.reject(new Error('nobody has clicked')) });
  Object.assign(workspace, { getConfiguration: () => ({ get: (_name: string, otherwise: unknown) => setting ?? otherwise }) });
  const problems = { deployment: () => Promise.resolve(), place: () => undefined };
  const parts = { state: stateOver(calls), log: { info: log, warn: log, error: log }, problems } as unknown as Parts;
  return { parts, told, logged };
}

const ENDS: readonly (readonly [string, Outcome, readonly Setting[]])[] = [
  ['one that is live', { kind: 'live', version: 2 }, ['all']],
  ['one that failed', { kind: 'failed', reason: 'buildFailed', errors: [] }, ['failures', 'all']],
  ['one that is not confirmed', { kind: 'unconfirmed' }, ['failures', 'all']],
  ['one that somebody does not watch any more', { kind: 'stopped', sent: true, version: 2 }, ['all']],
  ['one that somebody stopped once the draft was saved', { kind: 'stopped', sent: false, saved: true }, ['all']],
];

describe('the end of a deployment', () => {
  for (const [what, outcome, settings] of ENDS) {
    it(`is told as the setting says, and always logged: ${what}`, async () => {
      for (const setting of ['failures', 'all', 'none', undefined] as const) {
        const { parts, told, logged } = desk(setting, { getAction: id => Promise.resolve(action(id)) });
        await follow(parts, { tenant: REF, actionId: 'a' }, () => Promise.resolve({ id: '1', tenant: REF, actionId: 'a', actionName: 'enrich', startedAt: 0, phases: [], outcome }));
        await settled();
        assert.deepEqual([told.length, logged.length], [settings.includes(setting ?? 'failures') ? 1 : 0, 1], setting);
      }
    });
  }
});

describe('a version that is live and in no flow', () => {
  async function unused(setting: Setting, trigger: string, calls: Partial<ManagementApi> = {}, times = 1): Promise<Desk> {
    const found = desk(setting, { listBindings: () => Promise.resolve([]), listTriggers: () => Promise.resolve([]), ...calls });
    found.parts.state.catalog(TENANT).put(action('a', { triggers: [{ id: trigger, version: 'v1' }] }));
    for (let time = 0; time < times; time += 1) {
      await tellUnused(found.parts, { id: '1', tenant: REF, actionId: 'a', actionName: 'enrich', startedAt: 0, phases: [], outcome: { kind: 'live', version: 2 } });
    }
    return found;
  }

  it('is run by no login, or by nothing where logins play no part, which is said once', async () => {
    assert.deepEqual((await unused('failures', 'post-login', {}, 2)).told, ['enrich v2 is live in acme, but not in any flow, so no login runs it.']);
    assert.deepEqual((await unused('failures', 'credentials-exchange', {}, 2)).told, ['enrich v2 is live in acme, but not in any flow, so nothing runs it.']);
  });

  it('may have been taken out of it', async () => {
    for (const [trigger, words] of [['post-login', 'no login runs it any more'], ['pre-user-registration', 'nothing runs it any more']] as const) {
      const { parts, told } = desk('failures', { listBindings: () => Promise.resolve([]), listTriggers: () => Promise.resolve([]) });
      const catalog = parts.state.catalog(TENANT);
      catalog.put(action('a', { triggers: [{ id: trigger, version: 'v1' }] }));
      catalog.flows.put(trigger, [{ id: 'b', triggerId: trigger, actionId: 'a' }]);
      await tellUnused(parts, { id: '1', tenant: REF, actionId: 'a', actionName: 'enrich', startedAt: 0, phases: [], outcome: { kind: 'live', version: 2 } });
      assert.deepEqual(told, [`enrich v2 is live in acme, but somebody has taken it out of its flow, so ${words}.`]);
    }
  });

  it('is in the log where nobody wants to be told', async () => {
    const { told, logged } = await unused('none', 'post-login');
    assert.deepEqual([told, logged], [[], ['enrich v2 is live in acme, but not in any flow, so no login runs it.']]);
  });

  it('is not announced, and not remembered so, where its trigger may have no flow', async () => {
    const { parts, told, logged } = await unused('failures', 'event-stream', { listTriggers: () => Promise.reject(apiError('server')) });
    assert.deepEqual([told, logged, [...parts.state.toldUnused]], [[], [], []]);
  });
});
