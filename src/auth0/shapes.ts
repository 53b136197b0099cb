/**
 * Answers of the service -> the shapes of api.ts. Tolerant on purpose: an unknown field, status or id, or a missing
 * one, must never keep the rest of a tenant from being seen.
 */
import { ApiError } from './errors.ts';
import type { Action, Binding, Content, Dependency, Module, ModuleRef, ModuleVersion, Page, SecretInfo, Trigger, TriggerRef, Version, VersionError } from './api.ts';
import { asNumber, asObject, asObjects, asText, isObject } from './json.ts';
import type { JsonObject } from './json.ts';

/**
 * An action from its JSON.
 * @throws ApiError `malformed` when it is no object or has no id: nothing could be done with it.
 */
export function readAction(value: unknown): Action {
  const json = withId(value, 'action');
  const id = asText(json['id']) ?? '';
  const deployed = json['deployed_version'];
  const unread = unreadLists(json);
  const installed = asText(json['installed_integration_id']);
  return {
    ...readContent(json),
    id,
    name: asText(json['name']) ?? id,
    status: readStatus(json),
    allChangesDeployed: json['all_changes_deployed'] === true,
    ...(isObject(deployed) && asText(deployed['id']) !== undefined ? { deployedVersion: readVersion(deployed) } : {}),
    ...times(json),
    ...(unread.length === 0 ? {} : { unread }),
    ...(isObject(json['integration']) ? { integration: true } : {}),
    ...(installed === undefined ? {} : { installedIntegrationId: installed }),
  };
}

/** The service has always sent the first two; modules are new, and may be left out. */
function unreadLists(json: JsonObject): NonNullable<Action['unread']> {
  const isRead = (value: unknown, key: string): boolean => Array.isArray(value) && value.every(item => isObject(item) && asText(item[key]) !== undefined);
  return [
    ...(isRead(json['secrets'], 'name') ? [] : ['secrets' as const]),
    ...(isRead(json['dependencies'], 'name') ? [] : ['dependencies' as const]),
    ...(json['modules'] === undefined || isRead(json['modules'], 'module_id') ? [] : ['modules' as const]),
  ];
}

/**
 * A version from its JSON, whole or embedded in an action.
 * @throws ApiError `malformed` when it is no object or has no id.
 */
export function readVersion(value: unknown): Version {
  const json = withId(value, 'version');
  const actionId = asText(json['action_id']) ?? asText(asObject(json['action'])['id']);
  const builtAt = asText(json['built_at']);
  return {
    ...readContent(json),
    id: asText(json['id']) ?? '',
    ...(actionId === undefined ? {} : { actionId }),
    number: asNumber(json['number']) ?? 0,
    status: readStatus(json),
    deployed: json['deployed'] === true,
    errors: asObjects(json['errors']).map(readVersionError),
    ...(builtAt === undefined ? {} : { builtAt }),
    ...times(json),
  };
}

/** A row of `GET /actions/triggers`. */
export function readTrigger(json: JsonObject): Trigger {
  const defaultRuntime = asText(json['default_runtime']);
  const bindingPolicy = asText(json['binding_policy']);
  return {
    id: asText(json['id']) ?? '',
    version: asText(json['version']) ?? '',
    status: asText(json['status']) ?? '',
    runtimes: Array.isArray(json['runtimes']) ? json['runtimes'].filter(runtime => typeof runtime === 'string') : [],
    ...(defaultRuntime === undefined ? {} : { defaultRuntime }),
    ...(bindingPolicy === undefined ? {} : { bindingPolicy }),
  };
}

/** A row of `GET /actions/triggers/{id}/bindings`. The embedded action's other fields mean nothing here. */
export function readBinding(json: JsonObject): Binding {
  const action = asObject(json['action']);
  const [displayName, actionId, actionName] = [asText(json['display_name']), asText(action['id']), asText(action['name'])];
  return {
    id: asText(json['id']) ?? '',
    triggerId: asText(json['trigger_id']) ?? '',
    ...(displayName === undefined ? {} : { displayName }),
    ...(actionId === undefined ? {} : { actionId }),
    ...(actionName === undefined ? {} : { actionName }),
  };
}

/** A row of `GET /actions/modules`. */
export function readModule(json: JsonObject): Module {
  const latestNumber = asNumber(json['latest_version_number']);
  return { id: asText(json['id']) ?? '', name: asText(json['name']) ?? '', ...(latestNumber === undefined ? {} : { latestNumber }) };
}

/** A row of `GET /actions/modules/{id}/versions`. */
export function readModuleVersion(json: JsonObject): ModuleVersion {
  const createdAt = asText(json['created_at']);
  return { id: asText(json['id']) ?? '', number: asNumber(json['version_number']) ?? 0, ...(createdAt === undefined ? {} : { createdAt }) };
}

/**
 * A page `{<key>: […], total?}`; entries without an id are dropped. A missing list is an empty one.
 * @throws ApiError `malformed` where nothing tells that this is a page: "there is none" must not be read from another's answer.
 */
export function readPage<T>(value: unknown, key: string, read: (item: JsonObject) => T): Page<T> {
  const json = asObject(value);
  if (![key, 'per_page', 'total', 'page'].some(name => name in json)) {
    throw new ApiError('malformed', { method: 'GET', path: key });
  }
  const total = asNumber(json['total']);
  const items = asObjects(json[key]).filter(item => asText(item['id']) !== undefined).map(read);
  return { items, ...(total === undefined ? {} : { total }) };
}

function withId(value: unknown, what: string): JsonObject {
  const json = asObject(value);
  if (asText(json['id']) === undefined) {
    throw new ApiError('malformed', { method: 'GET', path: what });
  }
  return json;
}

function readContent(json: JsonObject): Content {
  const runtime = asText(json['runtime']);
  return {
    code: asText(json['code']) ?? '',
    ...(runtime === undefined ? {} : { runtime }),
    dependencies: asObjects(json['dependencies']).map(readDependency),
    secrets: asObjects(json['secrets']).map(readSecret),
    triggers: asObjects(json['supported_triggers']).map(readTriggerRef),
    modules: asObjects(json['modules']).map(readModuleRef),
  };
}

/** Statuses are lower case everywhere but in `current_version`; a missing one reads as an empty text. */
function readStatus(json: JsonObject): string {
  return (asText(json['status']) ?? '').toLowerCase();
}

function times(json: JsonObject): { createdAt?: string; updatedAt?: string } {
  const createdAt = asText(json['created_at']);
  const updatedAt = asText(json['updated_at']);
  return { ...(createdAt === undefined ? {} : { createdAt }), ...(updatedAt === undefined ? {} : { updatedAt }) };
}

function readDependency(json: JsonObject): Dependency {
  const registryUrl = asText(json['registry_url']);
  return {
    name: asText(json['name']) ?? '',
    version: asText(json['version']) ?? '',
    ...(registryUrl === undefined ? {} : { registryUrl }),
  };
}

function readSecret(json: JsonObject): SecretInfo {
  const updatedAt = asText(json['updated_at']);
  return { name: asText(json['name']) ?? '', ...(updatedAt === undefined ? {} : { updatedAt }) };
}

function readTriggerRef(json: JsonObject): TriggerRef {
  const version = asText(json['version']);
  return { id: asText(json['id']) ?? '', ...(version === undefined ? {} : { version }) };
}

function readModuleRef(json: JsonObject): ModuleRef {
  const versionId = asText(json['module_version_id']);
  const versionNumber = asNumber(json['module_version_number']);
  return {
    id: asText(json['module_id']) ?? '',
    name: asText(json['module_name']) ?? '',
    ...(versionId === undefined ? {} : { versionId }),
    ...(versionNumber === undefined ? {} : { versionNumber }),
  };
}

function readVersionError(json: JsonObject): VersionError {
  const url = asText(json['url']);
  return { id: asText(json['id']) ?? '', msg: asText(json['msg']) ?? '', ...(url === undefined ? {} : { url }) };
}
