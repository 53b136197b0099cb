/** What seeds are made of: actions with a past, and ids that are the same in every run. */
import { createHash } from 'node:crypto';
import { plan, planFor } from '../builds.ts';
import type { Build, Content, StoredAction, StoredVersion, VersionError } from '../model.ts';

export const DAY = 86_400_000;

/** A version-4 UUID that follows from a text, so that a restarted demo finds the documents it had open. */
export function idOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A time of the service, `days` before `now`. */
export function ago(now: number, days: number): string {
  return `${new Date(now - days * DAY).toISOString().slice(0, -1)}${String(Math.round(days * 997) % 1_000_000).padStart(6, '0')}Z`;
}

export interface ActionSeed {
  readonly name: string;
  readonly trigger: readonly [id: string, version: string];
  /** Contents of the versions, the oldest first; the last one is live. */
  readonly versions: readonly Partial<Content>[];
  /** Days before now at which each version was made, the oldest first. */
  readonly days?: readonly number[];
  /** The draft, where it is another than the last version. */
  readonly draft?: Partial<Content>;
  /** The draft's build: done, failed, or one that starts when somebody looks and takes this long. */
  readonly build: 'built' | 'failed' | { readonly ms: number };
  readonly nextFailure?: readonly VersionError[];
}

/** An action as it stands at `now`, with all its versions made in the past. */
export function makeAction(seed: ActionSeed, now: number, scale: number): StoredAction {
  const id = idOf(seed.name);
  const contentOf = (part: Partial<Content> | undefined): Content => ({
    code: '',
    dependencies: [],
    runtime: 'node22',
    secrets: [],
    triggers: [{ id: seed.trigger[0], version: seed.trigger[1] }],
    modules: [],
    ...part,
  });
  const days = seed.versions.map((_, index) => seed.days?.[index] ?? (seed.versions.length - index) * 3.3);
  const versions = seed.versions.map((content, index): StoredVersion => {
    const day = days[index] ?? 1;
    return {
      id: idOf(`${seed.name} v${index + 1}`),
      number: index + 1,
      content: contentOf(content),
      createdAt: ago(now, day),
      builtAt: ago(now, day - 0.000_001),
      updatedAt: ago(now, day - 0.000_002),
      liveAt: now - day * DAY,
    };
  });
  const last = days.at(-1) ?? 0;
  const touched = seed.draft === undefined ? last + 0.0002 : Math.min(last / 2, 0.11);
  return {
    id,
    name: seed.name,
    createdAt: ago(now, (days[0] ?? 2) + 1),
    entityUpdatedAt: ago(now, touched + 0.000_001),
    updatedAt: ago(now, touched),
    draft: contentOf(seed.draft ?? seed.versions.at(-1)),
    build: buildOf(seed, now, scale),
    versions,
    nextNumber: versions.length + 1,
    ...(seed.nextFailure === undefined ? {} : { nextFailure: seed.nextFailure }),
  };
}

function buildOf(seed: ActionSeed, now: number, scale: number): Build {
  if (seed.build === 'built') {
    return { plan: plan(0), startedAt: now };
  }
  if (seed.build === 'failed') {
    return { plan: { ...planFor([], 0), end: 'failed' }, startedAt: now - DAY };
  }
  return { plan: plan(seed.build.ms * scale), startedAt: undefined };
}
