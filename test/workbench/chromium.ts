// A browser for the workbench's page: one the machine has, else Debian's package, else one line that says what to install.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { withLock } from '../../scripts/lib/lock.mjs';
import { PlainError } from '../../scripts/lib/main.ts';
import { cacheFolder } from '../../scripts/lib/project.ts';

const ON_PATH = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'microsoft-edge-stable'];
const MAC = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(name => `/Applications/${name}.app/Contents/MacOS/${name}`);
const WINDOWS = ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe', 'Chromium/Application/chrome.exe'];

/** The path of a Chromium, Chrome or Edge; on Debian as root it is installed when there is none. */
export async function ensureChromium(): Promise<string> {
  const found = findChromium();
  if (found !== undefined) {
    return found;
  }
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    await withLock(join(cacheFolder, 'chromium.lock'), async () => {
      if (findChromium() === undefined) {
        process.stderr.write("Installing Debian's package chromium (once)…\n");
        aptInstall();
      }
      await Promise.resolve();
    });
    const installed = findChromium();
    if (installed !== undefined) {
      return installed;
    }
  }
  throw new PlainError('No Chromium, Chrome or Edge was found: install one (on Debian and Ubuntu: apt-get install chromium), or set CHROME_PATH to its program.');
}

function findChromium(): string | undefined {
  const named = process.env.CHROME_PATH;
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const candidates: Partial<Record<NodeJS.Platform, string[]>> = {
    darwin: MAC,
    win32: [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA].filter(folder => folder !== undefined).flatMap(folder => WINDOWS.map(path => join(folder, path))),
  };
  const places = candidates[process.platform] ?? ON_PATH.flatMap(name => folders.map(folder => join(folder, name)));
  return [...(named ? [named] : []), ...places].find(file => existsSync(file));
}

/** apt's own output goes to stderr: a task's stdout stays the task's. */
function aptInstall(): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]): boolean => spawnSync('apt-get', args, { env, stdio: ['ignore', 2, 2] }).status === 0;
  // One list of packages that cannot be fetched fails the update, but seldom the installation.
  apt('update', '-qq');
  if (!apt('install', '-y', '-qq', '--no-install-recommends', 'chromium')) {
    throw new PlainError("apt-get could not install Chromium: install it by hand, or set CHROME_PATH to a browser's program.");
  }
}
