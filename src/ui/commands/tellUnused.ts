/** A version that is live and in no flow is run by no login: that is told after the end, with the way to mend it. */
import * as vscode from 'vscode';
import type { Deployment } from '../../actions/deployment.ts';
import { placesOf, unusedBecause } from '../../actions/flows.ts';
import { commands } from '../ids.ts';
import { inform, tellsEnd } from '../messages.ts';
import { short } from '../texts.ts';
import type { Parts } from './parts.ts';

/** For a deployment or roll back that a person asked for. */
export async function tellUnused(parts: Pick<Parts, 'state'>, { tenant, actionId, actionName, outcome }: Deployment): Promise<void> {
  const { registry, toldUnused } = parts.state;
  const key = `${tenant.id}/${actionId}`;
  // A version that nothing runs has not done what it was made for.
  if (outcome?.kind !== 'live' || !tellsEnd('failure') || registry.find(tenant.id) === undefined) {
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
  const addTo = vscode.l10n.t('Add to Flow…');
  const text = why === 'takenOut'
    ? vscode.l10n.t('{0} v{1} is live in {2}, but somebody has taken it out of its flow, so no login runs it any more.', short(actionName), outcome.version, tenant.name)
    : vscode.l10n.t('{0} v{1} is live in {2}, but not in any flow, so no login runs it.', short(actionName), outcome.version, tenant.name);
  if ((await inform(tenant, text, addTo)) === addTo) {
    await vscode.commands.executeCommand(commands.addToFlow, { tenant: tenant.id, action: actionId });
  }
}
