/** A JSON schema (draft-07) of files of events, made of what is known of a trigger. */
import type { TriggerRef } from '../../auth0/api.ts';
import { membersOf, plainType, triggerFacts } from './facts.ts';
import type { TriggerFacts } from './facts.ts';
import type { Type } from './types.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The words for what is ours in such a file. */
export interface SchemaWords {
  readonly title: (trigger: string) => string;
  readonly schema: string;
  readonly secrets: string;
  readonly continue: string;
  readonly expect: string;
  readonly calls: string;
  readonly method: string;
  readonly args: string;
  readonly exactly: string;
  readonly noCalls: string;
  readonly error: string;
  readonly deprecated: string;
  /** What a path such as `event.user.identities[].provider` is; nothing for what says it by its name. */
  readonly describe: (path: string) => string | undefined;
}

/** Deeper than any event. */
const DEEPEST = 12;

/**
 * The schema for the first of these triggers that is known, or one of what is ours alone. Nothing is required: the event
 * of a test holds what the code looks at, and the service fills in nothing. Keys that the trigger does not have are
 * refused, since that is what a misspelled one is.
 */
export function eventSchema(triggers: readonly TriggerRef[], words: SchemaWords): JsonSchema {
  const facts = triggerFacts(triggers);
  const event = facts === undefined ? {} : eventProperties(facts, words);
  const isOpen = facts === undefined || indexOf(facts.event) !== undefined;
  const secrets = { type: 'object', maxProperties: 0, description: words.secrets };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: words.title(facts === undefined ? '' : `${facts.trigger} ${facts.version}`),
    type: 'object',
    properties: {
      $schema: { type: 'string', description: words.schema },
      ...event,
      secrets,
      expect: expectSchema(facts === undefined ? [] : methodsOf(facts), words),
      continue: { type: 'object', description: words.continue, properties: { ...Object.fromEntries(Object.keys(event).map(key => [key, { $ref: `#/properties/${key}` }])), secrets }, ...(isOpen ? {} : { additionalProperties: false }) },
    },
    ...(isOpen ? {} : { additionalProperties: false }),
  };
}

/** Methods of `api` in any handler of a trigger, such as `api.access.deny`, sorted. Empty where nobody has published them. */
export function methodsOf(facts: TriggerFacts): readonly string[] {
  const found = new Set<string>();
  const visit = (type: Type, path: string, handler: string, depth: number): void => {
    for (const member of membersOf({ type, path, handler }, facts)) {
      const name = `${path}.${member.name}`;
      if (plainType(member.type).kind === 'function') {
        found.add(name);
      } else if (depth < DEEPEST) {
        visit(member.type, name, handler, depth + 1);
      }
    }
  };
  for (const [handler, type] of facts.handlers) {
    visit(type, 'api', handler, 0);
  }
  return [...found].sort();
}

function eventProperties(facts: TriggerFacts, { describe, deprecated }: SchemaWords): Readonly<Record<string, JsonSchema>> {
  const of = (type: Type, path: string, depth: number): JsonSchema => {
    const plain = plainType(type);
    switch (plain.kind) {
      case 'literal': return { enum: [plain.value] };
      case 'array': return { type: 'array', items: of(plain.item, `${path}[]`, depth + 1) };
      case 'plain': return ['string', 'number', 'boolean', 'null'].includes(plain.text) ? { type: plain.text } : plain.text === 'never' ? { not: {} } : {};
      case 'union': return union(plain.of.map(plainType), path, depth);
      case 'object': return depth >= DEEPEST ? { type: 'object' } : {
        type: 'object',
        properties: Object.fromEntries(plain.members.map(member => {
          const inside = `${path}.${member.name}`;
          const description = describe(inside);
          return [member.name, { ...of(member.type, inside, depth + 1), ...(description === undefined ? {} : { description, markdownDescription: description }), ...(member.deprecated ? { deprecationMessage: deprecated } : {}) }];
        })),
        additionalProperties: plain.index === undefined ? false : of(plain.index, `${path}[]`, depth + 1),
      };
      default: return {};
    }
  };
  /** Texts to choose from are one list, so that all of them are offered. */
  const union = (parts: readonly Type[], path: string, depth: number): JsonSchema => {
    const texts = parts.flatMap(part => (part.kind === 'literal' ? [part.value] : []));
    const others = parts.filter(part => part.kind !== 'literal').map(part => of(part, path, depth));
    const all = [...(texts.length === 0 ? [] : [{ enum: texts }]), ...others];
    return all.length === 1 ? all[0] ?? {} : { anyOf: all };
  };
  const { secrets: _, ...properties } = (of(facts.event, 'event', 0)['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  return properties;
}

function indexOf(type: Type): Type | undefined {
  const plain = plainType(type);
  return plain.kind === 'object' ? plain.index : undefined;
}

function expectSchema(methods: readonly string[], words: SchemaWords): JsonSchema {
  const method = methods.length === 0 ? { type: 'string', minLength: 1 } : { enum: methods };
  return {
    type: 'object',
    description: words.expect,
    additionalProperties: false,
    properties: {
      calls: {
        type: 'array',
        description: words.calls,
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['method'],
          properties: { method: { ...method, description: words.method }, args: { type: 'array', description: words.args } },
        },
      },
      exactly: { type: 'boolean', description: words.exactly },
      noCalls: { description: words.noCalls, anyOf: [{ const: true }, { type: 'array', items: method }] },
      error: { description: words.error, anyOf: [{ type: 'boolean' }, { type: 'string', minLength: 1 }] },
    },
  };
}
