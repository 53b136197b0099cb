/**
 * Completion, hover and signature help for `event` and `api` in the code of an action, from the code as text and what
 * is known of the action. Never fails, whatever the code looks like: without an answer there is none. Offsets are in
 * UTF-16 units, as JavaScript and VS Code count. Words for a person are keyed by `path`; src/ui has them.
 */
import type { ActionFacts, Call, Explanation, Suggestion } from './answerShapes.ts';
import { definitionsIn, isOpen, literals, marks, ownParameters, quoted, typeText, typesIn } from './answerParts.ts';
import { isSecrets, itemOf, memberOf, membersOf, triggerFacts } from './facts.ts';
import type { TriggerFacts, Value } from './facts.ts';
import { Resolver } from './resolve.ts';
import { placeAt } from './scopes.ts';
import type { Frame, Place } from './scopes.ts';
import { tokenize } from './tokens.ts';
import type { Token, Tokens } from './tokens.ts';
import { parameterText, shown, signatureText } from './types.ts';
import type { Member, Parameter, Signature } from './types.ts';

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
/** Code beyond this is no action: the service takes 100 kB. */
const LONGEST_CODE = 400_000;

/** The members, secrets, literals or options that fit at `offset`; empty where this has nothing to say. */
export function complete(code: string, offset: number, action: ActionFacts): readonly Suggestion[] {
  return look(code, action, reading => reading.suggestions(offset)) ?? [];
}

/** What the word at `offset` stands for. */
export function explain(code: string, offset: number, action: ActionFacts): Explanation | undefined {
  return look(code, action, reading => reading.explanation(offset));
}

/** The method whose brackets `offset` is between. */
export function callAt(code: string, offset: number, action: ActionFacts): Call | undefined {
  return look(code, action, reading => reading.call(offset));
}

function look<T>(code: string, action: ActionFacts, ask: (reading: Reading) => T): T | undefined {
  const facts = code.length > LONGEST_CODE ? undefined : triggerFacts(action.triggers);
  return facts === undefined ? undefined : ask(new Reading(code, facts, action));
}

class Reading {
  readonly #code: string;
  readonly #facts: TriggerFacts;
  readonly #secrets: readonly string[];
  readonly #tokens: Tokens;
  readonly #resolver: Resolver;
  readonly #typed: ReadonlySet<string>;

  constructor(code: string, facts: TriggerFacts, { secrets, besideFiles = false }: ActionFacts) {
    this.#code = code;
    this.#facts = facts;
    this.#secrets = secrets;
    this.#tokens = tokenize(code);
    this.#resolver = new Resolver(this.#tokens, facts);
    this.#typed = ownParameters(this.#tokens.comments.map(({ start, end }) => code.slice(start, end)), besideFiles);
  }

  #token(index: number): Token | undefined {
    return this.#tokens.list[index];
  }

  #text(index: number): string {
    return this.#token(index)?.text ?? '';
  }

  #isDot(index: number): boolean {
    return this.#text(index) === '.' || this.#text(index) === '?.';
  }

  /** The first token that does not begin before `offset`. */
  #limit(offset: number): number {
    const list = this.#tokens.list;
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((list[middle]?.start ?? 0) < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  #place(limit: number): Place {
    return placeAt(this.#tokens, limit, this.#facts, this.#typed);
  }

  #inComment(offset: number): boolean {
    return this.#tokens.comments.some(({ start, end, closed }) => offset > start && (offset < end || (offset === end && !closed)));
  }

  suggestions(offset: number): readonly Suggestion[] {
    const last = this.#limit(offset) - 1;
    const token = this.#token(last);
    if (token === undefined || this.#inComment(offset)) {
      return [];
    }
    const inside = offset < token.end;
    if (token.kind === 'string' && (inside || isOpen(token))) {
      return this.#inString(last);
    }
    if (token.kind === 'template' || token.kind === 'regex') {
      return [];
    }
    const named = token.kind === 'name' && offset <= token.end;
    const dot = named ? last - 1 : last;
    if (!this.#isDot(dot)) {
      return named ? this.#options(last, token.start, token.end) : this.#options(last + 1, offset, offset);
    }
    const place = this.#place(dot);
    const value = this.#resolver.upTo(dot - 1, place.scope);
    if (value === undefined) {
      return [];
    }
    const [from, to] = named ? [token.start, token.end] : [offset, offset];
    return isSecrets(value) ? this.#secretMembers(value, from, to, this.#token(dot)) : this.#members(value, from, to);
  }

  #members(value: Value, from: number, to: number): Suggestion[] {
    return membersOf(value, this.#facts).map(member => ({
      kind: member.type.kind === 'function' ? 'method' : 'property',
      name: member.name,
      insert: member.name,
      from,
      to,
      type: typeText(member),
      optional: member.optional,
      ...marks(member, value),
      path: memberOf(value, member.name, this.#facts)?.value.path ?? '',
    }));
  }

  /** A secret whose name is no identifier takes brackets, which replace the dot. */
  #secretMembers(value: Value, from: number, to: number, dot: Token | undefined): Suggestion[] {
    return this.#secrets.map(name => {
      const rest = { kind: 'secret', name, type: 'string', optional: false, deprecated: false, path: value.path } as const;
      if (IDENTIFIER.test(name) || dot === undefined) {
        return { ...rest, insert: name, from, to };
      }
      const optional = dot.text === '?.' ? '?.' : '';
      return { ...rest, insert: `${optional}[${quoted(name, "'")}]`, filter: `${this.#code.slice(dot.start, from)}${name}`, from: dot.start, to };
    });
  }

  /** In a string: a member in brackets, a value that is compared, or an argument that takes certain texts. */
  #inString(index: number): readonly Suggestion[] {
    const token = this.#token(index);
    const before = this.#text(index - 1);
    if (token === undefined) {
      return [];
    }
    const quote = token.text[0] ?? "'";
    const [from, to] = [token.start + 1, isOpen(token) ? token.end : token.end - 1];
    const place = this.#place(index);
    if (before === '[') {
      const value = this.#resolver.upTo(index - (this.#text(index - 2) === '?.' ? 3 : 2), place.scope);
      if (value === undefined) {
        return [];
      }
      const names = isSecrets(value) ? this.#secretMembers(value, from, to, undefined) : this.#members(value, from, to);
      return names.map(one => ({ ...one, insert: quoted(one.name, quote).slice(1, -1) }));
    }
    const compared = this.#compared(index, place)?.type;
    const type = compared ?? (before === '(' || before === ',' ? this.#parameterAt(place)?.type : undefined);
    return type === undefined ? [] : literals(type).map(one => ({ kind: 'literal', name: one.value, insert: quoted(one.value, quote).slice(1, -1), from, to, type: 'string', optional: false, deprecated: one.deprecated, path: '' }));
  }

  /** What the text of the token `index` is compared with: `event.transaction.protocol === '|'`, or the same as a `case`. */
  #compared(index: number, place: Place): Value | undefined {
    const before = this.#text(index - 1);
    if (/^[!=]==?$/u.test(before)) {
      return this.#resolver.upTo(index - 2, place.scope);
    }
    const close = (place.frames.at(-1)?.open ?? 0) - 1;
    return before === 'case' && this.#text(close) === ')' && this.#text((this.#tokens.pair[close] ?? 0) - 1) === 'switch' ? this.#resolver.upTo(close - 1, place.scope) : undefined;
  }

  /** The innermost call that `place` is an argument of: its brackets, and whether an object of options is open in it. */
  #callFrame({ frames }: Place): Frame | undefined {
    for (const frame of frames.toReversed()) {
      if (frame.sign === '(') {
        return frame;
      }
      if (frame.body && frame.sign !== '=>') {
        return undefined;
      }
    }
    return undefined;
  }

  #called(place: Place): { readonly value: Value; readonly frame: Frame; readonly signatures: readonly Signature[] } | undefined {
    const frame = this.#callFrame(place);
    if (frame === undefined) {
      return undefined;
    }
    const value = this.#resolver.upTo(frame.open - (this.#text(frame.open - 1) === '?.' ? 2 : 1), place.scope);
    const signatures = value === undefined ? [] : this.#resolver.signatures(value);
    return value === undefined || signatures.length === 0 || (signatures[0]?.params.length === 0 && !value.path.startsWith('api')) ? undefined : { value, frame, signatures };
  }

  #parameterAt(place: Place): Parameter | undefined {
    const called = this.#called(place);
    const params = called?.signatures.map(one => one.params[called.frame.commas]) ?? [];
    const [first] = params;
    const types = params.flatMap(one => one === undefined ? [] : [one.type]);
    return first === undefined || types.length === 1 ? first : { ...first, type: { kind: 'union', text: '', of: types } };
  }

  /** Keys of an object that is an argument: `api.redirect.sendUserTo(url, { | })`, or of a pattern: `const { | } = event`. */
  #options(limit: number, from: number, to: number): readonly Suggestion[] {
    const before = this.#text(limit - 1);
    if (before !== '{' && before !== ',') {
      return [];
    }
    const place = this.#place(limit);
    const [object, outer] = [place.frames.at(-1), place.frames.at(-2)];
    if (object?.sign !== '{' || object.body) {
      return [];
    }
    const pattern = this.#patternValue(object, place);
    if (pattern !== undefined) {
      return this.#members(pattern, from, to);
    }
    if (outer?.sign !== '(' || !/^[(,]$/u.test(this.#text(object.open - 1))) {
      return [];
    }
    const type = this.#parameterAt({ ...place, frames: place.frames.slice(0, -1) })?.type;
    return type === undefined ? [] : this.#members({ type, path: '' }, from, to).map(one => ({ ...one, kind: 'option' }));
  }

  #patternValue(object: Frame, place: Place): Value | undefined {
    const close = this.#tokens.pair[object.open] ?? -1;
    return close > 0 && /^(?:const|let|var)$/u.test(this.#text(object.open - 1)) && this.#text(close + 1) === '=' ? this.#resolver.startingAt(close + 2, place.scope) : undefined;
  }

  explanation(offset: number): Explanation | undefined {
    const limit = this.#limit(offset + 1);
    const index = this.#token(limit - 1)?.kind === 'name' || (this.#token(limit - 1)?.kind === 'string' && offset < (this.#token(limit - 1)?.end ?? 0)) ? limit - 1 : limit - 2;
    const token = this.#token(index);
    if (token === undefined || offset < token.start || offset > token.end || this.#inComment(offset)) {
      return undefined;
    }
    const place = this.#place(index);
    if (token.kind === 'string') {
      const value = this.#text(index - 1) === '[' && this.#text(index + 1) === ']' ? this.#resolver.upTo(index - (this.#text(index - 2) === '?.' ? 3 : 2), place.scope) : undefined;
      return value === undefined ? undefined : this.#memberExplained(value, token.text.slice(1, -1), token);
    }
    if (token.kind !== 'name') {
      return undefined;
    }
    if (this.#isDot(index - 1)) {
      const value = this.#resolver.upTo(index - 2, place.scope);
      return value === undefined ? undefined : this.#memberExplained(value, token.text, token);
    }
    if (this.#text(index + 1) === ':' && /^[{,]$/u.test(this.#text(index - 1))) {
      return undefined;
    }
    const value = this.#resolver.name(token.text, this.#place(index + 1).scope) ?? this.#parameterValue(index);
    return value === undefined || value.type.kind === 'plain' && value.path === '' ? undefined : this.#explained(token, value, token.text, undefined);
  }

  /** A parameter where it is declared: it is there from the function's body on. */
  #parameterValue(index: number): Value | undefined {
    const body = this.#bodyAfter(index);
    return body === undefined ? undefined : this.#resolver.name(this.#text(index), this.#place(body).scope);
  }

  /** The first token inside the function that the token `index` is a parameter of, if it is one. */
  #bodyAfter(index: number): number | undefined {
    if (this.#text(index + 1) === '=>') {
      return index + 3;
    }
    for (let at = index + 1; at < this.#tokens.list.length && this.#text(at) !== ';'; at += 1) {
      const pair = this.#tokens.pair[at] ?? -1;
      if (pair > at) {
        at = pair;
      } else if (this.#text(at) === ')') {
        const arrow = this.#text(at + 1) === '=>';
        return arrow || this.#text(at + 1) === '{' ? at + (arrow ? 3 : 2) : undefined;
      }
    }
    return undefined;
  }

  #memberExplained(value: Value, name: string, token: Token): Explanation | undefined {
    const found = memberOf(value, name, this.#facts);
    if (found !== undefined) {
      return this.#explained(token, found.value, name, { member: found.member, of: value });
    }
    return isSecrets(value) && this.#secrets.includes(name) ? this.#explained(token, { ...itemOf(value, this.#facts), path: value.path }, name, undefined) : undefined;
  }

  #explained(token: Token, value: Value, name: string, found: { readonly member: Member; readonly of: Value } | undefined): Explanation {
    const signatures = this.#resolver.signatures(value);
    const optional = found?.member.optional === true ? '?' : '';
    return {
      from: token.start,
      to: token.end,
      lines: signatures.length > 0 ? signatures.map(one => `${value.path.startsWith('api.') ? value.path : name}${signatureText('', one)}`) : [`${/^\w+$/u.test(value.path) || isSecrets(value) && found === undefined ? name : value.path}${optional}: ${shown(value.type)}`],
      definitions: definitionsIn(signatures.length > 0 ? signatures.flatMap(typesIn) : [value.type]),
      ...(found === undefined ? { deprecated: false } : marks(found.member, found.of)),
      path: value.path,
      trigger: this.#facts.trigger,
      version: this.#facts.version,
    };
  }

  call(offset: number): Call | undefined {
    const limit = this.#limit(offset);
    const last = this.#token(limit - 1);
    if (this.#inComment(offset)) {
      return undefined;
    }
    const called = this.#called(this.#place(last !== undefined && offset < last.end && last.kind === 'sign' ? limit - 1 : limit));
    return called === undefined ? undefined : {
      signatures: called.signatures.map(one => ({ text: signatureText(called.value.path.replace(/^.*\./u, ''), one), parameters: one.params.map(parameterText), deprecated: one.deprecated })),
      activeParameter: called.frame.commas,
      definitions: definitionsIn(called.signatures.flatMap(typesIn)),
      path: called.value.path,
    };
  }
}
