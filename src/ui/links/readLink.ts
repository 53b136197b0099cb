/**
 * Links that open an action: `vscode://actions-for-auth0.auth0-actions/open?tenant=…&action=…[&version=…]`. Anybody can
 * write one, so all of it is hostile until it has named something that is connected.
 */
import { DEMO_TENANT } from '../../tenants/tenantRegistry.ts';
import { readAddress } from '../../tenants/tenantAddress.ts';

export interface Link {
  /** Host of the tenant, or `demo`. */
  readonly tenant: string;
  /** Id or name. */
  readonly action: string;
  readonly version?: number;
}

export type LinkProblem = 'path' | 'tenant' | 'action' | 'version';

/** Longest name or id that is looked for. */
const LONGEST = 200;

/** What a link asks for, or what is wrong with it. `query` is as VS Code hands it over, without the question mark. */
export function readLink(path: string, query: string): Link | LinkProblem {
  if (path !== '/open') {
    return 'path';
  }
  const parameters = new URLSearchParams(query);
  const tenant = parameters.get('tenant') ?? '';
  const action = (parameters.get('action') ?? '').trim();
  const version = parameters.get('version');
  const address = readAddress(tenant);
  // A link can name a host alone: neither a scheme of its own nor, elsewhere than on this machine, plain http.
  if (tenant !== DEMO_TENANT && (typeof address === 'string' || tenant.includes('/'))) {
    return 'tenant';
  }
  if (action === '' || action.length > LONGEST || /[\p{Cc}\p{Cf}]/u.test(action)) {
    return 'action';
  }
  if (version !== null && !/^[1-9]\d{0,8}$/u.test(version)) {
    return 'version';
  }
  return { tenant: typeof address === 'string' ? DEMO_TENANT : address.id, action, ...(version === null ? {} : { version: Number(version) }) };
}

/** The link to an action or a version. `scheme` is that of this VS Code. */
export function linkTo(scheme: string, extensionId: string, { tenant, action, version }: Link): string {
  const query = new URLSearchParams({ tenant, action, ...(version === undefined ? {} : { version: String(version) }) });
  return `${scheme}://${extensionId}/open?${query.toString()}`;
}
