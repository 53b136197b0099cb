/**
 * Several deployments that were asked for at once, and the account of them. They run beside each other, and the
 * tenant's request lane paces them; or one after another, where the first that does not go live ends it.
 */
import type { Clock } from '../auth0/clock.ts';
import type { Deployment } from './deployment.ts';
import type { Deployments } from './deployments.ts';

/** How long is looked for what had left when it was stopped: a version is mostly live within a second of its call. */
export const LOOK_BACK_MS = 5000;

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
 * @param options `signal` ends those that go one after another before the next begins.
 */
export async function runBatch<T>(items: readonly T[], begin: (item: T) => Promise<Deployment | LeftReason>, { stopAtFirstFailure, signal }: { readonly stopAtFirstFailure: boolean; readonly signal?: AbortSignal }): Promise<readonly BatchEntry<T>[]> {
  const end = async (item: T): Promise<BatchEntry<T>> => ({ item, result: await resultOf(begin, item) });
  if (!stopAtFirstFailure) {
    return Promise.all(items.map(end));
  }
  const entries: BatchEntry<T>[] = [];
  for (const item of items) {
    const before = entries.at(-1);
    const goesOn = signal?.aborted !== true && (before === undefined || fateOf(before.result) === 'live');
    entries.push(goesOn ? await end(item) : { item, result: { kind: 'notBegun' } });
  }
  return entries;
}

/**
 * The same entries, with what became meanwhile of those that were stopped after their calls had left, as far as that shows
 * within a few seconds. Sends nothing, and never rejects: what cannot be looked for stays as it is.
 * @param look follows {@link Deployments.lookAgain} to its end.
 */
export async function lookBack<T>(entries: readonly BatchEntry<T>[], look: (deployment: Deployment) => Promise<Deployment>, deployments: Pick<Deployments, 'canLookAgain' | 'stop'>, clock: Clock): Promise<readonly BatchEntry<T>[]> {
  const sent = entries.flatMap(({ result }) => (result.kind === 'ended' && fateOf(result) === 'sent' && deployments.canLookAgain(result.deployment) ? [result.deployment] : []));
  if (sent.length === 0) {
    return entries;
  }
  const done = new AbortController();
  void clock.sleep(LOOK_BACK_MS, done.signal).then(() => (done.signal.aborted ? undefined : sent.forEach(({ id }) => deployments.stop(id))));
  const found = await Promise.all(entries.map(async ({ item, result }): Promise<BatchEntry<T>> =>
    result.kind === 'ended' && sent.includes(result.deployment) ? { item, result: { kind: 'ended', deployment: await look(result.deployment).catch(() => result.deployment) } } : { item, result }));
  done.abort();
  return found;
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
