/** A described action that the tenant does not have yet: made of its file, after a question. */
import * as vscode from 'vscode';
import { dependencyVersion } from '../../actions/comparison.ts';
import { newActionOf } from '../../actions/local/differences.ts';
import type { Action } from '../../auth0/api.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { confirmWrite } from '../commands/confirmWrite.ts';
import { createIn } from '../commands/newAction.ts';
import type { Parts } from '../commands/parts.ts';
import { Dismissed } from '../run.ts';
import { short } from '../texts.ts';
import { triggerWords } from '../words.ts';
import { contentOf, refuseUnsent } from './fileContent.ts';
import { pathIn } from './linkedFiles.ts';
import type { Linked } from './linkedFiles.ts';

const LONGEST_FACT = 200;

/**
 * Asks whether to create it, and does. Nothing for a file that says too little of its action.
 * @throws Dismissed; UserError where it cannot be sent as it is, or was not created.
 */
export async function createFromFile(parts: Parts, file: Linked, tenant: TenantRef): Promise<Action | undefined> {
  const content = await contentOf(file);
  if (content.description === undefined) {
    return undefined;
  }
  refuseUnsent(file, content, undefined);
  const wanted = newActionOf({ stated: content.description.stated, code: content.code });
  const create = vscode.l10n.t('Create');
  const question = vscode.l10n.t('{0} has no action {1}. Create it from {2}?', tenant.name, short(file.name), short(pathIn(file.folder, file.uri)));
  const facts = [triggerWords(wanted.triggers[0]?.id), short(wanted.runtime ?? ''), ...(wanted.dependencies ?? []).map(one => short(`${one.name} ${dependencyVersion(one)}`, LONGEST_FACT))].filter(text => text !== '');
  if ((await confirmWrite(parts, { tenant, question, detail: [facts.join(' · '), vscode.l10n.t('Nothing runs it until it is deployed and in a flow.')].join('\n'), choices: [create] })) !== create) {
    throw new Dismissed();
  }
  const known = (await parts.state.catalog(tenant.id).loadAll()).items.map(({ id }) => id);
  return createIn(parts, tenant, wanted, new Set(known));
}
