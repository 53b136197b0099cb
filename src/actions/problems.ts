/**
 * Version errors and failed builds -> problems with ranges. The service names no line: a message that names a package
 * goes to the line that requires it, everything else to line 1, never to an invented position.
 */
import type { Content, VersionError } from '../auth0/api.ts';
import { plain } from '../auth0/serviceTexts.ts';

/** Lines and columns count from 0; the end is exclusive. */
export interface TextRange {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** Where it ends on a later line than it starts. */
  readonly endLine?: number;
}

export type Problem =
  /** The service said why. */
  | { readonly kind: 'versionError'; readonly id: string; readonly message: string; readonly url?: string; readonly range: TextRange }
  /** The build failed and the service gives no reason. `culprits` are the dependencies (`name@version`) that the registry does not have. */
  | { readonly kind: 'buildFailed'; readonly hasDependencies: boolean; readonly culprits: readonly string[]; readonly range: TextRange }
  /** A run of a version failed, as the tenant's log tells. `when` is in UTC. */
  | { readonly kind: 'runFailed'; readonly id: string; readonly message: string; readonly when?: string; readonly range: TextRange }
  /** A dependency of a failed build: only their installation is checked by a build. */
  | { readonly kind: 'suspect'; readonly name: string; readonly version: string; readonly required: boolean; readonly range: TextRange };

const FIRST_LINE: TextRange = { line: 0, start: 0, end: 0 };

/** One problem for each error of a version. A version that failed without any has one that says so. */
export function versionProblems(errors: readonly VersionError[], content: Pick<Content, 'code' | 'dependencies'>): readonly Problem[] {
  if (errors.length === 0) {
    return buildProblems(content);
  }
  const requires = requireRanges(content.code);
  return errors.map(error => {
    const url = safeUrl(error.url);
    return { kind: 'versionError', id: plain(error.id), message: plain(error.msg), ...(url === undefined ? {} : { url }), range: rangeOf(error.msg, requires, content.dependencies) };
  });
}

/**
 * A failed build without a reason: says exactly that on line 1, and names each dependency where it is required. Once some
 * are known not to exist (by name), they are the reason, and nothing else is suspected.
 */
export function buildProblems(content: Pick<Content, 'code' | 'dependencies'>, missing: ReadonlySet<string> = new Set()): readonly Problem[] {
  const requires = requireRanges(content.code);
  const culprits = content.dependencies.filter(one => missing.has(one.name)).map(one => plain(`${one.name}@${one.version}`));
  return [
    { kind: 'buildFailed', hasDependencies: content.dependencies.length > 0, culprits, range: FIRST_LINE },
    ...(culprits.length > 0 ? [] : content.dependencies).map((dependency): Problem => {
      const range = requires.get(dependency.name);
      return {
        kind: 'suspect',
        name: plain(dependency.name),
        version: plain(dependency.version),
        required: range !== undefined,
        range: range ?? FIRST_LINE,
      };
    }),
  ];
}

/** The problem of a run that failed, on a line of its version's code (from 1), or on line 1 where nothing says which. */
export function runProblem(error: { readonly name: string; readonly message: string }, code: string, line: number | undefined, when: string | undefined): Problem {
  const text = line === undefined ? undefined : code.split(/\r\n|\r|\n/u)[line - 1];
  const range = line === undefined || text === undefined ? FIRST_LINE : { line: line - 1, start: text.length - text.trimStart().length, end: text.trimEnd().length };
  return { kind: 'runFailed', id: plain(error.name), message: plain([error.name, error.message].filter(part => part !== '').join(': ')), ...(when === undefined ? {} : { when }), range };
}

/** Where a message belongs: the `require` of the package it names, else line 1. */
function rangeOf(message: string, requires: ReadonlyMap<string, TextRange>, dependencies: Content['dependencies']): TextRange {
  // The longest name first: a message about `lodash.merge` is not one about `lodash`.
  const names = [...new Set([...requires.keys(), ...dependencies.map(dependency => dependency.name)])].sort((a, b) => b.length - a.length);
  const named = names.find(name => namesPackage(message, name));
  return (named === undefined ? undefined : requires.get(named)) ?? FIRST_LINE;
}

function namesPackage(message: string, name: string): boolean {
  const around = /[\w@/.-]/u;
  // Each place where the name stands: the first may be a part of a longer word.
  for (let at = name === '' ? -1 : message.indexOf(name); at >= 0; at = message.indexOf(name, at + 1)) {
    // A dot that ends a sentence may follow the name, and so may a version or a range of them.
    const end = at + name.length;
    const after = message.slice(end, end + 2).replace(/^\.(?=\s|$)/u, '').replace(/^@(?=[\w^~<>=*])/u, ' ');
    if (!around.test(message[at - 1] ?? ' ') && !around.test(after[0] ?? ' ')) {
      return true;
    }
  }
  return false;
}

/**
 * Packages that the code requires or imports -> the range of the name's text at its first use. A scan by line, not a
 * parse: comments count too, which is harmless for pointing at a line.
 */
export function requireRanges(code: string): ReadonlyMap<string, TextRange> {
  const ranges = new Map<string, TextRange>();
  code.split(/\r\n|\r|\n/u).forEach((text, line) => {
    for (const match of text.matchAll(/(?:\brequire\s*\(\s*|\bfrom\s+|\bimport\s*(?:\(\s*)?)(['"`])([^'"`]{1,214})\1/gu)) {
      const specifier = match[2] ?? '';
      const name = packageOf(specifier);
      const start = match.index + match[0].length - specifier.length - 1;
      if (name !== undefined && !ranges.has(name)) {
        ranges.set(name, { line, start, end: start + specifier.length });
      }
    }
  });
  return ranges;
}

/** `@scope/name/file` -> `@scope/name`; nothing for relative paths, modules of the tenant and Node's own. */
export function packageOf(specifier: string): string | undefined {
  return /^(?:node:|actions:|[./])/u.test(specifier) ? undefined : /^(?:@[^/]+\/)?[^/]+/u.exec(specifier)?.[0];
}

/** Only an https link of reasonable length that names a host may be offered: the text comes from a tenant, and VS Code throws at others. */
function safeUrl(url: string | undefined): string | undefined {
  return url !== undefined && /^https:\/\/[^\s\p{C}/?#][^\s\p{C}]{0,1999}$/u.test(url) ? url : undefined;
}
