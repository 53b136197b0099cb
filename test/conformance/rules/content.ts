/** What an action, a version, or a request for one holds, in a form that can be compared. */
import { isObject, objects } from '../replay/recordings.ts';
import type { Json } from '../replay/recordings.ts';

/** Everything that `all_changes_deployed` compares; lists without an order are sorted. */
export function contentOf(holder: Json): Json {
  return {
    code: holder['code'],
    runtime: holder['runtime'],
    dependencies: dependenciesOf(holder),
    secrets: objects(holder['secrets']).map(({ name, updated_at: time }) => `${String(name)} ${String(time)}`).sort(),
    triggers: objects(holder['supported_triggers']).map(({ id, version }) => `${String(id)} ${String(version)}`),
    modules: objects(holder['modules']).map(module => module['module_version_id']).sort(),
  };
}

/** As a set: a finished build may list them in another order. */
export function dependenciesOf(holder: Json): readonly string[] {
  return objects(holder['dependencies']).map(({ name, version }) => `${String(name)}@${String(version)}`).sort();
}

/** The secrets of an answer with their times, by name. */
export function secretsOf(holder: Json | undefined): ReadonlyMap<unknown, unknown> {
  return new Map(objects(holder?.['secrets']).map(({ name, updated_at: time }) => [name, time]));
}

/** Every value under a key of this name, however deep. */
export function valuesAt(value: unknown, keys: ReadonlySet<string>): readonly unknown[] {
  if (Array.isArray(value)) {
    return value.flatMap(item => valuesAt(item, keys));
  }
  return isObject(value) ? Object.entries(value).flatMap(([key, item]) => (keys.has(key) ? [item] : valuesAt(item, keys))) : [];
}
