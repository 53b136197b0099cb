// A real VS Code from a package registry: the package `code-server` carries VS Code's own server and web workbench under lib/vscode.
// Nothing is compiled: the server starts without its native modules, and says so in its log.
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../../scripts/lib/lock.mjs';
import { findNpm, runNpm } from '../../scripts/lib/npm.mjs';
import { cacheFolder } from '../../scripts/lib/project.ts';

/** VS Code's version → the package's. The first is the default; the last the oldest one that the manifest allows. */
const PACKAGES: Readonly<Record<string, string>> = { '1.139.1': '4.139.1', '1.100.3': '4.100.3' };
export const versions = Object.keys(PACKAGES);
export const newest = '1.139.1';
export const oldest = '1.100.3';

/** A full version for what a person types: `1.100` means 1.100.3. */
export function resolveVersion(wanted: string | undefined): string {
  const found = wanted === undefined ? newest : versions.find(version => version === wanted || version.startsWith(`${wanted}.`));
  if (found === undefined) {
    throw new Error(`There is no workbench ${wanted ?? ''}. Known: ${versions.join(', ')}`);
  }
  return found;
}

/** The folder of the server (`lib/vscode`), installed when it is missing or incomplete. */
export async function installWorkbench(version: string): Promise<string> {
  const parent = join(cacheFolder, 'workbench');
  const folder = join(parent, version);
  const server = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  if (isComplete(folder, version)) {
    return server;
  }
  await withLock(join(parent, `${version}.lock`), async () => {
    if (isComplete(folder, version)) {
      return;
    }
    process.stderr.write(`Installing VS Code ${version} for tests and the demo (once, about 600 MB)…\n`);
    // Built beside its place and renamed at the end, so that the place never holds half of it.
    const partial = join(parent, `${version}.partial`);
    for (const leftover of [partial, folder]) {
      rmSync(leftover, { recursive: true, force: true });
    }
    mkdirSync(partial, { recursive: true });
    writeFileSync(join(partial, 'package.json'), '{ "private": true }\n');
    const npm = (cwd: string, ...args: string[]): Promise<void> => runNpm(`Installing VS Code ${version}`, process.execPath, findNpm(), [...args, '--ignore-scripts'], { cwd });
    await npm(partial, 'install', '--no-package-lock', `code-server@${PACKAGES[version] ?? version}`);
    const inside = join(partial, 'node_modules', 'code-server', 'lib', 'vscode');
    await npm(inside, 'install', '--omit=dev');
    // The TypeScript language service, which colours and checks JavaScript documents.
    await npm(join(inside, 'extensions'), 'install', '--omit=dev');
    await addSearch(inside, (name, cwd) => npm(cwd, 'install', '--no-package-lock', '--no-save', name), partial);
    writeFileSync(join(partial, 'complete'), version);
    renameSync(partial, folder);
  });
  return server;
}

/** Where older versions look for the program that searches files, and whether it is there. Newer ones bring it along. */
function searchProgram(inside: string): { readonly folder: string; readonly isMissing: boolean } {
  const owner = join(inside, 'node_modules', '@vscode', 'ripgrep');
  return { folder: join(owner, 'bin'), isMissing: existsSync(owner) && !existsSync(join(owner, 'bin', PROGRAM)) };
}

const PROGRAM = process.platform === 'win32' ? 'rg.exe' : 'rg';

/** Its own installation would download the program from elsewhere; a package of the registry has it, too. */
async function addSearch(inside: string, install: (name: string, cwd: string) => Promise<void>, cwd: string): Promise<void> {
  const { folder, isMissing } = searchProgram(inside);
  if (isMissing) {
    const name = `@vscode/ripgrep-${process.platform}-${process.arch}`;
    await install(`${name}@1.18.0`, cwd);
    mkdirSync(folder, { recursive: true });
    copyFileSync(join(cwd, 'node_modules', name, 'bin', PROGRAM), join(folder, PROGRAM));
  }
}

function isComplete(folder: string, version: string): boolean {
  const stamp = join(folder, 'complete');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === version && existsSync(join(folder, 'node_modules', 'code-server', 'lib', 'vscode', 'out', 'server-main.js')) && !searchProgram(join(folder, 'node_modules', 'code-server', 'lib', 'vscode')).isMissing;
}
