/** A deploy of a draft that is being edited here saves it first: one question for both. */
import * as vscode from 'vscode';
import { sameContent } from '../../actions/content.ts';
import type { Action } from '../../auth0/api.ts';
import { UserError } from '../errorWords.ts';
import { short } from '../texts.ts';
import { confirmWrite } from './confirmWrite.ts';
import type { Parts } from './parts.ts';
import type { Target } from './targets.ts';

/** An action as a deploy would find it, and what the question before that says of a text which is only here. */
export interface Ready {
  readonly action: Action;
  /** True where a text that its tenant does not have is saved first. */
  readonly savesFirst: boolean;
}

/** Asks whether to deploy what is ready. */
export type Confirm = (ready: Ready) => Promise<boolean>;

/** The action as just read, with the text that is only here in place of its code. */
export function readyWith(action: Action, pending: string | undefined): Ready {
  if (pending === undefined || pending === action.code) {
    return { action, savesFirst: false };
  }
  const wanted: Action = { ...action, code: pending, status: 'pending' };
  const live = action.deployedVersion;
  return { action: { ...wanted, allChangesDeployed: live !== undefined && sameContent(wanted, live) }, savesFirst: true };
}

/** The last line of a question's detail: which of these actions have a text here that is saved before they are deployed. */
export function withSaves(detail: string, names: readonly string[]): string {
  return names.length === 0 ? detail : `${detail}\n\n${vscode.l10n.t('Your text of {0} is only on this machine: it is saved first.', names.map(name => short(name)).join(', '))}`;
}

/**
 * What to do with the action that a deployment has just read: ask `confirm`, with the draft as it would be after
 * saving, then save. Without `attended`, a draft that somebody else has changed is an error in place of a question.
 */
export function withPending(parts: Pick<Parts, 'documents' | 'questions'>, { tenant, actionId }: Pick<Target, 'tenant' | 'actionId'>, confirm: Confirm, attended: boolean): (action: Action) => Promise<boolean | Action> {
  const { drafts } = parts.documents;
  return async action => {
    const pending = await drafts.pending({ tenantId: tenant.id, actionId });
    const ready = readyWith(action, pending?.text);
    if (pending === undefined || !ready.savesFirst) {
      // A failed draft cannot be deployed, whatever the answer would be.
      return action.status === 'failed' || confirm(ready);
    }
    if (drafts.isUnexpected(action, tenant.id, pending.text)) {
      if (!attended) {
        throw new UserError(vscode.l10n.t('{0} in {1} is being edited here and has been changed by somebody else meanwhile. Save it first, which asks what to do.', short(action.name), tenant.name));
      }
      if (!(await overwrite(parts, tenant, action))) {
        return false;
      }
    } else if (!(await confirm(ready))) {
      return false;
    }
    return (await drafts.savePending(tenant, action, pending.text)) ?? false;
  };
}

/** The question where somebody else has changed the draft: it stands for the question before the deploy too. */
async function overwrite(parts: Pick<Parts, 'documents' | 'questions'>, tenant: Target['tenant'], action: Action): Promise<boolean> {
  const compare = vscode.l10n.t('Compare');
  const choice = await confirmWrite(parts, {
    tenant,
    question: vscode.l10n.t('{0} in {1} has been changed by somebody else since you opened it. Overwrite their draft and deploy yours?', short(action.name), tenant.name),
    detail: vscode.l10n.t('Compare shows both side by side; nothing is saved or deployed then.'),
    choices: [compare, vscode.l10n.t('Overwrite and Deploy')],
  });
  if (choice === compare) {
    await parts.documents.drafts.compareWithTenant(tenant, action);
  }
  return choice !== undefined && choice !== compare;
}
