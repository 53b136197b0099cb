/** Finds out what became of a deployment that another window began, or that could not be confirmed: by reads alone. */
import type { Outcome } from './deployment.ts';
import type { RunNote } from './runNote.ts';
import { confirmSent } from './versionCall.ts';
import type { RunOptions } from './versionCall.ts';

/**
 * Looks to the end, following a version that is still being built. Sends nothing, and rejects only for a deployment
 * whose call was never known.
 */
export async function runLookUp(options: RunOptions, note: RunNote): Promise<Outcome> {
  const { call, version } = note;
  const outcome = await confirmSent(options, call, { at: call.at, ...(version === undefined ? {} : { version }) });
  // Nobody wrote that it left, and nothing came of it.
  return call.at === undefined && outcome.kind === 'failed' && outcome.reason === 'notDeployed' ? { ...outcome, reason: 'interrupted' } : outcome;
}
