/**
 * The person's npm registry behind its setting. Neither the registry's address nor the setting can come from a workspace,
 * and what is asked for are names out of a tenant's actions, or out of files of a workspace that is trusted.
 */
import * as vscode from 'vscode';
import type { PackageRegistry } from '../actions/packages.ts';
import { settings, settingsSection } from './ids.ts';

/** Nothing is asked of any registry, because the person has turned that off. */
export class RegistryOff extends Error {
  override readonly name = 'RegistryOff';
}

/** A registry that is loaded at its first use, and whose calls reject with {@link RegistryOff} while the setting is off. */
export function optionalRegistry(load: () => Promise<PackageRegistry>): PackageRegistry {
  let loaded: Promise<PackageRegistry> | undefined;
  const registry = (): Promise<PackageRegistry> => {
    if (vscode.workspace.getConfiguration(settingsSection).get<boolean>(settings.checksRegistry) !== true) {
      return Promise.reject(new RegistryOff());
    }
    loaded ??= load().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
  return {
    facts: async (name, signal) => (await registry()).facts(name, signal),
    search: async (text, signal) => (await registry()).search(text, signal),
  };
}
