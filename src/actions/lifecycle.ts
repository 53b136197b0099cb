/** Making an action and deleting one, each sent once, and what became of it where the answer is lost. */
import type { Action, ManagementApi, NewAction, Trigger } from '../auth0/api.ts';
import type { Clock } from '../auth0/clock.ts';
import { isApiError, isRefusal } from '../auth0/errors.ts';
import { untilClear } from './lostChange.ts';

/** Documented: what a tenant can have. */
export const MOST_ACTIONS = 100;

export type CreateOutcome =
  | { readonly kind: 'done'; readonly action: Action }
  | { readonly kind: 'notDone' | 'unknown'; readonly error: unknown };

/**
 * Creates an action. `known` are the ids of all actions before: one of the same name that is none of them is the new one.
 */
export async function createAction(api: Pick<ManagementApi, 'createAction' | 'listActions'>, clock: Clock, wanted: NewAction, known: ReadonlySet<string>): Promise<CreateOutcome> {
  try {
    return { kind: 'done', action: await api.createAction(wanted) };
  } catch (error) {
    if (isRefusal(error)) {
      return { kind: 'notDone', error };
    }
    return untilClear<CreateOutcome>(clock, error, async late => {
      try {
        const made = await findNew(api, wanted, known);
        if (made !== undefined) {
          return { kind: 'done', action: made };
        }
        return late ? { kind: 'notDone', error } : undefined;
      } catch (reading) {
        return late ? { kind: 'unknown', error: reading } : undefined;
      }
    });
  }
}

async function findNew(api: Pick<ManagementApi, 'listActions'>, wanted: NewAction, known: ReadonlySet<string>): Promise<Action | undefined> {
  const seen = new Set<string>();
  for (let page = 0; ; page += 1) {
    const { items, total } = await api.listActions(page);
    const found = items.find(one => one.name === wanted.name && !known.has(one.id));
    const before = seen.size;
    items.forEach(one => seen.add(one.id));
    // A page that brings nothing new is the end, whatever the total says.
    if (found !== undefined || seen.size === before || seen.size >= (total ?? Number.POSITIVE_INFINITY)) {
      return found;
    }
  }
}

export type DeleteOutcome =
  /** Gone, by whomever. */
  | { readonly kind: 'done' }
  /** It stands in a flow, or something else holds it: the service deletes it only by force. */
  | { readonly kind: 'bound'; readonly error: unknown }
  | { readonly kind: 'notDone' | 'unknown'; readonly error: unknown };

/** Deletes an action with all its versions; with `force` from the flows as well. */
export async function deleteAction(api: Pick<ManagementApi, 'deleteAction' | 'getAction'>, clock: Clock, actionId: string, force: boolean): Promise<DeleteOutcome> {
  try {
    await api.deleteAction(actionId, force);
    return { kind: 'done' };
  } catch (error) {
    if (isGone(error)) {
      return { kind: 'done' };
    }
    if (isApiError(error) && error.kind === 'conflict') {
      return { kind: 'bound', error };
    }
    if (isRefusal(error)) {
      return { kind: 'notDone', error };
    }
    return untilClear<DeleteOutcome>(clock, error, async late => {
      try {
        await api.getAction(actionId);
        return late ? { kind: 'notDone', error } : undefined;
      } catch (reading) {
        if (isGone(reading)) {
          return { kind: 'done' };
        }
        return late ? { kind: 'unknown', error: reading } : undefined;
      }
    });
  }
}

function isGone(error: unknown): boolean {
  return isApiError(error) && error.kind === 'notFound';
}

export type ActionNameProblem = 'empty' | 'characters' | 'taken';

/** What is wrong with the name of an action. `taken` are the others of its tenant; how long a name may be is not documented, and the service's to say. */
export function actionNameProblem(name: string, taken: readonly string[]): ActionNameProblem | undefined {
  if (name.trim() === '') {
    return 'empty';
  }
  if (/[\p{Cc}\p{Surrogate}]/u.test(name)) {
    return 'characters';
  }
  return taken.includes(name) ? 'taken' : undefined;
}

/** The triggers that a new action can have: those that are current first, deprecated versions left out. */
export function currentTriggers(triggers: readonly Trigger[]): readonly Trigger[] {
  const rank = ({ status }: Trigger): number => (status.toUpperCase() === 'CURRENT' ? 0 : 1);
  return triggers.filter(trigger => trigger.status.toUpperCase() !== 'DEPRECATED').sort((a, b) => rank(a) - rank(b));
}

/** The runtimes that a trigger offers, its default first where it is one of them. */
export function runtimesOf(trigger: Trigger): readonly string[] {
  const { runtimes, defaultRuntime } = trigger;
  return defaultRuntime !== undefined && runtimes.includes(defaultRuntime) ? [defaultRuntime, ...runtimes.filter(one => one !== defaultRuntime)] : runtimes;
}

