/** Which package, and which of its versions: from the person's npm registry, or typed by hand where it cannot or must not be asked. */
import * as vscode from 'vscode';
import type { PackageFacts, PackageHit } from '../../actions/packages.ts';
import { newestFirst } from '../../actions/versionOrder.ts';
import { choose, enter } from '../messages.ts';
import { RegistryOff } from '../packageRegistry.ts';
import { Dismissed } from '../run.ts';
import { short, withoutIcons } from '../texts.ts';
import { replaceItems } from './pick.ts';
import type { Parts } from './parts.ts';
import type { ReadTarget } from './changeAction.ts';

/** Somebody who types does not ask for each letter. */
const TYPING_MS = 300;
const LONGEST_NAME = 214;
const LONGEST_VERSION = 100;

export interface ChosenPackage {
  readonly name: string;
  /** Where it was typed with one, as `lodash@4.17.21`. */
  readonly version?: string;
}

interface PackageItem extends vscode.QuickPickItem {
  readonly chosen?: ChosenPackage;
}

/** What was typed as a package, with its version where there is one; `undefined` for what cannot be one. */
export function typedPackage(text: string): ChosenPackage | undefined {
  const [, name, version] = /^((?:@[^\s/@]+\/)?[^\s/@]+)(?:@([^\s@]+))?$/u.exec(text.trim()) ?? [];
  return name === undefined || name.length > LONGEST_NAME ? undefined : { name, ...(version === undefined ? {} : { version }) };
}

/** Searches while the person types. @throws Dismissed. */
export async function pickPackage(parts: Parts, target: ReadTarget): Promise<ChosenPackage> {
  const pick = vscode.window.createQuickPick<PackageItem>();
  pick.title = vscode.l10n.t('Add a dependency to {0} in {1}', short(target.actionName), target.tenant.name);
  pick.placeholder = vscode.l10n.t('Search for a package, or type its name');
  pick.ignoreFocusOut = true;
  let stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const show = (text: string, hits: readonly PackageHit[], note?: string): void => replaceItems(pick, itemsFor(text, hits, note), one => one.chosen?.name);
  const search = async (text: string, signal: AbortSignal): Promise<void> => {
    try {
      const hits = await parts.platform.packages().search(typedPackage(text)?.name ?? text.trim(), signal);
      if (!signal.aborted) {
        show(text, hits);
      }
    } catch (error) {
      if (!signal.aborted) {
        if (!(error instanceof RegistryOff)) {
          parts.log.error('search for packages', error);
        }
        show(text, [], registryNote(error));
      }
    } finally {
      if (!signal.aborted) {
        pick.busy = false;
      }
    }
  };
  pick.onDidChangeValue(text => {
    stop.abort();
    clearTimeout(timer);
    stop = new AbortController();
    const { signal } = stop;
    pick.busy = text.trim() !== '';
    show(text, []);
    if (text.trim() !== '') {
      timer = setTimeout(() => void search(text, signal), TYPING_MS);
    }
  });
  pick.show();
  try {
    return await new Promise<ChosenPackage>((resolve, reject) => {
      pick.onDidAccept(() => {
        const chosen = pick.selectedItems[0]?.chosen;
        if (chosen !== undefined) {
          resolve(chosen);
        }
      });
      pick.onDidHide(() => reject(new Dismissed()));
    });
  } finally {
    stop.abort();
    clearTimeout(timer);
    pick.dispose();
  }
}

function itemsFor(text: string, hits: readonly PackageHit[], note?: string): readonly PackageItem[] {
  const typed = typedPackage(text);
  const exact = typed !== undefined && typed.version === undefined && hits.some(hit => hit.name === typed.name);
  const found = hits.map((hit): PackageItem => ({ label: withoutIcons(hit.name), description: withoutIcons(hit.version), ...(hit.description === undefined ? {} : { detail: withoutIcons(hit.description) }), alwaysShow: true, chosen: { name: hit.name } }));
  const byHand: PackageItem[] = typed === undefined || exact ? [] : [{ label: `$(arrow-right) ${withoutIcons(text.trim())}`, description: vscode.l10n.t('as typed'), ...(note === undefined ? {} : { detail: note }), alwaysShow: true, chosen: typed }];
  // The exact name first, whatever the registry thinks is best.
  return [...byHand, ...found.filter(one => one.chosen?.name === typed?.name), ...found.filter(one => one.chosen?.name !== typed?.name)];
}

function registryNote(error: unknown): string {
  return error instanceof RegistryOff ? vscode.l10n.t('No registry is asked: the setting auth0Actions.checks.registry is off.') : vscode.l10n.t('The npm registry cannot be asked now.');
}

interface VersionItem extends vscode.QuickPickItem {
  /** Absent where it is to be typed. */
  readonly version?: string;
}

/** A version of a package, the newest first, or typed. @throws Dismissed. */
export async function pickPackageVersion(parts: Parts, target: ReadTarget, name: string): Promise<string> {
  const question = vscode.l10n.t('Which version of {0} for {1} in {2}?', short(name), short(target.actionName), target.tenant.name);
  const current = target.action.dependencies.find(one => one.name === name)?.version;
  let facts: PackageFacts | undefined;
  const items = parts.platform.packages().facts(name).then(
    found => {
      facts = found;
      return versionItems(found, current, found === undefined ? vscode.l10n.t('The npm registry has no package of this name.') : undefined);
    },
    (error: unknown) => versionItems(undefined, current, registryNote(error)),
  );
  const choice = await choose(target.tenant, items, question, { ignoreFocusOut: true });
  if (choice === undefined) {
    throw new Dismissed();
  }
  return choice.version ?? (await typeVersion(target, question, current, facts));
}

/** The versions as items; exported for tests. */
export function versionItems(facts: PackageFacts | undefined, current: string | undefined, note: string | undefined): readonly VersionItem[] {
  const known = newestFirst(facts?.versions ?? []).map((version): VersionItem => {
    const advice = facts?.deprecated.get(version);
    const marks = [
      ...(version === facts?.latest ? [vscode.l10n.t('latest')] : []),
      ...(version === current ? [vscode.l10n.t('used now')] : []),
      ...(advice === undefined ? [] : [vscode.l10n.t('deprecated')]),
      ...(facts?.withInstallScript.has(version) === true ? [vscode.l10n.t('runs a script when it is installed')] : []),
    ];
    return { label: `${advice === undefined ? '' : '$(warning) '}${withoutIcons(version)}`, description: marks.join(' · '), ...(advice === undefined ? {} : { detail: withoutIcons(advice) }), version };
  });
  return [...known, { label: `$(edit) ${vscode.l10n.t('Type a Version…')}`, ...(note === undefined ? {} : { detail: note }), alwaysShow: true }];
}

async function typeVersion({ tenant }: ReadTarget, question: string, current: string | undefined, facts: PackageFacts | undefined): Promise<string> {
  const version = await enter(tenant, question, {
    ...(current === undefined ? {} : { value: current }),
    placeHolder: '1.2.3',
    prompt: vscode.l10n.t('An exact version, so that each build installs the same.'),
    validateInput: text => {
      if (!isVersion(text.trim())) {
        return vscode.l10n.t('Type a version: one word such as 1.2.3, without spaces.');
      }
      // Only a hint: the service has the last word.
      return facts === undefined || facts.versions.includes(text.trim()) ? undefined : { message: vscode.l10n.t('The npm registry does not have this version.'), severity: vscode.InputBoxValidationSeverity.Warning };
    },
  });
  if (version === undefined) {
    throw new Dismissed();
  }
  return version.trim();
}

/** One word: what npm makes of it is npm's to say. */
export function isVersion(text: string): boolean {
  return /^[\x21-\x7e]+$/u.test(text) && text.length <= LONGEST_VERSION;
}
