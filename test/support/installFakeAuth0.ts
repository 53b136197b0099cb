/** Puts a program `auth0` into a folder that behaves like the vendor's, against a simulated tenant. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface FakeAuth0Options {
  readonly simulatorUrl: string;
  /** What its session sends to the simulated tenant. */
  readonly token: string;
  /** Domains that somebody is logged in to; the first is the default. None: logged out. */
  readonly tenants: readonly string[];
  /** Nobody has ever logged in. */
  readonly noConfig?: boolean;
  /** The session has expired. */
  readonly expired?: boolean;
  readonly misbehave?: 'hang' | 'crash' | 'garbage';
  /** A line on stderr with every call, as of an update. */
  readonly notice?: string;
  /**
   * Default 1.33.0. Before 1.32 an HTTP error prints its body and ends in exit code 0, before 1.31 an expired session
   * begins a login even with `--no-input`, and before 1.17 the list of tenants is one of names alone.
   */
  readonly version?: string;
  /** Milliseconds between attempts of its own; the program waits seconds. Default 10. */
  readonly retryPauseMs?: number;
}

export interface FakeAuth0 {
  /** Full path of the program. */
  readonly program: string;
  /** How it was called so far; content of standard input and of --data is not kept. */
  invocations(): readonly { readonly args: readonly string[]; readonly inputBytes: number }[];
  /** Other settings from the next call on. */
  change(options: Partial<FakeAuth0Options>): void;
}

/** Writes `auth0` and `auth0.cmd` into a folder that exists. Runs with the Node.js that runs the tests. */
export function installFakeAuth0(folder: string, options: FakeAuth0Options): FakeAuth0 {
  const settings = join(folder, 'fakeAuth0.json');
  const log = join(folder, 'fakeAuth0.log');
  const script = fileURLToPath(new URL('./fakeAuth0.mjs', import.meta.url));
  let all: object = { version: '1.33.0', retryPauseMs: 10, log, ...options };
  writeFileSync(settings, JSON.stringify(all));
  const program = join(folder, process.platform === 'win32' ? 'auth0.cmd' : 'auth0');
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  // ELECTRON_RUN_AS_NODE: in an extension host the Node.js at hand is the editor itself.
  writeFileSync(join(folder, 'auth0'), `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${[process.execPath, script, settings].map(quoted).join(' ')} "$@"\n`);
  chmodSync(join(folder, 'auth0'), 0o755);
  writeFileSync(join(folder, 'auth0.cmd'), `@echo off\r\nset ELECTRON_RUN_AS_NODE=1\r\n"${process.execPath}" "${script}" "${settings}" %*\r\n`);
  return {
    program,
    invocations: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').map(line => JSON.parse(line) as { args: string[]; inputBytes: number }) : []),
    change: options => {
      all = { ...all, ...options };
      writeFileSync(settings, JSON.stringify(all));
    },
  };
}
