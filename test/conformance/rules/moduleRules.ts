/** The rules of modules and their versions over a log of traffic. Few recordings have them: create, read, change, publish. */
import { ACTIONS, isObject, objects } from '../replay/recordings.ts';
import type { Interaction, Json } from '../replay/recordings.ts';
import { contentOf, valuesAt } from './content.ts';
import { Tally, same } from './tally.ts';

const TIMES = new Set(['created_at', 'updated_at']);

export class ModuleRules {
  readonly tally = new Tally();
  readonly #modules = new Map<string, Json>();
  readonly #newest = new Map<string, number>();
  readonly #versions = new Map<string, Json>();
  #where = '';

  observe({ method, path, status, requestBody, responseBody }: Interaction): void {
    if (!path.startsWith(`${ACTIONS}/modules`) || status >= 300) {
      return;
    }
    this.#where = `${method} ${path} ${JSON.stringify(requestBody)} -> ${status} ${JSON.stringify(responseBody)}`;
    const body = isObject(responseBody) ? responseBody : {};
    const [id = '', list] = path.slice(`${ACTIONS}/modules/`.length).split('/');
    this.#check('times of modules have six digits', valuesAt(body, TIMES).every(time => /\.\d{6}Z$/u.test(String(time))));
    if ('per_page' in body) {
      const users = list === 'actions';
      this.#check('pages of modules have a page, and a total where it is not of actions', typeof body['page'] === 'number' && (users ? body['total'] !== 0 : typeof body['total'] === 'number'));
    }
    if (method === 'POST' && list === 'versions') {
      this.#check('a module’s version has the next number and the draft’s content', body['version_number'] === (this.#newest.get(id) ?? 0) + 1 && (this.#modules.get(id) === undefined || same(codeAndDependencies(this.#modules.get(id) ?? {}), codeAndDependencies(body))));
      this.#newest.set(id, Number(body['version_number']));
    }
    for (const version of [...objects(body['versions']), ...('version_number' in body ? [body] : [])]) {
      const before = this.#versions.get(String(version['id']));
      this.#check('a module’s version never changes', before === undefined || same(before, version));
      this.#versions.set(String(version['id']), version);
    }
    if ('all_changes_published' in body) {
      this.#module(method, list, isObject(requestBody) ? requestBody : {}, body);
    }
  }

  #check(rule: string, held: boolean): void {
    const where = this.#where;
    this.tally.check(rule, held, () => where.slice(0, 3000));
  }

  #module(method: string, list: string | undefined, sent: Json, module: Json): void {
    const id = String(module['id']);
    const before = this.#modules.get(id);
    const latest = isObject(module['latest_version']) ? module['latest_version'] : undefined;
    this.#newest.set(id, Math.max(this.#newest.get(id) ?? 0, Number(latest?.['version_number'] ?? 0)));
    if (method !== 'PATCH') {
      this.#check('all_changes_published compares the draft with the latest version', module['all_changes_published'] === (latest !== undefined && same(contentOf(latest), contentOf({ ...module, supported_triggers: [] }))));
    }
    if (method === 'POST' && list === undefined) {
      this.#check('a new module bears one time', module['created_at'] === module['updated_at']);
    }
    const target = this.#versions.get(String(sent['module_version_id']));
    if (list === 'rollback' && target !== undefined) {
      this.#check('a module that is rolled back has the version’s content, and no new version', same(codeAndDependencies(target), codeAndDependencies(module)) && Number(latest?.['version_number']) === this.#newest.get(id));
    }
    if (method === 'PATCH') {
      this.#check('a PATCH of a module answers with its first time', module['updated_at'] === module['created_at']);
      this.#check('a module’s fields that are not sent keep their values', before === undefined || (['code', 'dependencies', 'name'] as const).every(name => name in sent || same(before[name], module[name])));
    } else if (method === 'GET' && before !== undefined) {
      this.#check('a read changes no module', same(codeAndDependencies(before), codeAndDependencies(module)) && String(module['updated_at']) >= String(before['updated_at']));
    }
    this.#modules.set(id, module);
  }
}

function codeAndDependencies(module: Json): unknown {
  return [module['code'], module['dependencies']];
}
