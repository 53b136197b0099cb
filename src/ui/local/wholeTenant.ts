/** A whole tenant and a repository: the entry of a bundle that is loaded with the first pull or push of all actions. */
export { pullTenant } from './pullTenant.ts';
export { pushFiles } from './pushFiles.ts';
