/** Deploys 1,000 times as a window does, and prints what stays in the heap after a collection. */
import { Catalog } from '../../src/actions/catalog.ts';
import { Deployments } from '../../src/actions/deployments.ts';
import { connectTenant } from '../../src/node/network.ts';
import { fastClock } from '../support/fastClock.ts';
import { benchTenant } from './tenant.ts';

const DEPLOYMENTS = 1000;
/** As many are deployed before for nothing: what is compiled, and what the window keeps of the latest, is no growth. */
const REHEARSED = 100;
const AT_ONCE = 4;

const [url = '', token = ''] = process.argv.slice(2);
// Counted, not timed: the pace that a tenant is owed would take half an hour.
const clock = fastClock(1000);
const api = connectTenant({ origin: url, token: () => Promise.resolve(token), clock, userAgent: 'bench' });
const tenant = { ...benchTenant(url, token).ref, api: () => Promise.resolve(api) };
const catalog = new Catalog(tenant, clock);
const deployments = new Deployments({ clock, onAction: (_tenant, action) => catalog.put(action) });
await catalog.loadAll();
const actions = catalog.list().items;

async function deploy(count: number): Promise<void> {
  for (let index = 0; index < count; index += AT_ONCE) {
    const ended = await Promise.all(actions.slice(0, AT_ONCE).map((_, at) => {
      const { id, name } = actions[(index + at) % actions.length] ?? { id: '', name: '' };
      return deployments.deploy({ tenant, actionId: id, actionName: name });
    }));
    const wrong = ended.find(one => one.outcome?.kind !== 'live');
    if (wrong !== undefined) {
      throw new Error(JSON.stringify(wrong.outcome));
    }
  }
}

function heap(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

await deploy(REHEARSED);
const before = heap();
await deploy(DEPLOYMENTS);
process.stdout.write(`${JSON.stringify({ heapBytes: heap() - before })}\n`);
deployments.dispose();
catalog.dispose();
