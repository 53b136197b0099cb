/**
 * Tests of drafts and failed runs of versions, as commands do them. The entry of a bundle that is loaded at the first of
 * these commands: it carries copies of words and questions, which is why nothing looks at the class of an error.
 */
export { showErrors } from './showErrors.ts';
export { testAction } from './testAction.ts';
