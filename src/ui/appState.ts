/**
 * What the parts of the user interface share: the connected tenants, a catalog for each, and the deployments.
 * Catalogs are made when somebody first looks at a tenant.
 */
import { Catalog } from '../actions/catalog.ts';
import type { CatalogChange } from '../actions/catalog.ts';
import { Deployments } from '../actions/deployments.ts';
import type { RunJournal } from '../actions/runJournal.ts';
import type { Action } from '../auth0/api.ts';
import type { Clock } from '../auth0/clock.ts';
import { Emitter } from '../auth0/emitter.ts';
import { emptiness } from './emptiness.ts';
import type { Emptiness } from './emptiness.ts';
import type { TenantRegistry } from '../tenants/tenantRegistry.ts';
import type { TenantRef } from '../auth0/tenantRef.ts';

export class AppState {
  readonly registry: TenantRegistry;
  readonly deployments: Deployments;
  readonly clock: Clock;
  readonly catalogChanged = new Emitter<{ readonly tenant: TenantRef; readonly change: CatalogChange }>();
  /** A whole action was read. What listens must not keep it: a tenant's actions are megabytes. */
  readonly actionRead = new Emitter<{ readonly tenant: TenantRef; readonly action: Action }>();
  /** A build that was watched, outside a deployment, has ended. */
  readonly buildSettled = new Emitter<{ readonly tenant: TenantRef; readonly action: Action }>();
  /** Actions that are live in no flow, of which that was said in this window: tenant and action. */
  readonly toldUnused = new Set<string>();
  /** Deployments that go one after another: what stops them before the next one begins. */
  readonly batches = new Set<AbortController>();
  readonly #catalogs = new Map<string, Catalog>();

  /** @param journal Remembers running deployments for other windows. */
  constructor(registry: TenantRegistry, clock: Clock, journal?: RunJournal) {
    this.registry = registry;
    this.clock = clock;
    this.deployments = new Deployments({ clock, onAction: (tenant, action) => this.catalog(tenant.id).put(action), ...(journal === undefined ? {} : { journal }) });
    this.deployments.changed.on(({ tenant, actionId, outcome }) => {
      // What went live shows in the action itself, and its versions follow; a version that failed would be missing among them.
      if (outcome?.kind === 'failed' && outcome.version !== undefined && this.#catalogs.get(tenant.id)?.versions.known(actionId) !== undefined) {
        void this.#catalogs.get(tenant.id)?.versions.refresh(actionId);
      }
    });
    registry.changed.on(({ removed }) => {
      if (removed !== undefined) {
        this.#catalogs.get(removed)?.dispose();
        this.#catalogs.delete(removed);
        this.deployments.forget(removed);
      }
    });
  }

  /**
   * The catalog of a connected tenant.
   * @throws Error for a tenant that is not connected.
   */
  catalog(tenantId: string): Catalog {
    const known = this.#catalogs.get(tenantId);
    if (known !== undefined) {
      return known;
    }
    const tenant = this.registry.find(tenantId);
    if (tenant === undefined) {
      throw new Error(`${tenantId} is not connected`);
    }
    const catalog = new Catalog(tenant, this.clock);
    catalog.changed.on(change => this.catalogChanged.fire({ tenant, change }));
    catalog.read.on(action => this.actionRead.fire({ tenant, action }));
    catalog.settled.on(action => this.buildSettled.fire({ tenant, action }));
    this.#catalogs.set(tenantId, catalog);
    return catalog;
  }

  /** Whether the tree has rows to show, and why not. Causes no request. */
  emptiness(): Emptiness {
    return emptiness(this.registry.tenants(), tenant => this.catalog(tenant.id).list());
  }

  /** The catalogs that somebody has looked at. */
  catalogs(): readonly Catalog[] {
    return [...this.#catalogs.values()];
  }

  /** Stops every deployment that runs, and what would come after it. */
  stopAll(): void {
    for (const batch of this.batches) {
      batch.abort();
    }
    for (const { id } of this.deployments.running()) {
      this.deployments.stop(id);
    }
  }

  dispose(): void {
    this.deployments.dispose();
    this.stopAll();
    for (const catalog of this.#catalogs.values()) {
      catalog.dispose();
    }
    this.catalogChanged.clear();
    this.actionRead.clear();
    this.buildSettled.clear();
  }
}
