/** What a deploy of a linked file costs that is live already: requests, counted by the tenant, inside a real extension host. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../../src/simulator/index.ts';
import type { Figures } from './figures.ts';
import { measureInHost } from './inHost.ts';

export async function measurePushNoop(): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-traffic-'));
  const trafficLog = join(folder, 'traffic.jsonl');
  const simulator = await startSimulator({ plan: 'enterprise', seed: 'demo', buildScale: 0.05, trafficLog });
  try {
    const { reads, writes } = await measureInHost('pushNoopHost', {
      'actions/unchanged.json': JSON.stringify({ name: 'unchanged', code: './actions/unchanged/code.js', runtime: 'node22', dependencies: [], secrets: [], supported_triggers: [{ id: 'post-login', version: 'v3' }] }),
      'actions/unchanged/code.js': 'exports.onExecutePostLogin = async () => {};\n',
    }, { AUTH0_ACTIONS_BENCH_URL: simulator.url, AUTH0_ACTIONS_BENCH_TOKEN: simulator.token, AUTH0_ACTIONS_BENCH_TRAFFIC: trafficLog }) as { reads: number; writes: number };
    return { 'push.noop.requests': { value: reads + writes, unit: 'requests' }, 'push.noop.writes': { value: writes, unit: 'requests' } };
  } finally {
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
