/** Opening and comparing drafts and versions. */
import * as vscode from 'vscode';
import { changesBetween } from '../../actions/comparison.ts';
import { UserError } from '../errorWords.ts';
import { commands } from '../ids.ts';
import { inform } from '../messages.ts';
import { run } from '../run.ts';
import type { About } from '../run.ts';
import { short } from '../texts.ts';
import { isRow } from '../tree/rows.ts';
import { documentUri, draftUri } from '../uris.ts';
import { compareWithTenant } from './compareTenants.ts';
import { contentShown, nameOf, showDifferences, versionWords } from './differences.ts';
import type { Side } from './differences.ts';
import type { CommandTable, Parts } from './parts.ts';
import { pickVersion } from './pickVersion.ts';
import { codeArgs, targetOf } from './targets.ts';
import type { Target } from './targets.ts';

/** Somebody who walks through the tree goes on walking: a row opens beside it, and everything else takes the focus. */
interface Focus {
  readonly preserveFocus: boolean;
}

export function documentCommands(parts: Parts): CommandTable {
  /** Calls from code reject; a person gets a notification. */
  const command = (what: string, question: () => string, work: (target: Target, other: number | undefined, focus: Focus) => Promise<unknown>) => async (...args: unknown[]): Promise<unknown> => {
    const go = async (about: About): Promise<unknown> => {
      const target = await targetOf(parts.state, question(), ...args);
      about.tenant = target.tenant;
      about.action = target.actionName;
      return work(target, otherVersion(args), { preserveFocus: isRow(args[0]) });
    };
    return codeArgs(args[0]) === undefined ? run(parts.log, what, go) : go({});
  };
  return {
    [commands.openDraft]: command('openDraft', () => vscode.l10n.t('Open the draft of which action?'), async (target, _other, focus) => {
      await vscode.window.showTextDocument(draftUri(target.tenant.id, target.actionId, await nameOf(target)), focus);
    }),
    [commands.openVersion]: command('openVersion', () => vscode.l10n.t('Open a version of which action?'), async (target, _other, focus) => {
      const version = target.version ?? (await pickVersion(parts, target, vscode.l10n.t('Open which version of {0} in {1}?', short(target.actionName), target.tenant.name)));
      await vscode.window.showTextDocument(documentUri({ tenantId: target.tenant.id, actionId: target.actionId, part: 'code', ...(version === undefined ? {} : { version }) }, await nameOf(target)), focus);
    }),
    [commands.compareDraftWithDeployed]: command('compareDraftWithDeployed', () => vscode.l10n.t('Compare the draft of which action with what is live?'), target => compareWithLive(parts, target)),
    [commands.compareVersions]: command('compareVersions', () => vscode.l10n.t('Compare versions of which action?'), async (target, other) => {
      const first = target.version ?? (await pickVersion(parts, target, vscode.l10n.t('Compare which version of {0} in {1}?', short(target.actionName), target.tenant.name)));
      const second = other ?? (await pickVersion(parts, target, vscode.l10n.t('Compare v{0} of {1} in {2} with which version?', first ?? 0, short(target.actionName), target.tenant.name), { draft: true, ...(first === undefined ? {} : { except: first }) }));
      // The older one on the left; the draft is the newest there is.
      const [older, newer] = (first ?? Number.POSITIVE_INFINITY) < (second ?? Number.POSITIVE_INFINITY) ? [first, second] : [second, first];
      await compare(parts, target, older, newer);
    }),
    [commands.compareWithTenant]: compareWithTenant(parts),
  };
}

/** The second version: named by code, or the other one of two selected rows of the same action. */
function otherVersion([first, selected]: readonly unknown[]): number | undefined {
  const named = codeArgs(first)?.with;
  if (named !== undefined || !isRow(first) || first.kind !== 'version' || !Array.isArray(selected)) {
    return named;
  }
  const others = (selected as readonly unknown[]).filter(isRow).filter(row => row.kind === 'version' && row.id !== first.id && row.actionId === first.actionId && row.tenant.id === first.tenant.id);
  const [only, more] = others;
  return more === undefined && only?.kind === 'version' ? only.number : undefined;
}

async function compareWithLive(parts: Parts, target: Target): Promise<void> {
  // Read now: what the tree shows may be older, and then the wrong version would be called live.
  const action = await parts.documents.content({ tenantId: target.tenant.id, actionId: target.actionId });
  const live = 'deployedVersion' in action ? action.deployedVersion : undefined;
  if (live === undefined) {
    throw new UserError(vscode.l10n.t('{0} in {1} has never been deployed: there is nothing to compare with.', short(await nameOf(target)), target.tenant.name));
  }
  await compare(parts, target, live.number, undefined, live.number);
}

/** Compares two versions, or one with the draft (`undefined`), code and everything else. */
async function compare(parts: Parts, target: Target, older: number | undefined, newer: number | undefined, live = parts.state.catalog(target.tenant.id).action(target.actionId)?.deployedVersion?.number): Promise<void> {
  const name = await nameOf(target);
  const side = (version: number | undefined): Side => ({ tenantId: target.tenant.id, actionId: target.actionId, name, ...(version === undefined ? {} : { version }) });
  const contents = await Promise.all([contentShown(parts, side(older)), contentShown(parts, side(newer))]);
  const [left, right] = [versionWords(older, live), versionWords(newer, live)];
  const title = vscode.l10n.t('{0}: {1}', short(name), `${left} ↔ ${right} (${target.tenant.name})`);
  if (!(await showDifferences([side(older), side(newer)], changesBetween(...contents), 'settings', title))) {
    void inform(target.tenant, vscode.l10n.t('{0} and {1} of {2} in {3} hold the same, code and everything else.', left, right, short(name), target.tenant.name));
  }
}
