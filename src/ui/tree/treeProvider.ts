/** The tree in VS Code: asks rows.ts what there is, and maps look.ts to tree items. */
import * as vscode from 'vscode';
import { isBuilding } from '../../actions/model.ts';
import type { Trigger } from '../../auth0/api.ts';
import type { Log } from '../log.ts';
import type { AppState } from '../appState.ts';
import { actionDetails, flowDetails, tenantDetails, versionDetails } from './details.ts';
import type { Details } from './details.ts';
import { fileOf, lookOf } from './look.ts';
import type { LookFacts } from './look.ts';
import { RowCache, actionChildren, actionRow, groupChildren, tenantChildren, tenantRow } from './rows.ts';
import type { LocalRows, Row } from './rows.ts';
import { errorWords } from '../errorWords.ts';
import { short } from '../texts.ts';
import { draftUri } from '../uris.ts';

const COLLAPSIBLE = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
} as const;

/**
 * Rows that were handed over and a change of the row above them must not reach the window in one piece, where older
 * versions of VS Code take the change first and then believe the rows they already have. Nothing tells when the window
 * has taken them; messages this far apart do not travel together.
 */
const SETTLE_MS = 100;

/** A tenant that does not answer must not keep the rest of its rows from being drawn. */
const LONGEST_HOLD_MS = 2000;

interface Fetch {
  readonly rowId: string;
  /** VS Code has made a new node for the row meanwhile. */
  stale: boolean;
  /** Changes of the row, and of what is above it, wait. */
  holds: boolean;
}

export class TreeProvider implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  readonly #state: AppState;
  readonly #log: Log;
  readonly #cache = new RowCache();
  readonly #changed = new vscode.EventEmitter<Row | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  /** What VS Code is waiting for. */
  readonly #fetches = new Set<Fetch>();
  /** Rows that have changed while something at or below them was being fetched. */
  readonly #late = new Set<Row>();
  #files: LocalRows | undefined;

  constructor(state: AppState, log: Log) {
    this.#state = state;
    this.#log = log;
  }

  /** Everything has changed: tenants were connected or disconnected, or there are rows where there were none. */
  refreshAll(forget?: string): void {
    if (forget !== undefined) {
      this.#cache.forget(forget);
    }
    this.#changed.fire(undefined);
  }

  /** One tenant's list, or one action, has changed. Rows that VS Code has never asked for need no event. */
  refreshRow(tenantId: string, actionId?: string): void {
    const row = this.#cache.known(actionId === undefined ? tenantId : `${tenantId}/${actionId}`);
    if (row !== undefined) {
      this.#late.add(row);
      this.#fireLate();
    }
  }

  /** Which files of the workspace belong to actions is known from here on; who tells draws rows anew. */
  showFiles(files: LocalRows | undefined): void {
    this.#files = files;
  }

  /** Fires for whatever can be drawn anew now. */
  #fireLate(): void {
    for (const row of this.#late) {
      if (![...this.#fetches].some(fetch => fetch.holds && isAtOrBelow(fetch.rowId, row))) {
        this.#late.delete(row);
        this.#changed.fire(row);
      }
    }
  }

  /** The row of an action, for `reveal`. */
  row(tenantId: string, actionId: string): Row | undefined {
    const tenant = this.#state.registry.find(tenantId);
    return tenant === undefined ? undefined : this.#cache.of(actionRow(tenant, actionId));
  }

  tenantRow(tenantId: string): Row | undefined {
    const tenant = this.#state.registry.find(tenantId);
    return tenant === undefined ? undefined : this.#cache.of(tenantRow(tenant));
  }

  /**
   * Rows below a row, for VS Code. Its older versions cannot take a change of a row while they wait for the rows below
   * it: they then put these below a node that is gone, and the next fetch fails because their ids are taken. So changes
   * wait for the fetch; and where VS Code has made a new node all the same, nothing is handed over for the old one,
   * and VS Code is made to ask again.
   */
  async getChildren(row?: Row): Promise<Row[]> {
    const fetch: Fetch = { rowId: row?.id ?? '', stale: false, holds: true };
    this.#fetches.add(fetch);
    const longest = setTimeout(() => {
      fetch.holds = false;
      this.#fireLate();
    }, LONGEST_HOLD_MS);
    const rows = await this.rowsBelow(row);
    clearTimeout(longest);
    fetch.holds = true;
    if (fetch.stale && row !== undefined) {
      this.#late.add(row);
    }
    setTimeout(() => {
      this.#fetches.delete(fetch);
      this.#fireLate();
    }, SETTLE_MS);
    return fetch.stale ? [] : rows;
  }

  getTreeItem(row: Row): vscode.TreeItem {
    for (const fetch of this.#fetches) {
      fetch.stale ||= isAtOrBelow(fetch.rowId, row);
    }
    return this.itemOf(row);
  }

  /** Rows below a row, or the tenants. Never rejects. */
  async rowsBelow(row?: Row): Promise<Row[]> {
    try {
      return (await this.#children(row)).map(child => this.#cache.of(child));
    } catch (error) {
      this.#log.error('tree', error);
      return [];
    }
  }

  async #children(row: Row | undefined): Promise<readonly Row[]> {
    if (row === undefined) {
      // A tenant that has nothing to show makes room for the view's welcome texts.
      return this.#state.emptiness().tenant === undefined ? this.#state.registry.tenants().map(tenantRow) : [];
    }
    const catalog = this.#state.catalog(row.tenant.id);
    switch (row.kind) {
      case 'tenant':
        await catalog.load();
        return tenantChildren(catalog);
      case 'action': return actionChildren(catalog, row.actionId, this.#files);
      case 'group': return groupChildren(row, catalog.action(row.actionId));
      default: return [];
    }
  }

  getParent(row: Row): Row | undefined {
    switch (row.kind) {
      case 'tenant': return undefined;
      case 'action': return this.#cache.of(tenantRow(row.tenant));
      case 'file':
      case 'version':
      case 'flow':
      case 'group':
      case 'more': return this.#cache.of(actionRow(row.tenant, row.actionId));
      default: return undefined;
    }
  }

  /** What a row looks like in VS Code. */
  itemOf(row: Row): vscode.TreeItem {
    if (this.#state.registry.find(row.tenant.id) === undefined) {
      // Disconnected while its rows were being fetched: they are gone with the next drawing.
      return new vscode.TreeItem(short(row.tenant.name));
    }
    const look = lookOf(row, this.#facts());
    const item = new vscode.TreeItem(look.label, COLLAPSIBLE[look.collapsible]);
    item.id = row.id;
    item.contextValue = look.context;
    item.accessibilityInformation = { label: look.spoken };
    if (row.kind === 'action') {
      // For the marks of its draft; the name and the icon stay the row's own.
      item.resourceUri = draftUri(row.tenant.id, row.actionId, look.label);
    } else if (row.kind === 'file') {
      item.resourceUri = row.uri;
    }
    if (look.description !== undefined) {
      item.description = look.description;
    }
    if (look.icon !== undefined) {
      item.iconPath = new vscode.ThemeIcon(look.icon.id, look.icon.color === undefined ? undefined : new vscode.ThemeColor(look.icon.color));
    }
    if (look.command !== undefined) {
      item.command = { command: look.command.id, title: look.command.title, arguments: [...(look.command.arguments ?? [])] };
    }
    return item;
  }

  /** Tooltips are made when they are asked for: they may need the tenant's triggers, one request a tenant. */
  async resolveTreeItem(item: vscode.TreeItem, row: Row): Promise<vscode.TreeItem> {
    const details = await this.#details(row);
    item.tooltip = details === undefined ? (typeof item.accessibilityInformation?.label === 'string' ? item.accessibilityInformation.label : '') : markdown(details);
    return item;
  }

  async #details(row: Row): Promise<Details | undefined> {
    if (row.kind === 'tenant') {
      return tenantDetails(row.tenant, await this.#state.registry.tokenFacts(row.tenant.id), Date.now());
    }
    if (row.kind === 'flow') {
      return flowDetails(row.triggerId, row.actionId, this.#state.catalog(row.tenant.id).flows.known(row.triggerId), row.tenant.name);
    }
    if (row.kind === 'file') {
      const file = fileOf(row, this.#facts());
      return file === undefined ? undefined : { title: file.name, sentence: file.sentences.join(' '), fields: [[vscode.l10n.t('Folder'), file.place]] };
    }
    if (row.kind !== 'action' && row.kind !== 'version') {
      return row.kind === 'error' ? this.#errorDetails(row) : undefined;
    }
    const catalog = this.#state.catalog(row.tenant.id);
    const action = catalog.action(row.actionId);
    const triggers: readonly Trigger[] = await catalog.triggers().catch(() => []);
    if (row.kind === 'action') {
      return action === undefined ? undefined : actionDetails(action, triggers, Date.now(), catalog.flows);
    }
    const versions = await catalog.versions.load(row.actionId);
    const version = versions.items.find(one => one.id === row.versionId);
    return version === undefined ? undefined : versionDetails(version, row.actionId, action?.name ?? '', triggers, Date.now());
  }

  #errorDetails(row: Row & { kind: 'error' }): Details {
    const catalog = this.#state.catalog(row.tenant.id);
    const error = row.actionId === undefined ? catalog.list().error : catalog.versions.known(row.actionId)?.error;
    const words = errorWords(error, row.tenant.name);
    return { title: words.title, sentence: words.text, fields: [] };
  }

  /** The rows whose words change with the time alone: builds and deployments that are under way. */
  tick(): void {
    for (const catalog of this.#state.catalogs()) {
      for (const action of catalog.list().items) {
        if (isBuilding(action.status) || this.#state.deployments.of(catalog.tenant.id, action.id) !== undefined) {
          this.refreshRow(catalog.tenant.id, action.id);
        }
      }
    }
  }

  #facts(): LookFacts {
    const state = this.#state;
    const ids = state.registry.tenants().map(tenant => tenant.id);
    return {
      now: Date.now(),
      onlyTenant: ids.length === 1,
      tokenEnds: id => state.registry.tokenEnds(id),
      tenantMarks: id => ({ canMoveUp: ids.indexOf(id) > 0, canMoveDown: ids.indexOf(id) < ids.length - 1 }),
      catalog: id => state.catalog(id),
      versions: (tenantId, actionId) => state.catalog(tenantId).versions.known(actionId),
      deployment: (tenantId, actionId) => state.deployments.of(tenantId, actionId),
      failedVersion: (tenantId, actionId) => state.deployments.failedVersion(tenantId, actionId),
      canUndo: (tenantId, actionId) => {
        const last = state.deployments.lastLive(tenantId, actionId);
        return last !== undefined && state.deployments.canUndo(last);
      },
      files: (tenantId, actionName) => this.#files?.of(tenantId, actionName) ?? [],
    };
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

function isAtOrBelow(rowId: string, row: Row): boolean {
  return rowId === row.id || rowId.startsWith(`${row.id}/`);
}

function markdown(details: Details): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown(`**${verbatim(details.title)}**\n\n`);
  if (details.sentence !== undefined) {
    text.appendText(details.sentence).appendMarkdown('\n\n');
  }
  for (const [name, value] of details.fields) {
    text.appendText(`${name}: `).appendMarkdown(`${verbatim(value)}  \n`);
  }
  return text;
}

/** One line of hostile text as code: escaping alone would still turn `lodash@4.17.21` and addresses into links. */
export function verbatim(line: string): string {
  const fence = '`'.repeat(Math.max(0, ...(line.match(/`+/gu) ?? []).map(run => run.length)) + 1);
  return `${fence} ${line} ${fence}`;
}
