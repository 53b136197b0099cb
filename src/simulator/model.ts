/**
 * What the simulated tenant remembers. Everything that merely passes with time (a build, the mark `deployed`) is
 * derived from stored times when it is read, so that no timer is needed and a test can move the clock.
 */
export interface TriggerRef {
  readonly id: string;
  readonly version: string;
}

export interface Dependency {
  readonly name: string;
  readonly version: string;
  readonly registry_url?: string;
}

export interface Secret {
  readonly name: string;
  readonly value: string;
  readonly updatedAt: string;
}

export interface ModuleRef {
  readonly module_id: string;
  readonly module_name: string;
  readonly module_version_id: string;
  readonly module_version_number: number;
}

export interface ModuleContent {
  readonly code: string;
  readonly dependencies: readonly Dependency[];
  readonly secrets: readonly Secret[];
}

export interface ModuleVersion {
  readonly id: string;
  readonly number: number;
  readonly content: ModuleContent;
  readonly createdAt: string;
}

/** A module with its published versions, the oldest first: what an action can pin. */
export interface Module {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  updatedAt: string;
  draft: ModuleContent;
  readonly versions: ModuleVersion[];
  nextNumber: number;
}

/** One run of a trigger; its results are kept as the service shows them. */
export interface Execution {
  readonly id: string;
  readonly triggerId: string;
  readonly status: 'unspecified' | 'pending' | 'final' | 'partial' | 'canceled' | 'suspended';
  readonly results: readonly Readonly<Record<string, unknown>>[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A line of the tenant's log, as the service shows it. */
export interface LogEntry extends Readonly<Record<string, unknown>> {
  readonly date: string;
  readonly type: string;
}

export interface Content {
  /** Large seeds make their code only when somebody reads it. */
  readonly code: string | (() => string);
  readonly dependencies: readonly Dependency[];
  readonly runtime: string;
  readonly secrets: readonly Secret[];
  readonly triggers: readonly TriggerRef[];
  readonly modules: readonly ModuleRef[];
}

/** Statuses in order, each until a number of milliseconds after the start; the last one stays. */
export interface BuildPlan {
  readonly steps: readonly { readonly status: string; readonly until: number }[];
  readonly end: 'built' | 'failed';
}

export interface Build {
  readonly plan: BuildPlan;
  /** Milliseconds since the epoch; `undefined` until the first read, for seeds that wait for somebody to look. */
  startedAt: number | undefined;
}

export interface VersionError {
  readonly id: string;
  readonly msg: string;
  readonly url: string;
}

export interface StoredVersion {
  readonly id: string;
  readonly number: number;
  readonly content: Content;
  readonly createdAt: string;
  /** From here on (milliseconds since the epoch) it is deployed; `undefined` for one that fails. */
  readonly liveAt: number | undefined;
  readonly builtAt: string;
  readonly updatedAt: string;
  /** A version that fails: `building` until `at`, then `failed` with these errors. */
  readonly failure?: { readonly at: number; readonly errors: readonly VersionError[] };
  /** Made by create with `deploy: true`: deployed from the start, while the draft's build still runs. */
  readonly firstBuild?: Build;
}

export interface StoredAction {
  readonly id: string;
  name: string;
  readonly createdAt: string;
  /** Time of the entity, a little before the draft's: what versions and bindings embed. */
  entityUpdatedAt: string;
  updatedAt: string;
  draft: Content;
  build: Build;
  /** Milliseconds that control chose for the build that the next PATCH begins. */
  nextBuildMs?: number;
  /** A status that control froze the draft in. */
  held?: string;
  versions: StoredVersion[];
  nextNumber: number;
  /** Errors with which the next deploy's version fails. */
  nextFailure?: readonly VersionError[];
}

export interface StoredBinding {
  readonly id: string;
  readonly triggerId: string;
  readonly actionId: string;
  readonly displayName: string | undefined;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface TenantData {
  readonly actions: Map<string, StoredAction>;
  readonly modules: Map<string, Module>;
  readonly executions: Map<string, Execution>;
  /** The newest last. */
  readonly logs: LogEntry[];
  /** In order, by trigger. */
  readonly bindings: Map<string, StoredBinding[]>;
  /** False for generated seeds, which may hold more actions than a tenant is documented to. */
  readonly limited: boolean;
}

export function emptyTenant(limited: boolean): TenantData {
  return { actions: new Map(), modules: new Map(), executions: new Map(), logs: [], bindings: new Map(), limited };
}

/** The code of a draft or version. */
export function codeOf(content: Content): string {
  return typeof content.code === 'function' ? content.code() : content.code;
}
