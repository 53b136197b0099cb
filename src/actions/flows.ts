/**
 * A trigger's flow: which actions it runs, in which order, and changes of it. The service replaces the whole list at
 * once, gives every binding a new id and takes no precondition, so that a change is described by what it means
 * ("after block-country"), laid over the list as it was read last, shown, and read again just before it is written.
 */
import type { Binding, ManagementApi, WantedBinding } from '../auth0/api.ts';
import type { Clock } from '../auth0/clock.ts';
import { ApiError, isRefusal } from '../auth0/errors.ts';
import type { Flow } from './flowMemory.ts';
import { untilClear } from './lostChange.ts';

/** Documented: places of a trigger's flow. */
export const MOST_PLACES = 20;

/** One of an action's places: the same action may stand in several, counted from 0. */
export interface Place {
  readonly actionId: string;
  readonly nth: number;
}

export type FlowEdit =
  /** `after` is the place that comes before it; `undefined` for the first place. */
  | { readonly kind: 'add'; readonly actionId: string; readonly name: string; readonly after: Place | undefined }
  | { readonly kind: 'move'; readonly place: Place; readonly after: Place | undefined }
  | { readonly kind: 'remove'; readonly place: Place };

/** A place of a flow as it is or is to be. */
export interface FlowEntry extends Place {
  readonly name: string;
  readonly displayName?: string;
}

export type FlowOutcome =
  | { readonly kind: 'done'; readonly flow: readonly Binding[] }
  | { readonly kind: 'declined' }
  /** The change is no change: the flow is like that already. */
  | { readonly kind: 'unchanged'; readonly flow: readonly Binding[] }
  /** What is to be moved or removed, or the place it is to follow, is not in the flow any more. */
  | { readonly kind: 'gone'; readonly flow: readonly Binding[] }
  | { readonly kind: 'full'; readonly flow: readonly Binding[] }
  /** The service refused the change, or never acted on it: the flow is what it was. */
  | { readonly kind: 'notChanged'; readonly flow: readonly Binding[]; readonly error: unknown }
  /** Sent, and the flow is now neither what it was nor what was wanted, or it cannot be read. */
  | { readonly kind: 'unconfirmed'; readonly flow?: readonly Binding[]; readonly error?: unknown };

export interface FlowChange {
  readonly api: Pick<ManagementApi, 'listBindings' | 'updateBindings'>;
  readonly triggerId: string;
  readonly edit: FlowEdit;
  /** Shows the difference; asked again, with `meanwhile`, where the flow was changed while the question was open. */
  readonly confirm: (before: readonly FlowEntry[], after: readonly FlowEntry[], meanwhile: boolean) => Promise<boolean>;
  readonly clock: Clock;
}

/** The flow's places. Rejects nothing; an action that the service does not name has no id to be sent back with. */
export function entriesOf(flow: readonly Binding[]): readonly FlowEntry[] {
  const seen = new Map<string, number>();
  return flow.map(binding => {
    const actionId = binding.actionId ?? '';
    const nth = seen.get(actionId) ?? 0;
    seen.set(actionId, nth + 1);
    const name = binding.displayName ?? binding.actionName ?? actionId;
    return { actionId, nth, name, ...(binding.displayName === undefined ? {} : { displayName: binding.displayName }) };
  });
}

/**
 * Why no flow runs an action: it is in none of those that were just read, and it was in one when they were read before,
 * or it was not. Nothing where a flow runs it, where that cannot be told, or where its trigger has no flow.
 */
export function unusedBecause(actionId: string, before: readonly (Flow | undefined)[], now: readonly Flow[]): 'takenOut' | 'inNone' | undefined {
  const isIn = (flow: Flow | undefined): boolean => flow !== undefined && placesOf(flow.bindings, actionId).length > 0;
  if (now.length === 0 || now.some(flow => flow.error !== undefined || flow.entityBound || isIn(flow))) {
    return undefined;
  }
  return before.some(isIn) ? 'takenOut' : 'inNone';
}

/** At which places an action stands, counted from 1; none where it is not in the flow. */
export function placesOf(flow: readonly Binding[], actionId: string): readonly number[] {
  return flow.flatMap((binding, index) => (binding.actionId === actionId ? [index + 1] : []));
}

/** The flow after an edit; `undefined` where what it names is not there. */
export function edited(before: readonly FlowEntry[], edit: FlowEdit): readonly FlowEntry[] | undefined {
  const indexOf = (entries: readonly FlowEntry[], place: Place): number => entries.findIndex(entry => entry.actionId === place.actionId && entry.nth === place.nth);
  if (edit.kind === 'add') {
    const entry: FlowEntry = { actionId: edit.actionId, nth: before.filter(one => one.actionId === edit.actionId).length, name: edit.name, displayName: edit.name };
    return inserted(before, entry, edit.after === undefined ? 0 : indexOf(before, edit.after) + 1, edit.after !== undefined);
  }
  const at = indexOf(before, edit.place);
  const entry = before[at];
  if (entry === undefined) {
    return undefined;
  }
  const rest = before.filter((_, index) => index !== at);
  if (edit.kind === 'remove') {
    return rest;
  }
  return inserted(rest, entry, edit.after === undefined ? 0 : indexOf(rest, edit.after) + 1, edit.after !== undefined);
}

function inserted(entries: readonly FlowEntry[], entry: FlowEntry, at: number, anchored: boolean): readonly FlowEntry[] | undefined {
  return anchored && at === 0 ? undefined : [...entries.slice(0, at), entry, ...entries.slice(at)];
}

/**
 * Makes one change of a flow: reads it, shows the difference, reads it again just before writing, and writes once.
 * @throws ApiError when the flow cannot be read before anything was sent.
 */
export async function changeFlow(change: FlowChange): Promise<FlowOutcome> {
  let before = await readFlow(change);
  for (let meanwhile = false; ; meanwhile = true) {
    const entries = entriesOf(before);
    const after = edited(entries, change.edit);
    if (after === undefined) {
      return { kind: 'gone', flow: before };
    }
    if (after.length > MOST_PLACES && after.length > entries.length) {
      return { kind: 'full', flow: before };
    }
    if (sameOrder(before, after)) {
      return { kind: 'unchanged', flow: before };
    }
    if (!(await change.confirm(entries, after, meanwhile))) {
      return { kind: 'declined' };
    }
    const now = await readFlow(change);
    if (sameIds(before, now)) {
      return write(change, now, after);
    }
    before = now;
  }
}

async function readFlow({ api, triggerId }: FlowChange): Promise<readonly Binding[]> {
  const flow = await api.listBindings(triggerId);
  if (flow.some(binding => binding.actionId === undefined)) {
    // Written back without it, the flow would lose it.
    throw new ApiError('malformed', { method: 'GET', path: `/api/v2/actions/triggers/${triggerId}/bindings`, incomplete: true });
  }
  return flow;
}

async function write(change: FlowChange, before: readonly Binding[], after: readonly FlowEntry[]): Promise<FlowOutcome> {
  const { api, triggerId } = change;
  const wanted: readonly WantedBinding[] = after.map(({ actionId, displayName }) => ({ actionId, ...(displayName === undefined ? {} : { displayName }) }));
  try {
    const answer = await api.updateBindings(triggerId, wanted);
    // An answer that is not what was sent is none: the flow itself says what it is.
    return sameOrder(answer, after) ? { kind: 'done', flow: answer } : await findOut(change, before, after, undefined);
  } catch (error) {
    return isRefusal(error) ? { kind: 'notChanged', flow: before, error } : findOut(change, before, after, error);
  }
}

/**
 * The answer to the change was lost: reads the flow until it is clear what became of it. Every change renews all ids,
 * so that old ids mean that nothing was changed, or not yet: the service may act after it has stopped answering.
 */
async function findOut(change: FlowChange, before: readonly Binding[], after: readonly FlowEntry[], cause: unknown): Promise<FlowOutcome> {
  const { api, triggerId, clock } = change;
  return untilClear<FlowOutcome>(clock, cause, async late => {
    try {
      const flow = await api.listBindings(triggerId);
      if (sameOrder(flow, after)) {
        return { kind: 'done', flow };
      }
      if (!sameIds(before, flow)) {
        return { kind: 'unconfirmed', flow };
      }
      return late ? { kind: 'notChanged', flow, error: cause } : undefined;
    } catch (error) {
      return late ? { kind: 'unconfirmed', error } : undefined;
    }
  });
}

function sameOrder(flow: readonly Binding[], entries: readonly Place[]): boolean {
  return flow.length === entries.length && flow.every((binding, index) => binding.actionId === entries[index]?.actionId);
}

function sameIds(a: readonly Binding[], b: readonly Binding[]): boolean {
  return a.length === b.length && a.every((binding, index) => binding.id === b[index]?.id);
}
