/**
 * Modules: code that actions share. A draft that is changed, and versions that are published from it; actions pin a
 * version. Recorded are create, read, change, publish and delete; the rest follows the vendor's OpenAPI document,
 * which also gives the texts of the refusals (its descriptions of the statuses).
 */
import { randomUUID } from 'node:crypto';
import { ApiFailure, conflict, invalidBody, notFound } from './errors.ts';
import type { Module, ModuleContent, ModuleVersion, Secret, StoredAction, TenantData } from './model.ts';
import { liveVersion } from './render.ts';
import { latest } from './times.ts';
import type { Times } from './times.ts';
import { items } from './validate.ts';
import type { Json } from './validate.ts';

const LONGEST_CODE = 65_536;
const LONGEST_NAME = 255;
const LONGEST_SECRET = 4096;
const LONGEST_VERSION = 50;
/** That there is a limit is documented, its value is not. */
const MOST_VERSIONS = 50;

export class Modules {
  readonly #data: () => TenantData;
  readonly #times: Times;

  constructor(data: () => TenantData, times: Times) {
    this.#data = data;
    this.#times = times;
  }

  /** In order of creation. */
  all(): readonly Module[] {
    return [...this.#data().modules.values()];
  }

  /** @throws ApiFailure 404. */
  get(id: string): Module {
    const module = this.#data().modules.get(id) ?? this.#data().modules.get(id.toLowerCase());
    if (module === undefined) {
      // The text follows that of actions; it was not recorded.
      throw notFound('That module does not exist.');
    }
    return module;
  }

  /** @throws ApiFailure 404. */
  version(module: Module, versionId: string): ModuleVersion {
    const version = module.versions.find(one => one.id === versionId.toLowerCase());
    if (version === undefined) {
      throw notFound('That module version does not exist.');
    }
    return version;
  }

  create(body: Json): Module {
    const name = text(body['name'], 'name', LONGEST_NAME, 1);
    if (this.all().some(module => module.name === name)) {
      throw conflict('An action module with the same name already exists.');
    }
    const createdAt = this.#times.stamp();
    const module: Module = { id: randomUUID(), name, createdAt, updatedAt: createdAt, draft: merge(body, undefined, createdAt), versions: [], nextNumber: 1 };
    this.#data().modules.set(module.id, module);
    if (body['publish'] === true) {
      this.publish(module.id);
    }
    return module;
  }

  change(id: string, body: Json): Module {
    const module = this.get(id);
    const updatedAt = this.#times.stamp(module.updatedAt);
    module.draft = merge(body, module.draft, updatedAt);
    module.updatedAt = updatedAt;
    return module;
  }

  /** Leaves the module's own time alone, as recorded. */
  publish(id: string): ModuleVersion {
    const module = this.get(id);
    if (isPublished(module)) {
      throw conflict('No draft version is available to publish.');
    }
    if (module.versions.length >= MOST_VERSIONS) {
      throw precondition('Maximum number of module versions reached. Consolidate versions used in actions before creating new ones.');
    }
    const version: ModuleVersion = { id: randomUUID(), number: module.nextNumber, content: module.draft, createdAt: this.#times.stamp(latest(module.updatedAt, module.versions.at(-1)?.createdAt ?? '')) };
    module.nextNumber += 1;
    module.versions.push(version);
    return version;
  }

  /** The draft gets the content of a version; no version is made. */
  rollBack(id: string, versionId: string): Module {
    const module = this.get(id);
    const { content } = this.version(module, versionId);
    if (sameContent(content, module.draft)) {
      throw conflict('The specified version is already the current draft version.');
    }
    module.draft = content;
    module.updatedAt = this.#times.stamp(module.updatedAt);
    return module;
  }

  delete(id: string): void {
    const module = this.get(id);
    // What counts is what logins run; a draft that pins the module does not keep it.
    if (this.users(module).length > 0) {
      throw precondition('The Actions Module cannot be deleted because it is in use by one or more actions.');
    }
    this.#data().modules.delete(module.id);
  }

  /** Actions whose deployed version uses the module: what `actions_using_module_total` is documented to count. */
  users(module: Module): readonly { readonly action: StoredAction; readonly pinned: { readonly module_version_id: string; readonly module_version_number: number } }[] {
    return [...this.#data().actions.values()].flatMap(action => {
      const pinned = liveVersion(action, this.#times.now())?.content.modules.find(one => one.module_id === module.id);
      return pinned === undefined ? [] : [{ action, pinned }];
    });
  }
}

/** True where the draft is the latest version. */
export function isPublished(module: Module): boolean {
  const last = module.versions.at(-1);
  return last !== undefined && sameContent(last.content, module.draft);
}

function sameContent(a: ModuleContent, b: ModuleContent): boolean {
  const fingerprint = ({ code, dependencies, secrets }: ModuleContent): string => JSON.stringify([code, dependencies.map(one => `${one.name}@${one.version}`).sort(), secrets.map(one => `${one.name} ${one.updatedAt}`).sort()]);
  return fingerprint(a) === fingerprint(b);
}

/** Sent fields replace, omitted ones stay; a sent list replaces the whole list. */
function merge(body: Json, before: ModuleContent | undefined, now: string): ModuleContent {
  return {
    code: 'code' in body ? text(body['code'], 'code', LONGEST_CODE, 0) : (before?.code ?? ''),
    dependencies: 'dependencies' in body
      ? items(body['dependencies'], 'dependencies').map(({ name, version }, index) => ({ name: text(name, `dependencies[${index}].name`, LONGEST_NAME, 1), version: text(version, `dependencies[${index}].version`, LONGEST_VERSION, 1) }))
      : (before?.dependencies ?? []),
    secrets: 'secrets' in body ? items(body['secrets'], 'secrets').map((secret, index) => readSecret(secret, index, before?.secrets ?? [], now)) : (before?.secrets ?? []),
  };
}

/** As with actions, a secret without a value keeps the one it has. */
function readSecret({ name, value }: Json, index: number, before: readonly Secret[], now: string): Secret {
  const known = value === undefined ? before.find(one => one.name === name) : undefined;
  return known ?? { name: text(name, `secrets[${index}].name`, LONGEST_NAME, 1), value: text(value, `secrets[${index}].value`, LONGEST_SECRET, 0), updatedAt: now };
}

function text(value: unknown, property: string, longest: number, shortest: number): string {
  if (typeof value !== 'string') {
    throw invalidBody(value === undefined ? `Missing required property: ${property}'.` : `Expected type string but found type ${value === null ? 'null' : typeof value}' on property ${property}.`);
  }
  if (value.length < shortest || value.length > longest) {
    throw invalidBody(value.length < shortest ? `String is too short (${value.length} chars), minimum ${shortest}' on property ${property}.` : `String is too long (${value.length} chars), maximum ${longest}' on property ${property}.`);
  }
  return value;
}

function precondition(message: string): ApiFailure {
  return new ApiFailure(412, 'Precondition Failed', message);
}
