/** Programs of this machine, found without a workspace having a say. */
import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { delimiter, extname, isAbsolute, join, relative } from 'node:path';

export interface SearchOptions {
  /** As the environment has it; relative entries do not count. */
  readonly path: string;
  /** Folders of the workspace: nothing below one of them is run, through links either. */
  readonly forbidden: readonly string[];
}

/** The absolute path of the first program of that name; on Windows only what needs no shell. */
export async function findProgram(name: string, { path, forbidden }: SearchOptions): Promise<string | undefined> {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  return firstAllowed(path.split(delimiter).filter(isAbsolute).map(folder => join(folder, file)), forbidden, isProgram);
}

/** The first of these paths that is one, and that does not lie in the workspace. */
export async function firstAllowed(candidates: readonly string[], forbidden: readonly string[], isOne: (path: string) => Promise<boolean>): Promise<string | undefined> {
  const folders = await Promise.all(forbidden.flatMap(folder => [Promise.resolve(folder), realpath(folder).catch(() => folder)]));
  for (const candidate of candidates) {
    if (isAbsolute(candidate) && (await isOne(candidate)) && ![candidate, await realpath(candidate)].some(one => folders.some(folder => isBelow(one, folder)))) {
      return candidate;
    }
  }
  return undefined;
}

export async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile() && (process.platform !== 'win32' || extname(path).toLowerCase() === '.exe');
  } catch {
    return false;
  }
}

/** Whether a path is a folder or lies in it. */
export function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  // A folder in there may be called `..x`.
  return !/^\.\.(?:[\\/]|$)/u.test(way) && !isAbsolute(way);
}
