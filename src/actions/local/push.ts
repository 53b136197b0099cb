/**
 * Sending one action of a repository to a tenant: one PATCH of the draft, after it was looked at once more. Where the
 * answer is lost, the draft is read until it is clear what became of it; nothing is sent twice.
 */
import type { Action, ActionChange, ManagementApi } from '../../auth0/api.ts';
import type { Clock } from '../../auth0/clock.ts';
import { isRefusal } from '../../auth0/errors.ts';
import { differences, sameContent } from '../content.ts';
import { untilClear } from '../lostChange.ts';

export type PushOutcome =
  | { readonly kind: 'done'; readonly action: Action }
  /** The draft is another one than was shown: nothing was sent. */
  | { readonly kind: 'changed'; readonly action: Action }
  | { readonly kind: 'notDone'; readonly error: unknown }
  /** Sent, and what became of it cannot be told. */
  | { readonly kind: 'unknown'; readonly error: unknown };

/** Never rejects: everything that can happen is an outcome. `shown` is the action that the change was agreed to for. */
export async function pushDraft({ api, clock, shown, change }: { readonly api: Pick<ManagementApi, 'getAction' | 'updateAction'>; readonly clock: Clock; readonly shown: Action; readonly change: ActionChange }): Promise<PushOutcome> {
  let before: Action;
  try {
    before = await api.getAction(shown.id);
  } catch (error) {
    return { kind: 'notDone', error };
  }
  if (!sameContent(shown, before)) {
    return { kind: 'changed', action: before };
  }
  let lost: unknown;
  try {
    const answer = await api.updateAction(shown.id, change);
    if (shows(answer, change)) {
      return { kind: 'done', action: answer };
    }
  } catch (error) {
    if (isRefusal(error)) {
      return { kind: 'notDone', error };
    }
    lost = error;
  }
  return untilClear<PushOutcome>(clock, lost, async late => {
    try {
      const action = await api.getAction(shown.id, { priority: 'background' });
      if (shows(action, change)) {
        return { kind: 'done', action };
      }
      return late ? { kind: sameContent(before, action) ? 'notDone' : 'unknown', error: lost } : undefined;
    } catch (error) {
      return late ? { kind: 'unknown', error: lost ?? error } : undefined;
    }
  });
}

/** Whether an action is what a change would make of it. */
function shows(action: Action, change: ActionChange): boolean {
  const { code, runtime, dependencies, triggers } = change;
  return differences(action, {
    ...action,
    ...(code === undefined ? {} : { code }),
    ...(runtime === undefined ? {} : { runtime }),
    ...(dependencies === undefined ? {} : { dependencies }),
    ...(triggers === undefined ? {} : { triggers }),
  }).length === 0;
}
