/** Values of the code as JSON, without running any of it more than a getter; what JSON cannot hold is a text that says what it was. */
import { inspect } from 'node:util';
import { LONGEST_LINE as LONGEST } from '../../actions/runs/localMask.ts';

const DEEPEST = 8;
const MOST = 200;

/** JSON of a value. */
export function plain(value: unknown, depth = 0, around: readonly unknown[] = []): unknown {
  switch (typeof value) {
    case 'string': return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
    case 'boolean': return value;
    case 'number': return Number.isFinite(value) ? value : `[${String(value)}]`;
    case 'undefined': return '[undefined]';
    case 'bigint': return `${String(value)}n`;
    case 'symbol': return `[${String(value)}]`;
    case 'function': return `[function${value.name === '' ? '' : ` ${value.name}`}]`;
    case 'object': return value === null ? null : plainObject(value, depth, around);
  }
}

function plainObject(value: object, depth: number, around: readonly unknown[]): unknown {
  if (around.includes(value)) {
    return '[circular]';
  }
  if (depth >= DEEPEST) {
    return '[…]';
  }
  try {
    if (value instanceof Date) {
      return Number.isNaN(value.getTime()) ? '[Invalid Date]' : value.toISOString();
    }
    const inner = [...around, value];
    if (Array.isArray(value)) {
      return value.slice(0, MOST).map(one => plain(one, depth + 1, inner));
    }
    if (value instanceof Map || value instanceof Set || value instanceof Promise || value instanceof Error || ArrayBuffer.isView(value)) {
      return inspect(value, { depth: 1, maxArrayLength: 20, maxStringLength: 200 });
    }
    return Object.fromEntries(Object.keys(value).slice(0, MOST).map(key => [key, plain((value as Readonly<Record<string, unknown>>)[key], depth + 1, inner)]));
  } catch {
    return '[unreadable]';
  }
}

/** What was thrown, which may be anything: what is no error has its text as message. */
export function thrown(value: unknown): { readonly name: string; readonly message: string; readonly stack: string } {
  try {
    if (typeof value === 'object' && value !== null && 'message' in value && 'stack' in value) {
      const { name, message, stack } = value as Readonly<Record<string, unknown>>;
      return { name: textOf(name), message: textOf(message), stack: withoutOwn(textOf(stack)) };
    }
    return { name: '', message: textOf(typeof value === 'string' ? value : inspect(value, { depth: 3 })), stack: '' };
  } catch {
    return { name: '', message: '[unreadable]', stack: '' };
  }
}

/** A stack without the frames of this program, which mean nothing to anybody. */
function withoutOwn(stack: string): string {
  const frames = stack.split('\n');
  const others = frames.filter(frame => !frame.includes(__filename));
  // The last one is what calls the handler.
  return (others.length < frames.length && others.at(-1)?.endsWith(' new Promise (<anonymous>)') === true ? others.slice(0, -1) : others).join('\n');
}

function textOf(value: unknown): string {
  return (typeof value === 'string' ? value : value === undefined ? '' : inspect(value, { depth: 1 })).slice(0, LONGEST * 2);
}
