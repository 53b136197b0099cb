/**
 * Whether the tree has rows to show, and why not. VS Code shows a view's welcome texts only while the tree has no row at
 * all, so where the only tenant has nothing to show, its row makes room for sentences and buttons. With several tenants,
 * and wherever rows are known from before, rows stay, and errors are rows among them.
 */
import type { ActionList } from '../actions/catalog.ts';
import { isApiError } from '../auth0/errors.ts';
import { dashboardUrl } from '../auth0/tenantRef.ts';
import type { TenantRef } from '../auth0/tenantRef.ts';
import { networkCause } from './errorWords.ts';

/** The values of the context key `state`: which welcome texts stand in the view. `connected` means that there are rows. */
export type ViewState = 'nothingConnected' | 'connected' | 'offline' | 'expired' | 'forbidden' | 'noActions';

/** The values of the context key `reason`: which sentence says what happened. */
export type ViewReason =
  | 'rateLimited' | 'timeout' | 'server' | 'malformed' | 'host' | 'proxy' | 'certificate' | 'connection' | 'other' // offline
  | 'scope' | 'feature' | 'refused' // forbidden
  | 'dashboard'; // no actions: the Dashboard's address is known

export interface Emptiness {
  readonly state: ViewState;
  readonly reason?: ViewReason;
  /** The tenant that has nothing to show. */
  readonly tenant?: TenantRef;
  readonly error?: unknown;
}

/** What the view shows for the connected tenants. `listOf` is asked for what is known, and must cause no request. */
export function emptiness(tenants: readonly TenantRef[], listOf: (tenant: TenantRef) => ActionList): Emptiness {
  const [tenant, second] = tenants;
  if (tenant === undefined) {
    return { state: 'nothingConnected' };
  }
  const list = second === undefined ? listOf(tenant) : undefined;
  if (list === undefined || list.items.length > 0) {
    return { state: 'connected' };
  }
  if (list.error !== undefined) {
    return { ...causeOf(list.error), tenant, error: list.error };
  }
  // A list that is still being read has its tenant's row, which shows that.
  if (!list.loaded || !list.complete) {
    return { state: 'connected' };
  }
  return { state: 'noActions', tenant, ...(dashboardUrl(tenant) === undefined ? {} : { reason: 'dashboard' }) };
}

function causeOf(error: unknown): { readonly state: ViewState; readonly reason?: ViewReason } {
  switch (isApiError(error) ? error.kind : undefined) {
    case 'auth': return { state: 'expired' };
    case 'forbidden': return { state: 'forbidden', reason: forbiddenReason(error) };
    case 'network': return { state: 'offline', reason: networkCause(isApiError(error) ? error.serviceMessage ?? '' : '') };
    case 'proxy': return { state: 'offline', reason: 'proxy' };
    case 'rateLimited': return { state: 'offline', reason: 'rateLimited' };
    case 'timeout': return { state: 'offline', reason: 'timeout' };
    case 'server': return { state: 'offline', reason: 'server' };
    case 'malformed': return { state: 'offline', reason: 'malformed' };
    default: return { state: 'offline', reason: 'other' };
  }
}

function forbiddenReason(error: unknown): ViewReason {
  if (!isApiError(error)) {
    return 'refused';
  }
  return error.featureMissing ? 'feature' : error.missingScopes.length > 0 ? 'scope' : 'refused';
}
