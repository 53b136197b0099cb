/** What is said of changes of an action, and what the lists for packages offer. */
import assert from 'node:assert/strict';
import type { Edit } from '../../../src/actions/edits.ts';
import { isVersion, typedPackage, versionItems } from '../../../src/ui/commands/packagePick.ts';
import { editButton, editDetail, editDone, editFailure, editQuestion, lossWords, secretProblemWords } from '../../../src/ui/editWords.ts';
import { START } from '../support/fakeClock.ts';
import { action, apiError } from '../support/things.ts';

const VALUE = 'the-value-that-must-not-show';
const EDITS: readonly Edit[] = [
  { kind: 'setSecrets', values: new Map([['A', VALUE]]) },
  { kind: 'setSecrets', values: new Map([['A', VALUE], ['B', VALUE]]) },
  { kind: 'removeSecret', name: 'A' },
  { kind: 'addDependency', name: 'b', version: '2.0.0' },
  { kind: 'setDependencyVersion', name: 'a', version: '2.0.0' },
  { kind: 'removeDependency', name: 'a' },
  { kind: 'pinModule', moduleId: 'm', versionId: 'v2', name: 'Rules', number: 2 },
  { kind: 'setRuntime', runtime: 'node22' },
  { kind: 'rename', name: 'Other' },
];
const BEFORE = action('x', { name: 'Name', runtime: 'node18', secrets: [{ name: 'A', updatedAt: '2026-03-03T09:12:00.123456789Z' }], dependencies: [{ name: 'a', version: '1.0.0' }], modules: [{ id: 'm', name: 'Rules', versionId: 'v1', versionNumber: 1 }] });

describe('the words of a change', () => {
  it('name action and tenant wherever they ask or tell, and never a value', () => {
    for (const edit of EDITS) {
      const texts = [
        editQuestion(edit, 'Name', 'acme'), editDone(edit, 'Name', 'acme'), lossWords({ gone: ['G'], altered: ['H'] }, edit, 'Name', 'acme'),
        ...(['unchanged', 'gone', 'there'] as const).map(kind => editFailure(edit, { kind, action: BEFORE }, 'Name', 'acme')),
        editFailure(edit, { kind: 'full', action: BEFORE, most: 30 }, 'Name', 'acme'),
        editFailure(edit, { kind: 'notDone', error: undefined }, 'Name', 'acme'),
        editFailure(edit, { kind: 'notDone', error: apiError('rateLimited') }, 'Name', 'acme'),
        editFailure(edit, { kind: 'unknown' }, 'Name', 'acme'),
      ];
      for (const text of texts) {
        assert.ok(text.includes('Name') && text.includes('acme'), text);
      }
      const all = [...texts, editDetail(edit, BEFORE, START), editButton(edit)].join('\n');
      assert.ok(!all.includes(VALUE) && !all.includes('undefined') && !/\{\d\}/u.test(all), all);
    }
  });

  it('show what changes', () => {
    const first = (edit: Edit | undefined): string => (edit === undefined ? '' : (editDetail(edit, BEFORE, START).split('\n')[0] ?? ''));
    assert.match(first(EDITS[0]), /^A: replaces the value set Mar 3, 2026 \d\d:\d\d$|^A: replaces the value set 3 Mar 2026 \d\d:\d\d$/u);
    assert.match(editDetail(EDITS[1] ?? { kind: 'rename', name: '' }, BEFORE, START), /^A: replaces .*\nB: new\nAll other secrets keep their values\./u);
    assert.deepEqual([3, 4, 5, 6, 7, 8].map(index => first(EDITS[index])), ['b 2.0.0', 'a: 1.0.0 → 2.0.0', 'a 1.0.0', 'Rules: v1 → v2', 'node18 → node22', 'Name → Other']);
  });

  it('tell a loss by its names', () => {
    const text = lossWords({ gone: ['G', 'g'], altered: ['H'] }, { kind: 'removeSecret', name: 'A' }, 'Name', 'acme');
    assert.equal(text, 'Secret A of Name in acme is removed. But something else was changed at the same time. Gone, and to be set again: G, g. Not what it was before: H.');
  });

  it('say what is wrong with a secret', () => {
    assert.deepEqual(new Set((['noName', 'nameTooLong', 'nameCharacters', 'noValue', 'valueTooLong', 'placeholder'] as const).map(secretProblemWords)).size, 6);
  });
});

describe('the lists for packages', () => {
  it('take a name, with its version or without', () => {
    assert.deepEqual(typedPackage(' lodash '), { name: 'lodash' });
    assert.deepEqual(typedPackage('lodash@4.17.21'), { name: 'lodash', version: '4.17.21' });
    assert.deepEqual(typedPackage('@acme/tools@1.0.0'), { name: '@acme/tools', version: '1.0.0' });
    assert.deepEqual(typedPackage('@acme/tools'), { name: '@acme/tools' });
    for (const text of ['', '@acme', 'a b', 'a/b', '@a/b/c', 'x'.repeat(215), 'a@b@c']) {
      assert.equal(typedPackage(text), undefined, text);
    }
    assert.deepEqual(['1.2.3', 'latest', '^1.0.0', '', 'a b', 'x'.repeat(101)].map(isVersion), [true, true, true, false, false, false]);
  });

  it('show versions with what is known of them, and always the way to type one', () => {
    const items = versionItems({ name: 'p', versions: ['1.0.0', '1.1.0', '2.0.0'], latest: '2.0.0', withInstallScript: new Set(['2.0.0']), deprecated: new Map([['1.1.0', 'Leaks $(key)']]) }, '1.0.0', undefined);
    assert.deepEqual(items.map(({ label, description, detail }) => [label, description, detail]), [
      ['2.0.0', 'latest · runs a script when it is installed', undefined],
      ['$(warning) 1.1.0', 'deprecated', 'Leaks \\$(key)'],
      ['1.0.0', 'used now', undefined],
      ['$(edit) Type a Version…', undefined, undefined],
    ]);
    assert.deepEqual(versionItems(undefined, undefined, 'Off.').map(({ label, detail }) => [label, detail]), [['$(edit) Type a Version…', 'Off.']]);
  });
});
