/** One deployment of a draft: read the action, wait until its draft is built, deploy it, read back. */
import type { Action } from '../auth0/api.ts';
import { isPassing, isSignedOut } from '../auth0/errors.ts';
import type { ApiError } from '../auth0/errors.ts';
import { sameContent } from './content.ts';
import type { Outcome } from './deployment.ts';
import { isBuilding } from './model.ts';
import { BUILD_DEADLINE_MS, FRESH_MS, beforeSending, failed, pauseBetween, readAction, sendAndConfirm } from './versionCall.ts';
import type { RunOptions } from './versionCall.ts';

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
  let foundBuilt: boolean;
  try {
    options.onPhase('reading');
    first = await options.api.getAction(options.actionId, { signal: options.signal });
    options.onAction(first);
    foundBuilt = !isBuilding(first.status);
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
        foundBuilt = false;
      }
    }
  } catch (error) {
    return beforeSending(options, error);
  }
  const built = await waitUntilBuilt(options, first, asked > FRESH_MS);
  if ('kind' in built) {
    return built;
  }
  let newest = 0;
  try {
    newest = foundBuilt ? await newestVersion(options) : 0;
  } catch (error) {
    return beforeSending(options, error, built);
  }
  return sendAndConfirm(options, {
    action: built,
    send: signal => options.api.deployAction(built.id, { signal }),
    isMeant: content => sameContent(content, built),
    before: Math.max(newest, built.deployedVersion?.number ?? 0),
    ...(built.updatedAt === undefined ? {} : { since: built.updatedAt }),
    notBuilt: error => notBuiltAfterAll(options, built, error),
  });
}

/**
 * The highest number that any version has. A draft that was built before anybody looked may have been deployed in vain,
 * and the action does not tell: should the answer of the call be lost, that version must not be taken for the call's.
 */
async function newestVersion(options: RunOptions): Promise<number> {
  const { items } = await options.api.listVersions(options.actionId, 0, 1, { signal: options.signal });
  return items[0]?.number ?? 0;
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
    await pauseBetween(options, begun, looks, isBuilding(action.status) ? 1 : 2);
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
