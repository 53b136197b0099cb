/** Which tenant a command means: the one of the clicked row, or one that a person picks. */
import * as vscode from 'vscode';
import { asText, isObject } from '../../auth0/json.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { UserError } from '../errorWords.ts';
import { choose, noTenant } from '../messages.ts';
import { Dismissed } from '../run.ts';
import { withoutIcons } from '../texts.ts';
import { isRow } from '../tree/rows.ts';
import { tenantMarks } from '../words.ts';
import type { Parts } from './parts.ts';
import { refuseLostRow, tenantNamed } from './targets.ts';

/**
 * @param among the tenants that the command can be for; all of them where it is left out.
 * @throws UserError where there is none, or the row was lost; Dismissed when nothing is picked.
 */
export async function tenantOf(parts: Parts, question: string, args: readonly unknown[], among: (tenant: TenantRef) => boolean = () => true): Promise<TenantRef> {
  refuseLostRow(args);
  const [first] = args;
  if (isRow(first)) {
    return first.tenant;
  }
  const connected = parts.state.registry.tenants();
  const items = connected.filter(among).map(tenant => ({ label: withoutIcons(tenant.name), description: [tenant.isDemo ? '' : tenant.host, ...tenantMarks(tenant)].filter(text => text !== '').join(' · '), tenant }));
  if (items.length === 0) {
    throw new UserError(connected.length === 0 ? vscode.l10n.t('No tenant is connected.') : vscode.l10n.t('There is no tenant for which this would change anything.'));
  }
  const choice = await choose(noTenant, items, question);
  if (choice === undefined) {
    throw new Dismissed();
  }
  return choice.tenant;
}

/** The tenant of a row, of `{ tenant }` from code, the only one there is, or one that is picked. Throws as {@link tenantOf}. */
export async function tenantNamedOrPicked(parts: Parts, question: string, args: readonly unknown[]): Promise<TenantRef> {
  const [first] = args;
  const named = isObject(first) && !isRow(first) ? asText(first['tenant']) : undefined;
  if (named !== undefined) {
    return tenantNamed(parts.state, named);
  }
  const [only, more] = parts.state.registry.tenants();
  return args.length === 0 && only !== undefined && more === undefined ? only : tenantOf(parts, question, args);
}
