/**
 * All actions of a tenant into the files of a repository, as auth0-deploy-cli exports them. First a plan, which a person
 * sees; then only files whose text changes are written, and only where they still are as they were looked at.
 */
import type { Action } from '../../auth0/api.ts';
import type { Mappings } from './config.ts';
import { LARGEST_DESCRIPTION } from './descriptions.ts';
import { exportAction, fileNameOf, isFromMarketplace, placesFor } from './exported.ts';
import type { Places } from './exported.ts';
import { isSafePath, lookAlong } from './files.ts';
import type { RepositoryFiles } from './files.ts';
import { keepMarks, keepMarksInJson } from './marks.ts';
import { LARGEST_CODE } from './repository.ts';
import type { DescribedAction, Repository } from './repository.ts';

/** Why a file is left alone: a link is in its way, something else than a file is, or its path is not that of a file. */
export type LeftWhy = 'link' | 'notFile' | 'unsafe' | 'changed' | 'failed';

export interface PlannedFile {
  readonly path: string;
  readonly text: string;
  readonly actionName: string;
  /** What is there now; absent where there is nothing. */
  readonly before?: string;
}

export interface PullPlan {
  /** Files that change, new ones included. */
  readonly writes: readonly PlannedFile[];
  /** Files that hold what they should already. */
  readonly same: number;
  readonly left: readonly { readonly path: string; readonly why: LeftWhy }[];
  /** Descriptions of actions that the tenant does not have: they stay. */
  readonly gone: readonly string[];
  /** Names of actions of the Marketplace: they are not exported. */
  readonly marketplace: readonly string[];
  /** Actions whose names lead to a path that another action has: they get one with a number. */
  readonly renumbered: readonly { readonly name: string; readonly path: string }[];
  readonly actions: number;
}

/** What a pull would do. Reads files, and writes none. */
export async function planPull(files: RepositoryFiles, repository: Repository, mappings: Mappings, actions: readonly Action[]): Promise<PullPlan> {
  const known = new Map<string, DescribedAction>();
  for (const one of repository.actions) {
    known.set(one.stated.action.name, known.get(one.stated.action.name) ?? one);
  }
  const exported = actions.filter(action => !isFromMarketplace(action));
  const names = new Set(actions.map(({ name }) => name));
  // Paths that are in use by what stays where it is, also those of actions that are gone. A description that cannot be
  // read is most likely that of the action whose name its path has: a second one beside it would be its double.
  const taken = new Set(repository.actions.flatMap(one => pathsOf(placesAsTheyAre(one))));
  const plan = { writes: [] as PlannedFile[], same: 0, left: [] as { path: string; why: LeftWhy }[], renumbered: [] as { name: string; path: string }[] };
  const codes = new Map<string, string>();
  for (const action of exported) {
    const described = known.get(action.name);
    const places = described === undefined ? newPlaces(action.name, taken) : unshared(placesAsTheyAre(described), codes, action.code);
    codes.set(places.code, action.code);
    if (described === undefined) {
      pathsOf(places).forEach(path => taken.add(path));
      if (places.description !== placesFor(fileNameOf(action.name)).description) {
        plan.renumbered.push({ name: action.name, path: places.description });
      }
    }
    for (const { path, text } of exportAction(action, places, { withId: described?.stated.withId === true })) {
      const now = await readNow(files, path, path === places.description ? LARGEST_DESCRIPTION : LARGEST_CODE);
      if (now.why !== undefined) {
        plan.left.push({ path, why: now.why });
        continue;
      }
      const wanted = now.text === undefined ? text : path === places.description ? keepMarksInJson(now.text, mappings, text) : keepMarks(now.text, mappings, text);
      // Code that two descriptions share is written once.
      if (wanted === now.text || plan.writes.some(one => one.path === path)) {
        plan.same += 1;
      } else {
        plan.writes.push({ path, text: wanted, actionName: action.name, ...(now.text === undefined ? {} : { before: now.text }) });
      }
    }
  }
  return {
    ...plan,
    gone: repository.actions.filter(({ stated }) => !names.has(stated.action.name)).map(({ path }) => path),
    marketplace: actions.filter(isFromMarketplace).map(({ name }) => name),
    actions: exported.length,
  };
}

/** Where the export puts it, or beside that where another action is there already. */
function newPlaces(name: string, taken: ReadonlySet<string>): Places {
  const fileName = fileNameOf(name);
  for (let number = 1; ; number += 1) {
    const places = placesFor(number === 1 ? fileName : `${fileName}-${number}`);
    if (!pathsOf(places).some(path => taken.has(path))) {
      return places;
    }
  }
}

/** What an action takes: the code's folder, too, which a description of another action may be named like. */
function pathsOf({ description, code }: Places): readonly string[] {
  return [description, code.slice(0, code.lastIndexOf('/'))];
}

/** A repository may have its own names for files; they stay. */
function placesAsTheyAre({ path, codePath, codeProblem }: DescribedAction): Places {
  const usual = placesFor(path.slice(path.lastIndexOf('/') + 1, -'.json'.length));
  return { description: path, code: codePath !== undefined && codeProblem !== 'missing' ? codePath : usual.code };
}

/** Two descriptions may name one file as their code; as soon as the codes differ, the second needs a file of its own. */
function unshared(places: Places, codes: ReadonlyMap<string, string>, code: string): Places {
  const other = codes.get(places.code);
  return other === undefined || other === code ? places : { ...places, code: `${places.description.slice(0, -'.json'.length)}/code.js` };
}

interface Now { readonly text?: string; readonly why?: LeftWhy }

async function readNow(files: RepositoryFiles, path: string, largest: number): Promise<Now> {
  if (!isSafePath(path)) {
    return { why: 'unsafe' };
  }
  const entry = await lookAlong(files, path);
  if (entry === undefined) {
    return {};
  }
  if (entry.kind !== 'file') {
    return { why: entry.kind === 'link' ? 'link' : 'notFile' };
  }
  // What is no text is no file of an action: it stays.
  const text = entry.size > largest ? undefined : await files.read(path);
  return text === undefined ? { why: 'notFile' } : { text };
}

export interface PullResult {
  readonly written: readonly PlannedFile[];
  readonly left: readonly { readonly path: string; readonly why: LeftWhy; readonly error?: unknown }[];
}

/** Writes what was planned. A file that is another one by now is left alone; one that fails does not stop the others. */
export async function writePull(files: RepositoryFiles, writes: readonly PlannedFile[]): Promise<PullResult> {
  const written: PlannedFile[] = [];
  const left: { path: string; why: LeftWhy; error?: unknown }[] = [];
  for (const one of writes) {
    try {
      const now = await readNow(files, one.path, Number.POSITIVE_INFINITY);
      if (now.why !== undefined || now.text !== one.before) {
        left.push({ path: one.path, why: now.why ?? 'changed' });
        continue;
      }
      await files.write(one.path, one.text);
      written.push(one);
    } catch (error) {
      left.push({ path: one.path, why: 'failed', error });
    }
  }
  return { written, left };
}
