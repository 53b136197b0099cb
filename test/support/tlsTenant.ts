/** A simulated tenant behind TLS with a latency, whose requests are seen from its side, whoever sends them. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { globalAgent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fetch from 'node-fetch';
import { startSimulator } from '../../src/simulator/index.ts';
import type { Plan } from '../../src/simulator/index.ts';
import { asObject, asObjects } from '../../src/auth0/json.ts';
import { makeAuthority, makeServerCertificate } from './certificates.ts';
import type { Pair } from './certificates.ts';

/** Milliseconds, where no other latency is asked for. */
export const LATENCY_MS = 50;
const HOST = 'localhost';

/** One request as it was seen by the service. Times are milliseconds since the epoch. */
export interface Seen {
  readonly method: string;
  /** Without `/api/v2/actions` and the query. */
  readonly path: string;
  /** The whole request is there, but for its body; the latency is still to come. */
  readonly arrivedAt: number;
  /** The answer has left. */
  answeredAt?: number;
  status?: number;
}

export interface TlsTenant {
  readonly url: string;
  readonly token: string;
  /** File of the authority that has signed its certificate. */
  readonly authorityFile: string;
  /** A folder of its own, which goes with it. */
  readonly folder: string;
  /** Requests to the API, in the order of their arrival. */
  readonly seen: Seen[];
  /** A request of control: neither delayed, nor paced, nor seen. */
  control(path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>>;
  /** What it has, without a request to the API; `live` is the number of the live version. */
  actions(): Promise<readonly { readonly id: string; readonly name: string; readonly live: number }[]>;
  close(): Promise<void>;
}

/** One for all, since two of one name could not be told apart. */
let authority: Promise<Pair> | undefined;
let running = 0;

/** Starts one, and makes this process believe its certificate until it is closed. */
export async function startTlsTenant({ plan, seed, latencyMs = LATENCY_MS, buildScale = 1 }: { readonly plan: Plan; readonly seed: string; readonly latencyMs?: number; readonly buildScale?: number }): Promise<TlsTenant> {
  authority ??= makeAuthority('Simulated tenants');
  const { cert } = await authority;
  const simulator = await startSimulator({ plan, seed, latencyMs, buildScale, tls: await makeServerCertificate(HOST, await authority) });
  const { port } = new URL(simulator.url);
  const url = `https://${HOST}:${port}`;
  const folder = mkdtempSync(join(tmpdir(), 'tls-tenant-'));
  const authorityFile = join(folder, 'authority.pem');
  writeFileSync(authorityFile, cert);
  running += 1;
  globalAgent.options.ca = cert;

  const seen: Seen[] = [];
  const open = new WeakMap<IncomingMessage, Seen>();
  const onRequest = (message: unknown): void => {
    const { request } = message as { readonly request: IncomingMessage };
    const path = /^\/api\/v2\/actions([^?]*)/u.exec(request.url ?? '')?.[1];
    if (path !== undefined && request.headers.host === `${HOST}:${port}`) {
      const one: Seen = { method: request.method ?? '', path, arrivedAt: Date.now() };
      open.set(request, one);
      seen.push(one);
    }
  };
  const onAnswer = (message: unknown): void => {
    const { request, response } = message as { readonly request: IncomingMessage; readonly response: ServerResponse };
    Object.assign(open.get(request) ?? {}, { answeredAt: Date.now(), status: response.statusCode });
  };
  subscribe('http.server.request.start', onRequest);
  subscribe('http.server.response.finish', onAnswer);

  const control = async (path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>> => {
    const answer = await fetch(`${url}/simulator/${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) {
      throw new Error(`${path}: ${answer.status} ${text}`);
    }
    return asObject(JSON.parse(text));
  };
  return {
    url,
    token: simulator.token,
    authorityFile,
    folder,
    seen,
    control,
    actions: async () => asObjects((await control('state'))['actions']).map(one => ({ id: String(one['id']), name: String(one['name']), live: Number(one['live_version_number'] ?? 0) })),
    close: async () => {
      unsubscribe('http.server.request.start', onRequest);
      unsubscribe('http.server.response.finish', onAnswer);
      running -= 1;
      globalAgent.options.ca = running === 0 ? undefined : cert;
      await simulator.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
