/** What was expected of a run beside what came of it. */
import type { Thrown } from '../../auth0/runs.ts';
import type { ExpectedCall, Expectation } from './eventFile.ts';
import type { ApiCall, RunEnd } from './localRun.ts';

/** As much of a run as can be judged. */
export interface JudgedRun {
  readonly end: RunEnd;
  readonly error?: Thrown;
  /** Left out where the run does not tell: the service answers with an error and durations alone. */
  readonly calls?: readonly ApiCall[];
}

export type Difference =
  /** It did not happen, or not after the ones before. `nearest` is the same method called with other arguments. */
  | { readonly kind: 'missingCall'; readonly expected: ExpectedCall; readonly nearest?: ApiCall }
  /** It did happen, but before one that it is to follow. */
  | { readonly kind: 'callTooEarly'; readonly expected: ExpectedCall; readonly call: ApiCall }
  /** Nothing but the listed calls was expected. */
  | { readonly kind: 'extraCall'; readonly call: ApiCall }
  /** The call was not to happen. */
  | { readonly kind: 'forbiddenCall'; readonly call: ApiCall }
  | { readonly kind: 'unexpectedError'; readonly error: Thrown }
  /** `text` is what its message was to hold. */
  | { readonly kind: 'otherError'; readonly error: Thrown; readonly text: string }
  /** An error was expected: any, or one with `text`. */
  | { readonly kind: 'noError'; readonly text?: string }
  /** It did not come to its end by itself, which no event expects. */
  | { readonly kind: 'notFinished'; readonly end: Exclude<RunEnd, 'finished' | 'threw'> };

export interface Verdict {
  /** `unknown`: nothing differs, but something that was expected cannot be seen in such a run. */
  readonly outcome: 'passed' | 'failed' | 'unknown';
  readonly differences: readonly Difference[];
  /** What of the expectation could not be judged. */
  readonly notJudged: readonly ('calls' | 'noCalls')[];
}

/** Without an expectation a run passes where it ended without an error. */
export function judge(expectation: Expectation | undefined, run: JudgedRun): Verdict {
  const { calls, exactly = false, noCalls } = expectation ?? {};
  const differences: Difference[] = [];
  const notJudged: ('calls' | 'noCalls')[] = [];
  if (calls !== undefined || exactly) {
    if (run.calls === undefined) {
      notJudged.push('calls');
    } else {
      differences.push(...callDifferences(calls ?? [], exactly, run.calls));
    }
  }
  if (noCalls === true || (noCalls?.length ?? 0) > 0) {
    if (run.calls === undefined) {
      notJudged.push('noCalls');
    } else {
      differences.push(...run.calls.filter(call => noCalls === true || noCalls?.includes(call.method) === true).map(call => ({ kind: 'forbiddenCall' as const, call })));
    }
  }
  differences.push(...endDifferences(expectation?.error ?? false, run));
  return { outcome: differences.length > 0 ? 'failed' : notJudged.length > 0 ? 'unknown' : 'passed', differences, notJudged };
}

function endDifferences(expected: boolean | string, { end, error }: JudgedRun): readonly Difference[] {
  if (end !== 'finished' && end !== 'threw') {
    return [{ kind: 'notFinished', end }];
  }
  if (error === undefined) {
    return expected === false ? [] : [{ kind: 'noError', ...(expected === true ? {} : { text: expected }) }];
  }
  if (expected === false) {
    return [{ kind: 'unexpectedError', error }];
  }
  return expected === true || `${error.name}: ${error.message}`.includes(expected) ? [] : [{ kind: 'otherError', error, text: expected }];
}

/** Each expected call is the first that fits after the one before it. */
function callDifferences(expected: readonly ExpectedCall[], exactly: boolean, calls: readonly ApiCall[]): readonly Difference[] {
  const differences: Difference[] = [];
  const used = new Set<ApiCall>();
  let next = 0;
  for (const wanted of expected) {
    const found = calls.findIndex((call, index) => index >= next && fits(wanted, call));
    const call = calls[found];
    if (call !== undefined) {
      used.add(call);
      next = found + 1;
      continue;
    }
    const early = calls.find(one => !used.has(one) && fits(wanted, one));
    const nearest = early ?? calls.find(one => !used.has(one) && one.method === wanted.method);
    if (nearest !== undefined) {
      used.add(nearest);
    }
    differences.push(early !== undefined ? { kind: 'callTooEarly', expected: wanted, call: early } : { kind: 'missingCall', expected: wanted, ...(nearest === undefined ? {} : { nearest }) });
  }
  return exactly ? [...differences, ...calls.filter(call => !used.has(call)).map(call => ({ kind: 'extraCall' as const, call }))] : differences;
}

function fits(expected: ExpectedCall, call: ApiCall): boolean {
  return expected.method === call.method && (expected.args === undefined || sameJson(expected.args, call.args));
}

/** Whether two values are the same JSON, whatever the order of keys. An argument that is `undefined` is `null` in a list, and no key in an object. */
function sameJson(one: unknown, other: unknown): boolean {
  if (one === other || ((one ?? null) === null && (other ?? null) === null)) {
    return true;
  }
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null || Array.isArray(one) !== Array.isArray(other)) {
    return false;
  }
  const [a, b] = [entriesOf(one), entriesOf(other)];
  return a.size === b.size && [...a].every(([key, value]) => b.has(key) && sameJson(value, b.get(key)));
}

function entriesOf(value: object): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(value).filter(([, one]) => Array.isArray(value) || one !== undefined));
}
