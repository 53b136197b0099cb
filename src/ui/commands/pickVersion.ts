/** Asking for one of an action's versions. */
import * as vscode from 'vscode';
import type { VersionSummary } from '../../actions/model.ts';
import { VERSIONS_KEPT } from '../../auth0/api.ts';
import { UserError } from '../errorWords.ts';
import { choose } from '../messages.ts';
import { Dismissed } from '../run.ts';
import { short, withoutIcons } from '../texts.ts';
import { whenWords } from '../words.ts';
import type { Parts } from './parts.ts';
import type { Target } from './targets.ts';

interface VersionItem extends vscode.QuickPickItem {
  /** Absent for the draft. */
  readonly number?: number;
}

export interface VersionChoices {
  /** Number of a version that is not offered. */
  readonly except?: number;
  /** Offers the draft as well. */
  readonly draft?: boolean;
  /** Leaves out what cannot be made live: the version that is, and versions that failed. */
  readonly rollBack?: boolean;
}

/**
 * The number of the version that a person picks; `undefined` for the draft.
 * @throws Dismissed when nothing is picked; ApiError when the versions cannot be read.
 */
export async function pickVersion(parts: Parts, target: Target, question: string, choices: VersionChoices = {}): Promise<number | undefined> {
  const api = await target.tenant.api();
  const load = async (): Promise<VersionItem[]> => {
    const { items } = await api.listVersions(target.actionId, 0, VERSIONS_KEPT);
    const liveId = parts.state.catalog(target.tenant.id).action(target.actionId)?.deployedVersion?.id;
    const isLive = (version: VersionSummary): boolean => version.id === liveId || version.deployed;
    const wanted = items.filter(version => version.number !== choices.except && !(choices.rollBack === true && (isLive(version) || version.status === 'failed')));
    if (wanted.length === 0 && !(choices.draft === true && items.length > 0)) {
      throw new UserError(choices.rollBack === true ? vscode.l10n.t('{0} in {1} has no older version to roll back to.', short(target.actionName), target.tenant.name) : vscode.l10n.t('{0} in {1} has no version yet: a deploy makes the first.', short(target.actionName), target.tenant.name));
    }
    const draft: VersionItem[] = choices.draft === true ? [{ label: vscode.l10n.t('Draft') }] : [];
    return [...draft, ...wanted.sort((a, b) => b.number - a.number).map(version => item(version, isLive(version)))];
  };
  const choice = await choose(target.tenant, load(), question);
  if (choice === undefined) {
    throw new Dismissed();
  }
  return choice.number;
}

function item(version: VersionSummary, live: boolean): VersionItem {
  const when = withoutIcons(whenWords(version.createdAt, Date.now()));
  const words = live ? vscode.l10n.t('live · {0}', when) : version.status === 'failed' ? vscode.l10n.t('failed · {0}', when) : when;
  return { number: version.number, label: `v${version.number}`, description: words };
}
