// `npm run generate`: writes src/ui/ids.ts from package.json. `-- --check` only says whether that would change anything.
import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { generateIds, idsFile } from '../lib/ids.ts';
import { main, PlainError } from '../lib/main.ts';
import { readManifest, root } from '../lib/project.ts';

main(async () => {
  const wanted = generateIds(readManifest());
  const present = readIfThere(idsFile);
  if (wanted === present) {
    return;
  }
  if (process.argv.includes('--check')) {
    throw new PlainError(`${relative(root, idsFile)} does not fit package.json; run "npm run generate".\n${difference(present, wanted)}`);
  }
  writeFileSync(idsFile, wanted);
  process.stdout.write(`${relative(root, idsFile)} written\n`);
  await Promise.resolve();
});

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  } catch {
    return '';
  }
}

/** Lines only one side has: enough to see which id it is about. */
function difference(present: string, wanted: string): string {
  const [before, after] = [present.split('\n'), wanted.split('\n')];
  return [...before.filter(line => !after.includes(line)).map(line => `- ${line}`), ...after.filter(line => !before.includes(line)).map(line => `+ ${line}`)].slice(0, 20).join('\n');
}
