/** A folder of files in memory. What ends in `→` is a link, and what is `undefined` bytes that are no text. */
import type { Entry, RepositoryFiles } from '../../../src/actions/local/files.ts';

export interface MemoryFiles extends RepositoryFiles {
  readonly texts: Map<string, string | undefined>;
  /** Paths that were written, in their order. */
  readonly written: string[];
}

export function memoryFiles(given: Readonly<Record<string, string | undefined>> = {}): MemoryFiles {
  const texts = new Map(Object.entries(given));
  const written: string[] = [];
  const kindAt = (path: string): Entry['kind'] | undefined => {
    if (texts.has(`${path}→`)) {
      return 'link';
    }
    return texts.has(path) ? 'file' : [...texts.keys()].some(one => one.startsWith(`${path}/`)) ? 'folder' : undefined;
  };
  return {
    texts,
    written,
    look: path => {
      const kind = kindAt(path);
      return Promise.resolve(kind === undefined ? undefined : { kind, size: texts.get(path)?.length ?? 0 });
    },
    list: folder => {
      const names = new Set([...texts.keys()].filter(path => path.startsWith(`${folder}/`)).map(path => (path.slice(folder.length + 1).split('/')[0] ?? '').replace(/→$/u, '')));
      return Promise.resolve([...names].map(name => ({ name, kind: kindAt(`${folder}/${name}`) ?? 'other' })));
    },
    read: path => Promise.resolve(texts.get(path)),
    write: (path, text) => {
      texts.set(path, text);
      written.push(path);
      return Promise.resolve();
    },
  };
}
