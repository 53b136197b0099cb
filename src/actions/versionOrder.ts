/** Versions of packages in the order of Semantic Versioning 2.0.0, and texts that are none at the end. */

/** The newest first; what is before a release (`2.0.0-rc.1`) after all releases. */
export function newestFirst(versions: readonly string[]): readonly string[] {
  return versions.map(version => ({ version, parts: partsOf(version) })).sort((a, b) => compare(b.parts, a.parts)).map(({ version }) => version);
}

interface Parts {
  /** 2 for a release, 1 for what is before one, 0 for anything else. */
  readonly rank: number;
  readonly numbers: readonly number[];
  readonly before: readonly string[];
}

function partsOf(version: string): Parts {
  const found = /^(\d{1,15})\.(\d{1,15})\.(\d{1,15})(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$/u.exec(version);
  if (found === null) {
    return { rank: 0, numbers: [], before: [version] };
  }
  const before = found[4]?.split('.') ?? [];
  return { rank: before.length === 0 ? 2 : 1, numbers: found.slice(1, 4).map(Number), before };
}

function compare(a: Parts, b: Parts): number {
  if (a.rank !== b.rank) {
    return a.rank - b.rank;
  }
  for (const [index, number] of a.numbers.entries()) {
    const difference = number - (b.numbers[index] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  for (let index = 0; index < Math.max(a.before.length, b.before.length); index += 1) {
    const difference = compareIdentifiers(a.before[index], b.before[index]);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

/** Numbers below words; what ends first below what goes on. */
function compareIdentifiers(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) {
    return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1);
  }
  const [aIsNumber, bIsNumber] = [/^\d+$/u.test(a), /^\d+$/u.test(b)];
  if (aIsNumber && bIsNumber) {
    return Number(a) - Number(b);
  }
  return aIsNumber === bIsNumber ? (a < b ? -1 : a > b ? 1 : 0) : aIsNumber ? -1 : 1;
}
