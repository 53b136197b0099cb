/** What differs between two contents, fact by fact, and how many lines of code. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { changesBetween } from '../../../src/actions/comparison.ts';
import type { Change } from '../../../src/actions/comparison.ts';
import { differences, sameContent } from '../../../src/actions/content.ts';
import { lineCounts } from '../../../src/actions/lineCounts.ts';
import type { Content } from '../../../src/auth0/api.ts';
import { contentsOf } from '../support/contents.ts';
import { version } from '../support/things.ts';

describe('a comparison', () => {
  const contents = contentsOf('1', '2', '');
  const lodash = { name: 'lodash', version: '4.17.21' };
  const rules = { id: 'm1', name: 'profile-rules', versionId: 'p3', versionNumber: 3 };
  const base: Content = version(1, { code: 'one\ntwo\nthree', dependencies: [lodash], secrets: [{ name: 'API_KEY', updatedAt: '2026-01-01T00:00:00Z' }], modules: [rules] });
  const cases: Readonly<Record<string, readonly [Partial<Content>, ...Change[]]>> = {
    'nothing': [{}],
    'code by its lines': [{ code: 'one\n2\nthree\nfour' }, { part: 'code', lines: { added: 2, removed: 1 } }],
    'runtime': [{ runtime: 'node18' }, { part: 'runtime', kind: 'changed', from: 'node22', to: 'node18' }],
    'a trigger\'s version': [{ triggers: [{ id: 'post-login', version: 'v2' }] }, { part: 'triggers', name: 'post-login', kind: 'changed', from: 'v3', to: 'v2' }],
    'another trigger': [{ triggers: [{ id: 'event-stream' }] }, { part: 'triggers', name: 'event-stream', kind: 'added' }, { part: 'triggers', name: 'post-login', kind: 'removed', from: 'v3' }],
    'a dependency\'s version': [{ dependencies: [{ ...lodash, version: '4.17.20' }] }, { part: 'dependencies', name: 'lodash', kind: 'changed', from: '4.17.21', to: '4.17.20' }],
    'dependencies by name': [{ dependencies: [{ name: 'zod', version: '4' }, { name: 'axios', version: '1' }] }, { part: 'dependencies', name: 'axios', kind: 'added', to: '1' }, { part: 'dependencies', name: 'lodash', kind: 'removed', from: '4.17.21' }, { part: 'dependencies', name: 'zod', kind: 'added', to: '4' }],
    'a dependency that is there twice': [{ dependencies: [lodash, { ...lodash, version: '3' }] }, { part: 'dependencies', name: 'lodash', kind: 'changed', from: '4.17.21', to: '3, 4.17.21' }],
    'a pinned module': [{ modules: [{ ...rules, versionId: 'p4', versionNumber: 4 }] }, { part: 'modules', name: 'profile-rules', kind: 'changed', from: 'v3', to: 'v4' }],
    'no module': [{ modules: [] }, { part: 'modules', name: 'profile-rules', kind: 'removed', from: 'v3' }],
    'secrets': [{ secrets: [{ name: 'API_KEY', updatedAt: '2026-01-02T00:00:00Z' }, { name: 'NEW' }] }, { part: 'secrets', name: 'API_KEY', kind: 'replaced' }, { part: 'secrets', name: 'NEW', kind: 'added' }],
    'no secret': [{ secrets: [] }, { part: 'secrets', name: 'API_KEY', kind: 'removed' }],
  };
  for (const [name, [change, ...expected]] of Object.entries(cases)) {
    it(`finds ${name}`, () => assert.deepEqual(changesBetween(base, { ...base, ...change }), expected));
  }

  it('across tenants looks neither at ages nor at ids', () => {
    const there = { ...base, secrets: [{ name: 'API_KEY', updatedAt: '2020-01-01T00:00:00Z' }], modules: [{ ...rules, id: 'other', versionId: 'another' }] };
    assert.deepEqual(changesBetween(base, there, 'acrossTenants'), []);
    assert.deepEqual(changesBetween(base, { ...there, modules: [{ ...rules, id: 'other', versionNumber: 4 }], secrets: [] }, 'acrossTenants'), [
      { part: 'modules', name: 'profile-rules', kind: 'changed', from: 'v3', to: 'v4' },
      { part: 'secrets', name: 'API_KEY', kind: 'removed' },
    ]);
  });

  it('has changes in exactly the parts in which deploys find differences', () => {
    fc.assert(fc.property(contents, contents, (a, b) => {
      const changes = changesBetween(a, b);
      assert.equal(changes.length === 0, sameContent(a, b));
      assert.deepEqual(new Set(changes.map(change => change.part)), new Set(differences(a, b)));
    }), { numRuns: 500 });
  });

  it('is the other way round from the other side', () => {
    fc.assert(fc.property(contents, contents, (a, b) => {
      const back = changesBetween(b, a).map(change => (change.part === 'code' ? 'code' : change.kind)).sort();
      const turned = { added: 'removed', removed: 'added' } as Readonly<Record<string, string>>;
      assert.deepEqual(changesBetween(a, b).map(change => (change.part === 'code' ? 'code' : turned[change.kind] ?? change.kind)).sort(), back);
    }));
  });
});

describe('counts of lines', () => {
  /** The longest common subsequence by its definition. */
  function common(a: readonly string[], b: readonly string[]): number {
    const table = [new Array<number>(b.length + 1).fill(0)];
    for (const [index, line] of a.entries()) {
      const row = [0];
      for (const [at, other] of b.entries()) {
        row.push(line === other ? (table[index]?.[at] ?? 0) + 1 : Math.max(table[index]?.[at + 1] ?? 0, row[at] ?? 0));
      }
      table.push(row);
    }
    return table.at(-1)?.at(-1) ?? 0;
  }

  it('are the smallest', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 25 }).map(lines => lines.join('\n'));
    fc.assert(fc.property(text, text, (before, after) => {
      const [a, b] = [before.split('\n'), after.split('\n')];
      const kept = common(a, b);
      assert.deepEqual(lineCounts(before, after), { added: b.length - kept, removed: a.length - kept });
    }), { numRuns: 500 });
  });

  it('are 0 for equal texts alone, down to the end of a line', () => {
    assert.deepEqual(lineCounts('a\nb', 'a\nb'), { added: 0, removed: 0 });
    assert.deepEqual(lineCounts('a', 'a\n'), { added: 1, removed: 0 });
    assert.deepEqual(lineCounts('a\nb', 'a\r\nb'), { added: 1, removed: 1 });
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
      const counts = lineCounts(before, after);
      assert.ok(counts);
      assert.equal(counts.added + counts.removed === 0, before === after);
    }));
  });

  it('are given up for code that would take long, and counted for code that only is', () => {
    const size = 50_000;
    const random = (seed: number): string => {
      let state = seed;
      return Array.from({ length: size }, () => String((state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) >> 28)).join('\n');
    };
    const begun = performance.now();
    assert.equal(lineCounts(random(1), random(2)), undefined);
    assert.deepEqual(lineCounts('\n'.repeat(2 * size), ''), { added: 0, removed: 2 * size });
    assert.deepEqual(lineCounts('a\n'.repeat(size), 'b\n'.repeat(size)), { added: size, removed: size });
    assert.ok(performance.now() - begun < 20_000);
  });
});
