/**
 * Several deployments at once. The entry of a bundle that is loaded with the first of them: it carries copies of words
 * and questions, which is why nothing looks at the class of an error.
 */
export { deployChanged, deploySelected } from './deployMany.ts';
