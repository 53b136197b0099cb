/** One deployment of a draft: read the action, wait until its draft is built, deploy it, read back. */
import type { Action } from '../auth0/api.ts';
import { isPassing, isSignedOut } from '../auth0/errors.ts';
import type { ApiError } from '../auth0/errors.ts';
import { sameContent } from './content.ts';
import type { Outcome } from './deployment.ts';
import { isBuilding } from './model.ts';
import { BUILD_DEADLINE_MS, FRESH_MS, beforeSending, failed, pauseBetween, readAction, sendAndConfirm } from './versionCall.ts';
import type { RunOptions } from './versionCall.ts';

/** Whatever installs packages takes seconds. */
const FIRST_WITH_PACKAGES_MS = 700;

export interface DeployRunOptions extends RunOptions {
  /**
   * Asked once, with the action as just read; `false` ends the deployment as stopped. An action in place of `true` is
   * the draft as it was saved meanwhile: that is then what is deployed.
   */
  readonly confirm?: (action: Action) => Promise<boolean | Action>;
}

/** Runs one deployment to its end. Never rejects: everything that can happen is an outcome. */
export async function runDeployment(options: DeployRunOptions): Promise<Outcome> {
  const { clock } = options;
  let first: Action;
  let asked = 0;
  try {
    options.onPhase('reading');
    first = await readAction(options, 'step');
    const askedAt = clock.now();
    if (options.confirm !== undefined) {
      const answer = await options.confirm(first);
      if (answer === false) {
        return { kind: 'stopped', sent: false, declined: true };
      }
      asked = clock.now() - askedAt;
      if (answer !== true) {
        first = answer;
        asked = 0;
      }
    }
  } catch (error) {
    return beforeSending(options, error);
  }
  const built = await waitUntilBuilt(options, first, asked > FRESH_MS);
  if ('kind' in built) {
    return built;
  }
  return sendAndConfirm(options, {
    action: built,
    send: signal => options.api.deployAction(built.id, { signal }),
    isMeant: content => sameContent(content, built),
    before: built.deployedVersion?.number ?? 0,
    ...(built.updatedAt === undefined ? {} : { since: built.updatedAt }),
    notBuilt: error => notBuiltAfterAll(options, built, error),
  });
}

/** The draft once it is built, or the outcome where it never will be. A `stale` one is read anew before it is believed. */
async function waitUntilBuilt(options: DeployRunOptions, first: Action, stale: boolean): Promise<Action | Outcome> {
  const { clock, signal } = options;
  options.onPhase('building');
  const begun = clock.now();
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
    if (action.status === 'built' && !mustRead) {
      return action;
    }
    if (action.status === 'failed' && !mustRead) {
      return failed('buildFailed', action);
    }
    if (clock.now() - begun >= BUILD_DEADLINE_MS) {
      return failed(lastError === undefined ? 'buildTimeout' : 'unreachable', action, lastError);
    }
    // A status that nobody knows is waited for like a build: it may lead to `built`.
    await pauseBetween(options, begun, looks, isBuilding(action.status) && action.dependencies.length > 0 ? FIRST_WITH_PACKAGES_MS : undefined);
    try {
      action = await readAction(options);
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
