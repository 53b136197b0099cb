/** The tree's selection, as commands on rows find it and leave it. */
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { errorRow } from '../tree/rows.ts';
import type { Row, RowOf } from '../tree/rows.ts';
import type { Parts } from './parts.ts';

/** A row that is being drawn anew is back within moments. */
const LOOKS = 15;
const BETWEEN_MS = 100;

/**
 * The row that was just clicked, where it is of one of these kinds: rows are no arguments of their own command (see
 * Look). While it is being drawn anew VS Code does not know it, and says that nothing is selected.
 */
export async function clickedRow<K extends Row['kind']>(parts: Parts, ...kinds: readonly K[]): Promise<RowOf<K> | undefined> {
  const { tenant } = parts.state.emptiness();
  const welcome = tenant === undefined ? undefined : errorRow(tenant);
  if (welcome !== undefined && kinds.some(kind => kind === welcome.kind)) {
    // The view's welcome texts stand where the row would be, and their buttons pass nothing.
    return welcome as RowOf<K>;
  }
  for (let look = 0; look < LOOKS && parts.view.selection.length === 0; look += 1) {
    await parts.state.clock.sleep(BETWEEN_MS);
  }
  const [row, second] = parts.view.selection;
  const kind = kinds.find(one => one === row?.kind);
  return kind !== undefined && second === undefined ? (row as RowOf<K>) : undefined;
}

/** Selects a tenant's row, so that its actions are read and shown. */
export async function reveal(parts: Parts, tenant: TenantRef): Promise<void> {
  const row = parts.tree.tenantRow(tenant.id);
  if (row === undefined || parts.state.emptiness().tenant !== undefined) {
    return;
  }
  try {
    await parts.view.reveal(row, { expand: true, focus: true, select: true });
  } catch (error) {
    // Welcome texts may take the row's place while VS Code looks for it.
    parts.log.error('reveal', error);
  }
}
