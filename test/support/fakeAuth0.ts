import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface FakeAuth0 {
  readonly url: string;
  readonly token: string;
  /** Hosts that it has a session for. */
  readonly tenants: readonly string[];
  readonly mode?: 'hang' | 'crash' | 'garbage' | 'signedOut';
}

/** Puts the program into a folder as `auth0`, and returns its path. Not for Windows, where only an `.exe` is run. */
export function installFakeAuth0(folder: string, options: FakeAuth0): string {
  copyFileSync(join(dirname(fileURLToPath(import.meta.url)), 'fakeAuth0.mjs'), join(folder, 'fakeAuth0.mjs'));
  writeFileSync(join(folder, 'fake-auth0.json'), JSON.stringify(options));
  const program = join(folder, 'auth0');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${join(folder, 'fakeAuth0.mjs')}' "$@"\n`);
  chmodSync(program, 0o755);
  return program;
}

/** Its runs so far: what it was called with, and how many characters came through its standard input. */
export function runsOf(folder: string): readonly { readonly args: readonly string[]; readonly input: number }[] {
  const file = join(folder, 'fake-auth0.log');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(line => JSON.parse(line) as { args: string[]; input: number }) : [];
}
