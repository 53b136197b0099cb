/**
 * The settings of auth0-deploy-cli, as teams have them in a `config.json` or as variables of a `.env` file. Read once, on
 * request; the file is not remembered.
 */
import { asObject, asText, parseJson } from '../../auth0/json.ts';
import { readAddress } from '../tenantAddress.ts';
import type { Connection } from '../storedTenant.ts';
import { ALGORITHMS } from './credential.ts';

export type DeployConfigProblem =
  | { readonly kind: 'notJson' }
  | { readonly kind: 'missing'; readonly names: readonly string[] }
  | { readonly kind: 'domain'; readonly domain: string };

/** `secret` is the client secret; or, where `keyPath` is given, to be read from there. */
export interface DeployConfig {
  readonly connection: Connection;
  readonly secret: string;
  /** Path of the private key's file, relative to the configuration's. */
  readonly keyPath?: string;
}

type Variables = Readonly<Record<string, unknown>>;

/** The variables of a `config.json`; `undefined` for a text that is no JSON object. */
export function readConfigJson(text: string): Variables | undefined {
  const json = parseJson(text.replace(/^\uFEFF/u, ''));
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? asObject(json) : undefined;
}

/** The connection that the variables describe, or what is wrong with them. */
export function connectionOf(variables: Variables): DeployConfig | DeployConfigProblem {
  const text = (name: string): string => asText(variables[name])?.trim() ?? '';
  const [domain, clientId, clientSecret, keyPath, token] = [text('AUTH0_DOMAIN'), text('AUTH0_CLIENT_ID'), text('AUTH0_CLIENT_SECRET'), text('AUTH0_CLIENT_SIGNING_KEY_PATH'), text('AUTH0_ACCESS_TOKEN')];
  const proved = clientSecret !== '' || keyPath !== '' || token !== '';
  const missing = [...(domain === '' ? ['AUTH0_DOMAIN'] : []), ...(clientId === '' && token === '' ? ['AUTH0_CLIENT_ID'] : []), ...(proved ? [] : ['AUTH0_CLIENT_SECRET'])];
  if (missing.length > 0) {
    return { kind: 'missing', names: missing };
  }
  const address = readAddress(domain);
  if (typeof address === 'string') {
    return { kind: 'domain', domain };
  }
  const audience = text('AUTH0_AUDIENCE');
  const base = { id: address.id, origin: address.origin, ...(audience === '' ? {} : { audience }) };
  if (clientId !== '' && clientSecret !== '') {
    return { connection: { ...base, kind: 'clientSecret', clientId }, secret: clientSecret };
  }
  if (clientId !== '' && keyPath !== '') {
    const algorithm = ALGORITHMS.find(one => one === text('AUTH0_CLIENT_SIGNING_ALGORITHM')) ?? 'RS256';
    return { connection: { ...base, kind: 'privateKey', clientId, algorithm }, secret: '', keyPath };
  }
  return { connection: { id: address.id, origin: address.origin, kind: 'accessToken' }, secret: token };
}
