/** A deploy of a draft that is being edited here saves it first: one question for both. */
import * as vscode from 'vscode';
import { sameContent } from '../../actions/content.ts';
import type { Action } from '../../auth0/api.ts';
import { UserError } from '../errorWords.ts';
import { short } from '../texts.ts';
import { confirmWrite } from './confirmWrite.ts';
import type { Parts } from './parts.ts';
import type { Target } from './targets.ts';

/**
 * What to do with the action that a deployment has just read: ask `confirm`, with the draft as it would be after
 * saving, then save. Without `attended`, a draft that somebody else has changed is an error in place of a question.
 */
export function withPending(parts: Parts, { tenant, actionId }: Target, confirm: (action: Action) => Promise<boolean>, attended: boolean): (action: Action) => Promise<boolean | Action> {
  const { drafts } = parts.documents;
  return async action => {
    const pending = await drafts.pending({ tenantId: tenant.id, actionId });
    if (pending === undefined || pending.text === action.code) {
      // A failed draft cannot be deployed, whatever the answer would be.
      return action.status === 'failed' || confirm(action);
    }
    if (drafts.isUnexpected(action, tenant.id, pending.text)) {
      if (!attended) {
        throw new UserError(vscode.l10n.t('{0} in {1} is being edited here and has been changed by somebody else meanwhile. Save it first, which asks what to do.', short(action.name), tenant.name));
      }
      if (!(await overwrite(parts, tenant, action))) {
        return false;
      }
    } else {
      const wanted: Action = { ...action, code: pending.text, status: 'pending' };
      const live = action.deployedVersion;
      if (!(await confirm({ ...wanted, allChangesDeployed: live !== undefined && sameContent(wanted, live) }))) {
        return false;
      }
    }
    return (await drafts.savePending(tenant, action, pending.text)) ?? false;
  };
}

/** The question where somebody else has changed the draft: it stands for the question before the deploy too. */
async function overwrite(parts: Parts, tenant: Target['tenant'], action: Action): Promise<boolean> {
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
