/**
 * The rules of drafts, versions, secrets and bindings, checked over a log of traffic: of the real service as recorded,
 * or of the simulated tenant. Only what a log shows is used, so a rule is checked where both of its sides were seen.
 */
import { ACTIONS, isObject, objects } from '../replay/recordings.ts';
import type { Interaction, Json } from '../replay/recordings.ts';
import { contentOf, dependenciesOf, secretsOf, valuesAt } from './content.ts';
import { Tally, same } from './tally.ts';

interface Seen {
  /** The action as last answered in full. */
  action?: Json;
  /** Its status as last read since the last PATCH. */
  status?: string;
  /** A deploy whose version no read has shown yet. */
  awaited?: Json | undefined;
  /** Versions deployed since the last read, before the awaited one. */
  passed?: readonly unknown[];
  /** The number of the newest version that an answer has shown. */
  newest?: number;
  gone?: true;
}

const AFTER: Readonly<Record<string, readonly string[]>> = {
  pending: ['pending', 'building', 'retrying', 'built', 'failed'],
  building: ['building', 'retrying', 'built', 'failed'],
  retrying: ['building', 'retrying', 'built', 'failed'],
  built: ['built'],
  failed: ['failed'],
};

const TIMES = new Set(['created_at', 'updated_at', 'built_at', 'build_time']);

export class Rules {
  readonly tally = new Tally();
  readonly #seen = new Map<string, Seen>();
  readonly #versions = new Map<string, Json>();
  readonly #bindingIds = new Set<unknown>();
  #where = '';

  observe(interaction: Interaction): void {
    const { method, path, status, responseBody, requestBody } = interaction;
    this.#where = `${method} ${path} ${JSON.stringify(requestBody)} -> ${status} ${JSON.stringify(responseBody)}`;
    const body = isObject(responseBody) ? responseBody : {};
    const sent = isObject(requestBody) ? requestBody : {};
    const [, id = '', versionId, deploys] = new RegExp(`^${ACTIONS}/actions/([^/]+)(?:/versions/([^/]+))?(/deploy)?$`, 'u').exec(path) ?? [];
    const version = method === 'GET' && versionId !== undefined;
    if (!path.startsWith(`${ACTIONS}/modules`) && status < 300) {
      this.#check('times are UTC with up to nine digits', valuesAt(body, TIMES).every(time => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/u.test(String(time))));
    }
    if (status >= 300) {
      this.#refused(interaction, id, deploys !== undefined && versionId === undefined);
    } else if (path === `${ACTIONS}/actions` && method === 'POST') {
      this.#created(sent, body);
    } else if (path === `${ACTIONS}/actions`) {
      this.#page(body, 'actions');
      objects(body['actions']).forEach(action => this.#read(action));
    } else if (path.startsWith(`${ACTIONS}/triggers/`) && method === 'PATCH') {
      this.#bound(objects(sent['bindings']), objects(body['bindings']));
    } else if (path.startsWith(`${ACTIONS}/triggers/`)) {
      this.#page(body, 'bindings');
    } else if (method === 'POST' && deploys !== undefined) {
      this.#deployed(id, versionId, sent, body);
    } else if (method === 'PATCH' && id !== '') {
      this.#patched(sent, body);
    } else if (method === 'DELETE' && id !== '') {
      this.#seenOf(id).gone = true;
    } else if (version) {
      this.#version(id, body);
    } else if (method === 'GET' && path === `${ACTIONS}/actions/${id}`) {
      this.#read(body);
    } else if (path.endsWith('/versions') && path.startsWith(`${ACTIONS}/actions/`)) {
      this.#page(body, 'versions');
      this.#check('an action keeps at most 50 versions', objects(body['versions']).length <= 50 && Number(body['total'] ?? 0) <= 50);
      objects(body['versions']).forEach(one => this.#version(path.split('/').at(-2) ?? '', one));
    }
  }

  #check(rule: string, held: boolean): void {
    const where = this.#where;
    this.tally.check(rule, held, () => where.slice(0, 3000));
  }

  #seenOf(id: unknown): Seen {
    const seen = this.#seen.get(String(id)) ?? {};
    this.#seen.set(String(id), seen);
    return seen;
  }

  #refused({ method, status, responseBody }: Interaction, id: string, deploys: boolean): void {
    const seen = this.#seen.get(id);
    if (seen?.gone === true && status !== 429) {
      this.#check('a deleted action is gone for every call', status === 404 && same(responseBody, { statusCode: 404, error: 'Not Found', message: 'That action does not exist.' }));
    } else if (deploys && status === 400) {
      this.#check('only a draft that is not built is refused', seen?.status !== 'built' && isObject(responseBody) && responseBody['message'] === "A draft must be in the 'built' state before it can be deployed.");
    } else if (method === 'DELETE' && id !== '' && seen !== undefined && status !== 429) {
      this.#check('DELETE works from every state, unless bound', status === 409 && isObject(responseBody) && responseBody['message'] === 'Unable to delete an action bound to a trigger.');
    }
  }

  #created(sent: Json, action: Json): void {
    this.#check('create answers pending', action['status'] === 'pending');
    this.#secrets(sent, action, undefined);
    this.#check('a new action is created before it is updated', String(action['created_at']) < String(action['updated_at']));
    const live = isObject(action['deployed_version']) ? action['deployed_version'] : undefined;
    this.#check('only create with deploy:true has a version at once', (sent['deploy'] === true) === (live !== undefined));
    if (live !== undefined) {
      this.#check('create with deploy:true answers version 1, pending and deployed', live['number'] === 1 && live['status'] === 'pending' && live['deployed'] === true && !('built_at' in live));
    }
    this.#full(action);
    Object.assign(this.#seenOf(action['id']), { action, newest: live === undefined ? 0 : 1, status: undefined });
  }

  #patched(sent: Json, action: Json): void {
    const seen = this.#seenOf(action['id']);
    const before = seen.action;
    this.#check('PATCH answers pending', action['status'] === 'pending');
    this.#secrets(sent, action, before);
    this.#full(action);
    if (before !== undefined) {
      const [was, is] = [contentOf(before), contentOf(action)];
      for (const [name, field] of [['code', 'code'], ['runtime', 'runtime'], ['dependencies', 'dependencies'], ['supported_triggers', 'triggers'], ['modules', 'modules']] as const) {
        this.#check('a field that is not sent keeps its value', name in sent || same(was[field], is[field]));
      }
      this.#check('a PATCH moves updated_at, and never created_at', String(action['updated_at']) > String(before['updated_at']) && action['created_at'] === before['created_at']);
      if (seen.awaited === undefined) {
        this.#check('a PATCH leaves the live version alone', same(liveOf(before), liveOf(action)));
      }
    }
    this.#check('sent code and dependencies are answered', (!('code' in sent) || sent['code'] === action['code']) && (!('dependencies' in sent) || same(dependenciesOf(sent), dependenciesOf(action))));
    Object.assign(seen, { action, status: undefined });
  }

  #read(action: Json): void {
    const seen = this.#seenOf(action['id']);
    const status = String(action['status']);
    this.#full(action);
    this.#check('a read action exists', seen.gone !== true);
    if (seen.status !== undefined) {
      this.#check('a read never moves a draft back, or out of built or failed', AFTER[seen.status]?.includes(status) ?? false);
    }
    const live = isObject(action['deployed_version']) ? action['deployed_version'] : undefined;
    if (seen.awaited !== undefined && seen.action !== undefined) {
      const { id, number } = seen.awaited;
      const shown = live?.['id'] === id && live?.['number'] === number && live?.['deployed'] === true;
      // A read within 0.3 s may still show the version before, and so may one after two deploys in a row.
      this.#check('the version that a deploy answered becomes the live one', shown || same(liveOf(seen.action), liveOf(action)) || (live !== undefined && (seen.passed ?? []).includes(live['id'])));
      if (seen.status === 'built') {
        // After a create with deploy:true the time moves once more when its version is built, so that must have been seen.
        this.#check('a deploy leaves the draft’s updated_at alone', seen.action['updated_at'] === action['updated_at']);
      }
      Object.assign(seen, shown ? { awaited: undefined, passed: [] } : {});
    } else if (seen.action !== undefined) {
      this.#check('only a deploy changes which version is live', same(liveOf(seen.action), liveOf(action)));
    }
    if (seen.action !== undefined) {
      this.#check('a read changes no content', same({ ...contentOf(seen.action), name: seen.action['name'] }, { ...contentOf(action), name: action['name'] }));
    }
    Object.assign(seen, { action, status, newest: Math.max(seen.newest ?? 0, Number(live?.['number'] ?? 0)) });
  }

  /** What holds in every answer with a whole action. */
  #full(action: Json): void {
    const { current_version: current, deployed_version: live } = action;
    this.#check('current and deployed version are both there or both absent', isObject(current) === isObject(live));
    if (isObject(current) && isObject(live)) {
      this.#check('they are the same version', current['id'] === live['id'] && current['number'] === live['number'] && current['code'] === live['code']);
      this.#check('the current version’s status is upper case, every other lower case', current['status'] === String(live['status']).toUpperCase() && String(action['status']) === String(action['status']).toLowerCase());
      this.#check('a built version has its time, any other has none', (live['status'] === 'built') === ('built_at' in live) && ('built_at' in live) === ('build_time' in current));
      this.#immutable(live);
    }
    this.#check('all_changes_deployed compares the draft with the live version', action['all_changes_deployed'] === (isObject(live) && same(contentOf(live), contentOf(action))));
    this.#check('registry_url is gone when the build is done', action['status'] !== 'built' || objects(action['dependencies']).every(one => !('registry_url' in one)));
  }

  #secrets(sent: Json, action: Json, before: Json | undefined): void {
    const after = secretsOf(action);
    const old = before === undefined ? undefined : secretsOf(before);
    if (!Array.isArray(sent['secrets'])) {
      this.#check('secrets that are not sent stay', old === undefined || same([...old], [...after]));
      return;
    }
    const entries = objects(sent['secrets']);
    this.#check('a sent list of secrets is the whole list', same(entries.map(({ name }) => name), [...after.keys()]));
    for (const { name, value } of entries) {
      if (value !== undefined) {
        this.#check('a secret with a value gets the action’s time', after.get(name) === action['updated_at']);
      } else if (old !== undefined) {
        this.#check('a secret without a value keeps its time', after.get(name) === old.get(name));
      }
    }
  }

  #deployed(id: string, versionId: string | undefined, sent: Json, version: Json): void {
    const seen = this.#seenOf(id);
    this.#check('a deploy answers deployed:false, built, without built_at', version['deployed'] === false && version['status'] === 'built' && !('built_at' in version));
    this.#check('a deploy answers created_at equal to updated_at', version['created_at'] === version['updated_at']);
    this.#check('a deploy answers which action it is of', isObject(version['action']) && version['action']['id'] === id && version['action']['all_changes_deployed'] === false);
    this.#check('a version’s id is new', !this.#versions.has(String(version['id'])));
    const old = versionId === undefined ? seen.action : this.#versions.get(versionId);
    if (old !== undefined && (versionId !== undefined || seen.status === 'built')) {
      this.#check(versionId === undefined ? 'a deployed version has the draft’s content' : 'a roll back has the old version’s content', same(contentOf(old), contentOf(version)));
    }
    if (seen.newest !== undefined) {
      this.#check('a version’s number is the next one', version['number'] === seen.newest + 1);
    }
    this.#versions.set(String(version['id']), version);
    Object.assign(seen, { awaited: version, passed: [...(seen.passed ?? []), version['id']], newest: Number(version['number']) }, sent['update_draft'] === true ? { action: undefined, status: undefined } : {});
  }

  #version(actionId: string, version: Json): void {
    this.#check('a version names its action', isObject(version['action']) && version['action']['id'] === actionId);
    this.#immutable(version);
  }

  /** A version keeps everything but what says whether it is live and built. */
  #immutable(version: Json): void {
    const before = this.#versions.get(String(version['id']));
    if (before !== undefined) {
      const fixed = (one: Json): unknown => [contentOf(one), one['number'], one['created_at']];
      this.#check('a version never changes', same(fixed(before), fixed(version)));
    }
    this.#versions.set(String(version['id']), version);
  }

  #bound(sent: readonly Json[], bindings: readonly Json[]): void {
    const wanted = sent.map(({ ref }) => (isObject(ref) ? ref : {}));
    this.#check('bindings keep the sent order', bindings.length === sent.length && bindings.every(({ action }, index) => {
      const { type, value } = wanted[index] ?? {};
      return isObject(action) && (type === 'binding_id' || value === action[type === 'action_name' ? 'name' : 'id']);
    }));
    this.#check('bindings say their sent name', bindings.every(({ display_name: name }, index) => sent[index]?.['display_name'] === undefined || (sent[index]['display_name'] === '' ? undefined : sent[index]['display_name']) === name));
    for (const { id } of bindings) {
      this.#check('every PATCH gives bindings new ids', !this.#bindingIds.has(id));
      this.#bindingIds.add(id);
    }
  }

  #page(body: Json, list: string): void {
    this.#check('zero values are left out of pages', body['page'] !== 0 && body['total'] !== 0 && typeof body['per_page'] === 'number' && ('total' in body) === (objects(body[list]).length > 0));
  }
}

function liveOf(action: Json): unknown {
  const live = action['deployed_version'];
  return isObject(live) ? [live['id'], live['number']] : undefined;
}
