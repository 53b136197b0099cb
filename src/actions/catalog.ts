/**
 * One tenant's actions and versions as far as they were asked for: the tree's memory. Loads are shared while they are
 * under way, old rows stay while a refresh runs, and a change names the one action it concerns.
 */
import type { Action, Trigger } from '../auth0/api.ts';
import type { Clock } from '../auth0/clock.ts';
import { Emitter } from '../auth0/emitter.ts';
import type { TenantRef } from '../auth0/tenantRef.ts';
import { isBuilding, summarize } from './model.ts';
import type { ActionSummary, VersionSummary } from './model.ts';
import { BuildWatch } from './buildWatch.ts';
import { FlowMemory } from './flowMemory.ts';
import { sortableTime } from './versionCall.ts';
import { VersionMemory } from './versionMemory.ts';

/** As api.ts promises for a page of actions. */
const ACTIONS_A_PAGE = 100;
/** More than a tenant can hold: ends a list whose pages never end. */
const MOST_PAGES = 200;

/** A change of the whole list, of one action (its row, or also its versions), or of a trigger's flow. */
export type CatalogChange = { readonly kind: 'list' } | { readonly kind: 'action' | 'versions'; readonly actionId: string } | { readonly kind: 'flow'; readonly triggerId: string };

export interface ActionList {
  readonly items: readonly ActionSummary[];
  /** True once all pages are there. */
  readonly complete: boolean;
  readonly loaded: boolean;
  readonly error?: unknown;
}

export class Catalog {
  readonly tenant: TenantRef;
  readonly changed = new Emitter<CatalogChange>();
  /** A whole action was read, with the code that nothing here keeps. */
  readonly read = new Emitter<Action>();
  /** A watched build has ended: `built`, `failed` or something new. */
  readonly settled = new Emitter<Action>();
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  readonly #actions = new Map<string, ActionSummary>();
  /** Action -> the version for whose sake its row was read anew. */
  readonly #doubted = new Map<string, string>();
  /** When this window first saw a build that is under way, in milliseconds since the epoch. */
  readonly #buildSeen = new Map<string, number>();
  /** The versions of its actions, and the flows of its triggers, as far as they were asked for. */
  readonly versions: VersionMemory;
  readonly flows: FlowMemory;
  readonly #builds: BuildWatch;
  #triggers: Promise<readonly Trigger[]> | undefined;
  #firstPage: Promise<ActionList> | undefined;
  #allPages: Promise<ActionList> | undefined;
  /** Counts the readings of the list: an older one that is still under way must not undo a newer one. */
  #reading = 0;
  /** Actions that were read one by one while the list was being read: the list's rows of them may be older. */
  readonly #putMeanwhile = new Set<string>();
  /** Actions that are known to be deleted: a list that was read before that still has them. */
  readonly #removed = new Set<string>();
  #loaded = false;
  #complete = false;
  #error: unknown;
  #lastFailure: unknown;

  constructor(tenant: TenantRef, clock: Clock) {
    this.tenant = tenant;
    this.#clock = clock;
    this.versions = new VersionMemory(tenant, this.#stop.signal, {
      liveId: actionId => this.#actions.get(actionId)?.deployedVersion?.id,
      changed: actionId => this.changed.fire({ kind: 'versions', actionId }),
      sawLive: (actionId, live) => this.#doubt(actionId, live),
    });
    this.#builds = new BuildWatch(tenant, clock, {
      wanted: actionId => this.#actions.has(actionId),
      read: action => (this.#loaded || this.#actions.has(action.id) ? this.put(action) : undefined),
      settled: action => this.settled.fire(action),
    });
    this.flows = new FlowMemory(tenant, () => this.triggers(), this.#stop.signal, triggerId => this.changed.fire({ kind: 'flow', triggerId }));
  }

  /** What is known now, without a request. */
  list(): ActionList {
    return {
      items: [...this.#actions.values()],
      complete: this.#complete,
      loaded: this.#loaded,
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }

  action(actionId: string): ActionSummary | undefined {
    return this.#actions.get(actionId);
  }

  /** Why the last reading of the list or of an action failed; nothing once an action was read since. */
  get lastFailure(): unknown {
    return this.#lastFailure;
  }

  /** Milliseconds since the epoch at which a build that is under way was first seen. */
  buildSeen(actionId: string): number | undefined {
    return this.#buildSeen.get(actionId);
  }

  /**
   * Loads the first page unless that was tried before; further pages follow by themselves and fire `list`. A failure
   * stays until somebody refreshes: whoever draws it must not cause the next request. Never rejects.
   */
  load(): Promise<ActionList> {
    return this.#loaded || this.#error !== undefined ? Promise.resolve(this.list()) : this.refresh();
  }

  /** Reads the list anew, keeping the old rows until the new ones are there. Resolves at the first page; never rejects. */
  refresh(): Promise<ActionList> {
    if (this.#firstPage === undefined) {
      const page = this.#readFirst().finally(() => {
        if (this.#firstPage === page) {
          this.#firstPage = undefined;
        }
      });
      this.#firstPage = page;
    }
    return this.#firstPage;
  }

  /**
   * The tenant was connected anew, with another token: whatever failed is read again, and a reading that is under way
   * with the old token does not count any more. Never rejects.
   */
  async reconnected(): Promise<void> {
    // Further pages as well: they end with the reading that they belong to, and the list would stay incomplete.
    const loading = this.#firstPage !== undefined || this.#allPages !== undefined;
    this.#firstPage = undefined;
    this.#reading += 1;
    await Promise.all([...(loading || this.#error !== undefined ? [this.refresh()] : []), this.versions.retryFailed(), this.flows.retryFailed()]);
  }

  /** For whoever needs all actions now: resolves when the whole list is there, and tries again after a failure. Never rejects. */
  async loadAll(): Promise<ActionList> {
    const first = this.#error === undefined ? await this.load() : await this.refresh();
    return this.#allPages ?? first;
  }

  async #readFirst(): Promise<ActionList> {
    this.#reading += 1;
    const reading = this.#reading;
    this.#putMeanwhile.clear();
    try {
      const api = await this.tenant.api();
      const page = await api.listActions(0, { signal: this.#stop.signal });
      if (reading !== this.#reading) {
        return this.list();
      }
      const ids = new Set(page.items.map(action => action.id));
      // A full page without a total says nothing about a next one, so that it is asked for.
      const rest = page.items.length > 0 && (page.total === undefined ? page.items.length >= ACTIONS_A_PAGE : page.total > page.items.length);
      this.#error = undefined;
      this.#loaded = true;
      this.#complete = !rest;
      this.#keepOnly(rest ? undefined : ids);
      this.#storeListed(page.items);
      if (rest) {
        const all = this.#readRest(ids, page.total ?? Number.POSITIVE_INFINITY).finally(() => {
          if (this.#allPages === all) {
            this.#allPages = undefined;
          }
        });
        this.#allPages = all;
      }
    } catch (error) {
      if (reading !== this.#reading) {
        return this.list();
      }
      this.#error = error;
      this.#lastFailure = error;
    }
    this.changed.fire({ kind: 'list' });
    return this.list();
  }

  async #readRest(ids: Set<string>, total: number): Promise<ActionList> {
    const reading = this.#reading;
    try {
      const api = await this.tenant.api();
      for (let page = 1; page < MOST_PAGES && ids.size < total; page += 1) {
        const { items } = await api.listActions(page, { signal: this.#stop.signal, priority: 'background' });
        if (reading !== this.#reading) {
          return this.list();
        }
        const known = ids.size;
        for (const action of items) {
          ids.add(action.id);
        }
        // The end, or a service that repeats itself.
        if (ids.size === known) {
          break;
        }
        this.#storeListed(items);
        this.changed.fire({ kind: 'list' });
      }
      this.#keepOnly(ids);
      this.#complete = true;
    } catch (error) {
      if (reading === this.#reading) {
        this.#error = error;
        this.#lastFailure = error;
      }
    }
    this.changed.fire({ kind: 'list' });
    return this.list();
  }

  /** Reads one action anew; its row and its versions follow. Rejects with an ApiError. */
  async refreshAction(actionId: string): Promise<Action> {
    const api = await this.tenant.api();
    const action = await api.getAction(actionId, { signal: this.#stop.signal }).catch((error: unknown) => {
      this.#lastFailure = error;
      // For whoever says less of what may have changed meanwhile.
      this.changed.fire({ kind: 'action', actionId });
      throw error;
    });
    this.put(action);
    if (this.versions.known(actionId) !== undefined) {
      await this.versions.refresh(actionId);
    }
    return action;
  }

  /** Takes an action that somebody has just read. Fires only when the row would look different. */
  put(action: Action): void {
    if (this.#removed.has(action.id)) {
      return;
    }
    const before = this.#actions.get(action.id);
    const after = this.#store(action);
    this.#putMeanwhile.add(action.id);
    // A new name is another place in the list.
    if (before === undefined || before.name !== after.name) {
      this.changed.fire({ kind: 'list' });
    } else if (JSON.stringify(before) !== JSON.stringify(after)) {
      this.changed.fire({ kind: 'action', actionId: action.id });
      this.#followLive(after, before.deployedVersion?.id);
    }
  }

  /** Takes away an action that somebody has just deleted; its id never comes back. */
  remove(actionId: string): void {
    this.#removed.add(actionId);
    if (this.#actions.has(actionId)) {
      this.#forget(actionId);
      this.changed.fire({ kind: 'list' });
    }
  }

  /** The versions say that another one is live than the action's row does: the row is older, and is read anew, once. */
  #doubt(actionId: string, live: VersionSummary): void {
    const known = this.#actions.get(actionId)?.deployedVersion;
    if (known?.id !== live.id && live.number > (known?.number ?? 0) && this.#doubted.get(actionId) !== live.id) {
      this.#doubted.set(actionId, live.id);
      void this.refreshAction(actionId).catch(() => undefined);
    }
  }

  /** The triggers the tenant knows, read once. Rejects with an ApiError, and is then asked anew. */
  triggers(): Promise<readonly Trigger[]> {
    this.#triggers ??= this.tenant
      .api()
      .then(api => api.listTriggers({ signal: this.#stop.signal, priority: 'background' }))
      .catch((error: unknown) => {
        this.#triggers = undefined;
        throw error;
      });
    return this.#triggers;
  }

  /** Ids of the actions whose draft is being built. */
  building(): readonly string[] {
    return [...this.#actions.values()].filter(action => isBuilding(action.status)).map(action => action.id);
  }

  /**
   * Looks at each build that is under way until it ends, but for those that `skip` names, one action at a time and
   * never at the list. Called while the rows can be seen; `unwatch` ends it.
   */
  watchBuilds(skip: (actionId: string) => boolean): void {
    for (const actionId of this.building()) {
      this.#builds.watch(actionId, () => skip(actionId));
    }
  }

  /** Follows one build to its end, whether or not its row can be seen; `settled` tells of it. */
  waitForBuild(actionId: string, skip: () => boolean): void {
    this.#builds.wait(actionId, skip);
  }

  unwatch(): void {
    this.#builds.end();
  }

  dispose(): void {
    this.#stop.abort();
    this.#builds.end(true);
    this.changed.clear();
    this.read.clear();
    this.settled.clear();
  }

  #storeListed(actions: readonly Action[]): void {
    for (const action of actions) {
      const known = this.#actions.get(action.id);
      // What was read by itself meanwhile may have been asked for long before the list was.
      const isNewer = !this.#putMeanwhile.has(action.id) || known === undefined || sortableTime(action.updatedAt) > sortableTime(known.updatedAt);
      if (!this.#removed.has(action.id) && isNewer) {
        const live = known?.deployedVersion?.id;
        this.#store(action);
        this.#followLive(action, live);
      }
    }
  }

  /** Another version is live than was known: the versions that are known are read anew. */
  #followLive({ id, deployedVersion }: { readonly id: string; readonly deployedVersion?: { readonly id: string } }, before: string | undefined): void {
    if (deployedVersion?.id !== before && this.versions.known(id) !== undefined) {
      void this.versions.refresh(id);
    }
  }

  #store(action: Action): ActionSummary {
    const summary = summarize(action);
    this.#lastFailure = undefined;
    this.#actions.set(action.id, summary);
    if (!isBuilding(action.status)) {
      this.#buildSeen.delete(action.id);
    } else if (!this.#buildSeen.has(action.id)) {
      this.#buildSeen.set(action.id, this.#clock.now());
    }
    this.versions.markLive(action.id);
    this.read.fire(action);
    return summary;
  }

  #keepOnly(ids: ReadonlySet<string> | undefined): void {
    for (const id of ids === undefined ? [] : [...this.#actions.keys()]) {
      if (ids?.has(id) === false && !this.#putMeanwhile.has(id)) {
        this.#forget(id);
      }
    }
  }

  #forget(actionId: string): void {
    this.#actions.delete(actionId);
    this.versions.forget(actionId);
    this.#buildSeen.delete(actionId);
  }
}

/** Actions sorted for a person: by name, as a dictionary would. */
export function byName(actions: readonly ActionSummary[]): readonly ActionSummary[] {
  return [...actions].sort((a, b) => collator.compare(a.name, b.name));
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
