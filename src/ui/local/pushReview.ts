/** The list that a push begins with: what each action of the repository would change, and a box to tick. */
import * as vscode from 'vscode';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { Dismissed, run } from '../run.ts';
import { withoutIcons } from '../texts.ts';
import { savedUri } from '../uris.ts';
import { tenantMarks } from '../words.ts';
import type { Parts } from '../commands/parts.ts';
import { isTickedAtFirst, obstacleWords, pushWords } from './pushWords.ts';
import type { PushCandidate } from './pushWords.ts';

interface Item extends vscode.QuickPickItem {
  /** Absent for a file of which nothing can be read. */
  readonly candidate?: PushCandidate;
}

/** What the list is made of. */
export interface Reviewed {
  readonly candidates: readonly PushCandidate[];
  /** Files that should describe an action and do not. */
  readonly unread: readonly string[];
}

/**
 * Shows the list at once, fills it when `read` is done, and resolves to what is ticked, without what cannot be sent.
 * @throws Dismissed where that is nothing, or the list was left; and whatever `read` rejects with.
 */
export async function reviewPush(parts: Parts, tenant: TenantRef, folder: vscode.Uri, where: string, read: () => Promise<Reviewed>): Promise<readonly PushCandidate[]> {
  const pick = vscode.window.createQuickPick<Item>();
  const compare: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('diff'), tooltip: vscode.l10n.t('Compare with the Tenant') };
  pick.title = [vscode.l10n.t('Push from {0} to {1}, without a deploy', withoutIcons(where), withoutIcons(tenant.name)), ...tenantMarks(tenant)].join(' · ');
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  // A comparison that is opened from here takes the focus: that is no answer.
  pick.ignoreFocusOut = true;
  pick.busy = true;
  pick.placeholder = vscode.l10n.t('Reading files and drafts…');
  pick.onDidTriggerItemButton(({ item: { candidate } }) => run(parts.log, 'review', about => {
    about.tenant = tenant;
    return candidate === undefined ? undefined : compareWithFile(tenant, folder, candidate);
  }));
  pick.show();
  try {
    return await new Promise<readonly PushCandidate[]>((resolve, reject) => {
      pick.onDidHide(() => reject(new Dismissed()));
      pick.onDidAccept(() => {
        if (!pick.busy) {
          const ticked = new Set(pick.selectedItems);
          const sendable = pick.items.filter(item => ticked.has(item)).flatMap(({ candidate }) => candidate ?? []).filter(({ obstacle }) => obstacle === undefined);
          if (sendable.length === 0) {
            reject(new Dismissed());
          }
          resolve(sendable);
          pick.hide();
        }
      });
      read().then(({ candidates, unread }) => {
        const items: readonly Item[] = [
          ...candidates.map(candidate => ({ ...pushWords(candidate), candidate, buttons: candidate.action === undefined || candidate.described.codePath === undefined ? [] : [compare] })),
          ...unread.map(path => ({ label: `$(error) ${withoutIcons(path)}`, detail: obstacleWords({ kind: 'unreadable' }) })),
        ];
        // Not before: an Enter in a list of boxes without rows would say that none is ticked.
        pick.canSelectMany = true;
        pick.items = items;
        pick.selectedItems = items.filter(({ candidate }) => candidate !== undefined && isTickedAtFirst(candidate));
        pick.placeholder = vscode.l10n.t('Tick which drafts of {0} to change, then press Enter', withoutIcons(tenant.name));
        pick.busy = false;
      }).catch(reject);
    });
  } finally {
    pick.dispose();
  }
}

async function compareWithFile(tenant: TenantRef, folder: vscode.Uri, { action, name, described }: PushCandidate): Promise<void> {
  if (action !== undefined && described.codePath !== undefined) {
    await vscode.commands.executeCommand('vscode.diff', savedUri(tenant.id, action.id, action.name), vscode.Uri.joinPath(folder, described.codePath), vscode.l10n.t('{0}: {1} ↔ file', name, tenant.name));
  }
}
