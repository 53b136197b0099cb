/** How many lines two texts differ by. Only the numbers: VS Code's own editor shows which lines they are. */

export interface LineCounts {
  readonly added: number;
  readonly removed: number;
}

/** Steps that a count may take, some hundredths of a second: beyond that the texts have next to nothing in common. */
const MOST_STEPS = 3_000_000;

/**
 * The smallest numbers of lines that, removed from `before` and added, give `after`; both are 0 only for equal texts.
 * `undefined` where finding them would take too long: texts are a tenant's, and this runs before a question is asked.
 */
export function lineCounts(before: string, after: string): LineCounts | undefined {
  const [a, b] = numbered(before.split('\n'), after.split('\n'));
  // A line that only one of the two has is added or removed in any case, and need not be looked at again.
  const inA = new Set(a);
  const inB = new Set(b);
  const left = trimmed(a.filter(line => inB.has(line)), b.filter(line => inA.has(line)));
  const edits = distance(left[0], left[1]);
  if (edits === undefined) {
    return undefined;
  }
  const kept = (left[0].length + left[1].length - edits) / 2 + left[2];
  return { added: b.length - kept, removed: a.length - kept };
}

/** Lines as numbers, equal ones as the same. */
function numbered(a: readonly string[], b: readonly string[]): readonly [number[], number[]] {
  const numbers = new Map<string, number>();
  const number = (line: string): number => {
    const known = numbers.get(line) ?? numbers.size;
    numbers.set(line, known);
    return known;
  };
  return [a.map(number), b.map(number)];
}

/** Both lists without their common beginning and end, and how many lines that were. */
function trimmed(a: readonly number[], b: readonly number[]): readonly [readonly number[], readonly number[], number] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) {
    start += 1;
  }
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) {
    end += 1;
  }
  return [a.slice(start, a.length - end), b.slice(start, b.length - end), start + end];
}

/** Myers' greedy search: for each number of edits, how far it gets on each diagonal. Only the last row is kept. */
function distance(a: readonly number[], b: readonly number[]): number | undefined {
  const most = a.length + b.length;
  if (a.length === 0 || b.length === 0) {
    return most;
  }
  const reached = new Int32Array(2 * most + 3);
  const at = (diagonal: number): number => reached[diagonal + most + 1] ?? 0;
  let steps = 0;
  for (let edits = 0; edits <= most && steps < MOST_STEPS; edits += 1) {
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1)) ? at(diagonal + 1) : at(diagonal - 1) + 1;
      const begun = x;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) {
        x += 1;
      }
      steps += 1 + x - begun;
      reached[diagonal + most + 1] = x;
      if (x >= a.length && x - diagonal >= b.length) {
        return edits;
      }
    }
  }
  return undefined;
}
