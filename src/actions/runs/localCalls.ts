/** Calls of `api` in a run on this machine: the table of methods as plain data, and the check of a call's arguments. */
import type { CallProblem } from './localRun.ts';

export interface RunnerApi {
  /** False where nobody has published the handlers and methods: then no call is called wrong. */
  readonly known: boolean;
  readonly trigger?: { readonly id: string; readonly version: string };
  /** Handler → its methods. */
  readonly handlers: Readonly<Record<string, MethodTable>>;
  /** What the handler gets beside the event; old versions have a context in place of the api. */
  readonly argument: 'api' | 'context';
}

/** By the path behind `api.`, such as `access.deny`. */
export type MethodTable = Readonly<Record<string, {
  /** One for each way to call it. */
  readonly signatures: readonly (readonly Parameter[])[];
  readonly gives?: 'api' | 'value';
  readonly value?: unknown;
  readonly promised?: true;
  /** The only handler in which it works. */
  readonly onlyIn?: string;
}>>;

export interface Parameter {
  readonly name: string;
  readonly optional: boolean;
  readonly check: Check;
  /** The type, for a person. */
  readonly expected: string;
}

/** A type as data. */
export type Check =
  | { readonly is: 'any' | 'string' | 'number' | 'boolean' | 'null' | 'undefined' }
  | { readonly is: 'literal'; readonly value: string }
  | { readonly is: 'union'; readonly of: readonly Check[] }
  | { readonly is: 'array'; readonly item: Check }
  | { readonly is: 'object'; readonly members: readonly { readonly name: string; readonly optional: boolean; readonly check: Check }[]; readonly index?: Check };

/** What is wrong with a call; of several ways to call a method, what is wrong by the one that takes as many arguments. */
export function callProblem(method: MethodTable[string], args: readonly unknown[], handler: string): CallProblem | undefined {
  if (method.onlyIn !== undefined && method.onlyIn !== handler) {
    return { kind: 'otherHandler' };
  }
  const problems = method.signatures.map(parameters => argumentProblem(parameters, args));
  const best = method.signatures.findIndex(parameters => parameters.length >= args.length);
  return problems.includes(undefined) ? undefined : problems[Math.max(0, best)];
}

function argumentProblem(parameters: readonly Parameter[], args: readonly unknown[]): CallProblem | undefined {
  for (const [index, { name, optional, check, expected }] of parameters.entries()) {
    const value = args[index];
    if (value === undefined && (optional || (index < args.length && fits(value, check)))) {
      continue;
    }
    if (value === undefined) {
      return { kind: 'missing', parameter: name };
    }
    if (!fits(value, check)) {
      return { kind: 'wrongType', parameter: name, expected };
    }
  }
  return undefined;
}

/** Whether a value is of a type. More members than the type has are no matter. */
export function fits(value: unknown, check: Check): boolean {
  switch (check.is) {
    case 'any': return true;
    case 'null': return value === null;
    case 'string':
    case 'number':
    case 'boolean':
    case 'undefined': return typeof value === check.is;
    case 'literal': return value === check.value;
    case 'union': return check.of.some(one => fits(value, one));
    case 'array': return Array.isArray(value) && value.every(one => fits(one, check.item));
    case 'object': return typeof value === 'object' && value !== null && !Array.isArray(value) && membersFit(value as Readonly<Record<string, unknown>>, check);
  }
}

function membersFit(value: Readonly<Record<string, unknown>>, { members, index }: Extract<Check, { is: 'object' }>): boolean {
  const named = new Set(members.map(({ name }) => name));
  return members.every(({ name, optional, check }) => (value[name] === undefined ? optional || fits(undefined, check) : fits(value[name], check)))
    && (index === undefined || Object.entries(value).every(([name, one]) => named.has(name) || fits(one, index)));
}
