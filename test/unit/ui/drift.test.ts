/** What rows, marks and the status bar say of linked files. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ContentPart } from '../../../src/actions/content.ts';
import type { Drift } from '../../../src/actions/local/index.ts';
import { ApiError } from '../../../src/auth0/errors.ts';
import type { TenantRef } from '../../../src/auth0/tenantRef.ts';
import { driftLook, driftRows } from '../../../src/ui/local/driftRows.ts';
import type { DriftRow } from '../../../src/ui/local/driftRows.ts';
import { driftMark } from '../../../src/ui/local/driftWords.ts';
import { statusLook } from '../../../src/ui/local/fileStatus.ts';
import type { FileState } from '../../../src/ui/local/fileStates.ts';

const TENANT = { id: 'acme-dev.eu.auth0.com', name: 'acme-dev', host: 'acme-dev.eu.auth0.com', isDemo: false, isProtected: false, api: () => Promise.reject(new Error('no request')) } satisfies TenantRef;
const folder = (name: string): vscode.WorkspaceFolder => ({ uri: vscode.Uri.file(`/home/ann/${name}`), name, index: 0 });

function state(file: Drift['file'], live: Drift['live'], change: Partial<FileState> & { readonly name?: string; readonly in?: string } = {}): FileState {
  const { name = 'enrich-profile', in: place = 'repo', ...rest } = change;
  const root = folder(place);
  return { linked: { uri: vscode.Uri.joinPath(root.uri, `actions/${name}/code.js`), folder: root, name, by: 'description' }, tenantId: TENANT.id, tenant: TENANT, actionId: 'a', liveNumber: 3, drift: { file, live, fileIsLive: false }, ...rest };
}

function draw(rows: readonly DriftRow[], depth = 0): string[] {
  return rows.flatMap(row => {
    const look = driftLook(row);
    return [`${'  '.repeat(depth)}[${look.icon.id}] ${look.label} | ${look.description ?? ''} | ${look.context} | ${look.command?.id ?? ''}`, ...(row.kind === 'folder' ? draw(row.rows, depth + 1) : [])];
  });
}

const shown = (...states: readonly FileState[]): string[] => draw(driftRows(states, () => undefined));
/** Without what it needs to know of the tenant. */
const unknown = ({ linked }: FileState, change: Partial<FileState> = {}): FileState => ({ linked, ...change });

describe('the rows of linked files', () => {
  for (const { of, row, mark } of [
    { of: ['fileAhead', 'same'], row: '[arrow-up] enrich-profile | file ahead of draft · actions/enrich-profile/code.js | file;hasAction;canPush; | vscode.diff', mark: '⇡' },
    { of: ['draftAhead', 'draftAhead'], row: '[arrow-down] enrich-profile | draft ahead of file · draft ahead of live · actions/enrich-profile/code.js | file;hasAction;canPull; | vscode.diff', mark: '⇣' },
    { of: ['conflict', 'same'], row: '[warning] enrich-profile | file and draft both changed · actions/enrich-profile/code.js | file;hasAction;canPush;canPull; | vscode.diff', mark: '⇅' },
    { of: ['unrelated', 'otherLive'], row: '[arrow-swap] enrich-profile | file differs from draft · live is not the draft · actions/enrich-profile/code.js | file;hasAction;canPush;canPull; | vscode.diff', mark: '≠' },
    { of: ['same', 'draftAhead'], row: '[circle-filled] enrich-profile | draft ahead of live · actions/enrich-profile/code.js | file;hasAction;canDeploy; | vscode.diff', mark: '●' },
    { of: ['same', 'otherLive'], row: '[arrow-swap] enrich-profile | live is not the draft · actions/enrich-profile/code.js | file;hasAction; | vscode.diff', mark: '●' },
    { of: ['noAction', 'noAction'], row: '[question] enrich-profile | no such action · actions/enrich-profile/code.js | file; | vscode.open', mark: '?' },
    { of: ['same', 'same'], row: '[check] No differences | 1 file holds what is live | note; | ', mark: undefined },
  ] as const) {
    it(`say ${of.join(', ')} with its direction, and offer the one step that helps`, () => {
      const one = state(of[0], of[1]);
      assert.deepEqual(shown(one), [row]);
      assert.equal(driftMark({ file: of[0], live: of[1], fileIsLive: false }), mark);
    });
  }

  it('say what differs beside the code, and open the description where the codes are the same', () => {
    const one = (file: Drift['file'], differing: readonly ContentPart[], description: string): FileState => {
      const { linked, ...rest } = state(file, 'same', { differing });
      return { ...rest, linked: { ...linked, described: { name: linked.name, triggers: [], dependencies: [], secrets: [], description: vscode.Uri.joinPath(linked.folder.uri, description) } } };
    };
    assert.deepEqual(shown(one('fileAhead', ['code', 'dependencies'], 'actions/enrich-profile.json'), one('draftAhead', ['runtime', 'triggers'], 'actions/enrich-profile.json'), one('fileAhead', ['code'], 'actions/enrich-profile.json')), [
      '[arrow-up] enrich-profile | file ahead of draft: code, dependencies · actions/enrich-profile/code.js | file;hasAction;canPush; | vscode.diff',
      '[arrow-down] enrich-profile | draft ahead of file: runtime, trigger · actions/enrich-profile/code.js | file;hasAction;canPull; | vscode.open',
      '[arrow-up] enrich-profile | file ahead of draft · actions/enrich-profile/code.js | file;hasAction;canPush; | vscode.diff',
    ]);
    // No pull writes the list of several actions.
    const [row] = driftRows([one('draftAhead', ['dependencies'], 'tenant.yaml')], () => undefined);
    assert.ok(row);
    assert.equal(driftLook(row).context, 'file;hasAction;');
    assert.match(driftLook(row).tooltip ?? '', /pull it\.\nWhat differs: dependencies\.\nA pull takes the code alone: change the rest in tenant\.yaml\.\n/u);
  });

  it('are the next step where a folder has no tenant, or one that is not connected', () => {
    assert.deepEqual(shown(unknown(state('same', 'same'))), ['[organization] Choose the tenant of repo | its files belong to one | choose; | auth0Actions.setFolderTenant']);
    assert.deepEqual(shown(unknown(state('same', 'same'), { tenantId: 'x.auth0.com' })), ['[plug] x.auth0.com is not connected | click to connect | notConnected; | auth0Actions.connect']);
  });

  it('are never empty: an error is a row with Retry beside what is known', () => {
    const errors = (error: unknown, ...states: FileState[]): string[] => draw(driftRows(states, () => error));
    assert.deepEqual(errors(new ApiError('server', { method: 'GET', path: '/actions', status: 503 }), unknown(state('same', 'same'), { tenantId: TENANT.id, tenant: TENANT }), state('fileAhead', 'same', { name: 'known' })), [
      '[warning] Service error | click to retry | error; | auth0Actions.refreshFiles',
      '[arrow-up] known | file ahead of draft · actions/known/code.js | file;hasAction;canPush; | vscode.diff',
    ]);
    assert.deepEqual(errors(new ApiError('auth', { method: 'GET', path: '/actions', status: 401 }), state('same', 'same')).map(line => line.split(' | ').slice(1).join(' | ')), ['click to connect again | error;connect; | auth0Actions.reconnect']);
    assert.deepEqual(shown(), ['[check] No differences |  | note; | ']);
  });

  it('are grouped by folder where there are several, sorted by action', () => {
    assert.deepEqual(shown(state('fileAhead', 'same', { name: 'b' }), state('fileAhead', 'same', { name: 'a' }), unknown(state('same', 'same', { in: 'other' }))), [
      '[folder] repo | acme-dev | folder; | ',
      '  [arrow-up] a | file ahead of draft · actions/a/code.js | file;hasAction;canPush; | vscode.diff',
      '  [arrow-up] b | file ahead of draft · actions/b/code.js | file;hasAction;canPush; | vscode.diff',
      '[folder] other |  | folder; | ',
      '  [organization] Choose the tenant of other | its files belong to one | choose; | auth0Actions.setFolderTenant',
    ]);
  });

  it('say why a file cannot be read, and that one is not known', () => {
    assert.deepEqual(shown({ ...unknown(state('same', 'same'), { tenantId: TENANT.id, tenant: TENANT }), unreadable: 'It is a symbolic link.' }), ['[warning] enrich-profile | cannot be read · actions/enrich-profile/code.js | file; | vscode.open']);
    assert.deepEqual(shown(unknown(state('same', 'same'), { tenantId: TENANT.id, tenant: TENANT })), ['[circle-outline] enrich-profile | not known, refresh to see · actions/enrich-profile/code.js | file; | vscode.open']);
  });

  it('name action and tenant in their tooltips, and are one short line each, whatever a name holds', () => {
    const [row] = driftRows([state('fileAhead', 'draftAhead', { name: 'a\nb'.padEnd(300, 'x') })], () => undefined);
    assert.ok(row);
    const look = driftLook(row);
    assert.match(look.tooltip ?? '', /does not have: push it\.\nThe draft has changes that are not live in acme-dev \(v3\): deploy it\.$/u);
    assert.ok(look.label.length <= 80 && !/\n/u.test(look.label + (look.description ?? '')), look.label);
  });
});

describe('the status bar on a linked file', () => {
  it('says action, tenant and state', () => {
    assert.equal(statusLook(state('fileAhead', 'same')).text, '$(link) enrich-profile · acme-dev: not pushed');
    assert.equal(statusLook(unknown(state('same', 'same'))).text, '$(link) enrich-profile: no tenant chosen');
    assert.equal(statusLook(unknown(state('same', 'same'), { tenantId: TENANT.id, tenant: TENANT })).text, '$(link) enrich-profile · acme-dev');
    assert.equal(statusLook(state('same', 'otherLive')).spoken, 'enrich-profile · acme-dev: pushed, something else is live');
  });

  it('makes no icon of a name', () => {
    assert.equal(statusLook(state('same', 'same', { name: '$(error) no' })).text, '$(link) \\$(error) no · acme-dev: live');
  });
});
