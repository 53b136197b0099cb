/**
 * Saving the code of a draft: read the draft, see whether somebody else has changed it, PATCH it once: the code alone,
 * or with it what a file says of dependencies, runtime and triggers. Where the answer is lost, the draft is read until
 * it is clear what became of it.
 */
import type { Action, ActionChange, ManagementApi } from '../auth0/api.ts';
import type { Clock } from '../auth0/clock.ts';
import { isApiError, isRefusal } from '../auth0/errors.ts';
import type { DraftBook } from './draftBook.ts';
import { contentText } from './content.ts';
import { isDeleted, isNotFound } from './gone.ts';
import { actsWithinMs } from './lostChange.ts';
import { pause, stopwatch } from './pauses.ts';
import { FRESH_MS } from './versionCall.ts';

/** What a person decides where somebody else has changed the draft meanwhile. */
export type ConflictChoice = 'compare' | 'overwrite' | 'takeTheirs' | 'cancel';

export type SaveOutcome =
  /** The service holds the code. `sent` is false where it did so already. */
  | { readonly kind: 'saved'; readonly action: Action; readonly sent: boolean }
  /** The person prefers what the service has. */
  | { readonly kind: 'takeTheirs' | 'compare'; readonly action: Action }
  /** The person declined; nothing was sent. */
  | { readonly kind: 'declined' }
  /** The service does not hold the code. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** The code was sent and the service may hold it, or did before somebody else wrote: reading says no more. */
  | { readonly kind: 'unconfirmed'; readonly error: unknown };

export interface SaveOptions {
  readonly api: ManagementApi;
  readonly actionId: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly code: string;
  /** Whether a draft's code needs no change; that it is equal, where this is left out. */
  readonly sameCode?: (theirs: string, mine: string) => boolean;
  /** What else is to be sent for a draft as it is: nothing where it holds that already. Never secrets. */
  readonly rest?: (action: Action) => Omit<ActionChange, 'code' | 'secrets'>;
  /** Whether a draft is no surprise: the edit began from it, or it is an own one whose fate was not known. */
  readonly isExpected: (action: Action) => boolean;
  /** Asked where the draft holds another code. The draft is read again after an answer that took long. */
  readonly decide: (theirs: Action) => Promise<ConflictChoice>;
  /** Asked once before the PATCH, with the draft that it changes; `false` declines. */
  readonly confirm?: (action: Action) => Promise<boolean>;
  /** Every state of the action that was read on the way. */
  readonly onAction: (action: Action) => void;
}

/** Reads that fail for this long end the search for what became of it. */
const DEADLINE_MS = 60_000;

/**
 * Saves a text in place of what its edit began from, and begins anew from it. Rejects only where the machine's own
 * storage fails; everything that can happen with the service is an outcome.
 */
export async function saveFromBook(book: DraftBook, key: string, options: Omit<SaveOptions, 'isExpected'>): Promise<SaveOutcome> {
  await book.known(key);
  const expected = book.expected(key);
  await book.sending(key, options.code);
  const outcome = await saveDraft({ ...options, isExpected: action => expected.includes(action.code) });
  if (outcome.kind === 'saved') {
    await book.saved(key, options.code);
  }
  return outcome;
}

/** Saves once. Never rejects: everything that can happen is an outcome. */
export async function saveDraft(options: SaveOptions): Promise<SaveOutcome> {
  let before: Action;
  try {
    const agreed = await agree(options);
    if ('kind' in agreed) {
      return agreed;
    }
    before = agreed;
  } catch (error) {
    return { kind: 'failed', error };
  }
  try {
    const action = await options.api.updateAction(options.actionId, { code: options.code, ...options.rest?.(before) });
    options.onAction(action);
    return { kind: 'saved', action, sent: true };
  } catch (error) {
    return isRefusal(error) || (isApiError(error) && error.kind === 'cancelled') ? { kind: 'failed', error } : findLost(options, before, error);
  }
}

/** Reads the draft until whoever is asked agrees with what it holds. */
async function agree(options: SaveOptions): Promise<Action | SaveOutcome> {
  const { api, actionId, clock, isExpected, decide, confirm, onAction } = options;
  const known = new Set<string>();
  let confirmed = confirm === undefined;
  for (;;) {
    const action = await api.getAction(actionId);
    onAction(action);
    // A failed build is begun anew by saving the same again.
    const isThere = holds(action, options);
    if (isThere && action.status !== 'failed') {
      return { kind: 'saved', action, sent: false };
    }
    const asked = clock.now();
    if (!isThere && !isExpected(action) && !known.has(ownPart(action, options))) {
      const choice = await decide(action);
      if (choice === 'cancel') {
        return { kind: 'declined' };
      }
      if (choice !== 'overwrite') {
        return { kind: choice, action };
      }
      known.add(ownPart(action, options));
    }
    if (!confirmed) {
      if (!(await confirm?.(action))) {
        return { kind: 'declined' };
      }
      confirmed = true;
    }
    // While a question was open, the draft may have changed once more.
    if (clock.now() - asked <= FRESH_MS) {
      return action;
    }
  }
}

/** The answer to the PATCH was lost: finds out from reads alone whether the service has taken the code. */
async function findLost(options: SaveOptions, before: Action, cause: unknown): Promise<SaveOutcome> {
  const { api, actionId, clock, random, onAction } = options;
  const elapsed = stopwatch(clock);
  // Counted by the pauses alone: a clock that leaps must not make a call look as if it had had its time.
  let waited = 0;
  for (let looks = 0; ; looks += 1) {
    const ms = pause({ elapsed: elapsed(), looks, headroom: laterMs => api.headroom(laterMs), random: random() });
    await clock.sleep(ms);
    waited += ms;
    try {
      const action = await api.getAction(actionId, { priority: 'background' });
      onAction(action);
      // Each PATCH moves the time, also one that changes nothing.
      if (action.updatedAt !== before.updatedAt && holds(action, options)) {
        return { kind: 'saved', action, sent: true };
      }
      if (ownPart(action, options) !== ownPart(before, options)) {
        return { kind: 'unconfirmed', error: cause };
      }
      if (waited >= actsWithinMs(cause)) {
        return { kind: 'failed', error: cause };
      }
    } catch (error) {
      if (isNotFound(error) && (await isDeleted(api, actionId).catch(() => false))) {
        return { kind: 'failed', error };
      }
      if (elapsed() >= DEADLINE_MS) {
        return { kind: 'unconfirmed', error: cause };
      }
    }
  }
}

/** Whether a draft holds all that is to be sent. */
function holds(action: Action, { code, sameCode = equal, rest }: SaveOptions): boolean {
  return sameCode(action.code, code) && Object.keys(rest?.(action) ?? {}).length === 0;
}

/** What a save replaces, as a text: of a draft its code; secrets and modules never. */
function ownPart(action: Action, { rest }: SaveOptions): string {
  return rest === undefined ? action.code : contentText({ ...action, secrets: [], modules: [] });
}

function equal(a: string, b: string): boolean {
  return a === b;
}
