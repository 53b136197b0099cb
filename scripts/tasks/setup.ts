// `npm run setup`: everything that tests and the demo need, so that they start at once later. run.mjs has done Node and the dependencies.
import { ensureChromium } from '../../test/workbench/chromium.ts';
import { installWorkbench, versions } from '../../test/workbench/install.ts';
import { main } from '../lib/main.ts';

main(async () => {
  for (const version of versions) {
    await installWorkbench(version);
  }
  const browser = await ensureChromium();
  process.stdout.write(`Ready: Node ${process.versions.node}, VS Code ${versions.join(' and ')}, browser ${browser}\n`);
});
