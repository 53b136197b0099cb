/** The packages that an action requires, for a run on this machine: the project's own, or installed beside it after a question. */
import * as vscode from 'vscode';
import type { RunnerOrder } from '../../actions/runs/localReport.ts';
import type { Parts } from '../commands/parts.ts';
import { UserError } from '../errorWords.ts';
import { ask as question } from '../messages.ts';
import { Dismissed } from '../run.ts';
import { short } from '../texts.ts';
import type { LocalRunner } from './access.ts';
import { localFolders } from './subject.ts';
import type { Subject } from './subject.ts';

export interface ChosenPackages {
  readonly packages?: NonNullable<RunnerOrder['packages']>;
  /** What a person should know of them, in words. */
  readonly notes: readonly string[];
}

/** Runs that a person wants with what is there, although it is not what the action has. */
const contentWith = new Set<string>();

/** @throws Dismissed, and UserError where npm fails. */
export async function packagesFor(parts: Parts, runner: LocalRunner, subject: Subject, ask: boolean): Promise<ChosenPackages> {
  const { dependencies } = subject;
  const found = await runner.findPackages(dependencies.map(({ name }) => name), [subject.path, ...subject.roots]);
  const differing = dependencies.filter(({ name, version }) => {
    const there = found.get(name);
    return there === undefined || (version !== undefined && version !== 'latest' && version !== there);
  });
  if (differing.length === 0) {
    return { notes: [] };
  }
  const words = differing.map(({ name, version, registryUrl }) => {
    const there = found.get(name);
    const wanted = `${short(name)} ${short(version ?? 'latest')}`;
    if (there === undefined && registryUrl !== undefined) {
      return vscode.l10n.t('{0} is not installed. It comes from a registry of its own ({1}), so it is not looked for in yours: install it into node_modules of the workspace', wanted, short(registryUrl));
    }
    return there === undefined ? vscode.l10n.t('{0} is not installed', wanted) : vscode.l10n.t('{0} is installed as {1}', wanted, short(there));
  });
  // Anybody may have taken the name of a private package in another registry.
  const isInstallable = (one: Subject['dependencies'][number]): boolean => one.registryUrl === undefined && runner.isInstallable(one);
  const wanted = dependencies.filter(isInstallable);
  const list = wanted.map(({ name, version = 'latest' }) => `${name}@${version}`).join(', ');
  const storage = vscode.Uri.joinPath(parts.localRuns.storage, 'packages').fsPath;
  const others = words.filter((_, index) => differing[index]?.registryUrl !== undefined);
  const installed = (root: string): ChosenPackages => ({ packages: { root, names: wanted.map(({ name }) => name) }, notes: [...others, vscode.l10n.t('Installed for runs on this machine: {0}', short(list, 300))] });
  const before = await runner.installedPackages(storage, wanted);
  if (before !== undefined) {
    return installed(before);
  }
  const key = `${subject.uri.toString()} ${list}`;
  if (!ask || contentWith.has(key) || !differing.some(isInstallable)) {
    return { notes: words };
  }
  const install = vscode.l10n.t('Install');
  const run = vscode.l10n.t('Run with What Is There');
  const detail = [...words, vscode.l10n.t('Installing takes the versions of the action from your npm registry, runs no script of theirs, and leaves the project as it is.')].join('\n');
  const choice = await question(subject.about, vscode.l10n.t('Packages of {0} are not here as the action has them', short(subject.name)), detail, install, run);
  if (choice === run) {
    contentWith.add(key);
    return { notes: words };
  }
  if (choice !== install) {
    throw new Dismissed();
  }
  return installed(await installWith(parts, runner, subject, storage, wanted));
}

async function installWith(parts: Parts, runner: LocalRunner, subject: Subject, storage: string, packages: Subject['dependencies']): Promise<string> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, cancellable: true, title: vscode.l10n.t('Installing packages of {0} for runs on this machine', short(subject.name)) }, async (_progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    try {
      return await runner.installPackages(storage, packages, { path: parts.localRuns.searchPath(), forbidden: localFolders().map(uri => uri.fsPath) }, stop.signal);
    } catch (error) {
      if (token.isCancellationRequested) {
        throw new Dismissed();
      }
      throw new UserError(vscode.l10n.t('npm could not install the packages of {0}, so nothing was run: {1}', short(subject.name), short(error instanceof Error ? error.message : String(error), 300)));
    }
  });
}
