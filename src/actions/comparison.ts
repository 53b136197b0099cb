/**
 * What differs between two drafts or versions, fact by fact: for people, who want to know more than which parts
 * `content.ts` finds different.
 */
import type { Content, Dependency, ModuleRef } from '../auth0/api.ts';
import { differences } from './content.ts';
import { lineCounts } from './lineCounts.ts';
import type { LineCounts } from './lineCounts.ts';

/** One changed fact. Texts are the tenant's own; one that is absent is not known. */
export type Change =
  /** Without `lines` the code differs in more lines than can be counted in a moment. */
  | { readonly part: 'code'; readonly lines?: LineCounts }
  | ({ readonly part: 'runtime' } & Extract<VersionChange, { kind: 'changed' }>)
  | ({ readonly part: 'triggers' | 'dependencies' | 'modules'; readonly name: string } & VersionChange)
  /** Values never come back: that one was replaced is known by its time alone. */
  | { readonly part: 'secrets'; readonly name: string; readonly kind: 'added' | 'removed' | 'replaced' };

/** What became of something that has a version. */
export type VersionChange =
  | { readonly kind: 'added'; readonly to?: string }
  | { readonly kind: 'removed'; readonly from?: string }
  | { readonly kind: 'changed'; readonly from?: string; readonly to?: string };

/**
 * Whether two contents are of one tenant. Between tenants ids and ages mean nothing: of secrets only names count
 * there, of modules names and numbers of versions.
 */
export type Scope = 'sameTenant' | 'acrossTenants';

/**
 * The changes that lead from one content to another, by part in a fixed order and by name within it. In one tenant
 * there is none exactly where `sameContent` says so. Takes some hundredths of a second for the largest code.
 */
export function changesBetween(before: Content, after: Content, scope: Scope = 'sameTenant'): readonly Change[] {
  return [...codeChanges(before, after), ...listChanges(before, after, scope)];
}

function codeChanges(before: Content, after: Content): readonly Change[] {
  if (before.code === after.code) {
    return [];
  }
  const lines = lineCounts(before.code, after.code);
  return [{ part: 'code', ...(lines === undefined ? {} : { lines }) }];
}

function listChanges(before: Content, after: Content, scope: Scope): readonly Change[] {
  // A finished build drops registries, so that one alone is no difference; but where the list is another one, the whole of it is sent.
  const withRegistries = differences(before, after).includes('dependencies');
  const between = <P extends Change['part']>(part: P, facts: (content: Content) => readonly Fact[]): readonly ({ part: P; name: string } & Pair)[] =>
    pairs(facts(before), facts(after)).map(pair => ({ part, ...pair }));
  return [
    ...between('runtime', one => [{ key: '', name: '', value: one.runtime }]).map(({ part, from, to }): Change => ({ part, kind: 'changed', ...shown('from', from), ...shown('to', to) })),
    ...between('triggers', one => one.triggers.map(({ id, version }) => ({ key: id, name: id, value: version }))).map(versioned),
    ...between('dependencies', one => one.dependencies.map(dependency => ({ key: dependency.name, name: dependency.name, value: withRegistries ? `${dependency.version} ${dependency.registryUrl ?? ''}` : dependency.version, shown: dependencyVersion(dependency) }))).map(versioned).sort(byRegistry),
    ...between('modules', one => one.modules.map(module => moduleFact(module, scope))).map(versioned),
    ...between('secrets', one => one.secrets.map(({ name, updatedAt }) => ({ key: name, name, value: scope === 'sameTenant' ? updatedAt : '' })))
      .map(({ part, name, from, to }): Change => ({ part, name, kind: from === undefined ? 'added' : to === undefined ? 'removed' : 'replaced' })),
  ];
}

function versioned({ part, name, from, to }: { part: 'triggers' | 'dependencies' | 'modules'; name: string } & Pair): Change {
  if (from === undefined) {
    return { part, name, kind: 'added', ...shown('to', to) };
  }
  return to === undefined ? { part, name, kind: 'removed', ...shown('from', from) } : { part, name, kind: 'changed', ...shown('from', from), ...shown('to', to) };
}

/** Characters of a version before a registry, which must not be pushed out of sight. */
const LONGEST_BEFORE = 30;

/** A dependency's version with the registry that it names, without a password: from there a build fetches it. */
export function dependencyVersion({ version, registryUrl }: Dependency): string {
  return registryUrl === undefined ? version : `${version.slice(0, LONGEST_BEFORE)} (${registryUrl.replace(/^(\w+:\/\/)[^/?#]*@/u, '$1')})`;
}

/** Of a long list people see the first few alone: what is fetched from elsewhere is among these. */
function byRegistry(a: Change, b: Change): number {
  const names = (change: Change): number => ('to' in change && change.to.includes('://') ? 0 : 1);
  return names(a) - names(b);
}

/** The version that is pinned: by its number, which is what people know, where the service tells it. */
function moduleFact({ id, name, versionId, versionNumber }: ModuleRef, scope: Scope): Fact {
  const number = versionNumber === undefined ? undefined : `v${versionNumber}`;
  return scope === 'sameTenant' ? { key: id, name, value: versionId, shown: number ?? versionId } : { key: name, name, value: number };
}

interface Fact {
  /** What makes it the same thing on both sides. */
  readonly key: string;
  readonly name: string;
  /** What makes it an unchanged thing. */
  readonly value: string | undefined;
  /** What people see in place of the value. */
  readonly shown?: string | undefined;
}

/** A thing that differs. All facts with its key, of which there is one unless the service repeats itself; `undefined` for none. */
interface Pair {
  readonly from: readonly Fact[] | undefined;
  readonly to: readonly Fact[] | undefined;
}

function pairs(before: readonly Fact[], after: readonly Fact[]): readonly ({ name: string } & Pair)[] {
  const [a, b] = [byKey(before), byKey(after)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .map(key => ({ from: a.get(key), to: b.get(key) }))
    .filter(({ from, to }) => valuesOf(from) !== valuesOf(to))
    .map(pair => ({ ...pair, name: (pair.to ?? pair.from)?.[0]?.name ?? '' }))
    .sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}

function byKey(facts: readonly Fact[]): ReadonlyMap<string, readonly Fact[]> {
  const groups = new Map<string, Fact[]>();
  for (const fact of facts) {
    groups.set(fact.key, [...(groups.get(fact.key) ?? []), fact]);
  }
  return groups;
}

function valuesOf(facts: readonly Fact[] | undefined): string {
  return JSON.stringify(facts?.map(fact => JSON.stringify([fact.value])).sort());
}

function shown<K extends 'from' | 'to'>(key: K, facts: readonly Fact[] | undefined): { readonly [key in K]?: string } {
  const texts = (facts ?? []).map(fact => fact.shown ?? fact.value).filter(text => text !== undefined).sort();
  return texts.length === 0 ? {} : { [key]: texts.join(', ') } as { readonly [key in K]?: string };
}
