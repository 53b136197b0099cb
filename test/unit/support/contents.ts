/** Contents that often share something, so that comparisons have both to find. */
import fc from 'fast-check';
import type { Content } from '../../../src/auth0/api.ts';

const name = fc.constantFrom('a', 'b', 'c');

function listOf<T>(item: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> {
  return fc.array(item, { maxLength: 3 });
}

/** An object without the keys that are undefined. */
function present<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, one]) => one !== undefined)) as T;
}

/** Contents whose versions, times and runtimes are among these, or not told. */
export function contentsOf(...values: readonly string[]): fc.Arbitrary<Content> {
  const value = fc.constantFrom(...values);
  const maybe = fc.option(value, { nil: undefined });
  return fc.record({
    code: fc.constantFrom('', 'x', 'x\ny'),
    runtime: maybe,
    dependencies: listOf(fc.record({ name, version: value })),
    secrets: listOf(fc.record({ name, updatedAt: maybe }).map(present)),
    triggers: listOf(fc.record({ id: name, version: maybe }).map(present)),
    modules: listOf(fc.record({ id: name, versionId: maybe }).map(({ id, versionId }) => present({ id, name: `module ${id}`, versionId }))),
  }).map(present) as fc.Arbitrary<Content>;
}
