/** The forms that a repository of actions can have, as they should be and as somebody hostile writes them. */
import assert from 'node:assert/strict';
import { readAllActions } from '../../../../src/actions/allActions.ts';
import { obstacleOf } from '../../../../src/actions/local/differences.ts';
import { planPull, writePull } from '../../../../src/actions/local/pull.ts';
import type { PullPlan } from '../../../../src/actions/local/pull.ts';
import { readRepository } from '../../../../src/actions/local/repository.ts';
import type { Repository } from '../../../../src/actions/local/repository.ts';
import { readStatedFile } from '../../../../src/actions/local/tenantFile.ts';
import type { Action } from '../../../../src/auth0/api.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import type { MemoryFiles } from '../../support/memoryFiles.ts';
import { action } from '../../support/things.ts';

const MAPPINGS = new Map<string, unknown>([['STAGE', 'dev'], ['DEPS', [{ name: 'lodash', version: '4.17.21', registry_url: 'https://npm.example/' }]]]);
const described = (name: string, change: Readonly<Record<string, unknown>> = {}): string => JSON.stringify({ name, code: `./actions/${name}/code.js`, supported_triggers: [{ id: 'post-login', version: 'v3' }], ...change });
const read = (files: MemoryFiles): Promise<Repository> => readRepository(files, MAPPINGS, readStatedFile);
const shortly = ({ actions }: Repository): unknown => actions.map(({ stated, codePath, code, codeProblem, open }) => [stated.action.name, codePath, codeProblem ?? code, ...open.map(({ text, path, line }) => `${text} ${path}:${line}`)]);

describe('a repository of actions', () => {
  it('is read from a folder, marks replaced', async () => {
    const found = await read(memoryFiles({
      'actions/a.json': described('a').replace('"a"', '"##STAGE##-a"').replace('}', ', "dependencies": @@DEPS@@ }').replace('}]', '}], "dependencies": @@DEPS@@').replace(', "dependencies": @@DEPS@@ }', ' }'),
      'actions/a/code.js': '// ##STAGE##\n',
      'actions/b.json': described('b', { secrets: [{ name: 'K', value: '##FROM_ENVIRONMENT##' }] }),
      'actions/b/code.js': '// one\n// ##UNKNOWN##\n',
      'actions/notes.txt': 'x',
      'actions/broken.json': '{',
      'actions/linked.json→': 'elsewhere',
    }));
    assert.deepEqual(shortly(found), [['dev-a', 'actions/a/code.js', '// dev\n'], ['b', 'actions/b/code.js', '// one\n// ##UNKNOWN##\n', '##UNKNOWN## actions/b/code.js:1']]);
    assert.deepEqual([found.layout, found.unread, found.doubles], ['directory', ['actions/broken.json', 'actions/linked.json'], []]);
    assert.deepEqual(found.actions[0]?.stated.dependencies, [{ name: 'lodash', version: '4.17.21', registryUrl: 'https://npm.example/' }]);
  });

  it('has no value for a mark that stands for a whole one without quotes, and says so', async () => {
    const found = await read(memoryFiles({
      'actions/a.json': described('a', { dependencies: 'D' }).replace('"D"', '@@OTHER@@'),
      'actions/a/code.js': 'a',
      'actions/b.json': described('b', { runtime: 'R' }).replace('"R"', '##MY-RUNTIME##'),
      'actions/b/code.js': 'b',
    }));
    assert.deepEqual(found.unread, []);
    assert.deepEqual(found.actions.map(one => obstacleOf(one, undefined, [])), [{ kind: 'unclear', lists: ['dependencies'] }, { kind: 'marks', marks: [{ text: '##MY-RUNTIME##', line: 0, path: 'actions/b.json' }] }]);
  });

  it('is read in its older forms, whose paths begin elsewhere', async () => {
    assert.deepEqual(shortly(await read(memoryFiles({
      'actions/one.json': described('one', { code: './local/tenant/actions/one/code.js' }),
      'actions/one/code.js': '1',
      'actions/three.json': described('three', { code: undefined }),
      'actions/three/current_version.js': '3',
      'actions/two.json': described('two', { code: './actions/two/current_version/code.js' }),
      'actions/two/current_version/code.js': '2',
    }))), [['one', 'actions/one/code.js', '1'], ['three', 'actions/three/current_version.js', '3'], ['two', 'actions/two/current_version/code.js', '2']]);
  });

  it('is read from a tenant.yaml, unless there is a folder', async () => {
    const yaml = 'actions:\n  - name: ##STAGE##-x\n    code: ./code/x.js\n    dependencies: @@DEPS@@\n    supported_triggers:\n      - id: post-login\n        version: v3\n';
    const found = await read(memoryFiles({ 'tenant.yaml': yaml, 'code/x.js': 'x' }));
    assert.deepEqual([found.layout, shortly(found)], ['yaml', [['dev-x', 'code/x.js', 'x']]]);
    assert.equal((await read(memoryFiles({ 'tenant.yaml': yaml, 'actions/a.json': described('a') }))).layout, 'directory');
    assert.deepEqual(await read(memoryFiles({ 'tenant.yaml': '{ not: [yaml' })), { layout: 'directory', actions: [], unread: ['tenant.yaml'], doubles: [] });
    assert.deepEqual((await read(memoryFiles({ 'tenant.yaml→': 'x' }))).unread, ['tenant.yaml']);
  });

  it('is none where there is none', async () => {
    for (const files of [{}, { 'actions': 'a file' }, { 'actions→': 'a link' }, { 'other/a.json': described('a') }, { 'tenant.yaml': 'clients: []\n' }]) {
      assert.deepEqual(await read(memoryFiles(files)), { layout: 'none', actions: [], unread: [], doubles: [] }, JSON.stringify(files));
    }
  });

  it('has no code that lies outside, behind a link, or is no text', async () => {
    const problems = async (files: Readonly<Record<string, string | undefined>>): Promise<unknown> => (await read(memoryFiles(files))).actions.map(({ codeProblem, code }) => codeProblem ?? code);
    assert.deepEqual(await problems({ 'actions/a.json': described('a', { code: '../../etc/passwd' }) }), ['outside']);
    assert.deepEqual(await problems({ 'actions/a.json': described('a', { code: '/etc/passwd' }) }), ['outside']);
    assert.deepEqual(await problems({ 'actions/a.json': described('a', { code: 'C:\\x\\code.js' }) }), ['outside']);
    assert.deepEqual(await problems({ 'actions/a.json': described('a') }), ['missing']);
    assert.deepEqual(await problems({ 'actions/a.json': described('a'), 'actions/a→': 'x' }), ['link']);
    assert.deepEqual(await problems({ 'actions/a.json': described('a'), 'actions/a/code.js→': 'x' }), ['link']);
    assert.deepEqual(await problems({ 'actions/a.json': described('a'), 'actions/a/code.js': undefined }), ['notText']);
    assert.deepEqual(await problems({ 'actions/a.json': described('a'), 'actions/a/code.js': 'x'.repeat(1_000_001) }), ['tooLarge']);
    assert.deepEqual(await problems({ 'actions/a.json': described('a', { code: '' }) }), ['']);
  });

  it('names what several descriptions have, and what a description would send with an open mark', async () => {
    const found = await read(memoryFiles({ 'actions/a.json': described('a'), 'actions/b.json': described('a', { runtime: '##RUNTIME##' }), 'actions/a/code.js': 'x' }));
    assert.deepEqual(found.doubles, ['a']);
    assert.deepEqual(found.actions[1]?.open, [{ path: 'actions/b.json', text: '##RUNTIME##', line: 0 }]);
  });
});

describe('a pull', () => {
  const plan = async (files: MemoryFiles, actions: readonly Action[]): Promise<PullPlan> => planPull(files, await read(files), MAPPINGS, actions);
  const named = (name: string, change: Partial<Action> = {}): Action => action(name, { name, ...change });

  it('writes what changes, once', async () => {
    const files = memoryFiles();
    const actions = [named('one'), named('two', { code: '' }), named('market', { integration: true })];
    const first = await plan(files, actions);
    assert.deepEqual((await writePull(files, first.writes)).left, []);
    assert.deepEqual([files.written, first.marketplace, first.actions], [['actions/one.json', 'actions/one/code.js', 'actions/two.json'], ['market'], 2]);
    const again = await plan(files, actions);
    assert.deepEqual([again.writes, again.same], [[], 3]);
  });

  it('keeps the names that files have, their marks, and ids', async () => {
    const files = memoryFiles({
      'actions/my name.json': JSON.stringify({ id: 'old', name: '##STAGE##-one', code: 'lib/one.js', runtime: 'node22', status: 'built', dependencies: [], secrets: [], supported_triggers: [{ id: 'post-login', version: 'v3' }], deployed: false }),
      'lib/one.js': '// ##STAGE##\nold\n',
    });
    const { writes } = await plan(files, [named('dev-one', { id: 'new', code: '// dev\nnew\n' })]);
    assert.deepEqual(writes.map(({ path, text }) => [path, path.endsWith('.js') ? text : (JSON.parse(text) as Record<string, unknown>)]), [
      ['actions/my name.json', { id: 'new', name: '##STAGE##-one', code: './lib/one.js', runtime: 'node22', status: 'built', dependencies: [], secrets: [], supported_triggers: [{ id: 'post-login', version: 'v3' }], deployed: false }],
      ['lib/one.js', '// ##STAGE##\nnew\n'],
    ]);
  });

  it('gives every action files of its own, and names what it leaves and what is gone', async () => {
    const files = memoryFiles({ 'actions/gone.json': described('gone'), 'actions/linked.json→': 'x', 'actions/folder.json/x': 'x', 'actions/bytes.json': undefined });
    const { writes, renumbered, left, gone } = await plan(files, [named('a/b'), named('a:b'), named('x'), named('x.json'), named('linked'), named('folder'), named('bytes')]);
    assert.deepEqual(renumbered, [{ name: 'a:b', path: 'actions/a-b-2.json' }, { name: 'x.json', path: 'actions/x.json-2.json' }]);
    assert.equal(new Set(writes.map(({ path }) => path)).size, writes.length);
    assert.deepEqual(left, [{ path: 'actions/linked.json', why: 'link' }, { path: 'actions/folder.json', why: 'notFile' }, { path: 'actions/bytes.json', why: 'notFile' }]);
    assert.deepEqual(gone, ['actions/gone.json']);
  });

  it('gives no action the files of another one that is gone', async () => {
    const files = memoryFiles({ 'actions/one.json': described('before', { code: './actions/two/code.js' }), 'actions/two/code.js': 'of before', 'actions/three.json': '{ broken' });
    const { writes, renumbered, gone } = await plan(files, [named('one'), named('two'), named('three')]);
    assert.deepEqual(renumbered, [{ name: 'one', path: 'actions/one-2.json' }, { name: 'two', path: 'actions/two-2.json' }]);
    assert.deepEqual(gone, ['actions/one.json']);
    assert.deepEqual(writes.map(({ path, before }) => (before === undefined ? path : `${path} overwritten`)), ['actions/one-2.json', 'actions/one-2/code.js', 'actions/two-2.json', 'actions/two-2/code.js', 'actions/three.json overwritten', 'actions/three/code.js']);
  });

  it('gives a second file to code that two descriptions shared and that differs now', async () => {
    const files = memoryFiles({ 'actions/a.json': described('a', { code: 'lib/shared.js' }), 'actions/b.json': described('b', { code: 'lib/shared.js' }), 'lib/shared.js': 'old' });
    const codes = async (b: string): Promise<unknown> => (await plan(files, [named('a', { code: 'new' }), named('b', { code: b })])).writes.filter(({ path }) => path.endsWith('.js')).map(({ path, text }) => [path, text]);
    assert.deepEqual(await codes('other'), [['lib/shared.js', 'new'], ['actions/b/code.js', 'other']]);
    assert.deepEqual(await codes('new'), [['lib/shared.js', 'new']]);
  });

  it('leaves what has changed since it was looked at, and goes on after what fails', async () => {
    const files = memoryFiles({ 'actions/b/code.js': 'before' });
    const { writes } = await plan(files, [named('a'), named('b'), named('c')]);
    files.texts.set('actions/b/code.js', 'typed meanwhile');
    files.texts.set('actions/a.json', 'new meanwhile');
    const failing = { ...files, write: (path: string, text: string) => (path === 'actions/c.json' ? Promise.reject(new Error('full')) : files.write(path, text)) };
    const { left, written } = await writePull(failing, writes);
    assert.deepEqual(left.map(({ path, why }) => [path, why]), [['actions/a.json', 'changed'], ['actions/b/code.js', 'changed'], ['actions/c.json', 'failed']]);
    assert.deepEqual(written.map(({ path }) => path), ['actions/a/code.js', 'actions/b.json', 'actions/c/code.js']);
    assert.equal(files.texts.get('actions/b/code.js'), 'typed meanwhile');
  });

  it('reads a hundred actions in one request, and ends where pages bring nothing new', async () => {
    const hundred = Array.from({ length: 100 }, (_, index) => named(`n${index}`));
    const pages: number[] = [];
    assert.equal((await readAllActions({ listActions: page => { pages.push(page); return Promise.resolve({ items: hundred, total: 100 }); } })).length, 100);
    assert.deepEqual(pages, [0]);
    assert.equal((await readAllActions({ listActions: page => { pages.push(page); return Promise.resolve({ items: hundred.slice(0, 50) }); } })).length, 50);
    assert.deepEqual(pages, [0, 0, 1]);
  });
});
