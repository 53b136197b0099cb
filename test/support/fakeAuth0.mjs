// Stands for the vendor's command-line program in tests: the same flags, texts, streams and exit codes, with calls that
// go to a simulated tenant. Its settings are the JSON file named by the first argument.
import { appendFileSync, readFileSync } from 'node:fs';
import { isatty } from 'node:tty';

const [settingsFile, ...args] = process.argv.slice(2);
const settings = JSON.parse(readFileSync(settingsFile, 'utf8'));

const VALUE_FLAGS = new Set(['--tenant', '--data', '-d', '--query', '-q']);
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Whether the program is of this minor version of 1 or newer: what it does has changed with them. */
const since = minor => Number(settings.version.split('.')[1]) >= minor;

class Failure extends Error {}

function parse(list) {
  const words = [];
  const flags = new Map();
  for (let index = 0; index < list.length; index += 1) {
    const [name, inline] = list[index].startsWith('--') ? split(list[index]) : [list[index]];
    if (!name.startsWith('-')) {
      words.push(name);
    } else if (VALUE_FLAGS.has(name)) {
      const value = inline ?? list[(index += 1)];
      flags.set(name, [...(flags.get(name) ?? []), value]);
    } else {
      flags.set(name, [inline ?? 'true']);
    }
  }
  const value = (...names) => names.flatMap(name => flags.get(name) ?? []);
  return { words, value, has: name => flags.has(name) && flags.get(name)[0] !== 'false' };
}

function split(text) {
  const at = text.indexOf('=');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** The program reads to the end of what is piped in, also where --data is given, but never for GET. */
async function readInput() {
  const chunks = [];
  if (!isatty(0)) {
    for await (const chunk of process.stdin) {
      chunks.push(chunk);
    }
  }
  return Buffer.concat(chunks);
}

/** The length of what came in is kept, never its content; values of --data are left out too. */
function record(input) {
  const shown = args.map((one, index) => (args[index - 1] === '--data' || args[index - 1] === '-d' ? '…' : one.replace(/^--data=.*/su, '--data=…')));
  appendFileSync(settings.log, `${JSON.stringify({ args: shown, inputBytes: input })}\n`);
}

/** Colours only where the stream is a terminal. */
function json(value, indent) {
  process.stdout.write(JSON.stringify(value, undefined, indent));
  if (isatty(1)) {
    process.stderr.write('\n');
  }
}

async function checkSession(tenant, noInput) {
  if (settings.noConfig === true) {
    throw new Failure('config.json file is missing');
  }
  if (settings.tenants.length === 0) {
    throw new Failure('not logged in. Try `auth0 login`');
  }
  if (!settings.tenants.includes(tenant)) {
    throw new Failure(`failed to find tenant: ${tenant}. Run 'auth0 tenants list' to see your configured tenants or run 'auth0 login' to configure a new tenant`);
  }
  if (settings.expired === true) {
    process.stderr.write(' ▸    Your user login session has expired.\n ▸    Please log in to re-authorize the CLI.\n\n');
    if (!noInput || !since(31)) {
      // It begins a login of its own, and waits for a person in front of a browser.
      setInterval(() => undefined, 60_000);
      return new Promise(() => undefined);
    }
    throw new Failure("auth token expired and --no-input is set; run 'auth0 login' to re-authenticate");
  }
}

async function api({ words, value, has }) {
  const rest = words.slice(1);
  const data = value('--data', '-d').at(-1) ?? '';
  const tenant = value('--tenant').at(-1) ?? settings.tenants[0];
  const method = rest.length === 1 ? (data === '' ? 'GET' : 'POST') : (rest[0] ?? '').toUpperCase();
  if (!METHODS.includes(method)) {
    throw new Failure(`failed to parse command inputs: invalid method given: ${method}, accepting only ${METHODS.join(', ')}`);
  }
  const input = method === 'GET' ? Buffer.alloc(0) : await readInput();
  record(input.length);
  await checkSession(tenant, has('--no-input'));
  const body = data !== '' ? data : input.toString('utf8');
  const url = new URL(`${settings.simulatorUrl}/api/v2/${(rest.at(-1) ?? '').replace(/^\/+|\/+$/gu, '')}`);
  for (const pair of value('--query', '-q').flatMap(one => (one.split('=').length > 2 ? one.split(',') : [one]))) {
    const [name, text = ''] = split(pair);
    url.searchParams.set(name, text);
  }
  if (body !== '') {
    try {
      JSON.parse(body);
    } catch (error) {
      throw new Failure(`failed to parse command inputs: invalid JSON data provided: ${error.message}`);
    }
  }
  await print(await send(method, url, body));
}

/** The program's own client repeats writes too: up to three more times after these and lost connections, and after a 429 without end. */
const REPEATED = new Set([500, 502, 503, 504, 524]);
const MOST_REPEATS = 3;

async function send(method, url, body) {
  for (let repeats = 0; ; ) {
    let problem;
    try {
      const answer = await fetch(url, { method, headers: { authorization: `Bearer ${settings.token}`, ...(body === '' ? {} : { 'content-type': 'application/json' }) }, ...(body === '' ? {} : { body }) });
      if (answer.status !== 429 && (!REPEATED.has(answer.status) || repeats === MOST_REPEATS)) {
        return answer;
      }
      await answer.arrayBuffer();
      repeats += answer.status === 429 ? 0 : 1;
    } catch (error) {
      problem = error;
    }
    if (problem !== undefined) {
      if (repeats === MOST_REPEATS) {
        throw new Failure(`failed to send request: ${method} "${url}": ${problem.cause?.code ?? problem.message}`);
      }
      repeats += 1;
    }
    await new Promise(resolve => setTimeout(resolve, settings.retryPauseMs));
  }
}

async function print(answer) {
  let text = await answer.text();
  if (answer.status === 403) {
    const { errorCode, message = '' } = text === '' ? {} : JSON.parse(text);
    if (errorCode === 'insufficient_scope') {
      const scope = message.split('Insufficient scope, expected any of: ')[1]?.split(',')[0] ?? '';
      throw new Failure(`request failed because access token lacks scope: ${scope}.\n If authenticated via client credentials, add this scope to the designated client. If authenticated as a user, request this scope during login by running \`auth0 login --scopes ${scope}\``);
    }
    // The look at the scope has used up the body: nothing of it is left to print.
    text = '';
  }
  if (answer.status >= 400 && since(32)) {
    throw new Failure(`API request failed: ${text.trim() || answer.statusText}`);
  }
  if (text === '') {
    return;
  }
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Failure(`failed to prepare json output: ${error.message}`);
  }
  json(value, 2);
}

function tenants({ value, has }) {
  record(0);
  if (settings.noConfig === true) {
    throw new Failure('failed to load tenants: config.json file is missing');
  }
  // Nobody logged in: an empty list, and exit code 0.
  const active = value('--tenant').at(-1) ?? settings.tenants[0];
  const list = settings.tenants.map(name => (since(17) ? { active: name === active, name } : name));
  if (has('--json')) {
    json(list, 4);
  } else if (has('--json-compact')) {
    json(list, undefined);
  } else {
    process.stdout.write(`  ACTIVE  TENANT\n${settings.tenants.map(name => `          ${name}\n`).join('')}`);
  }
}

async function run() {
  const parsed = parse(args);
  if (settings.misbehave === 'hang') {
    record(0);
    setInterval(() => undefined, 60_000);
    return;
  }
  if (settings.misbehave === 'crash') {
    record(0);
    process.kill(process.pid, 'SIGKILL');
    return;
  }
  if (settings.misbehave === 'garbage') {
    record(0);
    process.stdout.write('\u0000\u001b[31m<html>not json');
    return;
  }
  if (settings.notice !== undefined) {
    process.stderr.write(`${settings.notice}\n`);
  }
  if (parsed.has('--version') || parsed.has('-v')) {
    record(0);
    process.stdout.write(`auth0 version ${settings.version} 0123456789abcdef\n`);
  } else if (parsed.words[0] === 'api') {
    await api(parsed);
  } else if (parsed.words[0] === 'tenants' && ['list', 'ls'].includes(parsed.words[1])) {
    tenants(parsed);
  } else {
    throw new Failure(`unknown command "${parsed.words[0] ?? ''}" for "auth0"`);
  }
}

run().catch(error => {
  const message = error instanceof Failure ? error.message : String(error.stack);
  process.stderr.write(`\n=== ${parse(args).value('--tenant').at(-1) ?? settings.tenants[0] ?? ''} error\n\n ▸    ${message[0].toUpperCase()}${message.slice(1)}.\n\n`);
  process.exitCode = 1;
});
