// What is in which bundle, how big it is, and what is in the package. Needs a build: `npm run build`.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { distFolder, readJson, root } from '../../scripts/lib/project.ts';
import { listVsixFiles, vsixProblems } from '../../scripts/lib/vsix.ts';

/** Kilobytes. Raised on purpose only: activation reads the main bundle. */
const LIMITS = { 'extension.cjs': 265, 'network.cjs': 400, 'checks.cjs': 200, 'simulator.cjs': 300, 'language.cjs': 100, 'history.cjs': 50, 'local.cjs': 150, 'localRun.cjs': 110, 'localRunner.cjs': 30, 'runner.cjs': 40, 'many.cjs': 60, 'files.cjs': 110, 'runs.cjs': 90 } as const;

const read = (bundle: string): string => readFileSync(join(distFolder, bundle), 'utf8');
const outputOf = (bundle: string): Metafile['outputs'][string] | undefined => (readJson(join(distFolder, 'meta.json')) as Metafile).outputs[`dist/${bundle}`];
const inputsOf = (bundle: string): string[] => Object.keys(outputOf(bundle)?.inputs ?? {});
/** What it loads at run time, as esbuild saw it: the text of the demo tenant's actions has `require` in it as well. */
const requiresOf = (bundle: string): string[] => [...new Set(outputOf(bundle)?.imports.filter(({ external }) => external).map(({ path }) => path))].sort();

describe('bundles', () => {
  it('the main one holds neither tests, nor the simulator, nor the network client, nor the facts about event and api', () => {
    const inputs = inputsOf('extension.cjs');
    assert.ok(inputs.includes('src/extension.ts'), inputs.join(', '));
    assert.deepEqual(inputs.filter(path => /^(test|scripts|src\/simulator)\/|^src\/node\/network\.ts|^src\/ui\/language\/(drawn|descriptions|localFacts)\.ts|^src\/ui\/(local|many)\/|^src\/actions\/batch\.ts|^src\/ui\/runs\/(?!runDocuments)|^src\/ui\/localRun\/|^src\/node\/(runner\/|local)|^src\/actions\/(language|local|runs)\/|node_modules\/(auth0|node-fetch|acorn|js-yaml|mocha)\//.test(path)), []);
  });

  it('the main one loads the others on demand', () => {
    const loaded = requiresOf('extension.cjs');
    assert.deepEqual(['./network.cjs', './checks.cjs', './simulator.cjs', './language.cjs', './history.cjs', './local.cjs', './localRun.cjs', './localRunner.cjs', './many.cjs', './files.cjs', './runs.cjs'].filter(name => !loaded.includes(name)), [], loaded.join(', '));
    assert.doesNotMatch(read('extension.cjs'), /\bimport\(/);
  });

  it('the simulator holds nothing of the rest', () => {
    assert.deepEqual(inputsOf('simulator.cjs').filter(path => !path.startsWith('src/simulator/')), []);
  });

  it('the program of runs on this machine holds nothing of the extension but what both share', () => {
    assert.deepEqual(inputsOf('runner.cjs').filter(path => !/^src\/node\/runner\/|^src\/actions\/runs\/(local(Calls|Cache|Report|Run)|stack)\.ts$|^src\/auth0\/json\.ts$/.test(path)), []);
  });

  it('the checks need nothing but the parser', () => {
    assert.deepEqual(inputsOf('checks.cjs').filter(path => !/^src\/(actions|auth0)\/|^node_modules\/acorn\//.test(path)), []);
    assert.deepEqual(requiresOf('checks.cjs'), []);
  });

  it('the network client goes through the proxied modules', () => {
    const loaded = requiresOf('network.cjs');
    assert.deepEqual(loaded.filter(name => /^node:(http|https|net|tls)$/.test(name)), []);
    assert.ok(loaded.includes('https'), loaded.join(', '));
  });

  for (const [bundle, limit] of Object.entries(LIMITS)) {
    it(`${bundle} needs only VS Code, Node and its siblings, and stays below ${limit} KB`, () => {
      const allowed = ['vscode', './network.cjs', './checks.cjs', './simulator.cjs', './language.cjs', './history.cjs', './local.cjs', './localRun.cjs', './localRunner.cjs', './many.cjs', './files.cjs', './runs.cjs'];
      assert.deepEqual(requiresOf(bundle).filter(name => !allowed.includes(name) && !builtinModules.includes(name.replace('node:', ''))), []);
      const size = Math.ceil(statSync(join(distFolder, bundle)).size / 1024);
      console.log(`      ${bundle}: ${size} KB`);
      assert.ok(size < limit, `${size} KB`);
    });
  }
});

describe('the package', () => {

  it('holds what a user needs and nothing else', async () => {
    assert.deepEqual(vsixProblems(await listVsixFiles()), []);
  });

  it('is compiled for the VS Code that its manifest names', () => {
    const { engines, devDependencies } = readJson(join(root, 'package.json')) as { engines: { vscode: string }; devDependencies: Record<string, string> };
    assert.equal(engines.vscode, `^${devDependencies['@types/vscode'] ?? ''}`);
  });
});
