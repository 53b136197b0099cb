/** Faults that control asks for. The list replaces the one before; the first that matches counts. A request may carry its own. */
import { ControlError } from './errors.ts';

export type Fault =
  /** Nothing was done, unless `done`; a number says how many milliseconds after the answer. */
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>>; readonly done?: boolean | number }
  | 'reset-before' // the connection ends, nothing was done
  | 'reset-after' // it was done, then the connection ends
  | 'hang' // no answer, nothing was done
  | 'truncate' // it was done; half of the body arrives
  | 'malformed' // it was done; the body is no JSON
  | { readonly delay: number } // it was done; the answer is late
  | { readonly late: number } // it is done only after this time, whether or not anybody waits for it, and then answered
  | { readonly drip: number } // it was done; half of the body arrives at once, and the rest after this time
  | { readonly size: number }; // it was done; the answer is this many bytes long at least

/** For one request alone: the header holds a fault as JSON. */
export const FAULT_HEADER = 'x-simulator-fault';

interface Rule {
  readonly method?: string;
  readonly path?: RegExp;
  left: number;
  readonly fault: Fault;
}

const AMOUNTS = ['delay', 'late', 'drip', 'size'] as const;
const WORDS: ReadonlySet<unknown> = new Set(['reset-before', 'reset-after', 'hang', 'truncate', 'malformed']);

export class Faults {
  #rules: Rule[] = [];

  /** @throws ControlError for a list that makes no sense; the old list then stays. */
  replace(list: unknown): void {
    if (!Array.isArray(list)) {
      throw new ControlError('Send a list of { method?, path?, times?, fault }.');
    }
    this.#rules = list.map(readRule);
  }

  /**
   * The fault of a request, counted down. `path` is without the query, `own` what the request says of itself.
   * @throws ControlError for one of its own that makes no sense.
   */
  take(method: string, path: string, own?: string): Fault | undefined {
    if (own !== undefined) {
      return readRule({ fault: parse(own) }, 0).fault;
    }
    const rule = this.#rules.find(one => one.left > 0 && (one.method === undefined || one.method === method) && (one.path?.test(path) ?? true));
    if (rule !== undefined) {
      rule.left -= 1;
    }
    return rule?.fault;
  }
}

function readRule(value: unknown, index: number): Rule {
  const rule = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  const { method, path, times, fault } = rule;
  const wrong = (what: string): never => {
    throw new ControlError(`Fault ${index}: ${what}`);
  };
  if (method !== undefined && typeof method !== 'string') {
    wrong('method is a text.');
  }
  if (times !== undefined && (typeof times !== 'number' || times < 0)) {
    wrong('times is a number of 0 or more.');
  }
  if (!isFault(fault)) {
    return wrong('fault is { status, body?, headers?, done? }, { delay }, { late }, { drip }, { size }, or one of reset-before, reset-after, hang, truncate, malformed.');
  }
  let pattern: RegExp | undefined;
  try {
    pattern = typeof path === 'string' ? new RegExp(path, 'u') : undefined;
  } catch {
    wrong('path is no regular expression.');
  }
  return {
    ...(typeof method === 'string' ? { method: method.toUpperCase() } : {}),
    ...(pattern === undefined ? {} : { path: pattern }),
    left: typeof times === 'number' ? times : Number.POSITIVE_INFINITY,
    fault,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isFault(value: unknown): value is Fault {
  if (typeof value !== 'object' || value === null) {
    return WORDS.has(value);
  }
  const { status, ...others } = value as Readonly<Record<string, unknown>>;
  return (typeof status === 'number' && status >= 200 && status <= 599) || AMOUNTS.some(name => typeof others[name] === 'number' && others[name] >= 0);
}
