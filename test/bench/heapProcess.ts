/** Lists a tenant's actions to the end, as the tree does, and prints what that added to the heap after a collection. */
import { Catalog } from '../../src/actions/catalog.ts';
import { systemClock } from '../../src/node/systemClock.ts';
import { lookOf } from '../../src/ui/tree/look.ts';
import { RowCache, tenantChildren } from '../../src/ui/tree/rows.ts';
import { benchTenant } from './tenant.ts';

const [url = '', token = ''] = process.argv.slice(2);

/** Bytes of live objects. */
function heap(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

// Once for nothing: what is compiled and cached with the first list is not what a list costs.
const rehearsal = new Catalog(benchTenant(url, token).ref, systemClock);
await rehearsal.loadAll();
rehearsal.dispose();
const tenant = benchTenant(url, token);
const before = heap();
const catalog = new Catalog(tenant.ref, systemClock);
const begun = performance.now();
const first = await catalog.load();
const firstMs = performance.now() - begun;
const all = await catalog.loadAll();
const allMs = performance.now() - begun;
const drawing = performance.now();
const cache = new RowCache();
const facts = { now: Date.now(), onlyTenant: true, catalog: () => catalog, versions: () => undefined, deployment: () => undefined, failedVersion: () => undefined };
const rows = tenantChildren(catalog).map(row => lookOf(cache.of(row), facts));
const findMs = performance.now() - drawing;
const heapBytes = heap() - before;
if (first.items.length < 100 || all.items.length !== 1000 || rows.length !== 1000 || all.error !== undefined) {
  throw new Error(`${first.items.length} first, ${all.items.length} in all, ${rows.length} rows`);
}
catalog.dispose();
process.stdout.write(`${JSON.stringify({ heapBytes, firstMs, allMs, findMs })}\n`);
