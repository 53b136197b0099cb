/** First rows of a tenant with 100 actions, and one row that is refreshed: requests, and time beyond what the server itself takes. */
import { Catalog } from '../../src/actions/catalog.ts';
import { systemClock } from '../../src/node/systemClock.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { lookOf } from '../../src/ui/tree/look.ts';
import type { LookFacts } from '../../src/ui/tree/look.ts';
import { tenantChildren } from '../../src/ui/tree/rows.ts';
import { median, rounded } from './figures.ts';
import type { Figures } from './figures.ts';
import { benchTenant } from './tenant.ts';

const RUNS = 10;
const LIST = '?page=0&per_page=100';
const drawn = (catalog: Catalog): LookFacts => ({ now: Date.now(), onlyTenant: true, catalog: () => catalog, versions: () => undefined, deployment: () => undefined, failedVersion: () => undefined });

export async function measureTree(): Promise<Figures> {
  const simulator = await startSimulator({ seed: '100-actions', plan: 'enterprise' });
  try {
    const times: number[] = [];
    let requests = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const own = await serverTime(simulator, LIST);
      const tenant = benchTenant(simulator.url, simulator.token);
      const begun = performance.now();
      const catalog = new Catalog(tenant.ref, systemClock);
      await catalog.load();
      const rows = tenantChildren(catalog).map(row => lookOf(row, drawn(catalog)));
      times.push(performance.now() - begun - own);
      requests = tenant.requests.length;
      if (rows.length < 100) {
        throw new Error(`${rows.length} rows instead of 100`);
      }
      catalog.dispose();
    }
    return {
      'tree100.requests': { value: requests, unit: 'requests' },
      'tree100.ms': { value: rounded(median(times)), unit: 'ms' },
      'tree.row.ms': { value: rounded(median(await rowTimes(simulator))), unit: 'ms' },
    };
  } finally {
    await simulator.close();
  }
}

/** From the command to refresh one of the rows to what the row then looks like. */
async function rowTimes(simulator: { readonly url: string; readonly token: string }): Promise<readonly number[]> {
  const catalog = new Catalog(benchTenant(simulator.url, simulator.token).ref, systemClock);
  await catalog.load();
  const times: number[] = [];
  for (const row of tenantChildren(catalog).slice(0, RUNS)) {
    if (row.kind !== 'action') {
      throw new Error(`a row of an action was expected, not ${row.kind}`);
    }
    const own = await serverTime(simulator, `/${row.actionId}`);
    const begun = performance.now();
    await catalog.refreshAction(row.actionId);
    lookOf(row, drawn(catalog));
    times.push(performance.now() - begun - own);
  }
  catalog.dispose();
  return times;
}

/** What the same answer costs without any of our code. `rest` follows the address of all actions. */
async function serverTime(simulator: { readonly url: string; readonly token: string }, rest: string): Promise<number> {
  const begun = performance.now();
  const answer = await fetch(`${simulator.url}/api/v2/actions/actions${rest}`, { headers: { authorization: `Bearer ${simulator.token}` } });
  await answer.arrayBuffer();
  return performance.now() - begun;
}
