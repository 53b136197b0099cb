/** The vendor's OpenAPI document, and whether an answer fits it: as much of JSON Schema as that document uses. */
import { isObject } from './recordings.ts';
import type { Interaction, Json } from './recordings.ts';

export interface Violation {
  readonly method: string;
  /** As in the document, or as called where the document has no such path. */
  readonly path: string;
  /** Without indices; empty for the answer itself. */
  readonly at: string;
  readonly problem: string;
}

export class OpenApi {
  readonly #paths: Json;
  readonly #schemas: Json;

  constructor(document: unknown) {
    const json = isObject(document) ? document : {};
    this.#paths = child(json, 'paths');
    this.#schemas = child(child(json, 'components'), 'schemas');
  }

  /** Everything in which an answer departs from the document. Error bodies are not part of it. */
  check({ method, path, status, responseBody }: Interaction): readonly Violation[] {
    if (status >= 400) {
      return [];
    }
    const called = path.replace('/api/v2', '');
    const documented = Object.keys(this.#paths).find(one => new RegExp(`^${one.replace(/\{\w+\}/gu, '[^/]+')}$`, 'u').test(called));
    const operation = child(child(this.#paths, documented ?? ''), method.toLowerCase());
    const violation = (at: string, problem: string): Violation => ({ method, path: documented ?? called, at, problem });
    if (documented === undefined || Object.keys(operation).length === 0) {
      return [violation('', 'is not documented')];
    }
    const responses = child(operation, 'responses');
    const success = Object.keys(responses).find(one => one === String(status)) ?? Object.keys(responses).find(one => one.startsWith('2')) ?? '';
    const schema = child(child(child(child(responses, success), 'content'), 'application/json'), 'schema');
    const found = this.#problems(schema, responseBody, '').map(([at, problem]) => violation(at, problem));
    return success === String(status) ? found : [violation('', `${status} instead of ${success}`), ...found];
  }

  #problems(schema: Json, value: unknown, at: string): [string, string][] {
    if (typeof schema['$ref'] === 'string') {
      return this.#problems(child(this.#schemas, schema['$ref'].split('/').at(-1) ?? ''), value, at);
    }
    const { type, enum: values, oneOf, required, format, maxLength, minItems, pattern } = schema;
    const types = Array.isArray(type) ? type : type === undefined ? [] : [type];
    if (types.length > 0 && !types.some(one => isOfType(value, one))) {
      return [[at, `is no ${types.join(' or ')}`]];
    }
    const found: [string, string][] = [];
    if (Array.isArray(values) && !values.includes(value)) {
      found.push([at, `"${String(value)}" is not in its list`]);
    }
    if (Array.isArray(oneOf) && !oneOf.filter(isObject).some(one => this.#problems(one, value, at).length === 0)) {
      found.push([at, 'fits none of its schemas']);
    }
    if (typeof value === 'string') {
      if (format === 'date-time' && Number.isNaN(Date.parse(value))) {
        found.push([at, 'is no date-time']);
      }
      if ((typeof maxLength === 'number' && value.length > maxLength) || (typeof pattern === 'string' && !new RegExp(pattern, 'u').test(value))) {
        found.push([at, 'is too long or does not match']);
      }
    }
    if (Array.isArray(value)) {
      if (typeof minItems === 'number' && value.length < minItems) {
        found.push([at, 'has too few items']);
      }
      found.push(...value.flatMap(item => this.#problems(child(schema, 'items'), item, `${at}[]`)));
    }
    if (isObject(value)) {
      for (const name of Array.isArray(required) ? required.filter(one => typeof one === 'string') : []) {
        found.push(...(name in value ? [] : [[at, `lacks ${name}`] as [string, string]]));
      }
      found.push(...this.#propertyProblems(schema, value, at));
    }
    return found;
  }

  #propertyProblems(schema: Json, value: Json, at: string): [string, string][] {
    const properties = child(schema, 'properties');
    return Object.entries(value).flatMap(([name, item]): [string, string][] => {
      const inner = at === '' ? name : `${at}.${name}`;
      if (isObject(properties[name])) {
        return this.#problems(properties[name], item, inner);
      }
      return schema['additionalProperties'] === false ? [[inner, 'is not documented']] : [];
    });
  }
}

function child(parent: Json, name: string): Json {
  const value = parent[name];
  return isObject(value) ? value : {};
}

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'null': return value === null;
    case 'array': return Array.isArray(value);
    case 'object': return isObject(value);
    case 'integer': return Number.isInteger(value);
    default: return typeof value === type;
  }
}
