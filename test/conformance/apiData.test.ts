/** The facts about `event` and `api` that the project carries are those of the files they were taken from: every name, type and mark. */
import assert from 'node:assert/strict';
import { isSecrets, itemOf, knownTriggers, memberOf, membersOf, plainType, triggerFacts } from '../../src/actions/language/facts.ts';
import type { TriggerFacts, Value } from '../../src/actions/language/facts.ts';
import { parseType, shown } from '../../src/actions/language/types.ts';
import type { Member, Type } from '../../src/actions/language/types.ts';
import { sampleEvent, sampledTriggers } from '../../src/actions/runs/events.ts';
import { sharedFile, skippedFor } from '../unit/support/sharedFile.ts';

interface Field { readonly type: string; readonly optional: boolean; readonly enum?: readonly string[]; readonly deprecatedValues?: readonly string[] }
interface Method { readonly params: readonly { readonly name: string; readonly type: string; readonly optional: boolean }[]; readonly returns: string; readonly deprecated?: boolean; readonly onlyIn?: string; readonly overloads?: readonly Method[] }
type ByVersion<T> = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, T>>>>>>;

const EVENTS = 'api/events.json';
const METHODS = 'api/api-methods.json';
const SAMPLES = 'api/sample-events.json';

/** The type as the file writes it. */
function written(type: Type): string {
  const found = type.kind === 'named' && type.text.startsWith('$') ? plainType(type) : type;
  if (found.kind === 'object' && (found !== type || found.members.length > 0)) {
    return found.index === undefined ? 'object' : `object & { [key: string]: ${shown(found.index)} }`;
  }
  if (found.kind === 'array' && found.item.kind === 'union' && found.item.of.every(one => one.kind === 'literal')) {
    return 'string[]';
  }
  return found.kind === 'array' ? `${written(found.item).replace(/^object.*/u, 'object')}[]` : found.kind === 'object' ? found.text : shown(found);
}

/** All paths below a value, as the file writes them. */
function paths(path: string, value: Value, facts: TriggerFacts, member: Pick<Member, 'optional'>, into: Map<string, Field>): Map<string, Field> {
  const literals = value.type.kind === 'union' ? value.type.of : [value.type];
  const values = literals.flatMap(one => one.kind === 'literal' ? [one] : []);
  const old = values.filter(one => one.deprecated).map(one => one.value);
  into.set(path, { type: values.length > 0 ? 'string' : written(value.type), optional: member.optional, ...(values.length === 0 ? {} : { enum: values.map(one => one.value) }), ...(old.length === 0 ? {} : { deprecatedValues: old }) });
  if (value.type.kind === 'array') {
    paths(`${path}[]`, itemOf(value, facts), facts, { optional: false }, into);
  } else if (!isSecrets({ ...value, path })) {
    for (const one of membersOf(value, facts)) {
      const below = memberOf(value, one.name, facts);
      assert.ok(below);
      paths(`${path}.${one.name}`, below.value, facts, one, into);
    }
  }
  return into;
}

describe('the facts about event and api', () => {
  const [events, methods] = [sharedFile(EVENTS), sharedFile(METHODS)] as [ByVersion<Field> | undefined, ByVersion<Readonly<Record<string, Method>>> | undefined];
  if (events === undefined || methods === undefined) {
    skippedFor(events === undefined ? EVENTS : METHODS);
    return;
  }
  const versions = Object.entries(events).filter(([id]) => !id.startsWith('_')).flatMap(([id, all]) => Object.entries(all).map(([version, fields]) => ({ id, version, fields })));

  it('are there for every trigger and version', () => {
    assert.deepEqual(knownTriggers().map(one => `${one.id} ${one.version}`).sort(), versions.map(one => `${one.id} ${one.version}`).sort());
  });

  for (const { id, version, fields } of versions) {
    it(`of ${id} ${version} have every name with its type`, () => {
      const facts = triggerFacts([{ id, version }]);
      assert.ok(facts);
      const found = paths('event', { type: facts.event, path: 'event' }, facts, { optional: false }, new Map());
      if (facts.context !== undefined) {
        paths('context', { type: facts.context, path: 'context' }, facts, { optional: false }, found);
      }
      assert.deepEqual(Object.fromEntries([...found].sort()), Object.fromEntries(Object.entries(fields).sort()));
    });

    it(`of ${id} ${version} have every handler and method`, () => {
      const facts = triggerFacts([{ id, version }]);
      const handlers = methods[id]?.[version] ?? {};
      assert.deepEqual([...facts?.handlers.keys() ?? []].sort(), Object.keys(handlers).sort());
      for (const [handler, all] of Object.entries(handlers)) {
        assert.ok(facts);
        const api: Value = { type: parseType('typeof api'), path: 'api', handler };
        const found: Record<string, unknown> = {};
        for (const group of membersOf(api, facts)) {
          const below = memberOf(api, group.name, facts);
          for (const method of below === undefined ? [] : membersOf(below.value, facts)) {
            const signatures = method.type.kind === 'function' ? method.type.signatures : [];
            found[`api.${group.name}.${method.name}`] = { onlyIn: method.onlyIn, deprecated: method.deprecated, signatures: signatures.map(one => ({ params: one.params.map(param => ({ name: param.name, type: param.type.text, optional: param.optional })), returns: one.returns.text, deprecated: one.deprecated })) };
          }
        }
        const wanted = Object.fromEntries(Object.entries(all).map(([path, method]) => [path, { onlyIn: method.onlyIn, deprecated: method.deprecated === true, signatures: (method.overloads ?? [method]).map(one => ({ params: one.params, returns: one.returns, deprecated: one.deprecated === true })) }]));
        assert.deepEqual(sorted(found), sorted(wanted, 'onlyIn'));
      }
    });
  }

  it('have every named type, word for word', () => {
    for (const [name, text] of Object.entries(methods['_types'] as unknown as Readonly<Record<string, string>>)) {
      assert.deepEqual(plainType({ kind: 'named', text: name }), plainType(parseType(text)), name);
    }
  });
});

/** Sorted by key; `lacking` is there everywhere, as in what is compared with it. */
function sorted(table: Readonly<Record<string, unknown>>, lacking?: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, lacking === undefined ? value : { [lacking]: undefined, ...(value as object) }]));
}

describe('the sample events', () => {
  const samples = sharedFile(SAMPLES) as Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
  if (samples === undefined) {
    skippedFor(SAMPLES);
    return;
  }
  const triggers = Object.keys(samples).filter(key => !key.startsWith('_'));

  it('are there for every trigger that has one', () => {
    assert.deepEqual([...sampledTriggers()].sort(), triggers.sort());
  });

  for (const trigger of triggers) {
    it(`of ${trigger} holds every value but secrets`, () => {
      const { secrets: _secrets, ...event } = samples[trigger] ?? {};
      assert.deepEqual(JSON.parse(sampleEvent([trigger])), event);
    });
  }
});
