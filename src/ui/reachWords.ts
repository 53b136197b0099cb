/** What a deploy reaches, in words: lines of a question, and the few words of a row. */
import { l10n } from 'vscode';
import { placesOf } from '../actions/flows.ts';
import { isInNoFlow, readReach } from '../actions/reach.ts';
import type { Reach } from '../actions/reach.ts';
import type { Action } from '../auth0/api.ts';
import type { TenantRef } from '../auth0/tenantRef.ts';
import type { AppState } from './appState.ts';
import { flowWords, triggerWords } from './words.ts';

/** The lines of a question about an action, which waits a second for them at most. Nothing for a tenant that is gone meanwhile. */
export async function reachOf(state: AppState, tenant: TenantRef, action: Action): Promise<readonly string[]> {
  return state.registry.find(tenant.id) === undefined ? [] : reachLines(await readReach(state.catalog(tenant.id).flows, state.clock, action), action.id);
}

/** Which flows run an action, at which place, and when; or that nothing does, or that this is not known. */
export function reachLines(reach: readonly Reach[], actionId: string): readonly string[] {
  if (isInNoFlow(reach, actionId)) {
    return [reach.every(({ triggerId }) => triggerId === 'post-login') ? l10n.t('Not in any flow, so no login runs it.') : l10n.t('Not in any flow, so nothing runs it.')];
  }
  return reach.flatMap(({ triggerId, flow }) => {
    if (flow === undefined) {
      return [l10n.t('{0} flow: not known, it could not be read in time.', triggerWords(triggerId))];
    }
    if (placesOf(flow.bindings, actionId).length > 0) {
      return [`${l10n.t('{0} flow: {1}.', triggerWords(triggerId), flowWords(flow, actionId))} ${runsWords(triggerId)}`.trim()];
    }
    return flow.entityBound ? [l10n.t('{0}: bound where it is used, without a flow.', triggerWords(triggerId))] : [];
  });
}

/** The same in a row that names the trigger already. */
export function reachWords(reach: readonly Reach[], actionId: string): string {
  const found = reach.find(({ flow }) => flow !== undefined && (flow.entityBound || placesOf(flow.bindings, actionId).length > 0))?.flow;
  if (found !== undefined) {
    return flowWords(found, actionId);
  }
  return isInNoFlow(reach, actionId) ? l10n.t('not in any flow') : l10n.t('flow not known');
}

/** What makes the flow of a trigger run; nothing for one whose name says as much. */
function runsWords(triggerId: string): string {
  switch (triggerId) {
    case 'post-login': return l10n.t('Logins run it.');
    case 'credentials-exchange': return l10n.t('Machine-to-machine token requests run it.');
    case 'pre-user-registration':
    case 'post-user-registration': return l10n.t('Sign-ups run it.');
    case 'post-change-password': return l10n.t('Password changes run it.');
    default: return '';
  }
}
