/** Deploying on save: when a save leads to a deploy, and to how many. */
import assert from 'node:assert/strict';
import { commands, Uri, window, workspace } from 'vscode';
import type { Phase } from '../../../src/actions/deployment.ts';
import { Emitter } from '../../../src/auth0/emitter.ts';
import { DeployOnSave } from '../../../src/ui/commands/deployOnSave.ts';
import type { Parts } from '../../../src/ui/commands/parts.ts';
import { settled } from '../support/fakeClock.ts';

const uri = Uri.parse('auth0-actions://acme/a1/draft/a.js');
const saved = { tenantId: 'acme', actionId: 'a1', uri };

/** A person who saves, and deploys that end when the test says so. */
class Desk {
  on: boolean | undefined = true;
  isProtected = false;
  inStep = false;
  readonly deployed: unknown[] = [];
  readonly stopped: string[] = [];
  readonly said: string[] = [];
  readonly #byHand = new Emitter<typeof saved>();
  readonly #changed = new Emitter<unknown>();
  #running: { id: string; phases: { phase: Phase }[] } | undefined;
  #end: () => void = () => undefined;
  readonly onSave: DeployOnSave;

  constructor() {
    Object.assign(workspace, { getConfiguration: () => ({ get: (_name: string, otherwise: unknown) => this.on ?? otherwise }) });
    Object.assign(commands, { executeCommand: (id: string, ...args: unknown[]) => this.#deploy(id, args) });
    Object.assign(window, { setStatusBarMessage: (text: string) => this.said.push(text) });
    const tenant = { id: 'acme', name: 'acme' };
    this.onSave = new DeployOnSave({
      log: { info: () => undefined, error: (_what: string, error: unknown) => { throw error; } },
      documents: { drafts: { savedByHand: this.#byHand } },
      state: {
        registry: { find: () => ({ ...tenant, isProtected: this.isProtected }) },
        catalog: () => ({ action: () => ({ allChangesDeployed: this.inStep }) }),
        deployments: { of: () => this.#running, changed: this.#changed, stop: (id: string) => this.stopped.push(id) },
      },
    } as unknown as Parts);
  }

  async save(): Promise<void> {
    this.#byHand.fire(saved);
    await settled();
  }

  /** A deployment is in this phase, whoever began it. */
  phase(phase: Phase): void {
    this.#running = { id: String(this.deployed.length), phases: [{ phase }] };
  }

  async end(): Promise<void> {
    this.#running = undefined;
    this.#changed.fire(undefined);
    this.#end();
    await settled();
  }

  #deploy(id: string, args: unknown[]): Promise<void> {
    this.deployed.push(id, ...args);
    this.phase('reading');
    return new Promise(resolve => {
      this.#end = resolve;
    });
  }
}

const ONCE = ['auth0Actions.deploy', uri];

describe('a save by a person', () => {
  afterEach(() => {
    Object.assign(window, { setStatusBarMessage: undefined });
  });

  it('deploys nothing unless that is turned on', async () => {
    const desk = new Desk();
    for (const on of [undefined, false]) {
      desk.on = on;
      await desk.save();
    }
    assert.deepEqual([desk.deployed, desk.said], [[], []]);
  });

  it('deploys its document, and all saves meanwhile lead to one deploy more', async () => {
    const desk = new Desk();
    await desk.save();
    assert.deepEqual(desk.deployed, ONCE);
    desk.phase('confirming');
    await desk.save();
    await desk.save();
    assert.deepEqual([desk.deployed, desk.stopped], [ONCE, []]);
    await desk.end();
    assert.deepEqual(desk.deployed, [...ONCE, ...ONCE]);
    await desk.end();
    await desk.save();
    assert.deepEqual(desk.deployed, [...ONCE, ...ONCE, ...ONCE]);
  });

  it('stops what was begun for an earlier save and has sent nothing yet', async () => {
    for (const phase of ['reading', 'building'] as const) {
      const desk = new Desk();
      await desk.save();
      desk.phase(phase);
      await desk.save();
      assert.deepEqual(desk.stopped, ['2'], phase);
    }
  });

  it('waits for a deployment that somebody has begun, and does not stop it', async () => {
    const desk = new Desk();
    desk.phase('building');
    await desk.save();
    await desk.save();
    assert.deepEqual([desk.deployed, desk.stopped], [[], []]);
    await desk.end();
    assert.deepEqual(desk.deployed, ONCE);
    await desk.end();
    assert.deepEqual(desk.deployed, ONCE);
  });

  it('deploys nothing where the live version holds the same already', async () => {
    const desk = new Desk();
    desk.inStep = true;
    await desk.save();
    assert.deepEqual(desk.deployed, []);
  });

  it('leaves a protected tenant alone, and says so once', async () => {
    const desk = new Desk();
    desk.isProtected = true;
    await desk.save();
    await desk.save();
    assert.deepEqual(desk.deployed, []);
    assert.deepEqual(desk.said, ['$(shield) acme is protected: saving does not deploy there']);
  });

  it('does nothing once the window closes', async () => {
    const desk = new Desk();
    desk.phase('building');
    await desk.save();
    desk.onSave.dispose();
    await desk.end();
    await desk.save();
    assert.deepEqual(desk.deployed, []);
  });
});
