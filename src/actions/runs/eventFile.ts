/**
 * An event that is kept as a file: the event itself, and three keys of ours at its top, which never reach a handler or
 * the service: `expect` (what a run with it should do), `continue` (what changes in the event when a redirect comes
 * back) and `$schema`.
 */
import { isObject, parseJson } from '../../auth0/json.ts';
import type { JsonObject } from '../../auth0/json.ts';
import { readEvent } from './events.ts';
import type { EventProblem } from './events.ts';
import { linesOf } from './stack.ts';

export interface EventFile {
  /** Without the keys of ours. */
  readonly event: JsonObject;
  readonly continueWith?: JsonObject;
  readonly expect?: Expectation;
}

/** What a run should do. What is left out may be as it likes, but an error is wanted only where it is named. */
export interface Expectation {
  /** Calls that happen in this order; others may come between. */
  readonly calls?: readonly ExpectedCall[];
  /** No other calls than these. */
  readonly exactly: boolean;
  /** Methods that are not called; `true` means that none is. */
  readonly noCalls?: true | readonly string[];
  /** `true`: any error. A text: an error with this text in its name and message. */
  readonly error?: boolean | string;
}

export interface ExpectedCall {
  /** As it is written in code, such as `api.access.deny`. */
  readonly method: string;
  /** All arguments, compared as JSON; any where it is left out. */
  readonly args?: readonly unknown[];
}

export type EventFileProblem =
  | EventProblem
  /** A value of ours is of the wrong kind, such as `expect.calls[0].method`. `line` counts from 1. */
  | { readonly kind: 'shape'; readonly line: number; readonly path: string; readonly wants: Wanted }
  /** `expect` has a key that means nothing. */
  | { readonly kind: 'unknownKey'; readonly line: number; readonly path: string };

export type Wanted = 'object' | 'list' | 'text' | 'trueOrFalse' | 'trueOrMethods' | 'errorText';

/** Keys of ours. */
const OWN: readonly string[] = ['expect', 'continue', '$schema'];
type Path = readonly (string | number)[];

/** Ends the reading with the first thing that is wrong. */
class Unreadable extends Error {
  readonly problem: EventFileProblem;

  constructor(problem: EventFileProblem) {
    super(problem.kind);
    this.problem = problem;
  }
}

/** What a text holds, or the first thing that is wrong with it. */
export function readEventFile(text: string): EventFile | { readonly problem: EventFileProblem } {
  const read = readEvent(text);
  if ('problem' in read) {
    return read;
  }
  const { event } = read;
  try {
    const continueWith = readContinue(event['continue'], text);
    const expect = readExpectation(event['expect'], text);
    return {
      event: Object.fromEntries(Object.entries(event).filter(([key]) => !OWN.includes(key))),
      ...(continueWith === undefined ? {} : { continueWith }),
      ...(expect === undefined ? {} : { expect }),
    };
  } catch (error) {
    if (error instanceof Unreadable) {
      return { problem: error.problem };
    }
    throw error;
  }
}

function readContinue(value: unknown, text: string): JsonObject | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (!isObject(value)) {
    throw wrong(text, ['continue'], 'object');
  }
  const secrets = value['secrets'];
  if (isObject(secrets) ? Object.keys(secrets).length > 0 : secrets !== undefined && secrets !== null) {
    throw new Unreadable({ kind: 'secret', line: lineOfPath(text, ['continue', 'secrets']) });
  }
  return value;
}

function readExpectation(value: unknown, text: string): Expectation | undefined {
  if (value === undefined) {
    return undefined;
  }
  const path = ['expect'];
  const { calls: listed, exactly, noCalls, error } = readObject(value, path, ['calls', 'exactly', 'noCalls', 'error'], text);
  if (listed !== undefined && !Array.isArray(listed)) {
    throw wrong(text, [...path, 'calls'], 'list');
  }
  const calls = listed?.map((call: unknown, index) => readCall(call, [...path, 'calls', index], text));
  if (exactly !== undefined && typeof exactly !== 'boolean') {
    throw wrong(text, [...path, 'exactly'], 'trueOrFalse');
  }
  if (noCalls !== undefined && noCalls !== true && !isTexts(noCalls)) {
    throw wrong(text, [...path, 'noCalls'], 'trueOrMethods');
  }
  if (error !== undefined && typeof error !== 'boolean' && (typeof error !== 'string' || error === '')) {
    throw wrong(text, [...path, 'error'], 'errorText');
  }
  return { ...(calls === undefined ? {} : { calls }), exactly: exactly ?? false, ...(noCalls === undefined ? {} : { noCalls }), ...(error === undefined ? {} : { error }) };
}

function readCall(value: unknown, path: Path, text: string): ExpectedCall {
  const { method, args } = readObject(value, path, ['method', 'args'], text);
  if (typeof method !== 'string' || method === '') {
    throw wrong(text, [...path, 'method'], 'text');
  }
  if (args !== undefined && !Array.isArray(args)) {
    throw wrong(text, [...path, 'args'], 'list');
  }
  return { method, ...(args === undefined ? {} : { args }) };
}

/** An object with these keys alone: a key that is misspelled would expect nothing, without a word. */
function readObject(value: unknown, path: Path, keys: readonly string[], text: string): JsonObject {
  if (!isObject(value)) {
    throw wrong(text, path, 'object');
  }
  const unknown = Object.keys(value).find(key => !keys.includes(key));
  if (unknown !== undefined) {
    const at = [...path, unknown];
    throw new Unreadable({ kind: 'unknownKey', line: lineOfPath(text, at), path: pathText(at) });
  }
  return value;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(one => typeof one === 'string');
}

function wrong(text: string, path: Path, wants: Wanted): Unreadable {
  return new Unreadable({ kind: 'shape', line: lineOfPath(text, path), path: pathText(path), wants });
}

function pathText(path: Path): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}

const TOKEN = /\s*("(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s[\]{}:,"]+)/y;

/** The line (from 1) of the key or item at `path` in a text that is JSON, or of the innermost one above it that is there. */
function lineOfPath(text: string, path: Path): number {
  const at: (string | number)[] = [];
  let best = { depth: 0, offset: 0 };
  let isKey = false;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const [, token = ''] = match;
    const last = at.at(-1);
    if (token === '}' || token === ']') {
      at.pop();
      isKey = false;
    } else if (token === ',') {
      isKey = typeof last === 'string';
      at[at.length - 1] = typeof last === 'number' ? last + 1 : '';
    } else if (token !== ':') {
      const isPlace = isKey || typeof last === 'number';
      if (isKey) {
        at[at.length - 1] = String(parseJson(token));
        isKey = false;
      }
      if (isPlace && at.length >= best.depth && at.length <= path.length && at.every((step, index) => step === path[index])) {
        best = { depth: at.length, offset: TOKEN.lastIndex - token.length };
      }
      if (token === '{' || token === '[') {
        isKey = token === '{';
        at.push(isKey ? '' : 0);
      }
    }
  }
  return linesOf(text.slice(0, best.offset)).length;
}
