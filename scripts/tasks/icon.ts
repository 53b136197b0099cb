// `node scripts/run.mjs icon`: draws media/icon.png from media/icon.svg. The marketplace takes no SVG.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPage } from '../../test/workbench/page.ts';
import { main } from '../lib/main.ts';
import { root } from '../lib/project.ts';

const SIZE = 256;

main(async () => {
  const svg = readFileSync(join(root, 'media', 'icon.svg'), 'utf8');
  const { page, close } = await openPage({ width: SIZE, height: SIZE });
  try {
    await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${svg}`);
    await page.screenshot({ path: join(root, 'media', 'icon.png'), omitBackground: true });
  } finally {
    await close();
  }
});
