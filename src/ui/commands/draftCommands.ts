/** What a person does with a draft that is being edited, beside saving it. */
import * as vscode from 'vscode';
import { UserError } from '../errorWords.ts';
import { commands } from '../ids.ts';
import { ask } from '../messages.ts';
import { Dismissed, run } from '../run.ts';
import type { About } from '../run.ts';
import { short } from '../texts.ts';
import type { CommandTable, Parts } from './parts.ts';
import { targetOf } from './targets.ts';
import type { Target } from './targets.ts';

export function draftCommands(parts: Parts): CommandTable {
  const { drafts } = parts.documents;
  const command = (what: string, question: () => string, work: (target: Target) => Promise<void>) => (...args: unknown[]): unknown =>
    run(parts.log, what, async (about: About) => {
      const target = await targetOf(parts.state, question(), ...args);
      about.tenant = target.tenant;
      about.action = target.actionName;
      await work(target);
    });
  return {
    [commands.compareDraftWithTenant]: command('compareDraftWithTenant', () => vscode.l10n.t('Compare your text of which draft with what its tenant has?'), async ({ tenant, actionId }) => {
      const api = await tenant.api();
      await drafts.compareWithTenant(tenant, await api.getAction(actionId));
    }),
    [commands.takeTheirs]: command('takeTheirs', () => vscode.l10n.t('Give up your text of which draft?'), async ({ tenant, actionId, actionName }) => {
      if ((await drafts.pending({ tenantId: tenant.id, actionId })) === undefined) {
        throw new UserError(vscode.l10n.t('The draft of {0} is not being edited here: it shows what {1} has.', short(actionName), tenant.name));
      }
      const take = vscode.l10n.t('Give Up My Text');
      if ((await ask(tenant, vscode.l10n.t('Give up your text of {0} for what {1} has?', short(actionName), tenant.name), vscode.l10n.t('In an open editor, Undo brings it back.'), take)) !== take) {
        throw new Dismissed();
      }
      await drafts.takeTheirs(tenant, actionId);
    }),
  };
}
