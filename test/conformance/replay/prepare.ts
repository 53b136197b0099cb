/**
 * What a recording takes for granted, made through the API before it is first seen: actions with their deployed
 * version, bindings, modules. Recorded tenants are shared with other test runs, so things may appear and vanish in
 * the middle of a sequence too.
 */
import { ACTIONS, isObject, isUuid, objects } from './recordings.ts';
import type { Interaction, Json } from './recordings.ts';
import type { Pairs } from './compare.ts';
import type { Service } from './service.ts';

const LONGEST_WAIT_MS = 120_000;

export class Preparation {
  readonly #service: Service;
  readonly #ids: Pairs;

  constructor(service: Service, ids: Pairs) {
    this.#service = service;
    this.#ids = ids;
  }

  /** Makes what `interaction` presupposes. `later` is what follows it: where a bare id may get its content from. */
  async before(interaction: Interaction, later: readonly Interaction[]): Promise<void> {
    const { method, path, responseBody, status } = interaction;
    const body = isObject(responseBody) ? responseBody : {};
    if (method !== 'POST' && status < 300) {
      for (const action of path === `${ACTIONS}/actions` ? objects(body['actions']) : 'all_changes_deployed' in body ? [body] : []) {
        await this.#action(action, later);
      }
    }
    const [, id] = new RegExp(`^${ACTIONS}/actions/([^/]+)`, 'u').exec(path) ?? [];
    if (id !== undefined && this.#ids.actual(id) === undefined && status < 400) {
      await this.#action(later.flatMap(actionsIn).find(action => action['id'] === id) ?? { id }, later);
    }
    if (path.startsWith(`${ACTIONS}/triggers/`)) {
      await this.#bindings(interaction, objects(body['bindings']), later);
    } else if (method === 'GET' && path === `${ACTIONS}/actions` && interaction.query['actionName'] === undefined && (interaction.query['page'] ?? '0') === '0') {
      await this.#removeStrangers(body);
    } else if (path.startsWith(`${ACTIONS}/modules`) && method === 'GET' && status < 300) {
      await this.#modules(path === `${ACTIONS}/modules` ? objects(body['modules']) : 'all_changes_published' in body ? [body] : []);
    }
  }

  /** Creates an action that has not been seen yet, in the state in which it is first seen. */
  async #action(recorded: Json, later: readonly Interaction[]): Promise<void> {
    const id = String(recorded['id']);
    if (this.#ids.actual(id) !== undefined) {
      return;
    }
    const live = isObject(recorded['deployed_version']) ? recorded['deployed_version'] : undefined;
    const made = await this.#call('POST', '/actions', { name: recorded['name'] ?? 'presupposed', ...this.#content({ ...recorded, ...live }, recorded) });
    const actual = String(made['id']);
    this.#ids.pair(id, actual);
    for (let number = 0; number < (live === undefined ? 0 : Number(live['number'] ?? 1)); number += 1) {
      await this.#built(actual);
      await this.#call('POST', `/actions/${actual}/deploy`, null);
      this.#service.pass(300);
    }
    if (live !== undefined && recorded['status'] !== undefined && recorded['all_changes_deployed'] === false) {
      const kept = new Map(objects(live['secrets']).map(secret => [secret['name'], secret['updated_at']]));
      const secrets = objects(recorded['secrets']).map(({ name, updated_at: time }) => (kept.get(name) === time ? { name } : { name, value: 'presupposed' }));
      await this.#call('PATCH', `/actions/${actual}`, { ...this.#content(recorded, recorded), secrets });
    }
    const ages = objects(recorded['secrets']).map(secret => secret['updated_at']);
    const embedded = later.flatMap(embeddedIn).find(action => action['id'] === id);
    const touched = (embedded !== undefined && embedded['updated_at'] !== embedded['created_at']) || (ages.length > 0 && !ages.includes(recorded['updated_at']));
    const building = ['pending', 'building', 'retrying'].includes(String(recorded['status']));
    if (touched || (building && live !== undefined)) {
      await this.#call('PATCH', `/actions/${actual}`, {});
    }
    if (!building) {
      await this.#built(actual);
    }
  }

  #content(recorded: Json, action: Json): Json {
    return {
      supported_triggers: objects(recorded['supported_triggers'] ?? action['supported_triggers'] ?? [{ id: 'post-login', version: 'v3' }]).map(({ id, version }) => ({ id, version })),
      code: recorded['code'] ?? '// presupposed',
      dependencies: recorded['dependencies'] ?? [],
      ...(recorded['runtime'] === undefined ? {} : { runtime: recorded['runtime'] }),
      secrets: objects(recorded['secrets']).map(({ name }) => ({ name, value: 'presupposed' })),
    };
  }

  /** Binds what is bound when a trigger is first seen, or when somebody else has bound meanwhile. */
  async #bindings({ method, path, requestBody, status }: Interaction, recorded: readonly Json[], later: readonly Interaction[]): Promise<void> {
    if (status >= 400) {
      return;
    }
    for (const binding of recorded) {
      if (isObject(binding['action'])) {
        await this.#action(binding['action'], later);
      }
    }
    const strange = recorded.filter(binding => this.#ids.actual(String(binding['id'])) === undefined);
    const presupposed = method === 'GET' ? strange : objects(isObject(requestBody) ? requestBody['bindings'] : []).filter(({ ref }) => isObject(ref) && ref['type'] === 'binding_id' && this.#ids.actual(String(ref['value'])) === undefined);
    if (presupposed.length > 0) {
      const bindings = recorded.map(({ action, display_name: name }) => ({ ref: { type: 'action_id', value: this.#ids.actual(String(isObject(action) ? action['id'] : '')) }, ...(name === undefined ? {} : { display_name: name }) }));
      await this.#call('PATCH', path.slice(ACTIONS.length), { bindings });
    }
  }

  /** Whoever shares the recorded tenant has deleted them. */
  async #removeStrangers(body: Json): Promise<void> {
    const wanted = new Set(objects(body['actions']).map(action => action['id']));
    const { actions } = await this.#call('GET', '/actions', null);
    for (const action of objects(actions)) {
      if (!wanted.has(this.#ids.recorded(String(action['id'])))) {
        await this.#call('DELETE', `/actions/${String(action['id'])}?force=true`, null);
      }
    }
  }

  async #modules(recorded: readonly Json[]): Promise<void> {
    for (const module of recorded) {
      if (!isUuid(module['id']) || this.#ids.actual(module['id']) !== undefined) {
        continue;
      }
      const { name, code, dependencies } = module;
      const made = await this.#call('POST', '/modules', { name, code, dependencies: dependencies ?? [], secrets: objects(module['secrets']).map(secret => ({ name: secret['name'], value: 'presupposed' })) });
      this.#ids.pair(module['id'], String(made['id']));
      const latest = isObject(module['latest_version']) ? module['latest_version']['version_number'] : module['latest_version_number'];
      if (latest !== undefined) {
        await this.#call('POST', `/modules/${String(made['id'])}/versions`, null);
      }
    }
  }

  async #built(id: string): Promise<void> {
    for (let waited = 0; waited < LONGEST_WAIT_MS; waited += 500) {
      const { status } = await this.#call('GET', `/actions/${id}`, null);
      if (status === 'built' || status === 'failed') {
        return;
      }
      this.#service.pass(500);
    }
  }

  /** @throws Error where the tenant refuses: then the rest of the sequence cannot be compared. */
  async #call(method: string, path: string, body: unknown): Promise<Json> {
    const [base = '', search] = path.split('?');
    const answer = await this.#service.send(method, `${ACTIONS}${base}`, Object.fromEntries(new URLSearchParams(search ?? '')), body);
    if (answer.status >= 300) {
      throw new Error(`${method} ${path} to prepare: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return isObject(answer.body) ? answer.body : {};
  }
}

/** Actions as bindings and versions embed them: their times tell whether they were ever changed. */
function embeddedIn({ responseBody }: Interaction): readonly Json[] {
  const body = isObject(responseBody) ? responseBody : {};
  return [body, ...objects(body['bindings']), ...objects(body['versions'])].map(one => one['action']).filter(isObject);
}

function actionsIn({ responseBody, method }: Interaction): readonly Json[] {
  const body = isObject(responseBody) ? responseBody : {};
  return [...objects(body['actions']), ...('all_changes_deployed' in body && method !== 'POST' ? [body] : [])];
}
