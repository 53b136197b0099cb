/** The list that several deployments begin with: what each changes, what is wrong with it, where it runs, and a box to tick. */
import * as vscode from 'vscode';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { candidateWords, isTickedAtFirst } from './batchWords.ts';
import type { Candidate } from './batchWords.ts';
import { commands } from '../ids.ts';
import { Dismissed, run } from '../run.ts';
import { withoutIcons } from '../texts.ts';
import { tenantMarks } from '../words.ts';
import type { Parts } from '../commands/parts.ts';

interface Item extends vscode.QuickPickItem {
  /** Absent for the heading of a tenant. */
  readonly candidate?: Candidate;
}

export interface Reviewed {
  readonly ticked: readonly Candidate[];
  readonly stopAtFirstFailure: boolean;
}

/**
 * Shows the list at once, fills it when `read` is done, and resolves to what is ticked.
 * @throws Dismissed where that is nothing, or the list was left; and whatever `read` rejects with.
 */
export async function reviewCandidates(parts: Parts, tenants: readonly TenantRef[], read: () => Promise<readonly Candidate[]>): Promise<Reviewed> {
  const pick = vscode.window.createQuickPick<Item>();
  const names = tenants.map(tenant => withoutIcons(tenant.name)).join(', ');
  const headings = tenants.flatMap(tenant => { const marks = tenantMarks(tenant); return marks.length === 0 ? [] : [`${withoutIcons(tenant.name)}: ${marks.join(', ')}`]; });
  const compare: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('diff'), tooltip: vscode.l10n.t('Compare with What Is Live') };
  const open: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('go-to-file'), tooltip: vscode.l10n.t('Open Draft') };
  let stopAtFirstFailure = false;
  const drawChoice = (): void => {
    const tooltip = stopAtFirstFailure ? vscode.l10n.t('Deploy Beside Each Other') : vscode.l10n.t('Stop at the First Failure');
    pick.buttons = [{ iconPath: new vscode.ThemeIcon(stopAtFirstFailure ? 'pass-filled' : 'circle-large-outline'), tooltip }];
    pick.title = [vscode.l10n.t('Deploy to {0}', names), ...headings, ...(stopAtFirstFailure ? [vscode.l10n.t('one after another, until one does not go live')] : [])].join(' · ');
  };
  drawChoice();
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  // A comparison that is opened from here takes the focus: that is no answer.
  pick.ignoreFocusOut = true;
  pick.busy = true;
  pick.placeholder = vscode.l10n.t('Reading drafts, checks and flows…');
  pick.onDidTriggerButton(() => {
    stopAtFirstFailure = !stopAtFirstFailure;
    drawChoice();
  });
  pick.onDidTriggerItemButton(({ item: { candidate } }) => candidate === undefined ? undefined : run(parts.log, 'review', about => {
    about.tenant = candidate.tenant;
    const command = candidate.action?.deployedVersion === undefined ? commands.openDraft : commands.compareDraftWithDeployed;
    return vscode.commands.executeCommand(command, { tenant: candidate.tenant.id, action: candidate.actionId });
  }));
  pick.show();
  try {
    return await new Promise<Reviewed>((resolve, reject) => {
      pick.onDidHide(() => reject(new Dismissed()));
      pick.onDidAccept(() => {
        if (!pick.busy) {
          const ticked = pick.selectedItems.flatMap(item => item.candidate ?? []);
          resolve({ ticked: inOrder(pick.items, ticked), stopAtFirstFailure });
          pick.hide();
        }
      });
      read().then(candidates => {
        const items = itemsOf(tenants, candidates, candidate => [candidate.action?.deployedVersion === undefined ? open : compare]);
        // Not before: an Enter in a list of boxes without rows would say that none is ticked, and be heard later than this.
        pick.canSelectMany = true;
        pick.items = items;
        pick.selectedItems = items.filter(item => item.candidate !== undefined && isTickedAtFirst(item.candidate));
        pick.placeholder = vscode.l10n.t('Tick what to deploy to {0}, then press Enter', names);
        pick.busy = false;
      }).catch(reject);
    });
  } finally {
    pick.dispose();
  }
}

/** As the list has them, whatever the order in which they were ticked. */
function inOrder(items: readonly Item[], ticked: readonly Candidate[]): readonly Candidate[] {
  return items.flatMap(({ candidate }) => (candidate !== undefined && ticked.includes(candidate) ? [candidate] : []));
}

function itemsOf(tenants: readonly TenantRef[], candidates: readonly Candidate[], buttons: (candidate: Candidate) => readonly vscode.QuickInputButton[]): readonly Item[] {
  return tenants.flatMap(tenant => [
    ...(tenants.length === 1 ? [] : [{ label: withoutIcons(tenant.name), kind: vscode.QuickPickItemKind.Separator }]),
    ...candidates.filter(one => one.tenant.id === tenant.id).map(candidate => ({ ...candidateWords(candidate), candidate, buttons: buttons(candidate) })),
  ]);
}
