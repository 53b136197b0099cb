/**
 * Everything that is said in a notification or a dialog passes here. VS Code makes links of `[text](command:…)` in such
 * texts, and a click on one runs the command: a name or a message from a tenant must not get that far. The whole text
 * is treated, since two of its parts may make a link only together.
 */
import * as vscode from 'vscode';

/** Something to know; resolves to the button that was clicked. */
export function inform(text: string, ...buttons: string[]): Thenable<string | undefined> {
  return vscode.window.showInformationMessage(withoutLinks(text), ...buttons);
}

/** Something that may need attention. */
export function warn(text: string, ...buttons: string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(withoutLinks(text), ...buttons);
}

/** Something that failed. */
export function fail(text: string, ...buttons: string[]): Thenable<string | undefined> {
  return vscode.window.showErrorMessage(withoutLinks(text), ...buttons);
}

/** A modal question; resolves to the button, or to nothing. */
export function ask(text: string, detail: string, ...buttons: string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(withoutLinks(text), { modal: true, detail: withoutLinks(detail) }, ...buttons);
}

/** Text in which nothing is a link. */
export function withoutLinks(text: string): string {
  return text.replace(/\]\(/gu, '] (');
}
