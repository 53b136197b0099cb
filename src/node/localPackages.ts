/**
 * Packages that an action requires: which of them a project has, and installing those that it lacks into a folder of the
 * extension, never into the project. npm runs with the person's own configuration: its folder has no `.npmrc`, and no
 * package runs a script.
 */
import { execFile } from 'node:child_process';
import { access, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { asObject, asText, parseJson } from '../auth0/json.ts';
import { firstAllowed, isBelow } from './programs.ts';
import { sha256 } from './thisMachine.ts';
import type { SearchOptions } from './programs.ts';

export interface Package {
  readonly name: string;
  readonly version?: string;
}

const NAME = /^(?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/u;
/** An exact version, or the one that the registry calls the latest: no address, no path. */
const VERSION = /^(?:\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?|latest)$/u;
const INSTALL_MS = 180_000;
/** How long what was the latest version is taken for it. */
const LATEST_MS = 7 * 24 * 3_600_000;

/** Whether npm can be asked for it: names and versions come from a tenant or a repository. */
export function isInstallable({ name, version = 'latest' }: Package): boolean {
  return name.length <= 214 && NAME.test(name) && VERSION.test(version);
}

/** The version of each package that a `require` in one of these files would find; nothing for those that are missing. */
export async function findPackages(names: readonly string[], roots: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(names.filter(name => NAME.test(name)).map(async name => [name, await versionOf(name, roots)] as const));
  return new Map(found.flatMap(([name, version]) => (version === undefined ? [] : [[name, version] as const])));
}

async function versionOf(name: string, roots: readonly string[]): Promise<string | undefined> {
  for (const root of roots) {
    for (let folder = dirname(root); ; folder = dirname(folder)) {
      const text = await readFile(join(folder, 'node_modules', ...name.split('/'), 'package.json'), 'utf8').catch(() => undefined);
      if (text !== undefined) {
        return asText(asObject(parseJson(text))['version']) ?? '?';
      }
      if (folder === dirname(folder)) {
        break;
      }
    }
  }
  return undefined;
}

/** The file from which these packages are found, where they were installed below `storage` before: exact versions for good, `latest` for a week. */
export async function installedPackages(storage: string, packages: readonly Package[]): Promise<string | undefined> {
  const file = join(folderOf(storage, packages), 'package.json');
  const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: -Infinity }));
  const oldest = packages.some(({ version = 'latest' }) => version === 'latest') ? Date.now() - LATEST_MS : 0;
  return mtimeMs >= oldest ? file : undefined;
}

function folderOf(storage: string, packages: readonly Package[]): string {
  const list = packages.map(({ name, version = 'latest' }) => `${name}@${version}`).sort();
  return join(storage, sha256(list.join(' ')).slice(0, 32));
}

/**
 * Installs packages into a folder of their own below `storage`, and returns the file from which they are found.
 * @throws Error with npm's own words where it fails, and where there is no npm.
 */
export async function installPackages(storage: string, packages: readonly Package[], search: SearchOptions, signal?: AbortSignal): Promise<string> {
  const wanted = packages.filter(isInstallable);
  const folder = folderOf(storage, wanted);
  const npm = await findNpm(search);
  if (npm === undefined) {
    throw new Error('npm was not found on the PATH');
  }
  const building = `${folder}.${process.pid}.new`;
  await rm(building, { recursive: true, force: true });
  await mkdir(building, { recursive: true });
  await writeFile(join(building, 'package.json'), JSON.stringify({ private: true, dependencies: Object.fromEntries(wanted.map(({ name, version = 'latest' }) => [name, version])) }));
  try {
    await runNpm(npm, building, search, signal);
    if ((await installedPackages(storage, wanted)) === undefined) {
      // What was the latest once.
      await rm(folder, { recursive: true, force: true });
    }
    await rename(building, folder);
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    // Another window may have been faster.
    if ((await installedPackages(storage, wanted)) === undefined) {
      throw error;
    }
  }
  return join(folder, 'package.json');
}

async function runNpm(npm: string, folder: string, { path, forbidden }: SearchOptions, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    execFile(process.execPath, [npm, 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--omit=dev', '--loglevel=error'], {
      cwd: folder,
      // npm's own: registries, proxies and tokens of the person. Not what would have Node load something else first.
      env: { ...process.env, NODE_OPTIONS: '', PATH: path.split(delimiter).filter(one => isAbsolute(one) && !forbidden.some(inner => isBelow(one, inner))).join(delimiter), ELECTRON_RUN_AS_NODE: '1' },
      timeout: INSTALL_MS,
      maxBuffer: 4 * 1024 * 1024,
      windowsHide: true,
      ...(signal === undefined ? {} : { signal }),
    }, (error, _stdout, stderr) => {
      if (error === null) {
        resolve();
      } else {
        reject(new Error(stderr.trim() === '' ? error.message : stderr.trim().slice(0, 2000), { cause: error }));
      }
    });
  });
}

/** npm's program in JavaScript, beside the command of that name. */
async function findNpm({ path, forbidden }: SearchOptions): Promise<string | undefined> {
  const folders = path.split(delimiter).filter(isAbsolute);
  return firstAllowed(folders.flatMap(folder => [join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'), join(folder, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'), join(folder, '..', 'share', 'nodejs', 'npm', 'bin', 'npm-cli.js')]), forbidden, exists);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false);
}
