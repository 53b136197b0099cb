/** The demo tenant, disconnecting, and reading things anew. */
import * as vscode from 'vscode';
import type { Catalog } from '../../actions/catalog.ts';
import { commands, views } from '../ids.ts';
import { run } from '../run.ts';
import type { About } from '../run.ts';
import { isRow } from '../tree/rows.ts';
import type { Row } from '../tree/rows.ts';
import type { CommandTable, Parts } from './parts.ts';
import { tenantOf } from './pickTenant.ts';
import { clickedRow, reveal } from './selection.ts';

export function tenantCommands(parts: Parts): CommandTable {
  const { state, log } = parts;
  return {
    [commands.openDemoTenant]: () =>
      run(log, 'openDemoTenant', async () => {
        const tenant = await state.registry.connectDemo();
        await vscode.commands.executeCommand(`${views.explorer}.focus`);
        await reveal(parts, tenant);
      }),
    [commands.disconnect]: (...args) =>
      run(log, 'disconnect', async () => {
        const tenant = await tenantOf(parts, vscode.l10n.t('Disconnect which tenant?'), args);
        await state.registry.disconnect(tenant.id);
      }),
    [commands.refresh]: first => run(log, 'refresh', about => refresh(parts, isRow(first) ? first : undefined, about)),
    // The view's own button: VS Code hands it whatever row has the focus, which is not what it stands for.
    [commands.refreshAll]: () => run(log, 'refresh', about => refresh(parts, undefined, about)),
    [commands.retry]: first => run(log, 'retry', async about => {
      await refresh(parts, isRow(first) ? first : await clickedRow(parts, 'error', 'flow'), about);
      const { tenant, error } = state.emptiness();
      if (tenant !== undefined && error instanceof Error) {
        // The welcome texts stay as they are: this says that it was tried, and the error's own details.
        about.tenant = tenant;
        throw error;
      }
    }),
    [commands.loadMore]: () =>
      run(log, 'loadMore', async () => {
        const row = await clickedRow(parts, 'more');
        if (row !== undefined) {
          await state.catalog(row.tenant.id).versions.loadMore(row.actionId);
        }
      }),
  };
}

/** One tenant's list, one action, or everything; the view shows that it is at work. */
async function refresh(parts: Parts, row: Row | undefined, about: About): Promise<void> {
  const { state } = parts;
  if (row !== undefined) {
    about.tenant = row.tenant;
  }
  await vscode.window.withProgress({ location: { viewId: views.explorer } }, async () => {
    if (row === undefined) {
      await Promise.all(state.registry.tenants().map(tenant => refreshTenant(state.catalog(tenant.id))));
    } else if ('actionId' in row) {
      const catalog = state.catalog(row.tenant.id);
      const flows = (catalog.action(row.actionId)?.triggers ?? []).filter(trigger => catalog.flows.known(trigger.id) !== undefined);
      await Promise.all([catalog.refreshAction(row.actionId), ...flows.map(trigger => catalog.flows.refresh(trigger.id)), ...(catalog.versions.known(row.actionId)?.error === undefined ? [] : [catalog.versions.refresh(row.actionId)])]);
    } else {
      await refreshTenant(state.catalog(row.tenant.id));
    }
  });
}

async function refreshTenant(catalog: Catalog): Promise<void> {
  await Promise.all([catalog.refresh(), catalog.flows.refreshAll()]);
}
