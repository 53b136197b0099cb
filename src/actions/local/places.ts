/** Which files of a repository belong together, by their paths alone. Paths have `/`, and none in front. */
import type { LocalAction } from './descriptions.ts';
import { isSafePath } from './files.ts';

/** A folder that may be that of a configuration, and the path of the code from there on. */
export interface Place {
  /** From the workspace's folder on; empty for that folder itself. */
  readonly root: string;
  readonly path: string;
}

/** Deeper than anybody keeps an action. */
const DEEPEST = 30;

/** The folders that the file at `path` is in, the innermost first. */
export function placesOf(path: string): readonly Place[] {
  const parts = path.split('/');
  return parts.slice(0, DEEPEST).map((_, index) => ({ root: parts.slice(0, parts.length - 1 - index).join('/'), path: parts.slice(parts.length - 1 - index).join('/') }));
}

/** Exports put the code of an action into a folder beside its description; old ones have its live version there, too. */
const BESIDE = /^(?<folder>actions\/[^/]+)\/(?:code\.js|(?<live>current_version(?:\.js|\/code\.js)))$/u;

/** Where the description of the code at `path` is in an export, from the configuration's folder on. */
export function descriptionBeside(path: string): string | undefined {
  const folder = BESIDE.exec(path)?.groups?.['folder'];
  return folder === undefined ? undefined : `${folder}.json`;
}

/** Whether the code at `path`, be it the draft's or in old exports the live version's, is of the action of the description beside it. */
export function isBeside(action: LocalAction, path: string): boolean {
  const live = BESIDE.exec(path)?.groups?.['live'] !== undefined;
  // Old exports have the path as it was seen from where the export was made.
  return live || action.code === undefined || action.code === path || action.code.endsWith(`/${path}`);
}

/**
 * Where the code of a described action may be, the likeliest first: what is sent, and written, is the first of these that
 * is there. Old exports name it from where they were made, or not at all; it then is in the folder beside the description,
 * `beside`, which a `tenant.yaml` does not have.
 */
export function placesOfCode({ code }: Pick<LocalAction, 'code'>, beside: string | undefined): readonly string[] {
  const old = beside === undefined ? [] : [`${beside}/code.js`, `${beside}/current_version/code.js`, `${beside}/current_version.js`];
  return code === undefined ? old : [...new Set([...(isSafePath(code) ? [code] : []), ...old.filter(path => code.endsWith(`/${path}`))])];
}

/** The folder beside a description; none beside a `tenant.yaml`. */
export function folderBeside(description: string): string | undefined {
  return description.endsWith('.json') ? description.slice(0, -'.json'.length) : undefined;
}

/** A project's own types of `event` and `api`, from the vendor's package. */
export const TYPES_FOLDER = 'node_modules/@auth0/actions';

/** Whether code names these types, for VS Code's own TypeScript support to follow. */
export function namesTypes(code: string): boolean {
  return code.includes('@auth0/actions/');
}

/** Names of code files that have a folder of their own. */
const ALONE = /^(?:code|index)\.(?:c?js)$/u;

/**
 * Where the events of the code at `path` are kept: `events` beside it, or, where other code lies in the same folder, a
 * folder in there that has its name. From the workspace's folder on.
 */
export function eventsFolder(path: string): string {
  const cut = path.lastIndexOf('/') + 1;
  const name = path.slice(cut);
  return `${path.slice(0, cut)}events${ALONE.test(name) ? '' : `/${name.replace(/\.[^.]*$/u, '')}`}`;
}

/** Paths of code, of which any may be there, whose events are kept in `folder`: the other way round. */
export function codesOf(folder: string): readonly string[] {
  const [, above = '', name] = /^((?:.*\/)?)events(?:\/([^/]+))?$/u.exec(folder) ?? [];
  const names = name === undefined ? ['code', 'index'] : [name];
  return names.flatMap(one => [`${above}${one}.js`, `${above}${one}.cjs`]).filter(path => eventsFolder(path) === folder);
}
