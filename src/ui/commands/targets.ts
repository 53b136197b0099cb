/**
 * Which action a command means. It may get a row, several rows, a document's Uri, `{ tenant, action }` from code, or
 * no argument at all, which ends in a question where no action is open.
 */
import * as vscode from 'vscode';
import { byName as sortedByName } from '../../actions/catalog.ts';
import type { Catalog } from '../../actions/catalog.ts';
import { mainTrigger, stateOf } from '../../actions/model.ts';
import type { ActionSummary } from '../../actions/model.ts';
import { isApiError } from '../../auth0/errors.ts';
import { asNumber, asText, isObject } from '../../auth0/json.ts';
import type { Action } from '../../auth0/api.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { UserError, errorWords } from '../errorWords.ts';
import { Dismissed } from '../run.ts';
import type { AppState } from '../appState.ts';
import { escapeIcons, short, withoutIcons } from '../texts.ts';
import { isRow } from '../tree/rows.ts';
import { readUri } from '../uris.ts';
import { elapsedWords, stateWords, triggerWords } from '../words.ts';
import { replaceItems } from './pick.ts';

export interface Target {
  readonly tenant: TenantRef;
  readonly actionId: string;
  readonly actionName: string;
  /** Number of the version that a row, document or caller names. */
  readonly version?: number;
}

/** What other extensions and tests pass: tenant by host (`demo` for the demo tenant), action by id or name. */
export interface CodeArgs {
  readonly tenant: string;
  readonly action: string;
  readonly version?: number;
  readonly with?: number;
  /** Host of the tenant to compare with. */
  readonly withTenant?: string;
}

/** The arguments of a call from code; `undefined` for anything else, rows included. */
export function codeArgs(value: unknown): CodeArgs | undefined {
  if (!isObject(value) || isRow(value)) {
    return undefined;
  }
  const tenant = asText(value['tenant']);
  const action = asText(value['action']);
  const version = asNumber(value['version']);
  const other = asNumber(value['with']);
  const withTenant = asText(value['withTenant']);
  return tenant === undefined || action === undefined
    ? undefined
    : { tenant, action, ...(version === undefined ? {} : { version }), ...(other === undefined ? {} : { with: other }), ...(withTenant === undefined ? {} : { withTenant }) };
}

/**
 * The one target a command's arguments name, or that a person picks. Of several selected rows it is the clicked one;
 * without any argument it is the active editor's action.
 * @throws UserError for a tenant or action that does not exist, and for arguments that name none; Dismissed when the
 * question is.
 */
export async function targetOf(state: AppState, question: string, ...args: readonly unknown[]): Promise<Target> {
  refuseLostRow(args);
  const [first] = args;
  if (isRow(first)) {
    return 'actionId' in first ? targetAt(state, first.tenant.id, first.actionId, 'number' in first ? first.number : undefined) : pickAction(state, question);
  }
  const fromCode = codeArgs(first);
  if (fromCode !== undefined) {
    return targetNamed(state, fromCode);
  }
  const uri = args.length === 0 ? vscode.window.activeTextEditor?.document.uri : first instanceof vscode.Uri ? first : undefined;
  const address = uri === undefined ? undefined : readUri(uri);
  if (address !== undefined) {
    return targetAt(state, address.tenantId, address.actionId, address.version);
  }
  if (args.length > 0) {
    // Whatever was meant, it was not the action that happens to be open.
    throw new UserError(vscode.l10n.t('This command was called with something that names no action. It takes { tenant, action }, a document of an action, or nothing.'));
  }
  return pickAction(state, question);
}

/**
 * The actions that a command for several of them means: all selected rows of actions, each once, or one target.
 * @throws as {@link targetOf}, and UserError for a version, which is not what such a command acts on.
 */
export async function actionsOf(state: AppState, question: string, ...args: readonly unknown[]): Promise<readonly Target[]> {
  refuseLostRow(args);
  const [first, selected] = args;
  if (isRow(first) && first.kind === 'action') {
    const rows = (Array.isArray(selected) && selected.includes(first) ? selected : [first]).filter(isRow).filter(row => row.kind === 'action');
    return [...new Map(rows.map(row => [row.id, targetAt(state, row.tenant.id, row.actionId, undefined)])).values()];
  }
  const target = await targetOf(state, question, ...args.slice(0, 1));
  if (target.version !== undefined) {
    throw new UserError(vscode.l10n.t('v{0} of {1} in {2} is a version, and Deploy makes the draft live. Roll back to v{0} instead, or open the draft.', target.version, short(target.actionName), target.tenant.name));
  }
  return [target];
}

/**
 * A menu hands over `undefined` for a row that was being drawn anew while it was clicked. That is not the same as no
 * argument at all: the active editor's action, or the only deployment, must not take the row's place.
 * @throws UserError for arguments with such a row.
 */
export function refuseLostRow(args: readonly unknown[]): void {
  const [first, selected] = args;
  if (args.length > 0 && (first === undefined || (Array.isArray(selected) && selected.includes(undefined)))) {
    throw new UserError(vscode.l10n.t('The row changed while it was clicked, so nothing was done. Click it again.'));
  }
}

function targetAt(state: AppState, tenantId: string, actionId: string, version: number | undefined): Target {
  const tenant = tenantNamed(state, tenantId);
  const actionName = state.catalog(tenantId).action(actionId)?.name ?? actionId;
  return { tenant, actionId, actionName, ...(version === undefined ? {} : { version }) };
}

/** @throws UserError for a tenant that is not connected. */
export function tenantNamed(state: AppState, tenantId: string): TenantRef {
  const tenant = state.registry.find(tenantId);
  if (tenant === undefined) {
    throw new UserError(vscode.l10n.t('The tenant {0} is not connected.', short(tenantId)));
  }
  return tenant;
}

/**
 * The action that a caller names by id or name.
 * @throws UserError when there is none; ApiError when the tenant cannot be read.
 */
export async function targetNamed(state: AppState, args: CodeArgs): Promise<Target> {
  const tenant = tenantNamed(state, args.tenant);
  const action = await actionNamed(state.catalog(tenant.id), args.action);
  if (action === undefined) {
    throw new UserError(vscode.l10n.t('{0} has no action {1}.', tenant.name, short(args.action)));
  }
  return { tenant, actionId: action.id, actionName: action.name, ...(args.version === undefined ? {} : { version: args.version }) };
}

/** A tenant's action by its id or exact name, looked for anew before there is none. Rejects with an ApiError. */
export async function actionNamed(catalog: Catalog, wanted: string): Promise<ActionSummary | undefined> {
  const byName = (list: readonly ActionSummary[]): ActionSummary | undefined => list.find(action => action.name === wanted);
  const read = async (id: string): Promise<Action | undefined> =>
    catalog.refreshAction(id).catch((error: unknown) => {
      if (isApiError(error) && error.kind === 'notFound') {
        return undefined;
      }
      throw error;
    });
  const known = catalog.action(wanted);
  if (known !== undefined) {
    return known;
  }
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.test(wanted)) {
    return read(wanted);
  }
  const wasLoaded = catalog.list().loaded;
  const list = await catalog.loadAll();
  const listed = byName(list.items);
  if (listed !== undefined && !wasLoaded) {
    // It was read just now.
    return listed;
  }
  if (listed === undefined && list.error instanceof Error) {
    throw list.error;
  }
  // The list may be older than the name: somebody may have renamed one action and given the name to another.
  const now = listed === undefined ? undefined : await read(listed.id);
  return now?.name === wanted ? now : byName((await catalog.refresh().then(() => catalog.loadAll())).items);
}

interface ActionItem extends vscode.QuickPickItem {
  readonly key: string;
  readonly target?: Target;
  /** For a tenant that could not be read: what to say when it is chosen. */
  readonly failure?: UserError;
}

/** A quick pick over all actions of all connected tenants. */
export async function pickAction(state: AppState, question: string): Promise<Target> {
  const tenants = state.registry.tenants();
  if (tenants.length === 0) {
    throw new UserError(vscode.l10n.t('No tenant is connected. Run “Auth0 Actions: Connect to Tenant…” or “Open Demo Tenant” first.'));
  }
  const pick = vscode.window.createQuickPick<ActionItem>();
  pick.placeholder = question;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.busy = true;
  // A tree that is drawn anew, because a build has ended, takes the focus: that is no answer.
  pick.ignoreFocusOut = true;
  let open = true;
  const fill = (): void => {
    // A tenant may be disconnected while the list is open.
    const connected = open ? tenants.filter(tenant => state.registry.find(tenant.id) !== undefined) : [];
    replaceItems(pick, connected.flatMap(tenant => itemsOf(state, tenant, tenants.length > 1)), one => one.key);
  };
  fill();
  pick.show();
  void Promise.all(tenants.map(tenant => state.catalog(tenant.id).loadAll().then(fill))).finally(() => {
    pick.busy = false;
  });
  const item = await new Promise<ActionItem | undefined>(resolve => {
    pick.onDidAccept(() => resolve(pick.selectedItems[0]));
    pick.onDidHide(() => resolve(undefined));
  });
  open = false;
  pick.dispose();
  if (item?.failure !== undefined) {
    throw item.failure;
  }
  if (item?.target === undefined) {
    throw new Dismissed();
  }
  return item.target;
}

function itemsOf(state: AppState, tenant: TenantRef, manyTenants: boolean): ActionItem[] {
  const catalog = state.catalog(tenant.id);
  const { error } = catalog.list();
  if (error !== undefined) {
    const words = errorWords(error, tenant.name);
    return [{ key: tenant.id, label: `$(warning) ${withoutIcons(tenant.name)}`, description: words.title, detail: withoutIcons(words.text), alwaysShow: true, failure: new UserError(words.text) }, ...actionItems(state, tenant, manyTenants)];
  }
  return actionItems(state, tenant, manyTenants);
}

function actionItems(state: AppState, tenant: TenantRef, manyTenants: boolean): ActionItem[] {
  const catalog = state.catalog(tenant.id);
  return sortedByName(catalog.list().items).map(action => ({
    key: `${tenant.id}/${action.id}`,
    label: withoutIcons(action.name),
    description: escapeIcons(`${triggerWords(mainTrigger(action))} · ${stateWords(stateOf(action), elapsedWords(state.clock.now() - (catalog.buildSeen(action.id) ?? state.clock.now())))}`),
    ...(manyTenants ? { detail: withoutIcons(tenant.name) } : {}),
    target: { tenant, actionId: action.id, actionName: action.name },
  }));
}
