/**
 * Links to an action or a version: `vscode://actions-for-auth0.auth0-actions/open?tenant=…&action=…[&version=…]`. Anybody
 * can write one, so whatever is not exactly that is refused. VS Code hands a query over decoded, and it is not decoded
 * again: a name with `&` in it cannot be linked to, and ids, which our own links hold, never have one.
 */
import { readAddress } from '../tenants/tenantAddress.ts';
import { extensionId } from './ids.ts';

export interface Link {
  /** `demo`, or the host with its port, as tenants are called everywhere. */
  readonly tenant: string;
  /** Id or name. */
  readonly action: string;
  /** Number of a version; the draft where it is left out. */
  readonly version?: number;
}

/** Why a link is refused: it names something else, or it names it wrongly. */
export type LinkProblem = 'unknown' | 'tenant' | 'action' | 'version';

/** The parts of a link, as VS Code hands them over. */
export interface LinkParts {
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

const PATH = '/open';
const DEMO = 'demo';
const KNOWN = ['tenant', 'action', 'version'];
/** A host has 253 characters and a port; names of actions are shorter than this. */
const LONGEST = 260;
const LONGEST_QUERY = 1000;

/** What a link names, or why it is refused. */
export function readLink({ path, query, fragment }: LinkParts): Link | LinkProblem {
  if (path !== PATH || fragment !== '' || query.length > LONGEST_QUERY) {
    return 'unknown';
  }
  const values = new Map<string, string>();
  for (const part of query.split('&')) {
    const at = part.indexOf('=');
    const name = part.slice(0, Math.max(0, at));
    if (!KNOWN.includes(name) || values.has(name)) {
      return 'unknown';
    }
    values.set(name, part.slice(at + 1));
  }
  const tenant = readTenant(values.get('tenant') ?? '');
  const action = values.get('action') ?? '';
  const version = values.get('version');
  if (tenant === undefined) {
    return 'tenant';
  }
  if (!isPlain(action) || action.trim() !== action) {
    return 'action';
  }
  if (version !== undefined && !/^[1-9]\d{0,5}$/u.test(version)) {
    return 'version';
  }
  return { tenant, action, ...(version === undefined ? {} : { version: Number(version) }) };
}

/** The link to an action or a version, for the VS Code whose links begin with `scheme`. */
export function writeLink(scheme: string, { tenant, action, version }: Link): string {
  const query = [`tenant=${encodeURIComponent(tenant)}`, `action=${encodeURIComponent(action)}`, ...(version === undefined ? [] : [`version=${version}`])];
  return `${scheme}://${extensionId}${PATH}?${query.join('&')}`;
}

/** The key of a tenant. Without a scheme, so that a link can never lead to plain http. */
function readTenant(text: string): string | undefined {
  if (text === DEMO) {
    return DEMO;
  }
  if (!isPlain(text) || !/^[^\s/\\?#@%]+$/u.test(text)) {
    return undefined;
  }
  const address = readAddress(text);
  return typeof address === 'string' ? undefined : address.id;
}

/** True for a text that shows as what it is: neither empty nor endless, and without invisible characters. */
function isPlain(text: string): boolean {
  return text !== '' && text.length <= LONGEST && !/[\p{Cc}\p{Cf}\p{Co}\p{Surrogate}\u2028\u2029]/u.test(text);
}
