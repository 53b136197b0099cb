/** Test Action, events, comparisons of runs, and Show Recent Errors. What they do is in a bundle of its own, loaded at the first of them. */
import type * as runs from '../runs/index.ts';
import { commands } from '../ids.ts';
import { run } from '../run.ts';
import type { CommandTable, Parts } from './parts.ts';
import { codeArgs } from './targets.ts';

/** `load` gives the bundle. */
export function runCommands(parts: Parts, load: () => Promise<typeof runs>): CommandTable {
  return {
    // Calls from code reject; a person gets a notification.
    [commands.testAction]: async (...args) => (codeArgs(args[0]) === undefined ? run(parts.log, 'testAction', async about => (await load()).testAction(parts, about, args)) : (await load()).testAction(parts, {}, args)),
    [commands.newEvent]: async (...args) => (codeArgs(args[0]) === undefined ? run(parts.log, 'newEvent', async about => (await load()).newEvent(parts, about, args)) : (await load()).newEvent(parts, {}, args)),
    [commands.deleteEvent]: (...args) => run(parts.log, 'deleteEvent', async about => (await load()).deleteEvent(parts, about, args)),
    [commands.compareRuns]: async (...args) => (codeArgs(args[0]) === undefined ? run(parts.log, 'compareRuns', async about => (await load()).compareRuns(parts, about, args)) : (await load()).compareRuns(parts, {}, args)),
    [commands.showErrors]: (...args) => run(parts.log, 'showErrors', async about => (await load()).showErrors(parts, about, args)),
  };
}
