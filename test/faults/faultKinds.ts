/** Everything that can go wrong with a request, by name. */

/** Where a fault is made: by the service on the one request, on the way to it, or by the machine's clock. */
export type FaultSource =
  /** A fault of the simulator, as the request carries it. `now` is the service's time. */
  | { readonly service: (now: number) => unknown }
  /** The request goes to an origin that is not the service. */
  | { readonly origin: 'noSuchHost' | 'closedPort' | 'untrusted' }
  /** The client's clock is set when the request is sent, by this many milliseconds. */
  | { readonly leapMs: number };

const html = { body: '<!doctype html><title>Sign in to the network</title>', headers: { 'content-type': 'text/html' } };
const error = (statusCode: number, message: string, errorCode?: string): object => ({ status: statusCode, body: { statusCode, error: 'Error', message, ...(errorCode === undefined ? {} : { errorCode }) } });
const limited = (headers: Readonly<Record<string, string>> = {}): object => ({ ...error(429, 'Global limit has been reached', 'too_many_requests'), headers });
const always = (fault: unknown): FaultSource => ({ service: () => fault });

/** More than the harness's client takes, and less. */
export const LARGEST_ANSWER_BYTES = 50_000;

export const FAULTS: Readonly<Record<string, FaultSource>> = {
  '400': always(error(400, 'Something about it is wrong.')),
  '401': always(error(401, 'Invalid token')),
  '403 scope': always(error(403, 'Insufficient scope, expected any of: create:actions', 'insufficient_scope')),
  '403 page': always({ status: 403, ...html }),
  '404': always(error(404, 'Not Found')),
  '408': always({ status: 408 }),
  '409': always(error(409, 'Conflict')),
  '412': always({ status: 412 }),
  '429 bare': always({ status: 429 }),
  '429 seconds': always(limited({ 'retry-after': '2' })),
  '429 an hour': always(limited({ 'retry-after': '3600' })),
  '429 date': { service: now => limited({ 'retry-after': new Date(now + 4000).toUTCString() }) },
  '429 reset': { service: now => limited({ 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.ceil(now / 1000) + 3) }) },
  '500': always(error(500, 'An internal server error occurred')),
  '500 acted': always({ ...error(500, 'An internal server error occurred'), done: true }),
  '502': always({ status: 502, ...html }),
  '502 acted': always({ status: 502, ...html, done: true }),
  '503': always({ status: 503 }),
  '503 seconds': always({ status: 503, headers: { 'retry-after': '5' } }),
  '504 acted': always({ status: 504, done: true }),
  '504 acts in 20 s': always({ status: 504, done: 20_000 }),
  'reset before': always('reset-before'),
  'reset after': always('reset-after'),
  'hang': always('hang'),
  'truncated': always('truncate'),
  'malformed': always('malformed'),
  'page': always({ status: 200, ...html }),
  'page acted': always({ status: 200, ...html, done: true }),
  'other JSON': always({ status: 200, body: { ok: true } }),
  'other JSON acted': always({ status: 200, body: [], done: true }),
  'no content': always({ status: 204 }),
  'redirect': always({ status: 302, headers: { location: 'https://example.com/' } }),
  'slow': always({ delay: 5000 }),
  'slower than waited for': always({ delay: 40_000 }),
  'acts late': always({ late: 35_000 }),
  'acts very late': always({ late: 45_000 }),
  'slow body': always({ drip: 5000 }),
  'endless body': always({ drip: 90_000 }),
  'large body': always({ size: LARGEST_ANSWER_BYTES / 2 }),
  'huge body': always({ size: LARGEST_ANSWER_BYTES * 2 }),
  'unknown host': { origin: 'noSuchHost' },
  'closed port': { origin: 'closedPort' },
  'untrusted certificate': { origin: 'untrusted' },
  'clock ahead': { leapMs: 3_600_000 },
  'clock behind': { leapMs: -3_600_000 },
  'clock 5 min ahead': { leapMs: 300_000 },
  'clock 5 min behind': { leapMs: -300_000 },
  // As long as a read may take: by the time of day it cannot be told from one.
  'clock 80 s ahead': { leapMs: 80_000 },
};
