// A lock between processes: a folder that only one of them can create. Two runs at once (a test run and a demo) share one installation.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 300;
/** The owner writes its process id right after it created the folder; without one for this long, it died in between. */
const NAMELESS_MS = 10_000;

/** Runs `work` while this process alone holds `folder`. A lock whose owner no longer runs is taken over. */
export async function withLock(folder, work) {
  mkdirSync(dirname(folder), { recursive: true });
  let told = false;
  while (!tryLock(folder)) {
    if (isStale(folder)) {
      rmSync(folder, { recursive: true, force: true });
      continue;
    }
    if (!told) {
      process.stderr.write('Another run is installing the same thing; waiting for it.\n');
      told = true;
    }
    await pause(POLL_MS);
  }
  const release = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

function tryLock(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code === 'EEXIST' || error.code === 'EPERM') {
      return false;
    }
    throw error;
  }
  writeFileSync(join(folder, 'owner'), String(process.pid));
  return true;
}

function isStale(folder) {
  try {
    const owner = Number(readFileSync(join(folder, 'owner'), 'utf8'));
    return Number.isInteger(owner) && owner > 0 && !isRunning(owner);
  } catch {
    try {
      return Date.now() - statSync(folder).mtimeMs > NAMELESS_MS;
    } catch {
      return false;
    }
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
