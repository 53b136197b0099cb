/** Running the checks over a text, and reading what they found. */
import { runChecks } from '../../../../src/actions/checks/index.ts';
import type { CheckInput, Finding } from '../../../../src/actions/checks/check.ts';
import type { TextRange } from '../../../../src/actions/problems.ts';

/** A post-login action on node22 that has nothing but its code. */
export function findings(code: string, change: Partial<CheckInput> = {}): readonly Finding[] {
  return runChecks({ code, runtime: 'node22', triggers: [{ id: 'post-login', version: 'v3' }], dependencies: [], secrets: [], modules: [], ...change });
}

/** Code, severity and the marked text of each. */
export function told(code: string, change: Partial<CheckInput> = {}): string[] {
  return findings(code, change).map(one => `${one.severity} ${one.code}: ${textAt(code, one.range)}`);
}

/** The handler that post-login needs, around some code. */
export function handler(body: string, before = ''): string {
  return `${before}exports.onExecutePostLogin = async (event, api) => {\n${body}\n};\n`;
}

export function textAt(code: string, { line, start, end, endLine = line }: TextRange): string {
  const lines = code.split(/\r\n|\r|\n/u);
  return line === endLine ? (lines[line] ?? '').slice(start, end) : [(lines[line] ?? '').slice(start), ...lines.slice(line + 1, endLine), (lines[endLine] ?? '').slice(0, end)].join('\n');
}

/** The code after the first text fix of the first finding that has one. */
export function mended(code: string, change: Partial<CheckInput> = {}): string | undefined {
  const fix = findings(code, change).flatMap(one => one.fixes).find(one => one.kind === 'replaceText');
  if (fix?.kind !== 'replaceText') {
    return undefined;
  }
  const { line, start, end, endLine = line } = fix.range;
  const starts = [0, ...[...code.matchAll(/\r\n|\r|\n/gu)].map(match => match.index + match[0].length)];
  return code.slice(0, (starts[line] ?? 0) + start) + fix.text + code.slice((starts[endLine] ?? 0) + end);
}
