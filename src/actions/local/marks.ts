/**
 * Marks of auth0-deploy-cli in files of a repository: `@@NAME@@` stands for a value as JSON, `##NAME##` for plain text.
 * What stands for them comes from the repository's `config.json`. They are replaced as that tool does it: all marks for
 * JSON first, with quotes around them or not, then those for text, each name once, in the order of the mappings.
 */
import { asObject, asObjects, isObject, parseJson } from '../../auth0/json.ts';
import type { Mappings } from './config.ts';
import { quoteMarks } from './descriptions.ts';

/** A mark that nothing stands for. */
export interface OpenMark {
  /** As it is written, such as `##NAME##`. */
  readonly text: string;
  /** From 0 on. */
  readonly line: number;
}

/**
 * What a mark looks like whose name nobody gave. That tool takes whatever name its mappings have; in code these are the
 * characters that names have and that banners of `#`, `-` and `_` do not have alone.
 */
const MARK = /(?<sign>##|@@)(?=[_.-]{0,127}[A-Za-z0-9])[\w.-]{1,128}\k<sign>/gu;
const MOST_OPEN = 100;
/** A resolved text may not grow beyond what any action or description takes. */
const LONGEST_TEXT = 4_000_000;

/** A text with its marks replaced. A mark stays where what stands for it has no text (an object, `null`), and where the result would be longer than anything that is read here. */
export function resolveMarks(text: string, mappings: Mappings): string {
  let resolved = text;
  for (const [name, value] of mappings) {
    const json = JSON.stringify(value) as string | undefined;
    if (json !== undefined && resolved.includes(`@@${name}@@`)) {
      const mark = `@@${name.replace(/[\\^$.*+?()[\]{}|]/gu, '\\$&')}@@`;
      resolved = unlessTooLong(resolved.replace(new RegExp(`'${mark}'|"${mark}"|${mark}`, 'gu'), () => json), resolved);
    }
  }
  for (const [name, value] of mappings) {
    const plain = textOf(value);
    if (plain !== undefined && resolved.includes(`##${name}##`)) {
      resolved = unlessTooLong(resolved.replaceAll(`##${name}##`, () => plain), resolved);
    }
  }
  return resolved;
}

/** Values that hold marks themselves double a text with each name. */
function unlessTooLong(replaced: string, before: string): string {
  return replaced.length > LONGEST_TEXT ? before : replaced;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  return Array.isArray(value) && value.every(item => !isObject(item) && !Array.isArray(item)) ? value.join(',') : undefined;
}

/** Marks of a resolved text that nothing stood for, each once, the first hundred. */
export function openMarks(resolved: string, mappings: Mappings): readonly OpenMark[] {
  const found = new Map<string, OpenMark>();
  let [line, lineEnd] = [0, resolved.indexOf('\n')];
  for (const { 0: text, index } of resolved.matchAll(MARK)) {
    while (lineEnd !== -1 && lineEnd < index) {
      line += 1;
      lineEnd = resolved.indexOf('\n', lineEnd + 1);
    }
    if (!found.has(text)) {
      found.set(text, { text, line });
    }
    if (found.size === MOST_OPEN) {
      break;
    }
  }
  // Names of another form are marks only where the mappings have them: nothing could be put for these.
  for (const text of [...mappings.keys()].flatMap(name => [`##${name}##`, `@@${name}@@`])) {
    const index = found.has(text) ? -1 : resolved.indexOf(text);
    if (index !== -1) {
      found.set(text, { text, line: resolved.slice(0, index).split('\n').length - 1 });
    }
  }
  return [...found.values()];
}

/** Whether replacing marks changes a text. */
export function hasMarks(text: string, mappings: Mappings): boolean {
  return resolveMarks(text, mappings) !== text;
}

/**
 * The text for a file whose tenant holds `theirs`: with the marks of the file as it is (`mine`), on each line that says
 * the same as the tenant's once they are replaced. Whatever comes out says, replaced, exactly what the tenant has;
 * where that cannot be had, it is the tenant's own text.
 */
export function keepMarks(mine: string, mappings: Mappings, theirs: string): string {
  if (resolveMarks(mine, mappings) === theirs) {
    return mine;
  }
  if (!hasMarks(mine, mappings)) {
    return theirs;
  }
  const lines = linesOf(mine).map(line => ({ line, resolved: linesOf(resolveMarks(line, mappings)) }));
  const [from, to] = [lines.flatMap(({ resolved }, index) => resolved.map(text => ({ text, index }))), linesOf(theirs)];
  // Git and editors change the ends of lines: they are the tenant's in any case.
  const matches = common(from.map(({ text }) => withoutEnd(text)), to.map(withoutEnd));
  const kept: string[] = [];
  for (let place = 0; place < to.length;) {
    const first = matches.get(place);
    const owner = first === undefined ? undefined : lines[from[first]?.index ?? -1];
    const length = owner?.resolved.length ?? 1;
    const there = to.slice(place, place + length).join('');
    const line = owner === undefined ? '' : withoutEnd(owner.line) + endOf(there);
    // A line whose mark stands for several is kept where all of them are there, one after the other.
    const isWhole = first !== undefined && owner !== undefined && (first === 0 || from[first - 1]?.index !== from[first]?.index) && resolveMarks(line, mappings) === there;
    kept.push(isWhole ? line : to[place] ?? '');
    place += isWhole ? length : 1;
  }
  const text = kept.join('');
  return resolveMarks(text, mappings) === theirs ? text : theirs;
}

function withoutEnd(line: string): string {
  return line.slice(0, line.length - endOf(line).length);
}

function endOf(line: string): string {
  return line.endsWith('\r\n') ? '\r\n' : line.endsWith('\n') ? '\n' : '';
}

/** Lines with their ends. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/gu) ?? [];
}

/** Cells of the table below: a second's work at most. */
const MOST_CELLS = 4_000_000;

/** Which line of `a` each line of `b` is: a longest common subsequence, index in `b` → index in `a`. Too much in the middle is left out. */
function common(a: readonly string[], b: readonly string[]): ReadonlyMap<number, number> {
  const matches = new Map<number, number>();
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) {
    matches.set(start, start);
    start += 1;
  }
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
    matches.set(endB, endA);
  }
  const [rows, columns] = [endA - start, endB - start];
  if (rows * columns === 0 || rows * columns > MOST_CELLS) {
    return matches;
  }
  // lengths[row][column]: of the longest one in what follows.
  const width = columns + 1;
  const lengths = new Uint32Array((rows + 1) * width);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = rows - 1; row >= 0; row -= 1) {
    for (let column = columns - 1; column >= 0; column -= 1) {
      lengths[row * width + column] = a[start + row] === b[start + column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  for (let [row, column] = [0, 0]; row < rows && column < columns;) {
    if (a[start + row] === b[start + column]) {
      matches.set(start + column, start + row);
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) {
      row += 1;
    } else {
      column += 1;
    }
  }
  return matches;
}

/** Stands in a parsed description before a mark that had no quotes, and can stand in no file. */
const BARE = '\u0000bare:';

/** A JSON text with quotes around marks that had none, told apart from those that had. */
function quoteBare(json: string): string {
  return quoteMarks(json, mark => JSON.stringify(BARE + mark));
}

function unquoteBare(json: string): string {
  return json.replaceAll(/"\\u0000bare:((?:@@|##)[^@#\s"]{1,200}(?:@@|##))"/gu, '$1');
}

/**
 * The same for a description, by what it says instead of by line, since a mark may stand for a whole list: each value
 * that is the tenant's once its marks are replaced is kept as it is written. `theirs` is the JSON of the tenant's. The
 * tenant never tells values of secrets, so that a mark for one stays with its name.
 */
export function keepMarksInJson(mine: string, mappings: Mappings, theirs: string): string {
  const marked = parseJson(quoteBare(mine));
  const wanted = withSecretMarks(parseJson(theirs), marked, mappings);
  const exported = wanted.marks ? written(wanted.json) : theirs;
  if (!hasMarks(mine, mappings)) {
    return exported;
  }
  const resolved = (json: string): unknown => parseJson(resolveMarks(json, mappings));
  const expected = resolved(exported);
  if (same(resolved(mine), expected)) {
    return mine;
  }
  const text = written(kept(marked, expected, mappings));
  return same(resolved(text), expected) ? text : exported;
}

function written(value: unknown): string {
  return `${unquoteBare(JSON.stringify(value, undefined, 2))}\n`;
}

/** Puts marks for values of secrets that a description has, back to the secrets of that name. */
function withSecretMarks(theirs: unknown, marked: unknown, mappings: Mappings): { readonly json: unknown; readonly marks: boolean } {
  const values = new Map(asObjects(asObject(marked)['secrets']).flatMap(({ name, value }) => (typeof name === 'string' && typeof value === 'string' && isMarked(value, mappings) ? [[resolveMarks(name, mappings), value] as const] : [])));
  const secrets = asObjects(asObject(theirs)['secrets']);
  const found = (name: unknown): string | undefined => (typeof name === 'string' ? values.get(name) : undefined);
  return secrets.some(({ name }) => found(name) !== undefined)
    ? { json: { ...asObject(theirs), secrets: secrets.map(secret => { const value = found(secret['name']); return value === undefined ? secret : { ...secret, value }; }) }, marks: true }
    : { json: theirs, marks: false };
}

function isMarked(value: string, mappings: Mappings): boolean {
  return openMarks(value, mappings).length > 0;
}

function kept(mine: unknown, theirs: unknown, mappings: Mappings): unknown {
  if (mine === undefined) {
    return theirs;
  }
  const written = JSON.stringify(mine);
  if (!hasMarks(unquoteBare(written), mappings)) {
    return theirs;
  }
  if (same(parseJson(resolveMarks(unquoteBare(written), mappings)), theirs)) {
    return mine;
  }
  if (isObject(mine) && isObject(theirs)) {
    return Object.fromEntries(Object.entries(theirs).map(([key, value]) => [key, kept(Object.hasOwn(mine, key) ? mine[key] : undefined, value, mappings)]));
  }
  // An entry of a list is known by what it is as a whole: order and number may have changed.
  return Array.isArray(mine) && Array.isArray(theirs) ? (theirs as unknown[]).map(value => (mine as unknown[]).find(one => keepsAll(one, value, mappings)) ?? value) : theirs;
}

function keepsAll(mine: unknown, theirs: unknown, mappings: Mappings): boolean {
  return same(parseJson(resolveMarks(unquoteBare(JSON.stringify(mine)), mappings)), theirs);
}

/** Whether two parsed JSON values say the same; the order of keys does not count. */
function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => same(item, b[index]));
  }
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && same(a[key], b[key]));
  }
  return a === b;
}
