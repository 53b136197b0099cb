/** A version that is live and in no flow is run by nothing: that is told after the end, with the way to mend it. */
import * as vscode from 'vscode';
import type { Deployment } from '../../actions/deployment.ts';
import { placesOf, unusedBecause } from '../../actions/flows.ts';
import { commands } from '../ids.ts';
import { inform, tellsEnd } from '../messages.ts';
import { short } from '../texts.ts';
import type { Parts } from './parts.ts';

/** For a deployment or roll back that a person asked for. */
export async function tellUnused(parts: Pick<Parts, 'state' | 'log'>, { tenant, actionId, actionName, outcome }: Deployment): Promise<void> {
  const { registry, toldUnused } = parts.state;
  const key = `${tenant.id}/${actionId}`;
  if (outcome?.kind !== 'live' || registry.find(tenant.id) === undefined) {
    return;
  }
  const catalog = parts.state.catalog(tenant.id);
  const triggers = catalog.action(actionId)?.triggers ?? [];
  const before = triggers.map(({ id }) => catalog.flows.known(id));
  // What is told once is that it was never in a flow; that somebody has taken it out is news.
  if (toldUnused.has(key) && before.every(flow => placesOf(flow?.bindings ?? [], actionId).length === 0)) {
    return;
  }
  const why = unusedBecause(actionId, before, await Promise.all(triggers.map(({ id }) => catalog.flows.refresh(id))));
  if (why === undefined) {
    return;
  }
  toldUnused.add(key);
  const text = unusedWords(why === 'takenOut', triggers.every(({ id }) => id === 'post-login'), short(actionName), outcome.version, tenant.name);
  parts.log.warn(text);
  // A version that nothing runs has not done what it was made for.
  if (!tellsEnd('failure')) {
    return;
  }
  const addTo = vscode.l10n.t('Add to Flow…');
  if ((await inform(tenant, text, addTo)) === addTo) {
    await vscode.commands.executeCommand(commands.addToFlow, { tenant: tenant.id, action: actionId });
  }
}

function unusedWords(takenOut: boolean, byLogins: boolean, ...[name, version, tenant]: readonly [string, number, string]): string {
  if (takenOut) {
    return byLogins
      ? vscode.l10n.t('{0} v{1} is live in {2}, but somebody has taken it out of its flow, so no login runs it any more.', name, version, tenant)
      : vscode.l10n.t('{0} v{1} is live in {2}, but somebody has taken it out of its flow, so nothing runs it any more.', name, version, tenant);
  }
  return byLogins
    ? vscode.l10n.t('{0} v{1} is live in {2}, but not in any flow, so no login runs it.', name, version, tenant)
    : vscode.l10n.t('{0} v{1} is live in {2}, but not in any flow, so nothing runs it.', name, version, tenant);
}
