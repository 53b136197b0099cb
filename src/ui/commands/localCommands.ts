/** The commands on files of the workspace. What they do is in a bundle of its own, loaded at the first of them. */
import { isObject } from '../../auth0/json.ts';
import { commands } from '../ids.ts';
import { isLocal } from '../localFiles.ts';
import type { FileCommand } from '../local/fileCommands.ts';
import { run } from '../run.ts';
import { isRow } from '../tree/rows.ts';
import type { About } from '../run.ts';
import type { CommandTable, Parts } from './parts.ts';

export function localCommands(parts: Parts): CommandTable {
  /** Calls from code (`{ file }`, `{ tenant }`) reject; a person gets a notification. */
  const command = (name: FileCommand) => (...args: unknown[]): Promise<unknown> => {
    const work = async (about: About): Promise<void> => {
      const { bundle, local } = await parts.local.get();
      await bundle.fileCommand(parts, local, about, name, args);
    };
    return isObject(args[0]) && !isLocal(args[0]) && !isRow(args[0]) ? work({}) : run(parts.log, `file: ${name}`, work);
  };
  return {
    [commands.pushFile]: command('push'),
    [commands.pullFile]: command('pull'),
    [commands.compareFileWithDraft]: command('compareWithDraft'),
    [commands.compareFileWithLive]: command('compareWithLive'),
    [commands.revealInTree]: command('reveal'),
    [commands.linkFile]: command('link'),
    [commands.unlinkFile]: command('unlink'),
    [commands.setFolderTenant]: command('setTenant'),
    [commands.openLocalFile]: command('open'),
    [commands.fileMenu]: command('menu'),
    [commands.refreshFiles]: command('refresh'),
  };
}
