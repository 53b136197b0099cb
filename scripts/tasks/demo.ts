// `npm run demo`: the packaged extension with a simulated tenant, in a desktop VS Code where there is one, else as a page to open in a
// browser. `-- --browser` asks for the page, `--port N` fixes its port, `--version 1.100` takes the oldest VS Code that is supported.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installWorkbench, resolveVersion } from '../../test/workbench/install.ts';
import { filePath } from '../../test/workbench/page.ts';
import { installVsix, startServer } from '../../test/workbench/server.ts';
import { quietSettings } from '../../test/workbench/settings.ts';
import { demoFolder, demoWorkspace, freePort, packageDemoExtension } from '../lib/demo.ts';
import { desktopDemo, hasDesktop } from '../lib/desktopDemo.ts';
import { main, PlainError } from '../lib/main.ts';
import { packageExtension } from '../lib/package.ts';
import { onEnd } from '../lib/processes.ts';

main(async () => {
  const { values } = parseArgs({ options: { browser: { type: 'boolean' }, port: { type: 'string' }, version: { type: 'string' } } });
  const version = resolveVersion(values.version);
  const desktop = !values.browser && values.port === undefined && values.version === undefined && hasDesktop();
  process.stderr.write('Building and packaging the extension…\n');
  const [{ file }, demoExtension] = await Promise.all([packageExtension(), packageDemoExtension(), desktop ? undefined : installWorkbench(version)]);
  const workspace = demoWorkspace();
  if (desktop) {
    await desktopDemo(workspace, [file, demoExtension]);
    return;
  }
  await browserDemo(version, workspace, [file, demoExtension], values.port === undefined ? await freePort() : portOf(values.port));
});

async function browserDemo(version: string, workspace: string, packages: readonly string[], port: number): Promise<void> {
  const dataFolder = join(demoFolder, `data-${port}`);
  const clean = (): void => rmSync(dataFolder, { recursive: true, force: true, maxRetries: 3 });
  clean();
  const place = { server: await installWorkbench(version), dataFolder, logFile: join(demoFolder, `server-${port}.log`) };
  const stop = new Promise<void>(resolve => onEnd(resolve));
  try {
    for (const file of packages) {
      installVsix(place, file);
    }
    const server = await startServer({ ...place, port, settings: quietSettings });
    const address = `${server.url}/?folder=${encodeURIComponent(filePath(workspace)).replaceAll('%2F', '/')}`;
    await reachable(address);
    process.stdout.write(`Open ${address}\n`);
    process.stderr.write('Press Ctrl-C to end the demo.\n');
    await stop;
    await server.stop();
  } finally {
    clean();
  }
  process.exit(0);
}

async function reachable(address: string): Promise<void> {
  const { ok, status } = await fetch(address);
  if (!ok) {
    throw new Error(`VS Code's page answers with ${status}`);
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new PlainError(`--port takes a number from 1 to 65535, not "${text}".`);
  }
  return port;
}
