// Every text of the manifest is in package.nls.json, and nothing else is.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, root } from '../../scripts/lib/project.ts';

const used = [...new Set([...readFileSync(join(root, 'package.json'), 'utf8').matchAll(/"%([^%"]+)%"/g)].map(match => match[1] ?? ''))].sort();
const texts = readJson(join(root, 'package.nls.json')) as Readonly<Record<string, string | { message: string }>>;

describe('strings of the manifest', () => {
  it('have a text', () => {
    assert.deepEqual(used.filter(key => !(key in texts)), []);
  });

  it('are used', () => {
    assert.deepEqual(Object.keys(texts).filter(key => !used.includes(key)), []);
  });

  for (const file of globSync('package.nls.*.json', { cwd: root })) {
    it(`are the same in ${file}`, () => {
      assert.deepEqual(Object.keys(readJson(join(root, file)) as object).sort(), Object.keys(texts).sort());
    });
  }

  it('name only commands, settings and views that exist, in welcome texts', () => {
    const links = Object.values(texts).flatMap(text => [...(typeof text === 'string' ? text : text.message).matchAll(/\(command:([\w.]+)/g)].map(match => match[1] ?? ''));
    const declared = readFileSync(join(root, 'package.json'), 'utf8');
    assert.deepEqual(links.filter(id => id.startsWith('auth0Actions.') && !declared.includes(`"${id}"`)), []);
  });
});
