/**
 * Tests of drafts and files, their events, and failed runs of versions, as commands and the Test Explorer do them. The
 * entry of a bundle that is loaded at the first of these: it carries copies of words and questions, which is why nothing
 * looks at the class of an error.
 */
export { compareRuns } from './compareRuns.ts';
export { deleteEvent, newEvent } from './eventCommands.ts';
export { showErrors } from './showErrors.ts';
export { testAction } from './testAction.ts';
export { Tests } from './testRuns.ts';
