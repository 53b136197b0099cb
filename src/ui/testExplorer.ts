/** The Test Explorer's controller and the ways to run its tests, made without loading what they need. */
import * as vscode from 'vscode';
import type { Parts } from './commands/parts.ts';
import type { Disposables } from './disposables.ts';
import { settingsSection } from './ids.ts';
import type * as runs from './runs/index.ts';
import { readUri } from './uris.ts';

export class TestExplorer {
  readonly controller: vscode.TestController;
  readonly profiles: Readonly<Record<'local' | 'debug' | 'tenant', vscode.TestRunProfile>>;
  readonly #load: () => Promise<typeof runs>;
  readonly #disposables: Disposables;
  #parts: Parts | undefined;
  #tests: Promise<runs.Tests> | undefined;

  /** @param load gives the bundle that has the tests. */
  constructor(load: () => Promise<typeof runs>, disposables: Disposables) {
    this.#load = load;
    this.#disposables = disposables;
    this.controller = disposables.add(vscode.tests.createTestController(`${settingsSection}.tests`, vscode.l10n.t('Actions for Auth0')));
    const { Run, Debug } = vscode.TestRunProfileKind;
    const profile = (label: string, kind: vscode.TestRunProfileKind, how: 'local' | 'debug' | 'tenant', isDefault: boolean): vscode.TestRunProfile =>
      disposables.add(this.controller.createRunProfile(label, kind, async (request, token) => (await this.#loaded())?.run(how, request, token), isDefault));
    // A run in a tenant is never what a click runs without being chosen.
    this.profiles = { local: profile(vscode.l10n.t('Run Locally'), Run, 'local', true), debug: profile(vscode.l10n.t('Debug Locally'), Debug, 'debug', true), tenant: profile(vscode.l10n.t('Run in Tenant'), Run, 'tenant', false) };
  }

  /** From here on there is something to show. */
  start(parts: Parts): void {
    this.#parts = parts;
    this.controller.resolveHandler = item => this.#quietly(one => one.resolve(item));
    this.controller.refreshHandler = () => this.#quietly(one => one.refresh());
    // Code in an editor has its marks without a look at the view.
    const seen = new WeakSet<vscode.TextDocument>();
    const show = (editors: readonly vscode.TextEditor[]): void => {
      for (const { document } of editors) {
        if (!seen.has(document) && isCode(document, parts)) {
          seen.add(document);
          void this.#quietly(one => one.show(document));
        }
      }
    };
    this.#disposables.add(vscode.window.onDidChangeVisibleTextEditors(show));
    this.#disposables.undo(parts.state.catalogChanged.on(({ change }) => {
      if (change.kind === 'list') {
        show(vscode.window.visibleTextEditors);
      }
    }));
    show(vscode.window.visibleTextEditors);
  }

  async #loaded(): Promise<runs.Tests | undefined> {
    const parts = this.#parts;
    return parts === undefined ? undefined : this.#tests ??= this.#load().then(({ Tests }) => this.#disposables.add(new Tests(parts, this.controller)));
  }

  async #quietly(work: (tests: runs.Tests) => Promise<void>): Promise<void> {
    try {
      const tests = await this.#loaded();
      await (tests === undefined ? undefined : work(tests));
    } catch (error) {
      this.#parts?.log.error('tests', error);
    }
  }
}

/** A draft that is known without a request, or a script where configurations keep the code of actions: whether it is one is found out with what is loaded then. */
function isCode({ uri, languageId }: vscode.TextDocument, { state }: Pick<Parts, 'state'>): boolean {
  const address = readUri(uri);
  return address === undefined
    ? languageId === 'javascript' && uri.path.includes('/actions/') && vscode.workspace.getWorkspaceFolder(uri) !== undefined
    : address.version === undefined && address.part === 'code' && address.saved !== true && state.registry.find(address.tenantId) !== undefined && state.catalog(address.tenantId).action(address.actionId) !== undefined;
}
