// Every text that a person can read: the manifest's in package.nls.json, the code's in l10n/bundle.l10n.json, and a file beside each for
// every further language.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getL10nJson } from '@vscode/l10n-dev';
import { readJson, root } from './project.ts';

/** Key → text. The key of a text of the code is the English text itself. */
export type Texts = Readonly<Record<string, string>>;

export const bundleFile = join(root, 'l10n', 'bundle.l10n.json');

/** Files that are read by the extraction as one. */
const JOINED = 8;

/** The texts in all calls of `l10n.t` in src, as the JSON of `bundleFile`. Sorted, so that a moved call changes nothing. */
export async function generateBundle(): Promise<string> {
  const sources = globSync('src/**/*.ts', { cwd: root }).map(path => readFileSync(join(root, path), 'utf8')).filter(source => source.includes('l10n.t('));
  // The extraction prepares itself anew for each file, which takes longer than reading one; a very long one is slow again.
  const joined = sources.flatMap((_, index) => (index % JOINED === 0 ? [{ extension: '.ts' as const, contents: sources.slice(index, index + JOINED).join('\n') }] : []));
  const texts = await getL10nJson(joined);
  return `${JSON.stringify(Object.fromEntries(Object.entries(texts).sort(([a], [b]) => a < b ? -1 : 1)), undefined, 2)}\n`;
}

export interface Translation {
  /** Relative to the project, with slashes. */
  readonly file: string;
  /** Language identifier of VS Code, such as `fr`. */
  readonly language: string;
  readonly original: Texts;
  readonly texts: Texts;
}

/** All files of texts in further languages, each with the English ones it stands for. */
export function translations(): Translation[] {
  return ['package.nls', 'l10n/bundle.l10n'].flatMap(name => {
    const original = readTexts(`${name}.json`);
    return globSync(`${name}.*.json`, { cwd: root }).map(path => path.replaceAll('\\', '/')).sort()
      .map(file => ({ file, language: file.slice(name.length + 1, -'.json'.length), original, texts: readTexts(file) }));
  });
}

/** What keeps a translation from being complete, one line a text: what to add, what to delete, and what does not carry the same. */
export function translationGaps({ file, original, texts }: Translation): string[] {
  const [wanted, present] = [Object.entries(original), Object.keys(texts)];
  return [
    ...wanted.filter(([key]) => !present.includes(key)).map(([key]) => `${file} lacks ${JSON.stringify(key)}`),
    ...present.filter(key => !(key in original)).map(key => `${file} has a text that nothing uses: ${JSON.stringify(key)}`),
    ...wanted.filter(([key, text]) => key in texts && String(fixedParts(text)) !== String(fixedParts(texts[key] ?? ''))).map(([key]) => `${file} has other placeholders, icons or links in ${JSON.stringify(key)}`),
  ];
}

/** What a translation must carry over as it is, whatever the order: placeholders, icons, links to commands and settings, code. */
function fixedParts(text: string): string[] {
  return [...new Set(text.match(/\{\d+\}|\$\([\w~-]+\)|\]\([^)]+\)|`[^`]+`/g) ?? [])].sort();
}

/** Texts that have a comment for translators are objects. */
function readTexts(file: string): Texts {
  const json = readJson(join(root, file)) as Readonly<Record<string, string | { readonly message: string }>>;
  return Object.fromEntries(Object.entries(json).map(([key, text]) => [key, typeof text === 'string' ? text : text.message]));
}
