/**
 * What a repository of auth0-deploy-cli says about its actions: `actions/<name>.json`, or the list in `tenant.yaml`.
 * Anybody may have written these files, so whatever is not as expected is left out. Marks for values that are filled in
 * at a deployment, `##KEY##` and `@@KEY@@`, stay as they are: the same marks stand in the code.
 */
import type { TriggerRef } from '../../auth0/api.ts';
import { asObject, asObjects, asText, isObject, parseJson } from '../../auth0/json.ts';

/** An action as a repository describes it. Values of secrets are not among this: nothing here needs them. */
export interface LocalAction {
  readonly name: string;
  /**
   * Path of the code with `/`, from the folder of the configuration on, such as `actions/enrich/code.js`. Old exports
   * have the path from elsewhere on, or an absolute one.
   */
  readonly code?: string;
  readonly triggers: readonly TriggerRef[];
  readonly runtime?: string;
  readonly dependencies: readonly { readonly name: string; readonly version?: string }[];
  /** Names. */
  readonly secrets: readonly string[];
}

/** Bytes of a file that is read; a larger one describes no action. A `tenant.yaml` holds a whole tenant. */
export const LARGEST_DESCRIPTION = 200_000;
export const LARGEST_TENANT_FILE = 2_000_000;

/** Names of the service are shorter. */
const LONGEST_TEXT = 300;
const LONGEST_PATH = 4000;
/** Actions of a tenant, and entries of a list of one: the service takes 100 actions, and 30 secrets of each. */
const MOST_ACTIONS = 1000;
export const LARGEST_LIST = 100;

/** The action that the text of an `actions/<name>.json` describes; nothing where it is no such file. */
export function readDescription(json: string): LocalAction | undefined {
  return readEntry(parseJson(json) ?? parseJson(quoteMarks(json)));
}

/** The actions of a `tenant.yaml` that was parsed already. */
export function readList(tenant: unknown): readonly LocalAction[] {
  // In YAML one object can stand in many places: a small file must not become a large list.
  return [...new Set(asObjects(asObject(tenant)['actions']))].slice(0, MOST_ACTIONS).map(readEntry).filter(one => one !== undefined);
}

/** A mark that stands for a whole value makes JSON of a text only after it has quotes. Strings are left alone. */
export function quoteMarks(json: string, quoted: (mark: string) => string = mark => `"${mark}"`): string {
  return json.replace(/"(?:[^"\\]|\\[^])*(?:"|\\?$)|(?<sign>@@|##)[^@#\s"]{1,200}\k<sign>/gu, found => found.startsWith('"') ? found : quoted(found));
}

/** An action of a description or a list that was parsed already; nothing where it is none. */
export function readEntry(value: unknown): LocalAction | undefined {
  const json = asObject(value);
  const [name, code, runtime] = [text(json['name']), asText(json['code']), text(json['runtime'])];
  const triggers = items(json['supported_triggers']).flatMap(one => {
    const [id, version] = [text(one['id']), text(one['version'])];
    return id === undefined ? [] : [{ id, ...(version === undefined ? {} : { version }) }];
  });
  if (!isObject(value) || name === undefined || triggers.length === 0) {
    return undefined;
  }
  const path = code === undefined ? undefined : pathOf(code);
  return {
    name,
    ...(path === undefined ? {} : { code: path }),
    triggers,
    ...(runtime === undefined ? {} : { runtime }),
    dependencies: items(json['dependencies']).flatMap(one => {
      const [dependency, version] = [text(one['name']), text(one['version'])];
      return dependency === undefined ? [] : [{ name: dependency, ...(version === undefined ? {} : { version }) }];
    }),
    secrets: [...new Set(items(json['secrets']).flatMap(one => text(one['name']) ?? []))],
  };
}

function items(value: unknown): ReturnType<typeof asObjects> {
  return asObjects(Array.isArray(value) ? value.slice(0, LARGEST_LIST) : value);
}

function text(value: unknown): string | undefined {
  const found = asText(value);
  return found === undefined || found === '' || found.length > LONGEST_TEXT ? undefined : found;
}

/** A path without `.` and `..`; an empty one, which is that of no file, where it leads out of the folder. */
function pathOf(code: string): string {
  const parts: string[] = [];
  for (const part of code.length > LONGEST_PATH ? [] : code.replaceAll('\\', '/').split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) {
        return '';
      }
    } else if (part !== '.' && (part !== '' || parts.length === 0)) {
      parts.push(part);
    }
  }
  return parts.join('/');
}
