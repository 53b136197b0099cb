/** Test Action, events, comparisons of runs, and Show Recent Errors. What they do is in a bundle of its own, loaded at the first of them. */
import type * as runs from '../runs/index.ts';
import { commands } from '../ids.ts';
import { run } from '../run.ts';
import type { About } from '../run.ts';
import type { CommandTable, Parts } from './parts.ts';
import { codeArgs } from './targets.ts';

/** `load` gives the bundle. */
export function runCommands(parts: Parts, load: () => Promise<typeof runs>): CommandTable {
  /** Calls from code reject; a person gets a notification. */
  const command = (name: 'testAction' | 'newEvent' | 'deleteEvent' | 'compareRuns') => (...args: unknown[]): Promise<unknown> => {
    const work = async (about: About): Promise<unknown> => (await load())[name](parts, about, args);
    return codeArgs(args[0]) === undefined ? run(parts.log, name, work) : work({});
  };
  return {
    [commands.testAction]: command('testAction'),
    [commands.newEvent]: command('newEvent'),
    [commands.deleteEvent]: command('deleteEvent'),
    [commands.compareRuns]: command('compareRuns'),
    [commands.showErrors]: (...args) => run(parts.log, 'showErrors', async about => (await load()).showErrors(parts, about, args)),
  };
}
