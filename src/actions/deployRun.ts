/** One deployment of a draft: read the action, wait until its draft is built, deploy it, read back. */
import type { Action, Content } from '../auth0/api.ts';
import { isPassing, isSignedOut } from '../auth0/errors.ts';
import type { ApiError } from '../auth0/errors.ts';
import { sameContent } from './content.ts';
import type { Outcome } from './deployment.ts';
import { isBuilding } from './model.ts';
import { Deadline } from './pauses.ts';
import { BUILD_DEADLINE_MS, FRESH_MS, beforeSending, failed, pauseAfter, readAction, sendAndConfirm, sortableTime } from './versionCall.ts';
import type { RunOptions, VersionCall } from './versionCall.ts';

/** Whatever installs packages takes seconds. */
const FIRST_WITH_PACKAGES_MS = 700;

/** The times of versions and those of answers may come from different machines of the service, and the latter are cut to seconds. */
const SERVICE_SKEW_MS = 5000;

export interface DeployRunOptions extends RunOptions {
  /** Number of a version that is known to have failed: the action does not tell, and a lost call must not be taken for having made it. */
  readonly failedVersion?: number;
  /**
   * Asked once, with the action as just read; `false` ends the deployment as stopped. An action in place of `true` is
   * the draft as it was saved meanwhile: that is then what is deployed. Nothing is to be saved once `signal` has aborted.
   */
  readonly confirm?: (action: Action, signal: AbortSignal) => Promise<Confirmed>;
}

/**
 * The answer to the question before a deploy. Where something was saved after it: the draft as saved, and what it is to
 * hold, whose code may have been formatted on the way.
 */
export type Confirmed = boolean | { readonly saved: Action; readonly meant: Content };

/** Runs one deployment to its end. Never rejects: everything that can happen is an outcome. */
export async function runDeployment(options: DeployRunOptions): Promise<Outcome> {
  const { clock, signal } = options;
  let first: Action | undefined;
  let asked = 0;
  let isSaved = false;
  try {
    options.onPhase('reading');
    first = await readAction(options, 'step');
    const askedAt = clock.now();
    if (options.confirm !== undefined) {
      const answer = await options.confirm(first, signal);
      if (answer === false) {
        return { kind: 'stopped', sent: false, declined: true };
      }
      asked = clock.now() - askedAt;
      if (answer !== true) {
        // The question was about what was live then, and about everything but the code that was saved since.
        const { saved, meant } = answer;
        if (saved.deployedVersion?.id !== first.deployedVersion?.id) {
          return failed('liveChanged', saved);
        }
        if (!sameContent({ ...meant, code: saved.code }, saved)) {
          return failed('draftChanged', saved);
        }
        first = saved;
        asked = 0;
        isSaved = true;
      }
    }
  } catch (error) {
    const outcome = await beforeSending(options, error);
    // What failed after the reading is a save, whose request may have arrived: that nothing was sent is not known.
    return first !== undefined && outcome.kind === 'stopped' ? failed('unreachable', first, error) : outcome;
  }
  const outcome = await deployDraft(options, first, asked > FRESH_MS);
  return isSaved && outcome.kind === 'stopped' && !outcome.sent ? { ...outcome, saved: true } : outcome;
}

/** Waits for the build of a draft that is agreed to, and deploys it. A `stale` one is read anew before it is believed. */
async function deployDraft(options: DeployRunOptions, first: Action, stale: boolean): Promise<Outcome> {
  options.onDue?.(callOf(options, first));
  const built = await waitUntilBuilt(options, first, stale);
  return 'kind' in built ? built : sendAndConfirm(options, callOf(options, built));
}

/** The call that makes a version of a draft. */
function callOf(options: DeployRunOptions, built: Action): VersionCall {
  return {
    action: built,
    send: signal => options.api.deployAction(built.id, { signal }),
    isMeant: content => sameContent(content, built),
    meant: built,
    before: Math.max(built.deployedVersion?.number ?? 0, options.failedVersion ?? 0),
    since: notBefore(built),
    ...(built.readAt === undefined ? {} : { readAt: new Date(built.readAt).toISOString() }),
    takesDraft: true,
    notBuilt: error => notBuiltAfterAll(options, built, error),
  };
}

/**
 * The service's time before which no version can have come of a draft as it was read. A version that failed earlier may
 * hold the same, so that the draft's own time does not do alone.
 */
function notBefore({ updatedAt, readAt }: Action): string {
  const read = readAt === undefined ? '' : sortableTime(new Date(readAt - SERVICE_SKEW_MS).toISOString());
  const updated = sortableTime(updatedAt);
  return read > updated ? read : updated;
}

/** The draft once it is built, or the outcome where it never will be. A `stale` one is read anew before it is believed. */
async function waitUntilBuilt(options: DeployRunOptions, first: Action, stale: boolean): Promise<Action | Outcome> {
  const { clock, signal } = options;
  options.onPhase('building');
  const deadline = new Deadline(clock, BUILD_DEADLINE_MS);
  let action = first;
  let mustRead = stale;
  let lastError: unknown;
  for (let looks = 0; ; looks += 1) {
    if (signal.aborted) {
      return { kind: 'stopped', sent: false };
    }
    if (!sameContent(first, action)) {
      return failed('draftChanged', action);
    }
    const live = action.deployedVersion;
    if (live !== undefined && live.id !== first.deployedVersion?.id) {
      // Somebody else deployed or rolled back: to go on would undo that unseen, or make the same once more.
      return sameContent(action, live) ? { kind: 'live', version: live.number, byOther: true } : failed('liveChanged', action);
    }
    if (action.status === 'built' && !mustRead) {
      return action;
    }
    if (action.status === 'failed' && !mustRead) {
      return failed('buildFailed', action);
    }
    if (deadline.isOver()) {
      return failed(lastError === undefined ? 'buildTimeout' : 'unreachable', action, lastError);
    }
    // A status that nobody knows is waited for like a build: it may lead to `built`.
    await pauseAfter(options, deadline, looks, isBuilding(action.status) && action.dependencies.length > 0 ? FIRST_WITH_PACKAGES_MS : undefined, lastError);
    try {
      action = await readAction(options, mustRead ? 'step' : 'background', deadline.readMs);
      mustRead = false;
      lastError = undefined;
    } catch (error) {
      // A token that ended is no end: a person may give a new one while the service builds.
      if (!isPassing(error) && !isSignedOut(error)) {
        return beforeSending(options, error, action);
      }
      lastError = error;
    }
  }
}

/** The service says the draft is not built any more: somebody saved it between the last look and the call. */
async function notBuiltAfterAll(options: DeployRunOptions, built: Action, error: ApiError): Promise<Outcome> {
  try {
    const action = await readAction(options);
    return failed(sameContent(built, action) ? 'refused' : 'draftChanged', action, error);
  } catch {
    return failed('refused', built, error);
  }
}
