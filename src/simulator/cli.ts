/** `npm run --silent simulator -- …`: a simulated tenant on its own. Prints one line of JSON when it is ready. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startSimulator } from './index.ts';
import type { Application, Plan, SimulatorOptions } from './index.ts';

const HELP = `npm run --silent simulator -- [options]

  --port N             port on this machine (default: any free one)
  --token T            access token to accept (default: one is made)
  --scopes "A B"       its scopes (default: all of actions, and read:logs)
  --plan P             free, professional, enterprise or off (default: off)
  --seed S             demo, empty, N-actions or N-actions-M-versions (default: demo)
  --build-scale X      factor on build times, 0 builds at once (default: 1)
  --latency MS         milliseconds before each answer (default: 0)
  --traffic-log FILE   one interaction a line
  --tls-key F --tls-cert F   PEM files: https instead of http
  --client ID:SECRET   an application that may sign in (may be given more than once)
  --audience A         identifier of the API, as behind a custom domain (default: this host's)
  --token-lifetime S   seconds that tokens from signing in are good for (default: 86400)
  --clock-skew MS      milliseconds that the tenant's clock is ahead; behind: --clock-skew=-MS (default: 0)

POST /oauth/token takes the client credentials "simulator" and the access token as its secret.
`;

const PLANS: ReadonlySet<string> = new Set(['free', 'professional', 'enterprise', 'off']);

const MOST_SKEW_MS = 86_400_000;

class UsageError extends Error {}

/** Runs until SIGINT or SIGTERM. Exit code 2 for options that make no sense, 1 where it cannot start. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const options = readOptions(args);
    if (options === undefined) {
      process.stdout.write(HELP);
      return;
    }
    const simulator = await startSimulator(options);
    process.stdout.write(`${JSON.stringify({ url: simulator.url, token: simulator.token })}\n`);
    const end = (): void => {
      void simulator.close().then(() => process.exit(0));
    };
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
  } catch (error) {
    const code = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' ? 'The port is in use: choose another with --port.' : undefined;
    process.stderr.write(`simulator: ${code ?? (error instanceof Error ? error.message : String(error))}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

function readOptions(args: readonly string[]): SimulatorOptions | undefined {
  const values = parse(args);
  if (values.help === true) {
    return undefined;
  }
  const { plan, 'tls-key': key, 'tls-cert': cert } = values;
  if (plan !== undefined && !PLANS.has(plan)) {
    throw new UsageError(`--plan is one of ${[...PLANS].join(', ')}, not ${plan}.`);
  }
  if ((key === undefined) !== (cert === undefined)) {
    throw new UsageError('--tls-key and --tls-cert go together.');
  }
  const port = number('port', values.port, 65_535);
  const buildScale = number('build-scale', values['build-scale'], 1000);
  const latencyMs = number('latency', values.latency, 600_000);
  const tokenLifetimeS = number('token-lifetime', values['token-lifetime'], 2_592_000);
  const clockSkewMs = number('clock-skew', values['clock-skew'], MOST_SKEW_MS, -MOST_SKEW_MS);
  return {
    ...(port === undefined ? {} : { port }),
    ...(values.token === undefined ? {} : { token: values.token }),
    ...(values.scopes === undefined ? {} : { scopes: values.scopes }),
    ...(plan === undefined ? {} : { plan: plan as Plan }),
    ...(values.seed === undefined ? {} : { seed: values.seed }),
    ...(buildScale === undefined ? {} : { buildScale }),
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(values['traffic-log'] === undefined ? {} : { trafficLog: values['traffic-log'] }),
    ...(values.client === undefined ? {} : { applications: values.client.map(readApplication) }),
    ...(values.audience === undefined ? {} : { audience: values.audience }),
    ...(tokenLifetimeS === undefined ? {} : { tokenLifetimeS }),
    ...(clockSkewMs === undefined ? {} : { clockSkewMs }),
    ...(key === undefined || cert === undefined ? {} : { tls: { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') } }),
  };
}

function readApplication(text: string): Application {
  const [, clientId, clientSecret] = /^([^:]+):(.+)$/u.exec(text) ?? [];
  if (clientId === undefined || clientSecret === undefined) {
    throw new UsageError('--client is an id and a secret with a colon between them.');
  }
  return { clientId, clientSecret };
}

function parse(args: readonly string[]): ReturnType<typeof parseCommandLine>['values'] {
  try {
    return parseCommandLine(args).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function parseCommandLine(args: readonly string[]) {
  const text = { type: 'string' } as const;
  return parseArgs({
    args: [...args],
    options: { help: { type: 'boolean' }, port: text, token: text, scopes: text, plan: text, seed: text, 'build-scale': text, latency: text, 'traffic-log': text, 'tls-key': text, 'tls-cert': text, client: { type: 'string', multiple: true }, audience: text, 'token-lifetime': text, 'clock-skew': text },
  });
}

function number(name: string, text: string | undefined, most: number, least = 0): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < least || value > most) {
    throw new UsageError(`--${name} is a number from ${least} to ${most}, not ${text}.`);
  }
  return value;
}
