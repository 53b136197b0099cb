/** 100 actions into the files of an empty folder: from the command's first request to the last file, and how many requests. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAllActions } from '../../src/actions/allActions.ts';
import { planPull, writePull } from '../../src/actions/local/pull.ts';
import { readRepository } from '../../src/actions/local/repository.ts';
import { readStatedFile } from '../../src/actions/local/tenantFile.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { diskFiles } from '../support/diskFiles.ts';
import { median, rounded } from './figures.ts';
import type { Figures } from './figures.ts';
import { benchTenant } from './tenant.ts';

const ACTIONS = 100;
const RUNS = 5;

export async function measurePull(): Promise<Figures> {
  // 20 kB of code each, which a list carries up to three times.
  const simulator = await startSimulator({ seed: `${ACTIONS}-actions-2-versions`, plan: 'professional' });
  const times: number[] = [];
  let requests = 0;
  try {
    for (let run = 0; run < RUNS; run += 1) {
      const folder = mkdtempSync(join(tmpdir(), 'bench-pull-'));
      try {
        const tenant = benchTenant(simulator.url, simulator.token);
        const files = diskFiles(folder);
        const none = new Map<string, unknown>();
        const begun = performance.now();
        const plan = await planPull(files, await readRepository(files, none, readStatedFile), none, await readAllActions(tenant.api));
        const { written } = await writePull(files, plan.writes);
        times.push(performance.now() - begun);
        requests = tenant.requests.length;
        if (written.length !== 2 * ACTIONS || readdirSync(join(folder, 'actions')).length !== 2 * ACTIONS) {
          throw new Error(`${written.length} files of ${ACTIONS} actions`);
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
  } finally {
    await simulator.close();
  }
  return { 'pull100.ms': { value: rounded(median(times), 0), unit: 'ms' }, 'pull100.requests': { value: requests, unit: 'requests' } };
}
