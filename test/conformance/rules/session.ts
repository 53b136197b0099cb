/** A long session against a tenant, made up from a seed: everything a client may do, in an order nobody planned. */
import fc from 'fast-check';
import { ACTIONS, isObject, objects } from '../replay/recordings.ts';
import type { Json } from '../replay/recordings.ts';
import type { Service } from '../replay/service.ts';

/** Indices choose among what there is when the step is taken. */
export interface Step {
  readonly kind: (typeof KINDS)[number];
  readonly which: number;
  readonly other: number;
  readonly flag: boolean;
  readonly body: Json;
}

const KINDS = ['create', 'create', 'create', 'change', 'change', 'change', 'deploy', 'deploy', 'deploy', 'deploy', 'read', 'read', 'read', 'list', 'wait', 'wait', 'rollBack', 'rollBack', 'version', 'versions', 'bind', 'bind', 'bindings', 'delete', 'absent', 'test',
  'createModule', 'createModule', 'changeModule', 'publish', 'publish', 'readModule', 'moduleVersions', 'rollBackModule', 'moduleActions', 'deleteModule', 'modules'] as const;

const TRIGGERS = [['post-login', 'v3'], ['post-login', 'v2'], ['credentials-exchange', 'v2'], ['custom-token-exchange', 'v1'], ['login-post-identifier', 'v1']] as const;
const text = fc.oneof(fc.constantFrom('// one', 'exports.onExecutePostLogin = async () => {};', 'not { javascript'), fc.string({ unit: 'grapheme', maxLength: 30 }));
const dependency = fc.oneof(
  { weight: 6, arbitrary: fc.record({ name: fc.constantFrom('lodash', 'axios', 'auth0'), version: fc.constantFrom('1.0.0', '2.1.3') }) },
  { weight: 2, arbitrary: fc.constant({ name: 'moment', version: '2.29.4', registry_url: 'https://registry.example' }) },
  { weight: 1, arbitrary: fc.constant({ name: 'no-such-package', version: '1.0.0' }) },
);
const secret = fc.record({ name: fc.constantFrom('A', 'B', 'C', 'ключ'), value: text }, { requiredKeys: ['name'] });
const content = {
  name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter(name => name.trim() !== ''),
  code: text,
  dependencies: fc.uniqueArray(dependency, { maxLength: 2, selector: one => one.name }),
  secrets: fc.uniqueArray(secret, { maxLength: 3, selector: one => one.name }),
  runtime: fc.constantFrom('node12', 'node16', 'node18', 'node18-actions', 'node22'),
};
const body: fc.Arbitrary<Json> = fc.record(content, { requiredKeys: [] });

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({ kind: fc.constantFrom(...KINDS), which: fc.nat(1000), other: fc.nat(1000), flag: fc.boolean(), body }),
  { minLength: 60, maxLength: 120, size: 'max' },
);

export class Session {
  readonly #service: Service;
  readonly #actions: { readonly id: string }[] = [];
  readonly #modules: string[] = [];

  constructor(service: Service) {
    this.#service = service;
  }

  async take(step: Step): Promise<void> {
    const { kind, which, other, flag, body: fields } = step;
    const [trigger, version] = TRIGGERS[other % TRIGGERS.length] ?? TRIGGERS[0];
    const action = this.#actions[which % Math.max(1, this.#actions.length)];
    const path = `/actions/${action?.id ?? 'none'}`;
    switch (kind) {
      case 'create': return this.#create({ name: 'made', ...withValues(fields), supported_triggers: [{ id: trigger, version }], ...(flag && which % 4 === 0 ? { deploy: true } : {}) });
      case 'change': return this.#change(path, action, fields, flag);
      case 'deploy':
        this.#service.pass(other % 3 === 0 ? 0 : 20_000);
        return this.#send('POST', `${path}/deploy`, flag ? {} : null).then(() => undefined);
      case 'read': return this.#send('GET', path).then(() => undefined);
      case 'list': return this.#send('GET', '/actions', null, flag ? { per_page: '50', page: String(other % 2) } : {}).then(() => undefined);
      case 'wait': this.#service.pass(flag ? 150 : 9000); return;
      case 'bind': return this.#bind(trigger, which, flag);
      case 'bindings': return this.#send('GET', `/triggers/${trigger}/bindings`).then(() => undefined);
      case 'delete': return this.#delete(which, flag);
      case 'absent': return this.#send('GET', `/actions/00000000-0000-4000-8000-00000000000${other % 10}`).then(() => undefined);
      case 'test': return this.#send('POST', `${path}/test`, { payload: {} }).then(() => undefined);
      case 'version': case 'versions': case 'rollBack': return this.#versions(kind, path, other, flag);
      default: return this.#module(kind, which, other, fields, flag);
    }
  }

  async #create(sent: Json): Promise<void> {
    const made = await this.#send('POST', '/actions', sent);
    if (typeof made['id'] === 'string') {
      this.#actions.push({ id: made['id'] });
    }
  }

  /** Of what is deleted, a few ids stay in use: calls that name them must find nothing. */
  async #delete(which: number, flag: boolean): Promise<void> {
    const at = which % Math.max(1, this.#actions.length);
    await this.#send('DELETE', `/actions/${this.#actions[at]?.id ?? 'none'}`, null, flag ? { force: 'true' } : {});
    if (which % 4 !== 0 && flag) {
      this.#actions.splice(at, 1);
    }
  }

  /** A secret without a value must exist, so what is sent is made to fit what is there. */
  async #change(path: string, action: { readonly id: string } | undefined, fields: Json, flag: boolean): Promise<void> {
    const current = await this.#send('GET', path);
    const there = new Set(objects(current['secrets']).map(({ name }) => name));
    const secrets = 'secrets' in fields ? { secrets: objects(fields['secrets']).map(one => ('value' in one || there.has(one['name']) ? one : { ...one, value: 'new' })) } : {};
    const [version] = flag ? await this.#moduleVersions() : [];
    await this.#send('PATCH', path, { ...fields, ...secrets, ...(version === undefined || action === undefined ? {} : { modules: [version] }) });
  }

  async #versions(kind: 'version' | 'versions' | 'rollBack', path: string, other: number, flag: boolean): Promise<void> {
    const versions = objects((await this.#send('GET', `${path}/versions`, null, flag ? { per_page: '50' } : {}))['versions']);
    const version = versions[other % Math.max(1, versions.length)];
    if (kind === 'version') {
      await this.#send('GET', `${path}/versions/${version === undefined ? 'none' : String(version['id'])}`);
    } else if (kind === 'rollBack' && version !== undefined) {
      await this.#send('POST', `${path}/versions/${String(version['id'])}/deploy`, flag ? { update_draft: other % 2 === 0 } : null);
    }
  }

  async #bind(trigger: string, which: number, flag: boolean): Promise<void> {
    const deployed = objects((await this.#send('GET', '/actions', null, { triggerId: trigger, ...(flag ? { deployed: 'true' } : {}) }))['actions']);
    const fitting = deployed.slice(which % 2, (which % 2) + 3);
    const before = objects((await this.#send('GET', `/triggers/${trigger}/bindings`))['bindings']);
    const kept = before.filter((_, index) => index % 2 === which % 2).map(({ id }) => ({ ref: { type: 'binding_id', value: id } }));
    await this.#send('PATCH', `/triggers/${trigger}/bindings`, { bindings: [...fitting.map(({ id, name }) => ({ ref: which % 5 === 0 ? { type: 'action_name', value: name } : { type: 'action_id', value: id }, ...(flag ? { display_name: 'Bound' } : {}) })), ...(flag ? kept : [])] });
  }

  async #module(kind: Step['kind'], which: number, other: number, fields: Json, flag: boolean): Promise<void> {
    const id = this.#modules[which % Math.max(1, this.#modules.length)] ?? 'none';
    const { code = '// module', dependencies = [], secrets } = withValues(fields);
    const plain = { code, dependencies: objects(dependencies).map(({ name, version }) => ({ name, version })), ...(flag && secrets !== undefined ? { secrets } : {}) };
    switch (kind) {
      case 'createModule': {
        const made = await this.#send('POST', '/modules', { name: `module ${which}`, ...plain, ...(flag ? { publish: true } : {}) });
        this.#modules.push(...(typeof made['id'] === 'string' ? [made['id']] : []));
        return;
      }
      case 'changeModule': await this.#send('PATCH', `/modules/${id}`, flag ? plain : { code }); return;
      case 'publish': await this.#send('POST', `/modules/${id}/versions`, null); return;
      case 'moduleVersions': await this.#send('GET', `/modules/${id}/versions`, null, { page: String(other % 2), per_page: '2' }); return;
      case 'moduleActions': await this.#send('GET', `/modules/${id}/actions`); return;
      case 'deleteModule': await this.#send('DELETE', `/modules/${id}`); return;
      case 'modules': await this.#send('GET', '/modules', null, { page: '0', per_page: '50' }); return;
      case 'rollBackModule': {
        const [version] = objects((await this.#send('GET', `/modules/${id}/versions`))['versions']);
        await this.#send('POST', `/modules/${id}/rollback`, { module_version_id: version?.['id'] ?? 'none' });
        return;
      }
      default: await this.#send('GET', `/modules/${id}`);
    }
  }

  async #moduleVersions(): Promise<readonly Json[]> {
    const [id] = this.#modules;
    const versions = id === undefined ? [] : objects((await this.#send('GET', `/modules/${id}/versions`))['versions']);
    return versions.map(version => ({ module_id: id, module_version_id: version['id'] }));
  }

  async #send(method: string, path: string, sent: unknown = null, query: Readonly<Record<string, string>> = {}): Promise<Json> {
    const { body: answer } = await this.#service.send(method, `${ACTIONS}${path}`, query, sent);
    return isObject(answer) ? answer : {};
  }
}

/** A new secret needs a value. */
function withValues(fields: Json): Json {
  return 'secrets' in fields ? { ...fields, secrets: objects(fields['secrets']).map(one => ({ ...one, value: one['value'] ?? 'made' })) } : fields;
}
