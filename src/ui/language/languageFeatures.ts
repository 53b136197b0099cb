/** Completion, hover and signature help, registered without loading what they need. */
import * as vscode from 'vscode';
import type { ActionFacts } from '../../actions/language/index.ts';
import type { Disposables } from '../disposables.ts';
import type { Log } from '../log.ts';
import { DRAFT_SCHEME, VERSION_SCHEME } from '../uris.ts';
import type * as drawn from './drawn.ts';
import type * as localFacts from './localFacts.ts';

/** The bundle of drawn.ts. */
export type LanguageBundle = typeof drawn;

export interface LanguageParts {
  readonly load: () => Promise<LanguageBundle>;
  /** For files of the workspace. */
  readonly loadLocal: () => Promise<Pick<typeof localFacts, 'LocalFacts'>>;
  /** What the code of a draft or version belongs to; nothing for a document that this has nothing to say about. */
  readonly factsFor: (document: vscode.TextDocument) => ActionFacts | undefined;
  readonly log: Log;
}

/** Where files of a workspace are: on a disk, or in a repository that is not cloned. */
const LOCAL_SCHEMES: readonly string[] = ['file', 'vscode-vfs'];
/** VS Code's own TypeScript support knows no member of `event` and `api` in these documents, so nothing is said twice. */
const DOCUMENTS: vscode.DocumentSelector = [DRAFT_SCHEME, VERSION_SCHEME, ...LOCAL_SCHEMES].map(scheme => ({ scheme, language: 'javascript' }));

export function registerLanguageFeatures({ load, loadLocal, factsFor, log }: LanguageParts, disposables: Disposables): void {
  let local: Promise<localFacts.LocalFacts> | undefined;
  const factsOf = async (document: vscode.TextDocument): Promise<ActionFacts | undefined> => {
    if (!LOCAL_SCHEMES.includes(document.uri.scheme)) {
      return factsFor(document);
    }
    local ??= loadLocal().then(({ LocalFacts }) => new LocalFacts());
    return (await local).of(document);
  };
  const answer = async <T>(document: vscode.TextDocument, token: vscode.CancellationToken, ask: (bundle: LanguageBundle, facts: ActionFacts) => T): Promise<T | undefined> => {
    try {
      const facts = await factsOf(document);
      if (facts === undefined) {
        return undefined;
      }
      const bundle = await load();
      return token.isCancellationRequested ? undefined : ask(bundle, facts);
    } catch (error) {
      log.error('language', error);
      return undefined;
    }
  };
  disposables.add(vscode.languages.registerCompletionItemProvider(DOCUMENTS, { provideCompletionItems: (document, position, token) => answer(document, token, (bundle, facts) => bundle.completions(document, position, facts)) }, '.', "'", '"'));
  disposables.add(vscode.languages.registerHoverProvider(DOCUMENTS, { provideHover: (document, position, token) => answer(document, token, (bundle, facts) => bundle.hover(document, position, facts)) }));
  disposables.add(vscode.languages.registerSignatureHelpProvider(DOCUMENTS, { provideSignatureHelp: (document, position, token) => answer(document, token, (bundle, facts) => bundle.signatureHelp(document, position, facts)) }, '(', ','));
}
