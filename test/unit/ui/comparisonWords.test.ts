/** Changes in words, and the document of everything but the code. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { changesBetween } from '../../../src/actions/comparison.ts';
import type { Change } from '../../../src/actions/comparison.ts';
import { changeLines, changeWords, settingsText } from '../../../src/ui/comparisonWords.ts';
import { contentsOf } from '../support/contents.ts';
import { version } from '../support/things.ts';

describe('changes in words', () => {
  it('are one short line each', () => {
    const words: readonly (readonly [Change, string])[] = [
      [{ part: 'code', lines: { added: 12, removed: 3 } }, 'lines of code: 12 added, 3 removed'],
      [{ part: 'code' }, 'code changed throughout'],
      [{ part: 'runtime', kind: 'changed', from: 'node18', to: 'node22' }, 'runtime node18 → node22'],
      [{ part: 'dependencies', name: 'lodash', kind: 'changed', from: '4.17.20', to: '4.17.21' }, 'dependency lodash 4.17.20 → 4.17.21'],
      [{ part: 'dependencies', name: 'axios', kind: 'added', to: '1.7.9' }, 'dependency axios 1.7.9 added'],
      [{ part: 'dependencies', name: 'axios', kind: 'added', to: '1.7.9 (https://packages.somewhere-else.example/npm/)' }, 'dependency axios 1.7.9 (https://packages.somewhere-else.example/npm/) added'],
      [{ part: 'triggers', name: 'post-login', kind: 'removed' }, 'trigger post-login removed'],
      [{ part: 'modules', name: 'profile-rules', kind: 'changed', from: 'v3' }, 'module profile-rules v3 → ?'],
      [{ part: 'secrets', name: 'API_KEY', kind: 'replaced' }, 'secret API_KEY replaced'],
    ];
    for (const [change, text] of words) {
      assert.equal(changeWords(change), text);
    }
  });

  it('stay so whatever a tenant calls things', () => {
    const hostile = fc.string({ unit: 'binary', maxLength: 500 });
    fc.assert(fc.property(hostile, hostile, hostile, fc.constantFrom('triggers' as const, 'dependencies' as const, 'modules' as const), (name, from, to, part) => {
      for (const change of [{ part, name, kind: 'changed', from, to }, { part, name, kind: 'added', to }, { part: 'secrets', name, kind: 'removed' }, { part: 'runtime', kind: 'changed', from, to }] as const) {
        const text = changeWords(change);
        assert.doesNotMatch(text, /[\p{Cc}\p{Cf}\u2028\u2029]/u);
        assert.ok(text.length <= 150, text);
      }
    }));
  });

  it('are counted from the eighth line on', () => {
    const secrets = (count: number): Change[] => Array.from({ length: count }, (_, index) => ({ part: 'secrets', name: `S${index}`, kind: 'added' }));
    assert.deepEqual(changeLines(secrets(2)), ['• secret S0 added', '• secret S1 added']);
    assert.equal(changeLines(secrets(8)).at(-1), '• secret S7 added');
    assert.deepEqual([changeLines(secrets(30)).length, changeLines(secrets(30)).at(-1)], [8, '• and 23 more']);
  });
});

describe('the document beside the code', () => {
  const content = version(1, {
    dependencies: [{ name: 'lodash', version: '4.17.21', registryUrl: 'https://registry.example' }, { name: 'axios', version: '1.7.9' }],
    secrets: [{ name: 'API_KEY', updatedAt: '2026-05-19T09:12:00.123456789Z' }],
    modules: [{ id: 'm1', name: 'profile-rules', versionId: 'p3', versionNumber: 3 }],
  });

  it('has one fact a line', () => {
    assert.equal(settingsText(content, 'sameTenant'), [
      'Runtime', '  node22', '', 'Trigger', '  post-login v3', '', 'Dependencies', '  axios 1.7.9', '  lodash 4.17.21', '', 'Modules', '  profile-rules v3', '',
      'Secrets', '  API_KEY, set 2026-05-19 09:12:00.123 UTC', '',
    ].join('\n'));
    const across = settingsText({ ...content, modules: [] }, 'acrossTenants');
    assert.match(across, /^ {2}API_KEY$/mu);
    assert.match(across, /^Modules\n {2}–$/mu);
  });

  it('differs exactly where something but the code does', () => {
    // Without empty versions, which the service never sends: they read as versions that are not told.
    const contents = contentsOf('1', '2');
    for (const scope of ['sameTenant', 'acrossTenants'] as const) {
      fc.assert(fc.property(contents, contents, (a, b) => {
        const changed = changesBetween(a, b, scope).some(change => change.part !== 'code');
        assert.equal(settingsText(a, scope) !== settingsText(b, scope), changed);
      }), { numRuns: 500 });
    }
  });

  it('stays in its lines, whatever a tenant calls things', () => {
    const hostile = fc.string({ unit: 'binary', maxLength: 500 });
    fc.assert(fc.property(hostile, hostile, (name, text) => {
      const lines = settingsText(version(1, { runtime: text, dependencies: [{ name, version: text }], secrets: [{ name, updatedAt: text }], triggers: [{ id: name, version: text }], modules: [{ id: 'm', name, versionId: text }] }), 'sameTenant').split('\n');
      assert.equal(lines.length, 15);
    }));
  });
});
