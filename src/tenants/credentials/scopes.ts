/** Scopes, and what fails without each. Deploying needs `create:actions`, not `update:actions`. */

/** Without these there is nothing to be done. */
export const NEEDED_SCOPES: readonly string[] = ['read:actions', 'create:actions'];

/** All that the extension uses. */
export const USED_SCOPES: readonly string[] = [...NEEDED_SCOPES, 'update:actions'];

/** What else can be of use; whoever never deletes an action or reads the log here does without, so that it is not missed. */
export const OPTIONAL_SCOPES: readonly string[] = ['delete:actions', 'read:logs'];

/** The scopes of those that a token lacks; none where it does not list its own. */
export function missingScopes(scopes: readonly string[] | undefined): readonly string[] {
  return scopes === undefined ? [] : USED_SCOPES.filter(scope => !scopes.includes(scope));
}
