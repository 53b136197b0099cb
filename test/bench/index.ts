/**
 * Measured figures. Prints a table, and with `--json FILE` writes `{ "name": { "value": number, "unit": text } }`, after each
 * suite: whoever ends this early, or has one suite fail, keeps the others.
 * Nothing here passes or fails: a figure is judged by whoever reads it.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
// First: what is measured outside VS Code still draws with its l10n.
import '../support/vscodeStub.ts';
import type { Figures } from './figures.ts';

const SUITES: Record<string, () => Promise<Figures>> = {
  sizes: async () => (await import('./sizes.ts')).measureSizes(),
  activation: async () => (await import('./activation.ts')).measureActivation(),
  tree: async () => (await import('./tree.ts')).measureTree(),
  fifty: async () => (await import('./fifty.ts')).measureFifty(),
  heap: async () => (await import('./heap.ts')).measureHeap(),
  heapDeployments: async () => (await import('./heap.ts')).measureHeapOfDeployments(),
  language: async () => (await import('./language.ts')).measureLanguage(),
  pull: async () => (await import('./pull.ts')).measurePull(),
  rollBack: async () => (await import('./rollBack.ts')).measureRollBack(),
  saves: async () => (await import('./saves.ts')).measureSaves(),
  deploys: async () => (await import('./deploys.ts')).measureDeploys(),
  pushNoop: async () => (await import('./pushNoop.ts')).measurePushNoop(),
  faults: async () => (await import('./faults.ts')).measureFaults(),
  soak: async () => (await import('./soak.ts')).measureSoak(),
  localRun: async () => (await import('./localRun.ts')).measureLocalRun(),
  checks: async () => (await import('./checks.ts')).measureChecks(),
};

/** Runs the suites (all, or those of `--only a,b`) and prints what they measured. */
async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'string' }, only: { type: 'string' } } });
  const wanted = values.only?.split(',') ?? Object.keys(SUITES);
  const figures: Figures = {};
  const unknown = wanted.find(name => SUITES[name] === undefined);
  if (unknown !== undefined) {
    throw new Error(`There is no suite ${unknown}. Suites: ${Object.keys(SUITES).join(', ')}`);
  }
  for (const name of wanted) {
    const suite = SUITES[name] ?? (() => Promise.resolve({}));
    process.stderr.write(`measuring ${name}…\n`);
    try {
      Object.assign(figures, await suite());
    } catch (error) {
      process.stderr.write(`${name} could not be measured: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exitCode = 1;
    }
    if (values.json !== undefined) {
      writeFileSync(values.json, `${JSON.stringify(figures, undefined, 2)}\n`);
    }
  }
  const width = Math.max(0, ...Object.keys(figures).map(name => name.length));
  for (const [name, { value, unit }] of Object.entries(figures)) {
    process.stdout.write(`${name.padEnd(width)}  ${String(value).padStart(10)} ${unit}\n`);
  }
}

await bench(process.argv.slice(2));
