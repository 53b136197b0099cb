/**
 * A simulated tenant over HTTP, on this machine only: to try the extension, to learn, to work offline, and to test
 * against. It behaves as the real service was recorded to behave.
 */
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { ALL_SCOPES, Access } from './access.ts';
import { ServiceClock } from './clock.ts';
import { Faults } from './faults.ts';
import { Features } from './features.ts';
import { RateLimit } from './rateLimit.ts';
import type { Plan } from './rateLimit.ts';
import { seedData } from './seeds/index.ts';
import { makeServer, waitForReal } from './server.ts';
import type { ServerParts, Wait } from './server.ts';
import { SignIn } from './signIn.ts';
import type { Application } from './signIn.ts';
import { Tenant } from './tenant.ts';
import { Times } from './times.ts';
import { TrafficLog } from './trafficLog.ts';

export type { Plan } from './rateLimit.ts';
export type { Application } from './signIn.ts';

const TOKEN_LIFETIME_S = 86_400;

export interface SimulatorOptions {
  /** 0 or nothing for any free port. */
  readonly port?: number;
  /** The token to accept; one with readable claims is made where none is given. */
  readonly token?: string;
  /** Scopes of the token, separated by spaces; all where none are given. */
  readonly scopes?: string;
  /** Default `off`: no limit. */
  readonly plan?: Plan;
  /** `demo` (default), `empty`, `N-actions` or `N-actions-M-versions`. */
  readonly seed?: string;
  /** Factor on build times; 0 builds at once. Default 1. */
  readonly buildScale?: number;
  /** Milliseconds before each answer of the API. */
  readonly latencyMs?: number;
  /** File that gets one interaction a line. */
  readonly trafficLog?: string;
  /** PEM texts. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Applications beside `simulator`, whose secret is the token. */
  readonly applications?: readonly Application[];
  /** Identifier of the API where it is not this host's: that is so behind a custom domain. Default `{url}/api/v2/`. */
  readonly audience?: string;
  /** Seconds that a token is good for after signing in. Default 86,400. The start token is good as long as the tenant runs. */
  readonly tokenLifetimeS?: number;
  /** Milliseconds that the service's clock is ahead of this machine's; negative where it is behind. */
  readonly clockSkewMs?: number;
  /** Milliseconds since the epoch; for tests. */
  readonly now?: () => number;
  /** How a fault of a request waits, in milliseconds (`Infinity` for one that hangs); for tests. Default: by this machine's clock. */
  readonly wait?: Wait;
}

export interface RunningSimulator {
  readonly url: string;
  readonly token: string;
  /** Ends it at once, whatever is under way. */
  close(): Promise<void>;
}

/**
 * Starts a simulated tenant; resolves when it accepts connections.
 * @throws Error for a seed that does not exist, a port in use, or a log that cannot be written.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const now = options.now ?? Date.now;
  const clock = new ServiceClock(now, options.clockSkewMs ?? 0);
  const times = new Times(now, () => clock.now());
  const buildScale = options.buildScale ?? 1;
  const seed = options.seed ?? 'demo';
  const tenant = new Tenant(seedData(seed, times, buildScale), times, buildScale);
  const log = new TrafficLog(options.trafficLog);
  const ready: { parts?: ServerParts } = {};
  const server = makeServer(options.tls, () => ready.parts);
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const url = `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  const audience = options.audience ?? `${url}/api/v2/`;
  const access = new Access({ token: options.token, scopes: options.scopes ?? ALL_SCOPES, origin: url, audience, lifetimeS: options.tokenLifetimeS ?? TOKEN_LIFETIME_S, clock });
  const signIn = new SignIn(access, clock, options.applications ?? []);
  const features = new Features();
  const faults = new Faults();
  const rateLimit = new RateLimit(options.plan ?? 'off', now);
  ready.parts = {
    tenant,
    access,
    signIn,
    clock,
    features,
    log,
    faults,
    rateLimit,
    latencyMs: options.latencyMs ?? 0,
    wait: options.wait ?? waitForReal,
    tls: options.tls,
    reset: named => {
      tenant.data = seedData(named ?? seed, times, buildScale);
      faults.replace([]);
      rateLimit.refill();
      for (const part of [clock, access, signIn, features]) {
        part.reset();
      }
    },
  };
  return { url, token: access.token, close: () => close(server) };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
