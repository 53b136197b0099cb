/**
 * How long a build takes, and what it says meanwhile. Recorded: no dependency under 0.4 s, a small package 1 to
 * 2.7 s, large ones 3.5 to 16 s; a version that the registry lacks 40 to 56 s with rounds of `retrying`, then
 * `failed` without a reason. Code is never parsed: broken JavaScript builds like any other.
 */
import { builtinModules } from 'node:module';
import type { Build, BuildPlan, Dependency, StoredAction } from './model.ts';

const BUILTIN: ReadonlySet<string> = new Set(builtinModules);

/** What npm holds under the names of Node's own modules are placeholders and ports, none of them beyond this major. */
const HIGHEST_BUILTIN = 6;

/** True for a dependency that the simulated registry lacks, which knows no list of npm: some names stand for it. */
export function isMissing({ name, version }: Dependency): boolean {
  return name.startsWith('no-such-') || version === '0.0.0-missing' || (BUILTIN.has(name) && Number(/^\d+/u.exec(version)?.[0] ?? 0) > HIGHEST_BUILTIN);
}

/** The plan for a content's dependencies; times in milliseconds, times `scale`. */
export function planFor(dependencies: readonly Dependency[], scale: number): BuildPlan {
  if (dependencies.some(isMissing)) {
    const steps: { status: string; until: number }[] = [{ status: 'pending', until: 200 }];
    for (let at = 12_000; at <= 48_000; at += 12_000) {
      steps.push({ status: 'building', until: at - 4000 }, { status: 'retrying', until: at });
    }
    return scaled({ steps, end: 'failed' }, scale);
  }
  return plan(buildTime(dependencies) * scale);
}

/** A plan that is built after `ms` milliseconds. */
export function plan(ms: number): BuildPlan {
  return { steps: [{ status: 'pending', until: Math.min(200, ms / 2) }, { status: 'building', until: ms }], end: 'built' };
}

/** A build that starts now. */
export function startBuild(dependencies: readonly Dependency[], scale: number, now: number): Build {
  return { plan: planFor(dependencies, scale), startedAt: now };
}

/** The draft's status now. The first read starts a build that waits for one. */
export function draftStatus(action: StoredAction, now: number): string {
  return action.held ?? buildStatus(action.build, now);
}

export function buildStatus(build: Build, now: number): string {
  build.startedAt ??= now;
  const elapsed = now - build.startedAt;
  return build.plan.steps.find(step => elapsed < step.until)?.status ?? build.plan.end;
}

/** Milliseconds from start to end. */
export function duration(build: Build): number {
  return build.plan.steps.at(-1)?.until ?? 0;
}

const LARGE = new Set(['aws-sdk', 'googleapis', 'firebase-admin', 'stripe', 'twilio', 'mongodb', 'sharp', 'auth0', 'openai']);

function buildTime(dependencies: readonly Dependency[]): number {
  if (dependencies.length === 0) {
    return 220;
  }
  const text = dependencies.map(dependency => `${dependency.name}@${dependency.version}`).join();
  const share = Array.from(text, char => char.codePointAt(0) ?? 0).reduce((hash, code) => (hash * 31 + code) % 1000, 7) / 1000;
  const large = dependencies.length > 2 || dependencies.some(dependency => LARGE.has(dependency.name));
  return large ? 3500 + share * 12_500 : 1000 + share * 1700;
}

function scaled(original: BuildPlan, scale: number): BuildPlan {
  return { ...original, steps: original.steps.map(step => ({ ...step, until: step.until * scale })) };
}
