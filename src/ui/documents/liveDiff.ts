/**
 * Lines of an open draft that differ from the live version are marked beside the text. VS Code offers that only to
 * providers of source control, so there is one while a draft with a live version is open.
 */
import * as vscode from 'vscode';
import type { AppState } from '../appState.ts';
import { DRAFT_SCHEME, readUri, versionUri } from '../uris.ts';
import { openDrafts } from './draftFiles.ts';

export class LiveDiff implements vscode.Disposable {
  readonly #state: AppState;
  #control: vscode.SourceControl | undefined;
  /** What the marks compare with: one of them has changed, and VS Code asks again only a new provider. */
  #against = '';

  constructor(state: AppState) {
    this.#state = state;
  }

  /** Documents were opened or closed, or another version is live. */
  update(): void {
    const live = openDrafts().map(({ document }) => this.#live(document.uri)).filter(uri => uri !== undefined);
    const against = [...new Set(live.map(uri => uri.toString()))].sort().join(' ');
    if (against === this.#against) {
      return;
    }
    this.#against = against;
    this.#control?.dispose();
    this.#control = undefined;
    if (live.length > 0) {
      this.#control = vscode.scm.createSourceControl('auth0Actions', vscode.l10n.t('Actions for Auth0'));
      this.#control.inputBox.visible = false;
      this.#control.quickDiffProvider = { provideOriginalResource: uri => this.#live(uri) };
    }
  }

  #live(uri: vscode.Uri): vscode.Uri | undefined {
    const address = uri.scheme === DRAFT_SCHEME ? readUri(uri) : undefined;
    if (address?.part !== 'code' || this.#state.registry.find(address.tenantId) === undefined) {
      return undefined;
    }
    const action = this.#state.catalog(address.tenantId).action(address.actionId);
    return action?.deployedVersion === undefined ? undefined : versionUri(address.tenantId, address.actionId, action.deployedVersion.number, action.name);
  }

  dispose(): void {
    this.#control?.dispose();
  }
}
