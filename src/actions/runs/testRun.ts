/**
 * One test of a draft: waits until the service has built what is saved, then sends the event once. A test that was sent
 * is never sent again, since the code may have run.
 */
import type { Action, ManagementApi } from '../../auth0/api.ts';
import type { Clock } from '../../auth0/clock.ts';
import { isApiError, isRefusal } from '../../auth0/errors.ts';
import type { JsonObject } from '../../auth0/json.ts';
import type { TestResult } from '../../auth0/runs.ts';
import { isBuilding } from '../model.ts';
import { pause } from '../pauses.ts';

/** The service gives a build up after five minutes. */
const BUILD_MS = 6 * 60_000;

export interface TestOrder {
  readonly api: ManagementApi;
  readonly actionId: string;
  readonly event: JsonObject;
  readonly clock: Clock;
  readonly random: () => number;
  /** Ends the waiting, and nothing that was sent. */
  readonly signal?: AbortSignal;
  /** Hears of each look at a draft that is still being built. */
  readonly onBuilding?: (action: Action) => void;
  /** The draft is built, and the test is about to be sent. */
  readonly onSending?: () => void;
}

export type TestOutcome =
  /** `action` as it was read just before. */
  | { readonly kind: 'done'; readonly action: Action; readonly result: TestResult; readonly ms: number }
  /** There is nothing to run. Nothing was sent. */
  | { readonly kind: 'buildFailed' | 'notBuilt'; readonly action: Action }
  /** It was sent, and its answer was lost: the code may have run. */
  | { readonly kind: 'lost'; readonly action: Action; readonly error: unknown };

/** @throws ApiError where the draft cannot be read, the service refused the test, or `signal` ended it before it was sent. */
export async function runTest(order: TestOrder): Promise<TestOutcome> {
  const { api, actionId, event, clock, signal } = order;
  const options = signal === undefined ? {} : { signal };
  const begun = clock.now();
  let action = await api.getAction(actionId, options);
  for (let looks = 0; isBuilding(action.status); looks += 1) {
    const elapsed = clock.now() - begun;
    if (elapsed > BUILD_MS) {
      return { kind: 'notBuilt', action };
    }
    order.onBuilding?.(action);
    await clock.sleep(pause({ elapsed, looks, headroom: laterMs => api.headroom(laterMs), random: order.random() }), signal);
    action = await api.getAction(actionId, options);
  }
  if (action.status === 'failed') {
    return { kind: 'buildFailed', action };
  }
  order.onSending?.();
  const sentAt = clock.now();
  try {
    const result = await api.testAction(actionId, event, options);
    return { kind: 'done', action, result, ms: clock.now() - sentAt };
  } catch (error) {
    if (isRefusal(error) || (isApiError(error) && error.kind === 'cancelled')) {
      throw error;
    }
    return { kind: 'lost', action, error };
  }
}
