/** Names that people give their tenants. A name that two tenants could have would put a person in doubt. */
import { plain } from '../auth0/serviceTexts.ts';

export type NameProblem = 'empty' | 'tooLong' | 'unprintable' | 'taken';

/** Characters of the longest name. */
export const LONGEST_NAME = 60;

/** What is wrong with a name, whoever else has it; the name is taken as trimmed. */
export function shapeProblem(name: string): Exclude<NameProblem, 'taken'> | undefined {
  const trimmed = name.trim();
  if (trimmed === '') {
    return 'empty';
  }
  if (Array.from(trimmed).length > LONGEST_NAME) {
    return 'tooLong';
  }
  // Control and direction-changing characters, and halves of characters: it could not be typed as it is shown.
  return plain(trimmed) === trimmed && !/\p{Surrogate}/u.test(trimmed) ? undefined : 'unprintable';
}

/** Whether a person would take two names for the same. */
export function soundsLike(a: string, b: string): boolean {
  return folded(a) === folded(b);
}

function folded(name: string): string {
  return name.normalize('NFKC').replace(/\s+/gu, ' ').trim().toLowerCase();
}
