// node_modules as package-lock.json says, whatever state it is found in.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { runNpm } from './npm.mjs';

/** Written last, so it is there only after an installation that came to its end. */
const STAMP = '.installed-from-lockfile';

/** Installs the locked dependencies unless they are there. */
export async function ensureDependencies(root, node, npm, env) {
  if (isInstalled(root)) {
    return;
  }
  await withLock(join(root, '.cache', 'dependencies.lock'), async () => {
    if (isInstalled(root)) {
      return;
    }
    process.stderr.write('Installing the dependencies…\n');
    rmSync(join(root, 'node_modules', STAMP), { force: true });
    const install = () => runNpm('Installing the dependencies', node, npm, ['ci', '--ignore-scripts'], { cwd: root, env });
    try {
      await install();
    } catch (error) {
      if (!/ENOTEMPTY|EEXIST|EINTEGRITY|ENOTDIR|EISDIR/.test(String(error))) {
        throw error;
      }
      // Left over from a run that was ended half-way: begin from nothing, once.
      rmSync(join(root, 'node_modules'), { recursive: true, force: true });
      await install();
    }
    writeFileSync(join(root, 'node_modules', STAMP), state(root));
  });
}

function isInstalled(root) {
  try {
    const { devDependencies = {}, dependencies = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    return readFileSync(join(root, 'node_modules', STAMP), 'utf8') === state(root)
      && Object.keys({ ...dependencies, ...devDependencies }).every(name => existsSync(join(root, 'node_modules', name, 'package.json')));
  } catch {
    return false;
  }
}

/** Some packages bring a binary per platform, so a folder that is shared between two machines fits only one of them. */
function state(root) {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
  return `${hash} ${process.platform}-${process.arch}\n`;
}
