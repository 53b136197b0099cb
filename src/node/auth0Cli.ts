/**
 * The vendor's program as a way to send: each request is a run of `auth0 api`, with the session that it keeps. Bodies
 * go through standard input, since the arguments of a process can be seen by others. The program never tells the status
 * of an answer: before 1.32 it prints the body of an error like any other and ends with 0, since then it quotes the body
 * in a message of its own and ends with 1. So the status is read from the body, wherever that is.
 *
 * The program sends a request again by itself where the service answers 5xx or the connection breaks, writes included,
 * and nothing turns that off. "Sent once" cannot be promised on this way in; its choice says so to the person.
 */
import { execFile } from 'node:child_process';
import { ApiError } from '../auth0/errors.ts';
import { asNumber, asObject, asText, parseJson } from '../auth0/json.ts';
import type { RawAnswer, Send } from '../auth0/requestLane.ts';
import { findProgram as findOnPath, firstAllowed, isProgram } from './programs.ts';

const LARGEST_OUTPUT_BYTES = 64 * 1024 * 1024;
const ABOUT_PROGRAM = { method: 'GET', path: '/api/v2/actions' };

/** No colours, no wait for telemetry at its end, and none of the habits that it has beside a coding agent. */
const QUIET = { CLICOLOR_FORCE: '0', NO_COLOR: '1', AUTH0_CLI_ANALYTICS: 'false', AUTH0_AGENT_MODE: 'false' };

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One run after the other: each would read and may renew the same session. */
export class ProgramGate {
  #last: Promise<unknown> = Promise.resolve();

  async pass<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/**
 * Where the program is: the configured path, or the first on the PATH. Never below one of `forbidden` (the folders of
 * the workspace), through links either; relative entries of the PATH do not count; on Windows only what needs no shell.
 * @returns its absolute path, or `undefined`.
 */
export async function findProgram(options: { readonly configured: string; readonly path: string; readonly forbidden: readonly string[] }): Promise<string | undefined> {
  return options.configured === '' ? findOnPath('auth0', options) : firstAllowed([options.configured], options.forbidden, isProgram);
}

/** Hosts that the program has a session for. @throws ApiError where it does not tell. */
export async function programTenants(program: string, signal?: AbortSignal): Promise<readonly string[]> {
  const ended = await runProgram(program, ['tenants', 'list', '--json', '--no-input'], undefined, signal);
  if (ended.code !== 0) {
    throw failureOf(ended);
  }
  // An empty list is told in words.
  const json = parseJson(ended.stdout);
  // Before 1.17 it is a list of names alone.
  const names: readonly unknown[] = Array.isArray(json) ? json : [];
  return names.flatMap(entry => asText(entry) ?? asText(asObject(entry)['name']) ?? []);
}

/** The lane's way to send through the program. `program` is asked with each request, since trust may end meanwhile. */
export function programSend(program: () => Promise<string>, host: string, gate: ProgramGate): Send {
  return async (url, init) => {
    const { pathname, search } = new URL(url);
    const path = pathname.replace(/^\/api\/v2\//u, '');
    const args = ['api', init.method.toLowerCase(), `${path}${search}`, '--tenant', host, '--no-input', '--no-color', ...(init.method === 'DELETE' ? ['--force'] : [])];
    const ended = await gate.pass(async () => runProgram(await program(), args, init.body, init.signal));
    return answerOf(ended, init.method);
  };
}

async function runProgram(program: string, args: readonly string[], input: string | undefined, signal?: AbortSignal): Promise<Ended> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...args],
      { ...(signal === undefined ? {} : { signal }), env: { ...process.env, ...QUIET }, maxBuffer: LARGEST_OUTPUT_BYTES, windowsHide: true, encoding: 'utf8' },
      (error, stdout, stderr) => {
        const code: unknown = error?.code;
        if (error === null) {
          resolve({ code: 0, stdout, stderr });
        } else if (typeof code === 'number') {
          resolve({ code, stdout, stderr });
        } else {
          // It could not be started, or it was ended, or printed too much: then what the service did is unknown.
          const isMissing = code === 'ENOENT' || code === 'EACCES';
          reject(new ApiError(signal?.aborted === true ? 'cancelled' : 'network', { ...ABOUT_PROGRAM, unsent: isMissing, signIn: isMissing ? 'noProgram' : 'programFailed', ...(typeof code === 'string' ? { serviceMessage: code } : {}) }));
        }
      },
    );
    // The program may end without reading its input.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}

/** What the program printed, as the answer of the service that it came from. */
function answerOf(ended: Ended, method: string): RawAnswer {
  if (ended.code !== 0) {
    const scopes = /lacks scope: ([\w:-]+)/iu.exec(ended.stderr)?.[1];
    if (scopes !== undefined) {
      return answer(403, JSON.stringify({ statusCode: 403, error: 'Forbidden', message: `Insufficient scope, expected any of: ${scopes}`, errorCode: 'insufficient_scope' }));
    }
    const quoted = /\{.*\}/su.exec(ended.stderr)?.[0];
    const status = asNumber(asObject(quoted === undefined ? undefined : parseJson(quoted))['statusCode']);
    if (quoted !== undefined && status !== undefined && status >= 400) {
      return answer(status, quoted);
    }
    if (/request failed: forbidden/iu.test(ended.stderr)) {
      return answer(403, JSON.stringify({ statusCode: 403, error: 'Forbidden', message: 'Forbidden' }));
    }
    throw failureOf(ended);
  }
  const text = ended.stdout.trim();
  if (text === '') {
    // The program prints nothing for a body that is empty.
    return answer(method === 'GET' ? 200 : 204, '');
  }
  const json = asObject(parseJson(text));
  const status = asNumber(json['statusCode']);
  // `statusCode` beside an error's text is the service's form of an error; no resource has both.
  const failed = status !== undefined && status >= 400 && status < 600 && asText(json['message']) !== undefined;
  return answer(failed ? status : 200, text);
}

function answer(status: number, body: string): RawAnswer {
  return { status, headers: { get: () => null }, text: () => Promise.resolve(body) };
}

/** Its texts are for people, and change: they tell only whether it has a session. */
function failureOf(ended: Ended): ApiError {
  const text = ended.stderr.split('\n').map(line => line.trim()).filter(line => line !== '').join(' ').slice(0, 300);
  const signedOut = /auth0 login|auth0 tenants list|not logged in|config\.json|access token using client credentials|token is corrupted|expired/iu.test(text);
  return signedOut
    ? new ApiError('auth', { ...ABOUT_PROGRAM, signIn: 'programSignedOut' })
    : new ApiError('network', { ...ABOUT_PROGRAM, signIn: 'programFailed', ...(text === '' ? {} : { serviceMessage: text }) });
}
