/** The entry of what is needed for files of a workspace: the bundle that is loaded for the first question about one. */
export { Local } from './local.ts';
export { contentOf } from './fileContent.ts';
export { fileCommand } from './fileCommands.ts';
export { FileProblems } from './fileProblems.ts';
export { followFiles } from './followFiles.ts';
