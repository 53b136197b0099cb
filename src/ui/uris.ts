/**
 * Addresses of documents: `auth0-actions://<tenant>/<action id>/draft/<name>.js` and
 * `auth0-actions-version://<tenant>/<action id>/v7/<name>.js`. The name is for people and is never read back.
 */
import * as vscode from 'vscode';

export const DRAFT_SCHEME = 'auth0-actions';
export const VERSION_SCHEME = 'auth0-actions-version';

export interface DocumentAddress {
  readonly tenantId: string;
  readonly actionId: string;
  /** Absent for the draft. */
  readonly version?: number;
}

export function draftUri(tenantId: string, actionId: string, name: string): vscode.Uri {
  return vscode.Uri.from({ scheme: DRAFT_SCHEME, authority: tenantId, path: `/${fileName(actionId)}/draft/${fileName(name)}.js` });
}

export function versionUri(tenantId: string, actionId: string, version: number, name: string): vscode.Uri {
  return vscode.Uri.from({ scheme: VERSION_SCHEME, authority: tenantId, path: `/${fileName(actionId)}/v${version}/${fileName(name)}.js` });
}

/** What an address names; `undefined` when it is none of ours. */
export function readUri(uri: vscode.Uri): DocumentAddress | undefined {
  const [, actionId, what, file, ...rest] = uri.path.split('/');
  if (actionId === undefined || actionId === '' || file === undefined || rest.length > 0) {
    return undefined;
  }
  if (uri.scheme === DRAFT_SCHEME && what === 'draft') {
    return { tenantId: uri.authority, actionId };
  }
  const version = /^v(\d{1,9})$/u.exec(what ?? '')?.[1];
  return uri.scheme === VERSION_SCHEME && version !== undefined ? { tenantId: uri.authority, actionId, version: Number(version) } : undefined;
}

/** A name as one path segment: separators, control characters and leading dots cannot get in. */
export function fileName(name: string): string {
  const safe = name.replace(/[\p{Cc}\p{Cf}/\\:*?"<>|#%\u2028\u2029]+/gu, '_').replace(/^\.+/u, '_').trim().slice(0, 100);
  return safe === '' ? 'action' : safe;
}
