/** What the status bar says of a linked file while it is in the active editor. */
import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import { short, withoutIcons } from '../texts.ts';
import { driftSentences, pathWords, stateWords } from './driftWords.ts';
import type { FileState, FileStates } from './fileStates.ts';

export class FileStatus implements vscode.Disposable {
  readonly #states: FileStates;
  #item: vscode.StatusBarItem | undefined;
  readonly #stops: readonly { dispose(): unknown }[];

  constructor(states: FileStates) {
    this.#states = states;
    this.#stops = [vscode.window.onDidChangeActiveTextEditor(() => void this.update()), { dispose: states.changed.on(() => void this.update()) }];
  }

  /** Shows the active editor's file as it is now. Never rejects. */
  async update(): Promise<void> {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const state = uri === undefined ? undefined : await this.#states.of(uri);
    if (vscode.window.activeTextEditor?.document.uri.toString() !== uri?.toString()) {
      // Another editor meanwhile, which is shown by its own event.
      return;
    }
    if (state === undefined) {
      this.#item?.hide();
      return;
    }
    const item = this.#shownItem();
    const { text, tooltip, spoken } = statusLook(state);
    item.text = text;
    item.tooltip = tooltip;
    item.accessibilityInformation = { label: spoken, role: 'button' };
    item.show();
  }

  #shownItem(): vscode.StatusBarItem {
    if (this.#item === undefined) {
      this.#item = vscode.window.createStatusBarItem('auth0Actions.file', vscode.StatusBarAlignment.Left, 9);
      this.#item.name = vscode.l10n.t('Auth0 Actions: local file');
      this.#item.command = commands.fileMenu;
    }
    return this.#item;
  }

  dispose(): void {
    this.#stops.forEach(stop => stop.dispose());
    this.#item?.dispose();
  }
}

/** A linked file as the status bar says it. */
export function statusLook(state: FileState): { readonly text: string; readonly tooltip: string; readonly spoken: string } {
  const { linked, tenant, tenantId } = state;
  const words = stateWords(state);
  const place = tenant?.name ?? tenantId;
  const who = [linked.name, ...(place === undefined ? [] : [place])];
  const said = (names: readonly string[]): string => (words === '' ? names.join(' · ') : vscode.l10n.t('{0}: {1}', names.join(' · '), words));
  return {
    text: `$(link) ${said(who.map(withoutIcons))}`,
    tooltip: [`${pathWords(state)} · ${who.map(name => short(name)).join(' · ')}`, ...driftSentences(state), vscode.l10n.t('Click for what can be done with it.')].join('\n'),
    spoken: said(who.map(name => short(name))),
  };
}
