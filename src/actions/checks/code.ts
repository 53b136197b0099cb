/** An action's code: parsed once, as CommonJS at the language level of its runtime. */
import { parse } from 'acorn';
import type { AnyNode, Comment, Options } from 'acorn';
import { packageOf, requireRanges } from '../problems.ts';
import type { TextRange } from '../problems.ts';
import { SyntaxTree, textOf } from './syntaxTree.ts';

/** Why code cannot be parsed as the runtime would. */
export interface SyntaxFailure {
  /** `tooNew`: a newer runtime takes it. `module`: it is an ES module, or waits at its top level. */
  readonly kind: 'syntax' | 'tooNew' | 'module';
  /** The parser's words, in English. */
  readonly message: string;
  readonly offset: number;
}

/** A package, file or module that the code asks for by name. */
export interface Requirement {
  readonly specifier: string;
  /** Package, or `node:fs`, `actions:name`, `./file` as written. */
  readonly name: string;
  /** Of the name's text, between its quotes. */
  readonly range: TextRange;
  /** In a `try`, so that it may be missing. */
  readonly optional: boolean;
}

/** Major version of Node.js that a runtime is: `node18-actions` -> 18. */
export function nodeVersion(runtime: string | undefined): number | undefined {
  const digits = /^node(\d{1,3})(?!\d)/u.exec(runtime ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export class Code {
  readonly text: string;
  /** Absent where the code could not be parsed. That of an ES module is there beside the failure. */
  readonly tree?: SyntaxTree;
  readonly failure?: SyntaxFailure;
  readonly comments: readonly { readonly start: number; readonly end: number }[];
  readonly #lineStarts: readonly number[];
  #requirements: readonly Requirement[] | undefined;
  #firstRequires: ReadonlyMap<string, TextRange> | undefined;

  constructor(text: string, runtime?: string) {
    this.text = text;
    this.#lineStarts = lineStarts(text);
    const { program, failure, comments } = parseAction(text, nodeVersion(runtime));
    this.comments = comments;
    if (program !== undefined) {
      this.tree = new SyntaxTree(program);
    }
    if (failure !== undefined) {
      this.failure = failure;
    }
  }

  /** Offsets in the text -> lines and columns. */
  range(start: number, end: number): TextRange {
    const from = this.#position(start);
    const to = this.#position(Math.max(start, end));
    return { line: from.line, start: from.column, end: to.column, ...(to.line === from.line ? {} : { endLine: to.line }) };
  }

  /** The same, but for what is only to be marked: no further than the end of the first line. */
  mark(start: number, end: number): TextRange {
    const range = this.range(start, end);
    if (range.endLine === undefined) {
      return range;
    }
    const next = this.#lineStarts[range.line + 1] ?? this.text.length;
    const line = this.text.slice(start - range.start, next).replace(/[\r\n]+$/u, '');
    return { line: range.line, start: range.start, end: Math.max(range.start, line.length) };
  }

  /** What the code requires or imports; none where it could not be parsed. */
  get requirements(): readonly Requirement[] {
    this.#requirements ??= this.#readRequirements();
    return this.#requirements;
  }

  /** True where a name is computed, or `require` is used in another way than by calling it: then anything may be required. */
  get requiresAnything(): boolean {
    const { tree } = this;
    if (tree === undefined || tree.declarations('require').length > 0) {
      return true;
    }
    return tree.of('ImportExpression').some(({ node }) => textOf(node.source) === undefined)
      || tree.of('Identifier').some(({ node, parent, key }) => node.name === 'require' && !isProperty(parent?.node, key)
        && !(parent?.node.type === 'CallExpression' && key === 'callee' && textOf(parent.node.arguments[0]) !== undefined)
        && !(parent?.node.type === 'MemberExpression' && key === 'object'));
  }

  /** Where a package is first required, by a scan that works for broken code too. */
  requireRange(name: string): TextRange | undefined {
    this.#firstRequires ??= requireRanges(this.text);
    return this.#firstRequires.get(name);
  }

  #readRequirements(): readonly Requirement[] {
    const { tree } = this;
    if (tree === undefined || tree.declarations('require').length > 0) {
      return [];
    }
    const calls = tree.of('CallExpression').flatMap(({ node, tried }) =>
      node.callee.type === 'Identifier' && node.callee.name === 'require' && node.arguments.length === 1 ? [{ source: node.arguments[0], tried }] : []);
    const others = [...tree.of('ImportExpression'), ...tree.of('ImportDeclaration'), ...tree.of('ExportNamedDeclaration'), ...tree.of('ExportAllDeclaration')]
      .map(({ node, tried }) => ({ source: node.source, tried }));
    return [...calls, ...others].flatMap(({ source, tried }) => {
      const specifier = textOf(source);
      if (specifier === undefined || source === null || source === undefined) {
        return [];
      }
      return [{ specifier, name: packageOf(specifier) ?? specifier, range: this.mark(source.start + 1, source.end - 1), optional: tried }];
    });
  }

  #position(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#lineStarts[middle] ?? 0) <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return { line: low, column: offset - (this.#lineStarts[low] ?? 0) };
  }
}

function isProperty(parent: AnyNode | undefined, key: string): boolean {
  return (parent?.type === 'MemberExpression' && key === 'property' && !parent.computed) || (parent?.type === 'Property' && key === 'key' && !parent.computed);
}

/** Offsets at which lines start, as VS Code counts lines. */
function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\r|\n/gu)) {
    starts.push(match.index + match[0].length);
  }
  return starts;
}

type Level = Exclude<Options['ecmaVersion'], 'latest'>;

/**
 * What a Node.js version takes. A level above what it has makes a miss, one below a false alarm: import attributes, of 2025,
 * work from 18.20 on. What Node.js 12 lacks of 2022 is looked for in the tree.
 */
function levelOf(node: number | undefined): Level | undefined {
  return node === undefined || node > 22 ? undefined : node >= 18 ? 2025 : 2022;
}

interface Outcome {
  readonly program?: AnyNode;
  readonly failure?: SyntaxFailure;
  readonly comments: readonly Comment[];
}

function parseAction(text: string, node: number | undefined): Outcome {
  const level = levelOf(node);
  const first = attempt(text, { ecmaVersion: level ?? 'latest', sourceType: 'commonjs' });
  if (first.program !== undefined) {
    const early = node !== undefined && node < 14 ? newerThan12(first.program) : undefined;
    return early === undefined ? first : { ...first, failure: { kind: 'tooNew', message: '', offset: early } };
  }
  if (first.failure === undefined) {
    return first;
  }
  if (level !== undefined && attempt(text, { ecmaVersion: 'latest', sourceType: 'commonjs' }).program !== undefined) {
    return { ...first, failure: { ...first.failure, kind: 'tooNew' } };
  }
  const { program } = /\b(?:import|export|await)\b/u.test(text) ? attempt(text, { ecmaVersion: 'latest', sourceType: 'module', allowReturnOutsideFunction: true }) : {};
  return program === undefined ? first : { ...first, program, failure: { ...first.failure, kind: 'module' } };
}

/** No failure and no program means that the code nests too deep for the parser: nothing can be said of it. */
function attempt(text: string, options: Options): Outcome {
  const comments: Comment[] = [];
  try {
    return { program: parse(text, { allowHashBang: true, ...options, onComment: comments }), comments };
  } catch (error) {
    // The parser turns some overflows of its stack into an error of the code.
    if (!(error instanceof SyntaxError) || /\bstack space\b/u.test(error.message)) {
      return { comments };
    }
    const { pos } = error as { pos?: number };
    // The parser adds its own line and column.
    return { failure: { kind: 'syntax', message: error.message.replace(/ \(\d+:\d+\)$/u, ''), offset: pos ?? 0 }, comments };
  }
}

/** Where the code first uses what came after Node.js 12. */
function newerThan12(program: AnyNode): number | undefined {
  const tree = new SyntaxTree(program);
  const starts = [
    ...tree.of('ChainExpression').map(place => place.node.start),
    ...tree.of('StaticBlock').map(place => place.node.start),
    ...tree.of('LogicalExpression').filter(place => place.node.operator === '??').map(place => place.node.start),
    ...tree.of('AssignmentExpression').filter(place => ['??=', '||=', '&&='].includes(place.node.operator)).map(place => place.node.start),
  ];
  return starts.length === 0 ? undefined : starts.reduce((least, start) => Math.min(least, start));
}
