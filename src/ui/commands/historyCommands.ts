/** The deployments of this machine, and which commit of a file is live. */
import * as vscode from 'vscode';
import { findCommit, likeness, speaksOf } from '../../actions/commits.ts';
import { entryOf } from '../../actions/history.ts';
import type { HistoryEntry } from '../../actions/history.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import type { Disposables } from '../disposables.ts';
import { UserError } from '../errorWords.ts';
import { commitOfCode, historyOf } from '../git.ts';
import type { FileHistory } from '../git.ts';
import { commands } from '../ids.ts';
import { choose, inform, noTenant, withoutLinks } from '../messages.ts';
import { Dismissed, run } from '../run.ts';
import { short, withoutIcons } from '../texts.ts';
import { draftUri, versionUri } from '../uris.ts';
import { phaseName, seconds } from '../status/statusLook.ts';
import { elapsedWords, whenWords } from '../words.ts';
import type { CommandTable, Parts } from './parts.ts';
import { pickAction, targetNamed } from './targets.ts';
import type { Target } from './targets.ts';

/** Commits of a file that are looked at. */
const MOST_COMMITS = 200;
/** Digits of a commit or a hash that are shown. */
const DIGITS = 10;

/** Keeps each deployment once it has ended, and forgets those of a tenant with it. */
export function keepHistory(parts: Parts, digest: (text: string) => string, disposables: Disposables): void {
  const { state, log } = parts;
  const tried = (work: Promise<void>): void => void work.catch((error: unknown) => log.error('history', error));
  disposables.undo(state.deployments.changed.on(deployment => {
    const entry = entryOf(deployment);
    if (entry !== undefined && state.registry.find(entry.tenantId) !== undefined) {
      tried(keep(parts, entry, digest));
    }
  }));
  disposables.undo(state.registry.changed.on(({ removed }) => (removed === undefined ? undefined : tried(parts.history.forget(removed)))));
}

async function keep({ state, history }: Parts, entry: HistoryEntry, digest: (text: string) => string): Promise<void> {
  await history.write(entry);
  const { codeHash } = entry;
  const commit = codeHash === undefined || entry.outcome !== 'live' ? undefined : await commitOfCode(entry.actionName, plain => digest(plain) === codeHash);
  if (commit !== undefined && state.registry.find(entry.tenantId) !== undefined) {
    await history.write({ ...entry, commit });
  }
}

export function historyCommands(parts: Parts): CommandTable {
  return {
    [commands.showHistory]: () => run(parts.log, 'showHistory', () => showHistory(parts)),
    [commands.findLiveCommit]: (...args) =>
      run(parts.log, 'findLiveCommit', async about => {
        const file = await fileOf(args[0]);
        const history = await historyOf(file);
        if (history === undefined) {
          throw new UserError(vscode.workspace.isTrusted ? vscode.l10n.t('{0} is in no git repository that VS Code has opened.', vscode.workspace.asRelativePath(file)) : vscode.l10n.t('This workspace is not trusted, so its git repository is not looked at.'));
        }
        const target = await actionOf(parts, file);
        about.tenant = target.tenant;
        about.action = target.actionName;
        await findLive(target, file, history);
      }),
  };
}

interface HistoryItem extends vscode.QuickPickItem {
  readonly entry: HistoryEntry;
}

async function showHistory({ state, history }: Parts): Promise<void> {
  const tenants = new Map(state.registry.tenants().map(tenant => [tenant.id, tenant]));
  const entries = await history.list([...tenants.keys()]);
  const items = entries.flatMap(entry => {
    const tenant = tenants.get(entry.tenantId);
    return tenant === undefined ? [] : [itemOf(entry, tenant)];
  });
  if (items.length === 0) {
    void inform(noTenant, vscode.l10n.t('Nothing was deployed from this machine to a tenant that is connected.'));
    return;
  }
  const chosen = (await choose(noTenant, items, vscode.l10n.t('Choose a deployment to open what it deployed'), { title: vscode.l10n.t('Deployments of this machine') }))?.entry;
  if (chosen !== undefined) {
    const { tenantId, actionId, actionName, version } = chosen;
    await vscode.window.showTextDocument(version === undefined ? draftUri(tenantId, actionId, actionName) : versionUri(tenantId, actionId, version, actionName));
  }
}

function itemOf(entry: HistoryEntry, tenant: TenantRef): HistoryItem {
  const icon = { live: 'check', failed: 'error', stopped: 'debug-stop', unconfirmed: 'question' }[entry.outcome];
  return {
    label: `$(${icon}) ${vscode.l10n.t('{0}: {1}', withoutIcons(entry.actionName), entryWords(entry))}`,
    description: `${withoutIcons(tenant.name)} · ${whenWords(new Date(entry.startedAt).toISOString(), Date.now())}`,
    detail: [
      ...(entry.replaced === undefined ? [] : [vscode.l10n.t('before: v{0}', entry.replaced)]),
      entry.phases.map(time => `${phaseName(time.phase)} ${seconds(Math.max(0, (time.endedAt ?? time.startedAt) - time.startedAt))} s`).join(', '),
      ...(entry.hash === undefined ? [] : [vscode.l10n.t('content {0}', entry.hash.slice(0, DIGITS))]),
      ...(entry.commit === undefined ? [] : [vscode.l10n.t('commit {0} of {1}', entry.commit.id.slice(0, DIGITS), withoutIcons(entry.commit.path))]),
    ].filter(text => text !== '').join(' · '),
    entry,
  };
}

function entryWords({ outcome, version, rollBackTo, endedAt, startedAt }: HistoryEntry): string {
  switch (outcome) {
    case 'live': return rollBackTo === undefined ? vscode.l10n.t('v{0} live', version ?? 0) : vscode.l10n.t('v{0} live, rolled back to v{1}', version ?? 0, rollBackTo);
    case 'failed': return version === undefined ? vscode.l10n.t('failed after {0}', elapsedWords(endedAt - startedAt)) : vscode.l10n.t('v{0} failed', version);
    case 'stopped': return vscode.l10n.t('stopped watching');
    case 'unconfirmed': return vscode.l10n.t('not confirmed');
  }
}

/** The file that is given, open, or picked. */
async function fileOf(given: unknown): Promise<vscode.Uri> {
  const open = given instanceof vscode.Uri ? given : vscode.window.activeTextEditor?.document.uri;
  const [file] = open?.scheme === 'file' ? [open] : ((await vscode.window.showOpenDialog({ title: vscode.l10n.t('Find the live commit of which file?'), filters: { JavaScript: ['js', 'cjs', 'mjs', 'ts'] } })) ?? []);
  if (file === undefined) {
    throw new Dismissed();
  }
  return file;
}

/** The only action that is named like the file, or one that a person picks. */
async function actionOf({ state }: Parts, file: vscode.Uri): Promise<Target> {
  const lists = await Promise.all(state.registry.tenants().map(async tenant => (await state.catalog(tenant.id).loadAll()).items.filter(action => speaksOf(file.path, action.name)).map(action => ({ tenant: tenant.id, action: action.id }))));
  const [only, second] = lists.flat();
  return only !== undefined && second === undefined ? targetNamed(state, only) : pickAction(state, vscode.l10n.t('Which action does {0} hold?', vscode.workspace.asRelativePath(file)));
}

/** Searches the file's commits, with progress, and says what was found and what was not looked at. */
async function findLive({ tenant, actionId }: Target, file: vscode.Uri, history: FileHistory): Promise<void> {
  const path = short(vscode.workspace.asRelativePath(file));
  const action = await (await tenant.api()).getAction(actionId);
  const live = action.deployedVersion;
  const name = short(action.name);
  if (live === undefined) {
    throw new UserError(vscode.l10n.t('{0} has never been deployed to {1}, so nothing of it is live.', name, tenant.name));
  }
  const title = withoutLinks(vscode.l10n.t('Looking in {0} for v{1} of {2} in {3}', path, live.number, name, tenant.name));
  const { found, commits, stopped } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    const log = await history.log(MOST_COMMITS);
    const result = await findCommit(live.code, log, commit => {
      progress.report({ increment: 100 / log.length, message: commit.id.slice(0, DIGITS) });
      return history.show(commit.id);
    }, stop.signal);
    return { found: result, commits: log, stopped: stop.signal.aborted };
  });
  if (found.commit !== undefined) {
    const { id, message, when } = found.commit;
    const copy = vscode.l10n.t('Copy Commit ID');
    const sentences = [
      vscode.l10n.t('The code of {0} v{1}, live in {2}, is {3} of commit {4} ({5}, {6}).', name, live.number, tenant.name, path, id.slice(0, DIGITS), whenWords(when?.toISOString(), Date.now()), short(message.split('\n')[0] ?? '')),
      ...(found.likeness === 'lineEndings' ? [vscode.l10n.t('It is the same but for line endings.')] : []),
      ...(found.looked > 1 ? [vscode.l10n.t('Newer commits of the file that are not live: {0}.', found.looked - 1)] : []),
    ];
    if ((await inform(tenant, sentences.join(' '), copy)) === copy) {
      await vscode.env.clipboard.writeText(id);
    }
    return;
  }
  const here = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  const sentences = [
    vscode.l10n.t('None of the {0} commits of {1} that were looked at holds the code of {2} v{3}, live in {4}.', found.looked, path, name, live.number, tenant.name),
    ...(likeness(here, live.code) === 'different' ? [] : [vscode.l10n.t('The file as it is now does: it is not committed.')]),
    ...(stopped || commits.length >= MOST_COMMITS ? [vscode.l10n.t('Older commits were not looked at.')] : []),
    ...(found.unread > 0 ? [vscode.l10n.t('In {0} of them the file could not be read, as where it had another name.', found.unread)] : []),
    vscode.l10n.t('Other branches were not looked at.'),
  ];
  await inform(tenant, sentences.join(' '));
}
