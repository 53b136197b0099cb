/** VS Code's own JavaScript support reports syntax errors too: what it says is not said again. */
import { DiagnosticSeverity } from 'vscode';
import type { Diagnostic } from 'vscode';
import type { Finding } from '../../actions/checks/check.ts';

/** What VS Code's own support may say as well. Of ES modules it says nothing. */
export function mayBeSaidTwice({ code }: Finding): boolean {
  return code === 'syntax' || code === 'syntax-typescript' || code === 'syntax-too-new';
}

/** Findings without those that VS Code has a message of its own for. */
export function besides(diagnostics: readonly Pick<Diagnostic, 'severity' | 'source' | 'range'>[], findings: readonly Finding[]): readonly Finding[] {
  const lines = diagnostics.filter(one => one.severity === DiagnosticSeverity.Error && one.source !== 'auth0').map(one => [one.range.start.line, one.range.end.line] as const);
  if (lines.length === 0) {
    return findings;
  }
  const isSaid = (line: number): boolean => lines.some(([first, last]) => first <= line && line <= last);
  // The parser stops at the first mistake, and may name another line for it than VS Code does: they mean the same one.
  return findings.filter(one => !(one.code === 'syntax' || (one.code.startsWith('syntax-') && isSaid(one.range.line))));
}
