/** Run Action Locally and Debug Action Locally: the commands, and the lenses above handlers. What they do is in a bundle of its own. */
import * as vscode from 'vscode';
import { commands } from '../ids.ts';
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

/** Lenses above handlers. They cause no request. */
export function offerLocalRuns(parts: Parts, disposables: Disposables): void {
  const changed = disposables.add(new vscode.EventEmitter<void>());
  const isAction = async (document: vscode.TextDocument): Promise<boolean> => {
    const { uri } = document;
    if (document.languageId !== 'javascript' || !HANDLER.test(document.getText())) {
      return false;
    }
    if (uri.scheme === DRAFT_SCHEME) {
      return readUri(uri)?.part === 'code';
    }
    return vscode.workspace.getWorkspaceFolder(uri) !== undefined && (await (await parts.local.get()).local.actionOf(uri)) !== undefined;
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
  // A file may belong to an action of a tenant that is only read now.
  disposables.undo(parts.state.catalogChanged.on(({ change }) => (change.kind === 'list' ? changed.fire() : undefined)));
}
