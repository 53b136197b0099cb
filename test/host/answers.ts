/** Answers to what VS Code would ask a person. */
import * as vscode from 'vscode';

/** What was said or asked. */
export interface Said {
  readonly kind: 'error' | 'warning' | 'information' | 'input';
  readonly text: string;
  readonly detail: string;
  readonly buttons: readonly string[];
}

/**
 * Does the work, and answers its questions: each with the next of these answers, a notification or dialog only where it
 * has such a button. Whatever is left is dismissed. Resolves to all that was said.
 */
export async function answered(answers: readonly string[], work: () => PromiseLike<unknown>): Promise<readonly Said[]> {
  const { showErrorMessage, showWarningMessage, showInformationMessage, showInputBox } = vscode.window;
  const left = [...answers];
  const said: Said[] = [];
  const say = (kind: Said['kind']) => (text: string, ...rest: readonly (string | vscode.MessageOptions)[]): Promise<string | undefined> => {
    const buttons = rest.filter(one => typeof one === 'string');
    said.push({ kind, text, detail: rest.flatMap(one => (typeof one === 'string' ? [] : [one.detail ?? ''])).join(''), buttons });
    return Promise.resolve(left[0] !== undefined && buttons.includes(left[0]) ? left.shift() : undefined);
  };
  const enter = ({ title = '' }: vscode.InputBoxOptions): Promise<string | undefined> => {
    said.push({ kind: 'input', text: title, detail: '', buttons: [] });
    return Promise.resolve(left.shift());
  };
  // The extension has the same `vscode` as its tests.
  Object.assign(vscode.window, { showErrorMessage: say('error'), showWarningMessage: say('warning'), showInformationMessage: say('information'), showInputBox: enter });
  try {
    await work();
    return said;
  } finally {
    Object.assign(vscode.window, { showErrorMessage, showWarningMessage, showInformationMessage, showInputBox });
  }
}
