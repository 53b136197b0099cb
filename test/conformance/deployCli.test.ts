/**
 * auth0-deploy-cli itself against the simulated tenant, over TLS: what it exports is what a pull of ours writes, byte for
 * byte; what it is given by us changes nothing; and what it reads from the other forms of a configuration, we read.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { readAllActions } from '../../src/actions/allActions.ts';
import type { Action } from '../../src/auth0/api.ts';
import { asObjects } from '../../src/auth0/json.ts';
import { readAction } from '../../src/auth0/shapes.ts';
import { readMappings } from '../../src/actions/local/config.ts';
import { differenceOf } from '../../src/actions/local/differences.ts';
import { fileNameOf, placesFor } from '../../src/actions/local/exported.ts';
import { isSafePath } from '../../src/actions/local/files.ts';
import { planPull, writePull } from '../../src/actions/local/pull.ts';
import { readRepository } from '../../src/actions/local/repository.ts';
import { readStatedFile } from '../../src/actions/local/tenantFile.ts';
import { benchTenant } from '../bench/tenant.ts';
import { DeployCli, deployCliEntry } from '../support/deployCli.ts';
import type { DeployConfig } from '../support/deployCli.ts';
import { diskFiles } from '../support/diskFiles.ts';
import { startTlsTenant } from '../support/tlsTenant.ts';
import type { TlsTenant } from '../support/tlsTenant.ts';

const NO_MARKS = new Map<string, unknown>();
/** Looks first, and sends only what the look has found. */
const PREVIEW: DeployConfig = { AUTH0_DRY_RUN: true, AUTH0_DRY_RUN_APPLY: true };

/** Three names that become `-`: its export keeps the last one alone, a pull keeps all. */
const SHARING_A_PATH = ['..', 'con', 'LPT1.txt'];

const CODE = 'exports.onExecutePostLogin = async () => {};\n';
const POST_LOGIN = [{ id: 'post-login', version: 'v3' }];
/** Beside the demo tenant's: names that are no names of files, and what else a description can hold. */
const ODD: readonly Readonly<Record<string, unknown>>[] = [
  { name: '..', code: CODE },
  { name: '../../outside', code: CODE },
  { name: 'C:\\Windows\\system32', code: CODE },
  { name: 'con', code: CODE },
  { name: 'LPT1.txt', code: CODE },
  { name: 'ends in a dot. . ', code: CODE },
  { name: 'a?b<c>d:e*f|g"h', code: CODE },
  { name: 'Ünïcödé 漢字 🙂', code: '// Ünïcödé 漢字 🙂\u2028\n' },
  { name: `long ${'ü'.repeat(90)}`, code: CODE },
  { name: '##STAGE##-marked', code: 'const stage = "##STAGE##"; const list = @@LIST@@;\n' },
  { name: 'line ends', code: '\uFEFFfirst\r\nsecond\rthird\n\n\n' },
  { name: 'no line end', code: 'exports.onExecutePostLogin = async () => {};' },
  { name: 'several triggers', code: CODE, supported_triggers: [...POST_LOGIN, { id: 'credentials-exchange', version: 'v2' }] },
  { name: 'private packages', code: CODE, dependencies: [{ name: '@acme/lib', version: '1.2.3', registry_url: 'https://npm.acme.example/' }, { name: 'lodash', version: '4.17.21' }] },
  { name: 'has "quotes" & <tags>', code: CODE, secrets: [{ name: 'API_KEY', value: 'never exported' }, { name: 'OTHER', value: 'neither' }] },
  { name: 'no code at all', code: '' },
  { name: '$(zap) [click](command:x)', code: CODE, runtime: 'node18' },
];

/** Path → text, of all files below a folder. */
function filesIn(folder: string, below = ''): Record<string, string> {
  return Object.fromEntries(readdirSync(join(folder, below), { withFileTypes: true }).flatMap(entry => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    return entry.isDirectory() ? Object.entries(filesIn(folder, path)) : [[path, readFileSync(join(folder, path), 'latin1')]];
  }));
}

function put(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

describe('auth0-deploy-cli', function () {
  let tenant: TlsTenant;
  let cli: DeployCli | undefined;
  let scratch = '';
  let held = '';

  before(async function () {
    this.timeout(180_000);
    scratch = mkdtempSync(join(tmpdir(), 'deploy-cli-'));
    tenant = await startTlsTenant({ plan: 'off', seed: 'demo', latencyMs: 0, buildScale: 0 });
    for (const one of ODD) {
      await call('POST', '/actions/actions', { supported_triggers: POST_LOGIN, runtime: 'node22', ...one });
    }
    // What is being built has another status in each export.
    const { actions } = await call('GET', '/actions/actions');
    const [held1] = asObjects(actions).filter(one => one['name'] === 'private packages');
    held = String(held1?.['id']);
    await tenant.control('hold', { action: held, status: 'building' });
    cli = await DeployCli.start(tenant, { actionsOnly: true });
    // Why not is on standard error already. Whoever can install what these tests run in can install this as well.
    assert.ok(cli, 'auth0-deploy-cli could not be installed: there is nothing to compare with');
  });
  after(async () => {
    cli?.end();
    await tenant.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  async function call(method: string, path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>> {
    const { default: fetch } = await import('node-fetch');
    const answer = await fetch(`${tenant.url}/api/v2${path}`, { method, headers: { authorization: `Bearer ${tenant.token}`, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  }

  const folderOf = (name: string): string => {
    const folder = join(scratch, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  };

  async function pull(folder: string, mappings = NO_MARKS): Promise<Awaited<ReturnType<typeof planPull>>> {
    const files = diskFiles(folder);
    const { api } = benchTenant(tenant.url, tenant.token);
    const plan = await planPull(files, await readRepository(files, mappings, readStatedFile), mappings, await readAllActions(api));
    const { left } = await writePull(files, plan.writes);
    assert.deepEqual(left, []);
    return plan;
  }

  /** The writes that work sends, by method and path. */
  async function writesOf(work: () => Promise<unknown>): Promise<readonly string[]> {
    const begun = tenant.seen.length;
    await work();
    return tenant.seen.slice(begun).filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`).sort();
  }

  /** Everything of all actions that an import may not change: not their versions, nor when something was touched. */
  async function contents(): Promise<unknown> {
    const { actions } = await call('GET', '/actions/actions');
    return asObjects(actions).map(({ name, code, dependencies, runtime, secrets, supported_triggers: triggers, modules }) => ({ name, code, dependencies, runtime, secrets, triggers, modules }));
  }

  it('makes the same names of files of whatever an action may be called', async () => {
    const entry = await deployCliEntry();
    assert.ok(entry !== undefined);
    const sanitize = createRequire(entry)('sanitize-filename') as (name: string, options: { readonly replacement: string }) => string;
    const part = fc.constantFrom('con', 'COM1', 'nul', '.', '..', ' ', '/', '\\', ':', '\u0000', '\u0085', 'a', 'ü', '🙂', '\ud800', '?', '-', 'x'.repeat(130));
    const name = fc.oneof(fc.array(part, { minLength: 1, maxLength: 8 }).map(parts => parts.join('')), fc.string({ minLength: 1, unit: 'binary' }));
    fc.assert(fc.property(name, text => {
      assert.equal(fileNameOf(text), sanitize(text, { replacement: '-' }), JSON.stringify(text));
      assert.ok(isSafePath(placesFor(fileNameOf(text)).code), JSON.stringify(text));
    }), { numRuns: 1000 });
  });

  it('exports byte for byte what a pull writes', async () => {
    const [theirs, ours] = [folderOf('theirs'), folderOf('ours')];
    const plan = await pull(ours);
    assert.equal(plan.actions, 12 + ODD.length);
    assert.deepEqual([plan.left, plan.gone, plan.marketplace], [[], [], []]);
    if (cli !== undefined) {
      await cli.export(theirs, 'directory');
      const [a, b] = [filesIn(theirs), filesIn(ours)];
      assert.deepEqual(plan.renumbered, [{ name: 'con', path: 'actions/--2.json' }, { name: 'LPT1.txt', path: 'actions/--3.json' }]);
      assert.equal(Object.keys(b).length, 2 * plan.actions - 1);
      const shared = ['actions/-.json', 'actions/-/code.js'];
      const [mine, its] = [b, a].map(files => Object.fromEntries(Object.entries(files).filter(([path]) => !shared.includes(path) && !path.startsWith('actions/--')).sort()));
      assert.deepEqual(mine, its);
    }
  });

  it('finds in what a pull writes nothing to change, and sends nothing', async () => {
    if (cli !== undefined) {
      const [program, before] = [cli, await contents()];
      assert.deepEqual(await writesOf(() => program.import(folderOf('ours'), PREVIEW)), []);
      assert.deepEqual(await contents(), before);
    }
  });

  it('told to import without looking, sends for what a pull writes what it sends for its own export, and changes nothing', async () => {
    if (cli !== undefined) {
      const program = cli;
      // Five of them: it takes a second for every few of its requests.
      const some = ['enrich-profile', 'machine-claims', 'several triggers', 'private packages', 'Ünïcödé 漢字 🙂'];
      const partOf = (name: string): string => {
        const part = folderOf(`${name} of five`);
        put(part, Object.fromEntries(some.flatMap(one => [`actions/${one}.json`, `actions/${one}/code.js`]).map(path => [path, readFileSync(join(folderOf(name), path), 'utf8')])));
        return part;
      };
      await tenant.control('hold', { action: held, status: null });
      const before = await contents();
      const [own, ours] = [await writesOf(() => program.import(partOf('theirs'))), await writesOf(() => program.import(partOf('ours')))];
      assert.deepEqual(ours, own);
      // It sends every action that it is given, and deploys each whose description says `deployed`, changed or not.
      assert.deepEqual(ours.map(one => one.replace(/ .*?(?<end>\/deploy)?$/u, '$<end>')), ['PATCH', 'PATCH', 'PATCH', 'PATCH', 'PATCH', 'POST/deploy', 'POST/deploy']);
      assert.deepEqual(await contents(), before);
    }
  });

  it('keeps the marks that a pull keeps', async () => {
    const mappings = { STAGE: 'dev', LIST: ['a', 'b'], DEPS: [{ name: '@acme/lib', version: '1.2.3' }, { name: 'lodash', version: '4.17.21' }] };
    const files = {
      'actions/private packages.json': `${JSON.stringify({ name: 'private packages', code: './actions/private packages/code.js', runtime: 'node22', status: 'built', dependencies: '@@DEPS@@', secrets: [], supported_triggers: POST_LOGIN, deployed: false }, undefined, 2)}\n`,
      'actions/private packages/code.js': CODE.replace('async () => {}', 'async () => { /* dev */ }').replace('dev', '##STAGE##'),
    };
    const [a, b] = [folderOf('marks-theirs'), folderOf('marks-ours')];
    put(a, files);
    put(b, files);
    await call('PATCH', `/actions/actions/${held}`, { code: 'exports.onExecutePostLogin = async () => { /* dev */ };\n' });
    const plan = await pull(b, new Map(Object.entries(mappings)));
    assert.deepEqual(plan.writes.map(({ path }) => path).filter(path => path.includes('private')), []);
    assert.deepEqual([filesIn(b)['actions/private packages.json'], filesIn(b)['actions/private packages/code.js']], Object.values(files));
    if (cli !== undefined) {
      await cli.export(a, 'directory', { AUTH0_PRESERVE_KEYWORDS: true, AUTH0_KEYWORD_REPLACE_MAPPINGS: mappings });
      assert.deepEqual([filesIn(a)['actions/private packages.json'], filesIn(a)['actions/private packages/code.js']], Object.values(files));
    }
  });

  const FORMS: Readonly<Record<string, { readonly layout: 'directory' | 'yaml'; readonly input: string; readonly files: Readonly<Record<string, string>> }>> = {
    'the older form with current_version': {
      layout: 'directory',
      input: '',
      files: {
        'actions/older.json': JSON.stringify({ name: 'older', code: './actions/older/current_version/code.js', runtime: 'node18', dependencies: [{ name: 'uuid', version: '11.0.3' }], secrets: [], supported_triggers: POST_LOGIN, deployed: false }),
        'actions/older/current_version/code.js': '// ##STAGE## older\n',
      },
    },
    'a list in tenant.yaml': {
      layout: 'yaml',
      input: 'tenant.yaml',
      files: {
        'tenant.yaml': `actions:
  - name: ##STAGE##-listed
    code: ./actions/listed/code.js
    runtime: node22
    dependencies: @@DEPS@@
    secrets: []
    supported_triggers:
      - id: post-login
        version: v3
    deployed: false
  - name: second
    code: ./elsewhere/second.js
    dependencies: []
    secrets: []
    supported_triggers: [{ id: credentials-exchange, version: v2 }]
`,
        'actions/listed/code.js': 'const list = @@LIST@@; const text = "@@LIST@@"; // ##STAGE## ##COST##\n',
        'elsewhere/second.js': '// \u00fc $& $1\r\nlast',
      },
    },
    'a folder whose descriptions have marks of both kinds': {
      layout: 'directory',
      input: '',
      files: {
        'actions/any.json': '{ "name": "##STAGE##-any", "code": ".\\\\actions\\\\code of any.js", "runtime": "##RUNTIME##", "dependencies": @@DEPS@@, "secrets": [], "supported_triggers": "@@TRIGGERS@@" }',
        'actions/code of any.js': "const list = '@@LIST@@';\n",
      },
    },
  };
  const MAPPINGS = { STAGE: 'dev', RUNTIME: 'node18', COST: '$& $1', LIST: ['$&', 2], DEPS: [{ name: 'lodash', version: '4.17.21' }], TRIGGERS: POST_LOGIN };

  for (const [form, { layout, input, files }] of Object.entries(FORMS)) {
    it(`reads ${form} as it is read here`, async () => {
      const folder = folderOf(form);
      put(folder, files);
      const mappings = readMappings(JSON.stringify({ AUTH0_KEYWORD_REPLACE_MAPPINGS: MAPPINGS })) ?? NO_MARKS;
      const read = await readRepository(diskFiles(folder), mappings, readStatedFile);
      assert.equal(read.layout, layout);
      assert.deepEqual(read.actions.flatMap(({ open, codeProblem }) => [open, codeProblem]), read.actions.flatMap(() => [[], undefined]));
      assert.equal(read.actions.length, Object.keys(files).filter(path => path.endsWith('.js')).length);
      if (cli !== undefined) {
        await cli.import(join(folder, input), { AUTH0_KEYWORD_REPLACE_MAPPINGS: MAPPINGS });
        const made = new Map(asObjects((await call('GET', '/actions/actions'))['actions']).map(readAction).map(action => [action.name, action]));
        for (const one of read.actions) {
          const action: Action | undefined = made.get(one.stated.action.name);
          assert.ok(action, one.stated.action.name);
          assert.equal(action.code, one.code);
          assert.deepEqual(differenceOf(one, action).changes, [], one.stated.action.name);
        }
      }
    });
  }

  it('exports a tenant.yaml that is read here as what the tenant has', async () => {
    if (cli !== undefined) {
      const folder = folderOf('yaml');
      await cli.export(folder, 'yaml');
      const read = await readRepository(diskFiles(folder), NO_MARKS, readStatedFile);
      const actions = new Map(asObjects((await call('GET', '/actions/actions'))['actions']).map(readAction).map(action => [action.name, action]));
      assert.deepEqual([read.layout, read.actions.length, read.unread], ['yaml', actions.size, []]);
      const differing = read.actions.filter(one => { const action = actions.get(one.stated.action.name); return action === undefined || differenceOf(one, action).changes.length > 0; });
      // Those whose names lead to one path have the code of the last of them.
      assert.deepEqual(differing.map(({ stated }) => stated.action.name).filter(name => !SHARING_A_PATH.includes(name)), []);
    }
  });
});
