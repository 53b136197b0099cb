/** The network bundle's entry: the vendor's SDK, node-fetch, signing and the vendor's program, loaded at the first call to a tenant. */
import { parseEnv } from 'node:util';
import type { ManagementApi, TokenSupply } from '../auth0/api.ts';
import type { Clock } from '../auth0/clock.ts';
import { asObject, parseJson } from '../auth0/json.ts';
import { createManagementApi } from '../auth0/managementApi.ts';
import { RequestLane } from '../auth0/requestLane.ts';
import type { RequestRecord, Send } from '../auth0/requestLane.ts';
import type { SignInPorts } from '../tenants/credentials/credential.ts';
import { ProgramGate, programSend } from './auth0Cli.ts';
import { sendWith } from './send.ts';
import { signToken } from './signToken.ts';

export { findProgram, programTenants } from './auth0Cli.ts';
export { npmRegistry } from './registry.ts';

/** What all connections to a tenant have. */
interface LaneParts {
  readonly clock: Clock;
  readonly userAgent: string;
  readonly onRequest?: (record: RequestRecord) => void;
  /** Deadline of one request in milliseconds, the whole answer included. */
  readonly timeoutMs?: number;
}

export interface NetworkOptions extends LaneParts {
  readonly origin: string;
  readonly token: TokenSupply;
  readonly onSignedOut?: () => void;
}

export interface ProgramOptions extends LaneParts {
  readonly origin: string;
  /** As the program names the tenant. */
  readonly host: string;
  /**
   * The program's path, asked for with each request.
   * @throws ApiError where no program may be run, or none is there.
   */
  readonly program: () => Promise<string>;
  readonly onSignedOut?: () => void;
}

/** The calls of one tenant, over a request lane of its own. */
export function connectTenant(options: NetworkOptions): ManagementApi {
  return overLane(options, sendWith(options.userAgent), options.token);
}

/** The same through the vendor's program. It tells nothing of the rate limit, so the lane stays at a free plan's pace. */
export function connectProgram(options: ProgramOptions): ManagementApi {
  return overLane(options, programSend(options.program, options.host, new ProgramGate()), () => Promise.resolve('of-the-program'));
}

function overLane(options: LaneParts & { origin: string; onSignedOut?: () => void }, send: Send, token: TokenSupply): ManagementApi {
  return createManagementApi({
    origin: options.origin,
    lane: makeLane(options, send),
    token,
    clock: options.clock,
    ...(options.onSignedOut === undefined ? {} : { onSignedOut: options.onSignedOut }),
  });
}

function makeLane(options: LaneParts, send: Send): RequestLane {
  return new RequestLane({
    send,
    clock: options.clock,
    ...(options.onRequest === undefined ? {} : { onRequest: options.onRequest }),
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
  });
}

/** Signing in: through a lane as well, for its deadline, its refusal of redirects, and its errors. */
export function signInPorts(options: LaneParts): SignInPorts {
  const lane = makeLane(options, sendWith(options.userAgent));
  return {
    post: async (origin, path, fields, signal) => {
      const answer = await lane.request({
        method: 'POST',
        url: `${origin}${path}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: new URLSearchParams(fields).toString(),
        ...(signal === undefined ? {} : { signal }),
      });
      return asObject(parseJson(answer.body));
    },
    sign: signToken,
    now: () => options.clock.now(),
  };
}

/** The variables of a `.env` file. */
export function readEnvFile(text: string): Readonly<Record<string, string | undefined>> {
  return parseEnv(text);
}
