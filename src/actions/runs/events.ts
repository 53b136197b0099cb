/**
 * The event that a test sends: a sample for each trigger, and reading what somebody has made of it. Made-up values are
 * in samples.json; each object that several samples share is there once, under a name that begins with `$`.
 */
import { isObject, parseJson } from '../../auth0/json.ts';
import type { JsonObject } from '../../auth0/json.ts';
import { linesOf } from './stack.ts';
import samples from './samples.json' with { type: 'json' };

export type EventProblem =
  /** No JSON, from this line on (counted from 1). */
  | { readonly kind: 'syntax'; readonly line: number }
  /** JSON, but no object. */
  | { readonly kind: 'noObject' }
  /** It holds a value for a secret, on this line (counted from 1). */
  | { readonly kind: 'secret'; readonly line: number };

/** The text of a sample for the first of an action's triggers; for one that is not known an empty event. Ends with a line break. */
export function sampleEvent(triggerIds: readonly string[]): string {
  const [triggerId = ''] = triggerIds;
  const events: JsonObject = samples.events;
  return `${JSON.stringify(Object.hasOwn(events, triggerId) ? resolve(events[triggerId]) : {}, undefined, 2)}\n`;
}

/** Triggers that have a sample. */
export function sampledTriggers(): readonly string[] {
  return Object.keys(samples.events);
}

function resolve(value: unknown): unknown {
  if (typeof value === 'string' && value.startsWith('$')) {
    return resolve((samples.shared as JsonObject)[value]);
  }
  if (Array.isArray(value)) {
    return value.map(resolve);
  }
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolve(one)])) : value;
}

/** The event in a text, or what is wrong with it. */
export function readEvent(text: string): { readonly event: JsonObject } | { readonly problem: EventProblem } {
  const json = parseJson(text);
  if (json === undefined) {
    return { problem: { kind: 'syntax', line: linesOf(text.slice(0, firstError(text))).length } };
  }
  if (!isObject(json)) {
    return { problem: { kind: 'noObject' } };
  }
  const secrets = json['secrets'];
  // The text lies in a plain file, where no secret belongs.
  const holds = isObject(secrets) ? Object.keys(secrets).length > 0 : secrets !== undefined && secrets !== null;
  return holds ? { problem: { kind: 'secret', line: linesOf(text.slice(0, Math.max(0, text.indexOf('"secrets"')))).length } } : { event: json };
}

const TOKEN = /\s*(?:("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w))|([[\]{}:,]))/y;

/** The offset at which a text that is no JSON ceases to be some. */
function firstError(text: string): number {
  const open: string[] = [];
  let expects = 'value';
  TOKEN.lastIndex = 0;
  for (;;) {
    const at = TOKEN.lastIndex;
    const [whole = '', string, plain, mark] = TOKEN.exec(text) ?? [];
    const here = at + (/^\s*/u.exec(text.slice(at))?.[0].length ?? 0);
    const next = whole === '' ? undefined : step(open, expects, string, plain, mark);
    if (next === undefined) {
      // What is missing at the end is missing after the last thing that is there.
      return here >= text.length ? text.trimEnd().length : here;
    }
    expects = next;
  }
}

/** What may follow a token; nothing where it does not fit. Keeps account of what is open. */
function step(open: string[], expects: string, string: string | undefined, plain: string | undefined, mark: string | undefined): string | undefined {
  const inObject = open.at(-1) === '{';
  if (mark === undefined && /value|item/u.test(expects) && (string ?? plain) !== undefined) {
    return 'end';
  }
  if (string !== undefined) {
    return /^key/u.test(expects) ? 'colon' : undefined;
  }
  if ((mark === '{' || mark === '[') && /value|item/u.test(expects)) {
    open.push(mark);
    return mark === '{' ? 'keyOrClose' : 'itemOrClose';
  }
  if ((mark === '}' || mark === ']') && open.length > 0 && /end|Close/u.test(expects) && inObject === (mark === '}')) {
    open.pop();
    return 'end';
  }
  if (mark === ',' && expects === 'end' && open.length > 0) {
    return inObject ? 'key' : 'value';
  }
  return mark === ':' && expects === 'colon' ? 'value' : undefined;
}
