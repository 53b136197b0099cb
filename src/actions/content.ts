/**
 * Whether two drafts or versions hold the same. The comparison the service derives `all_changes_deployed` from:
 * code, dependencies, runtime, secrets with their times, triggers and modules.
 */
import type { Content } from '../auth0/api.ts';

export type ContentPart = 'code' | 'runtime' | 'dependencies' | 'secrets' | 'triggers' | 'modules';

/** The parts in which two contents differ, in a fixed order; none when they are the same. */
export function differences(a: Content, b: Content): readonly ContentPart[] {
  const others = partTexts(b);
  return partTexts(a).filter(([, text], index) => text !== others[index]?.[1]).map(([part]) => part);
}

/** True when two contents are the same. */
export function sameContent(a: Content, b: Content): boolean {
  return differences(a, b).length === 0;
}

/** A text that two contents share exactly when they are the same: to be hashed, since it holds the code. */
export function contentText(content: Content): string {
  return JSON.stringify(partTexts(content));
}

/** For comparisons after a roll back: nobody has recorded whether that gives secrets new times, so that only their names count. */
export function withoutSecretTimes(content: Content): Content {
  return { ...content, secrets: content.secrets.map(({ name }) => ({ name })) };
}

/** A code with line feeds alone and none at its end, as git and editors leave it in one form or another. */
export function plainLines(text: string): string {
  return text.replace(/^\uFEFF/u, '').replace(/\r\n?/gu, '\n').replace(/\n+$/u, '');
}

function partTexts(content: Content): readonly (readonly [ContentPart, string])[] {
  return [
    ['code', content.code],
    ['runtime', JSON.stringify([content.runtime])],
    // A finished build may list dependencies in another order, and drops registry_url.
    ['dependencies', setText(content.dependencies, d => [d.name, d.version])],
    ['secrets', setText(content.secrets, s => [s.name, s.updatedAt])],
    ['triggers', setText(content.triggers, t => [t.id, t.version])],
    ['modules', setText(content.modules, m => [m.id, m.versionId])],
  ];
}

function setText<T>(items: readonly T[], key: (item: T) => readonly (string | undefined)[]): string {
  return JSON.stringify(items.map(item => JSON.stringify(key(item))).sort());
}
