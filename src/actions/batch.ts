/**
 * Several deployments that were asked for at once, and the account of them. They run beside each other, and the
 * tenant's request lane paces them; or one after another, where the first that does not go live ends it.
 */
import type { Deployment } from './deployment.ts';

/** Why an action was left alone: what was agreed to is not what there is, or its text could not be saved. */
export type LeftReason = 'draftChanged' | 'liveChanged' | 'notSaved';

export type BatchResult =
  | { readonly kind: 'ended'; readonly deployment: Deployment }
  | { readonly kind: 'left'; readonly why: LeftReason }
  /** It could not begin, as while the action is being rolled back. */
  | { readonly kind: 'error'; readonly error: unknown }
  /** The batch ended before its turn. */
  | { readonly kind: 'notBegun' };

export interface BatchEntry<T> {
  readonly item: T;
  readonly result: BatchResult;
}

/** What became of one of several, as far as a person has to know them apart. */
export type Fate =
  | 'live'
  | 'failed'
  /** Sent, and what the service made of it could not be seen. */
  | 'unconfirmed'
  /** Stopped after the deploy call had left: it may be live. */
  | 'sent'
  /** Stopped before: no deploy call has left for it, and none will. */
  | 'notSent'
  | 'left';

/**
 * Runs all of them to their ends. Never rejects: what `begin` rejects with is the result of that one alone.
 * @param begin deploys one; a reason in place of a deployment means that it was left alone.
 */
export async function runBatch<T>(items: readonly T[], begin: (item: T) => Promise<Deployment | LeftReason>, { stopAtFirstFailure }: { readonly stopAtFirstFailure: boolean }): Promise<readonly BatchEntry<T>[]> {
  const end = async (item: T): Promise<BatchEntry<T>> => ({ item, result: await resultOf(begin, item) });
  if (!stopAtFirstFailure) {
    return Promise.all(items.map(end));
  }
  const entries: BatchEntry<T>[] = [];
  for (const item of items) {
    const before = entries.at(-1);
    entries.push(before === undefined || fateOf(before.result) === 'live' ? await end(item) : { item, result: { kind: 'notBegun' } });
  }
  return entries;
}

async function resultOf<T>(begin: (item: T) => Promise<Deployment | LeftReason>, item: T): Promise<BatchResult> {
  try {
    const ended = await begin(item);
    return typeof ended === 'string' ? { kind: 'left', why: ended } : { kind: 'ended', deployment: ended };
  } catch (error) {
    return { kind: 'error', error };
  }
}

export function fateOf(result: BatchResult): Fate {
  switch (result.kind) {
    case 'left': return 'left';
    case 'error': return 'failed';
    case 'notBegun': return 'notSent';
    case 'ended': {
      const { outcome } = result.deployment;
      switch (outcome?.kind) {
        case 'live':
        case 'failed':
        case 'unconfirmed': return outcome.kind;
        case 'stopped': return outcome.sent ? 'sent' : 'notSent';
        case undefined: return 'unconfirmed';
      }
    }
  }
}

/** The entries by what became of them, in their order. */
export function accountOf<T>(entries: readonly BatchEntry<T>[]): Readonly<Record<Fate, readonly BatchEntry<T>[]>> {
  const of = (fate: Fate): readonly BatchEntry<T>[] => entries.filter(({ result }) => fateOf(result) === fate);
  return { live: of('live'), failed: of('failed'), unconfirmed: of('unconfirmed'), sent: of('sent'), notSent: of('notSent'), left: of('left') };
}
