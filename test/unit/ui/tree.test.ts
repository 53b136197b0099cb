/** The tree as drawn text, in every state. */
import assert from 'node:assert/strict';
import { Uri } from 'vscode';
import { ApiError } from '../../../src/auth0/errors.ts';
import type { Deployment } from '../../../src/actions/deployment.ts';
import { actionDetails, tenantDetails, versionDetails } from '../../../src/ui/tree/details.ts';
import { summarize, summarizeVersion } from '../../../src/actions/model.ts';
import { RowCache, actionRow } from '../../../src/ui/tree/rows.ts';
import type { LocalRows } from '../../../src/ui/tree/rows.ts';
import { NOW, action, draw, live, looks, tenant, version } from './drawTree.ts';

const failure = (kind: 'auth' | 'forbidden' | 'network' | 'rateLimited', extra: object = {}) => (): never => {
  throw new ApiError(kind, { method: 'GET', path: '/api/v2/actions/actions', ...extra });
};

describe('the tree', () => {
  it('gives each state its own words, icon and menu tokens', async () => {
    const drawn = await draw(tenant({
      actions: [
        action('a first build', { status: 'building' }),
        action('b ready'),
        action('c first build failed', { status: 'failed' }),
        action('d rebuilding', { status: 'building', allChangesDeployed: true, ...live(7) }),
        action('e changes retrying', { status: 'retrying', ...live(3) }),
        action('f changes ready', live(3)),
        action('g in step', { allChangesDeployed: true, ...live(7) }),
        action('h changes failed', { status: 'failed', ...live(2) }),
        action('i rebuild failed', { status: 'failed', allChangesDeployed: true, ...live(2) }),
        action('j unknown', { status: 'quarantined', ...live(2) }),
      ],
    }));
    assert.equal(drawn, [
      '▾ [organization] acme-dev | acme-dev.eu.auth0.com | tenant;hasDashboard;',
      '  ▸ [sync~spin] a first build | Post Login · building 0:07, never deployed | action;canDeploy;hasDashboard;',
      '  ▸ [circle-large-outline] b ready | Post Login · never deployed | action;canDeploy;hasDashboard;',
      '  ▸ [error] c first build failed | Post Login · build failed, never deployed | action;failed;hasDashboard;',
      '  ▸ [sync~spin] d rebuilding | Post Login · v7 live, building 0:07 | action;canDeploy;deployed;hasDashboard;',
      '  ▸ [sync~spin] e changes retrying | Post Login · build retrying 0:07, v3 live | action;canDeploy;deployed;hasChanges;hasDashboard;',
      '  ▸ [circle-filled] f changes ready | Post Login · v3 live, changes not deployed | action;canDeploy;deployed;hasChanges;hasDashboard;',
      '  ▸ [check] g in step | Post Login · v7 live | action;canDeploy;deployed;hasDashboard;',
      '  ▸ [error] h changes failed | Post Login · build failed, v2 live | action;deployed;hasChanges;failed;hasDashboard;',
      '  ▸ [warning] i rebuild failed | Post Login · v2 live, rebuild failed | action;deployed;failed;hasDashboard;',
      '  ▸ [question] j unknown | Post Login · quarantined, v2 live | action;canDeploy;deployed;hasDashboard;',
    ].join('\n'));
  });

  it('says of a tenant what the person has said of it, in words', async () => {
    const first = async (change: object): Promise<string | undefined> => (await draw(tenant({ actions: [] }, change))).split('\n')[0];
    assert.equal(await first({ label: 'production', isProtected: true }), '▾ [shield] acme-dev | acme-dev.eu.auth0.com · production · protected | tenant;hasDashboard;production;protected;');
    assert.equal(await first({ name: 'Live', label: 'staging' }), '▾ [organization] Live | acme-dev.eu.auth0.com · staging | tenant;hasDashboard;staging;');
    assert.equal(await first({ id: 'demo', name: 'demo', host: 'demo', isDemo: true, isProtected: true }), '▾ [shield] demo | simulated tenant · protected | tenant;protected;');
  });

  it('shows versions newest first, more to load, and what the draft consists of', async () => {
    const versions = Array.from({ length: 12 }, (_, index) => version(12 - index, index === 1 ? { status: 'failed' } : {}));
    const drawn = await draw(tenant({
      actions: [action('enrich', {
        allChangesDeployed: true,
        deployedVersion: version(12, { deployed: true }),
        secrets: [{ name: 'API_KEY', updatedAt: '2026-05-20T06:00:00.5Z' }],
        dependencies: [{ name: 'lodash', version: '4.17.21', registryUrl: 'https://registry.example' }],
        modules: [{ id: 'm', name: 'geo', versionNumber: 3 }],
      })],
      versions,
    }), { expand: 'enrich' });
    const lines = drawn.split('\n').slice(2).map(line => line.replace(/\d\d:\d\d/u, 'hh:mm').trim());
    assert.equal(lines[0], '[check] v12 | live · yesterday hh:mm | version;live;hasDashboard;');
    assert.equal(lines[1], '[error] v11 | failed · yesterday hh:mm | version;failed;hasDashboard;');
    assert.deepEqual(lines.slice(10), [
      '[ellipsis] Load more versions |  | more;',
      '[circle-slash] Post Login flow | not in any flow | flow;canAdd;',
      '▸ [key] Secrets (1) |  | secrets;',
      '[circle-small] API_KEY | set today hh:mm | secret;',
      '▸ [package] Dependencies (1) |  | dependencies;',
      '[circle-small] lodash | 4.17.21 · https://registry.example | dependency;',
      '▸ [symbol-module] Modules (1) | pinned versions | modules;',
      '[circle-small] geo | v3 | module;',
    ]);
  });

  it('lays a running deployment over its action', async () => {
    const ref = tenant({ actions: [action('enrich', live(3))] });
    const deployment: Deployment = { id: '1', tenant: ref, actionId: 'id-enrich', actionName: 'enrich', startedAt: NOW, phases: [{ phase: 'building', startedAt: NOW - 65_000 }] };
    assert.match(await draw(ref, { deployment }), /\[sync~spin\] enrich \| Post Login · building 1:05 \| action;deploying;deployed;hasChanges;hasDashboard;/u);
  });

  it('says of an action whose last deploy made a version that failed that it did, until the next one', async () => {
    const ref = tenant({ actions: [action('enrich', live(3))] });
    assert.match(await draw(ref, { failedVersion: 4 }), /\[error\] enrich \| Post Login · v4 failed, v3 live, changes not deployed \| action;canDeploy;/u);
  });

  it('says what to do where there is nothing to show', async () => {
    const second = async (content: Parameters<typeof tenant>[0]): Promise<string | undefined> => (await draw(tenant(content))).split('\n')[1]?.trim();
    assert.equal(await second({ actions: [] }), '[info] No actions in this tenant | create the first from the tenant\'s menu | note;');
    assert.equal(await second({ actions: failure('auth') }), '[lock] Not signed in | click to connect again | error;connect;');
    assert.equal(await second({ actions: failure('forbidden', { missingScopes: ['read:actions'] }) }), '[lock] Missing scope | click to connect again | error;connect;');
    assert.equal(await second({ actions: failure('network') }), '[warning] Cannot reach the tenant | click to retry | error;');
    assert.equal(await second({ actions: failure('rateLimited') }), '[warning] Rate limit reached | click to retry | error;');
  });

  it('shows an error below an action as a row, beside what is known', async () => {
    const drawn = await draw(tenant({ actions: [action('enrich', { ...live(1), secrets: [{ name: 'A' }] })], versions: failure('network') }), { expand: 'enrich' });
    assert.deepEqual(drawn.split('\n').slice(2).map(line => line.trim()), ['[warning] Cannot reach the tenant | click to retry | error;', '[circle-slash] Post Login flow | not in any flow | flow;canAdd;', '▸ [key] Secrets (1) |  | secrets;', '[circle-small] A |  | secret;']);
  });

  it('says where an action stands in its flow, and of one that is live in none, that it is in none', async () => {
    const lines = async (content: Parameters<typeof tenant>[0]): Promise<readonly (string | undefined)[]> => {
      const drawn = (await draw(tenant(content), { expand: 'enrich' })).split('\n').map(line => line.trim());
      return [drawn[1], drawn.find(line => line.includes('Login flow |'))];
    };
    const actions = [action('enrich', { ...live(3), allChangesDeployed: true })];
    assert.deepEqual(await lines({ actions, flow: ['block', 'enrich', 'audit'] }), [
      '▸ [check] enrich | Post Login · v3 live | action;canDeploy;deployed;inFlow;hasDashboard;',
      '[list-ordered] Post Login flow | place 2 of 3 | flow;inFlow;',
    ]);
    assert.deepEqual(await lines({ actions, flow: ['enrich', 'audit', 'enrich'] }), [
      '▸ [check] enrich | Post Login · v3 live | action;canDeploy;deployed;inFlow;hasDashboard;',
      '[list-ordered] Post Login flow | places 1, 3 of 3 | flow;inFlow;',
    ]);
    assert.deepEqual(await lines({ actions, flow: ['audit'] }), [
      '▸ [check] enrich | Post Login · v3 live, not in any flow | action;canDeploy;deployed;noFlow;hasDashboard;',
      '[circle-slash] Post Login flow | not in any flow | flow;canAdd;',
    ]);
    assert.deepEqual(await lines({ actions: [action('enrich')], flow: [] }), [
      '▸ [circle-large-outline] enrich | Post Login · never deployed | action;canDeploy;noFlow;hasDashboard;',
      '[circle-slash] Post Login flow | not in any flow | flow;',
    ]);
    assert.deepEqual(await lines({ actions, flow: failure('network') }), [
      '▸ [check] enrich | Post Login · v3 live | action;canDeploy;deployed;hasDashboard;',
      '[warning] Post Login flow | Cannot reach the tenant, click to retry | flow;error;',
    ]);
    const triggers = [{ id: 'post-login', version: 'v3', status: 'CURRENT', runtimes: [], bindingPolicy: 'entity-bound' }];
    assert.deepEqual(await lines({ actions, flow: [], triggers }), [
      '▸ [check] enrich | Post Login · v3 live | action;canDeploy;deployed;hasDashboard;',
      '[circle-slash] Post Login flow | bound where it is used, without a flow | flow;',
    ]);
  });

  it('shows the files of an action first, with what is known of them once somebody looks', async () => {
    let words = '';
    const files: LocalRows = {
      of: (_tenant, name) => name !== 'enrich' ? [] : [{ uri: Uri.file('/repo/actions/enrich/code.js'), name: 'code.js', place: 'actions/enrich', words, sentences: [] }],
      load: () => {
        words = 'not pushed';
        return Promise.resolve();
      },
    };
    const lines = (await draw(tenant({ actions: [action('enrich'), action('other')], versions: [version(1)] }), { expand: 'enrich', files })).split('\n').map(line => line.trim());
    assert.deepEqual(lines.slice(1, 4), ['▸ [circle-large-outline] enrich | Post Login · never deployed | action;canDeploy;noFlow;hasDashboard;hasFile;', '[file] code.js | not pushed · actions/enrich | file;', lines[3]]);
    assert.match(lines[3] ?? '', /^\[git-commit\] v1/u);
    assert.match(lines.at(-1) ?? '', / other \| .* \| action;canDeploy;noFlow;hasDashboard;$/u);
  });

  it('draws hostile names as one short line', async () => {
    const drawn = await draw(tenant({ actions: [action(`x\n\u202e[a](command:evil)${'y'.repeat(10_000)}`)] }));
    const row = drawn.split('\n')[1] ?? '';
    assert.equal(drawn.split('\n').length, 2);
    assert.ok(row.length < 200 && !row.includes('\u202e'));
  });

  it('hands no row to the command of a click, since VS Code would lose it with each refresh', async () => {
    const versions = Array.from({ length: 12 }, (_, index) => version(12 - index));
    const drawn = [
      ...await looks(tenant({ actions: [action('enrich', live(12))], versions }), { expand: 'enrich' }),
      ...await looks(tenant({ actions: failure('auth') })),
      ...await looks(tenant({ actions: failure('network') })),
    ];
    const commands = drawn.flatMap(({ look }) => (look.command === undefined ? [] : [look.command]));
    assert.deepEqual([...new Set(commands.map(command => command.id))].sort(), ['auth0Actions.loadMore', 'auth0Actions.reconnect', 'auth0Actions.retry', 'vscode.open']);
    for (const { id, arguments: given = [] } of commands) {
      assert.ok(given.length === 0 || (id === 'vscode.open' && given[0] instanceof Uri && JSON.stringify(given.slice(1)) === '[{}]'), id);
    }
  });

  it('keeps one object for each row, and makes a new one when the tenant is another', () => {
    const cache = new RowCache();
    const ref = tenant({ actions: [] });
    const row = cache.of(actionRow(ref, 'a'));
    assert.equal(cache.of(actionRow(ref, 'a')), row);
    assert.notEqual(cache.of(actionRow(tenant({ actions: [] }), 'a')), row);
    cache.forget(ref.id);
    assert.equal(cache.known(row.id), undefined);
  });
});

describe('tooltips', () => {
  it('tell where a tenant is, and what its token says', () => {
    const text = tenantDetails(tenant({ actions: [] }), { expiresAt: NOW, audiences: [], scopes: ['read:actions'] }, NOW).fields.map(pair => pair.join('=')).join('\n');
    assert.match(text, /^Host=acme-dev\.eu\.auth0\.com\nAccess token ends=today \d\d:\d\d\nScopes=read:actions$/u);
  });

  it('show every field of an action and of a version', () => {
    const full = version(4, {
      status: 'failed', deployed: false, actionId: 'id-enrich', builtAt: '2026-05-19T09:12:00Z', updatedAt: '2026-05-19T09:12:00Z',
      errors: [{ id: 'E1', msg: 'Cannot find module', url: 'https://example.com/help' }],
      dependencies: [{ name: 'lodash', version: '4.17.21', registryUrl: 'https://registry.example' }],
      secrets: [{ name: 'API_KEY', updatedAt: '2026-05-20T06:00:00Z' }],
      modules: [{ id: 'm', name: 'geo', versionNumber: 3 }],
    });
    const triggers = [{ id: 'post-login', version: 'v3', status: 'CURRENT', runtimes: ['node18', 'node22'], bindingPolicy: 'trigger-bound' }];
    const text = versionDetails(summarizeVersion(full), 'id-enrich', 'enrich', triggers, NOW).fields.map(pair => pair.join('=')).join('\n');
    for (const part of ['ID=v-4', 'Action ID=id-enrich', 'Number=4', 'Status=failed', 'Live=no', 'Error=E1 · Cannot find module · https://example.com/help', 'Runtime=node22',
      'Trigger=post-login v3 · current · node18, node22 · trigger-bound', 'Dependencies=lodash@4.17.21 (https://registry.example)', 'Secrets=API_KEY (today', 'Modules=geo v3', 'Built=', 'Created=', 'Updated=']) {
      assert.ok(text.includes(part), `${part} in\n${text}`);
    }
    const details = actionDetails(summarize(action('enrich', live(3))), triggers, NOW);
    assert.equal(details.sentence, 'Changes are ready to deploy. Logins still run v3.');
    assert.ok(details.fields.some(([name, value]) => name === 'Live version' && value === 'v3'));
  });
});
