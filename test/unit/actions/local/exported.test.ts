/** An action as files: what deploy-cli would write, and names that are no names of files. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { exportAction, fileNameOf, hasOwnKeys, isFromMarketplace, placesFor } from '../../../../src/actions/local/exported.ts';
import { isSafePath } from '../../../../src/actions/local/files.ts';
import { readAction } from '../../../../src/auth0/shapes.ts';
import { action } from '../../support/things.ts';

describe('an exported action', () => {
  it('says all that a description does, unless that has keys of its own', () => {
    const whole = action('a1', { dependencies: [{ name: 'a', version: '1' }], secrets: [{ name: 'KEY' }], modules: [{ id: 'm1', name: 'shared', versionId: 'mv', versionNumber: 3 }], installedIntegrationId: 'i' });
    const json = exportAction(whole, placesFor('enrich'), { withId: true })[0]?.text ?? '';
    assert.equal(hasOwnKeys(json), false);
    assert.equal(hasOwnKeys(json.replace('"name": "KEY"', '"name": "KEY", "value": "##KEY##"')), false, 'a mark for a value is kept');
    for (const [from, to] of [['"runtime"', '"owner": @@TEAM@@, "runtime"'], ['"name": "KEY"', '"name": "KEY", "value": "plain"'], ['"version": "1"', '"version": "1", "registry_url": "https://npm.example/"']] as const) {
      assert.ok(json.includes(from), from);
      assert.equal(hasOwnKeys(json.replace(from, to)), true, to);
    }
  });

  it('is a description with the keys in their order, and its code', () => {
    const files = exportAction(action('a1', {
      name: 'enrich', code: 'one\r\ntwo', allChangesDeployed: true, dependencies: [{ name: 'a', version: '1', registryUrl: 'https://npm.example/' }], secrets: [{ name: 'KEY', updatedAt: '2026-01-01T00:00:00Z' }],
      modules: [{ id: 'm1', name: 'shared', versionId: 'mv', versionNumber: 3 }],
    }), placesFor('enrich'));
    assert.deepEqual(files, [
      { path: 'actions/enrich.json', text: `${JSON.stringify({ name: 'enrich', code: './actions/enrich/code.js', runtime: 'node22', status: 'built', dependencies: [{ name: 'a', version: '1', registry_url: 'https://npm.example/' }], secrets: [{ name: 'KEY' }], supported_triggers: [{ id: 'post-login', version: 'v3' }], deployed: true, modules: [{ module_name: 'shared', module_version_number: 3 }] }, undefined, 2)}\n` },
      { path: 'actions/enrich/code.js', text: 'one\r\ntwo' },
    ]);
  });

  it('leaves out what the service has left out', () => {
    const read = readAction({ id: 'a1', name: 'bare', supported_triggers: [{ id: 'post-login' }], integration: { id: 'i' }, installed_integration_id: 'ii' });
    const [description, code] = exportAction(read, placesFor('bare'), { withId: true });
    assert.equal(code, undefined);
    assert.deepEqual(JSON.parse(description?.text ?? ''), { id: 'a1', name: 'bare', code: '', secrets: [], supported_triggers: [{ id: 'post-login' }], deployed: false, installed_integration_id: 'ii' });
    assert.deepEqual([isFromMarketplace(read), isFromMarketplace(action('a2'))], [true, false]);
  });

  it('has a name that every system takes for one file in its folder', () => {
    assert.deepEqual(['', '..', '../../x', 'a\u0000b', 'CON', 'con.txt', 'end. .', 'a/b\\c:d', 'é'.repeat(200)].map(fileNameOf), ['undefined', '-', '..-..-x', 'a-b', '-', '-', 'end-', 'a-b-c-d', 'é'.repeat(127)]);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), name => {
      const { description, code } = placesFor(fileNameOf(name));
      assert.ok(isSafePath(description) && isSafePath(code) && description.split('/').length === 2 && code.split('/').length === 3, JSON.stringify(name));
    }));
    assert.deepEqual(['', '/a', 'a//b', 'a/../b', './a', 'a\\b', 'a:b', 'a\u0007'].filter(isSafePath), []);
  });
});
