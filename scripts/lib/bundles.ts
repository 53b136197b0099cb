// What is built from what. The main bundle holds what activation needs; the others are loaded when they are first used, and one is the program
// of runs on this machine. A last one holds the host tests.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import type { BuildOptions, Metafile, Plugin } from 'esbuild';
import { distFolder, root } from './project.ts';

/** Modules that are bundles of their own when they are imported dynamically. */
const LAZY: readonly { readonly module: RegExp; readonly bundle: string }[] = [
  { module: /\/network\.ts$/, bundle: './network.cjs' },
  { module: /\/checks\/index\.ts$/, bundle: './checks.cjs' },
  { module: /\/simulator\/index\.ts$/, bundle: './simulator.cjs' },
  { module: /\/language\/drawn\.ts$/, bundle: './language.cjs' },
  { module: /\/ui\/runs\/index\.ts$/, bundle: './runs.cjs' },
  { module: /\/ui\/many\/index\.ts$/, bundle: './many.cjs' },
  { module: /\/history\/index\.ts$/, bundle: './history.cjs' },
  { module: /\/ui\/local\/index\.ts$/, bundle: './local.cjs' },
  { module: /\/local\/wholeTenant\.ts$/, bundle: './files.cjs' },
  { module: /\/ui\/localRun\/index\.ts$/, bundle: './localRun.cjs' },
  { module: /\/localRunner\.ts$/, bundle: './localRunner.cjs' },
];

const lazyBundles: Plugin = {
  name: 'lazy-bundles',
  setup(build) {
    for (const { module, bundle } of LAZY) {
      build.onResolve({ filter: module }, args => args.kind === 'dynamic-import' ? { path: bundle, external: true } : undefined);
    }
  },
};

/**
 * `node:http` → `http`. The extension host puts the user's proxy settings behind `require('http')`: its `Module._load` compares the name with
 * exactly `http`, `https`, `net`, `tls` and `undici` (extensionHostProcess.js of VS Code 1.100 and 1.139), so the prefixed name would go past the proxy.
 */
const proxiedNames: Plugin = {
  name: 'proxied-names',
  setup(build) {
    build.onResolve({ filter: /^(node:)?(http|https|net|tls)$/ }, args => ({ path: args.path.replace('node:', ''), external: true }));
  },
};

export type BundleMode = 'development' | 'production';

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  external: ['vscode'],
  // A dynamic import would go past the proxy as well; written as require() it does not.
  supported: { 'dynamic-import': false },
  metafile: true,
  logLevel: 'warning',
  legalComments: 'none',
};

/** The program of runs on this machine: a process of its own, in which `import()` of an action is Node's. Its lines are nobody's to step through. */
function runnerBundle(mode: BundleMode): BuildOptions {
  return { ...common, minify: mode === 'production', entryPoints: ['src/node/runner/index.ts'], outfile: 'dist/runner.cjs' };
}

function shipped(mode: BundleMode): BuildOptions[] {
  const each: BuildOptions = { ...common, minify: true, sourcemap: mode === 'development' ? 'linked' : false };
  return [
    { ...each, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.cjs', plugins: [lazyBundles] },
    { ...each, entryPoints: ['src/node/network.ts'], outfile: 'dist/network.cjs', plugins: [proxiedNames] },
    { ...each, entryPoints: ['src/actions/checks/index.ts'], outfile: 'dist/checks.cjs' },
    { ...each, entryPoints: ['src/simulator/index.ts'], outfile: 'dist/simulator.cjs' },
    { ...each, entryPoints: ['src/ui/language/drawn.ts'], outfile: 'dist/language.cjs' },
    { ...each, entryPoints: ['src/ui/runs/index.ts'], outfile: 'dist/runs.cjs' },
    { ...each, entryPoints: ['src/ui/many/index.ts'], outfile: 'dist/many.cjs' },
    { ...each, entryPoints: ['src/ui/history/index.ts'], outfile: 'dist/history.cjs' },
    { ...each, entryPoints: ['src/ui/local/index.ts'], outfile: 'dist/local.cjs' },
    { ...each, entryPoints: ['src/ui/local/wholeTenant.ts'], outfile: 'dist/files.cjs' },
    { ...each, entryPoints: ['src/ui/localRun/index.ts'], outfile: 'dist/localRun.cjs' },
    { ...each, entryPoints: ['src/node/localRunner.ts'], outfile: 'dist/localRunner.cjs' },
    runnerBundle(mode),
  ];
}

/**
 * Which host tests run: those of test/host, the same without what takes long and has nothing to do with VS Code's version,
 * or those of its folder `network`, which need a VS Code with a proxy.
 */
export type HostSpecs = 'all' | 'core' | 'network';

const NOT_CORE: readonly string[] = ['hostile'];

/** The host tests with mocha inside: a file of its own runs wherever the workbench loads it from. */
function hostTests(specs: HostSpecs): BuildOptions {
  const folder = specs === 'network' ? 'network/' : '';
  const names = readdirSync(join(root, 'test', 'host', folder)).filter(name => name.endsWith('.test.ts')).map(name => folder + name.slice(0, -'.test.ts'.length)).filter(name => specs !== 'core' || !NOT_CORE.includes(name)).sort();
  return {
    ...common,
    entryPoints: ['test/host/index.ts'],
    outfile: specs === 'network' ? 'dist/test/host-network.cjs' : 'dist/test/host.cjs',
    sourcemap: 'inline',
    define: { HOST_SPECS: JSON.stringify(names) },
    // Mocha looks for reporters and workers next to its own files; none of that is used here.
    external: ['vscode', 'workerpool', 'chokidar'],
    logOverride: { 'require-resolve-not-external': 'silent' },
  };
}

/** Builds the shipped bundles and writes dist/meta.json, from which the tests read what went into which bundle. */
export async function buildExtension(mode: BundleMode): Promise<void> {
  mkdirSync(distFolder, { recursive: true });
  for (const name of readdirSync(distFolder).filter(file => /\.cjs(\.map)?$/.test(file))) {
    rmSync(join(distFolder, name));
  }
  const results = await Promise.all(shipped(mode).map(options => esbuild.build(options)));
  const meta: Metafile = { inputs: {}, outputs: {} };
  for (const { metafile } of results) {
    Object.assign(meta.inputs, metafile?.inputs);
    Object.assign(meta.outputs, metafile?.outputs);
  }
  writeFileSync(join(distFolder, 'meta.json'), JSON.stringify(meta));
}

/** Builds the program of runs on this machine alone into a folder, and returns its path. */
export async function buildRunner(folder: string): Promise<string> {
  const outfile = join(folder, 'runner.cjs');
  await esbuild.build({ ...runnerBundle('development'), outfile });
  return outfile;
}

/** Builds the tests and returns the bundle's path. */
export async function buildHostTests(specs: HostSpecs = 'all'): Promise<string> {
  const options = hostTests(specs);
  await esbuild.build(options);
  return join(root, options.outfile ?? '');
}

/** Builds again after every change, until the process ends. Prints the lines that .vscode/tasks.json waits for: one pair for all bundles. */
export async function watchBundles(): Promise<void> {
  let building = 0;
  const say = (word: string): void => void process.stdout.write(`[watch] build ${word}\n`);
  const lines: Plugin = {
    name: 'watch-lines',
    setup(build) {
      build.onStart(() => {
        building += 1;
        if (building === 1) {
          say('started');
        }
      });
      build.onEnd(() => {
        building -= 1;
        if (building === 0) {
          say('finished');
        }
      });
    },
  };
  const contexts = await Promise.all([...shipped('development'), hostTests('all')].map(options => esbuild.context({ ...options, plugins: [...options.plugins ?? [], lines] })));
  await Promise.all(contexts.map(context => context.watch()));
}
