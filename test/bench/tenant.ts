/** The extension's own way to a simulated tenant, outside VS Code: the real network client, lane and catalog. */
import type { ManagementApi } from '../../src/auth0/api.ts';
import type { TenantRef } from '../../src/auth0/tenantRef.ts';
import { connectTenant } from '../../src/node/network.ts';
import { systemClock } from '../../src/node/systemClock.ts';
import type { RequestRecord } from '../../src/auth0/requestLane.ts';

/** A tenant whose requests are recorded. */
export function benchTenant(url: string, token: string): { readonly ref: TenantRef; readonly requests: RequestRecord[]; readonly api: ManagementApi } {
  const requests: RequestRecord[] = [];
  const api = connectTenant({ origin: url, token: () => Promise.resolve(token), clock: systemClock, userAgent: 'bench', onRequest: record => requests.push(record) });
  const host = new URL(url).host;
  return { api, requests, ref: { id: host, name: host, host, isDemo: false, isProtected: false, api: () => Promise.resolve(api) } };
}

/** Numbers from 0 up to 1 that are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
