/**
 * Runs of actions on this machine, seen from the extension: a process of its own for each, started with the Node that the
 * extension itself runs on, with an environment of a few plain variables and the order through a pipe. Nothing that a
 * workspace says decides which program that is.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { parseEnv } from 'node:util';
import { RunReport } from '../actions/runs/localReport.ts';
import type { RunnerOrder } from '../actions/runs/localReport.ts';
import { RUN_LIMIT_MS } from '../actions/runs/localRun.ts';
import type { LocalRunResult } from '../actions/runs/localRun.ts';
import { findProgram } from './programs.ts';

export { findPackages, installPackages, installedPackages, isInstallable } from './localPackages.ts';

/** The Node that runs happen on. */
export const nodeVersion = process.versions.node;

/** The variables of a `.env` file. */
export function readEnvFile(text: string): Readonly<Record<string, string | undefined>> {
  return parseEnv(text);
}

export interface RunOptions {
  /** Path of dist/runner.cjs. */
  readonly runner: string;
  /** Ends the run; its result is then `stopped`. */
  readonly signal?: AbortSignal;
  /** Milliseconds in each handler, before and after a redirect. */
  readonly limitMs?: number;
}

/** Of the environment, what a program needs to find its way on the machine. Nothing that a person may have put a token into. */
const PLAIN = /^(?:PATH|HOME|USERPROFILE|HOMEDRIVE|HOMEPATH|TMPDIR|TEMP|TMP|LANG|LANGUAGE|LC_\w+|TZ|SystemRoot|SystemDrive|windir|ComSpec|PATHEXT|APPDATA|LOCALAPPDATA|ProgramData|ProgramFiles|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR)$/iu;

/** Characters of what is printed past the console. */
const MOST_OUTPUT = 64_000;
/** Milliseconds in which the pipes of a process that is done or gone are read to their end, where somebody else holds them, too. */
const LAST_WORDS_MS = 1000;
/** Milliseconds for Node to start, before the limit counts. */
const START_MS = 10_000;

export function plainEnvironment(environment: Readonly<Record<string, string | undefined>> = process.env): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => (value !== undefined && PLAIN.test(name) ? [[name, value]] : [])));
}

/** Runs an order. Never rejects for what the code does; rejects where no process can be started. */
export async function runLocally(order: RunnerOrder, { runner, signal, limitMs = RUN_LIMIT_MS }: RunOptions): Promise<LocalRunResult> {
  const report = new RunReport(order);
  if (signal?.aborted === true) {
    return report.result({ end: 'stopped' });
  }
  const word = randomBytes(16).toString('hex');
  const child = spawn(process.execPath, [runner], {
    cwd: dirname(order.path),
    env: { ...plainEnvironment(), ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // A group of its own, so that what the code has started ends with it.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const { kill, release } = ending(child);
  return new Promise((resolve, reject) => {
    let timer = setTimeout(() => end({ end: 'timedOut' }), START_MS + limitMs);
    const stop = (): void => end({ end: 'stopped' });
    const end = (how?: Parameters<RunReport['result']>[0]): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      kill();
      resolve(report.result(how));
    };
    signal?.addEventListener('abort', stop, { once: true });
    child.once('error', error => {
      clearTimeout(timer);
      release();
      reject(error);
    });
    const again = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => end({ end: 'timedOut' }), limitMs);
    };
    const lastWords = (then: () => void): void => {
      clearTimeout(timer);
      timer = setTimeout(then, LAST_WORDS_MS);
    };
    const pipe = child.stdio[3] as Duplex;
    receive(pipe, word, json => {
      const kind = report.take(json);
      // A redirect parts a run in two.
      if (kind === 'loading' || (kind === 'handler' && report.handlers > 1)) {
        again();
      } else if (kind === 'done') {
        // What was printed past the console may be on its way still.
        signal?.removeEventListener('abort', stop);
        lastWords(end);
      }
    });
    let printed = 0;
    for (const [stream, level] of [[child.stdout, 'stdout'], [child.stderr, 'stderr']] as const) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        report.output(level, text.slice(0, MOST_OUTPUT - printed));
        printed = Math.min(MOST_OUTPUT, printed + text.length);
      });
    }
    const exited = (exitCode: number | null, by: string | null): void => end({ ...(exitCode === null ? {} : { exitCode }), ...(by === null ? {} : { signal: by }) });
    child.once('exit', (exitCode, by) => {
      // What it has started may hold its pipes open.
      killGroup(child);
      lastWords(() => exited(exitCode, by));
    });
    // When its pipes are read to their end.
    child.once('close', exited);
    pipe.on('error', () => undefined);
    pipe.write(`${JSON.stringify({ word, order, lastMs: START_MS + 3 * limitMs })}\n`);
  });
}

/** What a process and its window need of each other: the process ends with the window. */
function ending(child: ChildProcess): { readonly kill: () => void; readonly release: () => void } {
  const release = (): void => void process.off('exit', kill);
  const kill = (): void => {
    release();
    killGroup(child);
  };
  process.on('exit', kill);
  return { kill, release };
}

/** Ends a process and everything it has started. */
function killGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) {
    return;
  }
  try {
    if (process.platform === 'win32') {
      spawn(join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'taskkill.exe'), ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).on('error', () => child.kill('SIGKILL'));
    } else {
      process.kill(-pid, 'SIGKILL');
    }
  } catch {
    // It has ended already, with everything it had started.
  }
}

/** Lines that begin with the word that only our program knows. */
function receive(stream: Duplex, word: string, take: (json: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter(one => one.startsWith(`${word} `))) {
      take(line.slice(word.length + 1));
    }
  });
}

export interface DebugRun {
  /** What the debugger starts, and how. */
  readonly launch: {
    readonly program: string;
    readonly args: readonly string[];
    readonly runtimeExecutable: string;
    readonly cwd: string;
    /** `null` takes a variable out of the environment that the debugger would hand on. */
    readonly env: Readonly<Record<string, string | null>>;
    /** The port is opened by the program itself, where it takes no options from its environment. */
    readonly attachSimplePort?: number;
  };
  /** Resolves when the program has said that it is done, or is gone. */
  readonly ended: Promise<LocalRunResult>;
  /** The debugger has ended: a program that never came will not come any more. */
  close(): void;
}

/** Waits for a program under a debugger to fetch this order. There is no limit of time. */
export async function openDebugRun(order: RunnerOrder, { runner, path, forbidden }: { readonly runner: string; readonly path: string; readonly forbidden: readonly string[] }): Promise<DebugRun> {
  const report = new RunReport(order);
  const word = randomBytes(16).toString('hex');
  const name = `auth0-actions-${randomBytes(12).toString('hex')}`;
  // A folder that only this person can open.
  const folder = process.platform === 'win32' ? undefined : await mkdtemp(join(tmpdir(), 'auth0-actions-'));
  const address = folder === undefined ? `\\\\.\\pipe\\${name}` : join(folder, 'run');
  const server = createServer();
  let finish: (result: LocalRunResult) => void = () => undefined;
  const ended = new Promise<LocalRunResult>(resolve => {
    finish = resolve;
  });
  const tidy = (): void => {
    server.close();
    if (folder !== undefined) {
      rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
  };
  let fetched = false;
  server.once('connection', (socket: Socket) => {
    // One program, one order.
    fetched = true;
    tidy();
    socket.on('error', () => undefined);
    receive(socket, word, json => void report.take(json));
    // A debugger that is stopped takes the process away without a word.
    socket.once('close', () => finish(report.result(report.isOver ? undefined : { end: 'stopped' })));
    socket.write(`${JSON.stringify({ word, order, host: process.pid })}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(address, resolve);
  });
  const inElectron = process.versions['electron'] !== undefined;
  const node = inElectron ? await findProgram('node', { path, forbidden }) : process.execPath;
  return {
    launch: {
      program: runner,
      args: [address],
      cwd: dirname(order.path),
      runtimeExecutable: node ?? process.execPath,
      env: { ...Object.fromEntries(Object.keys(process.env).map(one => [one, null])), ...plainEnvironment(), ...(node === undefined ? { ELECTRON_RUN_AS_NODE: '1' } : {}) },
      ...(node === undefined ? { attachSimplePort: 0 } : {}),
    },
    ended,
    close: () => {
      tidy();
      if (!fetched) {
        finish(report.result({ end: 'stopped' }));
      }
    },
  };
}
