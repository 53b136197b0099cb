/** Files of the workspace that are to run in a tenant, which knows nothing but the draft. */
import * as vscode from 'vscode';
import type { Action } from '../../auth0/api.ts';
import type { Parts } from '../commands/parts.ts';
import type { LocalTarget } from '../local/local.ts';
import { pathIn } from '../local/linkedFiles.ts';
import { ask } from '../messages.ts';
import { Dismissed } from '../run.ts';
import { short } from '../texts.ts';

/**
 * Sees to it that the draft holds what the file does, after asking; or that the person wants the draft as it is.
 * @throws Dismissed where neither is so, and what a push throws.
 */
export async function settleFile(parts: Parts, target: LocalTarget, action: Action): Promise<'same' | 'saved' | 'leftOut'> {
  const { tenant, file, pending } = target;
  if (Object.keys(await pending.change(action)).length === 0) {
    return 'same';
  }
  if (parts.unattended) {
    return 'leftOut';
  }
  const [push, leave] = [vscode.l10n.t('Push and Run'), vscode.l10n.t('Run the Draft as It Is')];
  const question = vscode.l10n.t('{0} is not what the draft of {1} in {2} holds', short(pathIn(file.folder, file.uri)), short(action.name), tenant.name);
  const choice = await ask(tenant, question, vscode.l10n.t('A test in the tenant runs the draft. Pushing first changes the draft, and nothing that is live.'), push, leave);
  if (choice === leave) {
    return 'leftOut';
  }
  if (choice !== push) {
    throw new Dismissed();
  }
  const { local } = await parts.local.get();
  if ((await local.push(target)).kind !== 'saved') {
    throw new Dismissed();
  }
  return 'saved';
}
