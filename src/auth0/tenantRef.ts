import type { ManagementApi } from './api.ts';

/** What a person says a tenant is for. */
export const TENANT_LABELS = ['dev', 'staging', 'production'] as const;
export type TenantLabel = (typeof TENANT_LABELS)[number];

/**
 * The one object that names a tenant and carries its requests. Every question, progress text and status item takes
 * the name from the object whose `api` it is about to call, so that the two cannot differ.
 */
export interface TenantRef {
  /** Key in URIs and commands: the host with its port, or `demo`. */
  readonly id: string;
  /** Short name for labels, such as `acme-dev`. */
  readonly name: string;
  /** Host as requests use it, with a port where there is one. */
  readonly host: string;
  /** True for the simulated tenant, where nothing can break. */
  readonly isDemo: boolean;
  readonly label?: TenantLabel | undefined;
  /** Each write to it asks for its name. */
  readonly isProtected: boolean;
  /** The tenant's calls. Loads the network bundle at first use; rejects when it cannot be loaded, or the demo tenant cannot start. A missing token fails the calls, not this. */
  api(): Promise<ManagementApi>;
}

/**
 * Link to an action in the vendor's Dashboard, or to the library of actions; `undefined` where the host does not
 * tell region and tenant (custom domains, private cloud, the demo tenant).
 *
 * Form: `https://manage.auth0.com/dashboard/{region}/{tenant}/actions/library/details/{actionId}`; hosts of three
 * labels belong to the old `us` region.
 */
export function dashboardUrl(tenant: Pick<TenantRef, 'host' | 'isDemo'>, actionId?: string): string | undefined {
  const labels = /^([a-z0-9-]+)(?:\.([a-z]{2}(?:-\d+)?))?\.auth0\.com$/u.exec(tenant.host);
  const name = labels?.[1];
  if (tenant.isDemo || name === undefined) {
    return undefined;
  }
  const library = `https://manage.auth0.com/dashboard/${labels?.[2] ?? 'us'}/${name}/actions/library`;
  return actionId === undefined ? library : `${library}/details/${encodeURIComponent(actionId)}`;
}
