// Where things are in this project, and what its manifest says.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const cacheFolder = join(root, '.cache');
export const distFolder = join(root, 'dist');
/** Logs and screenshots of test runs; git ignores it, CI keeps it. */
export const resultsFolder = join(root, 'test-results');

export interface Command { readonly command: string; readonly title: string; readonly icon?: string }
export interface Setting { readonly scope?: string; readonly default?: unknown }
export interface MenuItem { readonly command?: string; readonly submenu?: string; readonly when?: string; readonly group?: string }

export interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly version: string;
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly Command[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly walkthroughs?: readonly { readonly steps: readonly { readonly completionEvents: readonly string[] }[] }[];
    readonly configuration: SettingGroup | readonly SettingGroup[];
  };
}

interface SettingGroup { readonly properties: Readonly<Record<string, Setting>> }

export function readManifest(): Manifest {
  return readJson(join(root, 'package.json')) as Manifest;
}

/** All settings by their full id; a manifest may write them in one group or in several. */
export function settingsOf(manifest: Manifest): Readonly<Record<string, Setting>> {
  const groups = manifest.contributes.configuration;
  const list: readonly SettingGroup[] = isList(groups) ? groups : [groups];
  return Object.assign({}, ...list.map(group => group.properties)) as Readonly<Record<string, Setting>>;
}

export function vsixPath(manifest: Manifest): string {
  return join(root, `${manifest.name}-${manifest.version}.vsix`);
}

export function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8')) as unknown;
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
