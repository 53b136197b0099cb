/** The endpoints of modules. Unlike everywhere else, `total` and `page` are there also when they are 0. */
import type { Module, ModuleContent, ModuleVersion, Secret } from './model.ts';
import { isPublished } from './modules.ts';
import { ID, route } from './route.ts';
import type { Route } from './route.ts';
import { microseconds } from './times.ts';
import { checkProperties, checkQuery, objectBody, pageOf } from './validate.ts';

const WRITABLE = { code: 'string', secrets: 'array', dependencies: 'array' } as const;

export const MODULE_ROUTES: readonly Route[] = [
  route('GET', '/actions/modules', ['read:actions'], ({ tenant, query }) => {
    checkQuery(query, ['page', 'per_page']);
    // Documented: everything comes at once where no per_page is sent.
    const { items, total, page, perPage } = pageOf(query, tenant.modules.all(), 100, query.has('per_page') ? undefined : tenant.modules.all().length);
    return { status: 200, body: { modules: items.map(module => ({ ...head(module, tenant.modules.users(module).length), ...latestNumber(module) })), total, page, per_page: perPage } };
  }),
  route('POST', '/actions/modules', ['create:actions'], ({ tenant, body }) => {
    const json = objectBody(body);
    checkProperties(json, { ...WRITABLE, name: 'string', api_version: 'string', publish: 'boolean' }, ['name', 'code']);
    const module = tenant.modules.create(json);
    return { status: 201, body: renderModule(module, 0) };
  }),
  route('GET', `/actions/modules/${ID}`, ['read:actions'], ({ tenant, query, params: [id = ''] }) => {
    checkQuery(query, []);
    const module = tenant.modules.get(id);
    return { status: 200, body: renderModule(module, tenant.modules.users(module).length) };
  }),
  route('PATCH', `/actions/modules/${ID}`, ['update:actions'], ({ tenant, body, params: [id = ''] }) => {
    tenant.modules.get(id);
    const json = objectBody(body);
    checkProperties(json, WRITABLE);
    const before = tenant.modules.get(id).updatedAt;
    const module = tenant.modules.change(id, json);
    return { status: 200, body: asPatched(renderModule(module, tenant.modules.users(module).length), module, before) };
  }),
  route('DELETE', `/actions/modules/${ID}`, ['delete:actions'], ({ tenant, query, params: [id = ''] }) => {
    checkQuery(query, []);
    tenant.modules.delete(id);
    return { status: 204 };
  }),
  route('GET', `/actions/modules/${ID}/actions`, ['read:actions'], ({ tenant, query, params: [id = ''] }) => {
    checkQuery(query, ['page', 'per_page']);
    const { items, total, page, perPage } = pageOf(query, tenant.modules.users(tenant.modules.get(id)), 20);
    const actions = items.map(({ action, pinned }) => ({ action_id: action.id, action_name: action.name, module_version_id: pinned.module_version_id, module_version_number: pinned.module_version_number, supported_triggers: action.draft.triggers.map(trigger => ({ ...trigger })) }));
    return { status: 200, body: { actions, ...(total === 0 ? {} : { total }), page, per_page: perPage } };
  }),
  // Publishing and rolling back a module take update:actions, unlike deploying an action.
  route('POST', `/actions/modules/${ID}/rollback`, ['update:actions'], ({ tenant, body, params: [id = ''] }) => {
    tenant.modules.get(id);
    const json = objectBody(body);
    checkProperties(json, { module_version_id: 'string' }, ['module_version_id']);
    const module = tenant.modules.rollBack(id, String(json['module_version_id']));
    return { status: 200, body: renderModule(module, tenant.modules.users(module).length) };
  }),
  route('GET', `/actions/modules/${ID}/versions`, ['read:actions'], ({ tenant, query, params: [id = ''] }) => {
    checkQuery(query, ['page', 'per_page']);
    const module = tenant.modules.get(id);
    const { items, total, page, perPage } = pageOf(query, module.versions.toReversed(), 20);
    return { status: 200, body: { versions: items.map(version => renderVersion(module, version)), total, page, per_page: perPage } };
  }),
  route('POST', `/actions/modules/${ID}/versions`, ['update:actions'], ({ tenant, params: [id = ''] }) => {
    const module = tenant.modules.get(id);
    return { status: 200, body: renderVersion(module, tenant.modules.publish(id)) };
  }),
  route('GET', `/actions/modules/${ID}/versions/${ID}`, ['read:actions'], ({ tenant, query, params: [id = '', versionId = ''] }) => {
    checkQuery(query, []);
    const module = tenant.modules.get(id);
    return { status: 200, body: renderVersion(module, tenant.modules.version(module, versionId)) };
  }),
];

/** A module on its own. Recorded without the number that lists have and with the latest version, less its time. */
export function renderModule(module: Module, users: number): object {
  const last = module.versions.at(-1);
  return { ...head(module, users), ...(last === undefined ? {} : { latest_version: { id: last.id, version_number: last.number, ...contentOf(last.content) } }) };
}

function head(module: Module, users: number): object {
  return {
    id: module.id,
    name: module.name,
    ...contentOf(module.draft),
    all_changes_published: isPublished(module),
    actions_using_module_total: users,
    created_at: microseconds(module.createdAt),
    updated_at: microseconds(module.updatedAt),
  };
}

function latestNumber(module: Module): object {
  const last = module.versions.at(-1);
  return last === undefined ? {} : { latest_version_number: last.number };
}

function contentOf({ code, dependencies, secrets }: ModuleContent): object {
  return { code, dependencies: dependencies.map(({ name, version }) => ({ name, version })), secrets: secrets.map(renderSecret) };
}

function renderVersion(module: Module, { id, number, content: { code, secrets, dependencies }, createdAt }: ModuleVersion): object {
  return { id, module_id: module.id, version_number: number, code, secrets: secrets.map(renderSecret), dependencies: dependencies.map(({ name, version }) => ({ name, version })), created_at: microseconds(createdAt) };
}

function renderSecret({ name, updatedAt }: Secret): object {
  return { name, updated_at: microseconds(updatedAt) };
}

/** The answer to PATCH has the new content, but the module's first time for everything that was just changed (2 of 2 recorded). */
function asPatched(rendered: object, module: Module, before: string): object {
  const created = microseconds(module.createdAt);
  return {
    ...rendered,
    secrets: module.draft.secrets.map(secret => ({ name: secret.name, updated_at: secret.updatedAt > before ? created : microseconds(secret.updatedAt) })),
    updated_at: created,
  };
}
