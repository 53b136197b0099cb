/** Rows of tenants can be dragged to another place; a tenant dropped on another, or on a row below it, takes its place. */
import * as vscode from 'vscode';
import type { TenantRegistry } from '../../tenants/tenantRegistry.ts';
import { views } from '../ids.ts';
import type { Row } from './rows.ts';

const MIME = `application/vnd.code.tree.${views.explorer.toLowerCase()}`;

export function tenantDrag(registry: TenantRegistry): vscode.TreeDragAndDropController<Row> {
  return {
    dragMimeTypes: [],
    dropMimeTypes: [MIME],
    handleDrag: ([first], data) => {
      if (first?.kind === 'tenant') {
        data.set(MIME, new vscode.DataTransferItem(first.id));
      }
    },
    handleDrop: async (target, data) => {
      const id: unknown = data.get(MIME)?.value;
      if (typeof id === 'string' && target?.tenant.id !== id) {
        await registry.moveTo(id, target?.tenant.id);
      }
    },
  };
}
