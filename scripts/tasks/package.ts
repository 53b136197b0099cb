// `npm run package`: auth0-actions-<version>.vsix, checked against the list of what may be in it.
import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { main } from '../lib/main.ts';
import { packageExtension } from '../lib/package.ts';
import { root } from '../lib/project.ts';

main(async () => {
  const { file, files, kilobytes } = await packageExtension();
  for (const name of files) {
    process.stdout.write(`${String(Math.ceil(statSync(join(root, name)).size / 1024)).padStart(6)} KB  ${name}\n`);
  }
  process.stdout.write(`${basename(file)}: ${kilobytes} KB\n`);
});
