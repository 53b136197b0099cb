/** Looks at builds that are under way, one action at a time, until each has ended. */
import type { Action } from '../auth0/api.ts';
import type { Clock } from '../auth0/clock.ts';
import { isPassing } from '../auth0/errors.ts';
import type { TenantRef } from '../auth0/tenantRef.ts';
import { isBuilding } from './model.ts';
import { pause } from './pauses.ts';

/** The service gives a build up after five minutes; a draft that still says so later is left alone until something changes. */
const WATCH_MS = 10 * 60_000;
/** Before a look that follows a failed one. */
const AFTER_FAILURE_MS = 3000;

/** Nobody waits for more than a word in a row: pauses grow sooner than those of a deployment. */
const GROWTH = 0.17;

export interface BuildListeners {
  /** False for an action that is gone: nobody looks at it any more. */
  readonly wanted: (actionId: string) => boolean;
  readonly read: (action: Action) => void;
  /** A build has ended: `built`, `failed` or something new. */
  readonly settled: (action: Action) => void;
}

export class BuildWatch {
  readonly #tenant: TenantRef;
  readonly #clock: Clock;
  readonly #listeners: BuildListeners;
  readonly #watched = new Map<string, AbortController>();
  /** Those that somebody waits for, whether or not their rows can be seen. */
  readonly #awaited = new Set<string>();

  constructor(tenant: TenantRef, clock: Clock, listeners: BuildListeners) {
    this.#tenant = tenant;
    this.#clock = clock;
    this.#listeners = listeners;
  }

  /** Watches the build of an action unless that is done already. While `skip` holds, somebody else looks at it. */
  watch(actionId: string, skip: () => boolean): void {
    if (this.#watched.has(actionId) || skip()) {
      return;
    }
    const stop = new AbortController();
    this.#watched.set(actionId, stop);
    void this.#watch(actionId, stop.signal, skip).finally(() => {
      if (this.#watched.get(actionId) === stop) {
        this.#watched.delete(actionId);
        this.#awaited.delete(actionId);
      }
    });
  }

  /** Watches the build of an action to its end. */
  wait(actionId: string, skip: () => boolean): void {
    this.#awaited.add(actionId);
    this.watch(actionId, skip);
  }

  /** Ends all watching but for the builds that somebody waits for; with `all`, these too. */
  end(all = false): void {
    for (const [actionId, stop] of this.#watched) {
      if (all || !this.#awaited.has(actionId)) {
        stop.abort();
        this.#watched.delete(actionId);
      }
    }
  }

  async #watch(actionId: string, signal: AbortSignal, skip: () => boolean): Promise<void> {
    const begun = this.#clock.now();
    const unwatched = (): boolean => signal.aborted || !(this.#awaited.has(actionId) || this.#listeners.wanted(actionId));
    for (let looks = 1; !unwatched() && this.#clock.now() - begun < WATCH_MS; looks += 1) {
      try {
        const api = await this.#tenant.api();
        await this.#clock.sleep(pause({ elapsed: this.#clock.now() - begun, looks, headroom: laterMs => api.headroom(laterMs), random: 0.5, growth: GROWTH }), signal);
        if (unwatched()) {
          return;
        }
        if (skip()) {
          continue;
        }
        const action = await api.getAction(actionId, { signal, priority: 'background' });
        this.#listeners.read(action);
        if (!isBuilding(action.status)) {
          this.#listeners.settled(action);
          return;
        }
      } catch (error) {
        // A failed look says nothing about the build: the next one comes later, unless it would be refused as well.
        if (!isPassing(error)) {
          return;
        }
        await this.#clock.sleep(AFTER_FAILURE_MS, signal);
      }
    }
  }
}
