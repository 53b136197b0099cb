/** A run of a draft in its tenant, with the questions before it: for Test Action, the Test Explorer and comparisons. */
import * as vscode from 'vscode';
import { runTest } from '../../actions/runs/testRun.ts';
import type { TestOutcome } from '../../actions/runs/testRun.ts';
import type { Action } from '../../auth0/api.ts';
import type { JsonObject } from '../../auth0/json.ts';
import { confirmWrite } from '../commands/confirmWrite.ts';
import type { Parts } from '../commands/parts.ts';
import type { Target } from '../commands/targets.ts';
import { UserError, errorWords } from '../errorWords.ts';
import { ask } from '../messages.ts';
import { Dismissed } from '../run.ts';
import { short } from '../texts.ts';

/** A text of the draft that is only here is not what a test runs: a person saves it first, or leaves it out. Resolves to what became of it. */
export async function settleUnsaved(parts: Parts, { tenant, actionId }: Target, action: Action, asks: boolean): Promise<'none' | 'saved' | 'leftOut'> {
  const { drafts } = parts.documents;
  const pending = await drafts.pending({ tenantId: tenant.id, actionId });
  if (pending === undefined || pending.text === action.code) {
    return 'none';
  }
  if (!asks) {
    return 'leftOut';
  }
  const save = vscode.l10n.t('Save and Test');
  const leave = vscode.l10n.t('Test What Is Saved');
  const choice = await ask(tenant, vscode.l10n.t('Your text of {0} is not saved in {1}', short(action.name), tenant.name), vscode.l10n.t('A test runs the draft as it is saved there, without your changes.'), save, leave);
  if (choice === save) {
    if ((await drafts.sendPending(tenant, { tenantId: tenant.id, actionId }, pending.text)) === undefined) {
      throw new Dismissed();
    }
    return 'saved';
  }
  if (choice !== leave) {
    throw new Dismissed();
  }
  return 'leftOut';
}

/** A test runs the code for real: a protected tenant asks, whoever calls. */
export async function confirmRun(parts: Parts, { tenant }: Target, action: Action): Promise<void> {
  if (!tenant.isProtected) {
    return;
  }
  const run = vscode.l10n.t('Run Test');
  const detail = [
    vscode.l10n.t('The code really runs at the service, with the values of the action\'s secrets ({0}): whatever it calls is really called, with whatever that does.', action.secrets.length),
    vscode.l10n.t('No login takes part in it, and what is live stays as it is.'),
  ].join('\n');
  if ((await confirmWrite(parts, { tenant, question: vscode.l10n.t('Run a test of {0} in {1}?', short(action.name), tenant.name), detail, choices: [run] })) !== run) {
    throw new Dismissed();
  }
}

export type DoneTest = Extract<TestOutcome, { kind: 'done' }>;

/**
 * Sends the event once, and waits for what comes of it. Whoever cancels gives up the waiting.
 * @throws UserError where there is nothing to run, the answer was lost, or nobody waits for it any more; Dismissed where
 * it was cancelled before it was sent; ApiError where it was refused.
 */
export async function runInTenant(parts: Parts, { tenant, actionId, actionName }: Target, event: JsonObject, token: vscode.CancellationToken, progress: (words: string) => void): Promise<DoneTest> {
  const name = short(actionName);
  const api = await tenant.api();
  const stop = new AbortController();
  let sent = false;
  const cancelled = new Promise<never>((_resolve, reject) => {
    const cancel = (): void => {
      stop.abort();
      // A test that waits for its turn ends by itself, as one that was never sent. One that has left goes on.
      setTimeout(() => reject(sent ? new UserError(vscode.l10n.t('Stopped waiting for the test of {0} in {1}. It had been sent, so the code may run to its end.', name, tenant.name)) : new Dismissed()), 0);
    };
    token.onCancellationRequested(cancel);
    if (token.isCancellationRequested) {
      cancel();
    }
  });
  cancelled.catch(() => undefined);
  const outcome = await Promise.race([runTest({
    api, actionId, event, clock: parts.state.clock, random: Math.random, signal: stop.signal,
    onBuilding: () => progress(vscode.l10n.t('waiting for the build')),
    onSending: () => {
      sent = true;
      progress(vscode.l10n.t('running'));
    },
  }), cancelled]);
  switch (outcome.kind) {
    case 'buildFailed': throw new UserError(vscode.l10n.t('The draft of {0} in {1} failed to build, so there is nothing to run. Nothing was tested.', short(outcome.action.name), tenant.name));
    case 'notBuilt': throw new UserError(vscode.l10n.t('The draft of {0} in {1} was not built within six minutes. Nothing was tested.', short(outcome.action.name), tenant.name));
    case 'lost': throw new UserError(vscode.l10n.t('The test of {0} was sent to {1}, but its answer was lost: the code may have run. It is not sent again by itself. {2}', short(outcome.action.name), tenant.name, errorWords(outcome.error, tenant.name).text));
    case 'done': {
      const { error, stats } = outcome.result;
      // Nothing of the error: it is the code's, and may hold anything.
      parts.log.info(`test of ${short(outcome.action.name)} in ${tenant.name}: ${error === undefined ? 'no error' : 'failed'}, ${stats.map(one => `${short(one.name)} ${one.value}`).join(', ')}`);
      return outcome;
    }
  }
}
