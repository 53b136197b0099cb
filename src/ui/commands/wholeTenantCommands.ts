/** Pull All and Push All. What they do is in a bundle of its own, loaded at the first of them. */
import * as vscode from 'vscode';
import { isObject } from '../../auth0/json.ts';
import type * as wholeTenant from '../local/wholeTenant.ts';
import { commands } from '../ids.ts';
import { run } from '../run.ts';
import type { About } from '../run.ts';
import { isRow } from '../tree/rows.ts';
import type { CommandTable, Parts } from './parts.ts';

/** `load` gives the bundle. */
export function wholeTenantCommands(parts: Parts, load: () => Promise<typeof wholeTenant>): CommandTable {
  /** Calls from code (`{ tenant, folder }`) reject; a person, in the Explorer too, gets a notification. */
  const command = (name: keyof typeof wholeTenant) => (...args: unknown[]): Promise<unknown> => {
    const work = async (about: About): Promise<unknown> => (await load())[name](parts, about, args);
    return isObject(args[0]) && !(args[0] instanceof vscode.Uri) && !isRow(args[0]) ? work({}) : run(parts.log, name, work);
  };
  return {
    [commands.pullTenant]: command('pullTenant'),
    [commands.pushFiles]: command('pushFiles'),
  };
}
