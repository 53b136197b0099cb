/**
 * An action as auth0-deploy-cli exports it into a folder: `actions/<name>.json`, and its code in `actions/<name>/code.js`,
 * byte for byte (as of its version 8.44). Names of files follow from names of actions, which are hostile.
 */
import type { Action } from '../../auth0/api.ts';
import { asObject, asObjects, parseJson } from '../../auth0/json.ts';
import { quoteMarks } from './descriptions.ts';

/** The folder of a configuration that holds its actions. */
export const ACTIONS_FOLDER = 'actions';

export interface ExportedFile {
  /** With `/`, from the folder of the configuration on. */
  readonly path: string;
  readonly text: string;
}

/** Where an action is kept. */
export interface Places {
  readonly description: string;
  readonly code: string;
}

/** Bytes of a name of a file. */
const LONGEST_NAME = 255;

/**
 * The name of an action as that of a file: what some system does not take becomes `-`. Never empty, `.` or `..`, and
 * without any separator.
 */
export function fileNameOf(name: string): string {
  if (name === '') {
    return 'undefined';
  }
  // Twice: what has been cut may end in a space or a dot.
  const safe = withoutUnsafe(withoutUnsafe(name, '-'), '');
  return safe === '' ? '-' : safe;
}

function withoutUnsafe(name: string, replacement: string): string {
  const plain = name
    .replace(/[/?<>\\:*|"]/gu, replacement)
    .replace(/[\u0000-\u001f\u0080-\u009f]/gu, replacement)
    .replace(/^\.+$/u, replacement)
    .replace(/^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?$/iu, replacement);
  let end = plain.length;
  while (end > 0 && (plain[end - 1] === '.' || plain[end - 1] === ' ')) {
    end -= 1;
  }
  return cut(end < plain.length ? plain.slice(0, end) + replacement : plain);
}

/** As much of a text as the name of a file can hold. */
function cut(text: string): string {
  let [bytes, length] = [0, 0];
  for (const character of text) {
    bytes += new TextEncoder().encode(character).length;
    if (bytes > LONGEST_NAME) {
      break;
    }
    length += character.length;
  }
  return text.slice(0, length);
}

/** Where an export puts an action of this name. */
export function placesFor(fileName: string): Places {
  return { description: `${ACTIONS_FOLDER}/${fileName}.json`, code: `${ACTIONS_FOLDER}/${fileName}/code.js` };
}

/** True for actions of the Marketplace: they have no code of the tenant's own, and an export leaves them out. */
export function isFromMarketplace(action: Pick<Action, 'integration'>): boolean {
  return action.integration === true;
}

/**
 * The files of an action: its description, and its code unless that is empty.
 * @param withId as with `AUTH0_EXPORT_IDENTIFIERS`.
 */
export function exportAction(action: Action, places: Places, { withId = false }: { readonly withId?: boolean } = {}): readonly ExportedFile[] {
  const missing = new Set<string>(action.unread ?? []);
  const description = {
    ...(withId ? { id: action.id } : {}),
    name: action.name,
    code: action.code === '' ? '' : `./${places.code}`,
    runtime: action.runtime,
    status: action.status === '' ? undefined : action.status,
    dependencies: missing.has('dependencies') ? undefined : action.dependencies.map(({ name, version, registryUrl }) => ({ name, version, ...(registryUrl === undefined ? {} : { registry_url: registryUrl }) })),
    secrets: action.secrets.map(({ name }) => ({ name })),
    supported_triggers: action.triggers.map(({ id, version }) => ({ id, ...(version === undefined ? {} : { version }) })),
    deployed: action.allChangesDeployed,
    installed_integration_id: action.installedIntegrationId,
    // The service leaves out an empty list.
    modules: action.modules.length === 0 ? undefined : action.modules.map(({ name, versionNumber }) => ({ module_name: name, module_version_number: versionNumber })),
  };
  return [
    { path: places.description, text: `${JSON.stringify(description, undefined, 2)}\n` },
    ...(action.code === '' ? [] : [{ path: places.code, text: action.code }]),
  ];
}

/** What an export says of an action, and of each entry of its lists. Registries are left out here: the service forgets them when a draft is built. */
const KEYS: ReadonlySet<string> = new Set(['id', 'name', 'code', 'runtime', 'status', 'deployed', 'installed_integration_id']);
const LISTS: ReadonlyMap<string, readonly string[]> = new Map([['dependencies', ['name', 'version']], ['secrets', ['name']], ['supported_triggers', ['id', 'version']], ['modules', ['module_name', 'module_version_number']]]);

/** True for a description that says more than an export would: that is gone when it is written anew. Marks for values of secrets are kept. */
export function hasOwnKeys(description: string): boolean {
  const json = description.replace(/^\uFEFF/u, '');
  return Object.entries(asObject(parseJson(json) ?? parseJson(quoteMarks(json)))).some(([key, value]) => {
    const known = LISTS.get(key);
    const isKept = (own: string, of: unknown): boolean => known?.includes(own) === true || (key === 'secrets' && own === 'value' && typeof of === 'string' && /##|@@/u.test(of));
    return known === undefined ? !KEYS.has(key) : asObjects(value).some(entry => Object.entries(entry).some(([own, of]) => !isKept(own, of)));
  });
}
