/** What a function in a script is: how it is called, which handler it is, and what it is handed to. */
import type { TriggerFacts } from './facts.ts';
import type { Token } from './tokens.ts';

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
  readonly #list: readonly Token[];
  readonly #facts: TriggerFacts;
  /** A function that is exported under another name → that name. */
  readonly #exported = new Map<string, string>();

  constructor(list: readonly Token[], facts: TriggerFacts) {
    this.#list = list;
    this.#facts = facts;
    this.#findExports();
  }

  #text(index: number): string {
    const token = this.#list[index];
    return token === undefined || token.kind === 'string' || token.kind === 'template' ? '' : token.text;
  }

  #isName(index: number): boolean {
    return this.#list[index]?.kind === 'name';
  }

  #isDot(index: number): boolean {
    const text = this.#text(index);
    return text === '.' || text === '?.';
  }

  /** `exports.onExecutePostLogin = handler;`, wherever it stands. */
  #findExports(): void {
    this.#list.forEach((token, index) => {
      if (token.kind === 'name' && this.#facts.handlers.has(token.text) && this.#isName(index + 2) && (this.#text(index + 1) === '=' || this.#text(index + 1) === ':')) {
        this.#exported.set(this.#text(index + 2), token.text);
      }
    });
  }

  /** The function whose parameters begin at the token `head`. */
  nameOf(head: number): Head {
    let at = head - 1;
    let own = '';
    if (this.#isName(at) && this.#text(at) !== 'function' && this.#text(at) !== 'async') {
      own = this.#text(at);
      at -= 1;
    }
    const keyword = this.#text(at) === 'function' || (this.#text(at) === '*' && this.#text(at - 1) === 'function');
    while (['function', 'async', '*'].includes(this.#text(at))) {
      at -= 1;
    }
    const first = at + 1;
    at = this.#beforeWrappers(at);
    if (this.#text(at) === '=' || (this.#text(at) === ':' && this.#isName(at - 1))) {
      const name = this.#text(at - 1);
      return { name: own !== '' && !this.#facts.handlers.has(name) ? own : name, declared: !this.#isDot(at - 2), first, assigned: at + 1 };
    }
    return { name: own, declared: keyword, first, assigned: first };
  }

  /** `exports.onExecutePostLogin = withRetry(async (event, api) => …)`: the sign before what the function is handed to. */
  #beforeWrappers(from: number): number {
    let at = from;
    for (let depth = 0; depth < 3 && this.#text(at) === '(' && this.#isName(at - 1); depth += 1) {
      let callee = at - 1;
      while (this.#isDot(callee - 1)) {
        callee -= 2;
      }
      if (this.#text(callee - 1) !== '=' && this.#text(callee - 1) !== '(') {
        return from;
      }
      at = callee - 1;
    }
    return this.#text(at) === '=' && this.#isDot(at - 2) ? at : from;
  }

  /** The handler that a function is; an empty text for an exported function of a trigger whose handlers have no published names. */
  handlerOf(name: string, start: number, isTop: boolean): string | undefined {
    const known = this.#facts.handlers.has(name) ? name : this.#exported.get(name);
    if (known !== undefined || this.#facts.handlers.size > 0 || !isTop) {
      return known;
    }
    const target = start - 2;
    const exported = this.#text(start - 1) === '=' && (this.#text(target) === 'exports' || (this.#isDot(target - 1) && this.#text(target - 2) === 'exports'));
    return exported ? '' : undefined;
  }

  /** For a function that is the first argument of a list's method: the last token of the list. */
  listBefore(start: number): number | undefined {
    return this.#text(start - 1) === '(' && OVER_LIST.has(this.#text(start - 2)) && this.#isDot(start - 3) ? start - 4 : undefined;
  }
}
