/** Names of events, which become names of files on any machine. */

/** Characters: a path has to have room for it. */
const LONGEST_NAME = 60;
/** Names that Windows keeps for devices. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu;

export type EventNameProblem = 'empty' | 'tooLong' | 'characters' | 'device' | 'taken';

/** What speaks against a name (without `.json`); nothing where it will do. `taken` are the names that are there already. */
export function eventNameProblem(name: string, taken: readonly string[]): EventNameProblem | undefined {
  if (name.trim() === '') {
    return 'empty';
  }
  if (Array.from(name).length > LONGEST_NAME) {
    return 'tooLong';
  }
  // A name that begins with a dot is hidden, and Windows drops dots and spaces at the end.
  if (!/^[\p{L}\p{M}\p{N}_(](?:[\p{L}\p{M}\p{N} _().,+'-]*[\p{L}\p{M}\p{N}_)])?$/u.test(name)) {
    return 'characters';
  }
  if (DEVICE.test(name)) {
    return 'device';
  }
  // Some file systems know no case, and some write accents in their own way.
  const plain = (one: string): string => one.normalize('NFC').toLowerCase();
  return taken.some(one => plain(one) === plain(name)) ? 'taken' : undefined;
}

/** The first of `name`, `name-2`, `name-3`… that is not taken. */
export function freeName(name: string, taken: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const one = number === 1 ? name : `${name}-${number}`;
    if (eventNameProblem(one, taken) !== 'taken') {
      return one;
    }
  }
}
