// The package: what may be in it, and what is. Everything else stays out by .vscodeignore, which is a list of what may go in as well;
// this one is read by the tests, so that a wrong pattern there is noticed.
import { join } from 'node:path';
import { runNode } from './processes.ts';
import { root } from './project.ts';

const ALLOWED = [
  /^(LICENSE|README\.md|CHANGELOG\.md|package\.json)$/,
  /^package\.nls(\.[\w-]+)?\.json$/,
  /^dist\/(extension|network|checks|files|history|language|local|localRun|localRunner|many|runner|runs|simulator)\.cjs$/,
  /^media\/(icon\.png|activity\.svg)$/,
  /^media\/walkthrough\/[a-z]+\.svg$/,
  /^l10n\/bundle\.l10n(\.[\w-]+)?\.json$/,
];

const REQUIRED = ['LICENSE', 'README.md', 'CHANGELOG.md', 'package.json', 'package.nls.json', 'package.nls.fr.json', 'l10n/bundle.l10n.fr.json', ...['extension', 'network', 'checks', 'files', 'history', 'language', 'local', 'localRun', 'localRunner', 'many', 'runner', 'runs', 'simulator'].map(name => `dist/${name}.cjs`), 'media/icon.png', 'media/activity.svg', ...['demo', 'look', 'deploy', 'error', 'connect'].map(step => `media/walkthrough/${step}.svg`)];

/** The files that the package would hold now. */
export async function listVsixFiles(): Promise<string[]> {
  const { code, output } = await runVsce(['ls', '--no-dependencies']);
  if (code !== 0) {
    throw new Error(`vsce could not list the package's files:\n${output}`);
  }
  return output.split('\n').map(line => line.trim()).filter(line => line !== '' && !/^(WARNING|INFO|DONE)|\s/.test(line)).sort();
}

export function vsixProblems(files: readonly string[]): string[] {
  return [
    ...files.filter(file => !ALLOWED.some(pattern => pattern.test(file))).map(file => `${file} does not belong into the package`),
    ...REQUIRED.filter(file => !files.includes(file)).map(file => `${file} is missing from the package`),
  ];
}

export function runVsce(args: readonly string[]): Promise<{ code: number; output: string }> {
  return runNode([join(root, 'node_modules', '@vscode', 'vsce', 'vsce'), ...args], { cwd: root, capture: true });
}
