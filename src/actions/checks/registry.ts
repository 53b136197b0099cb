/** Dependencies that the registry does not have in their version: what makes a build fail without a reason. */
import type { Dependency } from '../../auth0/api.ts';
import type { PackageFacts } from '../packages.ts';
import type { Check, Checked, Finding, Fix } from './check.ts';
import { placeOf } from './dependencies.ts';
import { isNodeModule } from './nodeModules.ts';

export const checkRegistry: Check = checked =>
  checked.input.dependencies.flatMap(dependency => {
    const facts = checked.input.packages?.get(dependency.name);
    // Another registry than the one that was asked.
    return facts === undefined || dependency.registryUrl !== undefined ? [] : [...missing(checked, dependency, facts), ...deprecated(checked, dependency, facts)];
  });

function missing(checked: Checked, { name, version }: Dependency, facts: PackageFacts | 'missing'): readonly Finding[] {
  // A service that has installed it knows better.
  if (checked.input.installed?.has(`${name}@${version}`) === true || (facts !== 'missing' && (!isExact(version) || facts.versions.includes(version)))) {
    return [];
  }
  const remove: Fix = { kind: 'removeDependency', name };
  const range = placeOf(checked, name);
  if (facts === 'missing') {
    return [{ code: 'dependency-not-found', name, version, severity: 'error', range, fixes: [remove] }];
  }
  const suggestion = nearest(version, facts);
  const builtin = isNodeModule(name);
  const set: readonly Fix[] = suggestion === undefined ? [] : [{ kind: 'setDependencyVersion', name, version: suggestion }];
  return [{ code: 'dependency-version-not-found', name, version, builtin, ...(suggestion === undefined ? {} : { suggestion }), severity: 'error', range, fixes: builtin ? [remove, ...set] : [...set, remove] }];
}

function deprecated(checked: Checked, { name, version }: Dependency, facts: PackageFacts | 'missing'): readonly Finding[] {
  const reason = facts === 'missing' ? undefined : facts.deprecated.get(version);
  return reason === undefined ? [] : [{ code: 'dependency-deprecated', name, version, reason, severity: 'hint', range: placeOf(checked, name), fixes: [] }];
}

/** Ranges and tags are the service's to resolve. */
function isExact(version: string): boolean {
  return /^\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?$/u.test(version);
}

/** The newest version with the same beginning, else the latest one. */
function nearest(version: string, { versions, latest }: PackageFacts): string | undefined {
  const stable = versions.filter(one => isExact(one) && !one.includes('-'));
  const [major = '', minor = ''] = version.split('.');
  const newest = (beginning: string): string | undefined => stable.filter(one => one.startsWith(beginning)).sort(compare).at(-1);
  return newest(`${major}.${minor}.`) ?? newest(`${major}.`) ?? (latest !== undefined && versions.includes(latest) ? latest : versions.at(-1));
}

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map(one => one.split(/[.+-]/u).map(Number));
  for (const index of [0, 1, 2]) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}
