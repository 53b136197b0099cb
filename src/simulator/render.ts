/** Stored things -> the JSON of the service, keys in the recorded order and zero values left out. */
import { buildStatus, draftStatus } from './builds.ts';
import { codeOf } from './model.ts';
import type { Content, Dependency, Secret, StoredAction, StoredBinding, StoredVersion } from './model.ts';
import { latest } from './times.ts';

/** An action as it was just made: `pending`, and so is a version that was made with it, however fast the build is. */
export function renderCreated(action: StoredAction, now: number): object {
  const created = { ...action, versions: action.versions.map(version => ({ ...version, firstBuild: { plan: { steps: [{ status: 'pending', until: 1 }], end: 'built' as const }, startedAt: now } })) };
  return renderAction(created, now, 'pending');
}

/** An action: the same from get, patch and in lists. `status` for PATCH, which always answers `pending`. */
export function renderAction(action: StoredAction, now: number, status = draftStatus(action, now)): object {
  const live = liveVersion(action, now);
  return {
    id: action.id,
    name: action.name,
    supported_triggers: action.draft.triggers.map(trigger => ({ ...trigger })),
    created_at: action.createdAt,
    updated_at: updatedAt(action, now),
    code: codeOf(action.draft),
    dependencies: draftDependencies(action.draft.dependencies, status),
    runtime: action.draft.runtime,
    status,
    secrets: action.draft.secrets.map(renderSecret),
    ...renderModules(action.draft),
    ...(live === undefined ? {} : { current_version: currentVersion(live, now), deployed_version: deployedVersion(live, now) }),
    all_changes_deployed: live !== undefined && sameContent(action.draft, live.content),
  };
}

/** A version on its own, as a deploy answers it and as the versions' endpoints do. */
export function renderVersion(action: StoredAction, version: StoredVersion, now: number, asAnswer = false): object {
  const live = !asAnswer && liveVersion(action, now)?.id === version.id;
  const seen = asAnswer ? { status: 'built', built: false } : versionState(version, now);
  return {
    code: codeOf(version.content),
    dependencies: version.content.dependencies.map(plainDependency),
    id: version.id,
    deployed: live,
    number: version.number,
    ...(seen.built ? { built_at: version.builtAt } : {}),
    secrets: version.content.secrets.map(renderSecret),
    status: seen.status,
    created_at: version.createdAt,
    updated_at: asAnswer ? version.createdAt : seen.built ? version.updatedAt : version.createdAt,
    runtime: version.content.runtime,
    supported_triggers: version.content.triggers.map(trigger => ({ ...trigger })),
    ...renderModules(version.content),
    ...(seen.status === 'failed' && version.failure !== undefined && version.failure.errors.length > 0 ? { errors: version.failure.errors } : {}),
    action: embeddedAction(action),
  };
}

/** A binding; its embedded action has no code and no status, and its `all_changes_deployed` means nothing. */
export function renderBinding(binding: StoredBinding, action: StoredAction, now: number): object {
  const live = liveVersion(action, now);
  const { all_changes_deployed: meaningless, ...head } = embeddedAction(action);
  return {
    id: binding.id,
    trigger_id: binding.triggerId,
    action: {
      ...head,
      ...(live === undefined ? {} : { current_version: currentVersion(live, now), deployed_version: deployedVersion(live, now) }),
      all_changes_deployed: meaningless,
    },
    created_at: binding.createdAt,
    updated_at: binding.updatedAt,
    ...(binding.displayName === undefined || binding.displayName === '' ? {} : { display_name: binding.displayName }),
  };
}

/** The version that logins run now: the highest one whose time has come. */
export function liveVersion(action: StoredAction, now: number): StoredVersion | undefined {
  return action.versions.findLast(version => version.liveAt !== undefined && now >= version.liveAt);
}

/** A create with `deploy: true` moves the time again when its version is built; an ordinary deploy does not. */
function updatedAt(action: StoredAction, now: number): string {
  const first = action.versions.find(version => version.firstBuild !== undefined);
  return first !== undefined && versionState(first, now).built ? latest(action.updatedAt, first.updatedAt) : action.updatedAt;
}

/** What `all_changes_deployed` compares: everything but values of secrets, which their times stand for. */
export function sameContent(a: Content, b: Content): boolean {
  return fingerprint(a) === fingerprint(b) && codeOf(a) === codeOf(b);
}

function fingerprint(content: Content): string {
  const sorted = (items: readonly string[]): readonly string[] => [...items].sort();
  return JSON.stringify([
    content.runtime,
    sorted(content.dependencies.map(one => `${one.name}@${one.version}`)),
    sorted(content.secrets.map(one => `${one.name} ${one.updatedAt}`)),
    sorted(content.triggers.map(one => `${one.id} ${one.version}`)),
    sorted(content.modules.map(one => one.module_version_id)),
  ]);
}

function versionState(version: StoredVersion, now: number): { status: string; built: boolean } {
  if (version.failure !== undefined) {
    return { status: now < version.failure.at ? 'building' : 'failed', built: false };
  }
  if (version.firstBuild !== undefined) {
    // Where the build fails, the version stays as the deployed one; that was not recorded.
    const status = buildStatus(version.firstBuild, now);
    return status === 'built' ? { status, built: true } : { status: status === 'failed' ? status : 'pending', built: false };
  }
  return { status: 'built', built: version.liveAt !== undefined && now >= version.liveAt };
}

/** Embedded in an action: upper-case status, and the build's time under a name of its own. */
function currentVersion(version: StoredVersion, now: number): object {
  const seen = versionState(version, now);
  return {
    id: version.id,
    code: codeOf(version.content),
    runtime: version.content.runtime,
    status: seen.status.toUpperCase(),
    number: version.number,
    ...(seen.built ? { build_time: version.builtAt } : {}),
    created_at: version.createdAt,
    updated_at: seen.built ? version.updatedAt : version.createdAt,
  };
}

function deployedVersion(version: StoredVersion, now: number): object {
  const seen = versionState(version, now);
  return {
    code: codeOf(version.content),
    dependencies: version.content.dependencies.map(plainDependency),
    id: version.id,
    deployed: true,
    number: version.number,
    ...(seen.built ? { built_at: version.builtAt } : {}),
    secrets: version.content.secrets.map(renderSecret),
    status: seen.status,
    created_at: version.createdAt,
    updated_at: seen.built ? version.updatedAt : version.createdAt,
    runtime: version.content.runtime,
    supported_triggers: version.content.triggers.map(trigger => ({ ...trigger })),
    ...renderModules(version.content),
  };
}

function embeddedAction(action: StoredAction): { readonly all_changes_deployed: false } & Readonly<Record<string, unknown>> {
  return {
    id: action.id,
    name: action.name,
    supported_triggers: action.draft.triggers.map(trigger => ({ ...trigger })),
    created_at: action.createdAt,
    updated_at: action.entityUpdatedAt,
    all_changes_deployed: false,
  };
}

/** `registry_url` is echoed until the build is done; a finished build may list dependencies in another order. */
function draftDependencies(dependencies: readonly Dependency[], status: string): readonly object[] {
  return status === 'built' ? builtDependencies(dependencies) : dependencies.map(dependency => ({ ...dependency }));
}

/** Dependencies as a finished build lists them, and as versions keep them. */
export function builtDependencies(dependencies: readonly Dependency[]): { name: string; version: string }[] {
  return dependencies.map(plainDependency).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function plainDependency(dependency: Dependency): { name: string; version: string } {
  return { name: dependency.name, version: dependency.version };
}

function renderSecret(secret: Secret): object {
  return { name: secret.name, updated_at: secret.updatedAt };
}

function renderModules(content: Content): { modules?: readonly object[] } {
  return content.modules.length === 0 ? {} : { modules: content.modules.map(module => ({ ...module })) };
}
