// What both kinds of demo need: a folder to open, and a second extension that opens the demo tenant.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { PlainError } from './main.ts';
import { cacheFolder, root } from './project.ts';
import { runNode } from './processes.ts';

export const demoFolder = join(cacheFolder, 'demo');

const README = `# Demo workspace

The view **Actions for Auth0** in the activity bar shows a simulated tenant. Nothing here reaches a real one.

* Click an action to read its draft. Drafts are read-only for now: edit them in the Dashboard of a real tenant.
* The cloud button beside it deploys the draft. The status bar shows how far it is. Try **verify-email-domain**, whose next version fails.
* Expand an action for its versions. An older version's context menu rolls back to it; two selected ones compare.
* Deploy **new-idea**, then add it to its flow.
`;

/** An empty folder but for a note, as it was at every start. */
export function demoWorkspace(): string {
  const folder = join(demoFolder, 'workspace');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'README.md'), README);
  return folder;
}

/** Bundles and packages test/workbench/demo-extension. */
export async function packageDemoExtension(): Promise<string> {
  const source = join(root, 'test', 'workbench', 'demo-extension');
  const folder = join(demoFolder, 'extension');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await esbuild.build({ entryPoints: [join(source, 'extension.ts')], outfile: join(folder, 'extension.cjs'), bundle: true, platform: 'node', format: 'cjs', external: ['vscode'], logLevel: 'warning' });
  copyFileSync(join(source, 'package.json'), join(folder, 'package.json'));
  const file = join(demoFolder, 'demo-extension.vsix');
  const args = ['package', '--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', file];
  const { code, output } = await runNode([join(root, 'node_modules', '@vscode', 'vsce', 'vsce'), ...args], { cwd: folder, capture: true });
  if (code !== 0) {
    throw new PlainError(`The demo's own extension could not be packaged:\n${output.trim()}`);
  }
  return file;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
