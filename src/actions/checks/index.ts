/** All checks over one parse. A bundle of its own: the parser is loaded when somebody first looks at an action's code. */
import type { Check, CheckInput, Checked, Finding } from './check.ts';
import { Code } from './code.ts';
import { checkBuiltinDependencies, checkNativeDependencies, checkUnusedDependencies } from './dependencies.ts';
import { checkHandlers } from './handlers.ts';
import { checkLimits } from './limits.ts';
import { checkModuleState } from './moduleState.ts';
import { checkPlaceholders, marksIn, withNames } from './placeholders.ts';
import { checkRuntime, checkTrigger } from './platform.ts';
import { checkRegistry } from './registry.ts';
import { checkRequires } from './requires.ts';
import { checkUndefinedSecrets, checkUnusedSecrets } from './secrets.ts';
import { checkSyntax } from './syntax.ts';

/** By name, for whoever measures them. */
export const CHECKS: Readonly<Record<string, Check>> = {
  syntax: checkSyntax,
  handlers: checkHandlers,
  requires: checkRequires,
  unusedDependencies: checkUnusedDependencies,
  builtinDependencies: checkBuiltinDependencies,
  nativeDependencies: checkNativeDependencies,
  registry: checkRegistry,
  undefinedSecrets: checkUndefinedSecrets,
  unusedSecrets: checkUnusedSecrets,
  limits: checkLimits,
  trigger: checkTrigger,
  runtime: checkRuntime,
  placeholders: checkPlaceholders,
  moduleState: checkModuleState,
};

/** More than anybody reads. */
const MOST = 300;

/** Everything there is to say of an action, from the top of its code to the bottom. Never throws, whatever the code. */
export function runChecks(input: CheckInput): readonly Finding[] {
  const checked = { input, code: new Code(input.marks === true ? withNames(input.code) : input.code, input.runtime) };
  const found = Object.values(CHECKS).flatMap(check => check(checked));
  return (input.marks === true ? besideMarks(checked, found) : found)
    .sort((a, b) => a.range.line - b.range.line || a.range.start - b.range.start)
    .slice(0, MOST);
}

/** What can be said although marks may stand for anything: nothing about themselves, and not that something is used nowhere. */
function besideMarks({ input, code }: Checked, findings: readonly Finding[]): Finding[] {
  const marks = marksIn(input.code).map(({ start, end, name }) => ({ ...code.range(start, end), name }));
  return marks.length === 0 ? [...findings] : findings
    .filter(({ code: what, range }) => what !== 'dependency-unused' && what !== 'secret-unused' && !marks.some(({ line, start, end }) => line === range.line && start < range.end && range.start < end))
    // A fix must not write the name that stands for a mark.
    .map(finding => ({ ...finding, fixes: finding.fixes.filter(fix => fix.kind !== 'replaceText' || !marks.some(({ name }) => fix.text.includes(name))) }));
}
