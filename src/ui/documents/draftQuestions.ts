/** What a person is asked when a draft is saved, and the comparison that helps to answer. */
import * as vscode from 'vscode';
import { changesBetween } from '../../actions/comparison.ts';
import type { ConflictChoice } from '../../actions/saveRun.ts';
import type { Action } from '../../auth0/api.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { confirmWrite } from '../commands/confirmWrite.ts';
import type { Parts } from '../commands/parts.ts';
import { changeLines } from '../comparisonWords.ts';
import { ask } from '../messages.ts';
import { short } from '../texts.ts';
import { draftUri, savedUri } from '../uris.ts';

export class DraftQuestions {
  readonly #parts: Pick<Parts, 'questions'> & { readonly unattended: boolean };

  constructor(parts: Pick<Parts, 'questions'> & { readonly unattended: boolean }) {
    this.#parts = parts;
  }

  /** Somebody else has changed the draft since the edit began. */
  async decide(tenant: TenantRef, theirs: Action, _text: string): Promise<ConflictChoice> {
    if (this.#parts.unattended) {
      return 'cancel';
    }
    const choices = new Map<string, ConflictChoice>([
      [vscode.l10n.t('Compare'), 'compare'],
      [vscode.l10n.t('Overwrite'), 'overwrite'],
      [vscode.l10n.t('Take Theirs'), 'takeTheirs'],
    ]);
    const question = vscode.l10n.t('{0} in {1} has been changed by somebody else since you opened it', short(theirs.name), tenant.name);
    const detail = vscode.l10n.t('Compare shows both side by side; nothing is written until you save again. Overwrite replaces their text by yours. Take Theirs puts their text into your editor, where Undo brings yours back.');
    return choices.get((await ask(tenant, question, detail, ...choices.keys())) ?? '') ?? 'cancel';
  }

  /** Before a draft of a protected tenant is written. */
  async confirm(tenant: TenantRef, action: Action, text: string): Promise<boolean> {
    const save = vscode.l10n.t('Save Draft');
    const question = vscode.l10n.t('Save the draft of {0} in {1}?', short(action.name), tenant.name);
    const changes = changeLines(changesBetween(action, { ...action, code: text }));
    const detail = [...changes, vscode.l10n.t('What is live stays as it is until the draft is deployed.')].join('\n');
    return (await confirmWrite(this.#parts, { tenant, question, detail, choices: [save] })) === save;
  }

  /** What the tenant has on the left, what is edited here on the right. */
  async compare(tenant: TenantRef, action: Action): Promise<void> {
    const title = vscode.l10n.t('{0}: {1} ↔ yours (saving replaces what is there)', short(action.name), tenant.name);
    await vscode.commands.executeCommand('vscode.diff', savedUri(tenant.id, action.id, action.name), draftUri(tenant.id, action.id, action.name), title);
  }
}
