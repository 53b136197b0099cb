/** The function that the trigger calls: it is exported, under its right name, and a function. */
import type { AnyNode } from 'acorn';
import type { Check, Checked, Finding } from './check.ts';
import { FIRST_LINE } from './check.ts';
import { exportsOf } from './exported.ts';
import type { Export } from './exported.ts';
import { HANDLERS, handlersOf } from './handlerNames.ts';
import type { TriggerHandlers } from './handlerNames.ts';
import { isFunction } from './syntaxTree.ts';

const PARAMETERS = ['event', 'api'];

export const checkHandlers: Check = checked => {
  const [trigger, second] = checked.input.triggers;
  const wanted = trigger === undefined || second !== undefined ? undefined : handlersOf(trigger.id, trigger.version);
  if (wanted === undefined || checked.code.tree === undefined) {
    return [];
  }
  const { all, complete } = exportsOf(checked.code);
  const known = [wanted.required, ...wanted.optional];
  const names = new Set(all.map(one => one.name));
  const isThere = (handler: string): boolean => !complete || names.has(handler);
  const strange = [...new Map(all.filter(one => !known.includes(one.name)).map(one => [one.name, one])).values()];
  const named = strange.flatMap((one): Finding[] => {
    const meant = meantBy(one.name, known.filter(handler => !isThere(handler)));
    if (meant !== undefined) {
      return [{ code: 'handler-misspelled', name: one.name, handler: meant, severity: 'error', range: checked.code.mark(one.start, one.end), fixes: [renamed(checked, one, meant)] }];
    }
    return /^on(?:Execute|Continue)[A-Z]/u.test(one.name) ? [foreign(checked, one, wanted, isThere(wanted.required))] : [];
  });
  return [
    ...named,
    ...(isThere(wanted.required) || named.some(one => one.severity === 'error') ? [] : [missing(checked, wanted, all)]),
    ...known.flatMap(handler => shape(checked, all.filter(one => one.name === handler && !isVoid(one.value)).at(-1))),
  ];
};

/** A handler of another trigger, or of none. It is never called. */
function foreign(checked: Checked, one: Export, wanted: TriggerHandlers, harmless: boolean): Finding {
  return {
    code: 'handler-unknown',
    name: one.name,
    trigger: wanted.trigger,
    handler: wanted.required,
    severity: harmless ? 'warning' : 'error',
    range: checked.code.mark(one.start, one.end),
    fixes: harmless ? [] : [renamed(checked, one, wanted.required)],
  };
}

function missing({ code }: Checked, wanted: TriggerHandlers, all: readonly Export[]): Finding {
  const { text } = code;
  const lead = text === '' ? '' : /[\r\n]$/u.test(text) ? '\n' : '\n\n';
  return {
    code: 'handler-missing',
    handler: wanted.required,
    trigger: wanted.trigger,
    // The part that follows a redirect is never reached, which breaks nothing.
    severity: all.some(one => wanted.optional.includes(one.name)) ? 'warning' : 'error',
    range: FIRST_LINE,
    fixes: [{ kind: 'replaceText', range: code.range(text.length, text.length), text: `${lead}exports.${wanted.required} = async (${PARAMETERS.join(', ')}) => {\n};\n` }],
  };
}

function shape({ code }: Checked, handler: Export | undefined): readonly Finding[] {
  const value = handler?.value;
  if (handler === undefined || value === undefined) {
    return [];
  }
  const range = code.mark(handler.start, handler.end);
  if (!isFunction(value)) {
    return NEVER_FUNCTIONS.has(value.type) ? [{ code: 'handler-not-function', handler: handler.name, severity: 'error', range, fixes: [] }] : [];
  }
  // One that returns something may return a promise, which is as good.
  if (value.async || value.generator || value.body.type !== 'BlockStatement' || code.tree?.of('ReturnStatement').some(place => place.within?.node === value && place.node.argument !== null) !== false) {
    return [];
  }
  const at = handler.valueStart ?? value.start;
  return [{ code: 'handler-not-async', handler: handler.name, severity: 'hint', range, fixes: [{ kind: 'replaceText', range: code.range(at, at), text: 'async ' }] }];
}

const NEVER_FUNCTIONS: ReadonlySet<AnyNode['type']> = new Set(['Literal', 'TemplateLiteral', 'ObjectExpression', 'ArrayExpression']);

/** `exports.name = void 0`, which compilers write before the real value. */
function isVoid(value: AnyNode | undefined): boolean {
  return value?.type === 'UnaryExpression' && value.operator === 'void';
}

function renamed({ code }: Checked, one: Export, handler: string): { readonly kind: 'replaceText'; readonly range: ReturnType<typeof code.range>; readonly text: string } {
  return { kind: 'replaceText', range: code.range(one.start, one.end), text: one.shorthand ? `${handler}: ${one.name}` : handler };
}

/** The handler that a name nearly is: another case, or at most two letters off. No other trigger's handler is a misspelling. */
function meantBy(name: string, handlers: readonly string[]): string | undefined {
  if (name.length > 60 || HANDLERS.some(one => one.required === name || one.optional.includes(name))) {
    return undefined;
  }
  return handlers.find(handler => handler.toLowerCase() === name.toLowerCase() || distance(handler.toLowerCase(), name.toLowerCase()) <= 2);
}

/** Letters to change, add or leave out to make one word of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
