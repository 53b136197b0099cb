/**
 * One tenant's actions and versions as far as they were asked for: the tree's memory. Loads are shared while they are
 * under way, old rows stay while a refresh runs, and a change names the one action it concerns.
 */
import type { Action, Trigger, Version } from '../auth0/api.ts';
import type { Clock } from '../auth0/clock.ts';
import { isPassing } from '../auth0/errors.ts';
import { Emitter } from '../auth0/emitter.ts';
import type { TenantRef } from '../auth0/tenantRef.ts';
import { isBuilding, summarize, summarizeVersion } from './model.ts';
import type { ActionSummary, VersionSummary } from './model.ts';
import { FlowMemory } from './flowMemory.ts';
import { pause } from './pauses.ts';

/** As api.ts promises for a page of actions. */
const ACTIONS_A_PAGE = 100;
const VERSIONS_A_PAGE = 10;
/** More than a tenant can hold: ends a list whose pages never end. */
const MOST_PAGES = 200;
/** The service gives a build up after five minutes; a draft that still says so later is left alone until something changes. */
const WATCH_MS = 10 * 60_000;

/** A change of the whole list, of one action (its row, or also its versions), or of a trigger's flow. */
export type CatalogChange = { readonly kind: 'list' } | { readonly kind: 'action' | 'versions'; readonly actionId: string } | { readonly kind: 'flow'; readonly triggerId: string };

export interface ActionList {
  readonly items: readonly ActionSummary[];
  /** True once all pages are there. */
  readonly complete: boolean;
  readonly loaded: boolean;
  readonly error?: unknown;
}

export interface VersionList {
  /** Newest first. */
  readonly items: readonly VersionSummary[];
  readonly hasMore: boolean;
  readonly error?: unknown;
}

export class Catalog {
  readonly tenant: TenantRef;
  readonly changed = new Emitter<CatalogChange>();
  /** A watched build has ended: `built`, `failed` or something new. */
  readonly settled = new Emitter<Action>();
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  readonly #actions = new Map<string, ActionSummary>();
  readonly #versions = new Map<string, VersionList>();
  readonly #versionLoads = new Map<string, Promise<VersionList>>();
  /** Action -> the version for whose sake its row was read anew. */
  readonly #doubted = new Map<string, string>();
  readonly #watched = new Map<string, AbortController>();
  /** When this window first saw a build that is under way, in milliseconds since the epoch. */
  readonly #buildSeen = new Map<string, number>();
  /** The flows of the tenant's triggers, as far as they were asked for. */
  readonly flows: FlowMemory;
  #triggers: Promise<readonly Trigger[]> | undefined;
  #firstPage: Promise<ActionList> | undefined;
  #allPages: Promise<ActionList> | undefined;
  /** Counts the readings of the list: an older one that is still under way must not undo a newer one. */
  #reading = 0;
  /** Actions that were read one by one while the list was being read: the list's rows of them may be older. */
  readonly #putMeanwhile = new Set<string>();
  #loaded = false;
  #complete = false;
  #error: unknown;

  constructor(tenant: TenantRef, clock: Clock) {
    this.tenant = tenant;
    this.#clock = clock;
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
    const loading = this.#firstPage !== undefined;
    this.#firstPage = undefined;
    this.#reading += 1;
    const versions = [...this.#versions].filter(([, list]) => list.error !== undefined).map(([actionId]) => this.#readVersions(actionId, 0));
    await Promise.all([...(loading || this.#error !== undefined ? [this.refresh()] : []), this.flows.retryFailed(), ...versions]);
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
      }
    }
    this.changed.fire({ kind: 'list' });
    return this.list();
  }

  /** Reads one action anew; its row and its versions follow. Rejects with an ApiError. */
  async refreshAction(actionId: string): Promise<Action> {
    const api = await this.tenant.api();
    const action = await api.getAction(actionId, { signal: this.#stop.signal });
    this.put(action);
    if (this.#versions.has(actionId)) {
      await this.#readVersions(actionId, 0);
    }
    return action;
  }

  /** Takes an action that somebody has just read. Fires only when the row would look different. */
  put(action: Action): void {
    const before = this.#actions.get(action.id);
    const after = this.#store(action);
    this.#putMeanwhile.add(action.id);
    if (before === undefined) {
      this.changed.fire({ kind: 'list' });
    } else if (JSON.stringify(before) !== JSON.stringify(after)) {
      this.changed.fire({ kind: 'action', actionId: action.id });
      if (before.deployedVersion?.id !== after.deployedVersion?.id && this.#versions.has(action.id)) {
        void this.#readVersions(action.id, 0);
      }
    }
  }

  /** The versions of an action that are known, without a request. */
  versions(actionId: string): VersionList | undefined {
    return this.#versions.get(actionId);
  }

  /** The versions of an action as far as they were read, a failure included, or its first page. Never rejects. */
  loadVersions(actionId: string): Promise<VersionList> {
    const known = this.#versions.get(actionId);
    return known === undefined ? this.#readVersions(actionId, 0) : Promise.resolve(known);
  }

  /** The next versions. Never rejects. */
  async loadMoreVersions(actionId: string): Promise<VersionList> {
    const known = this.#versions.get(actionId)?.items.length ?? 0;
    for (let page = Math.floor(known / VERSIONS_A_PAGE); ; page += 1) {
      const list = await this.#readVersions(actionId, page);
      // Versions made meanwhile shift the pages, so that one may hold nothing new although there is more.
      if (list.items.length > known || !list.hasMore || list.error !== undefined || page > MOST_PAGES) {
        return list;
      }
    }
  }

  /** Reads the versions of an action anew, the first page. Never rejects. */
  refreshVersions(actionId: string): Promise<VersionList> {
    return this.#readVersions(actionId, 0);
  }

  #readVersions(actionId: string, page: number): Promise<VersionList> {
    const key = `${actionId}/${page}`;
    const shared = this.#versionLoads.get(key) ?? this.#loadVersions(actionId, page).finally(() => void this.#versionLoads.delete(key));
    this.#versionLoads.set(key, shared);
    return shared;
  }

  async #loadVersions(actionId: string, page: number): Promise<VersionList> {
    let list: VersionList;
    try {
      const api = await this.tenant.api();
      const answer = await api.listVersions(actionId, page, VERSIONS_A_PAGE, { signal: this.#stop.signal });
      // Read only now: another page may have come meanwhile.
      const known = this.#versions.get(actionId)?.items ?? [];
      const items = withLive(mergeVersions(known, answer.items.map(summarizeVersion), page === 0, answer.total), this.#actions.get(actionId)?.deployedVersion?.id);
      const total = answer.total ?? (answer.items.length < VERSIONS_A_PAGE ? items.length : undefined);
      list = { items, hasMore: answer.items.length > 0 && (total === undefined || items.length < total) };
      this.#doubt(actionId, answer.items.find(version => version.deployed));
    } catch (error) {
      list = { items: this.#versions.get(actionId)?.items ?? [], hasMore: false, error };
    }
    this.#versions.set(actionId, list);
    this.changed.fire({ kind: 'versions', actionId });
    return list;
  }

  /** The versions say that another one is live than the action's row does: the row is older, and is read anew, once. */
  #doubt(actionId: string, live: Version | undefined): void {
    const known = this.#actions.get(actionId)?.deployedVersion;
    if (live !== undefined && known?.id !== live.id && live.number > (known?.number ?? 0) && this.#doubted.get(actionId) !== live.id) {
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
   * Looks at each build that is under way until it ends, one action at a time and never at the list. Called while
   * the rows can be seen; `unwatch` ends it.
   */
  watchBuilds(skip: (actionId: string) => boolean): void {
    for (const actionId of this.building()) {
      if (!this.#watched.has(actionId) && !skip(actionId)) {
        const stop = new AbortController();
        this.#watched.set(actionId, stop);
        void this.#watch(actionId, stop.signal, () => skip(actionId)).finally(() => {
          if (this.#watched.get(actionId) === stop) {
            this.#watched.delete(actionId);
          }
        });
      }
    }
  }

  unwatch(): void {
    for (const stop of this.#watched.values()) {
      stop.abort();
    }
    this.#watched.clear();
  }

  async #watch(actionId: string, signal: AbortSignal, skip: () => boolean): Promise<void> {
    const begun = this.#clock.now();
    const unwatched = (): boolean => signal.aborted || !this.#actions.has(actionId);
    for (let looks = 1; !unwatched() && this.#clock.now() - begun < WATCH_MS; looks += 1) {
      try {
        const api = await this.tenant.api();
        await this.#clock.sleep(pause({ elapsed: this.#clock.now() - begun, looks, headroom: api.headroom(), random: 0.5 }), signal);
        if (unwatched()) {
          return;
        }
        if (skip()) {
          continue;
        }
        const action = await api.getAction(actionId, { signal, priority: 'background' });
        this.put(action);
        if (!isBuilding(action.status)) {
          this.settled.fire(action);
          return;
        }
      } catch (error) {
        // A failed look says nothing about the build: the next one comes later, unless it would be refused as well.
        if (!isPassing(error)) {
          return;
        }
        await this.#clock.sleep(3000, signal);
      }
    }
  }

  dispose(): void {
    this.#stop.abort();
    this.unwatch();
    this.changed.clear();
    this.settled.clear();
  }

  #storeListed(actions: readonly Action[]): void {
    for (const action of actions) {
      if (!this.#putMeanwhile.has(action.id) || !this.#actions.has(action.id)) {
        this.#store(action);
      }
    }
  }

  #store(action: Action): ActionSummary {
    const summary = summarize(action);
    this.#actions.set(action.id, summary);
    if (!isBuilding(action.status)) {
      this.#buildSeen.delete(action.id);
    } else if (!this.#buildSeen.has(action.id)) {
      this.#buildSeen.set(action.id, this.#clock.now());
    }
    this.#markLive(summary);
    return summary;
  }

  /** Lists of versions are not read anew for every look at the action, so the live mark follows the action. */
  #markLive(action: ActionSummary): void {
    const list = this.#versions.get(action.id);
    if (list !== undefined) {
      const liveId = action.deployedVersion?.id;
      this.#versions.set(action.id, { ...list, items: list.items.map(version => ({ ...version, deployed: version.id === liveId })) });
    }
  }

  #keepOnly(ids: ReadonlySet<string> | undefined): void {
    for (const id of ids === undefined ? [] : [...this.#actions.keys()]) {
      if (ids?.has(id) === false && !this.#putMeanwhile.has(id)) {
        this.#actions.delete(id);
        this.#versions.delete(id);
        this.#buildSeen.delete(id);
      }
    }
  }
}

/**
 * A page of versions beside those that are known, newest first. The first page says what the newest are: older ones
 * that are known stay only where they follow without a gap, since versions may have been made that nobody has read.
 * What is beyond the total was pruned.
 */
function mergeVersions(known: readonly VersionSummary[], page: readonly VersionSummary[], first: boolean, total: number | undefined): readonly VersionSummary[] {
  const oldest = Math.min(...page.map(version => version.number));
  const before = !first ? known : known.some(version => version.number >= oldest - 1) ? known.filter(version => version.number < oldest) : [];
  const merged = new Map([...before, ...page].map(version => [version.id, version]));
  return [...merged.values()].sort((a, b) => b.number - a.number).slice(0, total ?? Number.POSITIVE_INFINITY);
}

/** Versions with the mark where the action says that it is. */
function withLive(versions: readonly VersionSummary[], liveId: string | undefined): readonly VersionSummary[] {
  return liveId === undefined ? versions : versions.map(version => ({ ...version, deployed: version.id === liveId }));
}

/** Actions sorted for a person: by name, as a dictionary would. */
export function byName(actions: readonly ActionSummary[]): readonly ActionSummary[] {
  return [...actions].sort((a, b) => collator.compare(a.name, b.name));
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
