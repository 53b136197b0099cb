/** The endpoints of actions, versions, triggers and bindings, and the list of all. Adding one is adding an entry. */
import { draftStatus } from './builds.ts';
import { invalidBody } from './errors.ts';
import { LOG_ROUTES } from './logRoutes.ts';
import { MODULE_ROUTES, renderModule } from './moduleRoutes.ts';
import { liveVersion, renderAction, renderBinding, renderCreated, renderVersion } from './render.ts';
import { ID, route } from './route.ts';
import type { Route } from './route.ts';
import type { Tenant } from './tenant.ts';
import { testRun } from './testRun.ts';
import { triggerList } from './triggers.ts';
import { booleanQuery, checkProperties, checkQuery, objectBody, paged } from './validate.ts';

const WRITABLE = { name: 'string', supported_triggers: 'array', code: 'string', dependencies: 'array', runtime: 'string', secrets: 'array', modules: 'array' } as const;

const ACTION_ROUTES: readonly Route[] = [
  route('GET', '/actions/actions', ['read:actions'], ({ tenant, query }) => {
    checkQuery(query, ['triggerId', 'actionName', 'deployed', 'installed', 'page', 'per_page']);
    const now = tenant.times.now();
    const deployed = booleanQuery(query, 'deployed');
    const installed = booleanQuery(query, 'installed');
    const trigger = query.get('triggerId');
    const name = query.get('actionName');
    const all = tenant.actions().filter(action =>
      (trigger === null || action.draft.triggers.some(one => one.id === trigger)) &&
      (name === null || action.name === name) &&
      (deployed === undefined || (liveVersion(action, now) !== undefined) === deployed) &&
      // Integrations are not simulated: no action was installed from the marketplace.
      installed !== true);
    const { items, tail } = paged(query, all, 100);
    return { status: 200, body: { actions: items.map(action => renderAction(action, now)), ...tail } };
  }),
  route('POST', '/actions/actions', ['create:actions'], ({ tenant, body }) => {
    const json = objectBody(body);
    checkProperties(json, { ...WRITABLE, deploy: 'boolean' }, ['name', 'supported_triggers']);
    checkName(json['name']);
    return { status: 201, body: renderCreated(tenant.create(json), tenant.times.now()) };
  }),
  route('GET', `/actions/actions/${ID}`, ['read:actions'], ({ tenant, query, params: [id = ''] }) => {
    checkQuery(query, []);
    return { status: 200, body: renderAction(tenant.action(id), tenant.times.now()) };
  }),
  route('PATCH', `/actions/actions/${ID}`, ['update:actions'], ({ tenant, body, params: [id = ''] }) => {
    tenant.action(id);
    const json = objectBody(body);
    checkProperties(json, WRITABLE);
    if ('name' in json) {
      checkName(json['name']);
    }
    return { status: 200, body: renderAction(tenant.patch(id, json), tenant.times.now(), 'pending') };
  }),
  route('DELETE', `/actions/actions/${ID}`, ['delete:actions'], ({ tenant, query, params: [id = ''] }) => {
    checkQuery(query, ['force']);
    tenant.delete(id, booleanQuery(query, 'force') ?? false);
    return { status: 204 };
  }),
  route('POST', `/actions/actions/${ID}/deploy`, ['create:actions'], ({ tenant, params: [id = ''] }) => {
    const { action, version } = tenant.deploy(id);
    return { status: 200, body: renderVersion(action, version, tenant.times.now(), true) };
  }),
  route('GET', `/actions/actions/${ID}/versions`, ['read:actions'], ({ tenant, query, params: [id = ''] }) => {
    checkQuery(query, ['page', 'per_page']);
    const action = tenant.action(id);
    const { items, tail } = paged(query, action.versions.toReversed(), 20);
    return { status: 200, body: { versions: items.map(version => renderVersion(action, version, tenant.times.now())), ...tail } };
  }),
  route('GET', `/actions/actions/${ID}/versions/${ID}`, ['read:actions'], ({ tenant, query, params: [id = '', versionId = ''] }) => {
    checkQuery(query, []);
    const action = tenant.action(id);
    return { status: 200, body: renderVersion(action, tenant.version(action, versionId), tenant.times.now()) };
  }),
  route('POST', `/actions/actions/${ID}/versions/${ID}/deploy`, ['create:actions'], ({ tenant, body, params: [id = '', versionId = ''] }) => {
    // Documented as an object or null.
    const json = body === undefined || body === null ? {} : objectBody(body);
    checkProperties(json, { update_draft: 'boolean' });
    const { action, version } = tenant.rollBack(id, versionId, json['update_draft'] === true);
    return { status: 200, body: renderVersion(action, version, tenant.times.now(), true) };
  }),
  route('POST', `/actions/actions/${ID}/test`, ['create:actions'], ({ tenant, body, params: [id = ''] }) => {
    const action = tenant.action(id);
    const json = objectBody(body);
    checkProperties(json, { payload: 'object' }, ['payload']);
    return { status: 200, body: testRun(action) };
  }),
  route('GET', '/actions/triggers', ['read:actions'], ({ query }) => {
    checkQuery(query, []);
    return { status: 200, body: { triggers: triggerList() } };
  }),
  route('GET', `/actions/triggers/${ID}/bindings`, ['read:actions'], ({ tenant, query, params: [trigger = ''] }) => {
    checkQuery(query, ['page', 'per_page']);
    const { items, tail } = paged(query, tenant.bindings(trigger), 20);
    return { status: 200, body: { bindings: items.map(binding => renderBinding(binding, tenant.action(binding.actionId), tenant.times.now())), ...tail } };
  }),
  route('PATCH', `/actions/triggers/${ID}/bindings`, ['update:actions'], ({ tenant, body, params: [trigger = ''] }) => {
    const json = objectBody(body);
    checkProperties(json, { bindings: 'array' });
    const bindings = tenant.bind(trigger, readBindings(json['bindings']));
    return { status: 200, body: { bindings: bindings.map(binding => renderBinding(binding, tenant.action(binding.actionId), tenant.times.now())) } };
  }),
];

export const ROUTES: readonly Route[] = [...ACTION_ROUTES, ...MODULE_ROUTES, ...LOG_ROUTES];

function checkName(name: unknown): void {
  if (typeof name !== 'string' || name.trim() === '') {
    throw invalidBody("String is too short (0 chars), minimum 1' on property name.");
  }
}

function readBindings(value: unknown): { type: string; value: string; displayName: string | undefined }[] {
  return (Array.isArray(value) ? value : []).map((item: unknown, index) => {
    const binding = typeof item === 'object' && item !== null ? (item as Readonly<Record<string, unknown>>) : {};
    const ref = typeof binding['ref'] === 'object' && binding['ref'] !== null ? (binding['ref'] as Readonly<Record<string, unknown>>) : {};
    const { type, value: target } = ref;
    if (typeof type !== 'string' || !['action_id', 'action_name', 'binding_id'].includes(type) || typeof target !== 'string') {
      throw invalidBody(`Data does not match any schemas from 'oneOf'' on property bindings[${index}].`);
    }
    return { type, value: target, displayName: typeof binding['display_name'] === 'string' ? binding['display_name'] : undefined };
  });
}

/** Everything, for tests that judge what the service has: with internal states, and with no secret's value. */
export function wholeState(tenant: Tenant): object {
  const now = tenant.times.now();
  return {
    actions: tenant.actions().map(action => ({
      ...renderAction(action, now),
      draft_status: draftStatus(action, now),
      held: action.held ?? null,
      live_version_number: liveVersion(action, now)?.number ?? null,
      versions: action.versions.map(version => renderVersion(action, version, now)),
    })),
    bindings: Object.fromEntries([...tenant.data.bindings].map(([trigger, list]) => [trigger, list])),
    modules: tenant.modules.all().map(module => renderModule(module, tenant.modules.users(module).length)),
  };
}
