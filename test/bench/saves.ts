/** What a save takes, and two people on one draft in every order, through the real client. */
import { connectTenant } from '../../src/node/network.ts';
import { systemClock } from '../../src/node/systemClock.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import type { ConflictChoice } from '../../src/actions/saveRun.ts';
import type { ManagementApi } from '../../src/auth0/api.ts';
import { fastClock } from '../support/fastClock.ts';
import { Editor } from '../unit/support/editor.ts';
import { saveOrders } from '../unit/support/saveOrders.ts';
import type { Figures } from './figures.ts';
import { median, rounded } from './figures.ts';
import { benchTenant } from './tenant.ts';

const SAVES = 20;
const CHOICES: readonly ConflictChoice[] = ['overwrite', 'takeTheirs', 'compare', 'cancel'];

export async function measureSaves(): Promise<Figures> {
  const simulator = await startSimulator({ plan: 'enterprise', buildScale: 0 });
  const unlimited = await startSimulator({ plan: 'off', buildScale: 0 });
  try {
    const { api, requests } = benchTenant(simulator.url, simulator.token);
    const create = async (on: ManagementApi, name: string): Promise<string> => {
      const { id } = await on.createAction({ name, triggers: [{ id: 'post-login', version: 'v3' }], runtime: 'node22', code: '// new\n' });
      await on.deployAction(id);
      return id;
    };
    const editor = new Editor(api, systemClock, undefined, await create(api, 'bench-save'));
    await editor.open();
    const times: number[] = [];
    const before = requests.length;
    for (let save = 1; save <= SAVES; save += 1) {
      await editor.edit(`// save ${save}\n`);
      const begun = performance.now();
      const { kind } = await editor.save('cancel');
      times.push(performance.now() - begun);
      if (kind !== 'saved') {
        throw new Error(`save ${save}: ${kind}`);
      }
    }
    const needed = (requests.length - before) / SAVES;
    let [cases, lost, falseAlarms] = [0, 0, 0];
    // Counted, not timed: the pace that a tenant is owed would take an hour.
    const clock = fastClock(1000);
    const hurried = connectTenant({ origin: unlimited.url, token: () => Promise.resolve(unlimited.token), clock, userAgent: 'bench' });
    for (const choice of CHOICES) {
      const actionId = await create(hurried, `bench-${choice}`);
      const service = async (): Promise<ManagementApi> => {
        await hurried.updateAction(actionId, { code: '// new\n' });
        return hurried;
      };
      const found = await saveOrders({ choice, follows: false, clock, service, actionId });
      cases += found.cases;
      lost += found.lost.length;
      falseAlarms += found.falseAlarms.length;
    }
    return {
      'save.requests': { value: needed, unit: 'requests' },
      'save.ms': { value: rounded(median(times)), unit: 'ms' },
      'conflicts.cases': { value: cases, unit: 'orders' },
      'conflicts.lost': { value: lost, unit: 'edits' },
      'conflicts.falseAlarms': { value: falseAlarms, unit: 'questions' },
    };
  } finally {
    await Promise.all([simulator.close(), unlimited.close()]);
  }
}
