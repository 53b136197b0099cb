/** Dependencies, pinned modules and the runtime of an action. */
import * as vscode from 'vscode';
import { runtimesOf } from '../../actions/lifecycle.ts';
import { UserError } from '../errorWords.ts';
import { commands } from '../ids.ts';
import { choose } from '../messages.ts';
import { Dismissed } from '../run.ts';
import { short, withoutIcons } from '../texts.ts';
import { triggerWords, whenWords } from '../words.ts';
import { argument, changeAction, onAction, partNamed } from './changeAction.ts';
import type { ReadTarget } from './changeAction.ts';
import { isVersion, pickPackage, pickPackageVersion, typedPackage } from './packagePick.ts';
import type { CommandTable, Parts } from './parts.ts';

export function dependencyCommands(parts: Parts): CommandTable {
  return {
    [commands.addDependency]: onAction(parts, 'addDependency', () => vscode.l10n.t('Add a dependency to which action?'), async (target, args) => {
      const named = argument(args, 'name');
      const chosen = named === undefined ? await pickPackage(parts, target) : typedPackage(named);
      if (chosen === undefined) {
        throw new UserError(vscode.l10n.t('{0} is not the name of a package.', short(named ?? '')));
      }
      const version = argument(args, 'version') ?? chosen.version ?? (await pickPackageVersion(parts, target, chosen.name));
      await changeAction(parts, target, { kind: 'addDependency', name: chosen.name, version: good(version) });
    }),
    [commands.setDependencyVersion]: onAction(parts, 'setDependencyVersion', () => vscode.l10n.t('Change a dependency of which action?'), async (target, args) => {
      const name = partNamed(args, 'dependencies') ?? (await pickDependency(target, vscode.l10n.t('Change which dependency of {0} in {1}?', short(target.actionName), target.tenant.name)));
      const version = argument(args, 'version') ?? (await pickPackageVersion(parts, target, name));
      await changeAction(parts, target, { kind: 'setDependencyVersion', name, version: good(version) });
    }),
    [commands.removeDependency]: onAction(parts, 'removeDependency', () => vscode.l10n.t('Remove a dependency from which action?'), async (target, args) => {
      const name = partNamed(args, 'dependencies') ?? (await pickDependency(target, vscode.l10n.t('Remove which dependency of {0} in {1}?', short(target.actionName), target.tenant.name)));
      await changeAction(parts, target, { kind: 'removeDependency', name }, true);
    }),
    [commands.pinModule]: onAction(parts, 'pinModule', () => vscode.l10n.t('Pin a module of which action?'), (target, args) => pinModule(parts, target, partNamed(args, 'modules'))),
    [commands.setRuntime]: onAction(parts, 'setRuntime', () => vscode.l10n.t('Change the runtime of which action?'), (target, args) => setRuntime(parts, target, argument(args, 'runtime'))),
  };
}

function good(version: string): string {
  if (!isVersion(version)) {
    throw new UserError(vscode.l10n.t('{0} is not a version.', short(version)));
  }
  return version;
}

async function pickDependency({ action, actionName, tenant }: ReadTarget, question: string): Promise<string> {
  if (action.dependencies.length === 0) {
    throw new UserError(vscode.l10n.t('{0} in {1} has no dependencies.', short(actionName), tenant.name));
  }
  const choice = await choose(tenant, action.dependencies.map(({ name, version }) => ({ label: withoutIcons(name), description: withoutIcons(version), name })), question);
  if (choice === undefined) {
    throw new Dismissed();
  }
  return choice.name;
}

async function pinModule(parts: Parts, target: ReadTarget, named: string | undefined): Promise<void> {
  const { action, tenant } = target;
  const name = short(target.actionName);
  const api = await tenant.api();
  const published = (await api.listModules()).filter(module => module.latestNumber !== undefined);
  const pinned = new Map(action.modules.map(one => [one.id, one]));
  const items = published.map(module => {
    const pin = pinned.get(module.id)?.versionNumber;
    return { label: withoutIcons(module.name), description: pin === undefined ? vscode.l10n.t('not used yet') : vscode.l10n.t('v{0} pinned, v{1} is the newest', pin, module.latestNumber ?? 0), module };
  });
  if (items.length === 0) {
    throw new UserError(vscode.l10n.t('{0} has no published modules.', tenant.name));
  }
  const module = named === undefined
    ? (await choose(tenant, [...items.filter(one => pinned.has(one.module.id)), ...items.filter(one => !pinned.has(one.module.id))], vscode.l10n.t('Pin which module of {0} in {1}?', name, tenant.name)))?.module
    : published.find(one => one.name === named);
  if (module === undefined) {
    throw named === undefined ? new Dismissed() : new UserError(vscode.l10n.t('{0} has no published module {1}.', tenant.name, short(named)));
  }
  const versions = await api.listModuleVersions(module.id);
  const choice = await choose(
    tenant,
    versions.map(version => ({
      label: `v${version.number}`,
      description: [withoutIcons(whenWords(version.createdAt, Date.now())), ...(pinned.get(module.id)?.versionId === version.id ? [vscode.l10n.t('used now')] : [])].filter(text => text !== '').join(' · '),
      version,
    })),
    vscode.l10n.t('Which version of {0} for {1} in {2}?', short(module.name), name, tenant.name),
  );
  if (choice === undefined) {
    throw new Dismissed();
  }
  await changeAction(parts, target, { kind: 'pinModule', moduleId: module.id, versionId: choice.version.id, name: module.name, number: choice.version.number });
}

async function setRuntime(parts: Parts, target: ReadTarget, wanted: string | undefined): Promise<void> {
  const { action, tenant } = target;
  const own = action.triggers[0];
  const trigger = (await parts.state.catalog(tenant.id).triggers()).find(one => one.id === own?.id && (own.version === undefined || one.version === own.version));
  const words = `${triggerWords(own?.id)} ${short(own?.version ?? '')}`.trim();
  const runtimes = trigger === undefined ? [] : runtimesOf(trigger);
  if (runtimes.length === 0) {
    throw new UserError(vscode.l10n.t('{0} does not say which runtimes the trigger {1} has.', tenant.name, words));
  }
  if (wanted !== undefined && !runtimes.includes(wanted)) {
    throw new UserError(vscode.l10n.t('The trigger {0} of {1} does not offer the runtime {2}. It offers: {3}.', words, tenant.name, short(wanted), runtimes.map(one => short(one)).join(', ')));
  }
  const items = runtimes.map(runtime => ({
    label: withoutIcons(runtime),
    description: [...(runtime === trigger?.defaultRuntime ? [vscode.l10n.t('the trigger\'s default')] : []), ...(runtime === action.runtime ? [vscode.l10n.t('used now')] : [])].join(' · '),
    runtime,
  }));
  const runtime = wanted ?? (await choose(tenant, items, vscode.l10n.t('Which runtime for {0} in {1}? The trigger {2} offers these.', short(target.actionName), tenant.name, words)))?.runtime;
  if (runtime === undefined) {
    throw new Dismissed();
  }
  await changeAction(parts, target, { kind: 'setRuntime', runtime });
}
