/** What the checks need to know of an action beside its code, and where it comes from. */
import type { CheckInput, Finding } from '../../actions/checks/check.ts';
import type { Catalog } from '../../actions/catalog.ts';
import type { ActionSummary } from '../../actions/model.ts';
import type { PackageFacts, PackageRegistry } from '../../actions/packages.ts';
import type { Dependency, Trigger } from '../../auth0/api.ts';
import { isApiError } from '../../auth0/errors.ts';

/** The bundle with the parser, loaded at its first use. */
export type LoadChecks = () => Promise<{ readonly runChecks: (input: CheckInput) => readonly Finding[] }>;

/** An action as it was last read, or as a file of the workspace describes it, without its code. Modules may not be known. */
export interface DraftFacts extends Pick<ActionSummary, 'runtime' | 'triggers' | 'dependencies' | 'status' | 'deployedVersion'> {
  readonly secrets: readonly { readonly name: string }[];
  readonly modules?: readonly { readonly name: string }[];
}

/** What was asked of others. What did not answer is absent. */
export interface Looked {
  readonly tenantTriggers?: readonly Trigger[];
  readonly packages: ReadonlyMap<string, PackageFacts | 'missing'>;
}

/** Asks the tenant for its triggers, if there is one to ask, and the registry for the dependencies. Never rejects, and ends when `signal` does. */
export async function lookUp(catalog: Catalog | undefined, registry: PackageRegistry | undefined, dependencies: readonly Dependency[], signal: AbortSignal): Promise<Looked> {
  const packages = new Map<string, PackageFacts | 'missing'>();
  const ended = new Promise<void>(resolve => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  let tenantTriggers: readonly Trigger[] | undefined;
  const questions = [
    ...(catalog === undefined ? [] : [catalog.triggers().then(triggers => {
      tenantTriggers = triggers;
    })]),
    ...(registry === undefined ? [] : dependencies.map(async ({ name }) => {
      packages.set(name, (await registry.facts(name, signal)) ?? 'missing');
    })),
  ];
  await Promise.race([Promise.allSettled(questions), ended]);
  // A copy: what answers too late must not change what was looked at.
  return { ...(tenantTriggers === undefined ? {} : { tenantTriggers }), packages: new Map(packages) };
}

/** What the checks are given. `marks`: the code is that of a file. */
export function inputOf(facts: DraftFacts, code: string, { tenantTriggers, packages }: Looked, catalog: Catalog | undefined, marks = false): CheckInput {
  const { runtime, triggers, dependencies, secrets, modules } = facts;
  return {
    code,
    ...(runtime === undefined ? {} : { runtime }),
    triggers,
    dependencies,
    ...(modules === undefined ? {} : { modules: modules.map(module => module.name) }),
    // Others may have added some since the tenant could last be reached.
    ...(catalog !== undefined && isUnreachable(catalog) ? {} : { secrets: secrets.map(secret => secret.name) }),
    ...(tenantTriggers === undefined ? {} : { tenantTriggers }),
    packages,
    marks,
    installed: new Set(installed(facts).map(({ name, version }) => `${name}@${version}`)),
  };
}

/** A build that has ended well has installed everything; while one runs, what is live was installed before. */
function installed({ status, dependencies, deployedVersion }: DraftFacts): readonly Dependency[] {
  return status === 'built' ? dependencies : status === 'failed' ? [] : deployedVersion?.dependencies ?? [];
}

function isUnreachable({ lastFailure: error }: Catalog): boolean {
  return isApiError(error) && ['network', 'proxy', 'timeout'].includes(error.kind);
}
