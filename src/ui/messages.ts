/**
 * Everything that is said in a notification or a dialog, or asked in a list or a box, passes here. VS Code makes links of `[text](command:…)` in such
 * texts, and a click on one runs the command: a name or a message from a tenant must not get that far. The whole text
 * is treated, since two of its parts may make a link only together.
 */
import * as vscode from 'vscode';
import { settings, settingsSection } from './ids.ts';
import { withoutIcons } from './texts.ts';

/**
 * Which tenant a text is about: the object that carries its requests, or {@link noTenant}. A text that
 * does not name its tenant gets the name added, so that none can be shown without.
 */
export interface About {
  readonly name: string;
}

/** For a text that is about no tenant, or about several. */
export const noTenant: About = { name: '' };

/**
 * Whether the end of something that went on by itself is told in a notification, by the person's setting: a deployment,
 * a build. Questions, and answers to a command that a person has just given, are never asked of it.
 */
export function tellsEnd(end: 'success' | 'failure'): boolean {
  const wanted = vscode.workspace.getConfiguration(settingsSection).get<string>(settings.notifications, 'failures');
  return wanted === 'all' || (wanted !== 'none' && end === 'failure');
}

/** Something to know; resolves to the button that was clicked. */
export function inform(about: About, text: string, ...buttons: string[]): Thenable<string | undefined> {
  return vscode.window.showInformationMessage(withoutLinks(named(about, text)), ...buttons);
}

/** Something that may need attention. */
export function warn(about: About, text: string, ...buttons: string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(withoutLinks(named(about, text)), ...buttons);
}

/** Something that failed. */
export function fail(about: About, text: string, ...buttons: string[]): Thenable<string | undefined> {
  return vscode.window.showErrorMessage(withoutLinks(named(about, text)), ...buttons);
}

/** A modal question; resolves to the button, or to nothing. */
export function ask(about: About, text: string, detail: string, ...buttons: string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(withoutLinks(named(about, text)), { modal: true, detail: withoutLinks(detail) }, ...buttons);
}

/** A question with answers to choose from; `placeHolder` asks it. Resolves to nothing when it is dismissed. */
export function choose<T extends vscode.QuickPickItem>(about: About, items: readonly T[] | Promise<readonly T[]>, placeHolder: string, options: { readonly title?: string; readonly ignoreFocusOut?: boolean } = {}): Thenable<T | undefined> {
  return vscode.window.showQuickPick(items, { ...options, placeHolder: options.title?.includes(about.name) === true ? placeHolder : named(about, placeHolder), matchOnDescription: true });
}

/** The same with boxes to check. Resolves to what is checked, or to nothing when it is dismissed. */
export function chooseSeveral<T extends vscode.QuickPickItem>(about: About, items: readonly T[], placeHolder: string, title: string): Thenable<readonly T[] | undefined> {
  return vscode.window.showQuickPick(items, { canPickMany: true, title: named(about, title), placeHolder, ignoreFocusOut: true, matchOnDescription: true });
}

/**
 * A question with an answer to type; the title asks it. Resolves to nothing when it is dismissed, for which it has to be
 * left by hand: what is typed goes neither with a look at another window nor because a tree that is drawn anew takes the focus.
 */
export function enter(about: About, title: string, options: Omit<vscode.InputBoxOptions, 'title' | 'ignoreFocusOut'>): Thenable<string | undefined> {
  return vscode.window.showInputBox({ ...options, ignoreFocusOut: true, title: named(about, title) });
}

/** A text that the status bar shows for `ms` milliseconds, behind an icon. */
export function flash(about: About, icon: string, text: string, ms: number): void {
  vscode.window.setStatusBarMessage(`$(${icon}) ${withoutIcons(named(about, text))}`, ms);
}

/** A text with its tenant's name. */
export function named(about: About, text: string): string {
  return text.includes(about.name) ? text : `${text} (${about.name})`;
}

/** Text in which nothing is a link. */
export function withoutLinks(text: string): string {
  return text.replace(/\]\(/gu, '] (');
}
