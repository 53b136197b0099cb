/** What an expression stands for, as far as it is a chain of names, members, items and calls. */
import { UNKNOWN, parseType } from './types.ts';
import type { Signature } from './types.ts';
import { isSecrets, itemOf, memberOf, parts } from './facts.ts';
import type { TriggerFacts, Value } from './facts.ts';
import type { Binding, Scope, Step } from './scopes.ts';
import type { Tokens } from './tokens.ts';

/** Names that refer to names, brackets in brackets: more than anybody writes. */
const DEEPEST = 40;
const TEXT = parseType('string');

/** A value, and the first token after the expression. */
interface Read { readonly value: Value | undefined; readonly next: number }

export class Resolver {
  readonly #tokens: Tokens;
  readonly #facts: TriggerFacts;
  readonly #underWay = new Set<Binding>();
  #depth = 0;

  constructor(tokens: Tokens, facts: TriggerFacts) {
    this.#tokens = tokens;
    this.#facts = facts;
  }

  /** The value of a name. */
  name(name: string, scope: Scope): Value | undefined {
    for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
      const binding = at.names.get(name);
      if (binding !== undefined) {
        return this.#bound(binding);
      }
    }
    return undefined;
  }

  /** The value of the chain that ends with the token `last`, such as `event.user` before a dot. */
  upTo(last: number, scope: Scope): Value | undefined {
    const first = this.#chainStart(last);
    if (first === undefined) {
      return undefined;
    }
    const { value, next } = this.#chain(first, scope, last + 1);
    return next === last + 1 ? value : undefined;
  }

  /** The value of the expression that begins with the token `first`. */
  startingAt(first: number, scope: Scope): Value | undefined {
    return this.#expression(first, scope).value;
  }

  /** What a value that is called may be called with; empty where it is no function. */
  signatures(value: Value): readonly Signature[] {
    return parts(value.type).flatMap(part => part.kind === 'function' ? part.signatures : []);
  }

  #bound(binding: Binding): Value | undefined {
    if (binding.kind === 'unknown' || this.#underWay.has(binding) || this.#depth > DEEPEST) {
      return undefined;
    }
    this.#underWay.add(binding);
    this.#depth += 1;
    try {
      switch (binding.kind) {
        case 'value': return this.#follow(binding.value, binding.steps);
        case 'from': return this.#follow(this.#expression(binding.at, binding.scope).value, binding.steps);
        case 'upTo': return this.#follow(this.upTo(binding.to, binding.scope), binding.steps);
      }
    } finally {
      this.#depth -= 1;
      this.#underWay.delete(binding);
    }
  }

  #follow(from: Value | undefined, steps: readonly Step[]): Value | undefined {
    return steps.reduce<Value | undefined>((value, step) => value === undefined ? undefined : step === 'item' ? itemOf(value, this.#facts) : this.#member(value, step.member), from);
  }

  #member(value: Value, name: string): Value | undefined {
    const found = memberOf(value, name, this.#facts)?.value;
    return found ?? (isSecrets(value) ? { type: TEXT, path: `${value.path}.${name}` } : undefined);
  }

  #text(index: number): string {
    return this.#tokens.list[index]?.text ?? '';
  }

  /** The first token of the chain that ends with the token `last`. */
  #chainStart(last: number): number | undefined {
    let at = last;
    while (at >= 0) {
      const token = this.#tokens.list[at];
      const before = this.#text(at - 1);
      if (token?.kind === 'name') {
        if (before !== '.' && before !== '?.') {
          return at;
        }
        at -= 2;
        continue;
      }
      const open = this.#tokens.pair[at] ?? -1;
      if (open < 0 || open > at || token?.text === '}') {
        return undefined;
      }
      const optional = this.#text(open - 1) === '?.';
      const callee = this.#tokens.list[open - (optional ? 2 : 1)];
      if (!optional && (callee?.kind !== 'name' || isOperator(callee.text)) && callee?.text !== ')' && callee?.text !== ']') {
        return token?.text === ')' ? open : undefined;
      }
      at = open - (optional ? 2 : 1);
    }
    return undefined;
  }

  /** An expression from its first token on: `await` and what stands for missing values are seen through. */
  #expression(first: number, scope: Scope): Read {
    const waits = this.#text(first) === 'await';
    const read = this.#chain(waits ? first + 1 : first, scope, this.#tokens.list.length);
    const value = waits && read.value !== undefined ? awaited(read.value) : read.value;
    const after = this.#text(read.next);
    // `a ?? {}` is what `a` is, and any other operator makes something else of it.
    return /^(?:\?\?|\|\||[;,)\]}]|const|let|var|return|if)?$/u.test(after) || this.#tokens.list[read.next]?.kind === 'name' ? { value, next: read.next } : { value: undefined, next: read.next };
  }

  /** A chain from its first token up to `end`. */
  #chain(first: number, scope: Scope, end: number): Read {
    if (this.#depth > DEEPEST) {
      return { value: undefined, next: first };
    }
    this.#depth += 1;
    let { value, next } = this.#first(first, scope);
    this.#depth -= 1;
    while (next < end) {
      const optional = this.#text(next) === '?.';
      const at = optional && /^[[(]$/u.test(this.#text(next + 1)) ? next + 1 : next;
      const sign = this.#tokens.list[at]?.kind === 'sign' ? this.#text(at) : '';
      if ((sign === '.' || sign === '?.') && at + 1 < end && this.#tokens.list[at + 1]?.kind === 'name') {
        value = value && this.#member(value, this.#text(at + 1));
        next = at + 2;
        continue;
      }
      const close = this.#tokens.pair[at] ?? -1;
      if ((sign !== '(' && sign !== '[') || close < at || close >= end) {
        break;
      }
      value = value && (sign === '(' ? this.#called(value) : this.#item(value, at, close));
      next = close + 1;
    }
    return { value, next };
  }

  #first(first: number, scope: Scope): Read {
    const token = this.#tokens.list[first];
    if (token?.kind === 'name') {
      return { value: this.name(token.text, scope), next: first + 1 };
    }
    const close = this.#tokens.pair[first] ?? -1;
    if (token?.text === '(' && close > first) {
      return { value: this.#expression(first + 1, scope).value, next: close + 1 };
    }
    return { value: undefined, next: first };
  }

  #called(value: Value): Value {
    const returns = this.signatures(value)[0]?.returns ?? UNKNOWN;
    return { ...value, type: returns, path: `${value.path}()` };
  }

  /** `value['name']`, `value[0]`, `value[index]` */
  #item(value: Value, open: number, close: number): Value | undefined {
    const inner = this.#tokens.list[open + 1];
    return close === open + 2 && inner?.kind === 'string' ? this.#member(value, inner.text.slice(1, -1)) : itemOf(value, this.#facts);
  }
}

function awaited(value: Value): Value {
  const promise = parts(value.type).find(part => part.kind === 'promise');
  return promise === undefined ? value : { ...value, type: promise.of };
}

/** Words after which a bracket is no call. */
function isOperator(word: string): boolean {
  return /^(?:await|return|typeof|if|while|for|switch|case|in|of|new|delete|void|throw|else|do|yield|instanceof|catch|with)$/u.test(word);
}
