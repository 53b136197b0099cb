/**
 * The small type language of data.json, read on demand. It is TypeScript's notation with two marks of its own:
 * `@deprecated` and `@onlyIn <handler>` before a method, and `@` before a literal that is deprecated. Names such as
 * `$12` stand for objects that have no name of their own. `typeof api` is the `api` of the handler at hand.
 */
export type Type =
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'named'; readonly text: string }
  | { readonly kind: 'literal'; readonly text: string; readonly value: string; readonly deprecated: boolean }
  | { readonly kind: 'union'; readonly text: string; readonly of: readonly Type[] }
  | { readonly kind: 'array'; readonly text: string; readonly item: Type }
  | { readonly kind: 'promise'; readonly text: string; readonly of: Type }
  | { readonly kind: 'object'; readonly text: string; readonly members: readonly Member[]; readonly index?: Type }
  | { readonly kind: 'api'; readonly text: string }
  | { readonly kind: 'function'; readonly text: string; readonly signatures: readonly Signature[] };

export interface Member {
  readonly name: string;
  readonly type: Type;
  readonly optional: boolean;
  readonly deprecated: boolean;
  /** The only handler in which the method works, where all of them have it. */
  readonly onlyIn?: string;
}

export interface Parameter {
  readonly name: string;
  readonly optional: boolean;
  readonly type: Type;
}

export interface Signature {
  readonly params: readonly Parameter[];
  readonly returns: Type;
  readonly deprecated: boolean;
}

/** `typeof api` */
export const API: Type = { kind: 'api', text: 'api' };

export const UNKNOWN: Type = { kind: 'plain', text: 'any' };

/** A type as a person reads it: objects without a name are `object`. */
export function shown(type: Type): string {
  switch (type.kind) {
    case 'named': return type.text.startsWith('$') ? 'object' : type.text;
    case 'literal': return `'${type.value}'`;
    case 'union': return type.of.map(shown).join(' | ');
    case 'array': return type.item.kind === 'union' ? `(${shown(type.item)})[]` : `${shown(type.item)}[]`;
    case 'promise': return `Promise<${shown(type.of)}>`;
    case 'object': return type.members.length === 0 && type.index !== undefined ? ['{ [key:', 'string]:', shown(type.index), '}'].join(' ') : 'object';
    case 'api': return `typeof ${type.text}`;
    case 'function': return type.signatures[0] === undefined ? 'function' : signatureText('', type.signatures[0]);
    default: return type.text;
  }
}

/** `deny(reason: string): typeof api` */
export function signatureText(name: string, { params, returns }: Signature): string {
  return `${name}(${params.map(parameterText).join(', ')}): ${shown(returns)}`;
}

export function parameterText({ name, optional, type }: Parameter): string {
  return `${name}${optional ? '?' : ''}: ${shown(type)}`;
}

/**
 * Reads a type.
 * @throws Error for a text that is none: data.json holds types alone.
 */
export function parseType(text: string): Type {
  const reader = new Reader(text);
  const type = reader.union();
  reader.end();
  return type;
}

const TOKEN = /\s*(?:(?<literal>@?'[^']*')|(?<name>@?[\w$]+)|(?<sign>.))/suy;

class Reader {
  readonly #text: string;
  #next = { text: '', start: 0, end: 0 };

  constructor(text: string) {
    this.#text = text;
    this.#advance();
  }

  #advance(): string {
    const { text, end } = this.#next;
    TOKEN.lastIndex = end;
    const match = TOKEN.exec(this.#text);
    const found = match?.groups?.['literal'] ?? match?.groups?.['name'] ?? match?.groups?.['sign']?.trim() ?? '';
    const to = match === null ? this.#text.length : TOKEN.lastIndex;
    this.#next = { text: found, start: to - found.length, end: to };
    return text;
  }

  #take(text: string): boolean {
    if (this.#next.text !== text) {
      return false;
    }
    this.#advance();
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) {
      throw new Error(`no type: ${text} is expected at ${this.#next.start} of ${this.#text}`);
    }
  }

  end(): void {
    this.#expect('');
  }

  union(): Type {
    const from = this.#next.start;
    const of = [this.#intersection()];
    while (this.#take('|')) {
      of.push(this.#intersection());
    }
    const [only] = of;
    return of.length === 1 && only !== undefined ? only : { kind: 'union', text: this.#text.slice(from, this.#next.start).trim(), of };
  }

  /** Only objects are joined with `&`. */
  #intersection(): Type {
    let type = this.#array();
    while (this.#take('&')) {
      const other = this.#array();
      if (type.kind === 'object' && other.kind === 'object') {
        type = { ...type, members: [...type.members, ...other.members], ...(other.index === undefined ? {} : { index: other.index }) };
      }
    }
    return type;
  }

  #array(): Type {
    const from = this.#next.start;
    let type = this.#single();
    while (this.#take('[')) {
      this.#expect(']');
      type = { kind: 'array', text: this.#text.slice(from, this.#next.start).trim(), item: type };
    }
    return type;
  }

  #single(): Type {
    const from = this.#next.start;
    if (this.#take('(')) {
      const inner = this.union();
      this.#expect(')');
      return inner;
    }
    if (this.#take('{')) {
      return this.#object(from);
    }
    const text = this.#advance();
    if (text.endsWith("'")) {
      return { kind: 'literal', text, value: text.slice(text.indexOf("'") + 1, -1), deprecated: text.startsWith('@') };
    }
    if (text === 'typeof') {
      this.#expect('api');
      return API;
    }
    if (text === 'Promise') {
      this.#expect('<');
      const of = this.union();
      this.#expect('>');
      return { kind: 'promise', text: this.#text.slice(from, this.#next.start).trim(), of };
    }
    if (!/^[\w$]+$/u.test(text)) {
      throw new Error(`no type: ${text} at ${from} of ${this.#text}`);
    }
    return { kind: /^[A-Z$]/u.test(text) ? 'named' : 'plain', text };
  }

  #object(from: number): Type {
    const members: Member[] = [];
    let index: Type | undefined;
    while (!this.#take('}')) {
      if (this.#take('[')) {
        this.#advance();
        this.#expect(':');
        this.union();
        this.#expect(']');
        this.#expect(':');
        index = this.union();
      } else {
        this.#member(members);
      }
      if (this.#next.text !== '}') {
        this.#expect(';');
      }
    }
    return { kind: 'object', text: this.#text.slice(from, this.#next.start).trim(), members, ...(index === undefined ? {} : { index }) };
  }

  #member(members: Member[]): void {
    const deprecated = this.#take('@deprecated');
    const onlyIn = this.#take('@onlyIn') ? this.#advance() : undefined;
    const name = this.#advance();
    const optional = this.#take('?');
    if (!this.#take('(')) {
      this.#expect(':');
      members.push({ name, optional, deprecated, type: this.union() });
      return;
    }
    const signature = { ...this.#signature(), deprecated };
    const overloaded = members.at(-1);
    if (overloaded?.name === name && overloaded.type.kind === 'function') {
      members[members.length - 1] = { ...overloaded, deprecated: overloaded.deprecated && deprecated, type: { ...overloaded.type, signatures: [...overloaded.type.signatures, signature] } };
    } else {
      members.push({ name, optional, deprecated, ...(onlyIn === undefined ? {} : { onlyIn }), type: { kind: 'function', text: name, signatures: [signature] } });
    }
  }

  #signature(): Omit<Signature, 'deprecated'> {
    const params: Parameter[] = [];
    while (!this.#take(')')) {
      const name = this.#advance();
      const optional = this.#take('?');
      this.#expect(':');
      params.push({ name, optional, type: this.union() });
      if (this.#next.text !== ')') {
        this.#expect(',');
      }
    }
    this.#expect(':');
    return { params, returns: this.union() };
  }
}
