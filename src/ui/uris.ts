/**
 * Addresses of documents: `auth0-actions://<tenant>/<action id>/draft/<name>.js` and
 * `auth0-actions-version://<tenant>/<action id>/v7/<name>.js`. The name is for people and is never read back. The same
 * with `.txt` holds everything but the code, for comparisons, and with `.text` as much of that as can be compared with
 * another tenant.
 */
import * as vscode from 'vscode';

export const DRAFT_SCHEME = 'auth0-actions';
export const VERSION_SCHEME = 'auth0-actions-version';

export interface DocumentAddress {
  readonly tenantId: string;
  readonly actionId: string;
  /** Absent for the draft. */
  readonly version?: number;
  readonly part: DocumentPart;
  /** The draft as the tenant has it, whatever is being edited here. */
  readonly saved?: true;
}

export type DocumentPart = keyof typeof EXTENSIONS;

const EXTENSIONS = { code: '.js', settings: '.txt', settingsAcross: '.text' } as const;

export function draftUri(tenantId: string, actionId: string, name: string): vscode.Uri {
  return documentUri({ tenantId, actionId, part: 'code' }, name);
}

export function versionUri(tenantId: string, actionId: string, version: number, name: string): vscode.Uri {
  return documentUri({ tenantId, actionId, version, part: 'code' }, name);
}

/** The draft as the tenant has it, to compare with what is being edited. */
export function savedUri(tenantId: string, actionId: string, name: string): vscode.Uri {
  return vscode.Uri.from({ scheme: VERSION_SCHEME, authority: tenantId, path: `/${fileName(actionId)}/saved/${fileName(name)}.js` });
}

export function documentUri({ tenantId, actionId, version, part }: DocumentAddress, name: string): vscode.Uri {
  const [scheme, what] = version === undefined ? [DRAFT_SCHEME, 'draft'] : [VERSION_SCHEME, `v${version}`];
  return vscode.Uri.from({ scheme, authority: tenantId, path: `/${fileName(actionId)}/${what}/${fileName(name)}${EXTENSIONS[part]}` });
}

/** What an address names; `undefined` when it is none of ours. */
export function readUri(uri: vscode.Uri): DocumentAddress | undefined {
  const [, actionId, what, file, ...rest] = uri.path.split('/');
  if (actionId === undefined || actionId === '' || file === undefined || rest.length > 0) {
    return undefined;
  }
  const part = file.endsWith(EXTENSIONS.settings) ? 'settings' : file.endsWith(EXTENSIONS.settingsAcross) ? 'settingsAcross' : 'code';
  const address = { tenantId: uri.authority, actionId, part } as const;
  if (uri.scheme === DRAFT_SCHEME && what === 'draft') {
    return address;
  }
  if (uri.scheme === VERSION_SCHEME && what === 'saved') {
    return { ...address, saved: true };
  }
  const version = /^v(\d{1,9})$/u.exec(what ?? '')?.[1];
  return uri.scheme === VERSION_SCHEME && version !== undefined ? { ...address, version: Number(version) } : undefined;
}

/** A name as one path segment: separators, control characters, halves of characters and leading dots cannot get in. */
export function fileName(name: string): string {
  const safe = name.replace(/[\p{Cc}\p{Cf}\p{Surrogate}/\\:*?"<>|#%\u2028\u2029]+/gu, '_').replace(/^\.+/u, '_').trim();
  const cut = Array.from(safe).slice(0, 100).join('');
  return cut === '' ? 'action' : cut;
}
