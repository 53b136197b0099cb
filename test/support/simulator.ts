/** Simulated tenants of tests that run in VS Code: their tokens must stay secret, and their traffic is searched for secrets. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../../src/simulator/index.ts';
import type { RunningSimulator, SimulatorOptions } from '../../src/simulator/index.ts';
import { discard, keptFile, registerSecret } from './secrets.ts';

export interface WatchedSimulator extends RunningSimulator {
  /** How many requests of a method, such as PATCH, have come so far. */
  count(method: string): number;
}

/** A simulated tenant whose requests a test counts. */
export async function startWatchedSimulator(options: SimulatorOptions): Promise<WatchedSimulator> {
  const folder = mkdtempSync(join(tmpdir(), 'traffic-'));
  const trafficLog = join(folder, 'traffic.jsonl');
  const simulator = await startTestSimulator({ ...options, trafficLog });
  return {
    ...simulator,
    count: method => readFileSync(trafficLog, 'utf8').split('\n').filter(line => line !== '' && (JSON.parse(line) as { method: string }).method === method).length,
    close: async () => {
      await simulator.close();
      discard(folder, 'traffic');
    },
  };
}

export async function startTestSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const trafficLog = options.trafficLog ?? keptFile('traffic', 'traffic.jsonl');
  const simulator = await startSimulator({ ...options, ...(trafficLog === undefined ? {} : { trafficLog }) });
  registerSecret(simulator.token, 'the access token of a simulated tenant');
  return simulator;
}
