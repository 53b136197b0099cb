/**
 * What a run on this machine is given beside the order, as plain data: the methods of `api` of the trigger's version,
 * from the facts about it. The process that runs the code knows nothing of these facts, and builds its `api` from this.
 */
import type { TriggerRef } from '../../auth0/api.ts';
import { definition, parts, plainType, triggerFacts } from '../language/facts.ts';
import { shown } from '../language/types.ts';
import type { Signature, Type } from '../language/types.ts';
import type { Check, MethodTable, Parameter, RunnerApi } from './localCalls.ts';

/** Types may name themselves. */
const DEEPEST = 6;

/** The handlers and methods of the first trigger that is known; for others, nothing is known and nothing is checked. */
export function apiFor(triggers: readonly TriggerRef[]): RunnerApi {
  const facts = triggerFacts(triggers);
  if (facts === undefined) {
    return { known: false, handlers: {}, argument: 'api' };
  }
  const tables = new Map<Type, MethodTable>();
  return {
    known: facts.handlers.size > 0,
    trigger: { id: facts.trigger, version: facts.version },
    handlers: Object.fromEntries([...facts.handlers].map(([handler, api]) => {
      const type = plainType(api);
      const table = tables.get(type) ?? methodsOf(type);
      tables.set(type, table);
      return [handler, table];
    })),
    argument: facts.context === undefined ? 'api' : 'context',
  };
}

/** Methods by their path behind `api.`, such as `access.deny`. */
function methodsOf(api: Type, prefix = '', table: Record<string, MethodTable[string]> = {}): MethodTable {
  if (api.kind === 'object') {
    for (const { name, type, onlyIn } of api.members) {
      const found = plainType(type);
      if (found.kind === 'function') {
        const [first] = found.signatures;
        table[`${prefix}${name}`] = {
          signatures: found.signatures.map(parametersOf),
          ...(first === undefined ? {} : answerOf(first.returns)),
          ...(onlyIn === undefined ? {} : { onlyIn }),
        };
      } else {
        methodsOf(found, `${prefix}${name}.`, table);
      }
    }
  }
  return table;
}

function parametersOf({ params }: Signature): readonly Parameter[] {
  return params.map(({ name, optional, type }) => ({ name, optional, check: checkOf(type, 0), expected: definition(type) ?? shown(type) }));
}

function checkOf(type: Type, depth: number): Check {
  const found = plainType(type);
  if (depth >= DEEPEST) {
    return { is: 'any' };
  }
  switch (found.kind) {
    case 'plain': return PLAIN.has(found.text) ? { is: found.text as 'string' } : { is: 'any' };
    case 'literal': return { is: 'literal', value: found.value };
    case 'union': return { is: 'union', of: found.of.map(one => checkOf(one, depth + 1)) };
    case 'array': return { is: 'array', item: checkOf(found.item, depth + 1) };
    case 'object': return {
      is: 'object',
      members: found.members.map(({ name, optional, type: inner }) => ({ name, optional, check: checkOf(inner, depth + 1) })),
      ...(found.index === undefined ? {} : { index: checkOf(found.index, depth + 1) }),
    };
    default: return { is: 'any' };
  }
}

const PLAIN: ReadonlySet<string> = new Set(['string', 'number', 'boolean', 'null', 'undefined']);

/** What a method gives where nothing better is known: the `api` itself, or as little as its type allows. */
function answerOf(type: Type): Pick<MethodTable[string], 'gives' | 'value' | 'promised'> {
  const found = plainType(type);
  if (found.kind === 'api') {
    return { gives: 'api' };
  }
  return found.kind === 'promise' ? { gives: 'value', promised: true, value: leastOf(found.of, 0) } : { gives: 'value', value: leastOf(found, 0) };
}

function leastOf(type: Type, depth: number): unknown {
  const [found] = parts(type);
  if (found === undefined || depth >= DEEPEST) {
    return undefined;
  }
  switch (found.kind) {
    case 'plain': return found.text === 'string' ? '' : found.text === 'number' ? 0 : found.text === 'boolean' ? false : undefined;
    case 'literal': return found.value;
    case 'array': return [];
    case 'object': return Object.fromEntries(found.members.filter(({ optional }) => !optional).map(({ name, type: inner }) => [name, leastOf(inner, depth + 1)]));
    default: return undefined;
  }
}
