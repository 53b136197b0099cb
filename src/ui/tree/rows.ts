/**
 * What the tree consists of: rows as plain data with stable ids, and which rows are below which. Looks are look.ts's,
 * VS Code is treeProvider.ts's.
 */
import type { Uri } from 'vscode';
import { byName } from '../../actions/catalog.ts';
import type { Catalog } from '../../actions/catalog.ts';
import type { ActionSummary } from '../../actions/model.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';

export type Group = 'secrets' | 'dependencies' | 'modules';
export type Note = 'noActions' | 'noVersions' | 'loadingMore';

interface RowBase {
  /** `tenant/action/version`, the same for as long as the thing exists. */
  readonly id: string;
  readonly tenant: TenantRef;
}

export type TenantRow = RowBase & { readonly kind: 'tenant' };
export type ActionRow = RowBase & { readonly kind: 'action'; readonly actionId: string };
export type VersionRow = RowBase & { readonly kind: 'version'; readonly actionId: string; readonly versionId: string; readonly number: number };
export type GroupRow = RowBase & { readonly kind: 'group'; readonly actionId: string; readonly group: Group };
export type PartRow = RowBase & { readonly kind: 'part'; readonly actionId: string; readonly group: Group; readonly name: string };
/** Where an action stands in the flow of one of its triggers. */
export type FlowRow = RowBase & { readonly kind: 'flow'; readonly actionId: string; readonly triggerId: string };
/** A file of the workspace that belongs to the action. */
export type FileRow = RowBase & { readonly kind: 'file'; readonly actionId: string; readonly uri: Uri };
export type MoreRow = RowBase & { readonly kind: 'more'; readonly actionId: string };
/** Something could not be read: a row with Retry, never an empty list. Without an action it is the tenant's list. */
export type ErrorRow = RowBase & { readonly kind: 'error'; readonly actionId?: string };
export type NoteRow = RowBase & { readonly kind: 'note'; readonly note: Note };
export type Row = TenantRow | ActionRow | FileRow | VersionRow | FlowRow | GroupRow | PartRow | MoreRow | ErrorRow | NoteRow;

export type RowOf<K extends Row['kind']> = Extract<Row, { kind: K }>;

/** A file of the workspace as its row says it: texts that can be shown. */
export interface FileFacts {
  readonly uri: Uri;
  readonly name: string;
  /** The folder it is in. */
  readonly place: string;
  /** How it differs from draft and live version, in a few words and in sentences; empty while that is not known. */
  readonly words: string;
  readonly sentences: readonly string[];
}

/** The files of the workspace that belong to actions; what knows them is loaded after the tree. */
export interface LocalRows {
  of(tenantId: string, actionName: string): readonly FileFacts[];
  /** Works out what the rows of an action's files say. Never rejects. */
  load(tenantId: string, actionName: string): Promise<void>;
}

/** True for a row of the tree, as menus hand it to a command. */
export function isRow(value: unknown): value is Row {
  const row = value as Partial<Row> | null | undefined;
  return typeof row === 'object' && row !== null && typeof row.kind === 'string' && typeof row.id === 'string' && typeof row.tenant === 'object';
}

/** Keeps one object for each id, so that a change event can name a row and VS Code keeps its selection. */
export class RowCache {
  readonly #rows = new Map<string, Row>();

  /** The row with this id; made anew when the tenant was connected anew. */
  of<R extends Row>(row: R): R {
    const known = this.#rows.get(row.id);
    if (known !== undefined && known.tenant === row.tenant) {
      return known as R;
    }
    this.#rows.set(row.id, row);
    return row;
  }

  known(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  /** Forgets a tenant's rows. */
  forget(tenantId: string): void {
    for (const id of [...this.#rows.keys()]) {
      if (id === tenantId || id.startsWith(`${tenantId}/`)) {
        this.#rows.delete(id);
      }
    }
  }
}

export function tenantRow(tenant: TenantRef): TenantRow {
  return { kind: 'tenant', id: tenant.id, tenant };
}

export function actionRow(tenant: TenantRef, actionId: string): ActionRow {
  return { kind: 'action', id: `${tenant.id}/${actionId}`, tenant, actionId };
}

/** A tenant's list could not be read. */
export function errorRow(tenant: TenantRef): ErrorRow {
  return { kind: 'error', id: `${tenant.id}/#error`, tenant };
}

/** Rows below a tenant: an error first, then whatever is known. */
export function tenantChildren(catalog: Catalog): readonly Row[] {
  const { tenant } = catalog;
  const list = catalog.list();
  const rows: Row[] = list.error === undefined ? [] : [errorRow(tenant)];
  rows.push(...byName(list.items).map(action => actionRow(tenant, action.id)));
  if (rows.length === 0) {
    rows.push({ kind: 'note', id: `${tenant.id}/#noActions`, tenant, note: 'noActions' });
  }
  if (list.loaded && !list.complete && list.error === undefined) {
    rows.push({ kind: 'note', id: `${tenant.id}/#loadingMore`, tenant, note: 'loadingMore' });
  }
  return rows;
}

/** Rows below an action: its files in the workspace, its versions, its places in flows, then what its draft consists of. */
export async function actionChildren(catalog: Catalog, actionId: string, files?: LocalRows): Promise<readonly Row[]> {
  const { tenant } = catalog;
  const id = `${tenant.id}/${actionId}`;
  const triggerIds = [...new Set((catalog.action(actionId)?.triggers ?? []).map(trigger => trigger.id))];
  for (const triggerId of triggerIds) {
    // Not waited for: its row says that it is being read, and the change event draws it anew.
    void catalog.flows.load(triggerId);
  }
  const name = catalog.action(actionId)?.name ?? '';
  const [versions] = await Promise.all([catalog.versions.load(actionId), files?.load(tenant.id, name)]);
  const rows: Row[] = versions.error === undefined ? [] : [{ kind: 'error', id: `${id}/#error`, tenant, actionId }];
  rows.push(...versions.items.map((version): Row => ({ kind: 'version', id: `${id}/${version.id}`, tenant, actionId, versionId: version.id, number: version.number })));
  if (versions.hasMore) {
    rows.push({ kind: 'more', id: `${id}/#more`, tenant, actionId });
  } else if (rows.length === 0) {
    rows.push({ kind: 'note', id: `${id}/#noVersions`, tenant, note: 'noVersions' });
  }
  rows.unshift(...(files?.of(tenant.id, name) ?? []).map(({ uri }): Row => ({ kind: 'file', id: `${id}/#file/${uri.toString()}`, tenant, actionId, uri })));
  rows.push(...triggerIds.map((triggerId): Row => ({ kind: 'flow', id: `${id}/#flow/${triggerId}`, tenant, actionId, triggerId })));
  const action = catalog.action(actionId);
  const groups: readonly Group[] = ['secrets', 'dependencies', 'modules'];
  return [...rows, ...groups.filter(group => (action?.[group].length ?? 0) > 0).map((group): Row => ({ kind: 'group', id: `${id}/#${group}`, tenant, actionId, group }))];
}

/** Rows below Secrets, Dependencies or Modules. */
export function groupChildren(row: GroupRow, action: ActionSummary | undefined): readonly Row[] {
  const names = (action?.[row.group] ?? []).map(part => part.name);
  return [...names].sort().map((name, index) => ({ kind: 'part', id: `${row.id}/${index}/${name}`, tenant: row.tenant, actionId: row.actionId, group: row.group, name }));
}
