/**
 * Whether two drafts or versions hold the same. The comparison the service derives `all_changes_deployed` from:
 * code, dependencies, runtime, secrets with their times, triggers and modules.
 */
import type { Content } from '../auth0/api.ts';

export type ContentPart = 'code' | 'runtime' | 'dependencies' | 'secrets' | 'triggers' | 'modules';

/** The parts in which two contents differ, in a fixed order; none when they are the same. */
export function differences(a: Content, b: Content): readonly ContentPart[] {
  const parts: [ContentPart, boolean][] = [
    ['code', a.code === b.code],
    ['runtime', a.runtime === b.runtime],
    // A finished build may list dependencies in another order, and drops registry_url.
    ['dependencies', sameSet(a.dependencies, b.dependencies, d => [d.name, d.version])],
    ['secrets', sameSet(a.secrets, b.secrets, s => [s.name, s.updatedAt])],
    ['triggers', sameSet(a.triggers, b.triggers, t => [t.id, t.version])],
    ['modules', sameSet(a.modules, b.modules, m => [m.id, m.versionId])],
  ];
  return parts.filter(([, same]) => !same).map(([part]) => part);
}

/** True when two contents are the same. */
export function sameContent(a: Content, b: Content): boolean {
  return differences(a, b).length === 0;
}

function sameSet<T>(a: readonly T[], b: readonly T[], key: (item: T) => readonly (string | undefined)[]): boolean {
  const keys = (items: readonly T[]): string => JSON.stringify(items.map(item => JSON.stringify(key(item))).sort());
  return a.length === b.length && keys(a) === keys(b);
}
