// `npm run bench`: measured figures. Everything else is in test/bench.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { main } from '../lib/main.ts';
import { root } from '../lib/project.ts';

main(async () => {
  await import(pathToFileURL(join(root, 'test', 'bench', 'index.ts')).href);
});
