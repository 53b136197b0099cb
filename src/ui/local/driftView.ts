/** The view of linked files that differ from their draft, or whose draft differs from what is live. */
import * as vscode from 'vscode';
import type { Parts } from '../commands/parts.ts';
import { views } from '../ids.ts';
import { short } from '../texts.ts';
import { driftLook, driftRows } from './driftRows.ts';
import type { DriftRow, FileRow } from './driftRows.ts';
import type { FileStates } from './fileStates.ts';

/** The row of a file is its address, as the Explorer hands it to a command: so the commands of the Explorer serve here, too. */
type Element = vscode.Uri | Exclude<DriftRow, FileRow>;

export class DriftView implements vscode.TreeDataProvider<Element>, vscode.Disposable {
  readonly #state: Parts['state'];
  readonly #log: Parts['log'];
  readonly #states: FileStates;
  readonly #view: vscode.TreeView<Element>;
  readonly #changed = new vscode.EventEmitter<Element[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #stop: () => void;
  /** What was handed to VS Code, by id: a click on a row that is drawn anew finds it only where it is the same object. */
  #drawn: ReadonlyMap<string, Drawn> = new Map();
  /** Rows for the next question, found out before VS Code was told to ask. */
  #ready: readonly DriftRow[] | undefined;
  /** Tenants whose lists were read for this view: what fails is read again only on request. */
  readonly #tried = new Set<string>();
  #updates = 0;

  constructor({ state, log }: Pick<Parts, 'state' | 'log'>, states: FileStates) {
    this.#state = state;
    this.#log = log;
    this.#states = states;
    this.#view = vscode.window.createTreeView<Element>(views.drift, { treeDataProvider: this });
    this.#stop = states.changed.on(() => void this.#update());
  }

  /** Reads the tenants of the folders anew. Never rejects: what fails is a row. */
  async refresh(): Promise<void> {
    await vscode.window.withProgress({ location: { viewId: views.drift } }, async () => {
      await this.#states.look();
      const tenants = this.#states.tenants();
      tenants.forEach(({ id }) => this.#tried.add(id));
      await this.#states.refresh(tenants);
    });
    await this.#update();
  }

  /** VS Code asks only while the view is open. Never rejects. */
  async getChildren(element?: Element): Promise<Element[]> {
    if (element !== undefined) {
      return element instanceof vscode.Uri || element.kind !== 'folder' ? [] : element.rows.map(row => this.#elementOf(row));
    }
    try {
      const rows = this.#ready ?? await this.rows();
      this.#ready = undefined;
      this.#drawn = drawn(rows);
      return rows.map(row => this.#elementOf(row));
    } catch (error) {
      this.#log.error('local files', error);
      return [];
    }
  }

  /** Draws what looks otherwise now: single rows, where they are the same ones as before. */
  async #update(): Promise<void> {
    this.#updates += 1;
    const update = this.#updates;
    if (!this.#view.visible) {
      this.#ready = undefined;
      this.#changed.fire(undefined);
      return;
    }
    const rows = await this.rows();
    if (update !== this.#updates) {
      return;
    }
    const [before, now] = [this.#drawn, drawn(rows)];
    if ([...before.keys()].join('\n') !== [...now.keys()].join('\n')) {
      this.#ready = rows;
      this.#changed.fire(undefined);
      return;
    }
    const other = [...now].filter(([id, { look }]) => look !== before.get(id)?.look).map(([id]) => id);
    this.#drawn = new Map([...now].map(([id, { row, look }]) => [id, { row, look, element: before.get(id)?.element ?? elementOf(row) }]));
    if (other.length > 0) {
      this.#changed.fire(other.flatMap(id => this.#drawn.get(id)?.element ?? []));
    }
  }

  /** What the view shows: reads what nobody has read before. */
  async rows(): Promise<readonly DriftRow[]> {
    let states = await this.#states.all();
    const unknown = this.#states.tenants().filter(({ id }) => !this.#tried.has(id) && states.some(state => state.tenantId === id && state.drift === undefined));
    if (unknown.length > 0) {
      unknown.forEach(({ id }) => this.#tried.add(id));
      await this.#readLists(unknown.map(({ id }) => id));
      states = await this.#states.all();
    }
    const tenants = new Set(states.map(({ tenant }) => (tenant === undefined ? '' : short(tenant.name))));
    this.#view.description = tenants.size === 1 ? [...tenants].join('') : '';
    return driftRows(states, tenantId => (this.#state.registry.find(tenantId) === undefined ? undefined : this.#state.catalog(tenantId).list().error));
  }

  /** A list that was read before its tenant became that of a folder has left nothing here: then it is read once more. */
  async #readLists(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map(async id => {
      const catalog = this.#state.catalog(id);
      const wasComplete = catalog.list().complete;
      await (wasComplete ? this.#states.refresh(this.#states.tenants().filter(one => one.id === id)) : catalog.loadAll());
    }));
  }

  getTreeItem(element: Element): vscode.TreeItem {
    const row = this.#drawn.get(element instanceof vscode.Uri ? element.toString() : element.id)?.row;
    if (row === undefined) {
      return new vscode.TreeItem('');
    }
    const look = driftLook(row);
    const item = new vscode.TreeItem(look.label, row.kind === 'folder' ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None);
    item.id = row.id;
    item.contextValue = look.context;
    item.iconPath = new vscode.ThemeIcon(look.icon.id, look.icon.color === undefined ? undefined : new vscode.ThemeColor(look.icon.color));
    item.accessibilityInformation = { label: look.spoken };
    item.tooltip = look.tooltip ?? look.spoken;
    if (look.description !== undefined) {
      item.description = look.description;
    }
    if (look.command !== undefined) {
      item.command = { command: look.command.id, title: look.command.title, arguments: [...(look.command.arguments ?? [])] };
    }
    return item;
  }

  dispose(): void {
    this.#stop();
    this.#view.dispose();
    this.#changed.dispose();
  }

  #elementOf(row: DriftRow): Element {
    return this.#drawn.get(row.id)?.element ?? elementOf(row);
  }
}

interface Drawn {
  readonly row: DriftRow;
  readonly element: Element;
  /** What it looks like, as a text to compare. */
  readonly look: string;
}

/** All rows by their ids, from top to bottom. */
function drawn(rows: readonly DriftRow[]): ReadonlyMap<string, Drawn> {
  return new Map(rows.flatMap(row => [row, ...(row.kind === 'folder' ? row.rows : [])]).map(row => [row.id, { row, element: elementOf(row), look: JSON.stringify(driftLook(row)) }]));
}

function elementOf(row: DriftRow): Element {
  return row.kind === 'file' ? row.state.linked.uri : row;
}
