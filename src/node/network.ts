/**
 * The network bundle's entry: the vendor's SDK and node-fetch, loaded at the first call to a tenant.
 *
 * node-fetch rather than the built-in fetch, because its requests go through Node's `http` and `https`, into which
 * VS Code puts the user's proxy and certificate settings.
 */
import fetch from 'node-fetch';
import type { ManagementApi } from '../auth0/api.ts';
import type { Clock } from '../auth0/clock.ts';
import { createManagementApi } from '../auth0/managementApi.ts';
import { RequestLane } from '../auth0/requestLane.ts';
import type { RequestRecord, Send } from '../auth0/requestLane.ts';

/** No answer of this API is larger than a page of 100 actions with three copies of 100 kB of code each. */
const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;

export interface NetworkOptions {
  readonly origin: string;
  readonly token: () => Promise<string>;
  readonly clock: Clock;
  readonly userAgent: string;
  readonly onRequest?: (record: RequestRecord) => void;
  /** Deadline of one request in milliseconds, the whole answer included. */
  readonly timeoutMs?: number;
}

/** The calls of one tenant, over a request lane of its own. */
export function connectTenant(options: NetworkOptions): ManagementApi {
  const send: Send = (url, init) =>
    fetch(url, {
      method: init.method,
      // node-fetch closes the connection after each request unless told otherwise.
      headers: { ...init.headers, 'user-agent': options.userAgent, connection: 'keep-alive' },
      ...(init.body === undefined ? {} : { body: init.body }),
      signal: init.signal,
      redirect: 'manual',
      size: LARGEST_ANSWER_BYTES,
    });
  const lane = new RequestLane({
    send,
    clock: options.clock,
    ...(options.onRequest === undefined ? {} : { onRequest: options.onRequest }),
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
  });
  return createManagementApi({ origin: options.origin, lane, token: options.token });
}
