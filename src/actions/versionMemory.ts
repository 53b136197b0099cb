/** The versions of one tenant's actions as far as they were asked for, page by page. */
import type { TenantRef } from '../auth0/tenantRef.ts';
import { summarizeVersion } from './model.ts';
import type { VersionSummary } from './model.ts';

const VERSIONS_A_PAGE = 10;
/** More pages than an action can have: ends a list whose pages never end. */
const MOST_PAGES = 20;

export interface VersionList {
  /** Newest first. */
  readonly items: readonly VersionSummary[];
  readonly hasMore: boolean;
  readonly error?: unknown;
}

export interface VersionListeners {
  /** Id of the version that the action's row calls live. */
  readonly liveId: (actionId: string) => string | undefined;
  readonly changed: (actionId: string) => void;
  /** A page was read that calls this version live. */
  readonly sawLive: (actionId: string, live: VersionSummary) => void;
}

export class VersionMemory {
  readonly #tenant: TenantRef;
  readonly #signal: AbortSignal;
  readonly #listeners: VersionListeners;
  readonly #known = new Map<string, VersionList>();
  readonly #loads = new Map<string, Promise<VersionList>>();

  constructor(tenant: TenantRef, signal: AbortSignal, listeners: VersionListeners) {
    this.#tenant = tenant;
    this.#signal = signal;
    this.#listeners = listeners;
  }

  /** The versions of an action that are known, without a request. */
  known(actionId: string): VersionList | undefined {
    return this.#known.get(actionId);
  }

  /** The versions of an action as far as they were read, a failure included, or its first page. Never rejects. */
  load(actionId: string): Promise<VersionList> {
    const known = this.#known.get(actionId);
    return known === undefined ? this.#page(actionId, 0) : Promise.resolve(known);
  }

  /** The next versions. Never rejects. */
  async loadMore(actionId: string): Promise<VersionList> {
    const known = this.#known.get(actionId)?.items.length ?? 0;
    for (let page = Math.floor(known / VERSIONS_A_PAGE); ; page += 1) {
      const list = await this.#page(actionId, page);
      // Versions made meanwhile shift the pages, so that one may hold nothing new although there is more.
      if (list.items.length > known || !list.hasMore || list.error !== undefined || page > MOST_PAGES) {
        return list;
      }
    }
  }

  /** Reads the first page anew. Never rejects. */
  refresh(actionId: string): Promise<VersionList> {
    return this.#page(actionId, 0);
  }

  /** Reads anew whatever could not be read. Never rejects. */
  async retryFailed(): Promise<void> {
    await Promise.all([...this.#known].filter(([, list]) => list.error !== undefined).map(([actionId]) => this.refresh(actionId)));
  }

  /** The action's row has changed: the mark of what is live follows it, since versions are not read for every look. */
  markLive(actionId: string): void {
    const list = this.#known.get(actionId);
    if (list !== undefined) {
      const liveId = this.#listeners.liveId(actionId);
      this.#known.set(actionId, { ...list, items: list.items.map(version => ({ ...version, deployed: version.id === liveId })) });
    }
  }

  forget(actionId: string): void {
    this.#known.delete(actionId);
  }

  #page(actionId: string, page: number): Promise<VersionList> {
    const key = `${actionId}/${page}`;
    const shared = this.#loads.get(key) ?? this.#read(actionId, page).finally(() => void this.#loads.delete(key));
    this.#loads.set(key, shared);
    return shared;
  }

  async #read(actionId: string, page: number): Promise<VersionList> {
    let list: VersionList;
    try {
      const api = await this.#tenant.api();
      const answer = await api.listVersions(actionId, page, VERSIONS_A_PAGE, { signal: this.#signal });
      const read = answer.items.map(summarizeVersion);
      // Asked for only now: another page may have come meanwhile.
      const items = withLive(mergeVersions(this.#known.get(actionId)?.items ?? [], read, page === 0, answer.total), this.#listeners.liveId(actionId));
      const total = answer.total ?? (read.length < VERSIONS_A_PAGE ? items.length : undefined);
      list = { items, hasMore: read.length > 0 && (total === undefined || items.length < total) };
      const live = read.find(version => version.deployed);
      if (live !== undefined) {
        this.#listeners.sawLive(actionId, live);
      }
    } catch (error) {
      list = { items: this.#known.get(actionId)?.items ?? [], hasMore: false, error };
    }
    this.#known.set(actionId, list);
    this.#listeners.changed(actionId);
    return list;
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
