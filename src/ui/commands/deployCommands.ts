/** Deploy, and its question. What several at once take is in a bundle of its own, loaded at the first of them. */
import * as vscode from 'vscode';
import { changesBetween } from '../../actions/comparison.ts';
import type { Finding } from '../../actions/checks/check.ts';
import type { Deployment } from '../../actions/deployment.ts';
import type { Action, Version } from '../../auth0/api.ts';
import { isObject } from '../../auth0/json.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import type * as many from '../many/index.ts';
import { changeLines } from '../comparisonWords.ts';
import { commands, settings, settingsSection } from '../ids.ts';
import type { Linked } from '../local/linkedFiles.ts';
import { isLocal } from '../localFiles.ts';
import { flash } from '../messages.ts';
import { reachOf } from '../reachWords.ts';
import { UserError } from '../errorWords.ts';
import { run } from '../run.ts';
import { short } from '../texts.ts';
import { findingWords } from '../checkWords.ts';
import { refuseBusy } from './changeAction.ts';
import { confirmWrite } from './confirmWrite.ts';
import { errorsIn, isUnchanged } from './deployFacts.ts';
import { follow, resultOf } from './deploymentEnd.ts';
import type { DeployResult } from './deploymentEnd.ts';
import { pendingDraft, readyWith, withPending, withSaves } from './deployPending.ts';
import type { Confirm, Pending, Ready } from './deployPending.ts';
import type { CommandTable, Parts } from './parts.ts';
import { tenantNamedOrPicked } from './pickTenant.ts';
import { actionsOf, codeArgs } from './targets.ts';
import type { Target } from './targets.ts';
import { tellUnused } from './tellUnused.ts';

/** Errors of the checks that a question names. */
const ERRORS_SHOWN = 5;
/** How long the status bar says that there was nothing to deploy. */
const SAID_MS = 5000;

/** `loadMany` gives the bundle for several at once. */
export function deployCommands(parts: Parts, loadMany: () => Promise<typeof many>): CommandTable {
  return {
    [commands.deploy]: async (...given) => {
      const [first] = given;
      const args = codeArgs(first);
      const file = isObject(first) && isLocal(first['file']) ? first['file'] : undefined;
      if (args !== undefined || file !== undefined) {
        // Called by code: an unknown tenant or action rejects. There is no dialog but for a protected tenant, where a
        // person answers whoever calls, and for who wants one every time.
        const [target] = file === undefined ? await actionsOf(parts.state, '', args) : await fileTargets(parts, [file], false);
        return target === undefined ? undefined : (await start(parts, target, ready => (target.tenant.isProtected || (asksAlways() && !parts.unattended) ? confirm(parts, target, ready) : Promise.resolve(true)), false)).result;
      }
      return run(parts.log, 'deploy', async about => {
        const targets = await filesMeant(parts, given) ?? await actionsOf(parts.state, vscode.l10n.t('Deploy which action?'), ...given);
        const [only, second] = targets;
        if (only === undefined || second !== undefined) {
          return (await loadMany()).deploySelected(parts, follow, targets);
        }
        about.tenant = only.tenant;
        about.action = only.actionName;
        const { deployment, result } = await start(parts, only, ready => confirm(parts, only, ready));
        void tellUnused(parts, deployment);
        return result;
      });
    },
    [commands.deployChanged]: (...args) => run(parts.log, 'deployChanged', async about => {
      const tenant = await tenantNamedOrPicked(parts, vscode.l10n.t('Deploy the changed actions of which tenant?'), args);
      about.tenant = tenant;
      return (await loadMany()).deployChanged(parts, follow, tenant);
    }),
  };
}

/** What is deployed: the draft of an action, or a file that belongs to it. */
type DeployTarget = Target & { readonly pending?: Pending; readonly file?: Linked };

/** `attended` is false where a caller's code asked for it, which no question may hold up. */
async function start(parts: Parts, target: DeployTarget, confirm: Confirm, attended = true): Promise<{ readonly deployment: Deployment; readonly result: DeployResult }> {
  let unchanged: number | undefined;
  const asked: Confirm = ready => {
    // A file that is live already has nothing to deploy; a draft may be deployed anew.
    unchanged = target.pending !== undefined && !ready.savesFirst && isUnchanged(ready.action) ? ready.action.deployedVersion?.number : undefined;
    return unchanged === undefined ? confirm(ready) : Promise.resolve(false);
  };
  const pending = target.pending ?? pendingDraft(parts, target);
  const meant = async (action: Action): Promise<Action> => readyWith(action, await pending.change(action)).action;
  const deployment = await follow(parts, target, () => parts.state.deployments.deploy({ ...target, confirm: withPending(pending, asked, attended), meant }));
  if (unchanged !== undefined) {
    flash(target.tenant, 'check', vscode.l10n.t('{0} v{1} is live in {2} and holds what the file does', short(target.actionName), unchanged, target.tenant.name), SAID_MS);
    return { deployment, result: { outcome: 'live', version: unchanged, errors: [] } };
  }
  return { deployment, result: resultOf(deployment) };
}

/** The files that a command means: those it was called with, or the active editor's where that belongs to an action. */
async function filesMeant(parts: Parts, args: readonly unknown[]): Promise<readonly DeployTarget[] | undefined> {
  const [first, selected] = args;
  if (isLocal(first)) {
    return fileTargets(parts, Array.isArray(selected) && selected.length > 1 ? selected.filter(isLocal) : [first]);
  }
  const active = args.length === 0 ? vscode.window.activeTextEditor?.document.uri : undefined;
  if (!isLocal(active) || (await (await parts.local.get()).local.linked.of(active)) === undefined) {
    return undefined;
  }
  return fileTargets(parts, [active]);
}

/** One after another: each may ask. */
async function fileTargets(parts: Parts, uris: readonly vscode.Uri[], asks = true): Promise<readonly DeployTarget[]> {
  const { local } = await parts.local.get();
  const targets: DeployTarget[] = [];
  for (const uri of uris) {
    const target = await local.target(uri, asks);
    // A deployment that runs would be joined, and the file would never be sent.
    refuseBusy(parts, target);
    if (targets.some(one => one.tenant.id === target.tenant.id && one.actionId === target.actionId)) {
      throw new UserError(vscode.l10n.t('Two of these files are the code of {0} in {1}. Deploy the one that is meant.', short(target.actionName), target.tenant.name));
    }
    targets.push(target);
  }
  return targets;
}

function asksAlways(): boolean {
  return vscode.workspace.getConfiguration(settingsSection).get(settings.confirmDeploy) === 'always';
}

/** The one question before a deploy, where there is a reason to ask. */
async function confirm(parts: Parts, target: DeployTarget, { action, savesFirst, conflict }: Ready): Promise<boolean> {
  const { tenant } = target;
  const unchanged = isUnchanged(action);
  const errors = await errorsIn(parts, tenant, action);
  if (conflict === undefined && !unchanged && !asksAlways() && errors.length === 0 && !tenant.isProtected) {
    return true;
  }
  const name = short(action.name);
  const detailed = async (detail: string): Promise<string> => withSaves(withErrors(errors, await withReach(parts, tenant, action, detail)), savesFirst ? [action.name] : []);
  if (conflict !== undefined) {
    const [compare, overwrite, take] = [vscode.l10n.t('Compare'), vscode.l10n.t('Overwrite and Deploy'), vscode.l10n.t('Take Theirs')];
    const choice = await confirmWrite(parts, {
      tenant,
      question: vscode.l10n.t('Overwrite the draft of {0} in {1} and deploy yours?', name, tenant.name),
      detail: [conflict.sentence, vscode.l10n.t('Compare shows both side by side; nothing is saved or deployed then.'), vscode.l10n.t('Take Theirs replaces yours by what is there; nothing is deployed then.'), '', await detailed(changesDetail(action))].join('\n'),
      choices: [compare, overwrite, take],
    });
    if (choice === compare) {
      await conflict.compare();
    } else if (choice === take) {
      await takeTheirs(parts, target);
    }
    return choice === overwrite;
  }
  if (unchanged) {
    const anyway = vscode.l10n.t('Deploy Anyway');
    const question = vscode.l10n.t('Deploy {0} to {1} although nothing has changed?', name, tenant.name);
    return (await confirmWrite(parts, { tenant, question, detail: await detailed(unchangedDetail(action)), choices: [anyway] })) === anyway;
  }
  const deploy = errors.length === 0 ? vscode.l10n.t('Deploy') : vscode.l10n.t('Deploy Anyway');
  const question = vscode.l10n.t('Deploy {0} to {1}?', name, tenant.name);
  return (await confirmWrite(parts, { tenant, question, detail: await detailed(changesDetail(action)), choices: [deploy] })) !== undefined;
}

/** Puts what the tenant has in place of what is here. Rejects with an ApiError. */
async function takeTheirs(parts: Parts, { tenant, actionId, file }: DeployTarget): Promise<void> {
  if (file === undefined) {
    return parts.documents.drafts.takeTheirs(tenant, actionId);
  }
  const [{ local }, api] = await Promise.all([parts.local.get(), tenant.api()]);
  return local.take(file, tenant, await api.getAction(actionId));
}

/** The first few errors of the checks, before what else there is to know. */
function withErrors(errors: readonly Finding[], detail: string): string {
  const lines = errors.slice(0, ERRORS_SHOWN).map(error => vscode.l10n.t('Line {0}: {1}', error.range.line + 1, findingWords(error)));
  const more = errors.length > ERRORS_SHOWN ? [vscode.l10n.t('{0} more in the Problems panel, once the draft is open.', errors.length - ERRORS_SHOWN)] : [];
  return errors.length === 0 ? detail : `${[vscode.l10n.t('The checks found errors:'), ...lines, ...more].join('\n')}\n\n${detail}`;
}

/** What the question says beside the changes: which version this makes, and what runs it. */
async function withReach(parts: Parts, tenant: TenantRef, action: Action, detail: string): Promise<string> {
  const live = action.deployedVersion;
  const makes = live === undefined || isUnchanged(action) ? [] : [vscode.l10n.t('This makes v{0} or higher, live at once.', live.number + 1)];
  return [detail, ...makes, ...(await reachOf(parts.state, tenant, action))].join('\n');
}

function unchangedDetail(action: Action): string {
  const live = action.deployedVersion?.number ?? 0;
  return vscode.l10n.t('v{0} is live and holds the same as the draft. Deploying would make v{1} and use one of the 50 versions that the service keeps.', live, live + 1);
}

/** What a deploy changes, each fact on a line of its own. */
function changesDetail(action: Action): string {
  const live = action.deployedVersion;
  const changes = live === undefined ? [] : changesBetween(live, action);
  return live === undefined || changes.length === 0 ? sameDetail(live) : [vscode.l10n.t('Changed since v{0}, which is live:', live.number), ...changeLines(changes)].join('\n');
}

function sameDetail(live: Version | undefined): string {
  return live === undefined ? vscode.l10n.t('It has never been deployed: this makes version 1.') : vscode.l10n.t('v{0} is live and holds the same as the draft.', live.number);
}
