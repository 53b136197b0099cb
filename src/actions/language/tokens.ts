/**
 * The words and signs of JavaScript that may be incomplete: a string ends with its line, everything else that is not
 * closed ends with the text. Never fails, and reads each character a bounded number of times.
 */
export type TokenKind = 'name' | 'number' | 'string' | 'template' | 'regex' | 'sign';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Tokens {
  readonly list: readonly Token[];
  /** For a bracket, the index of the one that belongs to it, or -1. */
  readonly pair: Int32Array;
  /** Comments, in order. */
  readonly comments: readonly { readonly start: number; readonly end: number; readonly closed: boolean }[];
}

const SPACE = /\s+/y;
const LINE_COMMENT = /\/\/[^\n\r\u2028\u2029]*/y;
const NAME = /#?[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/yu;
const NUMBER = /\d\w*(?:\.\d\w*)?/y;
const SINGLE = /'(?:[^'\\\n\r]|\\(?:\r\n|[^]))*'?/y;
const DOUBLE = /"(?:[^"\\\n\r]|\\(?:\r\n|[^]))*"?/y;
const TEMPLATE = /(?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|(?<opens>\$\{)|\\?$)/y;
/** A class is bounded, so that many unclosed ones do not cost the square of the text. */
const REGEX = /\/(?:[^/\\[\n\r]|\\[^\n\r]|\[(?:[^\]\\\n\r]|\\[^\n\r]){0,80}\]){1,1000}\/[a-z]*/y;
const SIGN = /\?\.(?!\d)|=>|\.\.\.|[=!]==?|\?\?=?|\|\|=?|&&=?|[^]/y;

/** Keywords after which a slash begins a regular expression. */
const BEFORE_REGEX = new Set(['return', 'typeof', 'case', 'in', 'of', 'delete', 'void', 'throw', 'new', 'do', 'else', 'await', 'yield', 'instanceof']);

export function tokenize(text: string): Tokens {
  return new Tokenizer(text).run();
}

/** Tokens by their place. A place outside the list, a string and a piece of a template read as an empty text: none of them is a word or a sign. */
export class Words {
  readonly #list: readonly Token[];

  constructor(list: readonly Token[]) {
    this.#list = list;
  }

  text(index: number): string {
    const token = this.#list[index];
    return token === undefined || token.kind === 'string' || token.kind === 'template' ? '' : token.text;
  }

  isName(index: number): boolean {
    return this.#list[index]?.kind === 'name';
  }

  isDot(index: number): boolean {
    const text = this.text(index);
    return text === '.' || text === '?.';
  }
}

class Tokenizer {
  readonly #text: string;
  readonly #list: Token[] = [];
  readonly #comments: { start: number; end: number; closed: boolean }[] = [];
  /** Brackets that are open: their index, and what closes them. */
  readonly #open: { readonly index: number; readonly close: string; readonly template: boolean }[] = [];
  readonly #openCounts = new Map<string, number>();
  readonly #pairs: number[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): Tokens {
    while (this.#at < this.#text.length) {
      this.#step();
    }
    return { list: this.#list, pair: Int32Array.from({ length: this.#list.length }, (_, index) => this.#pairs[index] ?? -1), comments: this.#comments };
  }

  #step(): void {
    const text = this.#text;
    const char = text[this.#at] ?? '';
    if (this.#match(SPACE) !== undefined) {
      return;
    }
    if (char === '/' && this.#comment()) {
      return;
    }
    if (char === "'" || char === '"') {
      this.#push('string', this.#match(char === "'" ? SINGLE : DOUBLE) ?? char);
    } else if (char === '`') {
      this.#at += 1;
      this.#template(this.#at - 1);
    } else if (char >= '0' && char <= '9') {
      this.#push('number', this.#match(NUMBER) ?? char);
    } else {
      const name = this.#match(NAME);
      if (name !== undefined) {
        this.#push('name', name);
        return;
      }
      const regex = char === '/' && this.#regexMayBegin() ? this.#match(REGEX) : undefined;
      if (regex !== undefined) {
        this.#push('regex', regex);
        return;
      }
      this.#sign();
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined || found === '') {
      return undefined;
    }
    this.#at += found.length;
    return found;
  }

  /** Takes a token that has just been read, up to the present place. */
  #push(kind: TokenKind, text: string): void {
    this.#list.push({ kind, text, start: this.#at - text.length, end: this.#at });
  }

  #comment(): boolean {
    const start = this.#at;
    if (this.#text.startsWith('/*', start)) {
      const end = this.#text.indexOf('*/', start + 2);
      this.#at = end < 0 ? this.#text.length : end + 2;
      this.#comments.push({ start, end: this.#at, closed: end >= 0 });
      return true;
    }
    if (this.#match(LINE_COMMENT) === undefined) {
      return false;
    }
    this.#comments.push({ start, end: this.#at, closed: false });
    return true;
  }

  #regexMayBegin(): boolean {
    const before = this.#list.at(-1);
    return before === undefined || (before.kind === 'sign' && ![')', ']', '}'].includes(before.text)) || (before.kind === 'name' && BEFORE_REGEX.has(before.text));
  }

  /** A piece of a template, up to its end or to the next `${`, which is a bracket of its own. */
  #template(start: number): void {
    TEMPLATE.lastIndex = this.#at;
    const match = TEMPLATE.exec(this.#text);
    const opens = match?.groups?.['opens'] !== undefined;
    this.#at += match?.[0].length ?? 0;
    const end = opens ? this.#at - 2 : this.#at;
    this.#list.push({ kind: 'template', text: this.#text.slice(start, end), start, end });
    if (opens) {
      this.#push('sign', '${');
      this.#opened('}', true);
    }
  }

  #sign(): void {
    const sign = this.#match(SIGN) ?? '';
    const inTemplate = sign === '}' && this.#open.at(-1)?.template === true;
    this.#push('sign', sign);
    if (sign === '(' || sign === '[' || sign === '{') {
      this.#opened(sign === '(' ? ')' : sign === '[' ? ']' : '}', false);
    } else if (sign === ')' || sign === ']' || sign === '}') {
      this.#closed(sign);
    }
    if (inTemplate) {
      this.#template(this.#at);
    }
  }

  #opened(close: string, template: boolean): void {
    this.#open.push({ index: this.#list.length - 1, close, template });
    this.#openCounts.set(close, (this.#openCounts.get(close) ?? 0) + 1);
  }

  /** A closing bracket ends the nearest open one of its kind, and whatever was left open in between. */
  #closed(close: string): void {
    while ((this.#openCounts.get(close) ?? 0) > 0) {
      const open = this.#open.pop();
      if (open === undefined) {
        return;
      }
      this.#openCounts.set(open.close, (this.#openCounts.get(open.close) ?? 1) - 1);
      if (open.close === close) {
        this.#pairs[open.index] = this.#list.length - 1;
        this.#pairs[this.#list.length - 1] = open.index;
        return;
      }
    }
  }
}
