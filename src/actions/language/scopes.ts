/**
 * Which names mean what at a place in a script. One pass over the words before that place, by brackets and keywords
 * alone: the script may be incomplete. Nothing is evaluated here; expressions are kept as places to look at.
 */
import type { TriggerFacts, Value } from './facts.ts';
import { FunctionHeads } from './functionHeads.ts';
import { API } from './types.ts';
import { Words } from './tokens.ts';
import type { Token, Tokens } from './tokens.ts';

/** How a name gets to what it stands for, from an expression: its members by name, or the items of a list. */
export type Step = { readonly member: string } | 'item';

export type Binding =
  | { readonly kind: 'value'; readonly value: Value; readonly steps: readonly Step[] }
  /** The expression that begins with the token `at`. */
  | { readonly kind: 'from'; readonly at: number; readonly scope: Scope; readonly steps: readonly Step[] }
  /** The expression that ends with the token `to`. */
  | { readonly kind: 'upTo'; readonly to: number; readonly scope: Scope; readonly steps: readonly Step[] }
  /** Hides an outer name. */
  | { readonly kind: 'unknown' };

export interface Scope {
  readonly parent: Scope | undefined;
  readonly names: Map<string, Binding>;
}

export interface Frame {
  /** The token that opened it, or -1 for an arrow function without braces. */
  readonly open: number;
  readonly sign: string;
  readonly body: boolean;
  readonly scope: Scope;
  commas: number;
  /** Inside a `const a = …, b = …`. */
  declaring: boolean;
}

export interface Place {
  readonly scope: Scope;
  /** What is open at the place, the outermost first. */
  readonly frames: readonly Frame[];
}

const DECLARES = new Set(['const', 'let', 'var']);
/** Words that begin a statement, and so end an arrow function without braces that has no semicolon. */
const STATEMENTS = new Set([...DECLARES, 'return', 'if', 'for', 'while', 'switch', 'try', 'throw', 'exports', 'module']);
const CONTROL = new Set(['if', 'for', 'while', 'switch', 'with', 'catch']);
const OPENS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
/** Patterns and scopes that nobody writes by hand are not followed further than this. */
const DEEPEST_PATTERN = 20;

/** The names at the token `limit`, which itself is not looked at. Parameters in `typed` have types of the script's own. */
export function placeAt(tokens: Tokens, limit: number, facts: TriggerFacts, typed: ReadonlySet<string>): Place {
  return new Pass(tokens, limit, facts, typed).run();
}

class Pass {
  readonly #list: readonly Token[];
  readonly #words: Words;
  readonly #pair: Int32Array;
  readonly #limit: number;
  readonly #facts: TriggerFacts;
  readonly #typed: ReadonlySet<string>;
  readonly #heads: FunctionHeads;
  readonly #frames: Frame[] = [];
  readonly #counts = new Map<string, number>();
  /** The scope for the body that is about to open. */
  #pending: { readonly at: number; readonly scope: Scope; readonly body: boolean } | undefined;

  constructor(tokens: Tokens, limit: number, facts: TriggerFacts, typed: ReadonlySet<string>) {
    this.#list = tokens.list;
    this.#words = new Words(tokens.list);
    this.#pair = tokens.pair;
    this.#limit = Math.min(limit, tokens.list.length);
    this.#facts = facts;
    this.#typed = typed;
    this.#heads = new FunctionHeads(tokens.list, this.#words, facts);
  }

  run(): Place {
    this.#push(-1, 'file', true, { parent: undefined, names: new Map() });
    for (let index = 0; index < this.#limit; index += 1) {
      index = this.#step(index);
    }
    return { scope: this.#scope(), frames: this.#frames };
  }

  #scope(): Scope {
    return this.#frames.at(-1)?.scope ?? { parent: undefined, names: new Map() };
  }

  #push(open: number, sign: string, body: boolean, scope: Scope): void {
    this.#frames.push({ open, sign, body, scope, commas: 0, declaring: false });
    this.#counts.set(sign, (this.#counts.get(sign) ?? 0) + 1);
  }

  #pop(): Frame | undefined {
    const frame = this.#frames.pop();
    if (frame !== undefined) {
      this.#counts.set(frame.sign, (this.#counts.get(frame.sign) ?? 1) - 1);
    }
    return frame;
  }

  #endArrows(): void {
    while (this.#frames.at(-1)?.sign === '=>') {
      this.#pop();
    }
  }

  /** Looks at one token; returns the last one that was looked at. */
  #step(index: number): number {
    const text = this.#words.text(index);
    if (this.#words.isName(index)) {
      if (STATEMENTS.has(text) && !this.#words.isDot(index - 1)) {
        this.#endArrows();
        const top = this.#frames.at(-1);
        if (top !== undefined) {
          top.declaring = DECLARES.has(text);
        }
        if (DECLARES.has(text)) {
          this.#declare(index + 1);
        }
      }
      return index;
    }
    switch (text) {
      case '(': return this.#round(index);
      case '=>': return this.#arrow(index);
      case '[': this.#push(index, text, false, this.#scope()); return index;
      case '{':
      case '${': this.#brace(index); return index;
      case ')':
      case ']':
      case '}': this.#close(index); return index;
      case ',': this.#comma(index); return index;
      case ';': this.#semicolon(); return index;
      default: return index;
    }
  }

  #brace(index: number): void {
    const pending = this.#pending?.at === index ? this.#pending : undefined;
    this.#push(index, '{', pending?.body === true, { parent: pending?.scope ?? this.#scope(), names: new Map() });
  }

  #close(index: number): void {
    const sign = OPENS[this.#words.text(index)] ?? '';
    if ((this.#counts.get(sign) ?? 0) === 0) {
      return;
    }
    for (let frame = this.#pop(); frame !== undefined; frame = this.#pop()) {
      if (frame.sign === sign) {
        // What `for (…)` declares is there in its body.
        if (sign === '(' && this.#words.text(frame.open - 1) === 'for' && this.#words.text(index + 1) === '{') {
          this.#pending = { at: index + 1, scope: frame.scope, body: false };
        }
        return;
      }
    }
  }

  #comma(index: number): void {
    this.#endArrows();
    const top = this.#frames.at(-1);
    if (top !== undefined) {
      top.commas += 1;
      if (top.declaring) {
        this.#declare(index + 1);
      }
    }
  }

  #semicolon(): void {
    this.#endArrows();
    const top = this.#frames.at(-1);
    if (top !== undefined) {
      top.declaring = false;
    }
  }

  /** A round bracket: the parameters of a function, or anything else. */
  #round(index: number): number {
    const close = this.#pair[index] ?? -1;
    const after = this.#words.text(close + 1);
    const before = this.#words.text(index - 1);
    const named = this.#words.isName(index - 1) && !this.#words.isDot(index - 2);
    if (close > index && (after === '=>' || (after === '{' && named && !CONTROL.has(before)))) {
      this.#functionScope(index, after === '=>' ? close + 2 : close + 1, this.#parameters(index, close));
      return close;
    }
    if (close > index && before === 'catch') {
      const scope: Scope = { parent: this.#scope(), names: new Map() };
      this.#bindPattern(index + 1, () => ({ kind: 'unknown' }), scope, []);
      this.#pending = { at: close + 1, scope, body: false };
      return close;
    }
    this.#push(index, '(', false, before === 'for' || (before === 'await' && this.#words.text(index - 2) === 'for') ? { parent: this.#scope(), names: new Map() } : this.#scope());
    return index;
  }

  /** The first token of each parameter. */
  #parameters(open: number, close: number): number[] {
    const starts = open + 1 < close ? [open + 1] : [];
    for (let index = open + 1; index < close; index += 1) {
      const pair = this.#pair[index] ?? -1;
      if (pair > index) {
        index = pair;
      } else if (this.#words.text(index) === ',' && index + 1 < close) {
        starts.push(index + 1);
      }
    }
    return starts;
  }

  /** An arrow after a parameter without brackets makes the scope; after brackets it is there already. */
  #arrow(index: number): number {
    if (this.#words.isName(index - 1)) {
      this.#functionScope(index - 1, index + 1, [index - 1]);
    }
    const pending = this.#pending;
    if (pending?.at === index + 1 && this.#words.text(index + 1) !== '{') {
      this.#push(-1, '=>', true, pending.scope);
    }
    return index;
  }

  /** The scope of a function whose parameters begin at `head`. */
  #functionScope(head: number, body: number, params: readonly number[]): void {
    const scope: Scope = { parent: this.#scope(), names: new Map() };
    const { name, declared, first, assigned } = this.#heads.nameOf(head);
    const handler = this.#heads.handlerOf(name, assigned, !this.#frames.some(frame => frame.body && frame.sign !== 'file'));
    const list = this.#heads.listBefore(first);
    params.forEach((at, position) => {
      const value = handler === undefined ? undefined : this.#argument(position, handler);
      const helper = handler === undefined && declared && this.#frames.length === 1 ? this.#helperArgument(this.#words.text(at)) : undefined;
      const known = this.#typed.has(this.#words.text(at)) ? undefined : value ?? helper;
      this.#bindPattern(at, steps => {
        if (known !== undefined) {
          return { kind: 'value', value: known, steps };
        }
        return position === 0 && list !== undefined ? { kind: 'upTo', to: list, scope: scope.parent ?? scope, steps: ['item', ...steps] } : { kind: 'unknown' };
      }, scope, []);
    });
    this.#pending = { at: body, scope, body: true };
  }

  #argument(position: number, handler: string): Value | undefined {
    if (position === 0) {
      return { type: this.#facts.event, path: 'event' };
    }
    if (position > 1) {
      return undefined;
    }
    const api = this.#facts.handlers.get(handler);
    return api === undefined ? this.#context() : { type: API, path: 'api', handler };
  }

  #context(): Value | undefined {
    return this.#facts.context === undefined ? undefined : { type: this.#facts.context, path: 'context' };
  }

  /** A function beside the handler that takes `event` or `api` under these very names is handed the handler's. */
  #helperArgument(name: string): Value | undefined {
    switch (name) {
      case 'event': return this.#argument(0, '');
      case 'api': return this.#facts.handlers.size === 0 ? undefined : { type: API, path: 'api' };
      case 'context': return this.#context();
      default: return undefined;
    }
  }

  /** One declaration of a `const`, `let` or `var`, or of the ones after its commas. */
  #declare(at: number): void {
    const close = this.#pair[at] ?? -1;
    const end = this.#words.isName(at) ? at + 1 : close > at ? close + 1 : -1;
    if (end < 0) {
      return;
    }
    const scope = this.#scope();
    const sign = this.#words.text(end);
    this.#bindPattern(at, steps => {
      if (sign === '=') {
        return { kind: 'from', at: end + 1, scope, steps };
      }
      return sign === 'of' ? { kind: 'from', at: end + 1, scope, steps: ['item', ...steps] } : { kind: 'unknown' };
    }, scope, []);
  }

  /** Binds the names of a pattern, or of a single name. */
  #bindPattern(at: number, make: (steps: readonly Step[]) => Binding, scope: Scope, steps: readonly Step[]): void {
    const open = this.#words.text(at);
    const close = this.#pair[at] ?? -1;
    if (this.#words.isName(at)) {
      scope.names.set(open, make(steps));
      return;
    }
    if (open === '...' && this.#words.isName(at + 1)) {
      scope.names.set(this.#words.text(at + 1), { kind: 'unknown' });
    }
    if ((open !== '{' && open !== '[') || close < at || steps.length > DEEPEST_PATTERN) {
      return;
    }
    for (const entry of this.#parameters(at, close)) {
      if (open === '[') {
        this.#bindPattern(entry, make, scope, [...steps, 'item']);
      } else if (this.#words.text(entry) === '...') {
        this.#bindPattern(entry, make, scope, steps);
      } else if (this.#words.isName(entry) || this.#list[entry]?.kind === 'string') {
        const token = this.#list[entry];
        const key = token?.kind === 'string' ? token.text.slice(1, -1) : this.#words.text(entry);
        this.#bindPattern(this.#words.text(entry + 1) === ':' ? entry + 2 : entry, make, scope, [...steps, { member: key }]);
      }
    }
  }
}
