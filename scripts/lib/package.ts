// Builds the package that a user installs.
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildExtension } from './bundles.ts';
import { PlainError } from './main.ts';
import { readManifest, root, vsixPath } from './project.ts';
import { listVsixFiles, runVsce, vsixProblems } from './vsix.ts';

export interface Package { readonly file: string; readonly files: readonly string[]; readonly kilobytes: number }

/** Fails when anything is in it that should not be, or misses. */
export async function packageExtension(): Promise<Package> {
  await buildExtension('production');
  const file = vsixPath(readManifest());
  for (const old of readdirSync(root).filter(name => name.endsWith('.vsix'))) {
    rmSync(join(root, old));
  }
  // Side by side: each of the two walks through the whole project folder.
  const [files, { code, output }] = await Promise.all([listVsixFiles(), runVsce(['package', '--no-dependencies', '--out', file])]);
  if (code !== 0) {
    throw new PlainError(`vsce could not build the package:\n${output.trim()}`);
  }
  const problems = vsixProblems(files);
  if (problems.length > 0) {
    rmSync(file, { force: true });
    throw new PlainError(problems.join('\n'));
  }
  return { file, files, kilobytes: Math.round(statSync(file).size / 1024) };
}
