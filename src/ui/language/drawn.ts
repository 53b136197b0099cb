/**
 * The answers about `event` and `api` as VS Code shows them, and the code that a new action begins with. The entry of a
 * bundle that is loaded for the first answer: the facts and the words are of no use before.
 */
import * as vscode from 'vscode';
import { callAt, complete, explain } from '../../actions/language/index.ts';
import type { ActionFacts, Suggestion } from '../../actions/language/index.ts';
import { withoutIcons } from '../texts.ts';
import { describe } from './descriptions.ts';

export { starterCode } from '../../actions/starters.ts';
export { eventSchemaText, offerText } from './eventSchemaText.ts';

const KINDS = {
  property: vscode.CompletionItemKind.Property,
  method: vscode.CompletionItemKind.Method,
  secret: vscode.CompletionItemKind.Constant,
  literal: vscode.CompletionItemKind.EnumMember,
  option: vscode.CompletionItemKind.Property,
} as const;

/** What fits at a place. An empty list leaves the place to VS Code's own suggestions. */
export function completions(document: vscode.TextDocument, position: vscode.Position, facts: ActionFacts): vscode.CompletionItem[] {
  return complete(document.getText(), document.offsetAt(position), facts).map(one => completionItem(document, one));
}

function completionItem(document: vscode.TextDocument, suggestion: Suggestion): vscode.CompletionItem {
  const { kind, name, insert, filter, from, to, type, optional, deprecated, elsewhere, path } = suggestion;
  const label = `${withoutIcons(name)}${optional ? '?' : ''}`;
  const item = new vscode.CompletionItem({ label, description: elsewhere === undefined ? type : vscode.l10n.t('{0} only', elsewhere) }, KINDS[kind]);
  item.insertText = insert;
  item.filterText = filter ?? name;
  item.range = new vscode.Range(document.positionAt(from), document.positionAt(to));
  item.detail = `${withoutIcons(name)}${kind === 'method' ? '' : optional ? '?: ' : ': '}${type}`;
  // Before the words of the file, which VS Code offers as well; what does not work here, or should not be used any more, comes last.
  item.sortText = `0${elsewhere !== undefined || deprecated ? 1 : 0}${name}`;
  if (deprecated) {
    item.tags = [vscode.CompletionItemTag.Deprecated];
  }
  const words = [kind === 'secret' ? vscode.l10n.t('Secret of this action. Its value is there when the action runs.') : describe(path), ...warnings(deprecated, elsewhere)].filter(text => text !== undefined);
  if (words.length > 0) {
    item.documentation = new vscode.MarkdownString(words.join('\n\n'));
  }
  return item;
}

/** Sentences about what does not work here or is going away. The handler's name comes from our own facts. */
function warnings(deprecated: boolean, elsewhere: string | undefined): string[] {
  return [...(deprecated ? [vscode.l10n.t('Deprecated.')] : []), ...(elsewhere === undefined ? [] : [vscode.l10n.t('Works in {0} only.', `\`${elsewhere}\``)])];
}

export function hover(document: vscode.TextDocument, position: vscode.Position, facts: ActionFacts): vscode.Hover | undefined {
  const found = explain(document.getText(), document.offsetAt(position), facts);
  if (found === undefined) {
    return undefined;
  }
  const text = new vscode.MarkdownString();
  text.appendCodeblock([...found.lines, ...found.definitions.map(one => `type ${one}`)].join('\n'), 'typescript');
  for (const sentence of [describe(found.path), ...warnings(found.deprecated, found.elsewhere)]) {
    text.appendMarkdown(sentence === undefined ? '' : `${sentence}\n\n`);
  }
  text.appendMarkdown(`*${found.trigger} ${found.version}*`);
  return new vscode.Hover(text, new vscode.Range(document.positionAt(found.from), document.positionAt(found.to)));
}

export function signatureHelp(document: vscode.TextDocument, position: vscode.Position, facts: ActionFacts): vscode.SignatureHelp | undefined {
  const found = callAt(document.getText(), document.offsetAt(position), facts);
  if (found === undefined) {
    return undefined;
  }
  const help = new vscode.SignatureHelp();
  help.signatures = found.signatures.map(({ text, parameters, deprecated }) => {
    const words = new vscode.MarkdownString([describe(found.path), ...warnings(deprecated, undefined)].filter(one => one !== undefined).join('\n\n'));
    if (found.definitions.length > 0) {
      words.appendCodeblock(found.definitions.map(one => `type ${one}`).join('\n'), 'typescript');
    }
    const signature = new vscode.SignatureInformation(text, words);
    signature.parameters = parameters.map(one => new vscode.ParameterInformation(one));
    return signature;
  });
  const fits = found.signatures.findIndex(({ parameters }) => parameters.length > found.activeParameter);
  help.activeSignature = Math.max(0, fits);
  help.activeParameter = found.activeParameter;
  return help;
}
