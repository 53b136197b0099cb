/**
 * Which action a command means. It may get a row, several rows, a document's Uri, `{ tenant, action }` from code, or
 * nothing; all end here, and nothing ends in a question.
 */
import * as vscode from 'vscode';
import { byName } from '../../actions/catalog.ts';
import { mainTrigger, stateOf } from '../../actions/model.ts';
import type { ActionSummary } from '../../actions/model.ts';
import { isApiError } from '../../auth0/errors.ts';
import { asNumber, asText, isObject } from '../../auth0/json.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { UserError } from '../errorWords.ts';
import { Dismissed } from '../run.ts';
import type { AppState } from '../appState.ts';
import { short, withoutIcons } from '../texts.ts';
import { isRow } from '../tree/rows.ts';
import { readUri } from '../uris.ts';
import { elapsedWords, stateWords, triggerWords } from '../words.ts';

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
  return tenant === undefined || action === undefined
    ? undefined
    : { tenant, action, ...(version === undefined ? {} : { version }), ...(other === undefined ? {} : { with: other }) };
}

/**
 * The one target a command's arguments name, or that a person picks. Of several selected rows it is the clicked one.
 * @throws UserError for a tenant or action that does not exist; Dismissed when the question is.
 */
export async function targetOf(state: AppState, question: string, ...args: readonly unknown[]): Promise<Target> {
  return (await targetsOf(state, question, ...args.slice(0, 1)))[0] ?? pickAction(state, question);
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

/** The same for commands that take several rows. Never empty. */
export async function targetsOf(state: AppState, question: string, ...args: readonly unknown[]): Promise<readonly Target[]> {
  refuseLostRow(args);
  const [first, selected] = args;
  const rows = Array.isArray(selected) && selected.includes(first) ? selected : [first];
  const targets = rows.filter(isRow).flatMap(row => ('actionId' in row ? [targetAt(state, row.tenant.id, row.actionId, 'number' in row ? row.number : undefined)] : []));
  if (targets.length > 0) {
    return targets;
  }
  const fromCode = codeArgs(first);
  if (fromCode !== undefined) {
    return [await targetNamed(state, fromCode)];
  }
  const uri = first instanceof vscode.Uri ? first : vscode.window.activeTextEditor?.document.uri;
  const address = uri === undefined ? undefined : readUri(uri);
  if (address !== undefined) {
    return [targetAt(state, address.tenantId, address.actionId, address.version)];
  }
  return [await pickAction(state, question)];
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
  const catalog = state.catalog(tenant.id);
  const version = args.version === undefined ? {} : { version: args.version };
  const known = (list: readonly ActionSummary[]): ActionSummary | undefined => list.find(action => action.id === args.action) ?? list.find(action => action.name === args.action);
  let action = known(catalog.list().items);
  if (action === undefined && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.test(args.action)) {
    const api = await tenant.api();
    action = await api.getAction(args.action).catch((error: unknown) => {
      if (isApiError(error) && error.kind === 'notFound') {
        return undefined;
      }
      throw error;
    });
  } else if (action === undefined) {
    const list = await catalog.loadAll();
    action = known(list.items);
    if (action === undefined && list.error instanceof Error) {
      throw list.error;
    }
    // The list may be older than the action.
    action ??= known((await catalog.refresh().then(() => catalog.loadAll())).items);
  }
  if (action === undefined) {
    throw new UserError(vscode.l10n.t('{0} has no action {1}.', tenant.name, short(args.action)));
  }
  return { tenant, actionId: action.id, actionName: action.name, ...version };
}

interface ActionItem extends vscode.QuickPickItem {
  readonly target?: Target;
}

/** A quick pick over all actions of all connected tenants. */
export async function pickAction(state: AppState, question: string, matching: (action: ActionSummary) => boolean = () => true): Promise<Target> {
  const tenants = state.registry.tenants();
  if (tenants.length === 0) {
    throw new UserError(vscode.l10n.t('No tenant is connected. Run “Auth0 Actions: Connect to Tenant…” or “Open Demo Tenant” first.'));
  }
  const pick = vscode.window.createQuickPick<ActionItem>();
  pick.placeholder = question;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.busy = true;
  const fill = (): void => {
    pick.items = tenants.flatMap(tenant => itemsOf(state, tenant, tenants.length > 1, matching));
  };
  fill();
  pick.show();
  void Promise.all(tenants.map(tenant => state.catalog(tenant.id).loadAll().then(fill))).finally(() => {
    pick.busy = false;
  });
  const target = await new Promise<Target | undefined>(resolve => {
    pick.onDidAccept(() => resolve(pick.selectedItems[0]?.target));
    pick.onDidHide(() => resolve(undefined));
  });
  pick.dispose();
  if (target === undefined) {
    throw new Dismissed();
  }
  return target;
}

function itemsOf(state: AppState, tenant: TenantRef, manyTenants: boolean, matching: (action: ActionSummary) => boolean): ActionItem[] {
  const catalog = state.catalog(tenant.id);
  return byName(catalog.list().items.filter(matching)).map(action => ({
    label: withoutIcons(action.name),
    description: `${triggerWords(mainTrigger(action))} · ${stateWords(stateOf(action), elapsedWords(state.clock.now() - (catalog.buildSeen(action.id) ?? state.clock.now())))}`,
    ...(manyTenants ? { detail: withoutIcons(tenant.name) } : {}),
    target: { tenant, actionId: action.id, actionName: action.name },
  }));
}
