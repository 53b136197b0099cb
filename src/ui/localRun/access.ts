/** What runs on this machine need of the rest, and the loader of their bundle. Types alone: the main bundle holds nothing of them. */
import type * as vscode from 'vscode';
import type { RunnerOrder } from '../../actions/runs/localReport.ts';
import type { LocalRunResult } from '../../actions/runs/localRun.ts';
import type * as localRun from './index.ts';

export interface LocalRuns {
  /** The bundle: `runSubject` runs a file or draft. */
  load(): Promise<typeof localRun>;
  /** What starts processes. */
  loadRunner(): Promise<LocalRunner>;
  /** The PATH of this machine. */
  searchPath(): string;
  /** The program of these processes. */
  readonly runner: vscode.Uri;
  /** The extension's storage of this machine. */
  readonly storage: vscode.Uri;
}

interface Search {
  readonly path: string;
  readonly forbidden: readonly string[];
}

interface Package {
  readonly name: string;
  readonly version?: string;
}

/** src/node/localRunner.ts */
export interface LocalRunner {
  readonly nodeVersion: string;
  runLocally(order: RunnerOrder, options: { readonly runner: string; readonly signal?: AbortSignal }): Promise<LocalRunResult>;
  openDebugRun(order: RunnerOrder, options: Search & { readonly runner: string }): Promise<{
    readonly launch: Readonly<Record<string, unknown>>;
    readonly ended: Promise<LocalRunResult>;
    close(): void;
  }>;
  readEnvFile(text: string): Readonly<Record<string, string | undefined>>;
  findPackages(names: readonly string[], roots: readonly string[]): Promise<ReadonlyMap<string, string>>;
  isInstallable(one: Package): boolean;
  /** The file from which packages that were installed before are found. */
  installedPackages(storage: string, packages: readonly Package[]): Promise<string | undefined>;
  installPackages(storage: string, packages: readonly Package[], search: Search, signal?: AbortSignal): Promise<string>;
}
