/** Several deployments at once, from the list to the one notification and the log, and a stop between two of them. */
import assert from 'node:assert/strict';
import { commands, window, workspace } from 'vscode';
import type { Deployment, Outcome } from '../../../src/actions/deployment.ts';
import { listCommands } from '../../../src/ui/commands/listCommands.ts';
import type { Pending } from '../../../src/ui/commands/deployPending.ts';
import type { Parts } from '../../../src/ui/commands/parts.ts';
import { commands as ids } from '../../../src/ui/ids.ts';
import { deploySelected } from '../../../src/ui/many/deployMany.ts';
import { stateOver, TENANT } from '../support/appState.ts';
import { action } from '../support/things.ts';

const LIVE: Outcome = { kind: 'live', version: 2 };

/** A list in which somebody presses Enter as soon as it is filled: with what is ticked at first. */
class QuickPick {
  items: readonly unknown[] = [];
  selectedItems: readonly unknown[] = [];
  buttons: readonly unknown[] = [];
  readonly onDidTriggerItemButton = (): void => undefined;
  readonly onDidHide = (): void => undefined;
  readonly #oneAfterAnother: boolean;
  #accept: () => void = () => undefined;
  #busy = false;

  constructor(oneAfterAnother: boolean) {
    this.#oneAfterAnother = oneAfterAnother;
  }

  get busy(): boolean {
    return this.#busy;
  }

  set busy(busy: boolean) {
    this.#busy = busy;
    if (!busy) {
      this.#accept();
    }
  }

  onDidTriggerButton(choose: () => void): void {
    if (this.#oneAfterAnother) {
      choose();
    }
  }

  onDidAccept(accept: () => void): void {
    this.#accept = accept;
  }

  show(): void {}
  hide(): void {}
  dispose(): void {}
}

interface Told {
  readonly told: readonly string[];
  readonly logged: readonly string[];
  readonly outcomes: readonly string[];
}

/** Deploys an action for each outcome; `between` runs when one has ended and before the next begins. */
async function deploy(setting: string | undefined, outcomes: readonly Outcome[], oneAfterAnother = false, between: (parts: Parts) => unknown = () => undefined): Promise<Told> {
  const [told, logged]: [string[], string[]] = [[], []];
  const tell = (text: string): Promise<undefined> => {
    told.push(text);
    return Promise.resolve(undefined);
  };
  const log = (text: string): unknown => logged.push(text);
  Object.assign(window, { showInformationMessage: tell, showWarningMessage: tell, showErrorMessage: tell, setStatusBarMessage: () => undefined, createQuickPick: () => new QuickPick(oneAfterAnother) });
  Object.assign(commands, { executeCommand: () => Promise.reject(new Error('nobody has clicked')) });
  Object.assign(workspace, { getConfiguration: () => ({ get: (_name: string, otherwise: unknown) => setting ?? otherwise }) });
  const state = stateOver({ getAction: id => Promise.resolve(action(id)), listBindings: () => Promise.resolve([{ id: 'b', triggerId: 'post-login', actionId: 'another' }]), listTriggers: () => Promise.resolve([]) });
  const parts = { state, log: { info: log, warn: log, error: log }, checks: { findingsFor: () => Promise.resolve([]) } } as unknown as Parts;
  const tenant = state.registry.find(TENANT);
  assert.ok(tenant);
  const pending = { change: () => Promise.resolve({}), isUnexpected: () => false } as unknown as Pending;
  const begins = async (_parts: unknown, { actionId }: { readonly actionId: string }): Promise<Deployment> => {
    await between(parts);
    const outcome = outcomes[Number(actionId)] ?? LIVE;
    return { id: actionId, tenant, actionId, actionName: `a${actionId}`, startedAt: 0, phases: [], outcome };
  };
  const result = await deploySelected(parts, begins, outcomes.map((_, index) => ({ tenant, actionId: String(index), actionName: `a${index}`, pending })));
  return { told, logged, outcomes: result.map(({ outcome }) => outcome) };
}

describe('the end of several deployments', () => {
  const failure: Outcome = { kind: 'failed', reason: 'versionFailed', version: 2, errors: [{ id: 'E', msg: "const KEY = 'abc'" }] };
  for (const [setting, wholeIsTold, failureIsTold] of [['none', 0, 0], ['failures', 0, 1], [undefined, 0, 1], ['all', 1, 1]] as const) {
    it(`is told once as the setting ${setting ?? 'that nobody has changed'} says, and logged for each`, async () => {
      const well = await deploy(setting, [LIVE, LIVE]);
      assert.deepEqual([well.told.length, well.logged], [wholeIsTold, ['a0 · acme · v2 live', 'a1 · acme · v2 live']]);
      const ill = await deploy(setting, [LIVE, failure]);
      assert.deepEqual([ill.told.length, ill.logged], [failureIsTold, ['a0 · acme · v2 live', 'a1 · acme · v2 failed']]);
      assert.ok(ill.told.every(text => text.includes("a1 (const KEY = 'abc')")));
    });
  }

  it('has a line in the log for each, however many there are', async () => {
    const { logged } = await deploy('none', Array.from({ length: 8 }, () => LIVE));
    assert.equal(logged.length, 8);
  });
});

describe('stopping between two that go one after another', () => {
  it('begins no other, and needs nothing that runs', async () => {
    const { outcomes, told } = await deploy('none', [LIVE, LIVE, LIVE], true, parts => listCommands(parts)[ids.cancelDeployment]?.());
    assert.deepEqual([outcomes, told], [['live', 'stopped', 'stopped'], []]);
  });

  it('goes on to the end where nobody stops it', async () => {
    assert.deepEqual((await deploy('none', [LIVE, LIVE, LIVE], true)).outcomes, ['live', 'live', 'live']);
  });
});
