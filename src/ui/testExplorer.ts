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
  /** Code that was shown. */
  readonly #seen = new WeakSet<vscode.TextDocument>();
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
    const show = (editors: readonly vscode.TextEditor[]): void => editors.forEach(({ document }) => void this.#show(document, parts));
    this.#disposables.add(vscode.window.onDidChangeVisibleTextEditors(show));
    this.#disposables.undo(parts.state.catalogChanged.on(({ change }) => {
      if (change.kind === 'list') {
        show(vscode.window.visibleTextEditors);
      }
    }));
    show(vscode.window.visibleTextEditors);
  }

  async #show(document: vscode.TextDocument, parts: Parts): Promise<void> {
    try {
      if (!this.#seen.has(document) && (await isCode(document, parts)) && !this.#seen.has(document)) {
        this.#seen.add(document);
        await (await this.#loaded())?.show(document);
      }
    } catch (error) {
      parts.log.error('tests', error);
    }
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

/** A draft, or a script of the workspace that belongs to an action, as far as that is known without a request. */
async function isCode({ uri, languageId }: vscode.TextDocument, { state, local }: Pick<Parts, 'state' | 'local'>): Promise<boolean> {
  const address = readUri(uri);
  return address === undefined
    ? languageId === 'javascript' && vscode.workspace.getWorkspaceFolder(uri) !== undefined && (await (await local.get()).local.actionOf(uri)) !== undefined
    : address.version === undefined && address.part === 'code' && address.saved !== true && state.registry.find(address.tenantId) !== undefined && state.catalog(address.tenantId).action(address.actionId) !== undefined;
}
