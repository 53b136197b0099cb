/** Which description a file belongs to, by paths alone. */
import assert from 'node:assert/strict';
import { codesOf, descriptionBeside, eventsFolder, isBeside, namesTypes, placesOf, placesOfCode } from '../../../../src/actions/local/places.ts';

const action = (code?: string): Parameters<typeof isBeside>[0] => ({ name: 'one', triggers: [{ id: 'post-login' }], dependencies: [], secrets: [], ...(code === undefined ? {} : { code }) });

describe('the files of a repository', () => {
  it('may belong to a configuration in any folder above them, the nearest first', () => {
    assert.deepEqual(placesOf('auth0/actions/one/code.js'), [
      { root: 'auth0/actions/one', path: 'code.js' },
      { root: 'auth0/actions', path: 'one/code.js' },
      { root: 'auth0', path: 'actions/one/code.js' },
      { root: '', path: 'auth0/actions/one/code.js' },
    ]);
    assert.deepEqual(placesOf('code.js'), [{ root: '', path: 'code.js' }]);
    assert.equal(placesOf('a/'.repeat(5000)).length, 30);
  });

  it('have their description beside the folder of an export', () => {
    assert.deepEqual(['actions/one/code.js', 'actions/one/current_version.js', 'actions/one/current_version/code.js'].map(descriptionBeside), Array<string>(3).fill('actions/one.json'));
    assert.deepEqual(['actions/code.js', 'actions/one/helper.js', 'code.js', 'rules/one/code.js', 'x/actions/one/code.js'].map(descriptionBeside), Array<undefined>(5).fill(undefined));
  });

  it('belong to it unless it names other code', () => {
    const path = 'actions/one/code.js';
    assert.deepEqual([undefined, path, `export/${path}`, `/home/ann/export/${path}`, 'src/one.js', '', `x${path}`].map(code => isBeside(action(code), path)), [true, true, true, true, false, false, false]);
    assert.equal(isBeside(action(path), 'actions/one/current_version/code.js'), true);
  });

  it('have their code where the description says, and only without that in one of the places of old exports', () => {
    const [path, ...old] = ['actions/one/code.js', 'actions/one/current_version/code.js', 'actions/one/current_version.js'];
    assert.deepEqual([undefined, path, `export/${path}`, '/home/ann/export/actions/one/current_version/code.js', 'src/one.js', '', '/etc/passwd'].map(code => placesOfCode(action(code), 'actions/one')), [[path, ...old], [path], [`export/${path}`, path], [old[0]], ['src/one.js'], [], []]);
    assert.deepEqual([undefined, path].map(code => placesOfCode(action(code), undefined)), [[], [path]]);
  });
});

describe('events of code', () => {
  it('lie beside it, in a folder from which the code is found again', () => {
    const folders = [['auth0/actions/one/code.js', 'auth0/actions/one/events'], ['code.js', 'events'], ['index.cjs', 'events'], ['actions/one.js', 'actions/events/one'], ['actions/one.two.js', 'actions/events/one.two'], ['events/events/x.js', 'events/events/events/x']] as const;
    for (const [code, folder] of folders) {
      assert.equal(eventsFolder(code), folder);
      assert.ok(codesOf(folder).includes(code), code);
    }
    assert.deepEqual(codesOf('actions/one'), []);
    assert.deepEqual(codesOf('actions/one/events'), ['actions/one/code.js', 'actions/one/code.cjs', 'actions/one/index.js', 'actions/one/index.cjs']);
    assert.deepEqual(codesOf('actions/events/code'), [], 'code of that name has its events beside it');
  });
});

describe('types of a project', () => {
  it('are named in a comment or an import', () => {
    const names = ['/** @import {Event} from "@auth0/actions/post-login/v3" */', "/** @param {import('@auth0/actions/post-login/v3').Event} event */", "/** @typedef {import('@auth0/actions/post-login/v2').PostLoginAPI} API */"];
    assert.deepEqual([...names, '/** @param {Event} event */', "require('@auth0/actions-tool')", ''].map(namesTypes), [true, true, true, false, false, false]);
  });
});
