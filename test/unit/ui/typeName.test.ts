/** The question before a write to a protected tenant: what it offers for which text. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nameItems, wrapped } from '../../../src/ui/typeName.ts';
import { tenant } from './drawTree.ts';

describe('the question of a protected tenant', () => {
  const question = { tenant: tenant({ actions: [] }, { isProtected: true }), question: 'Deploy?', detail: 'Changed: code.\n\n$(flame) is drawn as text.', choices: ['Keep', 'Both'] };
  const choices = (typed: string): (string | undefined)[] => nameItems(question, typed).flatMap(item => item.choice ?? []);

  it('offers to go on for the exact name alone', () => {
    assert.deepEqual(choices('acme-dev'), ['Keep', 'Both']);
    for (const typed of ['', 'acme-de', 'acme-dev ', 'Acme-dev', 'acme-dev.eu.auth0.com', 'Keep']) {
      assert.deepEqual(choices(typed), [], typed);
    }
    fc.assert(fc.property(fc.string(), typed => {
      assert.equal(choices(typed).length > 0, typed === 'acme-dev');
    }));
  });

  it('shows what changes whatever is typed, the ways to go on first', () => {
    const labels = (typed: string): string[] => nameItems(question, typed).map(item => item.label);
    assert.deepEqual(labels('x'), ['Changed: code.', '\\$(flame) is drawn as text.']);
    assert.deepEqual(labels('acme-dev'), ['$(arrow-right) Keep', '$(arrow-right) Both', ...labels('')]);
    assert.ok(nameItems(question, 'acme-dev').every(item => item.alwaysShow === true));
  });

  it('breaks long lines between words and loses none', () => {
    assert.deepEqual(wrapped('one two three', 7), ['one two', 'three']);
    assert.deepEqual(wrapped('unbreakable', 3), ['unbreakable']);
    fc.assert(fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/u), { minLength: 1 }), fc.integer({ min: 12, max: 80 }), (words, width) => {
      const lines = wrapped(words.join(' '), width);
      assert.equal(lines.join(' '), words.join(' '));
      assert.ok(lines.every(line => line.length <= width));
    }));
  });
});
