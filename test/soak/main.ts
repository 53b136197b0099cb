/** `npm run soak`: the long run in a process of its own. With `--json` the last line is the result for another program. */
import { parseArgs } from 'node:util';
import { soak } from './run.ts';
import { judgeMemory } from './memory.ts';

const { values } = parseArgs({ options: { seed: { type: 'string' }, steps: { type: 'string' }, json: { type: 'boolean' } } });
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const steps = Number(values.steps ?? 10_000);
const begun = performance.now();
process.stderr.write(`seed ${seed}, ${steps} steps\n`);
const result = await soak({
  seed,
  steps,
  lookEvery: Math.max(1, Math.floor(steps / 10)),
  onLook: look => process.stderr.write(`${String(look.steps).padStart(6)} steps  ${(look.heapBytes / 1e6).toFixed(1)} MB  ${look.listeners} listeners  ${look.sleepers} waits  ${look.timers} timers  ${look.oldWindows} old windows  ${((performance.now() - begun) / 1000).toFixed(0)} s\n`),
});
process.stderr.write(`trace ${result.trace.slice(0, 16)}\n`);
const memory = judgeMemory(result.looks);
const wrong = [...result.wrong, ...memory.wrong];
process.stderr.write(wrong.map(text => `wrong: ${text}\n`).join(''));
const figures = {
  'soak.steps': { value: result.steps, unit: 'steps' },
  'soak.wrong': { value: wrong.length, unit: 'outcomes' },
  'soak.heap.MB': { value: Number(memory.growthMB.toFixed(2)), unit: 'MB' },
  'soak.listeners': { value: memory.listeners, unit: 'more at the end' },
  'soak.deployments': { value: result.deployments, unit: 'deployments' },
  'soak.unconfirmed': { value: result.unconfirmed, unit: 'deployments' },
  'soak.lookedUp': { value: result.lookedUp, unit: 'deployments' },
  'soak.hours': { value: Number((result.elapsedMs / 3_600_000).toFixed(1)), unit: 'h of use' },
};
for (const [name, { value, unit }] of Object.entries(figures)) {
  process.stdout.write(`${name.padEnd(18)} ${String(value).padStart(10)} ${unit}\n`);
}
if (wrong.length > 0) {
  process.stderr.write(`The same run again: npm run soak -- --seed ${seed} --steps ${steps}\n`);
  process.exitCode = 1;
}
if (values.json === true) {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
