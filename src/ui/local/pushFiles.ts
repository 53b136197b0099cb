/** Push All Actions from Files…: one reviewed list, then each draft is changed once. Nothing is deployed. */
import * as vscode from 'vscode';
import { editAction } from '../../actions/edits.ts';
import type { Edit } from '../../actions/edits.ts';
import { createAction } from '../../actions/lifecycle.ts';
import { differenceOf, newActionOf, obstacleOf } from '../../actions/local/differences.ts';
import { pushDraft } from '../../actions/local/push.ts';
import { readRepository } from '../../actions/local/repository.ts';
import type { Repository } from '../../actions/local/repository.ts';
import { readStatedFile } from '../../actions/local/tenantFile.ts';
import { secretValueProblem } from '../../actions/secrets.ts';
import type { Action } from '../../auth0/api.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { isObject } from '../../auth0/json.ts';
import { secretProblemWords } from '../editWords.ts';
import { UserError, errorWords, isUserError } from '../errorWords.ts';
import { commands } from '../ids.ts';
import { ask, enter, inform, warn, withoutLinks } from '../messages.ts';
import { Dismissed, run } from '../run.ts';
import type { About } from '../run.ts';
import { short } from '../texts.ts';
import { isRow } from '../tree/rows.ts';
import { refuseBusy } from '../commands/changeAction.ts';
import { confirmWrite } from '../commands/confirmWrite.ts';
import type { Parts } from '../commands/parts.ts';
import { tenantNamedOrPicked, tenantOf } from '../commands/pickTenant.ts';
import { saveEditor } from './localFile.ts';
import { readAndKnow, some } from './pullTenant.ts';
import { pushWords } from './pushWords.ts';
import type { PushCandidate } from './pushWords.ts';
import { reviewPush } from './pushReview.ts';
import type { Reviewed } from './pushReview.ts';
import { filesOf, folderNamed, folderToPushFrom, folderWords, mappingsFor, refuseLinked } from './repositoryFolders.ts';

/** What became of each action that was ticked. */
export interface PushAnswer {
  readonly changed: readonly string[];
  readonly created: readonly string[];
  /** Names with the reason. */
  readonly failed: readonly string[];
  /** New secrets for which no value was typed. */
  readonly withoutValue: readonly string[];
}

/**
 * Sends what a folder describes to the drafts of a tenant.
 * @throws UserError where the folder holds no actions, or all of them are as the tenant has them; Dismissed; ApiError where the tenant cannot be read.
 */
export async function pushFiles(parts: Parts, about: About, args: readonly unknown[]): Promise<PushAnswer> {
  const given = args[0] instanceof vscode.Uri ? args[0] : isObject(args[0]) && !isRow(args[0]) ? args[0]['folder'] : undefined;
  const folder = folderNamed(given) ?? (await folderToPushFrom(vscode.l10n.t('Push the actions of which folder?')));
  await refuseLinked(folder);
  const tenant = await tenantFor(parts, folder, args);
  about.tenant = tenant;
  await saveBelow(folder);
  const known = new Set<string>();
  const ticked = await reviewPush(parts, tenant, folder, folderWords(folder), () => candidates(parts, tenant, folder, known));
  const values = await secretValues(tenant, ticked);
  const removes = await asksToRemove(tenant, ticked);
  if (tenant.isProtected && !(await typesName(parts, tenant, ticked))) {
    throw new Dismissed();
  }
  const withoutValue = ticked.flatMap(one => newSecretsOf(one).filter(name => values.get(one)?.has(name) !== true).map(name => vscode.l10n.t('{0} of {1}', short(name), short(one.name))));
  const answer = { ...(await sendAll(parts, tenant, ticked, { known, values, removes })), withoutValue };
  tell(parts, tenant, answer);
  return answer;
}

/** What a configuration can be made of. */
const READ = /\.(?:[cm]?js|json|yaml)$/u;

/** Saves what is open and not saved in a folder: what a person sees is what is sent. @throws Dismissed where that failed, which VS Code has told. */
async function saveBelow(folder: vscode.Uri): Promise<void> {
  const below = folder.with({ path: folder.path.replace(/\/*$/u, '/') }).toString();
  for (const { uri } of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
    if (READ.test(uri.path) && uri.toString().startsWith(below)) {
      await saveEditor(uri);
    }
  }
}

/** The tenant that a folder is pushed to: the one that a caller names, the workspace folder's, or, outside of the workspace, the one that a person picks. */
async function tenantFor(parts: Parts, folder: vscode.Uri, args: readonly unknown[]): Promise<TenantRef> {
  const question = vscode.l10n.t('Push the actions of {0} to which tenant?', folderWords(folder));
  if (isObject(args[0]) && !(args[0] instanceof vscode.Uri)) {
    return tenantNamedOrPicked(parts, question, args);
  }
  const own = vscode.workspace.getWorkspaceFolder(folder);
  return own === undefined ? tenantOf(parts, question, []) : (await parts.local.get()).local.tenantFor(own);
}

async function candidates(parts: Parts, tenant: TenantRef, folder: vscode.Uri, known: Set<string>): Promise<Reviewed> {
  const repository = await readRepository(filesOf(folder), await mappingsFor(folder), readStatedFile);
  if (repository.actions.length === 0) {
    throw new UserError(repository.unread.length === 0 ? vscode.l10n.t('{0} holds no actions: there is neither actions/<name>.json nor tenant.yaml.', folderWords(folder)) : vscode.l10n.t('No action can be read in {0}: {1}.', folderWords(folder), some(repository.unread.map(path => short(path)))));
  }
  const actions = await readAndKnow(parts, tenant);
  actions.forEach(({ id }) => known.add(id));
  const found = await compare(parts, tenant, repository, actions);
  if (found.length === 0 && repository.unread.length === 0) {
    throw new UserError(vscode.l10n.t('Nothing to push: the {0} actions of {1} are what {2} has.', repository.actions.length, folderWords(folder), tenant.name));
  }
  return { candidates: found, unread: repository.unread };
}

async function compare(parts: Parts, tenant: TenantRef, repository: Repository, actions: readonly Action[]): Promise<readonly PushCandidate[]> {
  const byName = new Map(actions.map(action => [action.name, action]));
  const found = await Promise.all(repository.actions.map(async (described): Promise<PushCandidate> => {
    const { name } = described.stated.action;
    const action = byName.get(name);
    const obstacle = obstacleOf(described, action, repository.doubles);
    const difference = action === undefined || obstacle !== undefined ? undefined : differenceOf(described, action);
    const hasPending = action !== undefined && (await parts.documents.drafts.pending({ tenantId: tenant.id, actionId: action.id }))?.text !== undefined;
    return { name, described, hasPending, ...(action === undefined ? {} : { action }), ...(obstacle === undefined ? {} : { obstacle }), ...(difference === undefined ? {} : { difference }) };
  }));
  const differs = ({ difference, obstacle, action }: PushCandidate): boolean => obstacle !== undefined || action === undefined || difference === undefined || difference.changes.length > 0;
  return found.filter(differs).sort((a, b) => a.name.localeCompare(b.name));
}

const newSecretsOf = ({ action, difference, described }: PushCandidate): readonly string[] => (action === undefined ? described.stated.action.secrets : difference?.newSecrets ?? []);

/** Values of secrets that the tenant does not have, by action and name. What is left empty is left out. @throws Dismissed */
async function secretValues(tenant: TenantRef, ticked: readonly PushCandidate[]): Promise<ReadonlyMap<PushCandidate, ReadonlyMap<string, string>>> {
  const all = new Map<PushCandidate, ReadonlyMap<string, string>>();
  for (const candidate of ticked) {
    const values = new Map<string, string>();
    for (const name of newSecretsOf(candidate)) {
      const value = await enter(tenant, vscode.l10n.t('Secret {0} of {1} in {2}: value', short(name), short(candidate.name), tenant.name), {
        password: true,
        prompt: vscode.l10n.t('It is sent to the tenant, kept nowhere else, and can never be read back. Leave it empty to leave the secret out.'),
        validateInput: text => {
          const problem = text === '' ? undefined : secretValueProblem(text);
          return problem === undefined ? undefined : secretProblemWords(problem);
        },
      });
      if (value === undefined) {
        throw new Dismissed();
      }
      if (value !== '') {
        values.set(name, value);
      }
    }
    all.set(candidate, values);
  }
  return all;
}

/** A value that is removed never comes back: that is a question of its own. @throws Dismissed */
async function asksToRemove(tenant: TenantRef, ticked: readonly PushCandidate[]): Promise<boolean> {
  const lines = ticked.flatMap(({ name, difference }) => (difference?.goneSecrets ?? []).map(secret => `• ${vscode.l10n.t('{0} of {1}', short(secret), short(name))}`));
  if (lines.length === 0) {
    return false;
  }
  const [keep, remove] = [vscode.l10n.t('Keep'), vscode.l10n.t('Remove')];
  const choice = await ask(tenant, vscode.l10n.t('Remove {0} secrets from {1} that the files do not name? Their values cannot be brought back.', lines.length, tenant.name), lines.join('\n'), keep, remove);
  if (choice === undefined) {
    throw new Dismissed();
  }
  return choice === remove;
}

/** The list was reviewed already: what is left is the name of the protected tenant. */
async function typesName(parts: Parts, tenant: TenantRef, ticked: readonly PushCandidate[]): Promise<boolean> {
  const push = vscode.l10n.t('Push');
  const lines = ticked.map(pushWords).map(({ label, description, detail }) => `${label} · ${description} · ${detail}`.replace(/^\$\(\w+\) /u, ''));
  return (await confirmWrite(parts, { tenant, question: vscode.l10n.t('Change {0} drafts in {1}?', ticked.length, tenant.name), detail: lines.join('\n'), choices: [push] })) === push;
}

interface Agreed {
  /** Ids of all actions before. */
  readonly known: ReadonlySet<string>;
  readonly values: ReadonlyMap<PushCandidate, ReadonlyMap<string, string>>;
  readonly removes: boolean;
}

async function sendAll(parts: Parts, tenant: TenantRef, ticked: readonly PushCandidate[], agreed: Agreed): Promise<Omit<PushAnswer, 'withoutValue'>> {
  const answer = { changed: [] as string[], created: [] as string[], failed: [] as string[] };
  const title = withoutLinks(vscode.l10n.t('Pushing to {0}', tenant.name));
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
    for (const candidate of ticked) {
      const name = short(candidate.name);
      progress.report({ increment: 100 / ticked.length, message: withoutLinks(name) });
      try {
        if (token.isCancellationRequested) {
          throw new UserError(vscode.l10n.t('stopped before it was sent'));
        }
        if (await send(parts, tenant, candidate, agreed)) {
          (candidate.action === undefined ? answer.created : answer.changed).push(name);
        }
      } catch (error) {
        parts.log.error(`push ${name}`, error);
        answer.failed.push(`${name} (${isUserError(error) ? error.message : errorWords(error, tenant.name).title})`);
      }
    }
  });
  return answer;
}

/** False where nothing was to be sent after all, as where only secrets differ and are kept. @throws UserError, ApiError where it was not done, or not in whole. */
async function send(parts: Parts, tenant: TenantRef, candidate: PushCandidate, { known, values, removes }: Agreed): Promise<boolean> {
  const [api, { clock }] = [await tenant.api(), parts.state];
  let { action } = candidate;
  if (action === undefined) {
    const outcome = await createAction(api, clock, newActionOf(candidate.described), known);
    if (outcome.kind !== 'done') {
      throw outcome.kind === 'notDone' ? asError(outcome.error) : new UserError(vscode.l10n.t('sent, and what became of it is not known'));
    }
    action = outcome.action;
  } else {
    refuseBusy(parts, { tenant, actionId: action.id, actionName: action.name });
    const change = candidate.difference?.change;
    if (change !== undefined) {
      const outcome = await pushDraft({ api, clock, shown: action, change });
      if (outcome.kind === 'changed') {
        noticed(parts, tenant, outcome.action);
        throw new UserError(vscode.l10n.t('the draft is another one than was shown'));
      }
      if (outcome.kind !== 'done') {
        throw outcome.kind === 'notDone' ? asError(outcome.error) : new UserError(vscode.l10n.t('sent, and what became of it is not known'));
      }
      action = outcome.action;
    }
  }
  noticed(parts, tenant, action);
  const set = values.get(candidate) ?? new Map<string, string>();
  const edits: Edit[] = [
    ...(set.size === 0 ? [] : [{ kind: 'setSecrets', values: set } as const]),
    ...(removes ? candidate.difference?.goneSecrets ?? [] : []).map(name => ({ kind: 'removeSecret', name }) as const),
  ];
  for (const edit of edits) {
    const outcome = await editAction({ api, actionId: action.id, edit, clock });
    if ('action' in outcome) {
      noticed(parts, tenant, outcome.action);
    }
    if (outcome.kind !== 'done' && outcome.kind !== 'unchanged' && outcome.kind !== 'gone') {
      throw new UserError(outcome.kind === 'loss' ? vscode.l10n.t('other secrets were lost or replaced meanwhile: {0}', some([...outcome.loss.gone, ...outcome.loss.altered].map(one => short(one)))) : vscode.l10n.t('its secrets were not changed'));
    }
  }
  return candidate.action === undefined || candidate.difference?.change !== undefined || edits.length > 0;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new UserError(vscode.l10n.t('the tenant did not do it'));
}

function noticed(parts: Parts, tenant: TenantRef, action: Action): void {
  // The tenant may have been disconnected while questions were open.
  if (parts.state.registry.find(tenant.id) !== undefined) {
    parts.state.catalog(tenant.id).put(action);
    parts.documents.drafts.noticed(tenant.id, action);
  }
}

function tell(parts: Parts, tenant: TenantRef, { changed, created, failed, withoutValue }: PushAnswer): void {
  const sentences = [
    vscode.l10n.t('Drafts changed in {0}: {1}. Actions created: {2}. Nothing was deployed.', tenant.name, changed.length, created.length),
    ...(failed.length === 0 ? [] : [vscode.l10n.t('Failed: {0}.', some(failed))]),
    ...(withoutValue.length === 0 ? [] : [vscode.l10n.t('Secrets without a value, and so not set: {0}.', some(withoutValue))]),
  ];
  const deploy = vscode.l10n.t('Deploy Changed Actions…');
  const buttons = changed.length + created.length === 0 ? [] : [deploy];
  void (failed.length === 0 ? inform : warn)(tenant, sentences.join(' '), ...buttons).then(choice => (choice === deploy ? run(parts.log, 'notification', () => vscode.commands.executeCommand(commands.deployChanged, { tenant: tenant.id })) : undefined));
}

