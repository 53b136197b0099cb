/** What the code requires and will not find: a package that is no dependency, a file, a module that the action does not use. */
import type { Check, Checked, Finding } from './check.ts';
import type { Requirement } from './code.ts';
import { isNodeModule } from './nodeModules.ts';

export const checkRequires: Check = checked => {
  const seen = new Set<string>();
  return checked.code.requirements.flatMap(requirement => {
    // A package once, however often it is required; its own file beside it is another requirement.
    const key = `${requirement.name} ${requirement.optional}`;
    const finding = seen.has(key) ? undefined : missing(checked, requirement);
    seen.add(key);
    return finding === undefined ? [] : [finding];
  });
};

function missing({ input }: Checked, { specifier, name, range, optional }: Requirement): Finding | undefined {
  const rest = { severity: optional ? 'warning' : 'error', range, fixes: [] } as const;
  if (specifier.startsWith('actions:')) {
    const module = specifier.slice('actions:'.length);
    return input.modules === undefined || input.modules.includes(module) ? undefined : { code: 'module-unknown', name: module, ...rest };
  }
  if (isNodeModule(specifier)) {
    return undefined;
  }
  if (specifier.startsWith('node:')) {
    return { code: 'require-not-node', name: specifier, ...rest };
  }
  if (/^[./]/u.test(specifier)) {
    return { code: 'require-file', name: specifier, ...rest };
  }
  // `@types/x` and the like are packages too; anything else that is none cannot be added.
  if (specifier === '' || input.dependencies.some(dependency => dependency.name === name)) {
    return undefined;
  }
  return { code: 'require-unknown', name, ...rest, fixes: PACKAGE_NAME.test(name) ? [{ kind: 'addDependency', name }] : [] };
}

/** What npm takes for the name of a package. */
const PACKAGE_NAME = /^(?=.{1,214}$)(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/iu;
