// Stands in for the vendor's command-line program: `auth0 api …` and `auth0 tenants list`, with a session for a simulated tenant. It does what
// the real one does: bodies from standard input, HTTP errors printed with exit code 0, its own errors on standard error. What it should do
// is in fake-auth0.json beside it: { url, token, tenants, mode }. Each run adds a line to fake-auth0.log: its arguments, and how long its input was.
import { appendFileSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const folder = dirname(process.argv[1]);
const { url, token, tenants, mode } = JSON.parse(readFileSync(join(folder, 'fake-auth0.json'), 'utf8'));
const args = process.argv.slice(2);
const input = readFileSync(0, 'utf8');
appendFileSync(join(folder, 'fake-auth0.log'), `${JSON.stringify({ args, input: input.length })}\n`);

const fail = text => {
  process.stderr.write(` ▸ ${text}\n`);
  process.exit(1);
};
const flag = name => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);

switch (mode) {
  case 'hang': await new Promise(resolve => setTimeout(resolve, 600_000)); break;
  case 'crash': process.kill(process.pid, 'SIGKILL'); break;
  case 'garbage': process.stdout.write('Thank you for using this program.\n'); process.exit(0); break;
  case 'signedOut': fail('failed to authenticate: Not logged in. Try `auth0 login`.'); break;
  default:
}

if (args[0] === 'tenants' && args[1] === 'list') {
  if (tenants.length === 0) {
    fail('Not logged in. Try `auth0 login`.');
  }
  process.stdout.write(`${JSON.stringify(tenants.map((name, index) => ({ active: index === 0, name })), undefined, 2)}\n`);
} else if (args[0] === 'api') {
  if (!tenants.includes(flag('--tenant'))) {
    fail(`failed to find tenant: ${flag('--tenant')}. Run 'auth0 login' to configure it`);
  }
  const method = args[1].toUpperCase();
  const answer = await fetch(`${url}/api/v2/${args[2].replace(/^\/|\/$/gu, '')}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(input === '' ? {} : { body: JSON.stringify(JSON.parse(input)) }),
  }).catch(error => fail(`failed to send request: ${error.message}`));
  const text = await answer.text();
  const body = text === '' ? undefined : JSON.parse(text);
  if (answer.status === 403 && body?.errorCode === 'insufficient_scope') {
    const scope = body.message.split('expected any of: ')[1].split(',')[0];
    fail(`request failed because access token lacks scope: ${scope}.\n If authenticated via client credentials, add this scope to the designated client.`);
  }
  process.stderr.write(' ▸ A new version of this program is out.\n');
  process.stdout.write(body === undefined ? '' : `${JSON.stringify(body, undefined, 2)}\n`);
} else {
  fail(`unknown command "${args[0]}" for "auth0"`);
}
