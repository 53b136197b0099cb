/**
 * One roll back: read the action and its versions, make the old version's content a new version, read back. Nothing is
 * built for it, so that it is as fast as two reads, the call and a look.
 */
import { VERSIONS_KEPT } from '../auth0/api.ts';
import type { Action, Version } from '../auth0/api.ts';
import { sameContent, withoutSecretTimes } from './content.ts';
import type { Outcome } from './deployment.ts';
import { FRESH_MS, beforeSending, failed, readAction, sendAndConfirm } from './versionCall.ts';
import type { RunOptions } from './versionCall.ts';

export interface RollBackRunOptions extends RunOptions {
  /** Number of the version whose content is to become live. */
  readonly number: number;
  /**
   * Asked once, with the action and the version as just read: whether the draft becomes that content too.
   * `undefined` ends the roll back as stopped.
   */
  readonly confirm: (action: Action, version: Version) => Promise<{ readonly updateDraft: boolean } | undefined>;
}

/** Runs one roll back to its end. Never rejects: everything that can happen is an outcome. */
export async function runRollBack(options: RollBackRunOptions): Promise<Outcome> {
  const { api, actionId, signal, clock } = options;
  let action: Action | undefined;
  try {
    options.onPhase('reading');
    const [read, versions] = await Promise.all([api.getAction(actionId, { signal }), api.listVersions(actionId, 0, VERSIONS_KEPT, { signal })]);
    action = read;
    options.onAction(read);
    const old = versions.items.find(version => version.number === options.number);
    if (old === undefined) {
      return failed('versionGone', read);
    }
    if (old.status === 'failed') {
      return failed('versionUnusable', read);
    }
    const askedAt = clock.now();
    const choice = await options.confirm(read, old);
    if (choice === undefined) {
      return { kind: 'stopped', sent: false, declined: true };
    }
    // While the question was open, somebody may have deployed, or saved the draft that is to be replaced.
    const now = clock.now() - askedAt > FRESH_MS ? await readAction(options, 'interactive') : read;
    if (now.deployedVersion?.id !== read.deployedVersion?.id) {
      return failed('liveChanged', now);
    }
    if (choice.updateDraft && !sameContent(now, read)) {
      return failed('draftChanged', now);
    }
    const meant = withoutSecretTimes(old);
    return await sendAndConfirm(options, {
      action: now,
      send: callSignal => api.deployVersion(actionId, old.id, choice.updateDraft, { signal: callSignal }),
      isMeant: content => sameContent(withoutSecretTimes(content), meant),
      meant,
      anySecretTimes: true,
      before: Math.max(...versions.items.map(version => version.number)),
      target: old.id,
      draftFollows: choice.updateDraft,
    });
  } catch (error) {
    return beforeSending(options, error, action);
  }
}
