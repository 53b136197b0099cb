/** Pull All and Push All. What they do is in a bundle of its own, loaded at the first of them. */
import type * as wholeTenant from '../local/wholeTenant.ts';
import { commands } from '../ids.ts';
import { run } from '../run.ts';
import type { CommandTable, Parts } from './parts.ts';

/** `load` gives the bundle. */
export function wholeTenantCommands(parts: Parts, load: () => Promise<typeof wholeTenant>): CommandTable {
  return {
    [commands.pullTenant]: (...args) => run(parts.log, 'pullTenant', async about => (await load()).pullTenant(parts, about, args)),
    [commands.pushFiles]: (...args) => run(parts.log, 'pushFiles', async about => (await load()).pushFiles(parts, about, args)),
  };
}
