/**
 * 20 deploys, one after the other, whose drafts take a seeded random 1 to 8 s to build, on a professional plan:
 * time from the command to `live` beyond the build, and requests a second.
 */
import { Deployments } from '../../src/actions/deployments.ts';
import { systemClock } from '../../src/node/systemClock.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { median, rounded } from './figures.ts';
import type { Figures } from './figures.ts';
import { benchTenant, seeded } from './tenant.ts';

const DEPLOYS = 20;

export async function measureDeploys(): Promise<Figures> {
  const simulator = await startSimulator({ seed: 'empty', plan: 'professional', buildScale: 0 });
  try {
    const tenant = benchTenant(simulator.url, simulator.token);
    const deployments = new Deployments({ clock: systemClock });
    const random = seeded(20_260_101);
    const actionId = await create(simulator);
    const overheads: number[] = [];
    const begun = performance.now();
    tenant.requests.length = 0;
    for (let index = 0; index < DEPLOYS; index += 1) {
      const build = Math.round(1000 + random() * 7000);
      await post(`${simulator.url}/simulator/builds`, { action: actionId, ms: build });
      const started = performance.now();
      const { outcome } = await deployments.deploy({ tenant: tenant.ref, actionId, actionName: 'bench' });
      overheads.push(performance.now() - started - build);
      if (outcome?.kind !== 'live') {
        throw new Error(`deploy ${index + 1}: ${JSON.stringify(outcome)}`);
      }
    }
    const seconds = (performance.now() - begun) / 1000;
    deployments.dispose();
    return {
      'deploy3s.overhead.ms': { value: rounded(median(overheads), 0), unit: 'ms' },
      'deploy3s.overhead.worst.ms': { value: rounded(Math.max(...overheads), 0), unit: 'ms' },
      'deploy3s.rps': { value: rounded(tenant.requests.length / seconds, 2), unit: 'requests/s' },
      'deploy3s.429': { value: tenant.requests.filter(one => one.status === 429).length, unit: 'answers' },
    };
  } finally {
    await simulator.close();
  }
}

async function create(simulator: { readonly url: string; readonly token: string }): Promise<string> {
  const action = await post(
    `${simulator.url}/api/v2/actions/actions`,
    { name: 'bench', supported_triggers: [{ id: 'post-login', version: 'v3' }], runtime: 'node22', code: 'exports.onExecutePostLogin = async () => {};' },
    simulator.token,
  );
  if (typeof action !== 'object' || action === null || !('id' in action) || typeof action.id !== 'string') {
    throw new Error('the simulator made no action');
  }
  return action.id;
}

async function post(url: string, body: unknown, token?: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`${url}: ${answer.status} ${text}`);
  }
  return text === '' ? undefined : JSON.parse(text);
}
