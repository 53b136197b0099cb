/**
 * From the click on Run Action Locally to its result, for an empty handler, measured inside a real extension host by
 * localRunHost.ts. What the same process takes outside VS Code is beside it.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { distFolder } from '../../scripts/lib/project.ts';
import { apiFor } from '../../src/actions/runs/localApi.ts';
import { runLocally } from '../../src/node/localRunner.ts';
import { median, rounded } from './figures.ts';
import type { Figures } from './figures.ts';
import { measureInHost } from './inHost.ts';

const CODE = 'exports.onExecutePostLogin = async (event, api) => {};\n';
const TRIGGERS = [{ id: 'post-login', version: 'v3' }];
const RUNS = 20;

export async function measureLocalRun(): Promise<Figures> {
  const measured = await measureInHost('localRunHost', {
    'actions/empty/code.js': CODE,
    'actions/empty.json': JSON.stringify({ name: 'empty', code: './actions/empty/code.js', supported_triggers: TRIGGERS }),
  }) as readonly number[];
  const outside = await outsideVsCode();
  return {
    'localrun.ms': { value: rounded(median(measured)), unit: 'ms' },
    'localrun.first.ms': { value: rounded(measured[0] ?? 0), unit: 'ms' },
    'localrun.process.ms': { value: rounded(median(outside)), unit: 'ms' },
  };
}

async function outsideVsCode(): Promise<readonly number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const code = join(folder, 'code.js');
  writeFileSync(code, CODE);
  try {
    const times: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const begun = performance.now();
      await runLocally({ name: 'empty', code: CODE, triggers: TRIGGERS, dependencies: [], event: {}, secrets: {}, path: code, roots: [code], api: apiFor(TRIGGERS) }, { runner: join(distFolder, 'runner.cjs') });
      times.push(performance.now() - begun);
    }
    return times;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
