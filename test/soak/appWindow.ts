/**
 * One window of the editor: the extension's own registry, lane, catalogs, deployments, book of drafts and tree over real HTTP,
 * connected as extension.ts and connectParts.ts connect them. What is left out needs VS Code itself.
 */
import { getEventListeners } from 'node:events';
import { DraftBook } from '../../src/actions/draftBook.ts';
import type { DraftShelf } from '../../src/actions/draftBook.ts';
import type { Deployment } from '../../src/actions/deployment.ts';
import { RunJournal } from '../../src/actions/runJournal.ts';
import type { RunStore } from '../../src/actions/runJournal.ts';
import type { CallOptions, ManagementApi } from '../../src/auth0/api.ts';
import { createManagementApi } from '../../src/auth0/managementApi.ts';
import { RequestLane } from '../../src/auth0/requestLane.ts';
import type { TenantRef } from '../../src/auth0/tenantRef.ts';
import { TenantRegistry } from '../../src/tenants/tenantRegistry.ts';
import type { TenantPlatform } from '../../src/tenants/connectedTenant.ts';
import type { StoredTenant } from '../../src/tenants/storedTenant.ts';
import { secretKey } from '../../src/tenants/vault.ts';
import { AppState } from '../../src/ui/appState.ts';
import { Log } from '../../src/ui/log.ts';
import { TreeProvider } from '../../src/ui/tree/treeProvider.ts';
import type { Row } from '../../src/ui/tree/rows.ts';
import { sha256 } from '../unit/support/windows.ts';
import type { SoakClock } from './clock.ts';
import { countedSend } from './service.ts';
import type { Service } from './service.ts';

/** What outlives a window: the machine's own storage, and texts that VS Code restores. */
export interface Machine {
  readonly clock: SoakClock;
  readonly services: readonly Service[];
  readonly shelf: DraftShelf;
  /** Where running deployments are remembered. */
  readonly runs: RunStore;
  /** Windows that are there, by their number, and how many there ever were. */
  readonly windows: { readonly living: Set<number>; count: number };
  /** Hears of each deployment that another window has left, and that is looked up. */
  readonly onLookUp: (ending: Promise<Deployment>) => void;
  readonly random: () => number;
  /** Hears of each request before it leaves. */
  readonly onSend: (tenantId: string, method: string, url: string) => void;
}

/** What is left over once nothing is going on. All of it stays the same, however long a window has been in use. */
export interface Leftovers {
  readonly listeners: number;
  readonly sleepers: number;
}

export class AppWindow {
  readonly state: AppState;
  readonly book: DraftBook;
  readonly tree: TreeProvider;
  readonly #machine: Machine;
  /** Signals that calls were given, as long as anybody else keeps them. */
  readonly #signals: WeakRef<AbortSignal>[] = [];
  readonly #seen = new WeakSet<AbortSignal>();
  readonly #drawn = new Set<string>();
  readonly #number: number;
  #crashed = false;

  constructor(machine: Machine) {
    this.#machine = machine;
    const { clock, services } = machine;
    const platform: TenantPlatform = {
      createApi: ({ origin, token, onSignedOut }) => {
        const id = new URL(origin).host;
        const send = countedSend(clock, 'soak', (method, url) => machine.onSend(id, method, url));
        return Promise.resolve(this.#noting(createManagementApi({ origin, token, clock, onSignedOut, lane: new RequestLane({ send, clock, random: machine.random }) })));
      },
      createProgramApi: () => Promise.reject(new Error('no program here')),
      // A pasted token is taken as it is.
      signInPorts: () => Promise.resolve({ post: () => Promise.reject(new Error('no signing in here')), sign: () => Promise.reject(new Error('no key here')), now: () => clock.now() }),
      startDemo: () => Promise.reject(new Error('no demo here')),
    };
    let stored: readonly StoredTenant[] = services.map(({ id, simulator }) => ({ id, origin: simulator.url, kind: 'accessToken' as const }));
    const secrets = new Map(services.map(({ id, simulator }) => [secretKey(id), simulator.token]));
    const registry = new TenantRegistry(
      {
        read: () => stored,
        write: tenants => {
          stored = tenants;
          return Promise.resolve();
        },
      },
      { get: key => Promise.resolve(secrets.get(key)), set: () => Promise.resolve(), delete: () => Promise.resolve() },
      platform,
    );
    machine.windows.count += 1;
    this.#number = machine.windows.count;
    machine.windows.living.add(this.#number);
    const { living } = machine.windows;
    const journal = new RunJournal({ store: this.#whileAlive(machine.runs), clock, owner: { window: `window ${this.#number}`, host: 'here', pid: this.#number }, isAlive: pid => living.has(pid), digest: sha256, onError: error => { throw error; } });
    this.state = new AppState(registry, clock, journal);
    void this.#lookUpInterrupted(journal);
    this.book = new DraftBook(machine.shelf);
    this.tree = new TreeProvider(this.state, new Log());
    this.state.catalogChanged.on(({ tenant, change }) => {
      this.tree.refreshRow(tenant.id, 'actionId' in change ? change.actionId : undefined);
      this.#watch();
    });
    this.state.deployments.changed.on(deployment => {
      this.tree.refreshRow(deployment.tenant.id, deployment.actionId);
      this.#watch();
    });
    this.tree.onDidChangeTreeData(row => {
      // VS Code asks at once for the look of a row that it shows.
      if (row !== undefined && this.#drawn.has(row.id)) {
        this.tree.itemOf(row);
      }
    });
  }

  /** The tenant, unless it is disconnected just now. */
  tenant(id: string): TenantRef | undefined {
    return this.state.registry.find(id);
  }

  /** Takes the tenant away and connects it anew. */
  async reconnect({ id, simulator }: Service, afterMs: number): Promise<void> {
    const { registry, clock } = this.state;
    if (registry.find(id) === undefined) {
      return;
    }
    await registry.disconnect(id);
    this.#forgetRows(id);
    await clock.sleep(afterMs);
    await registry.connect({ id, origin: simulator.url, kind: 'accessToken' }, simulator.token);
    this.tree.refreshAll();
  }

  #forgetRows(id: string): void {
    this.tree.refreshAll(id);
    for (const row of this.#drawn) {
      if (row === id || row.startsWith(`${id}/`)) {
        this.#drawn.delete(row);
      }
    }
  }

  /** The tree of a tenant as text, with the versions of the named actions. */
  async draw(tenantId: string, expanded: readonly string[]): Promise<readonly string[]> {
    const lines: string[] = [];
    const add = async (row: Row, depth: number): Promise<void> => {
      const item = this.tree.itemOf(row);
      this.#drawn.add(row.id);
      lines.push(`${'  '.repeat(depth)}${typeof item.label === 'string' ? item.label : ''} | ${String(item.description)} | ${item.contextValue ?? ''}`);
      if (row.kind === 'tenant' || (row.kind === 'action' && expanded.includes(row.actionId))) {
        for (const child of await this.tree.rowsBelow(row)) {
          await add(child, depth + 1);
        }
      }
    };
    const root = this.tree.tenantRow(tenantId);
    if (root !== undefined) {
      await add(root, 0);
    }
    return lines;
  }

  /** What is left over at rest. */
  leftovers(): Leftovers {
    const { state } = this;
    const emitters = [state.catalogChanged, state.buildSettled, state.deployments.changed, state.registry.changed, state.registry.signedOut, ...state.catalogs().flatMap(catalog => [catalog.changed, catalog.settled])];
    const kept = this.#signals.map(one => one.deref()).filter(signal => signal !== undefined);
    const ofSignals = kept.reduce((sum, signal) => sum + getEventListeners(signal, 'abort').length, 0);
    return { listeners: emitters.reduce((sum, emitter) => sum + emitter.size, 0) + ofSignals, sleepers: this.#machine.clock.sleeping };
  }

  /** Ends the window; one that crashes puts nothing in order. */
  dispose(crashes: boolean): void {
    this.#crashed = crashes;
    this.#machine.windows.living.delete(this.#number);
    this.tree.dispose();
    this.state.dispose();
  }

  /** As lookUpCommands.ts does it, once the window before has put its things in order. */
  async #lookUpInterrupted(journal: RunJournal): Promise<void> {
    const { deployments, registry } = this.state;
    await this.#machine.clock.sleep(1);
    await journal.watch(record => {
      const tenant = registry.find(record.tenantId);
      if (tenant === undefined || deployments.of(tenant.id, record.actionId) !== undefined) {
        journal.drop(record, true);
      } else {
        this.#machine.onLookUp(deployments.lookUp(tenant, record));
      }
    });
  }

  /** The storage, in which a window that has crashed does nothing any more. */
  #whileAlive(runs: RunStore): RunStore {
    const alive = <T>(work: () => Promise<T>): Promise<T> => (this.#crashed ? new Promise<T>(() => undefined) : work());
    return {
      list: () => alive(() => runs.list()),
      write: run => alive(() => runs.write(run)),
      has: (id, window) => alive(() => runs.has(id, window)),
      claim: (run, owner) => alive(() => runs.claim(run, owner)),
      remove: (id, window) => alive(() => runs.remove(id, window)),
    };
  }

  /** Builds are watched while their rows can be seen, which is always. */
  #watch(): void {
    for (const catalog of this.state.catalogs()) {
      catalog.watchBuilds(actionId => this.state.deployments.of(catalog.tenant.id, actionId) !== undefined);
    }
  }

  /** Notes the signal of each call that is never over: a catalog's own. */
  #noting(api: ManagementApi): ManagementApi {
    return new Proxy(api, {
      get: (target, name, receiver): unknown => {
        const value: unknown = Reflect.get(target, name, receiver);
        return typeof value !== 'function' ? value : (...args: unknown[]): unknown => {
          const { signal } = (args.at(-1) ?? {}) as CallOptions;
          if (signal instanceof AbortSignal && !this.#seen.has(signal)) {
            this.#seen.add(signal);
            this.#signals.push(new WeakRef(signal));
          }
          return Reflect.apply(value, target, args);
        };
      },
    });
  }
}
