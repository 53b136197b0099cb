/** JSON of the service -> our shapes, whatever it holds or leaves out. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isApiError } from '../../../src/auth0/errors.ts';
import { asObject, parseJson } from '../../../src/auth0/json.ts';
import { readAction, readPage, readTrigger, readVersion } from '../../../src/auth0/shapes.ts';

/** Known field names with any value at all, and unknown ones beside them. */
const NAMES = [
  'name', 'supported_triggers', 'created_at', 'updated_at', 'code', 'dependencies', 'runtime', 'status', 'secrets', 'modules', 'deployed_version', 'all_changes_deployed',
  'number', 'deployed', 'errors', 'built_at', 'action', 'action_id', 'new_field', '__proto__', 'constructor', 'toString',
];
const anyFields = fc.array(fc.tuple(fc.constantFrom(...NAMES), fc.jsonValue()), { maxLength: 20 }).map(pairs => parseJson(`{${[['id', 'x'] as const, ...pairs].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`));

describe('shapes', () => {
  it('read a recorded action', () => {
    const action = readAction({
      id: 'A1', name: 'Enrich', supported_triggers: [{ id: 'post-login', version: 'v3' }], created_at: '2026-01-01T00:00:00.123456789Z', updated_at: '2026-01-02T00:00:00Z',
      code: 'x', dependencies: [{ name: 'lodash', version: '4.17.21', registry_url: 'https://r' }], runtime: 'node22', status: 'built', secrets: [{ name: 'KEY', updated_at: 'then' }],
      modules: [{ module_id: 'm', module_name: 'lib', module_version_id: 'mv', module_version_number: 3 }],
      current_version: { status: 'BUILT' },
      deployed_version: { id: 'V2', number: 2, deployed: true, status: 'built', code: 'y', built_at: 'b', errors: [{ id: 'e', msg: 'm', url: 'https://u' }] },
      all_changes_deployed: true, unheard_of: { deep: [1] },
    });
    assert.deepEqual(action, {
      id: 'A1', name: 'Enrich', status: 'built', allChangesDeployed: true, createdAt: '2026-01-01T00:00:00.123456789Z', updatedAt: '2026-01-02T00:00:00Z', code: 'x', runtime: 'node22',
      dependencies: [{ name: 'lodash', version: '4.17.21', registryUrl: 'https://r' }], secrets: [{ name: 'KEY', updatedAt: 'then' }], triggers: [{ id: 'post-login', version: 'v3' }],
      modules: [{ id: 'm', name: 'lib', versionId: 'mv', versionNumber: 3 }],
      deployedVersion: {
        id: 'V2', number: 2, deployed: true, status: 'built', code: 'y', builtAt: 'b', errors: [{ id: 'e', msg: 'm', url: 'https://u' }], dependencies: [], secrets: [], triggers: [], modules: [],
      },
    });
  });

  it('read an action that holds nothing but its id', () => {
    assert.deepEqual(readAction({ id: 'A1' }), { id: 'A1', name: 'A1', status: '', allChangesDeployed: false, code: '', dependencies: [], secrets: [], triggers: [], modules: [], unread: ['secrets', 'dependencies'] });
  });

  it('say which lists of an action must not be sent back', () => {
    const unread = (lists: object): unknown => readAction({ id: 'a', secrets: [], dependencies: [], ...lists }).unread;
    assert.equal(unread({}), undefined);
    assert.equal(unread({ secrets: [{ name: 'A' }], dependencies: [{ name: 'b', version: '1.0.0' }], modules: [{ module_id: 'm' }] }), undefined);
    assert.deepEqual(unread({ secrets: null }), ['secrets']);
    assert.deepEqual(unread({ secrets: [{ name: 'A' }, 'B'] }), ['secrets']);
    assert.deepEqual(unread({ dependencies: [{ version: '1.0.0' }], modules: {} }), ['dependencies', 'modules']);
  });

  it('read statuses in any case, and keep unknown ones', () => {
    assert.equal(readAction({ id: 'a', status: 'BUILT' }).status, 'built');
    assert.equal(readVersion({ id: 'v', status: 'Quarantined' }).status, 'quarantined');
  });

  it('find the action of a version where the service puts it', () => {
    assert.equal(readVersion({ id: 'v', action_id: 'a' }).actionId, 'a');
    assert.equal(readVersion({ id: 'v', action: { id: 'b' } }).actionId, 'b');
    assert.equal(readVersion({ id: 'v' }).actionId, undefined);
    assert.equal(readVersion({ id: 'v' }).number, 0);
  });

  it('take a deployed version without an id for none', () => {
    for (const deployed of [null, {}, [], 'v', { number: 3 }]) {
      assert.equal(readAction({ id: 'a', deployed_version: deployed }).deployedVersion, undefined);
    }
  });

  it('refuse what has no id', () => {
    for (const value of [undefined, null, 'x', 5, [], {}, { id: 5 }, [{ id: 'a' }]]) {
      for (const read of [readAction, readVersion]) {
        assert.throws(() => read(value), (error: unknown) => isApiError(error) && error.kind === 'malformed');
      }
    }
  });

  it('read pages as the service writes them', () => {
    assert.deepEqual(readPage({ actions: [], per_page: 100 }, 'actions', readAction), { items: [] });
    const page = readPage({ actions: [{ id: 'a' }, {}, null, 'x', { id: 7 }, { id: 'b' }], total: 6 }, 'actions', readAction);
    assert.deepEqual([page.items.map(item => item.id), page.total], [['a', 'b'], 6]);
    for (const value of [{ actions: null }, { actions: {} }, { total: '5' }, { per_page: 100 }]) {
      assert.deepEqual(readPage(value, 'actions', readAction), { items: [] });
    }
    // What is no page at all says nothing about what there is.
    for (const value of [null, [], {}, { ok: true }]) {
      assert.throws(() => readPage(value, 'actions', readAction), (error: unknown) => isApiError(error) && error.kind === 'malformed');
    }
  });

  it('read triggers that nobody knows', () => {
    assert.deepEqual(readTrigger({ id: 'mcp-tool', version: 'v9', status: 'CURRENT', runtimes: ['node99', 5], default_runtime: 'node100', binding_policy: 'odd' }), {
      id: 'mcp-tool', version: 'v9', status: 'CURRENT', runtimes: ['node99'], defaultRuntime: 'node100', bindingPolicy: 'odd',
    });
    assert.deepEqual(readTrigger({}), { id: '', version: '', status: '', runtimes: [] });
  });

  it('never throw for any field holding anything', () => {
    fc.assert(fc.property(anyFields, json => {
      const action = readAction(json);
      assert.equal(action.id, 'x');
      assert.equal(typeof action.code, 'string');
      assert.equal(action.status, action.status.toLowerCase());
      assert.ok(action.dependencies.every(one => typeof one.name === 'string' && typeof one.version === 'string'));
      const version = readVersion(json);
      assert.ok(Number.isFinite(version.number));
      assert.ok(version.errors.every(one => typeof one.msg === 'string'));
      assert.equal(typeof readTrigger(asObject(json)).id, 'string');
    }), { numRuns: 500 });
  });

  it('never throw for a page of anything', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (actions, total) => {
      assert.ok(readPage({ actions, total }, 'actions', readAction).items.every(item => item.id.length >= 0));
    }));
  });
});
