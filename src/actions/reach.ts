/** What a deploy reaches: where flows run an action, read for a question that must not wait long for it. */
import type { Action } from '../auth0/api.ts';
import type { Clock } from '../auth0/clock.ts';
import { placesOf } from './flows.ts';
import type { Flow, FlowMemory } from './flowMemory.ts';

/** A tenant that takes longer does not hold up the question. */
export const REACH_MS = 1000;

/** The flow of one of an action's triggers. Without `flow` it is not known: it could not be read, or not in time. */
export interface Reach {
  readonly triggerId: string;
  readonly flow?: Flow;
}

/**
 * The flows of an action's triggers, of its draft and of what is live. They are read anew, and what was read before
 * stands in for an answer that does not come within a second. Never rejects.
 */
export async function readReach(flows: Pick<FlowMemory, 'known' | 'refresh'>, clock: Clock, { triggers, deployedVersion }: Pick<Action, 'triggers' | 'deployedVersion'>): Promise<readonly Reach[]> {
  const ids = [...new Set([...triggers, ...(deployedVersion?.triggers ?? [])].map(trigger => trigger.id))];
  const enough = new AbortController();
  await Promise.race([Promise.all(ids.map(id => flows.refresh(id))), clock.sleep(REACH_MS, enough.signal)]);
  enough.abort();
  return ids.map(triggerId => {
    const flow = flows.known(triggerId);
    return { triggerId, ...(flow === undefined || flow.error !== undefined ? {} : { flow }) };
  });
}

/** True where it is certain that nothing runs an action: all its flows are known, and none has it. */
export function isInNoFlow(reach: readonly Reach[], actionId: string): boolean {
  return reach.length > 0 && reach.every(({ flow }) => flow !== undefined && !flow.entityBound && placesOf(flow.bindings, actionId).length === 0);
}
