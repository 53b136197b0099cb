/** Show Recent Errors: failed runs as the tenant's log tells of them, and the version that failed with the error on its line. */
import * as vscode from 'vscode';
import { runProblem } from '../../actions/problems.ts';
import { FailedRuns } from '../../actions/runs/failedRuns.ts';
import { lineOfError } from '../../actions/runs/stack.ts';
import { VERSIONS_KEPT } from '../../auth0/api.ts';
import type { ManagementApi } from '../../auth0/api.ts';
import { isApiError } from '../../auth0/errors.ts';
import { asText, isObject } from '../../auth0/json.ts';
import type { FailedRun } from '../../auth0/runs.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import type { Parts } from '../commands/parts.ts';
import { replaceItems } from '../commands/pick.ts';
import { tenantOf } from '../commands/pickTenant.ts';
import { codeArgs, tenantNamed } from '../commands/targets.ts';
import { errorWords } from '../errorWords.ts';
import { commands } from '../ids.ts';
import { fail, named } from '../messages.ts';
import { Dismissed, isCancelled } from '../run.ts';
import type { About } from '../run.ts';
import { short, withoutIcons } from '../texts.ts';
import { isRow } from '../tree/rows.ts';
import { readUri, versionUri } from '../uris.ts';
import { triggerWords, whenWords } from '../words.ts';
import { readRunUri, resultUri } from './runDocuments.ts';
import { targetOfRun } from './runTarget.ts';
import { failureText, thrownWords } from './runWords.ts';

const SCOPE = 'read:logs';

/** Whose failed runs are wanted: one action's, or all of a tenant's. */
interface Wanted {
  readonly tenant: TenantRef;
  readonly actionId?: string;
  readonly actionName?: string;
}

interface RunItem extends vscode.QuickPickItem {
  readonly key: string;
  readonly run?: FailedRun;
  /** Reads on. */
  readonly more?: true;
}

/** The command; `about` hears of tenant and action as soon as they are known. Rejects as the funnel expects it. */
export async function showErrors(parts: Parts, about: About, args: readonly unknown[]): Promise<void> {
  const wanted = await wantedBy(parts, args);
  about.tenant = wanted.tenant;
  if (wanted.actionName !== undefined) {
    about.action = wanted.actionName;
  }
  const api = await wanted.tenant.api();
  try {
    const run = await pickRun(parts, api, wanted);
    if (run === undefined) {
      throw new Dismissed();
    }
    await openRun(parts, api, wanted.tenant, run);
  } catch (error) {
    if (isApiError(error) && error.kind === 'forbidden' && error.missingScopes.includes(SCOPE)) {
      void tellScope(wanted.tenant);
      throw new Dismissed();
    }
    throw error;
  }
}

/** A row of a tenant or `{ tenant }` means all its actions, everything else one. */
async function wantedBy(parts: Parts, args: readonly unknown[]): Promise<Wanted> {
  const [first] = args;
  if (isRow(first) && !('actionId' in first)) {
    return { tenant: first.tenant };
  }
  const host = isObject(first) && !isRow(first) && codeArgs(first) === undefined ? asText(first['tenant']) : undefined;
  if (host !== undefined) {
    return { tenant: tenantNamed(parts.state, host) };
  }
  const active = vscode.window.activeTextEditor?.document.uri;
  if (args.length === 0 && (active === undefined || (readUri(active) ?? readRunUri(active)) === undefined)) {
    const [only, second] = parts.state.registry.tenants();
    return { tenant: only !== undefined && second === undefined ? only : await tenantOf(parts, vscode.l10n.t('Show the recent errors of which tenant?'), []) };
  }
  return targetOfRun(parts, vscode.l10n.t('Show the recent errors of which action?'), args);
}

/** The list, filled a page at a time. Leaving it ends the reading. Rejects with an ApiError where nothing could be read. */
async function pickRun(parts: Parts, api: ManagementApi, { tenant, actionId, actionName }: Wanted): Promise<FailedRun | undefined> {
  const list = new FailedRuns(api, actionId);
  const stop = new AbortController();
  const pick = vscode.window.createQuickPick<RunItem>();
  const about = actionName === undefined ? tenant.name : vscode.l10n.t('{0} in {1}', short(actionName), tenant.name);
  pick.title = named(tenant, vscode.l10n.t('Recent errors: {0}', about));
  pick.placeholder = vscode.l10n.t('Choose one to see the version that failed, and the line');
  pick.matchOnDetail = true;
  let numbers = knownNumbers(parts, tenant);
  let problem: string | undefined;
  const fill = (): void => replaceItems(pick, [
    ...list.runs.map(run => runItem(run, numbers, actionId === undefined)),
    ...(list.runs.length > 0 || pick.busy || problem !== undefined ? [] : [{ key: 'none', label: vscode.l10n.t('No failed run'), description: list.hasMore ? vscode.l10n.t('in what was read of the log') : vscode.l10n.t('in the log, as far back as it goes'), alwaysShow: true }]),
    ...(problem === undefined ? [] : [{ key: 'more', label: `$(warning) ${withoutIcons(vscode.l10n.t('Try again'))}`, detail: withoutIcons(problem), more: true as const, alwaysShow: true }]),
    ...(!list.hasMore || pick.busy || problem !== undefined ? [] : [{ key: 'more', label: `$(ellipsis) ${withoutIcons(vscode.l10n.t('Read Further Back'))}`, more: true as const, alwaysShow: true }]),
  ], item => item.key);
  try {
    return await new Promise<FailedRun | undefined>((resolve, reject) => {
      const load = async (): Promise<void> => {
        pick.busy = true;
        problem = undefined;
        try {
          await list.more(stop.signal);
        } catch (error) {
          if (list.runs.length === 0) {
            throw error;
          }
          problem = errorWords(error, tenant.name).text;
        } finally {
          pick.busy = false;
        }
        fill();
      };
      pick.onDidAccept(() => {
        const [item] = pick.selectedItems;
        if (item?.more === true && !pick.busy) {
          load().catch(reject);
        } else if (item?.run !== undefined) {
          resolve(item.run);
        }
      });
      pick.onDidHide(() => resolve(undefined));
      pick.show();
      load().catch(reject);
      if (actionId !== undefined) {
        void versionNumbers(api, actionId, stop.signal).then(read => {
          numbers = new Map([...numbers, ...read]);
          fill();
        });
      }
    });
  } finally {
    stop.abort();
    pick.dispose();
  }
}

function runItem(run: FailedRun, numbers: ReadonlyMap<string, number>, ofMany: boolean): RunItem {
  const number = numbers.get(run.versionId ?? '');
  const facts = [whenWords(run.date, Date.now()), ...(ofMany ? [short(run.actionName ?? '')] : []), triggerWords(run.triggerId), ...(number === undefined ? [] : [`v${number}`])];
  return { key: run.logId, label: `$(error) ${withoutIcons(thrownWords(run.error))}`, detail: facts.filter(fact => fact !== '').map(withoutIcons).join(' · '), run };
}

/** Numbers of versions by their ids, as far as the tree knows them. */
function knownNumbers(parts: Parts, tenant: TenantRef): ReadonlyMap<string, number> {
  const catalog = parts.state.catalog(tenant.id);
  return new Map(catalog.list().items.flatMap(action => [...(action.deployedVersion === undefined ? [] : [action.deployedVersion]), ...catalog.versions.known(action.id)?.items ?? []]).map(version => [version.id, version.number]));
}

/** All of an action's. They adorn the list: a failure to read them leaves it as it is. */
async function versionNumbers(api: ManagementApi, actionId: string, signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
  try {
    return new Map((await api.listVersions(actionId, 0, VERSIONS_KEPT, { signal })).items.map(version => [version.id, version.number]));
  } catch {
    return new Map();
  }
}

/** Opens the version with the error on its line, and beside it what the log says. */
async function openRun(parts: Parts, api: ManagementApi, tenant: TenantRef, run: FailedRun): Promise<void> {
  const { actionId = '', versionId, executionId, error } = run;
  const name = parts.state.catalog(tenant.id).action(actionId)?.name ?? run.actionName ?? actionId;
  const gone = (reason: unknown): undefined => {
    if (isApiError(reason) && reason.kind === 'notFound') {
      return undefined;
    }
    throw reason;
  };
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Reading a failed run of {0} in {1}', short(name), tenant.name) }, async () => {
    const [version, execution] = await Promise.all([
      actionId === '' || versionId === undefined ? undefined : api.getVersion(actionId, versionId).catch(gone),
      executionId === undefined ? undefined : api.getExecution(executionId).then(read => ({ execution: read }), (reason: unknown) => ({ executionProblem: goneWords(reason, tenant) })),
    ]);
    // A version without a number has no document.
    const found = version === undefined || version.number < 1 ? undefined : version;
    const uri = found === undefined ? undefined : versionUri(tenant.id, actionId, found.number, name);
    if (found !== undefined && uri !== undefined) {
      const line = lineOfError(error.stack, found.code);
      const place = await parts.problems.run(tenant, actionId, name, found, runProblem(error, found.code, line, run.date));
      await vscode.window.showTextDocument(place, { preview: true, selection: new vscode.Range((line ?? 1) - 1, 0, (line ?? 1) - 1, 0) });
    }
    const result = resultUri({ tenantId: tenant.id, actionId: actionId === '' ? 'unknown' : actionId }, name, run.logId);
    parts.runs.show(result, failureText({
      tenant: tenant.name, name, run, now: Date.now(),
      ...(found === undefined || uri === undefined ? {} : { version: found, place: { uri, code: found.code } }),
      ...execution,
    }));
    await vscode.window.showTextDocument(result, { viewColumn: uri === undefined ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside, preserveFocus: uri !== undefined, preview: true });
  });
}

function goneWords(reason: unknown, tenant: TenantRef): string {
  if (isCancelled(reason)) {
    throw reason;
  }
  return isApiError(reason) && reason.kind === 'notFound' ? vscode.l10n.t('Not kept any more: the service keeps it for ten days.') : errorWords(reason, tenant.name).text;
}

/** Without the scope there is no log: which one, where it is granted, and the way to a new token. */
async function tellScope(tenant: TenantRef): Promise<void> {
  const connect = vscode.l10n.t('Connect…');
  const text = vscode.l10n.t('The log of {0} cannot be read: the access token lacks the scope {1}. In the Dashboard, allow it for your application under the permissions of the Auth0 Management API, then connect again. Nothing else needs it.', tenant.name, SCOPE);
  if ((await fail(tenant, text, connect)) === connect) {
    await vscode.commands.executeCommand(commands.reconnect, { tenant: tenant.id });
  }
}
