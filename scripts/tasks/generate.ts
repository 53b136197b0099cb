// `npm run generate`: writes src/ui/ids.ts from package.json and l10n/bundle.l10n.json from the code, and says which texts lack a translation.
// `-- --check` only says whether that would change anything.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { generateIds, idsFile } from '../lib/ids.ts';
import { main, PlainError } from '../lib/main.ts';
import { readManifest, root } from '../lib/project.ts';
import { bundleFile, generateBundle, translationGaps, translations } from '../lib/strings.ts';

main(async () => {
  const generated = [
    { file: idsFile, source: 'package.json', wanted: generateIds(readManifest()) },
    { file: bundleFile, source: 'the texts in src', wanted: await generateBundle() },
  ];
  const stale = generated.map(one => ({ ...one, present: readIfThere(one.file) })).filter(({ wanted, present }) => wanted !== present);
  if (process.argv.includes('--check')) {
    if (stale.length > 0) {
      throw new PlainError(stale.map(({ file, source, wanted, present }) => `${relative(root, file)} does not fit ${source}; run "npm run generate".\n${difference(present, wanted)}`).join('\n'));
    }
    return;
  }
  for (const { file, wanted } of stale) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, wanted);
    process.stdout.write(`${relative(root, file)} written\n`);
  }
  const gaps = translations().flatMap(translationGaps);
  process.stdout.write(gaps.map(line => `${line}\n`).join(''));
});

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  } catch {
    return '';
  }
}

/** Lines only one side has: enough to see which id or text it is about. */
function difference(present: string, wanted: string): string {
  const [before, after] = [present.split('\n'), wanted.split('\n')];
  return [...before.filter(line => !after.includes(line)).map(line => `- ${line}`), ...after.filter(line => !before.includes(line)).map(line => `+ ${line}`)].slice(0, 20).join('\n');
}
