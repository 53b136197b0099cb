/** Marks of drafts in tabs and rows: text that is only here, and changes that are not deployed. */
import * as vscode from 'vscode';
import type { AppState } from '../appState.ts';
import { DRAFT_SCHEME, draftUri, readUri } from '../uris.ts';
import type { DraftFiles } from './draftFiles.ts';
import { openDrafts } from './draftFiles.ts';

export class DraftMarks implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #state: AppState;
  readonly #drafts: DraftFiles;
  readonly #changed = new vscode.EventEmitter<vscode.Uri[]>();
  readonly onDidChangeFileDecorations = this.#changed.event;

  constructor(state: AppState, drafts: DraftFiles) {
    this.#state = state;
    this.#drafts = drafts;
  }

  async provideFileDecoration(uri: vscode.Uri): Promise<vscode.FileDecoration | undefined> {
    const address = uri.scheme === DRAFT_SCHEME ? readUri(uri) : undefined;
    const tenant = address === undefined ? undefined : this.#state.registry.find(address.tenantId);
    if (address?.part !== 'code' || tenant === undefined) {
      return undefined;
    }
    if ((await this.#drafts.pending(address))?.kept === true) {
      return new vscode.FileDecoration('⇡', vscode.l10n.t('Only here: VS Code has saved it, {0} does not have it yet. Save it by hand, or deploy it.', tenant.name), new vscode.ThemeColor('list.warningForeground'));
    }
    const action = this.#state.catalog(tenant.id).action(address.actionId);
    return action?.deployedVersion === undefined || action.allChangesDeployed
      ? undefined
      : new vscode.FileDecoration('●', vscode.l10n.t('Changes not deployed to {0}', tenant.name), new vscode.ThemeColor('gitDecoration.modifiedResourceForeground'));
  }

  /** The draft's row and open documents are marked anew; without an action, those of the whole tenant. */
  update(tenantId: string, actionId?: string): void {
    const open = openDrafts().filter(({ of }) => of.tenantId === tenantId && (actionId === undefined || of.actionId === actionId)).map(({ document }) => document.uri);
    const actions = this.#state.registry.find(tenantId) === undefined ? [] : this.#state.catalog(tenantId).list().items;
    const rows = actions.filter(action => actionId === undefined || action.id === actionId).map(action => draftUri(tenantId, action.id, action.name));
    this.#changed.fire([...open, ...rows]);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
