/** The tree's selection, as commands on rows find it and leave it. */
import type { TenantRef } from '../../auth0/tenantRef.ts';
import type { Row, RowOf } from '../tree/rows.ts';
import type { Parts } from './parts.ts';

/** The row that was just clicked, where it is of this kind: rows are no arguments of their own command (see Look). */
export function selectedRow<K extends Row['kind']>(parts: Parts, kind: K): RowOf<K> | undefined {
  const [row, second] = parts.view.selection;
  return row?.kind === kind && second === undefined ? (row as RowOf<K>) : undefined;
}

/** Selects a tenant's row, so that its actions are read and shown. */
export async function reveal(parts: Parts, tenant: TenantRef): Promise<void> {
  const row = parts.tree.tenantRow(tenant.id);
  if (row !== undefined) {
    await parts.view.reveal(row, { expand: true, focus: true, select: true });
  }
}
