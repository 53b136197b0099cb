/** Roll back: an old version's content becomes a new live version. Its question says what that means for the draft. */
import * as vscode from 'vscode';
import { differences } from '../../actions/content.ts';
import type { ContentPart } from '../../actions/content.ts';
import { madeLive } from '../../actions/deployments.ts';
import type { Action, Version } from '../../auth0/api.ts';
import { asObject } from '../../auth0/json.ts';
import { UserError } from '../errorWords.ts';
import { commands } from '../ids.ts';
import { reachOf } from '../reachWords.ts';
import { Dismissed, run } from '../run.ts';
import { short } from '../texts.ts';
import { readUri } from '../uris.ts';
import { partWords, whenWords } from '../words.ts';
import { confirmWrite } from './confirmWrite.ts';
import { follow, resultOf } from './deploymentEnd.ts';
import type { DeployResult } from './deploymentEnd.ts';
import type { CommandTable, Parts } from './parts.ts';
import { pickVersion } from './pickVersion.ts';
import { codeArgs, targetNamed, targetOf } from './targets.ts';
import type { Target } from './targets.ts';
import { tellUnused } from './tellUnused.ts';

type Choice = { readonly updateDraft: boolean } | undefined;

export function rollBackCommands(parts: Parts): CommandTable {
  return {
    [commands.deployVersion]: async (...given) => {
      const args = codeArgs(given[0]);
      if (args !== undefined) {
        // Called by code: no dialog but for a protected tenant; the draft follows only where the caller says so.
        const target = await targetNamed(parts.state, args);
        const updateDraft = asObject(given[0])['updateDraft'] === true;
        return rollBack(parts, target, versionOf(target), (action, version) => (target.tenant.isProtected ? confirm(parts, target, action, version, updateDraft) : Promise.resolve({ updateDraft })), updateDraft);
      }
      return run(parts.log, 'deployVersion', async about => {
        const target = await targetOf(parts.state, vscode.l10n.t('Roll back which action?'), ...given);
        about.tenant = target.tenant;
        about.action = target.actionName;
        const number = target.version ?? (await pickVersion(parts, target, vscode.l10n.t('Roll back {0} in {1} to which version?', short(target.actionName), target.tenant.name), { rollBack: true }));
        if (number === undefined) {
          throw new Dismissed();
        }
        return rollBack(parts, target, number, (action, version) => confirm(parts, target, action, version));
      });
    },
    [commands.undoDeployment]: (...args) =>
      run(parts.log, 'undoDeployment', async about => {
        const { tenant, actionId, actionName, version: made = 0, replaced } = await undone(parts, args);
        about.tenant = tenant;
        about.action = actionName;
        if (replaced === undefined) {
          throw new UserError(vscode.l10n.t('Nothing of {0} was live in {1} before v{2}, so there is no version to go back to.', short(actionName), tenant.name, made));
        }
        const target: Target = { tenant, actionId, actionName };
        return rollBack(parts, target, replaced, (action, version) => confirm(parts, target, action, version, undefined, made));
      }),
  };
}

/**
 * The deployment that an undo takes back: by its id, the last one of the action that is named or open, or the last of all.
 * @throws UserError where there is none.
 */
async function undone({ state, history }: Parts, args: readonly unknown[]): Promise<Undone> {
  const { deployments } = state;
  const [first] = args;
  const open = args.length === 0 ? readUri(vscode.window.activeTextEditor?.document.uri ?? vscode.Uri.parse('none:')) : undefined;
  if (typeof first === 'string' || (args.length === 0 && open === undefined)) {
    const found = deployments.list().find(one => (typeof first === 'string' ? one.id === first : madeLive(one)));
    if (found === undefined) {
      throw new UserError(vscode.l10n.t('Nothing went live from this window that could be undone. Roll back to a version in place of that.'));
    }
    return found;
  }
  const { tenant, actionId, actionName } = await targetOf(state, '', ...args);
  // Of an earlier window, where this one has none.
  const last = deployments.lastLive(tenant.id, actionId) ?? (await (await history.load()).lastLive(history.storage, tenant.id, actionId));
  if (last === undefined) {
    throw new UserError(vscode.l10n.t('{0} in {1} has not gone live from this machine. Roll back to a version in place of that.', short(actionName), tenant.name));
  }
  return { tenant, actionId, actionName, version: last.version, replaced: last.replaced };
}

/** What an undo takes back, and what it goes back to. */
interface Undone extends Omit<Target, 'version'> {
  readonly version?: number | undefined;
  readonly replaced?: number | undefined;
}

function versionOf(target: Target): number {
  if (target.version === undefined) {
    throw new UserError(vscode.l10n.t('A roll back needs the number of a version.'));
  }
  return target.version;
}

/** `updateDraft` is what a caller's code has decided; a person is asked. */
async function rollBack(parts: Parts, target: Target, number: number, choose: (action: Action, version: Version) => Promise<Choice>, updateDraft?: boolean): Promise<DeployResult> {
  const { tenant, actionId, actionName } = target;
  const deployment = await follow(parts, target, () => parts.state.deployments.rollBack({ tenant, actionId, actionName, number, confirm: choose, ...(updateDraft === undefined ? {} : { updateDraft }) }));
  if (updateDraft === undefined) {
    void tellUnused(parts, deployment);
  }
  return resultOf(deployment);
}

/**
 * One dialog with everything: what becomes live, what it replaces, and what happens to the draft. `decided` is what a
 * caller has decided about the draft: nothing else is offered then. `undone` is the version that an undo takes back.
 */
async function confirm(parts: Parts, { tenant }: Target, action: Action, version: Version, decided?: boolean, undone?: number): Promise<Choice> {
  const keep = vscode.l10n.t('Roll Back, Keep the Draft');
  const follows = vscode.l10n.t('Roll Back the Draft Too');
  const draftIsThat = differences(action, version).length === 0;
  const choice = await confirmWrite(parts, {
    tenant,
    question: undone === undefined
      ? vscode.l10n.t('Roll back {0} in {1} to v{2}?', short(action.name), tenant.name, version.number)
      : vscode.l10n.t('Undo v{3} of {0} in {1}, and roll back to v{2}?', short(action.name), tenant.name, version.number, undone),
    detail: [...othersSentence(action, undone), [liveSentence(action, version), ...(await reachOf(parts.state, tenant, action))].join('\n'), draftSentence(action, version, draftIsThat)].join('\n\n'),
    choices: draftIsThat ? [vscode.l10n.t('Roll Back')] : decided === undefined ? [keep, follows] : [decided ? follows : keep],
  });
  return choice === undefined ? undefined : { updateDraft: decided ?? choice === follows };
}

/** What is live is not what is to be undone: it would be replaced as well. */
function othersSentence(action: Action, undone: number | undefined): readonly string[] {
  const live = action.deployedVersion?.number;
  return undone === undefined || live === undone || live === undefined ? [] : [vscode.l10n.t('v{0} is not live any more, but v{1}: somebody else has deployed since. That would be undone too.', undone, live)];
}

function liveSentence(action: Action, version: Version): string {
  const live = action.deployedVersion;
  const when = whenWords(version.createdAt, Date.now());
  if (live === undefined) {
    return vscode.l10n.t('Nothing is live now. What v{0} ({1}) holds becomes a new version, live at once.', version.number, when);
  }
  if (live.id === version.id) {
    return vscode.l10n.t('v{0} ({1}) is live already. This makes one more version that holds the same, of the 50 that the service keeps.', live.number, when);
  }
  const changed = differences(live, version);
  return changed.length === 0
    ? vscode.l10n.t('v{0} is live and holds the same as v{1} ({2}). Rolling back makes one more version, of the 50 that the service keeps.', live.number, version.number, when)
    : vscode.l10n.t('v{0} is live. What v{1} ({2}) holds becomes a new version, v{3} or higher, live at once. It changes: {4}.', live.number, version.number, when, live.number + 1, listed(changed));
}

function draftSentence(action: Action, version: Version, draftIsThat: boolean): string {
  if (draftIsThat) {
    return vscode.l10n.t('The draft holds the same as v{0}.', version.number);
  }
  const live = action.deployedVersion;
  const undeployed = live === undefined ? [] : differences(live, action);
  if (live === undefined) {
    return vscode.l10n.t('The draft holds something else. Rolled back too, what it holds is lost.');
  }
  return undeployed.length === 0
    ? vscode.l10n.t('The draft holds what v{0} holds. Kept as it is, the next ordinary deploy brings that back.', live.number)
    : vscode.l10n.t('The draft holds something else than what is live ({0}). Kept as it is, the next ordinary deploy makes that live. Rolled back too, changes that were never deployed are lost.', listed(undeployed));
}

function listed(parts: readonly ContentPart[]): string {
  return parts.map(partWords).join(', ');
}
