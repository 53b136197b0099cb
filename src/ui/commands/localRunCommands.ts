/** Run Action Locally and Debug Action Locally: the commands, the lenses above handlers, and which files have them. What they do is in a bundle of its own. */
import * as vscode from 'vscode';
import { commands, contextKeys } from '../ids.ts';
import { run } from '../run.ts';
import { DRAFT_SCHEME, readUri } from '../uris.ts';
import type { Disposables } from '../disposables.ts';
import type { CommandTable, Parts } from './parts.ts';

export function localRunCommands(parts: Parts): CommandTable {
  const command = (what: string, debug: boolean) => (...args: unknown[]): unknown => {
    const work = async (about: Parameters<Parameters<typeof run>[2]>[0]): Promise<unknown> => (await parts.localRuns.load()).runCommand(parts, about, args, debug);
    // Calls from code reject; a person gets a notification.
    return isCode(args[0]) ? work({}) : run(parts.log, what, work);
  };
  return { [commands.runLocally]: command('runLocally', false), [commands.debugLocally]: command('debugLocally', true) };
}

function isCode(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof vscode.Uri) && 'uri' in value;
}

/** What a handler's name looks like: nothing is loaded for other scripts. */
const HANDLER = /\bonExecute[A-Z]/u;

/** Lenses above handlers, and the context key with the files of actions, for the menus. */
export function offerLocalRuns(parts: Parts, disposables: Disposables): void {
  const changed = disposables.add(new vscode.EventEmitter<void>());
  const files = new Set<string>();
  const isAction = async (document: vscode.TextDocument): Promise<boolean> => {
    if (document.languageId !== 'javascript' || !HANDLER.test(document.getText())) {
      return false;
    }
    if (document.uri.scheme === DRAFT_SCHEME) {
      return readUri(document.uri)?.part === 'code';
    }
    const found = document.uri.scheme === 'file' && (await (await parts.localRuns.load()).actionOfFile(parts, document.uri)) !== undefined;
    if (found && !files.has(document.uri.toString())) {
      files.add(document.uri.toString());
      void vscode.commands.executeCommand('setContext', contextKeys.localFiles, [...files]);
    }
    return found;
  };
  disposables.add(vscode.languages.registerCodeLensProvider([{ scheme: DRAFT_SCHEME, language: 'javascript' }, { scheme: 'file', language: 'javascript' }], {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: async document => {
      if (!vscode.workspace.isTrusted || !(await isAction(document))) {
        return [];
      }
      const { handlerLines } = await parts.localRuns.load();
      return handlerLines(document.getText()).flatMap(offset => {
        const place = document.positionAt(offset);
        const range = new vscode.Range(place, place);
        return [
          new vscode.CodeLens(range, { title: vscode.l10n.t('Run Locally'), command: commands.runLocally, arguments: [document.uri] }),
          new vscode.CodeLens(range, { title: vscode.l10n.t('Debug Locally'), command: commands.debugLocally, arguments: [document.uri] }),
        ];
      });
    },
  }));
  disposables.add(vscode.workspace.onDidGrantWorkspaceTrust(() => changed.fire()));
  const look = (editor: vscode.TextEditor | undefined): void => {
    if (editor?.document.uri.scheme === 'file') {
      isAction(editor.document).catch((error: unknown) => parts.log.error('runLocally', error));
    }
  };
  disposables.add(vscode.window.onDidChangeActiveTextEditor(look));
  look(vscode.window.activeTextEditor);
}
