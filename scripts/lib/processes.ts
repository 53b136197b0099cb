// Child processes that end when they should: with their children, and not after us.
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';

/** How long a child that was told to end may take for it. */
const ENDING_MS = 10_000;

export interface Finished { readonly code: number; readonly output: string }

/** Runs a script with this Node. The output is shown, or with `capture` kept for later. */
export async function runNode(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv; capture?: boolean; timeoutMs?: number } = {}): Promise<Finished> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    env: process.env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    stdio: options.capture ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
  });
  return finished(child, options.timeoutMs);
}

function finished(child: ChildProcess, timeoutMs: number | undefined): Promise<Finished> {
  let output = '';
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (output += data.toString()));
  return new Promise((resolve, reject) => {
    // A script that is told to end passes that on, and ends when its child has: what the child started ends with it.
    const forward = (): void => void child.kill('SIGTERM');
    process.once('SIGTERM', forward);
    const end = (code: number | null, signal: NodeJS.Signals | null): void => {
      clearTimeout(timer);
      process.off('SIGTERM', forward);
      resolve({ code: code ?? (signal ? 1 : 0), output });
    };
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => {
      output += `\nEnded after ${timeoutMs / 1000} s without a result.`;
      process.stderr.write(`Ended after ${timeoutMs / 1000} s without a result.\n`);
      // Whatever of its children stays may keep its output open for ever.
      child.once('exit', end);
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), ENDING_MS).unref();
    }, timeoutMs);
    child.on('error', reject);
    child.on('close', end);
  });
}

/** A process with everything it starts, as one group that can be ended as a whole. */
export interface ProcessTree { readonly child: ChildProcess; end(): Promise<void> }

const trees = new Set<ChildProcess>();

/** Starts a program as a group of its own. Whatever is left of it ends when this process ends. */
export function startTree(command: string, args: readonly string[], options: SpawnOptions): ProcessTree {
  const child = spawn(command, args, { ...options, detached: process.platform !== 'win32', windowsHide: true });
  trees.add(child);
  const closed = new Promise<void>(resolve => child.once('exit', () => resolve()));
  return {
    child,
    async end(): Promise<void> {
      kill(child, 'SIGTERM');
      const late = setTimeout(() => kill(child, 'SIGKILL'), 3000);
      await (child.exitCode === null && child.signalCode === null ? closed : undefined);
      clearTimeout(late);
      // The leader is gone; a child that ignored the polite signal is not.
      kill(child, 'SIGKILL');
      trees.delete(child);
    },
  };
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) {
    return;
  }
  try {
    if (process.platform === 'win32') {
      execFileSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    } else {
      process.kill(-child.pid, signal);
    }
  } catch {
    // Already gone.
  }
}

process.on('exit', () => {
  for (const child of trees) {
    kill(child, 'SIGKILL');
  }
});

/** Calls `stop` once on Ctrl-C, on a polite end, and when the script that started this task disappears. */
export function onEnd(stop: () => void): void {
  let ended = false;
  const once = (): void => {
    if (!ended) {
      ended = true;
      stop();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, once);
  }
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) {
      once();
    }
  }, 1000).unref();
}
