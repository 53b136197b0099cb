/** The files of a folder of this machine, as the machinery for repositories of actions sees them. */
import { lstat, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Stats } from 'node:fs';
import type { Entry, RepositoryFiles } from '../../src/actions/local/files.ts';

function kindOf(stats: Pick<Stats, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): Entry['kind'] {
  return stats.isSymbolicLink() ? 'link' : stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : 'other';
}

export function diskFiles(folder: string): RepositoryFiles {
  return {
    look: async path => {
      const stats = await lstat(join(folder, path)).catch(() => undefined);
      return stats === undefined ? undefined : { kind: kindOf(stats), size: stats.size };
    },
    list: async path => {
      const entries = await readdir(join(folder, path), { withFileTypes: true }).catch(() => []);
      return entries.map(entry => ({ name: entry.name, kind: kindOf(entry) }));
    },
    read: async path => {
      const bytes = await readFile(join(folder, path));
      try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
      } catch {
        return undefined;
      }
    },
    write: async (path, text) => {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    },
  };
}
