/** A folder with the files of a configuration, as this folder's machinery sees it. Paths have `/`, none in front, and no `.` or `..`. */

export interface Entry {
  /** `link` whatever it leads to: nothing is read or written through one, since it may lead out of the folder. */
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** Bytes. */
  readonly size: number;
}

export interface RepositoryFiles {
  /** What is at a path itself; nothing where there is nothing. */
  look(path: string): Promise<Entry | undefined>;
  /** Names and kinds of what is in a folder; none where it is none. */
  list(folder: string): Promise<readonly { readonly name: string; readonly kind: Entry['kind'] }[]>;
  /** A file's text, a byte order mark included; nothing where it is not UTF-8. Rejects where it cannot be read. */
  read(path: string): Promise<string | undefined>;
  /** Makes the file's folders, too. Rejects where it cannot be written. */
  write(path: string, text: string): Promise<void>;
}

/** What is at a path that no link leads through; `link` where one does. */
export async function lookAlong(files: RepositoryFiles, path: string): Promise<Entry | undefined> {
  const parts = path.split('/');
  for (let length = 1; length < parts.length; length += 1) {
    const entry = await files.look(parts.slice(0, length).join('/'));
    if (entry === undefined) {
      return undefined;
    }
    if (entry.kind !== 'folder') {
      return { kind: entry.kind === 'link' ? 'link' : 'other', size: 0 };
    }
  }
  return files.look(path);
}

/** A path that stays in its folder and that every system takes for what it is. */
export function isSafePath(path: string): boolean {
  return path !== '' && path.split('/').every(part => part !== '' && part !== '.' && part !== '..' && !/[\\:\u0000-\u001f]/u.test(part));
}
