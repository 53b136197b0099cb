// `npm run build`: the bundles as they are shipped. `-- --watch` keeps building, with source maps, for the debugger.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { buildExtension, buildHostTests, watchBundles } from '../lib/bundles.ts';
import { main } from '../lib/main.ts';
import { distFolder } from '../lib/project.ts';

main(async () => {
  if (process.argv.includes('--watch')) {
    await watchBundles();
    return;
  }
  await buildExtension(process.argv.includes('--development') ? 'development' : 'production');
  await buildHostTests();
  const sizes = ['extension.cjs', 'network.cjs', 'simulator.cjs', 'language.cjs', 'local.cjs', 'many.cjs', 'files.cjs', 'history.cjs', 'runs.cjs'].map(name => `${name} ${Math.round(statSync(join(distFolder, name)).size / 1024)} KB`);
  process.stdout.write(`${sizes.join(', ')}\n`);
});
