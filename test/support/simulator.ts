/** Simulated tenants of tests that run in VS Code: their tokens must stay secret, and their traffic is searched for secrets. */
import { startSimulator } from '../../src/simulator/index.ts';
import type { RunningSimulator, SimulatorOptions } from '../../src/simulator/index.ts';
import { keptFile, registerSecret } from './secrets.ts';

export async function startTestSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const trafficLog = keptFile('traffic', 'traffic.jsonl');
  const simulator = await startSimulator({ ...options, ...(trafficLog === undefined ? {} : { trafficLog }) });
  registerSecret(simulator.token, 'the access token of a simulated tenant');
  return simulator;
}
