// Every declared command has a handler, and every handler a declaration; menus name only what is declared.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { generateIds, idsFile } from '../../scripts/lib/ids.ts';
import { readManifest, root } from '../../scripts/lib/project.ts';
import { commands } from '../../src/ui/ids.ts';

const manifest = readManifest();
const declared = manifest.contributes.commands.map(({ command }) => command);
const sources = globSync('src/**/*.ts', { cwd: root }).map(path => path.replaceAll('\\', '/')).filter(path => path !== 'src/ui/ids.ts')
  .map(path => ({ path, text: readFileSync(join(root, path), 'utf8') }));

/** Handlers are entries of a table, `[commands.deploy]: …`, or direct registrations. */
function registered(): string[] {
  const names = sources.flatMap(({ text }) => [...text.matchAll(/\[commands\.(\w+)\]\s*[:=(]|register(?:TextEditor)?Command\(\s*commands\.(\w+)/g)].map(match => match[1] ?? match[2] ?? ''));
  return names.map(name => (commands as Readonly<Record<string, string>>)[name] ?? `commands.${name} is not in ids.ts`);
}

describe('commands', () => {
  it('that are declared are registered, and the other way round', () => {
    assert.deepEqual([...new Set(registered())].sort(), [...declared].sort());
  });

  it('are registered once', () => {
    const all = registered();
    assert.deepEqual(all.filter((id, index) => all.indexOf(id) !== index), []);
  });

  it('are declared once', () => {
    assert.deepEqual(declared.filter((id, index) => declared.indexOf(id) !== index), []);
  });

  it('in menus are declared', () => {
    const used = Object.values(manifest.contributes.menus).flat().flatMap(({ command }) => command ?? []);
    assert.deepEqual(used.filter(id => !declared.includes(id)), []);
  });

  it('have icons where a menu shows them inline', () => {
    const inline = Object.values(manifest.contributes.menus).flat().filter(({ group }) => group !== undefined && /^(inline|navigation)/.test(group)).map(({ command }) => command);
    assert.deepEqual(manifest.contributes.commands.filter(({ command, icon }) => inline.includes(command) && icon === undefined), []);
  });
});

describe('package.json', () => {
  it('has no key twice, of which only the last would count', async () => {
    const { warnings } = await transform(readFileSync(join(root, 'package.json'), 'utf8'), { loader: 'json', logLevel: 'silent' });
    assert.deepEqual(warnings.map(({ text }) => text), []);
  });
});

describe('ids', () => {
  it('fit package.json', () => {
    assert.equal(readFileSync(idsFile, 'utf8').replaceAll('\r\n', '\n'), generateIds(manifest), 'run "npm run generate"');
  });

  it('are written once: no source names one as text', () => {
    const found = sources.flatMap(({ path, text }) => [...text.matchAll(/'auth0Actions\.[\w.]+'/g)].map(([id]) => `${path}: ${id}`));
    // Not declared in the manifest, so the ids module does not have it.
    assert.deepEqual(found.filter(line => !/'auth0Actions\.(?:deployment|file)'$/u.test(line)), []);
  });
});
