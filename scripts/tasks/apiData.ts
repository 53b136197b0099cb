// `node scripts/run.mjs apiData`: writes src/actions/language/data.json, the names and types of `event` and `api`, and src/actions/runs/samples.json,
// a sample event for each trigger, from the files beside the project that list them. Run by hand when those files change. src/actions/language/types.ts says how its types are written.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main, PlainError } from '../lib/main.ts';
import { readJson, root } from '../lib/project.ts';

interface Field { readonly type: string; readonly optional: boolean; readonly enum?: readonly string[]; readonly deprecatedValues?: readonly string[] }
interface Method { readonly params: readonly (Field & { readonly name: string })[]; readonly returns: string; readonly deprecated?: boolean; readonly onlyIn?: string; readonly overloads?: readonly Method[] }
type Fields = Readonly<Record<string, Field>>;
type Events = Readonly<Record<string, Readonly<Record<string, Fields>>>>;
type Methods = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Method>>>>>>>>;

interface Node { field?: Field; readonly children: Map<string, Node>; item?: Node; method?: Method }

function readShared(file: string): unknown {
  try {
    return readJson(file);
  } catch {
    throw new PlainError(`${file} cannot be read: the facts are expected beside the project.`);
  }
}

function facts<T>(file: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(file).filter(([key]) => !key.startsWith('_'));
}

function newNode(): Node {
  return { children: new Map() };
}

function child(node: Node, name: string): Node {
  const known = node.children.get(name) ?? newNode();
  node.children.set(name, known);
  return known;
}

/** `event.user.identities[].provider` and so on, as one tree for each parameter. */
function eventTrees(fields: Fields): Map<string, Node> {
  const root = newNode();
  for (const [path, field] of Object.entries(fields)) {
    let node = root;
    for (const part of path.split('.')) {
      node = child(node, part.replaceAll('[]', ''));
      for (let depth = part.split('[]').length - 1; depth > 0; depth -= 1) {
        node.item ??= newNode();
        node = node.item;
      }
    }
    node.field = field;
  }
  return root.children;
}

function apiTree(methods: Readonly<Record<string, Method>>): Node {
  const root = newNode();
  for (const [path, method] of Object.entries(methods)) {
    path.split('.').reduce(child, root).method = method;
  }
  return child(root, 'api');
}

/** Gives every object a name; equal objects, whichever trigger they belong to, have the same one. */
class Shapes {
  readonly #names = new Map<string, string>();

  named(): Record<string, string> {
    return Object.fromEntries([...this.#names].map(([text, name]) => [name, text]));
  }

  typeOf(node: Node): string {
    const type = node.field?.type ?? 'object';
    if (node.item !== undefined && type.endsWith('[]')) {
      const item = this.typeOf(node.item);
      return item.includes(' | ') ? `(${item})[]` : `${item}[]`;
    }
    if (type === 'string' && node.field?.enum !== undefined) {
      const old = node.field.deprecatedValues ?? [];
      return node.field.enum.map(value => `${old.includes(value) ? '@' : ''}'${value}'`).join(' | ');
    }
    const open = /^object(?: & \{ (?<index>\[.*\]: .*) \})?$/u.exec(type);
    if (open === null) {
      return type;
    }
    const members = [...node.children].flatMap(([name, one]) => one.method === undefined ? [`${name}${one.field?.optional === true ? '?' : ''}: ${this.typeOf(one)}`] : methodTexts(name, one.method));
    const text = `{ ${[...members, ...(open.groups?.['index'] === undefined ? [] : [open.groups['index']])].join('; ')} }`;
    const name = this.#names.get(text) ?? `$${this.#names.size + 1}`;
    this.#names.set(text, name);
    return name;
  }
}

function methodTexts(name: string, method: Method): string[] {
  return (method.overloads ?? [method]).map(({ params, returns, deprecated, onlyIn = method.onlyIn }) => {
    const marks = `${deprecated === true || method.deprecated === true ? '@deprecated ' : ''}${onlyIn === undefined ? '' : `@onlyIn ${onlyIn} `}`;
    return `${marks}${name}(${params.map(param => `${param.name}${param.optional ? '?' : ''}: ${param.type}`).join(', ')}): ${returns}`;
  });
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * The samples with each object that occurs more than once under a name. Without `secrets`, which are the action's own.
 * @throws PlainError for a text that would be taken for such a name.
 */
function sharedSamples(samples: Readonly<Record<string, { readonly [key: string]: Json }>>): { shared: Record<string, Json>; events: Record<string, Json> } {
  const counts = new Map<string, number>();
  const isShareable = (value: Json): boolean => typeof value === 'object' && value !== null && JSON.stringify(value).length > 6;
  const count = (value: Json): void => {
    if (typeof value === 'string' && value.startsWith('$')) {
      throw new PlainError(`${value} begins like the name of a shared object.`);
    }
    if (typeof value === 'object' && value !== null) {
      counts.set(JSON.stringify(value), (counts.get(JSON.stringify(value)) ?? 0) + 1);
      Object.values(value).forEach(count);
    }
  };
  const own = facts(samples).map(([trigger, { secrets: _secrets, ...event }]) => [trigger, event] as const);
  own.forEach(([, event]) => Object.values(event).forEach(count));
  const shared: Record<string, Json> = {};
  const names = new Map<string, string>();
  const inside = (value: Json): Json => Array.isArray(value) ? value.map(named) : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, named(one)])) : value;
  function named(value: Json): Json {
    const text = JSON.stringify(value);
    if (!isShareable(value) || (counts.get(text) ?? 0) < 2) {
      return inside(value);
    }
    const name = names.get(text) ?? `$${names.size + 1}`;
    if (!names.has(text)) {
      names.set(text, name);
      shared[name] = inside(value);
    }
    return name;
  }
  return { events: Object.fromEntries(own.map(([trigger, event]) => [trigger, inside(event)])), shared };
}

main(() => {
  const folder = join(root, '..', 'shared', 'api');
  const [events, methods] = ['events.json', 'api-methods.json'].map(name => readShared(join(folder, name))) as [Events, Methods];
  const shapes = new Shapes();
  const triggers = Object.fromEntries(facts(events).map(([trigger, versions]) => [trigger, Object.fromEntries(Object.entries(versions).map(([version, fields]) => {
    const trees = eventTrees(fields);
    const named = Object.fromEntries([...trees].map(([name, node]) => [name, shapes.typeOf(node)]));
    const handlers = Object.fromEntries(Object.entries(methods[trigger]?.[version] ?? {}).map(([handler, list]) => [handler, shapes.typeOf(apiTree(list))]));
    return [version, { ...named, ...(Object.keys(handlers).length === 0 ? {} : { handlers }) }];
  }))]));
  const types = { ...(methods['_types'] as unknown as Record<string, string>), ...shapes.named() };
  const file = join(root, 'src', 'actions', 'language', 'data.json');
  const lines = (table: object): string => Object.entries(table).map(([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(',\n');
  writeFileSync(file, `{\n  "types": {\n${lines(types)}\n  },\n  "triggers": {\n${lines(triggers)}\n  }\n}\n`);
  const samples = sharedSamples(readShared(join(folder, 'sample-events.json')) as Parameters<typeof sharedSamples>[0]);
  writeFileSync(join(root, 'src', 'actions', 'runs', 'samples.json'), `{\n  "shared": {\n${lines(samples.shared)}\n  },\n  "events": {\n${lines(samples.events)}\n  }\n}\n`);
  process.stdout.write(`${Object.keys(samples.events).length} samples written\n`);
  process.stdout.write(`${Object.keys(triggers).length} triggers, ${Object.keys(types).length} types written\n`);
  return Promise.resolve();
});
