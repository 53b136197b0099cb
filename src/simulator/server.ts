/** The HTTP side: one server for the Management API, the token endpoint and control. Loopback only. */
import { createServer as createHttp } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { control } from './control.ts';
import type { Controlled } from './control.ts';
import { ApiFailure, ControlError, invalidBody, notFound, tooManyRequests } from './errors.ts';
import { FAULT_HEADER } from './faults.ts';
import type { Fault } from './faults.ts';
import type { RateLimit } from './rateLimit.ts';
import { ROUTES } from './routes.ts';
import type { Answer } from './route.ts';
import type { TrafficLog } from './trafficLog.ts';

const LARGEST_BODY = 1_000_000;
const SIGN_IN = '/oauth/';

export interface ServerParts extends Controlled {
  readonly rateLimit: RateLimit;
  readonly log: TrafficLog;
  readonly latencyMs: number;
  readonly wait: Wait;
  readonly tls: { readonly key: string; readonly cert: string } | undefined;
}

/** Resolves after `ms` milliseconds, never for `Infinity`. `request` is the one that waits. */
export type Wait = (ms: number, request: IncomingMessage) => Promise<unknown>;

export const waitForReal: Wait = ms => (ms === Number.POSITIVE_INFINITY ? new Promise(() => undefined) : sleep(ms, undefined, { ref: false }));

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** A server that is not listening yet. `parts` are asked for with each request, since the token needs the port. */
export function makeServer(tls: ServerParts['tls'], parts: () => ServerParts | undefined): Server {
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const ready = parts();
    if (ready === undefined) {
      response.destroy();
      return;
    }
    answer(ready, request, response).catch(() => response.destroy());
  };
  return tls === undefined ? createHttp(listener) : createHttps(tls, listener);
}

async function answer(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = URL.canParse(request.url ?? '/', 'http://simulator') ? new URL(request.url ?? '/', 'http://simulator') : new URL('http://simulator/');
  const exchange: Omit<Exchange, 'body'> = { method: request.method ?? 'GET', path: url.pathname, query: url.searchParams, request, response };
  const body = await readBody(request);
  if (url.pathname.startsWith('/simulator/')) {
    answerControl(parts, { ...exchange, body: body ?? '' });
  } else {
    await answerApi(parts, { ...exchange, body: body ?? '' }, body === undefined);
  }
}

function answerControl(parts: ServerParts, { method, path, body, response }: Exchange): void {
  let status = 200;
  let result: object;
  try {
    result = control(parts, method, path, body === '' ? undefined : JSON.parse(body));
  } catch (error) {
    status = 400;
    result = { error: error instanceof ControlError || error instanceof SyntaxError ? error.message : String(error) };
  }
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...dated(parts) }).end(JSON.stringify(result));
}

async function answerApi(parts: ServerParts, exchange: Exchange, tooLarge: boolean): Promise<void> {
  const { method, path, request } = exchange;
  if (parts.latencyMs > 0) {
    await sleep(parts.latencyMs, undefined, { ref: false });
  }
  // The bucket is the Management API's; signing in has limits of its own, which are not simulated.
  const limit = path.startsWith(SIGN_IN) ? { allowed: true, headers: {} } : parts.rateLimit.take();
  const headers = { 'content-type': 'application/json; charset=utf-8', ...limit.headers };
  const own = request.headers[FAULT_HEADER];
  const fault = limit.allowed ? parts.faults.take(method, path, typeof own === 'string' ? own : undefined) : undefined;
  if (fault === 'reset-before' || fault === 'hang') {
    record(parts, exchange, { status: 0, headers: {}, body: '' });
    if (fault === 'reset-before') {
      request.socket.destroy();
    } else {
      await parts.wait(Number.POSITIVE_INFINITY, request);
    }
    return;
  }
  if (typeof fault === 'object' && 'late' in fault) {
    await parts.wait(fault.late, request);
  }
  if (typeof fault === 'object' && 'status' in fault && fault.done !== true) {
    sendFault(parts, exchange, fault, headers);
    if (typeof fault.done !== 'number') {
      return;
    }
    await parts.wait(fault.done, request);
  }
  let result: Answer;
  try {
    if (!limit.allowed) {
      throw tooManyRequests();
    }
    result = tooLarge ? refuse(new ApiFailure(413, 'Request Entity Too Large', 'Payload content length greater than maximum allowed: 1000000')) : work(parts, exchange);
  } catch (error) {
    if (!(error instanceof ApiFailure)) {
      process.stderr.write(`simulator: ${method} ${path}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    }
    result = refuse(error);
  }
  if (exchange.response.writableEnded) {
    return;
  }
  const text = result.body === undefined ? '' : JSON.stringify(result.body);
  await deliver(parts, exchange, fault, result.status, headers, text);
}

/** Sends what was done, as the fault says. */
async function deliver(parts: ServerParts, exchange: Exchange, fault: Fault | undefined, status: number, headers: Readonly<Record<string, string>>, text: string): Promise<void> {
  const { request, response } = exchange;
  if (typeof fault === 'object' && 'status' in fault) {
    sendFault(parts, exchange, fault, headers);
  } else if (fault === 'reset-after') {
    record(parts, exchange, { status: 0, headers: {}, body: '' });
    request.socket.destroy();
  } else if (fault === 'truncate') {
    record(parts, exchange, { status, headers, body: text });
    const bytes = Buffer.from(text);
    response.writeHead(status, { ...dated(parts), ...headers, 'content-length': String(bytes.length) });
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => request.socket.destroy());
  } else if (fault === 'malformed') {
    send(parts, exchange, status, headers, text.slice(0, Math.floor(text.length / 2)) || '{');
  } else if (typeof fault === 'object' && 'drip' in fault) {
    record(parts, exchange, { status, headers, body: text });
    const bytes = Buffer.from(text);
    const half = Math.floor(bytes.length / 2);
    response.writeHead(status, { ...dated(parts), ...headers, 'content-length': String(bytes.length) });
    response.write(bytes.subarray(0, half));
    await parts.wait(fault.drip, request);
    response.end(bytes.subarray(half));
  } else {
    if (typeof fault === 'object' && 'delay' in fault) {
      await parts.wait(fault.delay, request);
    }
    // White space before JSON means nothing.
    send(parts, exchange, status, headers, typeof fault === 'object' && 'size' in fault ? text.padStart(fault.size) : text);
  }
}

function sendFault(parts: ServerParts, exchange: Exchange, fault: Extract<Fault, { readonly status: number }>, headers: Readonly<Record<string, string>>): void {
  const { status, body } = fault;
  send(parts, exchange, status, { ...headers, ...fault.headers }, body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
}

function work(parts: ServerParts, { method, path, query, body, request }: Exchange): Answer {
  const origin = `${parts.tls === undefined ? 'http' : 'https'}://${request.headers.host ?? '127.0.0.1'}`;
  if (path.startsWith(SIGN_IN)) {
    const answer = method === 'POST' ? parts.signIn.answer(path, origin, body) : undefined;
    if (answer === undefined) {
      throw notFound();
    }
    return answer;
  }
  const here = ROUTES.filter(route => route.path.test(path));
  const route = here.find(one => one.method === method);
  if (route === undefined) {
    throw notFound();
  }
  parts.access.check(request.headers.authorization, route.scopes);
  parts.features.check(path);
  const params = (route.path.exec(path) ?? []).slice(1).map(decode);
  return route.work({ tenant: parts.tenant, origin, query, body: parse(body), params });
}

function refuse(error: unknown): Answer {
  const failure = error instanceof ApiFailure ? error : new ApiFailure(500, 'Internal Server Error', 'An internal server error occurred');
  return { status: failure.status, body: failure.body };
}

function parse(body: string): unknown {
  if (body === '') {
    return undefined;
  }
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw invalidBody("The body is not valid JSON'.");
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The body as text; `undefined` for one that is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= LARGEST_BODY) {
      chunks.push(chunk);
    }
  }
  return size > LARGEST_BODY ? undefined : Buffer.concat(chunks).toString('utf8');
}

function send(parts: ServerParts, exchange: Exchange, status: number, headers: Readonly<Record<string, string>>, body: string): void {
  record(parts, exchange, { status, headers, body });
  exchange.response.writeHead(status, { ...dated(parts), ...headers }).end(status === 204 ? undefined : body);
}

/** By the service's clock; not part of the log, in which nothing depends on it. */
function dated(parts: ServerParts): { readonly date: string } {
  return { date: new Date(parts.clock.now()).toUTCString() };
}

function record(parts: ServerParts, { method, path, query, body }: Exchange, response: { status: number; headers: Readonly<Record<string, string>>; body: string }): void {
  parts.log.write({ method, path, query, requestBody: body, status: response.status, responseHeaders: response.headers, responseBody: response.body });
}
