/**
 * What a check is given, and what it finds: plain data, so that checks run anywhere and src/ui has the words.
 */
import type { Dependency, Trigger, TriggerRef } from '../../auth0/api.ts';
import type { PackageFacts } from '../packages.ts';
import type { TextRange } from '../problems.ts';
import type { Code } from './code.ts';

/** An error breaks logins or the build; a warning probably does not; a hint is something to know. */
export type Severity = 'error' | 'warning' | 'hint';

/** A change that mends what was found. Those of text are of the checked code; the others are of the action. */
export type Fix =
  | { readonly kind: 'replaceText'; readonly range: TextRange; readonly text: string }
  | { readonly kind: 'addDependency'; readonly name: string }
  | { readonly kind: 'setDependencyVersion'; readonly name: string; readonly version: string }
  | { readonly kind: 'removeDependency'; readonly name: string }
  | { readonly kind: 'addSecret'; readonly name: string };

/** What was found, by its stable code, with what its words need. Texts come from a tenant: hostile. */
export type Detail =
  | { readonly code: 'syntax'; readonly message: string }
  | { readonly code: 'syntax-too-new'; readonly runtime: string }
  | { readonly code: 'syntax-module'; readonly statement: 'import' | 'export' }
  | { readonly code: 'syntax-await' | 'syntax-typescript' }
  | { readonly code: 'handler-missing'; readonly handler: string; readonly trigger: string }
  | { readonly code: 'handler-misspelled'; readonly name: string; readonly handler: string }
  | { readonly code: 'handler-unknown'; readonly name: string; readonly trigger: string; readonly handler: string }
  | { readonly code: 'handler-not-async' | 'handler-not-function'; readonly handler: string }
  | { readonly code: 'require-unknown' | 'require-file' | 'require-not-node' | 'module-unknown'; readonly name: string }
  | { readonly code: 'dependency-unused' | 'dependency-builtin'; readonly name: string }
  | { readonly code: 'dependency-native'; readonly name: string; readonly sure: boolean }
  | { readonly code: 'dependency-not-found'; readonly name: string; readonly version: string }
  | { readonly code: 'dependency-version-not-found'; readonly name: string; readonly version: string; readonly builtin: boolean; readonly suggestion?: string }
  | { readonly code: 'dependency-deprecated'; readonly name: string; readonly version: string; readonly reason: string }
  | { readonly code: 'secret-undefined' | 'secret-unused'; readonly name: string }
  | { readonly code: 'code-too-long' | 'too-many-dependencies' | 'too-many-secrets'; readonly count: number; readonly limit: number }
  | { readonly code: 'trigger-deprecated'; readonly trigger: string; readonly version: string; readonly current?: string }
  | { readonly code: 'runtime-deprecated' | 'runtime-not-offered'; readonly runtime: string }
  | { readonly code: 'placeholder'; readonly text: string }
  | { readonly code: 'module-state'; readonly name: string };

export type FindingCode = Detail['code'];

export type Finding = Detail & {
  readonly severity: Severity;
  /** In the checked code. What has no place of its own there is on its first line. */
  readonly range: TextRange;
  /** The best first. */
  readonly fixes: readonly Fix[];
};

/** An action as far as it is known. What is not known is absent, and then nothing is said about it. */
export interface CheckInput {
  readonly code: string;
  readonly runtime?: string;
  readonly triggers: readonly TriggerRef[];
  readonly dependencies: readonly Dependency[];
  /** Names. */
  readonly secrets?: readonly string[];
  /** Names of the tenant's modules that the action uses. */
  readonly modules?: readonly string[];
  /** The triggers that the tenant has. */
  readonly tenantTriggers?: readonly Trigger[];
  /** What the registry has of the dependencies, by name. */
  readonly packages?: ReadonlyMap<string, PackageFacts | 'missing'>;
  /** Dependencies (`name@version`) that the service has installed: a registry that lacks one of them proves nothing then. */
  readonly installed?: ReadonlySet<string>;
  /** The code is a file whose marks, such as `##NAME##`, are replaced when it is sent: they may stand for anything. */
  readonly marks?: boolean;
}

/** What the checks share: the input, and its code, parsed once. */
export interface Checked {
  readonly input: CheckInput;
  readonly code: Code;
}

export type Check = (checked: Checked) => readonly Finding[];

/** For what has no place in the code. */
export const FIRST_LINE: TextRange = { line: 0, start: 0, end: 0 };

/** The service's limits, as documented. */
export const LIMITS = { codeBytes: 100_000, dependencies: 10, secrets: 30 } as const;
