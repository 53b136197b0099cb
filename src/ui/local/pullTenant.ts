/** Pull All Actions into Files…: a plan, one question, and only files that change. */
import * as vscode from 'vscode';
import { readAllActions } from '../../actions/allActions.ts';
import { planPull, writePull } from '../../actions/local/pull.ts';
import type { LeftWhy, PlannedFile, PullPlan } from '../../actions/local/pull.ts';
import { readRepository } from '../../actions/local/repository.ts';
import { readStatedFile } from '../../actions/local/tenantFile.ts';
import type { Action } from '../../auth0/api.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { isObject } from '../../auth0/json.ts';
import { UserError } from '../errorWords.ts';
import { ask, inform, warn, withoutLinks } from '../messages.ts';
import { Dismissed } from '../run.ts';
import type { About } from '../run.ts';
import { short } from '../texts.ts';
import { isRow } from '../tree/rows.ts';
import type { Parts } from '../commands/parts.ts';
import { tenantNamedOrPicked } from '../commands/pickTenant.ts';
import { filesOf, folderNamed, folderToPullInto, folderWords, mappingsFor, refuseLinked } from './repositoryFolders.ts';
import { uncommitted } from './uncommitted.ts';

/** Names of files in one line of the question, and in the summary. */
const NAMED = 6;

export interface PullAnswer {
  /** Paths from the folder on. */
  readonly written: readonly string[];
  readonly same: number;
  readonly left: readonly string[];
  readonly gone: readonly string[];
}

/**
 * Pulls all actions of a tenant into a folder, as auth0-deploy-cli exports them.
 * @throws UserError where the folder has another form; Dismissed; ApiError where the tenant cannot be read.
 */
export async function pullTenant(parts: Parts, about: About, args: readonly unknown[]): Promise<PullAnswer> {
  const tenant = await tenantNamedOrPicked(parts, vscode.l10n.t('Pull all actions of which tenant?'), args);
  about.tenant = tenant;
  const named = isObject(args[0]) && !isRow(args[0]) ? folderNamed(args[0]['folder']) : undefined;
  const folder = named ?? (await folderToPullInto(vscode.l10n.t('Pull all actions of {0} into which folder?', tenant.name)));
  await refuseLinked(folder);
  const where = folderWords(folder);
  const plan = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: withoutLinks(vscode.l10n.t('Reading all actions of {0}', tenant.name)) }, () => planOf(parts, tenant, folder));
  const unsaved = openWithChanges();
  const isUnsaved = ({ path }: PlannedFile): boolean => unsaved.has(vscode.Uri.joinPath(folder, path).toString());
  const writes = plan.writes.filter(one => !isUnsaved(one));
  const before = [...plan.left.map(({ path, why }) => `${path} (${leftWords(why)})`), ...plan.writes.filter(isUnsaved).map(({ path }) => `${path} (${vscode.l10n.t('open, with text that is not saved')})`)];
  if (writes.length > 0) {
    const pull = vscode.l10n.t('Pull');
    const question = vscode.l10n.t('Pull {0} actions of {1} into {2}?', plan.actions, tenant.name, where);
    if ((await ask(tenant, question, [...(await otherTenantWords(parts, folder, tenant)), ...(await detailLines(folder, plan, writes, before))].join('\n'), pull)) !== pull) {
      throw new Dismissed();
    }
  }
  const { written, left } = await writePull(filesOf(folder), writes);
  await ownedBy(parts, folder, tenant);
  left.forEach(({ path, error }) => error === undefined ? undefined : parts.log.error(`pull ${path}`, error));
  const all = [...before, ...left.map(({ path, why }) => `${path} (${leftWords(why)})`)];
  const sentences = [
    written.length === 0 ? vscode.l10n.t('{0}: the files of {1} actions in {2} are as they should be.', tenant.name, plan.actions, where) : vscode.l10n.t('{0} files in {1} hold what {2} has now; {3} held it already.', written.length, where, tenant.name, plan.same),
    ...(all.length === 0 ? [] : [vscode.l10n.t('Left alone: {0}.', some(all))]),
    ...goneWords(plan, tenant.name),
  ];
  void (all.length === 0 ? inform : warn)(tenant, sentences.join(' '));
  return { written: written.map(({ path }) => path), same: plan.same, left: all, gone: plan.gone };
}

/** A workspace folder without a tenant has the one that was pulled into it: somebody has just chosen it. */
async function ownedBy(parts: Parts, folder: vscode.Uri, tenant: TenantRef): Promise<void> {
  const own = vscode.workspace.getWorkspaceFolder(folder);
  const { local } = await parts.local.get();
  if (own !== undefined && local.linked.tenantId(own) === undefined) {
    await local.linked.setTenant(own, tenant.id);
  }
}

/** That the workspace folder has another tenant, with which its files are compared. */
async function otherTenantWords(parts: Parts, folder: vscode.Uri, tenant: TenantRef): Promise<readonly string[]> {
  const own = vscode.workspace.getWorkspaceFolder(folder);
  const other = own === undefined ? undefined : (await parts.local.get()).local.linked.tenantId(own);
  return own === undefined || other === undefined || other === tenant.id ? [] : [`• ${vscode.l10n.t('the files in {0} belong to {1}, and will look changed beside it', short(own.name), parts.state.registry.find(other)?.name ?? short(other))}`];
}

async function planOf(parts: Parts, tenant: TenantRef, folder: vscode.Uri): Promise<PullPlan> {
  const files = filesOf(folder);
  const mappings = await mappingsFor(folder);
  const repository = await readRepository(files, mappings, readStatedFile);
  if (repository.layout === 'yaml') {
    throw new UserError(vscode.l10n.t('{0} keeps its actions in tenant.yaml, and a pull writes a folder of descriptions, which auth0-deploy-cli does not read beside it. Choose another folder.', folderWords(folder)));
  }
  return planPull(files, repository, mappings, await readAndKnow(parts, tenant));
}

/** All actions of a tenant, of which whatever shows its actions and files knows from here on. Rejects with an ApiError. */
export async function readAndKnow({ state }: Parts, tenant: TenantRef): Promise<readonly Action[]> {
  const actions = await readAllActions(await tenant.api());
  // The tenant may have been disconnected meanwhile.
  const catalog = state.registry.find(tenant.id) === undefined ? undefined : state.catalog(tenant.id);
  actions.forEach(action => catalog?.put(action));
  return actions;
}

function openWithChanges(): ReadonlySet<string> {
  return new Set(vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty).map(({ uri }) => uri.toString()));
}

async function detailLines(folder: vscode.Uri, plan: PullPlan, writes: readonly PlannedFile[], left: readonly string[]): Promise<readonly string[]> {
  const changed = writes.filter(({ before }) => before !== undefined);
  const at = ({ path }: PlannedFile): vscode.Uri => vscode.Uri.joinPath(folder, path);
  const lost = await uncommitted(changed.map(one => ({ uri: at(one), text: one.before ?? '' })));
  const isLost = (one: PlannedFile): boolean => lost.has(at(one).toString());
  const line = (text: string, items: readonly string[]): readonly string[] => (items.length === 0 ? [] : [`• ${text}`]);
  const names = (items: readonly PlannedFile[]): string => some(items.map(({ path }) => short(path)));
  const [fresh, kept, overwritten] = [writes.filter(({ before }) => before === undefined), changed.filter(one => !isLost(one)), changed.filter(isLost)];
  return [
    ...line(vscode.l10n.t('new files: {0}', fresh.length), fresh.map(({ path }) => path)),
    ...line(vscode.l10n.t('overwritten: {0}', names(kept)), kept.map(({ path }) => path)),
    ...line(vscode.l10n.t('overwritten, and not committed to git, so what they hold now is lost: {0}', names(overwritten)), overwritten.map(({ path }) => path)),
    ...line(vscode.l10n.t('left alone: {0}', some(left)), left),
    ...line(vscode.l10n.t('two actions lead to one file, so the second gets a number: {0}', some(plan.renumbered.map(({ path }) => short(path)))), plan.renumbered.map(({ path }) => path)),
    ...line(vscode.l10n.t('of actions that the tenant does not have, and which stay: {0}', some(plan.gone.map(path => short(path)))), plan.gone),
    ...line(vscode.l10n.t('unchanged: {0}', plan.same), plan.same === 0 ? [] : ['']),
  ];
}

function goneWords(plan: PullPlan, tenant: string): readonly string[] {
  return [
    ...(plan.gone.length === 0 ? [] : [vscode.l10n.t('{0} has no such action any more, and the file stays: {1}.', tenant, some(plan.gone.map(path => short(path))))]),
    ...(plan.marketplace.length === 0 ? [] : [vscode.l10n.t('Actions of the Marketplace are not pulled: {0}.', some(plan.marketplace.map(name => short(name))))]),
  ];
}

function leftWords(why: LeftWhy): string {
  switch (why) {
    case 'link': return vscode.l10n.t('a link is in the way');
    case 'notFile': return vscode.l10n.t('something else is there');
    case 'unsafe': return vscode.l10n.t('no safe path');
    case 'changed': return vscode.l10n.t('changed meanwhile');
    case 'failed': return vscode.l10n.t('could not be written');
  }
}

/** The first few of a list, and how many more there are. */
export function some(texts: readonly string[], most = NAMED): string {
  return [...texts.slice(0, most), ...(texts.length > most ? [vscode.l10n.t('and {0} more', texts.length - most)] : [])].join('; ');
}
