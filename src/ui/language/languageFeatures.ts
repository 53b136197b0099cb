/** Completion, hover and signature help, registered without loading what they need. */
import * as vscode from 'vscode';
import type { ActionFacts } from '../../actions/language/index.ts';
import type { Disposables } from '../disposables.ts';
import type { Log } from '../log.ts';
import { DRAFT_SCHEME, VERSION_SCHEME } from '../uris.ts';
import type * as drawn from './drawn.ts';
import { LOCAL_SCHEMES, isLocal } from '../localFiles.ts';

/** The bundle of drawn.ts. */
export type LanguageBundle = typeof drawn;

export interface LanguageParts {
  readonly load: () => Promise<LanguageBundle>;
  /** What the code of a draft or version belongs to; nothing for a document that this has nothing to say about. */
  readonly factsFor: (document: vscode.TextDocument) => ActionFacts | undefined;
  /** The same for a file of the workspace; what that takes is loaded for the first of them. */
  readonly localFactsFor: (document: vscode.TextDocument) => Promise<ActionFacts | undefined>;
  readonly log: Log;
}

/** VS Code's own TypeScript support knows no member of `event` and `api` in these documents, so nothing is said twice. */
const DOCUMENTS: vscode.DocumentSelector = [DRAFT_SCHEME, VERSION_SCHEME, ...LOCAL_SCHEMES].map(scheme => ({ scheme, language: 'javascript' }));

export function registerLanguageFeatures({ load, localFactsFor, factsFor, log }: LanguageParts, disposables: Disposables): void {
  const answer = async <T>(document: vscode.TextDocument, token: vscode.CancellationToken, ask: (bundle: LanguageBundle, facts: ActionFacts) => T): Promise<T | undefined> => {
    try {
      const facts = await (isLocal(document.uri) ? localFactsFor(document) : factsFor(document));
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
