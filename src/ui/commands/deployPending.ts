/** A deploy of a draft that is being edited here saves it first: one question for both. */
import * as vscode from 'vscode';
import { sameContent } from '../../actions/content.ts';
import type { Confirmed } from '../../actions/deployRun.ts';
import type { Action, ActionChange } from '../../auth0/api.ts';
import { UserError } from '../errorWords.ts';
import { short } from '../texts.ts';
import type { Parts } from './parts.ts';
import type { Target } from './targets.ts';

/** What of an action is only here, and how it gets to its tenant. */
export interface Pending {
  /** What is to be sent for a draft as it was read; nothing of it where the draft holds that already. */
  change(action: Action): Promise<Omit<ActionChange, 'secrets'>>;
  /** True where the draft holds something else than what is here began from. */
  isUnexpected(action: Action): boolean;
  /** A sentence that says so. */
  unexpected(action: Action): string;
  /** Shows the draft beside what is here. */
  compare(action: Action): Promise<unknown>;
  /**
   * Sends what is here in place of what a person has just seen, without a further question. Resolves to the draft as
   * saved, or to nothing where it was not, and that was told.
   */
  save(action: Action): Promise<Action | undefined>;
}

/** The text of a draft that is edited here, or kept. */
export function pendingDraft({ documents: { drafts } }: Pick<Parts, 'documents'>, { tenant, actionId }: Pick<Target, 'tenant' | 'actionId'>): Pending {
  let text: string | undefined;
  return {
    change: async action => {
      text = (await drafts.pending({ tenantId: tenant.id, actionId }))?.text;
      return text === undefined || text === action.code ? {} : { code: text };
    },
    isUnexpected: action => text !== undefined && drafts.isUnexpected(action, tenant.id, text),
    unexpected: action => vscode.l10n.t('{0} in {1} has been changed by somebody else since you opened it.', short(action.name), tenant.name),
    compare: action => drafts.compareWithTenant(tenant, action),
    save: action => drafts.savePending(tenant, action, text ?? action.code),
  };
}

/** An action as a deploy would find it, and what the question before that says of what is only here. */
export interface Ready {
  readonly action: Action;
  /** True where something that its tenant does not have is saved first. */
  readonly savesFirst: boolean;
  /** The draft that this replaces is not the one that it began from. */
  readonly conflict?: Conflict;
}

export interface Conflict {
  /** Says so. */
  readonly sentence: string;
  /** Shows the draft beside what is here. */
  compare(): Promise<unknown>;
}

/** Asks whether to deploy what is ready. */
export type Confirm = (ready: Ready) => Promise<boolean>;

/** The action as just read, with what is only here laid over it. */
export function readyWith(action: Action, { name: _, modules: __, ...change }: Omit<ActionChange, 'secrets'>): Ready {
  if (Object.keys(change).length === 0) {
    return { action, savesFirst: false };
  }
  const wanted: Action = { ...action, ...change, status: 'pending' };
  const live = action.deployedVersion;
  return { action: { ...wanted, allChangesDeployed: live !== undefined && sameContent(wanted, live) }, savesFirst: true };
}

/** The last line of a question's detail: which of these actions have a text here that is saved before they are deployed. */
export function withSaves(detail: string, names: readonly string[]): string {
  return names.length === 0 ? detail : `${detail}\n\n${vscode.l10n.t('Your text of {0} is only on this machine: it is saved first.', names.map(name => short(name)).join(', '))}`;
}

/**
 * What to do with the action that a deployment has just read: ask `confirm`, with the draft as it would be after
 * saving and whether that replaces somebody else's, then save. Without `attended`, the latter is an error in place of a
 * question.
 */
export function withPending(pending: Pending, confirm: Confirm, attended: boolean): (action: Action, signal: AbortSignal) => Promise<Confirmed> {
  return async (action, signal) => {
    const ready = readyWith(action, await pending.change(action));
    if (!ready.savesFirst) {
      // A failed draft cannot be deployed, whatever the answer would be.
      return action.status === 'failed' || confirm(ready);
    }
    const conflict = pending.isUnexpected(action) ? { sentence: pending.unexpected(action), compare: () => pending.compare(action) } : undefined;
    if (conflict !== undefined && !attended) {
      throw new UserError(vscode.l10n.t('{0} Nothing was deployed. Save or push it first, which asks what to do.', conflict.sentence));
    }
    if (!(await confirm(conflict === undefined ? ready : { ...ready, conflict }))) {
      return false;
    }
    if (signal.aborted) {
      // Stopped while the question was open: the deployment ends by itself, with nothing sent.
      return true;
    }
    const saved = await pending.save(action);
    return saved === undefined ? false : { saved, meant: ready.action };
  };
}
