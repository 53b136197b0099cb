/**
 * What a description says with its marks replaced, for sending it to a tenant: what it leaves out stays as it is there,
 * and what cannot be read is not taken for an empty list.
 */
import type { Dependency } from '../../auth0/api.ts';
import { asNumber, asObject, asObjects, asText, isObject, parseJson } from '../../auth0/json.ts';
import { LARGEST_LIST, quoteMarks, readEntry } from './descriptions.ts';
import type { LocalAction } from './descriptions.ts';

export type StatedList = 'dependencies' | 'secrets' | 'triggers' | 'modules';

export interface StatedAction {
  readonly action: LocalAction;
  /** With the registries of private packages. */
  readonly dependencies: readonly Dependency[];
  /** Versions of modules, by the numbers that people know. */
  readonly modules: readonly { readonly name: string; readonly number?: number }[];
  /** What the description leaves out. */
  readonly unstated: readonly StatedList[];
  /** Lists with something in them that cannot be read. */
  readonly unclear: readonly StatedList[];
  /** It has no code of its own, and says so. */
  readonly emptyCode: boolean;
  /** It carries the tenant's id of the action, as some exports do. */
  readonly withId: boolean;
}

/** Names of the lists as files have them. */
const KEYS = { dependencies: 'dependencies', secrets: 'secrets', triggers: 'supported_triggers', modules: 'modules' } as const;

/**
 * What the text of an `actions/<name>.json` states; nothing where it describes no action. A mark that nothing stood for may
 * be left in place of a whole value: in quotes it is found as such, or makes its list unclear.
 */
export function readStated(resolved: string): StatedAction | undefined {
  const json = resolved.replace(/^\uFEFF/u, '');
  return stated(parseJson(json) ?? parseJson(quoteMarks(json)));
}

/** What the entries of a parsed `tenant.yaml` state. Entries that are no action are left out. */
export function readStatedList(tenant: unknown): readonly StatedAction[] {
  return asObjects(asObject(tenant)['actions']).slice(0, LARGEST_LIST).map(stated).filter(one => one !== undefined);
}

function stated(value: unknown): StatedAction | undefined {
  const action = readEntry(value);
  if (action === undefined || !isObject(value)) {
    return undefined;
  }
  const lists = Object.keys(KEYS) as StatedList[];
  return {
    action,
    dependencies: asObjects(value[KEYS.dependencies]).flatMap(one => {
      const [name, version, registryUrl] = [asText(one['name']), asText(one['version']), asText(one['registry_url'])];
      return name === undefined || version === undefined ? [] : [{ name, version, ...(registryUrl === undefined || registryUrl === '' ? {} : { registryUrl }) }];
    }),
    modules: asObjects(value[KEYS.modules]).flatMap(one => {
      const [name, number] = [asText(one['module_name']), asNumber(one['module_version_number'])];
      return name === undefined ? [] : [{ name, ...(number === undefined ? {} : { number }) }];
    }),
    unstated: lists.filter(list => value[KEYS[list]] === undefined || value[KEYS[list]] === null),
    unclear: lists.filter(list => value[KEYS[list]] !== undefined && value[KEYS[list]] !== null && !isClear(value[KEYS[list]], list)),
    emptyCode: value['code'] === '',
    withId: asText(value['id']) !== undefined,
  };
}

const NEEDED: Readonly<Record<StatedList, readonly string[]>> = { dependencies: ['name', 'version'], secrets: ['name'], triggers: ['id'], modules: ['module_name'] };

function isClear(list: unknown, kind: StatedList): boolean {
  return Array.isArray(list) && list.length <= LARGEST_LIST && list.every(item => isObject(item) && NEEDED[kind].every(key => (asText(item[key]) ?? '') !== ''));
}
