// `npm run soak`: hours of use in minutes, from one seed. `-- --seed N` repeats a run, `-- --steps N` makes it shorter or longer. Everything else is in test/soak.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { main } from '../lib/main.ts';
import { runNode } from '../lib/processes.ts';
import { root } from '../lib/project.ts';

/** Registered first: what draws does so with a stand-in for VS Code. */
const stub = pathToFileURL(join(root, 'test', 'support', 'vscodeStub.ts')).href;

main(async () => {
  const { code } = await runNode(['--expose-gc', '--import', stub, join(root, 'test', 'soak', 'main.ts'), ...process.argv.slice(2)], { cwd: root });
  process.exitCode = code;
});
