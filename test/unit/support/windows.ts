/**
 * Windows that die in the middle of a deployment, before one simulated tenant that outlives them all. Time is shared and
 * goes by only where somebody waits; a dead window's promises never settle, and its storage keeps what was written.
 */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { Deployments } from '../../../src/actions/deployments.ts';
import { RunJournal } from '../../../src/actions/runJournal.ts';
import type { RunStore } from '../../../src/actions/runJournal.ts';
import { readStoredRun } from '../../../src/actions/runRecord.ts';
import type { RunRecord, StoredRun } from '../../../src/actions/runRecord.ts';
import type { ManagementApi } from '../../../src/auth0/api.ts';
import type { Clock } from '../../../src/auth0/clock.ts';
import type { TenantRef } from '../../../src/auth0/tenantRef.ts';
import { connectTenant } from '../../../src/node/network.ts';
import { startSimulator } from '../../../src/simulator/index.ts';
import type { RunningSimulator } from '../../../src/simulator/index.ts';
import { fastClock } from '../../support/fastClock.ts';
import { START } from './fakeClock.ts';
import { tenantOf } from './things.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Records as JSON text by file name, as the extension's own storage has them. */
export class MemoryRuns implements RunStore {
  readonly files = new Map<string, string>();
  /** Every text that was ever written. */
  readonly written: string[] = [];
  /** What cannot be written. */
  refuses: (run: StoredRun) => boolean = () => false;

  list(): Promise<readonly StoredRun[]> {
    return Promise.resolve([...this.files.values()].map(text => readStoredRun(JSON.parse(text))).filter(run => run !== undefined));
  }

  write(run: StoredRun): Promise<void> {
    if (this.refuses(run)) {
      return Promise.reject(new Error('no space left'));
    }
    this.written.push(JSON.stringify(run));
    this.files.set(`${run.record.id}~${run.owner.window}`, JSON.stringify(run));
    return Promise.resolve();
  }

  has(recordId: string, window: string): Promise<boolean> {
    return Promise.resolve(this.files.has(`${recordId}~${window}`));
  }

  claim({ record, owner }: StoredRun, next: StoredRun['owner']): Promise<boolean> {
    const text = this.files.get(`${record.id}~${owner.window}`);
    this.files.delete(`${record.id}~${owner.window}`);
    if (text !== undefined) {
      this.files.set(`${record.id}~${next.window}`, text);
    }
    return Promise.resolve(text !== undefined);
  }

  remove(recordId: string, window: string): Promise<void> {
    this.files.delete(`${recordId}~${window}`);
    return Promise.resolve();
  }
}

export interface SimulatedVersion {
  readonly number: number;
  readonly status: string;
  readonly deployed: boolean;
  readonly code: string;
}

export interface SimulatedAction {
  readonly id: string;
  readonly name: string;
  readonly code: string;
  readonly live_version_number: number | null;
  readonly versions: readonly SimulatedVersion[];
}

export interface TestWindow {
  readonly deployments: Deployments;
  readonly journal: RunJournal;
  readonly tenant: TenantRef;
  /** Nothing of it happens any more, and nothing is put in order. */
  die(): void;
  /** Hands over what other windows have left. */
  interrupted(): Promise<readonly RunRecord[]>;
}

/** Names of the calls of a window before which and after which it can die. */
export type CallHook = (name: keyof ManagementApi, when: 'before' | 'after') => void;

export class World {
  readonly store = new MemoryRuns();
  /** Deploy and roll back calls of all windows. */
  writes = 0;
  /** All calls of all windows. */
  calls = 0;
  readonly errors: unknown[] = [];
  #now = START;
  #windows = 0;
  #living = new Set<number>();
  readonly #simulator: RunningSimulator;
  readonly #api: ManagementApi;

  private constructor(simulator: RunningSimulator) {
    this.#simulator = simulator;
    this.#api = connectTenant({ origin: simulator.url, token: () => Promise.resolve(simulator.token), clock: fastClock(60), userAgent: 'test' });
  }

  static async start(): Promise<World> {
    // The simulator's time is that of the world, which does not exist yet.
    const time: { world?: World } = {};
    const world = new World(await startSimulator({ plan: 'off', now: () => time.world?.now() ?? START }));
    time.world = world;
    return world;
  }

  now(): number {
    return this.#now;
  }

  pass(ms: number): void {
    this.#now += ms;
  }

  readonly clock: Clock = {
    now: () => this.#now,
    sleep: async ms => {
      this.#now += ms;
      await setImmediate();
    },
  };

  /** Runs a window; `hook` is told of its calls. */
  open(hook: CallHook = () => undefined): TestWindow {
    this.#windows += 1;
    const pid = this.#windows;
    this.#living.add(pid);
    const dead = (): boolean => !this.#living.has(pid);
    const alive = <T>(work: () => Promise<T>): Promise<T> => (dead() ? new Promise<T>(() => undefined) : work());
    const tenant = tenantOf(this.#watched(dead, hook));
    const store: RunStore = {
      list: () => alive(() => this.store.list()),
      write: run => alive(() => this.store.write(run)),
      has: (id, window) => alive(() => this.store.has(id, window)),
      claim: (run, owner) => alive(() => this.store.claim(run, owner)),
      remove: (id, window) => alive(() => this.store.remove(id, window)),
    };
    // Waits of the journal end only when they are broken off: beats of living windows are tested on their own.
    const patient: Clock = { now: () => this.#now, sleep: (_ms, signal) => new Promise(resolve => signal?.addEventListener('abort', () => resolve())) };
    const journal = new RunJournal({ store, clock: patient, owner: { window: `window ${pid}`, host: 'here', pid }, isAlive: id => this.#living.has(id), digest: sha256, onError: error => this.errors.push(error) });
    const deployments = new Deployments({ clock: { now: () => this.#now, sleep: (ms, signal) => alive(() => this.clock.sleep(ms, signal)) }, random: () => 0.5, journal });
    return {
      deployments,
      journal,
      tenant,
      die: () => void this.#living.delete(pid),
      interrupted: async () => {
        const found: RunRecord[] = [];
        await journal.watch(record => found.push(record));
        return found;
      },
    };
  }

  /** What the service really has. */
  async action(name: string): Promise<SimulatedAction | undefined> {
    const { actions } = (await (await fetch(`${this.#simulator.url}/simulator/state`)).json()) as { readonly actions: readonly SimulatedAction[] };
    return actions.find(one => one.name === name);
  }

  async control(path: string, body: unknown): Promise<void> {
    await fetch(`${this.#simulator.url}/simulator/${path}`, { method: 'POST', body: JSON.stringify(body) });
  }

  /** The calls of somebody else. */
  get others(): ManagementApi {
    return this.#api;
  }

  close(): Promise<void> {
    return this.#simulator.close();
  }

  #watched(dead: () => boolean, hook: CallHook): ManagementApi {
    const never = (): Promise<never> => new Promise(() => undefined);
    return new Proxy(this.#api, {
      get: (api, name: keyof ManagementApi) => {
        // A promise that resolves to it asks for its `then`.
        if (!(name in api)) {
          return undefined;
        }
        if (name === 'headroom') {
          return () => 1;
        }
        return async (...args: readonly unknown[]): Promise<unknown> => {
          hook(name, 'before');
          if (dead()) {
            return never();
          }
          this.calls += 1;
          if (name === 'deployAction' || name === 'deployVersion') {
            this.writes += 1;
          }
          const answer = (Reflect.get(api, name) as (...given: readonly unknown[]) => Promise<unknown>).apply(api, [...args]);
          // Something may be on the wire while a window dies; its answer then finds nobody.
          const result = await answer;
          hook(name, 'after');
          return dead() ? never() : result;
        };
      },
    });
  }
}
