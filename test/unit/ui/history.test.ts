/** The words of ended deployments, which of a repository's commits is kept with one, and the search for the one that is live. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Deployment, FailureReason, Outcome } from '../../../src/actions/deployment.ts';
import { entryOf } from '../../../src/actions/history.ts';
import type { HistoryEntry } from '../../../src/actions/history.ts';
import { historyCommands, keepHistory } from '../../../src/ui/commands/historyCommands.ts';
import type { Parts } from '../../../src/ui/commands/parts.ts';
import { Disposables } from '../../../src/ui/disposables.ts';
import { findLive, itemOf, keep, refusal } from '../../../src/ui/history/index.ts';
import type { KeepOptions } from '../../../src/ui/history/index.ts';
import { HistoryFiles } from '../../../src/ui/history/historyFiles.ts';
import { commands } from '../../../src/ui/ids.ts';
import { outcomeWords } from '../../../src/ui/words.ts';
import { TENANT as CONNECTED, stateOver } from '../support/appState.ts';
import { action, fakeApi, tenantOf, version } from '../support/things.ts';

const CODE = '// live';
const TENANT = tenantOf(fakeApi({ getAction: () => Promise.resolve(action('a', { name: 'one', deployedVersion: version(8, { code: CODE }) })) }));
const FILE = vscode.Uri.file('/w/src/other.js');
const STORAGE = vscode.Uri.file('/storage');

const deployment = (outcome: Outcome, change: Partial<Deployment> = {}): Deployment => ({
  id: '1', tenant: TENANT, actionId: 'a', actionName: 'one', startedAt: 5000, endedAt: 10_000, phases: [], ...change, outcome,
});

function entryFor(outcome: Outcome, change: Partial<Deployment> = {}): HistoryEntry {
  const entry = entryOf(deployment(outcome, change));
  assert.ok(entry);
  return entry;
}

describe('an ended deployment in the history', () => {
  const reasons: Readonly<Record<FailureReason, number | undefined>> = {
    buildFailed: undefined, buildTimeout: undefined, draftChanged: undefined, unreachable: undefined, refused: undefined, notDeployed: undefined, notLive: 8, overtaken: 8,
    otherContent: 8, actionGone: 8, versionFailed: 8, liveChanged: undefined, versionGone: undefined, interrupted: undefined, takenOver: undefined, versionUnusable: undefined,
  };

  for (const [reason, made] of Object.entries(reasons) as [FailureReason, number | undefined][]) {
    it(`says of ${reason} what the list of its window did, and how long it took`, () => {
      const outcome: Outcome = { kind: 'failed', reason, errors: [], ...(made === undefined ? {} : { version: made }) };
      const { label, detail } = itemOf(entryFor(outcome), TENANT);
      assert.equal(label, `$(error) one: ${outcomeWords({}, outcome)}, after 0:05`);
      assert.equal(label.includes('v8 failed'), reason === 'versionFailed');
      assert.equal(detail, made === undefined ? '' : 'v8');
    });
  }

  it('says of one that was looked up, or whose reason was not kept, no more than is known', () => {
    const outcome: Outcome = { kind: 'failed', reason: 'overtaken', version: 8, errors: [] };
    assert.equal(itemOf(entryFor(outcome, { lookedUp: true }), TENANT).label, '$(error) one: another version went live');
    const { reason: _, ...old } = entryFor(outcome);
    assert.equal(itemOf(old, TENANT).label, '$(error) one: failed, after 0:05');
    assert.deepEqual(([{ kind: 'live', version: 8 }, { kind: 'stopped', sent: true }, { kind: 'unconfirmed' }] as const).map(one => itemOf(entryFor(one, { rollBackTo: 3 }), TENANT).label), ['$(check) one: v8 live, rolled back to v3', '$(debug-stop) one: stopped watching', '$(question) one: not confirmed']);
  });
});

interface GitFile {
  /** Texts of the file, the newest first, as commits c0, c1… */
  readonly commits: readonly string[];
}

/** What a workspace holds, and what its git knows. Gives back what was said, written and read. */
function workspaceWith({ files = {}, isActive = true, isTrusted = true, here = '', stopAt = Number.POSITIVE_INFINITY }: { readonly files?: Readonly<Record<string, GitFile>>; readonly isActive?: boolean; readonly isTrusted?: boolean; readonly here?: string; readonly stopAt?: number }): { readonly said: string[]; readonly shown: string[] } {
  const [said, shown, stored] = [[] as string[], [] as string[], new Map<string, Uint8Array>()];
  const token = new vscode.CancellationTokenSource();
  const git = { enabled: true, getAPI: () => ({ getRepository: ({ path }: vscode.Uri) => (files[path] === undefined ? null : {
    log: ({ maxEntries, path: of }: { maxEntries: number; path: string }) => Promise.resolve((files[of]?.commits ?? []).slice(0, maxEntries).map((_, index) => ({ hash: `c${index}`, message: 'A commit' }))),
    show: (id: string, of: string) => {
      shown.push(`${id} ${of}`);
      if (shown.length === stopAt) {
        token.cancel();
      }
      return Promise.resolve(files[of]?.commits[Number(id.slice(1))] ?? '');
    },
  }) }) };
  Object.assign(vscode.extensions, { getExtension: () => ({ isActive, exports: git, activate: () => Promise.resolve(git) }) });
  Object.assign(vscode.workspace, {
    isTrusted,
    asRelativePath: ({ path }: vscode.Uri) => path.slice('/w/'.length),
    findFiles: () => Promise.resolve(Object.keys(files).map(path => vscode.Uri.file(path))),
    fs: {
      createDirectory: () => Promise.resolve(),
      writeFile: ({ path }: vscode.Uri, bytes: Uint8Array) => Promise.resolve(stored.set(path, bytes)),
      readDirectory: ({ path }: vscode.Uri) => Promise.resolve([...stored.keys()].map(one => [one.slice(path.length + 1), 1])),
      readFile: ({ path }: vscode.Uri) => Promise.resolve(stored.get(path) ?? new TextEncoder().encode(here)),
    },
  });
  Object.assign(vscode.window, {
    withProgress: (_: unknown, work: (progress: { report: () => void }, token: vscode.CancellationToken) => Promise<unknown>) => work({ report: () => undefined }, token.token),
    showInformationMessage: (text: string) => Promise.resolve(void said.push(text)),
  });
  return { said, shown };
}

describe('the commit that is kept with a deployment', () => {
  async function kept(change: Partial<Deployment> = {}, linked: readonly vscode.Uri[] = []): Promise<readonly (HistoryEntry['commit'])[]> {
    await keep(STORAGE, deployment({ kind: 'live', version: 8 }, { codeHash: CODE, ...change }), { digest: text => text, isConnected: () => true, linked: () => Promise.resolve(linked) });
    return (await new HistoryFiles(STORAGE).list([TENANT.id])).map(({ commit }) => commit);
  }

  it('is that of a file that belongs to the action, whatever it is called, before one that is named like it', async () => {
    const files = { [FILE.path]: { commits: [`${CODE}\r\n`] }, '/w/one.js': { commits: [CODE] } };
    workspaceWith({ files });
    assert.deepEqual(await kept({}, [FILE]), [{ id: 'c0', path: 'src/other.js' }]);
    workspaceWith({ files });
    assert.deepEqual(await kept(), [{ id: 'c0', path: 'one.js' }]);
  });

  it('is an older one for a roll back alone, within bounds', async () => {
    const older = ['// newer', CODE];
    workspaceWith({ files: { '/w/one.js': { commits: older } } });
    assert.deepEqual(await kept({ rollBackTo: 3 }), [{ id: 'c1', path: 'one.js' }]);
    workspaceWith({ files: { '/w/one.js': { commits: older } } });
    assert.deepEqual(await kept(), [undefined]);
    const { shown } = workspaceWith({ files: { [FILE.path]: { commits: Array<string>(300).fill('// newer') } } });
    assert.deepEqual([await kept({ rollBackTo: 3 }, [FILE]), shown.length], [[undefined], 50]);
  });

  it('is none without git, and the deployment is kept all the same', async () => {
    for (const without of [{ isActive: false }, { isTrusted: false }]) {
      const { shown } = workspaceWith({ files: { [FILE.path]: { commits: [CODE] } }, ...without });
      assert.deepEqual([await kept({}, [FILE]), shown], [[undefined], []]);
    }
  });
});

describe('the search for the live commit', () => {
  it('is refused without a repository, and where the workspace is not trusted', async () => {
    for (const [options, words] of [
      [{}, 'src/other.js is in no git repository that VS Code has opened.'],
      [{ files: { [FILE.path]: { commits: [CODE] } }, isTrusted: false }, 'This workspace is not trusted, so its git repository is not looked at.'],
    ] as const) {
      const { said, shown } = workspaceWith(options);
      assert.deepEqual([await refusal(FILE), await findLive(TENANT, 'a', FILE), said, shown], [words, words, [], []]);
    }
  });

  it('says what was found, and what of the file is newer', async () => {
    const { said } = workspaceWith({ files: { [FILE.path]: { commits: ['// newer', CODE] } } });
    assert.equal(await findLive(TENANT, 'a', FILE), undefined);
    assert.match(said.join('\n'), /^The code of one v8, live in acme-dev, is src\/other\.js of commit c1 \(.*A commit\)\. Newer commits of the file that are not live: 1\.$/u);
  });

  it('says that nothing was found, and where nobody looked', async () => {
    const notFound = async (here: string): Promise<string> => {
      const { said } = workspaceWith({ files: { [FILE.path]: { commits: ['// newer', '// older'] } }, here });
      await findLive(TENANT, 'a', FILE);
      return said.join('\n');
    };
    assert.equal(await notFound('// newer'), 'None of the 2 commits of src/other.js that were looked at holds the code of one v8, live in acme-dev. Other branches were not looked at.');
    assert.match(await notFound(CODE), /\. The file as it is now does: it is not committed\. Other/u);
    assert.match(await notFound("const region = '##REGION##';"), /\. The file holds the mark ##REGION##: files with marks cannot be compared, since the code in the tenant has something else in their place\. Other/u);
  });

  it('ends where a person stops it, and says so', async () => {
    const { said, shown } = workspaceWith({ files: { [FILE.path]: { commits: ['// 1', '// 2', CODE] } }, stopAt: 2 });
    await findLive(TENANT, 'a', FILE);
    assert.deepEqual([said, shown.length], [['None of the 2 commits of src/other.js that were looked at holds the code of one v8, live in acme-dev. Older commits were not looked at. Other branches were not looked at.'], 2]);
  });

  it('finds nothing of an action that was never deployed', async () => {
    workspaceWith({ files: { [FILE.path]: { commits: [CODE] } } });
    assert.equal(await findLive(tenantOf(fakeApi({ getAction: () => Promise.resolve(action('a', { name: 'one' })) })), 'a', FILE), 'one has never been deployed to acme-dev, so nothing of it is live.');
  });
});

describe('the files and actions that the history asks for', () => {
  const folder = (name: string): vscode.WorkspaceFolder => ({ uri: vscode.Uri.file(`/${name}`), name, index: 0 });
  const file = (place: string, name: string): { readonly uri: vscode.Uri; readonly folder: vscode.WorkspaceFolder; readonly name: string } => ({ uri: vscode.Uri.file(`/${place}/${name}.js`), folder: folder(place), name });

  /** As much of the parts as these commands use. */
  function partsWith(loaded: object, all: readonly ReturnType<typeof file>[]): Parts {
    const linked = { all: () => Promise.resolve(all), of: (uri: vscode.Uri) => Promise.resolve(all.find(one => one.uri.path === uri.path)), tenantId: ({ name }: vscode.WorkspaceFolder) => ({ mine: CONNECTED, theirs: 'other.eu.auth0.com' })[name] };
    const state = stateOver({ listActions: () => Promise.resolve({ items: ['one', 'two'].map(name => action(`id-${name}`, { name })), total: 2 }) });
    const log = { info: () => undefined, error: (_: string, error: unknown) => assert.fail(String(error)) };
    return { state, log, local: { get: () => Promise.resolve({ local: { linked } }) }, history: { storage: STORAGE, load: () => Promise.resolve(loaded) } } as unknown as Parts;
  }

  it('are those that belong to the action, but in folders of another tenant', async () => {
    Object.assign(vscode.workspace, { workspaceFolders: [folder('mine')] });
    const asked = await new Promise<KeepOptions>(resolve => {
      const parts = partsWith({ keep: (_: vscode.Uri, __: Deployment, options: KeepOptions) => { resolve(options); return Promise.resolve(); } }, [file('mine', 'one'), file('mine', 'two'), file('theirs', 'one'), file('nobody', 'one')]);
      keepHistory(parts, text => text, new Disposables());
      parts.state.deployments.changed.fire(deployment({ kind: 'live', version: 8 }, { tenant: { ...TENANT, id: CONNECTED } }));
    });
    assert.deepEqual((await asked.linked()).map(({ path }) => path), ['/mine/one.js', '/nobody/one.js']);
  });

  it('are the action that the file belongs to, whatever the file is called', async () => {
    const searched: string[] = [];
    const loaded = { refusal: () => Promise.resolve(undefined), findLive: (tenant: Deployment['tenant'], actionId: string) => Promise.resolve(void searched.push(`${tenant.id} ${actionId}`)) };
    await historyCommands(partsWith(loaded, [{ ...file('mine', 'one'), name: 'two' }]))[commands.findLiveCommit]?.(vscode.Uri.file('/mine/one.js'));
    await historyCommands(partsWith(loaded, []))[commands.findLiveCommit]?.(vscode.Uri.file('/mine/one.js'));
    assert.deepEqual(searched, [`${CONNECTED} id-two`, `${CONNECTED} id-one`]);
  });
});
