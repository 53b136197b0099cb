/** First rows of a tenant with 100 actions: requests, and time beyond what the server itself takes. */
import { Catalog } from '../../src/actions/catalog.ts';
import { systemClock } from '../../src/node/systemClock.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { lookOf } from '../../src/ui/tree/look.ts';
import { tenantChildren } from '../../src/ui/tree/rows.ts';
import { median, rounded } from './figures.ts';
import type { Figures } from './figures.ts';
import { benchTenant } from './tenant.ts';

const RUNS = 10;

export async function measureTree(): Promise<Figures> {
  const simulator = await startSimulator({ seed: '100-actions', plan: 'off' });
  try {
    const times: number[] = [];
    let requests = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const own = await serverTime(simulator);
      const tenant = benchTenant(simulator.url, simulator.token);
      const begun = performance.now();
      const catalog = new Catalog(tenant.ref, systemClock);
      await catalog.load();
      const facts = { now: Date.now(), onlyTenant: true, catalog: () => catalog, versions: () => undefined, deployment: () => undefined, failedVersion: () => undefined };
      const rows = tenantChildren(catalog).map(row => lookOf(row, facts));
      times.push(performance.now() - begun - own);
      requests = tenant.requests.length;
      if (rows.length < 100) {
        throw new Error(`${rows.length} rows instead of 100`);
      }
      catalog.dispose();
    }
    return { 'tree100.requests': { value: requests, unit: 'requests' }, 'tree100.ms': { value: rounded(median(times)), unit: 'ms' } };
  } finally {
    await simulator.close();
  }
}

/** What the same answer costs without any of our code. */
async function serverTime(simulator: { readonly url: string; readonly token: string }): Promise<number> {
  const begun = performance.now();
  const answer = await fetch(`${simulator.url}/api/v2/actions/actions?page=0&per_page=100`, { headers: { authorization: `Bearer ${simulator.token}` } });
  await answer.arrayBuffer();
  return performance.now() - begun;
}
