/** What `event` and `api` are for the trigger of an action, and how members of a type are found. */
import type { TriggerRef } from '../../auth0/api.ts';
import data from './data.json' with { type: 'json' };
import { UNKNOWN, parseType } from './types.ts';
import type { Member, Type } from './types.ts';

/** One version of a trigger: names of types in data.json. Old versions have `context` in place of `api`. */
export interface TriggerFacts {
  readonly trigger: string;
  readonly version: string;
  readonly event: Type;
  readonly context?: Type;
  /** Handler → its `api`. Empty where nobody has published the names. */
  readonly handlers: ReadonlyMap<string, Type>;
}

/** Something with a type. `path` says where it was found, such as `event.user.identities[].provider`. */
export interface Value {
  readonly type: Type;
  readonly path: string;
  /** The handler whose `api` this belongs to. */
  readonly handler?: string;
}

interface VersionData { readonly event: string; readonly context?: string; readonly handlers?: Readonly<Record<string, string>> }

const TYPES: ReadonlyMap<string, string> = new Map(Object.entries(data.types));
const TRIGGERS: ReadonlyMap<string, ReadonlyMap<string, VersionData>> = new Map(Object.entries(data.triggers).map(([id, versions]) => [id, new Map(Object.entries(versions as Readonly<Record<string, VersionData>>))]));
const parsed = new Map<string, Type>();

/** All triggers with their versions, for tests to go through. */
export function knownTriggers(): readonly Required<TriggerRef>[] {
  return [...TRIGGERS].flatMap(([id, versions]) => [...versions.keys()].map(version => ({ id, version })));
}

/** The first of an action's triggers that is known; without a version, its newest. A version that nobody has described is not known. */
export function triggerFacts(triggers: readonly TriggerRef[]): TriggerFacts | undefined {
  for (const { id, version } of triggers) {
    const versions = TRIGGERS.get(id);
    const wanted = version ?? [...(versions?.keys() ?? [])].sort((a, b) => Number(b.slice(1)) - Number(a.slice(1)))[0];
    const found = wanted === undefined ? undefined : versions?.get(wanted);
    if (found !== undefined && wanted !== undefined) {
      return {
        trigger: id,
        version: wanted,
        event: parseType(found.event),
        ...(found.context === undefined ? {} : { context: parseType(found.context) }),
        handlers: new Map(Object.entries(found.handlers ?? {}).map(([handler, type]) => [handler, parseType(type)])),
      };
    }
  }
  return undefined;
}

/** What a name of data.json stands for; any other name is unknown. */
function named(name: string): Type {
  let type = parsed.get(name);
  if (type === undefined) {
    const text = TYPES.get(name);
    type = text === undefined ? UNKNOWN : parseType(text);
    parsed.set(name, type);
  }
  return type;
}

/** The same type without names around it. */
export function plainType(type: Type): Type {
  let found = type;
  for (let depth = 0; found.kind === 'named' && depth < 5; depth += 1) {
    found = named(found.text);
  }
  return found;
}

/** The parts of a union, without names around them, and without `undefined` and `null`. */
export function parts(type: Type): readonly Type[] {
  const found = plainType(type);
  return found.kind === 'union' ? found.of.flatMap(parts) : found.kind === 'plain' && (found.text === 'undefined' || found.text === 'null') ? [] : [found];
}

/** How a named type is made up, such as `{ expires_at?: number; ttl?: number }`; nothing for a name that means nothing to a person. */
export function definition(type: Type): string | undefined {
  const text = type.kind === 'named' && !type.text.startsWith('$') ? TYPES.get(type.text) : undefined;
  return text === undefined || text.startsWith('typeof') ? undefined : text;
}

/** The types with a name of their own that a type mentions. */
export function namesIn(type: Type): readonly Type[] {
  switch (type.kind) {
    case 'named': return [type];
    case 'union': return type.of.flatMap(namesIn);
    case 'array': return namesIn(type.item);
    case 'promise': return namesIn(type.of);
    default: return [];
  }
}

/** The objects that a value may be. */
function objectsOf({ type, handler }: Value, facts: TriggerFacts): readonly Extract<Type, { kind: 'object' }>[] {
  return parts(type).flatMap(part => {
    // A function beside the handlers may be called by any of them, and they differ in what they are for alone.
    const found = part.kind === 'api' ? plainType(facts.handlers.get(handler ?? '') ?? facts.handlers.values().next().value ?? UNKNOWN) : part;
    return found.kind === 'object' ? [found] : [];
  });
}

/** Where members of `typeof api` are found, however the `api` was come by. */
function pathOf(value: Value): string {
  return parts(value.type).some(part => part.kind === 'api') ? 'api' : value.path;
}

/** Members with a name. Of alternatives, all members, each once. */
export function membersOf(value: Value, facts: TriggerFacts): readonly Member[] {
  return [...new Map(objectsOf(value, facts).flatMap(object => object.members).map(member => [member.name, member])).values()];
}

export function memberOf(value: Value, name: string, facts: TriggerFacts): { readonly member: Member; readonly value: Value } | undefined {
  const member = membersOf(value, facts).find(one => one.name === name) ?? listMember(value, name);
  return member === undefined ? undefined : { member, value: { ...value, type: member.type, path: `${pathOf(value)}.${name}` } };
}

/** What an object that takes any key holds, or a list; for `value[key]`. */
export function itemOf(value: Value, facts: TriggerFacts): Value {
  for (const part of parts(value.type)) {
    if (part.kind === 'array') {
      return { ...value, type: part.item, path: `${value.path}[]` };
    }
  }
  const index = objectsOf(value, facts).find(object => object.index !== undefined)?.index;
  return { ...value, type: index ?? UNKNOWN, path: `${value.path}[]` };
}

const SAME_LIST = new Set(['filter', 'slice', 'concat', 'reverse', 'sort', 'toReversed', 'toSorted']);
const ONE_OF_LIST = new Set(['find', 'findLast', 'at', 'pop', 'shift']);

/** Methods of lists that hand over what the list holds: they are not offered, only followed. */
function listMember(value: Value, name: string): Member | undefined {
  const list = parts(value.type).find(part => part.kind === 'array');
  const returns = list === undefined ? undefined : SAME_LIST.has(name) ? list : ONE_OF_LIST.has(name) ? list.item : undefined;
  return returns === undefined ? undefined : { name, optional: false, deprecated: false, type: { kind: 'function', text: name, signatures: [{ params: [], returns, deprecated: false }] } };
}

/** Whether these are the secrets, whose names the action knows. */
export function isSecrets({ path }: Value): boolean {
  return path === 'event.secrets' || path === 'context.secrets';
}
