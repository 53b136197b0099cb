/**
 * Bundles that activation does without. The build leaves these imports in place, as `require` of a file beside
 * the main bundle (scripts/lib/bundles.ts).
 */
import type * as checks from '../actions/checks/index.ts';
import type * as history from '../ui/history/index.ts';
import type * as language from '../ui/language/drawn.ts';
import type * as runs from '../ui/runs/index.ts';
import type * as localRun from '../ui/localRun/index.ts';
import type * as many from '../ui/many/index.ts';
import type * as local from '../ui/local/index.ts';
import type * as wholeTenant from '../ui/local/wholeTenant.ts';
import type * as localRunner from './localRunner.ts';
import type * as network from './network.ts';

/** What the extension uses of the simulator, which this project's layers keep apart from everything else. */
export interface SimulatorBundle {
  startSimulator(options: { seed?: string; plan?: 'free' | 'professional' | 'enterprise' | 'off'; buildScale?: number }): Promise<{
    readonly url: string;
    readonly token: string;
    close(): Promise<void>;
  }>;
}

/** The SDK, node-fetch, signing in. */
export async function loadNetwork(): Promise<typeof network> {
  return import('./network.ts');
}

/** The parser and the checks. */
export async function loadChecks(): Promise<typeof checks> {
  return import('../actions/checks/index.ts');
}

/** The simulated tenant. */
export async function loadSimulator(): Promise<SimulatorBundle> {
  return import('../simulator/index.ts');
}

/** What is known of `event` and `api`, and how it is shown. */
export async function loadLanguage(): Promise<typeof language> {
  return import('../ui/language/drawn.ts');
}

/** Deployments that have ended, and git. */
export async function loadHistory(): Promise<typeof history> {
  return import('../ui/history/index.ts');
}

/** Several deployments at once. */
export async function loadMany(): Promise<typeof many> {
  return import('../ui/many/index.ts');
}

/** Tests of drafts, and failed runs. */
export async function loadRuns(): Promise<typeof runs> {
  return import('../ui/runs/index.ts');
}

/** Files of the workspace that belong to actions. */
export async function loadLocal(): Promise<typeof local> {
  return import('../ui/local/index.ts');
}

/** All actions of a tenant into files, and back. */
export async function loadWholeTenant(): Promise<typeof wholeTenant> {
  return import('../ui/local/wholeTenant.ts');
}

/** Runs of actions on this machine, as commands do them. */
export async function loadLocalRun(): Promise<typeof localRun> {
  return import('../ui/localRun/index.ts');
}

/** The processes of these runs. */
export async function loadLocalRunner(): Promise<typeof localRunner> {
  return import('./localRunner.ts');
}

/** Where programs of this machine are looked for. */
export function searchPath(): string {
  return process.env['PATH'] ?? '';
}
