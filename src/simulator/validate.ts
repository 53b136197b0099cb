/** Request bodies and queries -> what the tenant works with, or the service's refusal. Limits as documented. */
import { badRequest, invalidBody, invalidQuery, nested } from './errors.ts';
import type { Content, Dependency, Module, ModuleRef, Secret, TriggerRef } from './model.ts';
import { defaultRuntime, resolveTrigger, takesRuntime } from './triggers.ts';

export type Json = Readonly<Record<string, unknown>>;

const MOST_CODE = 100_000;
const MOST_DEPENDENCIES = 10;
const MOST_SECRETS = 30;
const LONGEST_NAME = 128;
const LONGEST_SECRET = 4096;

type Request = 'CreateActionRequest' | 'UpdateActionRequest';

/** A JSON object, or 400. */
export function objectBody(body: unknown): Json {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalidBody(`Expected type object but found type ${body === null ? 'null' : Array.isArray(body) ? 'array' : typeof body}'.`);
  }
  return body as Json;
}

/** Refuses properties that the schema does not know, and wrong types. `types` names the JSON type of each. */
export function checkProperties(body: Json, types: Readonly<Record<string, 'string' | 'boolean' | 'array' | 'object'>>, required: readonly string[] = []): void {
  for (const name of required) {
    if (!(name in body)) {
      throw invalidBody(`Missing required property: ${name}'.`);
    }
  }
  for (const [name, value] of Object.entries(body)) {
    const type = types[name];
    if (type === undefined) {
      throw invalidBody(`Additional properties not allowed: ${name}'.`);
    }
    const found = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
    if (found !== type) {
      throw invalidBody(`Expected type ${type} but found type ${found}' on property ${name}.`);
    }
  }
}

/** The content that a create or patch asks for: sent fields replace, omitted ones stay. */
export function mergeContent(request: Request, body: Json, before: Content | undefined, modules: ReadonlyMap<string, Module>, now: () => string): Content {
  const triggers = 'supported_triggers' in body ? readTriggers(body['supported_triggers'], before) : (before?.triggers ?? []);
  const runtime = typeof body['runtime'] === 'string' ? readRuntime(body['runtime'], triggers) : (before?.runtime ?? runtimeFor(triggers));
  const code = typeof body['code'] === 'string' ? body['code'] : (before?.code ?? '');
  if (typeof code === 'string' && Buffer.byteLength(code) > MOST_CODE) {
    throw nested(request, 'Code', `invalid DraftInformation.Code: value length must be at most ${MOST_CODE} bytes`);
  }
  return {
    code,
    dependencies: 'dependencies' in body ? readDependencies(request, body['dependencies']) : (before?.dependencies ?? []),
    runtime,
    secrets: 'secrets' in body ? readSecrets(request, body['secrets'], before?.secrets ?? [], now()) : (before?.secrets ?? []),
    triggers,
    modules: 'modules' in body ? readModules(request, body['modules'], modules) : (before?.modules ?? []),
  };
}

function readTriggers(value: unknown, before: Content | undefined): readonly TriggerRef[] {
  const list = items(value, 'supported_triggers');
  if (list.length === 0) {
    throw invalidBody("Array is too short (0), minimum 1' on property supported_triggers.");
  }
  const triggers = list.map((item, index) => {
    const { id, version } = item;
    if (typeof id !== 'string' || id === '' || (version !== undefined && typeof version !== 'string')) {
      throw invalidBody(`Missing required property: id' on property supported_triggers[${index}].`);
    }
    const trigger = resolveTrigger(id, version);
    if (trigger === undefined) {
      throw badRequest(`trigger ${id}${version === undefined ? '' : ` ${version}`} does not exist`);
    }
    return trigger;
  });
  const old = before?.triggers[0];
  if (old !== undefined && triggers[0]?.id !== old.id) {
    throw badRequest("can't upgrade to this trigger.");
  }
  return triggers;
}

function runtimeFor(triggers: readonly TriggerRef[]): string {
  const [trigger] = triggers;
  return trigger === undefined ? 'node22' : defaultRuntime(trigger);
}

function readRuntime(runtime: string, triggers: readonly TriggerRef[]): string {
  const unfit = triggers.find(trigger => !takesRuntime(trigger, runtime));
  if (unfit !== undefined) {
    // Nothing comes after the colon: that is how it was reported.
    throw badRequest(`runtime not supported for version ${unfit.version} of this trigger, supported runtimes: `);
  }
  return runtime;
}

function readDependencies(request: Request, value: unknown): readonly Dependency[] {
  const list = items(value, 'dependencies');
  if (list.length > MOST_DEPENDENCIES) {
    throw nested(request, 'Dependencies', `invalid DraftInformation.Dependencies: value must contain no more than ${MOST_DEPENDENCIES} item(s)`);
  }
  return list.map((item, index) => {
    const { name, version, registry_url: registry } = item;
    if (typeof name !== 'string' || name === '' || typeof version !== 'string' || version === '') {
      throw nested(request, `Dependencies[${index}]`, 'invalid Dependency.Name: value length must be at least 1 runes');
    }
    return { name, version, ...(typeof registry === 'string' && registry !== '' ? { registry_url: registry } : {}) };
  });
}

/** A sent list replaces the whole set; an entry without a value keeps the value and the time it had. */
function readSecrets(request: Request, value: unknown, before: readonly Secret[], now: string): readonly Secret[] {
  const list = items(value, 'secrets');
  if (list.length > MOST_SECRETS) {
    throw nested(request, 'Secrets', `invalid DraftInformation.Secrets: value must contain no more than ${MOST_SECRETS} item(s)`);
  }
  return list.map((item, index) => {
    const { name, value: secret } = item;
    if (typeof name !== 'string' || name === '' || runes(name) > LONGEST_NAME) {
      throw nested(request, `Secrets[${index}]`, `invalid NameValueOptional.Name: value length must be between 1 and ${LONGEST_NAME} runes, inclusive`);
    }
    if (secret === undefined) {
      const kept = before.find(one => one.name === name);
      if (kept === undefined && request === 'UpdateActionRequest') {
        // The text was not recorded.
        throw badRequest(`secret ${name} has no value`);
      }
      // Where an action is created there is nothing to keep yet.
      return kept ?? { name, value: '', updatedAt: now };
    }
    if (typeof secret !== 'string' || runes(secret) > LONGEST_SECRET) {
      throw nested(request, `Secrets[${index}]`, `invalid NameValueOptional.Value: value length must be at most ${LONGEST_SECRET} runes`);
    }
    return { name, value: secret, updatedAt: now };
  });
}

function readModules(request: Request, value: unknown, modules: ReadonlyMap<string, Module>): readonly ModuleRef[] {
  return items(value, 'modules').map((item, index) => {
    const { module_id: id, module_version_id: versionId } = item;
    if (typeof versionId !== 'string' || !isUuid(versionId)) {
      throw nested(request, `Modules[${index}]`, 'invalid ModuleRef.ModuleVersionId: value must be a valid UUID');
    }
    const wanted = versionId.toLowerCase();
    const module = modules.get(String(id).toLowerCase()) ?? [...modules.values()].find(one => one.versions.some(version => version.id === wanted));
    const version = module?.versions.find(one => one.id === wanted);
    if (module === undefined || version === undefined) {
      // The text was not recorded.
      throw badRequest('module version does not exist');
    }
    return { module_id: module.id, module_name: module.name, module_version_id: version.id, module_version_number: version.number };
  });
}

/** A list of objects, or 400. */
export function items(value: unknown, property: string): readonly Json[] {
  if (!Array.isArray(value)) {
    throw invalidBody(`Expected type array but found type ${typeof value}' on property ${property}.`);
  }
  return value.map((item: unknown, index) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      throw invalidBody(`Expected type object but found type ${typeof item}' on property ${property}[${index}].`);
    }
    return item as Json;
  });
}

/** Characters as the service counts them. */
function runes(text: string): number {
  return Array.from(text).length;
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.test(text);
}

/** Refuses query parameters that the endpoint does not know: `include_totals` is one everywhere here. */
export function checkQuery(query: URLSearchParams, known: readonly string[]): void {
  for (const name of query.keys()) {
    if (!known.includes(name)) {
      throw invalidQuery(`Additional properties not allowed: ${name}'.`);
    }
  }
}

export function booleanQuery(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name);
  if (text === null) {
    return undefined;
  }
  if (text !== 'true' && text !== 'false') {
    throw invalidQuery(`Expected type boolean but found type string' on property ${name}.`);
  }
  return text === 'true';
}

/** `page` and `per_page`, and the slice they mean. Page 0, and a total past the end, are zero values: left out. */
export function paged<T>(query: URLSearchParams, all: readonly T[], defaultPerPage: number): { readonly items: readonly T[]; readonly tail: object } {
  const { items: slice, total, page, perPage } = pageOf(query, all, defaultPerPage);
  return { items: slice, tail: { ...(total === 0 ? {} : { total }), ...(page === 0 ? {} : { page }), per_page: perPage } };
}

/** One page; `total` is 0 past the end, as recorded. `size` is for lists that come whole where no size is asked for. */
export function pageOf<T>(query: URLSearchParams, all: readonly T[], defaultPerPage: number, size?: number): { readonly items: readonly T[]; readonly total: number; readonly page: number; readonly perPage: number } {
  const page = count(query, 'page', 0, Number.MAX_SAFE_INTEGER) ?? 0;
  const perPage = count(query, 'per_page', 1, 100) ?? defaultPerPage;
  const length = Math.max(perPage, size ?? 0);
  const slice = all.slice(page * length, (page + 1) * length);
  return { items: slice, total: slice.length === 0 ? 0 : all.length, page, perPage: length };
}

function count(query: URLSearchParams, name: string, least: number, most: number): number | undefined {
  const text = query.get(name);
  if (text === null) {
    return undefined;
  }
  if (!/^\d{1,15}$/u.test(text)) {
    throw invalidQuery(`Expected type integer but found type string' on property ${name}.`);
  }
  const value = Number(text);
  if (value < least || value > most) {
    throw invalidQuery(value < least ? `Value ${value} is less than minimum ${least}' on property ${name}.` : `Value ${value} is greater than maximum ${most}' on property ${name}.`);
  }
  return value;
}
