/** The linked files of an action, for the rows below it. */
import * as vscode from 'vscode';
import type { Parts } from '../commands/parts.ts';
import { short } from '../texts.ts';
import type { FileFacts, LocalRows } from '../tree/rows.ts';
import { driftSentences, stateWords } from './driftWords.ts';
import type { FileState, FileStates } from './fileStates.ts';
import { pathIn } from './linkedFiles.ts';
import type { Linked } from './linkedFiles.ts';

export class TreeFiles implements LocalRows {
  readonly #state: Parts['state'];
  readonly #tree: Parts['tree'];
  readonly #states: FileStates;
  readonly #stop: () => void;
  /** States of the files whose rows somebody looks at. */
  readonly #shown = new Map<string, FileState>();
  /** Tenant and action → their files, as the rows were last told. */
  #told: ReadonlyMap<string, string> = new Map();

  constructor({ state, tree }: Pick<Parts, 'state' | 'tree'>, states: FileStates) {
    this.#state = state;
    this.#tree = tree;
    this.#states = states;
    this.#stop = states.changed.on(keys => {
      this.#tellLinks();
      void this.#lookAgain(keys);
    });
    tree.showFiles(this);
    this.#tellLinks();
  }

  of(tenantId: string, actionName: string): readonly FileFacts[] {
    return this.#states.filesOf(tenantId, actionName).filter(one => one.isGone !== true).map(one => factsOf(one, this.#shown.get(one.uri.toString())));
  }

  async load(tenantId: string, actionName: string): Promise<void> {
    await Promise.all(this.#states.filesOf(tenantId, actionName).map(async ({ uri }) => {
      const state = await this.#states.of(uri);
      if (state !== undefined) {
        this.#shown.set(uri.toString(), state);
      }
    }));
  }

  dispose(): void {
    this.#stop();
    this.#tree.showFiles(undefined);
  }

  /** Rows of actions that have got, or lost, a file. */
  #tellLinks(): void {
    const now = new Map<string, string>();
    for (const { uri, isGone } of this.#states.files()) {
      const key = this.#states.actionKey(uri);
      if (key !== undefined && isGone !== true) {
        now.set(key, `${now.get(key) ?? ''} ${uri.toString()}`);
      }
    }
    const before = this.#told;
    this.#told = now;
    for (const key of new Set([...before.keys(), ...now.keys()])) {
      if (before.get(key) !== now.get(key)) {
        this.#refreshRow(key.slice(0, key.indexOf('/')), key.slice(key.indexOf('/') + 1));
      }
    }
  }

  async #lookAgain(keys: ReadonlySet<string> | undefined): Promise<void> {
    for (const [key, { linked, tenantId }] of this.#shown) {
      if (keys !== undefined && !keys.has(key)) {
        continue;
      }
      const before = JSON.stringify(factsOf(linked, this.#shown.get(key)));
      const state = await this.#states.of(linked.uri);
      if (state === undefined) {
        this.#shown.delete(key);
        continue;
      }
      this.#shown.set(key, state);
      if (tenantId !== undefined && before !== JSON.stringify(factsOf(linked, state))) {
        this.#refreshRow(tenantId, linked.name);
      }
    }
  }

  #refreshRow(tenantId: string, actionName: string): void {
    const action = this.#state.registry.find(tenantId) === undefined ? undefined : this.#state.catalog(tenantId).list().items.find(({ name }) => name === actionName);
    if (action !== undefined) {
      this.#tree.refreshRow(tenantId, action.id);
    }
  }
}

function severalFolders(): boolean {
  return (vscode.workspace.workspaceFolders ?? []).length > 1;
}

function factsOf({ uri, folder }: Linked, state: FileState | undefined): FileFacts {
  const path = pathIn(folder, uri);
  const cut = path.lastIndexOf('/') + 1;
  return { uri, name: short(path.slice(cut)), place: short(`${severalFolders() ? `${folder.name}/` : ''}${path.slice(0, cut)}`.replace(/\/$/u, '')), words: state === undefined ? '' : stateWords(state), sentences: state === undefined ? [] : driftSentences(state) };
}
