/** What a function in a script is: how it is called, which handler it is, and what it is handed to. */
import type { TriggerFacts } from './facts.ts';
import type { Token, Words } from './tokens.ts';

const OVER_LIST = new Set(['some', 'every', 'find', 'findLast', 'findIndex', 'findLastIndex', 'filter', 'map', 'flatMap', 'forEach']);

export interface Head {
  /** Its own name, the name it is assigned to, or its key; empty for a function without any. */
  readonly name: string;
  /** Whether it is declared under that name, or assigned to a name of its own. */
  readonly declared: boolean;
  /** Its first token. */
  readonly first: number;
  /** The first token of what is assigned, where the function is wrapped in a call. */
  readonly assigned: number;
}

export class FunctionHeads {
  readonly #words: Words;
  readonly #facts: TriggerFacts;
  /** A function that is exported under another name → that name. */
  readonly #exported = new Map<string, string>();

  constructor(list: readonly Token[], words: Words, facts: TriggerFacts) {
    this.#words = words;
    this.#facts = facts;
    this.#findExports(list);
  }

  /** `exports.onExecutePostLogin = handler;`, wherever it stands. */
  #findExports(list: readonly Token[]): void {
    list.forEach((token, index) => {
      if (token.kind === 'name' && this.#facts.handlers.has(token.text) && this.#words.isName(index + 2) && (this.#words.text(index + 1) === '=' || this.#words.text(index + 1) === ':')) {
        this.#exported.set(this.#words.text(index + 2), token.text);
      }
    });
  }

  /** The function whose parameters begin at the token `head`. */
  nameOf(head: number): Head {
    let at = head - 1;
    let own = '';
    if (this.#words.isName(at) && this.#words.text(at) !== 'function' && this.#words.text(at) !== 'async') {
      own = this.#words.text(at);
      at -= 1;
    }
    const keyword = this.#words.text(at) === 'function' || (this.#words.text(at) === '*' && this.#words.text(at - 1) === 'function');
    while (['function', 'async', '*'].includes(this.#words.text(at))) {
      at -= 1;
    }
    const first = at + 1;
    at = this.#beforeWrappers(at);
    if (this.#words.text(at) === '=' || (this.#words.text(at) === ':' && this.#words.isName(at - 1))) {
      const name = this.#words.text(at - 1);
      return { name: own !== '' && !this.#facts.handlers.has(name) ? own : name, declared: !this.#words.isDot(at - 2), first, assigned: at + 1 };
    }
    return { name: own, declared: keyword, first, assigned: first };
  }

  /** `exports.onExecutePostLogin = withRetry(async (event, api) => …)`: the sign before what the function is handed to. */
  #beforeWrappers(from: number): number {
    let at = from;
    for (let depth = 0; depth < 3 && this.#words.text(at) === '(' && this.#words.isName(at - 1); depth += 1) {
      let callee = at - 1;
      while (this.#words.isDot(callee - 1)) {
        callee -= 2;
      }
      if (this.#words.text(callee - 1) !== '=' && this.#words.text(callee - 1) !== '(') {
        return from;
      }
      at = callee - 1;
    }
    return this.#words.text(at) === '=' && this.#words.isDot(at - 2) ? at : from;
  }

  /** The handler that a function is; an empty text for an exported function of a trigger whose handlers have no published names. */
  handlerOf(name: string, start: number, isTop: boolean): string | undefined {
    const known = this.#facts.handlers.has(name) ? name : this.#exported.get(name);
    if (known !== undefined || this.#facts.handlers.size > 0 || !isTop) {
      return known;
    }
    const target = start - 2;
    const exported = this.#words.text(start - 1) === '=' && (this.#words.text(target) === 'exports' || (this.#words.isDot(target - 1) && this.#words.text(target - 2) === 'exports'));
    return exported ? '' : undefined;
  }

  /** For a function that is the first argument of a list's method: the last token of the list. */
  listBefore(start: number): number | undefined {
    return this.#words.text(start - 1) === '(' && OVER_LIST.has(this.#words.text(start - 2)) && this.#words.isDot(start - 3) ? start - 4 : undefined;
  }
}
