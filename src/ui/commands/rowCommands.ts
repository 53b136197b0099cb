/** Small commands on rows: the Dashboard, ids, links; and the log and the walkthrough. */
import * as vscode from 'vscode';
import { dashboardUrl } from '../../auth0/tenantRef.ts';
import { UserError } from '../errorWords.ts';
import { commands } from '../ids.ts';
import { writeLink } from '../links.ts';
import { run } from '../run.ts';
import { isRow } from '../tree/rows.ts';
import { openWalkthrough } from '../walkthrough.ts';
import type { CommandTable, Parts } from './parts.ts';
import { targetOf } from './targets.ts';

export function rowCommands(parts: Parts): CommandTable {
  const { state, log } = parts;
  return {
    [commands.openInDashboard]: (...args) =>
      run(log, 'openInDashboard', async () => {
        const [first] = args;
        const nothingIn = args.length === 0 ? state.emptiness().tenant : undefined;
        const target = nothingIn !== undefined ? { tenant: nothingIn } : isRow(first) && !('actionId' in first) ? { tenant: first.tenant } : await targetOf(state, vscode.l10n.t('Open which action in the Dashboard?'), ...args);
        const url = dashboardUrl(target.tenant, 'actionId' in target ? target.actionId : undefined);
        if (url === undefined) {
          throw new UserError(vscode.l10n.t('The Dashboard\'s address of {0} is not known: its domain does not name region and tenant.', target.tenant.name));
        }
        await vscode.env.openExternal(vscode.Uri.parse(url, true));
      }),
    [commands.copyId]: first =>
      run(log, 'copyId', async () => {
        if (isRow(first)) {
          await vscode.env.clipboard.writeText(idOf(parts, first));
        }
      }),
    [commands.copyLink]: first =>
      run(log, 'copyLink', async () => {
        if (isRow(first) && 'actionId' in first) {
          await vscode.env.clipboard.writeText(writeLink(vscode.env.uriScheme, { tenant: first.tenant.id, action: first.actionId, ...(first.kind === 'version' ? { version: first.number } : {}) }));
        }
      }),
    [commands.showLog]: () => log.show(),
    [commands.openWalkthrough]: () => run(log, 'openWalkthrough', openWalkthrough),
  };
}

function idOf(parts: Parts, row: Parameters<typeof parts.view.reveal>[0]): string {
  if (row.kind === 'version') {
    return row.versionId;
  }
  if (row.kind === 'part' && row.group === 'modules') {
    return parts.state.catalog(row.tenant.id).action(row.actionId)?.modules.find(module => module.name === row.name)?.id ?? '';
  }
  return 'actionId' in row ? row.actionId : row.tenant.host;
}
