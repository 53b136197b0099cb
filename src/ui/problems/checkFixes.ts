/** Quick fixes for what the checks find. */
import * as vscode from 'vscode';
import type { Finding, Fix } from '../../actions/checks/check.ts';
import { fixWords } from '../checkWords.ts';
import { commands } from '../ids.ts';
import { LOCAL_SCHEMES } from '../localFiles.ts';
import { DRAFT_SCHEME, draftUri } from '../uris.ts';
import { rangeOf } from './checkProblems.ts';
import type { CheckProblems } from './checkProblems.ts';

/** The commands that change an action beside its code. Each takes a document of the action and `{ name }`, with `version` where it sets one. */
const CHANGES = {
  addDependency: commands.addDependency,
  setDependencyVersion: commands.setDependencyVersion,
  removeDependency: commands.removeDependency,
  addSecret: commands.setSecret,
} as const;

/** Offers the fixes of the findings under the cursor, and of those that a person asks for in the Problems panel. */
export function checkFixes(checks: Pick<CheckProblems, 'actionOf' | 'findingsIn'>): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider([{ scheme: DRAFT_SCHEME }, ...LOCAL_SCHEMES.map(scheme => ({ scheme, language: 'javascript' }))], {
    provideCodeActions: async (document, range, { diagnostics }) => {
      const found = checks.findingsIn(document).filter(finding => {
        const place = rangeOf(finding.range);
        return place.intersection(range) !== undefined && finding.fixes.length > 0;
      });
      if (found.length === 0) {
        return [];
      }
      const known = new Set(await vscode.commands.getCommands(true));
      return found.flatMap(finding => {
        const diagnostic = diagnostics.find(one => codeOf(one) === finding.code && one.range.isEqual(rangeOf(finding.range)));
        const actions = finding.fixes.flatMap(fix => fixAction(checks, document, finding, fix, known));
        actions.forEach((action, index) => {
          action.isPreferred = index === 0;
          action.diagnostics = diagnostic === undefined ? [] : [diagnostic];
        });
        return actions;
      });
    },
  }, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] });
}

/** No action where the fix cannot be made: a document that is only to be read, a file without a tenant, or a command that is not there. */
function fixAction(checks: Pick<CheckProblems, 'actionOf'>, document: vscode.TextDocument, finding: Finding, fix: Fix, known: ReadonlySet<string>): readonly vscode.CodeAction[] {
  const action = new vscode.CodeAction(fixWords(fix, finding), vscode.CodeActionKind.QuickFix);
  if (fix.kind === 'replaceText') {
    action.edit = new vscode.WorkspaceEdit();
    action.edit.replace(document.uri, rangeOf(fix.range), fix.text);
    return vscode.workspace.fs.isWritableFileSystem(document.uri.scheme) === false ? [] : [action];
  }
  const draft = checks.actionOf(document);
  const command = CHANGES[fix.kind];
  if (draft === undefined || !known.has(command)) {
    return [];
  }
  const { kind: _kind, ...change } = fix;
  // Not `{ tenant, action }`, which is for code: a person is told what fails, and nothing of a question that was dismissed.
  action.command = { command, title: action.title, arguments: [draftUri(draft.tenant.id, draft.actionId, draft.actionId), change] };
  return [action];
}

function codeOf({ code }: vscode.Diagnostic): unknown {
  return typeof code === 'object' ? code.value : code;
}
