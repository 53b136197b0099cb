/** `##NAME##` and `@@NAME@@`, which auth0-deploy-cli replaces when it deploys, and nothing else does. */
import type { Check } from './check.ts';
import type { Code } from './code.ts';

const MOST = 100;
/** What a mark looks like whose name nobody gave. */
export const MARK = /##[A-Za-z]\w{0,127}##|@@[A-Za-z]\w{0,127}@@/gu;

export interface Placeholder {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Those outside of comments, the first hundred. */
export function placeholdersIn({ text, comments }: Pick<Code, 'text' | 'comments'>): readonly Placeholder[] {
  const found: Placeholder[] = [];
  let comment = 0;
  for (const match of text.matchAll(MARK)) {
    const start = match.index;
    // Both come in the order of the code.
    while ((comments[comment]?.end ?? Infinity) <= start) {
      comment += 1;
    }
    if (start < (comments[comment]?.start ?? Infinity)) {
      found.push({ text: match[0], start, end: start + match[0].length });
    }
    if (found.length === MOST) {
      break;
    }
  }
  return found;
}

/** Where marks stand in the text, and the name of the same length that stands for each of them in {@link withNames}. */
export function marksIn(text: string): readonly { readonly start: number; readonly end: number; readonly name: string }[] {
  return [...text.matchAll(MARK)].map(({ 0: mark, index }) => ({ start: index, end: index + mark.length, name: nameOf(mark) }));
}

/** The text with names in place of its marks: it can be parsed wherever they stand, and all else is where it was. */
export function withNames(text: string): string {
  return text.replace(MARK, nameOf);
}

function nameOf(mark: string): string {
  return `__${mark.slice(2, -2)}__`;
}

export const checkPlaceholders: Check = ({ code }) => {
  const { failure } = code;
  return placeholdersIn(code).map(({ text, start, end }) => ({
    code: 'placeholder',
    text,
    // Where it stands in the way of parsing it breaks the action; in a text it may be meant.
    severity: failure !== undefined && start <= failure.offset && failure.offset <= end ? 'error' : 'warning',
    range: code.mark(start, end),
    fixes: [],
  }));
};
