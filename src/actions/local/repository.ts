/**
 * A configuration of auth0-deploy-cli in a folder: the actions that it describes, with their code, as that tool would
 * read them. It knows the forms that its versions have written: a folder `actions` with descriptions and code, older ones
 * with `current_version`, and a `tenant.yaml` with a list.
 */
import { LARGEST_DESCRIPTION, LARGEST_TENANT_FILE } from './descriptions.ts';
import type { Mappings } from './config.ts';
import { ACTIONS_FOLDER } from './exported.ts';
import { isSafePath, lookAlong } from './files.ts';
import type { RepositoryFiles } from './files.ts';
import { openMarks, resolveMarks } from './marks.ts';
import type { OpenMark } from './marks.ts';
import { folderBeside, placesOfCode } from './places.ts';
import { readStated } from './stated.ts';
import type { StatedAction } from './stated.ts';

export const TENANT_FILE = 'tenant.yaml';
/** Bytes of code: what the service takes is a tenth of it. */
export const LARGEST_CODE = 1_000_000;
/** Descriptions of one folder: a tenant has a hundred actions. */
const MOST_DESCRIPTIONS = 1000;

/** Why there is no code: no path names one, the path leads out of the folder, or through a link; or the file is none that could be code. */
export type CodeProblem = 'missing' | 'outside' | 'link' | 'notText' | 'tooLarge';

export interface LocalMark extends OpenMark {
  readonly path: string;
}

/** An action of a repository, its marks replaced. */
export interface DescribedAction {
  /** The file that describes it. */
  readonly path: string;
  /** Its text as it is, marks included. */
  readonly text: string;
  readonly stated: StatedAction;
  /** Where its code is. Absent where there is none. */
  readonly codePath?: string;
  /** Marks replaced. */
  readonly code?: string;
  readonly codeProblem?: CodeProblem;
  /** Marks for which the mappings have nothing, in what would be sent. */
  readonly open: readonly LocalMark[];
}

export interface Repository {
  readonly layout: 'directory' | 'yaml' | 'none';
  readonly actions: readonly DescribedAction[];
  /** Files that should describe an action and do not. */
  readonly unread: readonly string[];
  /** Names that several descriptions have. */
  readonly doubles: readonly string[];
}

/** Reads all of it. Rejects only with what `files` rejects with for a file that is there. */
export async function readRepository(files: RepositoryFiles, mappings: Mappings, readYaml: (resolved: string) => readonly StatedAction[] | undefined): Promise<Repository> {
  const [described, listed] = [await readFolder(files, mappings), await readList(files, mappings, readYaml)];
  // As auth0-deploy-cli has it, which is given either a folder or a file.
  const useFolder = described.actions.length > 0 || listed.actions.length === 0;
  const { actions, unread } = useFolder ? described : listed;
  const names = actions.map(({ stated }) => stated.action.name);
  const unreadAll = [...unread, ...(useFolder ? listed.unread : [])];
  return {
    layout: actions.length === 0 && unreadAll.length === 0 ? 'none' : useFolder ? 'directory' : 'yaml',
    actions,
    unread: unreadAll,
    doubles: [...new Set(names.filter((name, index) => names.indexOf(name) !== index))],
  };
}

type Found = Pick<Repository, 'actions' | 'unread'>;

async function readFolder(files: RepositoryFiles, mappings: Mappings): Promise<Found> {
  if ((await files.look(ACTIONS_FOLDER))?.kind !== 'folder') {
    return { actions: [], unread: [] };
  }
  const names = (await files.list(ACTIONS_FOLDER)).filter(({ name, kind }) => name.endsWith('.json') && (kind === 'file' || kind === 'link'));
  const actions: DescribedAction[] = [];
  const unread: string[] = [];
  for (const { name, kind } of names.sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MOST_DESCRIPTIONS)) {
    const path = `${ACTIONS_FOLDER}/${name}`;
    const text = kind === 'link' || ((await files.look(path))?.size ?? 0) > LARGEST_DESCRIPTION ? undefined : await files.read(path);
    const stated = text === undefined ? undefined : readStated(resolveMarks(text, mappings));
    if (text === undefined || stated === undefined) {
      unread.push(path);
    } else {
      actions.push(await withCode(files, mappings, { path, text, stated }, folderBeside(path)));
    }
  }
  return { actions, unread };
}

async function readList(files: RepositoryFiles, mappings: Mappings, readYaml: (resolved: string) => readonly StatedAction[] | undefined): Promise<Found> {
  const entry = await files.look(TENANT_FILE);
  if (entry === undefined || (entry.kind !== 'file' && entry.kind !== 'link')) {
    return { actions: [], unread: [] };
  }
  const text = entry.kind === 'link' || entry.size > LARGEST_TENANT_FILE ? undefined : await files.read(TENANT_FILE);
  const stated = text === undefined ? undefined : readYaml(resolveMarks(text, mappings));
  if (text === undefined || stated === undefined) {
    return { actions: [], unread: [TENANT_FILE] };
  }
  const actions: DescribedAction[] = [];
  for (const one of stated) {
    actions.push(await withCode(files, mappings, { path: TENANT_FILE, text, stated: one }, undefined));
  }
  return { actions, unread: [] };
}

async function withCode(files: RepositoryFiles, mappings: Mappings, found: Pick<DescribedAction, 'path' | 'text' | 'stated'>, beside: string | undefined): Promise<DescribedAction> {
  const inDescription = openMarks(sentText(found.stated), mappings).map(({ text }) => ({ path: found.path, text, line: lineOf(found.text, text) }));
  if (found.stated.emptyCode) {
    return { ...found, code: '', open: inDescription };
  }
  const { codePath, text, problem } = await readCode(files, placesOfCode(found.stated.action, beside), found.stated.action.code);
  if (codePath === undefined || text === undefined) {
    return { ...found, ...(codePath === undefined ? {} : { codePath }), codeProblem: problem ?? 'missing', open: inDescription };
  }
  const code = resolveMarks(text, mappings);
  return { ...found, codePath, code, open: [...inDescription, ...openMarks(code, mappings).map(mark => ({ ...mark, path: codePath }))] };
}

/** What of a description would be sent, as one text: values of secrets, which may have marks for a machine's own variables, are not. */
export function sentText({ action, dependencies }: StatedAction): string {
  return [action.name, action.runtime ?? '', action.code ?? '', ...action.triggers.flatMap(({ id, version }) => [id, version ?? '']), ...dependencies.flatMap(({ name, version, registryUrl }) => [name, version, registryUrl ?? '']), ...action.secrets].join('\n');
}

function lineOf(text: string, mark: string): number {
  return Math.max(0, text.slice(0, Math.max(0, text.indexOf(mark))).split('\n').length - 1);
}

interface ReadCode { readonly codePath?: string; readonly text?: string; readonly problem?: CodeProblem }

async function readCode(files: RepositoryFiles, places: readonly string[], declared: string | undefined): Promise<ReadCode> {
  for (const codePath of places) {
    const entry = await lookAlong(files, codePath);
    if (entry === undefined) {
      continue;
    }
    if (entry.kind !== 'file') {
      return { codePath, problem: entry.kind === 'link' ? 'link' : 'missing' };
    }
    if (entry.size > LARGEST_CODE) {
      return { codePath, problem: 'tooLarge' };
    }
    const text = await files.read(codePath);
    return text === undefined ? { codePath, problem: 'notText' } : { codePath, text };
  }
  return { problem: declared !== undefined && !isSafePath(declared) ? 'outside' : 'missing' };
}
