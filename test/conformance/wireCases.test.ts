/**
 * The cases that the vendor's SDK is tested with, for the calls in use: the same method, path, query and body must
 * leave this client, and each status must become its kind. Answers are the vendor's placeholders.
 */
import assert from 'node:assert/strict';
import type { ActionChange, ManagementApi, NewAction } from '../../src/auth0/api.ts';
import type { ApiErrorKind } from '../../src/auth0/errors.ts';
import { asNumber, asObject, asObjects, asText, isObject, parseJson } from '../../src/auth0/json.ts';
import { apiOver } from '../unit/support/apiOverSend.ts';
import { answer, scripted } from '../unit/support/scriptedSend.ts';
import { sharedFile, skippedFor } from '../unit/support/sharedFile.ts';
import { rejection } from '../unit/support/things.ts';

const FILE = 'api/wire-cases.json';

/** How each call of the SDK is made here. */
const CALLS: Readonly<Record<string, (api: ManagementApi, args: readonly unknown[]) => Promise<unknown>>> = {
  'client.actions.list': (api, args) => api.listActions(asNumber(asObject(args[0])['page']) ?? 0),
  'client.actions.get': (api, args) => api.getAction(String(args[0])),
  'client.actions.deploy': (api, args) => api.deployAction(String(args[0])),
  'client.actions.versions.list': (api, args) => api.listVersions(String(args[0]), asNumber(asObject(args[1])['page']) ?? 0, asNumber(asObject(args[1])['per_page']) ?? 10),
  'client.actions.versions.get': (api, args) => api.getVersion(String(args[0]), String(args[1])),
  // The vendor's case sends no list at all, which would say nothing; here the list is always there.
  'client.actions.triggers.bindings.updateMany': (api, args) => api.updateBindings(String(args[0]), []),
  'client.actions.versions.deploy': (api, args) => api.deployVersion(String(args[0]), String(args[1]), asObject(args[2])['update_draft'] === true),
  'client.actions.triggers.bindings.list': (api, args) => api.listBindings(String(args[0])),
  'client.actions.create': (api, args) => api.createAction(change(args[0]) as NewAction),
  'client.actions.update': (api, args) => api.updateAction(String(args[0]), change(args[1])),
  'client.actions.delete': (api, args) => api.deleteAction(String(args[0]), asObject(args[1])['force'] === true),
  'client.actions.modules.list': api => api.listModules(),
  'client.actions.modules.versions.list': (api, args) => api.listModuleVersions(String(args[0])),
  'client.actions.triggers.list': api => api.listTriggers(),
};

/** A change in the words of the service, as the calls take it. */
function change(json: unknown): ActionChange {
  const { supported_triggers: triggers, ...same } = asObject(json);
  return { ...same, ...(triggers === undefined ? {} : { triggers: asObjects(triggers).map(one => ({ id: asText(one['id']) ?? '' })) }) };
}

/** Lists that are always read whole, from their first page. */
const WHOLE = /bindings\.list$|modules\./u;

const KINDS: Readonly<Record<number, ApiErrorKind>> = {
  400: 'invalid', 401: 'auth', 403: 'forbidden', 404: 'notFound', 409: 'conflict', 412: 'conflict', 429: 'rateLimited', 500: 'server', 502: 'server', 503: 'server', 504: 'server',
};

/** Of the query, the page is ours to choose; filters are not in use. */
const OWN = new Set(['page', 'per_page']);
const UNUSED_FILTERS = new Set(['triggerId', 'actionName', 'deployed', 'installed']);

describe('the vendor’s wire cases', () => {
  const file = sharedFile(FILE);
  const cases = (Array.isArray(file) ? file : []).filter(isObject).filter(one => Object.hasOwn(CALLS, asText(one['client_call']) ?? ''));
  if (file === undefined) {
    skippedFor(FILE);
    return;
  }

  it('name every call in use', () => {
    assert.deepEqual([...new Set(cases.map(one => one['client_call']))].sort(), Object.keys(CALLS).sort());
  });

  for (const one of cases) {
    const name = asText(one['client_call']) ?? '';
    const args = Array.isArray(one['client_args']) ? (one['client_args'] as readonly unknown[]) : [];
    const status = asNumber(one['response_status']) ?? 0;
    const call = (api: ManagementApi): Promise<unknown> => CALLS[name]?.(api, args) ?? Promise.reject(new Error(name));

    it(`${name} ${asText(one['name']) ?? ''}: ${status}`, async () => {
      // The vendor's case has 200 for a deletion, which the service answers with 204.
      const script = scripted(name.endsWith('.delete') && status < 400 ? answer(204, '') : answer(status, one['response_body']));
      const { api } = apiOver(script);
      if (status < 400) {
        assert.equal((await call(api)) === undefined, name.endsWith('.delete'));
      } else {
        const error = await rejection(call(api));
        assert.deepEqual([error.kind, error.status], [KINDS[status], status]);
        assert.equal(error.method, one['method']);
        assert.equal(error.path, one['path']);
      }
      const sent = script.sent[0];
      const url = new URL(sent?.url ?? '');
      assert.equal(sent?.method, one['method']);
      assert.equal(url.pathname, one['path']);
      assert.deepEqual(sent?.body === undefined ? null : parseJson(sent.body), name.endsWith('updateMany') ? { bindings: [] } : one['request_body']);
      const theirs = Object.keys(asObject(one['query'])).filter(key => !OWN.has(key) && !UNUSED_FILTERS.has(key));
      assert.deepEqual([...url.searchParams.keys()].filter(key => !OWN.has(key)), theirs);
      const page = asNumber(asObject(one['query'])['page']);
      if (page !== undefined && !WHOLE.test(name)) {
        assert.equal(url.searchParams.get('page'), String(page));
      }
    });
  }

  for (const [name, call] of Object.entries(CALLS)) {
    const args = ['id', 'id'];
    for (const [text, kind] of Object.entries(KINDS)) {
      const status = Number(text);
      it(`${name}: any ${status} is ${kind}`, async () => {
        for (const body of [{ key: 'value' }, { statusCode: status, error: 'E', message: 'M' }, '<html>', '']) {
          const script = scripted(answer(status, body));
          const error = await rejection(call(apiOver(script).api, args));
          assert.deepEqual([error.kind, error.status], [kind, status]);
          assert.equal(script.sent.length, /deploy$|updateMany$|create$|update$|delete$/u.test(name) || (status !== 429 && status < 500) ? 1 : 3);
        }
      });
    }
  }

  it('client.actions.deploy: a draft that is not built is a kind of its own', async () => {
    const script = scripted(answer(400, { statusCode: 400, error: 'Bad Request', message: "A draft must be in the 'built' state before it can be deployed." }));
    assert.equal((await rejection(apiOver(script).api.deployAction('id'))).kind, 'notBuilt');
  });

  it('the values of the placeholders arrive', async () => {
    const of = (name: string): unknown => cases.find(one => one['client_call'] === name && one['response_status'] === 200)?.['response_body'];
    const action = await apiOver(scripted(answer(200, of('client.actions.get')))).api.getAction('id');
    assert.deepEqual([action.id, action.name, action.status, action.deployedVersion?.number], ['id', 'name', 'pending', 1.1]);
    const version = await apiOver(scripted(answer(200, of('client.actions.deploy')))).api.deployAction('id');
    assert.deepEqual([version.id, version.actionId, version.errors.length], ['id', 'action_id', 1]);
    const triggers = await apiOver(scripted(answer(200, of('client.actions.triggers.list')))).api.listTriggers();
    assert.deepEqual(triggers.map(trigger => trigger.id), ['post-login']);
  });
});
