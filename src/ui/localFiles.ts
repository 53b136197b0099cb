/** The files of the workspace that belong to actions: what is known of them, loaded when it is first needed. */
import * as vscode from 'vscode';
import type { Action } from '../auth0/api.ts';
import type { TenantRef } from '../auth0/tenantRef.ts';
import type { Parts } from './commands/parts.ts';
import type { Disposables } from './disposables.ts';
import type * as bundle from './local/index.ts';
import type { LocalOptions } from './local/local.ts';

export type LocalBundle = typeof bundle;

/** Where files of a workspace are: on a disk, or in a repository that is not cloned. */
export const LOCAL_SCHEMES: readonly string[] = ['file', 'vscode-vfs'];

/** After activation: what is on the screen comes first. */
const SOON_MS = 200;

export class LocalFiles {
  readonly #load: () => Promise<LocalBundle>;
  readonly #make: (bundle: LocalBundle) => bundle.Local;
  #loaded: Promise<{ readonly bundle: LocalBundle; readonly local: bundle.Local }> | undefined;

  constructor(load: () => Promise<LocalBundle>, parts: () => Parts, options: LocalOptions) {
    this.#load = load;
    this.#make = ({ Local }) => new Local(parts(), options);
  }

  /** The bundle, and the one thing in it that remembers. */
  get(): Promise<{ readonly bundle: LocalBundle; readonly local: bundle.Local }> {
    this.#loaded ??= this.#load().then(loaded => ({ bundle: loaded, local: this.#make(loaded) }));
    return this.#loaded;
  }
}

/** True for an address of a file that may belong to an action. */
export function isLocal(value: unknown): value is vscode.Uri {
  return value instanceof vscode.Uri && LOCAL_SCHEMES.includes(value.scheme);
}

/** Has the files of the workspace known soon after activation, which does not wait for that. */
export function followLocalFiles(parts: Parts, disposables: Disposables): void {
  let begun = false;
  // The tree may read its tenants before there is somebody to notice what they hold: until then it is kept, for a moment.
  const early: { readonly tenant: TenantRef; readonly action: Action }[] = [];
  const stop = parts.state.actionRead.on(read => early.push(read));
  const stopEarly = (): void => {
    stop();
    early.length = 0;
  };
  const begin = (): void => {
    if (begun) {
      return;
    }
    if ((vscode.workspace.workspaceFolders ?? []).length === 0) {
      stopEarly();
      return;
    }
    begun = true;
    parts.local.get().then(({ bundle: { FileProblems, followFiles }, local }) => {
      disposables.add(new FileProblems(parts, local));
      return followFiles(parts, local, disposables, early);
    }).catch((error: unknown) => parts.log.error('files', error)).finally(stopEarly);
  };
  const soon = setTimeout(begin, SOON_MS);
  disposables.add({ dispose: () => clearTimeout(soon) });
  disposables.undo(stopEarly);
  disposables.add(vscode.workspace.onDidChangeWorkspaceFolders(begin));
}
