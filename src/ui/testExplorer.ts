/** The Test Explorer's controller, registered without loading what it needs. */
import * as vscode from 'vscode';
import type { Parts } from './commands/parts.ts';
import type { Disposables } from './disposables.ts';
import { settingsSection } from './ids.ts';
import type * as runs from './runs/index.ts';
import { readUri } from './uris.ts';

/** `load` gives the bundle that has the tests. */
export function registerTests(parts: Parts, load: () => Promise<typeof runs>, disposables: Disposables): vscode.TestController {
  const controller = disposables.add(vscode.tests.createTestController(`${settingsSection}.tests`, vscode.l10n.t('Actions for Auth0')));
  let loaded: Promise<runs.Tests> | undefined;
  const tests = (): Promise<runs.Tests> => loaded ??= load().then(({ Tests }) => disposables.add(new Tests(parts, controller)));
  const quietly = async (work: (tests: runs.Tests) => Promise<void>): Promise<void> => {
    try {
      await work(await tests());
    } catch (error) {
      parts.log.error('tests', error);
    }
  };
  controller.resolveHandler = item => quietly(one => one.resolve(item));
  controller.refreshHandler = () => quietly(one => one.refresh());
  const { Run, Debug } = vscode.TestRunProfileKind;
  const profile = (label: string, kind: vscode.TestRunProfileKind, how: 'local' | 'debug' | 'tenant', isDefault: boolean): void => {
    disposables.add(controller.createRunProfile(label, kind, async (request, token) => (await tests()).run(how, request, token), isDefault));
  };
  profile(vscode.l10n.t('Run Locally'), Run, 'local', true);
  profile(vscode.l10n.t('Debug Locally'), Debug, 'debug', true);
  profile(vscode.l10n.t('Run in Tenant'), Run, 'tenant', false);
  // Code in an editor has its marks without a look at the view.
  const seen = new WeakSet<vscode.TextDocument>();
  const show = (editors: readonly vscode.TextEditor[]): void => {
    for (const { document } of editors) {
      if (!seen.has(document) && isCode(document, parts)) {
        seen.add(document);
        void quietly(one => one.show(document));
      }
    }
  };
  disposables.add(vscode.window.onDidChangeVisibleTextEditors(show));
  show(vscode.window.visibleTextEditors);
  return controller;
}

/** A draft, or a script where configurations keep the code of actions: whether it is one is found out with what is loaded then. */
function isCode({ uri, languageId }: vscode.TextDocument, { state }: Pick<Parts, 'state'>): boolean {
  const address = readUri(uri);
  return address === undefined
    ? languageId === 'javascript' && uri.path.includes('/actions/') && vscode.workspace.getWorkspaceFolder(uri) !== undefined
    : address.version === undefined && address.part === 'code' && address.saved !== true && state.registry.find(address.tenantId) !== undefined;
}
