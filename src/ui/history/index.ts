/** What a person finds of deployments that have ended: kept, listed, and compared with git. A bundle of its own, loaded when there is something to keep or to show. */
import * as vscode from 'vscode';
import { findCommit, likeness } from '../../actions/commits.ts';
import { entryOf, outcomeOf } from '../../actions/history.ts';
import type { HistoryEntry } from '../../actions/history.ts';
import type { Deployment } from '../../actions/deployment.ts';
import { openMarks } from '../../actions/local/marks.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { choose, inform, noTenant, withoutLinks } from '../messages.ts';
import { phaseName, seconds } from '../status/statusLook.ts';
import { short, withoutIcons } from '../texts.ts';
import { draftUri, versionUri } from '../uris.ts';
import { elapsedWords, outcomeWords, whenWords } from '../words.ts';
import { commitOfCode, historyOf } from './git.ts';
import { HistoryFiles } from './historyFiles.ts';

/** Commits of a file that are looked at. */
const MOST_COMMITS = 200;
/** Digits of a commit or a hash that are shown. */
const DIGITS = 10;

/** What is asked about a deployment that is kept. */
export interface KeepOptions {
  readonly digest: (text: string) => string;
  /** Whether its tenant is still connected. */
  readonly isConnected: () => boolean;
  /** Files of the workspace that belong to its action. */
  readonly linked: () => Promise<readonly vscode.Uri[]>;
}

/** Keeps a deployment that has ended, and adds the commit where git knows one, unless its tenant is gone by then. */
export async function keep(storage: vscode.Uri, deployment: Deployment, { digest, isConnected, linked }: KeepOptions): Promise<void> {
  const entry = entryOf(deployment);
  if (entry === undefined || !isConnected()) {
    return;
  }
  const files = new HistoryFiles(storage);
  await files.write(entry);
  const { actionName, rollBackTo, codeHash } = entry;
  const commit = codeHash === undefined || entry.outcome !== 'live' ? undefined : await commitOfCode({ actionName, isRollBack: rollBackTo !== undefined, isCode: plain => digest(plain) === codeHash, linked });
  if (commit !== undefined && isConnected()) {
    await files.write({ ...entry, commit });
  }
}

/** Forgets a tenant's deployments. */
export async function forget(storage: vscode.Uri, tenantId: string): Promise<void> {
  await new HistoryFiles(storage).forget(tenantId);
}

/** The last deployment of an action from this machine that went live. */
export async function lastLive(storage: vscode.Uri, tenantId: string, actionId: string): Promise<HistoryEntry | undefined> {
  return (await new HistoryFiles(storage).list([tenantId])).find(entry => entry.actionId === actionId && entry.outcome === 'live' && entry.hash !== undefined);
}

/** Why the commits of a file cannot be looked at; `undefined` where they can. */
export async function refusal(file: vscode.Uri): Promise<string | undefined> {
  return (await historyOf(file)) === undefined ? noHistory(file) : undefined;
}

function noHistory(file: vscode.Uri): string {
  return vscode.workspace.isTrusted ? vscode.l10n.t('{0} is in no git repository that VS Code has opened.', short(vscode.workspace.asRelativePath(file))) : vscode.l10n.t('This workspace is not trusted, so its git repository is not looked at.');
}

interface HistoryItem extends vscode.QuickPickItem {
  readonly entry: HistoryEntry;
}

/** Lists the deployments to these tenants, and opens what the chosen one deployed. */
export async function showHistory(storage: vscode.Uri, connected: readonly TenantRef[]): Promise<void> {
  const tenants = new Map(connected.map(tenant => [tenant.id, tenant]));
  const entries = await new HistoryFiles(storage).list([...tenants.keys()]);
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

/** An entry as the list shows it. */
export function itemOf(entry: HistoryEntry, tenant: TenantRef): HistoryItem {
  const icon = { live: 'check', failed: 'error', stopped: 'debug-stop', unconfirmed: 'question' }[entry.outcome];
  return {
    label: `$(${icon}) ${vscode.l10n.t('{0}: {1}', withoutIcons(entry.actionName), entryWords(entry))}`,
    description: `${withoutIcons(tenant.name)} · ${whenWords(new Date(entry.startedAt).toISOString(), Date.now())}`,
    detail: [
      ...(entry.version === undefined || entry.outcome === 'live' ? [] : [`v${entry.version}`]),
      ...(entry.replaced === undefined ? [] : [vscode.l10n.t('before: v{0}', entry.replaced)]),
      entry.phases.map(time => `${phaseName(time.phase)} ${seconds(Math.max(0, (time.endedAt ?? time.startedAt) - time.startedAt))} s`).join(', '),
      ...(entry.hash === undefined ? [] : [vscode.l10n.t('content {0}', entry.hash.slice(0, DIGITS))]),
      ...(entry.commit === undefined ? [] : [vscode.l10n.t('commit {0} of {1}', entry.commit.id.slice(0, DIGITS), withoutIcons(entry.commit.path))]),
    ].filter(text => text !== '').join(' · '),
    entry,
  };
}

/** The words of the list of this window, which knows more of each; a failure with the time it took, where that is known. */
function entryWords(entry: HistoryEntry): string {
  const { version, rollBackTo, endedAt, startedAt, lookedUp } = entry;
  const outcome = outcomeOf(entry);
  if (outcome?.kind === 'live' && rollBackTo !== undefined) {
    return vscode.l10n.t('v{0} live, rolled back to v{1}', version ?? 0, rollBackTo);
  }
  const words = outcome === undefined ? vscode.l10n.t('failed') : outcomeWords(entry, outcome);
  return entry.outcome === 'failed' && lookedUp !== true ? vscode.l10n.t('{0}, after {1}', words, elapsedWords(endedAt - startedAt)) : words;
}

/** Searches the file's commits, with progress, and says what was found and what was not looked at. Resolves to why not, where it cannot. */
export async function findLive(tenant: TenantRef, actionId: string, file: vscode.Uri): Promise<string | undefined> {
  const history = await historyOf(file);
  if (history === undefined) {
    return noHistory(file);
  }
  const path = short(vscode.workspace.asRelativePath(file));
  const action = await (await tenant.api()).getAction(actionId);
  const live = action.deployedVersion;
  const name = short(action.name);
  if (live === undefined) {
    return vscode.l10n.t('{0} has never been deployed to {1}, so nothing of it is live.', name, tenant.name);
  }
  const title = withoutLinks(vscode.l10n.t('Looking in {0} for v{1} of {2} in {3}', path, live.number, name, tenant.name));
  const { found, commits, stopped } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    const log = await history.log(MOST_COMMITS);
    const result = await findCommit(text => likeness(text, live.code), log, commit => {
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
    return undefined;
  }
  const here = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  // One that the tenant has as it is written stands for nothing.
  const mark = openMarks(here, new Map()).find(({ text }) => !live.code.includes(text));
  const sentences = [
    vscode.l10n.t('None of the {0} commits of {1} that were looked at holds the code of {2} v{3}, live in {4}.', found.looked, path, name, live.number, tenant.name),
    ...(likeness(here, live.code) === 'different' ? [] : [vscode.l10n.t('The file as it is now does: it is not committed.')]),
    ...(stopped || commits.length >= MOST_COMMITS ? [vscode.l10n.t('Older commits were not looked at.')] : []),
    ...(found.unread > 0 ? [vscode.l10n.t('In {0} of them the file could not be read, as where it had another name.', found.unread)] : []),
    ...(mark === undefined ? [] : [vscode.l10n.t('The file holds the mark {0}: files with marks cannot be compared, since the code in the tenant has something else in their place.', short(mark.text))]),
    vscode.l10n.t('Other branches were not looked at.'),
  ];
  await inform(tenant, sentences.join(' '));
  return undefined;
}
