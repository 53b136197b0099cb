/** Marks of linked files in the Explorer and in tabs: changed against the draft, or against what is live. */
import * as vscode from 'vscode';
import { driftMark, driftSentences } from './driftWords.ts';
import type { FileStates } from './fileStates.ts';

export class FileMarks implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #states: FileStates;
  readonly #changed = new vscode.EventEmitter<vscode.Uri[]>();
  readonly onDidChangeFileDecorations = this.#changed.event;
  readonly #stop: () => void;

  constructor(states: FileStates) {
    this.#states = states;
    this.#stop = states.changed.on(keys => this.#changed.fire(keys === undefined ? states.files().map(({ uri }) => uri) : [...keys].map(key => vscode.Uri.parse(key, true))));
  }

  /** VS Code asks about every file that it shows: what is not linked costs a look into a map. */
  async provideFileDecoration(uri: vscode.Uri): Promise<vscode.FileDecoration | undefined> {
    const state = await this.#states.of(uri);
    const mark = state?.drift === undefined ? undefined : driftMark(state.drift);
    if (state === undefined || mark === undefined) {
      return undefined;
    }
    // Without a colour: that of git stays.
    return new vscode.FileDecoration(mark, driftSentences(state).join(' '), state.drift?.file === 'conflict' ? new vscode.ThemeColor('list.warningForeground') : undefined);
  }

  dispose(): void {
    this.#stop();
    this.#changed.dispose();
  }
}
