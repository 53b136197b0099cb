/** 20 roll backs, one after the other, on a professional plan: time from the command to `live`. */
import { Deployments } from '../../src/actions/deployments.ts';
import { systemClock } from '../../src/node/systemClock.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { median, rounded } from './figures.ts';
import type { Figures } from './figures.ts';
import { benchTenant } from './tenant.ts';

const ROLL_BACKS = 20;
/** Between two roll backs, so that each begins with the bucket that a person would find. */
const REST_MS = 2500;

export async function measureRollBack(): Promise<Figures> {
  const simulator = await startSimulator({ seed: 'demo', plan: 'professional', buildScale: 0 });
  try {
    const times: number[] = [];
    for (let index = 0; index < ROLL_BACKS; index += 1) {
      // A tenant just connected: nothing is known of its plan yet.
      const tenant = benchTenant(simulator.url, simulator.token);
      const deployments = new Deployments({ clock: systemClock });
      const { items } = await tenant.api.listActions(0);
      const action = items.find(one => one.name === 'enrich-profile');
      if (action === undefined) {
        throw new Error('the demo tenant has no enrich-profile');
      }
      const begun = performance.now();
      const { outcome } = await deployments.rollBack({ tenant: tenant.ref, actionId: action.id, actionName: action.name, number: 5, confirm: () => Promise.resolve({ updateDraft: false }) });
      times.push(performance.now() - begun);
      if (outcome?.kind !== 'live') {
        throw new Error(`roll back ${index + 1}: ${JSON.stringify(outcome)}`);
      }
      deployments.dispose();
      await systemClock.sleep(REST_MS);
    }
    return {
      'rollback.ms': { value: rounded(median(times), 0), unit: 'ms' },
      'rollback.worst.ms': { value: rounded(Math.max(...times), 0), unit: 'ms' },
    };
  } finally {
    await simulator.close();
  }
}
