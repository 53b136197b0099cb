/**
 * What the rest of the extension may ask of one tenant, and the shapes of the answers. The implementation
 * (managementApi.ts) lives in the network bundle and is loaded at the first call.
 *
 * Shapes follow the recorded service, not its documents: every field may be missing, statuses and runtimes are open
 * sets, times are UTC texts with up to nine fraction digits.
 */

import type { JsonObject } from './json.ts';
import type { Execution, FailedRunsPage, TestResult } from './runs.ts';

/** An action keeps its last 50 versions, which is one page; older ones vanish. */
export const VERSIONS_KEPT = 50;

/** `post-login`, `v3`. Ids are open: new triggers appear without notice. */
export interface TriggerRef {
  readonly id: string;
  readonly version?: string;
}

export interface Dependency {
  readonly name: string;
  readonly version: string;
  /** Echoed until the build is done, then gone. */
  readonly registryUrl?: string;
}

/** Values never come back, only names and ages. */
export interface SecretInfo {
  readonly name: string;
  readonly updatedAt?: string;
}

export interface ModuleRef {
  readonly id: string;
  readonly name: string;
  readonly versionId?: string;
  readonly versionNumber?: number;
}

/** What a draft or a version consists of: the part that deploys compare. */
export interface Content {
  readonly code: string;
  readonly runtime?: string;
  readonly dependencies: readonly Dependency[];
  readonly secrets: readonly SecretInfo[];
  readonly triggers: readonly TriggerRef[];
  readonly modules: readonly ModuleRef[];
}

export interface VersionError {
  readonly id: string;
  readonly msg: string;
  readonly url?: string;
}

export interface Version extends Content {
  readonly id: string;
  /** Absent on answers that only embed the version; 0 is never a version's number. */
  readonly actionId?: string;
  readonly number: number;
  /** `built` and so on, lower case, or whatever the service says. */
  readonly status: string;
  /** True for the version that logins run. */
  readonly deployed: boolean;
  readonly errors: readonly VersionError[];
  readonly builtAt?: string;
  readonly createdAt?: string;
  readonly updatedAt?: string;
}

export interface Action extends Content {
  readonly id: string;
  readonly name: string;
  /** Status of the draft, lower case: pending, building, retrying, packaged, built, failed, or something new. */
  readonly status: string;
  readonly deployedVersion?: Version;
  /** The service's own comparison of draft and deployed version. */
  readonly allChangesDeployed: boolean;
  readonly createdAt?: string;
  readonly updatedAt?: string;
  /** The service's time when it was read, in milliseconds since the epoch; whole seconds. */
  readonly readAt?: number;
  /** Lists that the answer lacks or holds in a form that cannot be read: what is sent in their place would remove what is there. */
  readonly unread?: readonly ('secrets' | 'dependencies' | 'modules')[];
  /** True for an action of the Marketplace: its code is its maker's. */
  readonly integration?: boolean;
  readonly installedIntegrationId?: string;
}

export interface Trigger {
  readonly id: string;
  readonly version: string;
  readonly status: string;
  readonly runtimes: readonly string[];
  readonly defaultRuntime?: string;
  readonly bindingPolicy?: string;
}

/**
 * One place in a trigger's flow. Every change of the flow gives all of them new ids, and the same action may stand in
 * several places.
 */
export interface Binding {
  readonly id: string;
  readonly triggerId: string;
  /** What the Dashboard shows in place of the action's name. */
  readonly displayName?: string;
  /** Absent only where the service leaves the action out. */
  readonly actionId?: string;
  readonly actionName?: string;
}

/** A place that a flow is to have: an action, under the name it had there. */
export interface WantedBinding {
  readonly actionId: string;
  readonly displayName?: string;
}

/** One secret of a list that replaces the whole set. Without a value it keeps the one it has; a name that is left out loses it. */
export interface SecretEntry {
  readonly name: string;
  readonly value?: string;
}

/** What a PATCH changes; what is left out stays as it is. A list replaces the whole list. Never send `secrets` beside code. */
export interface ActionChange {
  readonly name?: string;
  readonly code?: string;
  readonly runtime?: string;
  readonly dependencies?: readonly Dependency[];
  readonly secrets?: readonly SecretEntry[];
  readonly triggers?: readonly TriggerRef[];
  /** Each with the version that it is pinned to. */
  readonly modules?: readonly { readonly id: string; readonly versionId: string }[];
}

/** A new action. Its draft is built at once; nothing is deployed. */
export interface NewAction extends ActionChange {
  readonly name: string;
  readonly triggers: readonly TriggerRef[];
}

/** Code that several actions share, by its published versions. */
export interface Module {
  readonly id: string;
  readonly name: string;
  /** Absent where nothing was published. */
  readonly latestNumber?: number;
}

export interface ModuleVersion {
  readonly id: string;
  readonly number: number;
  readonly createdAt?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Absent where the service leaves it out (an empty list, or a page past the end). */
  readonly total?: number;
}

export interface CallOptions {
  /** Ends a read at any time, and a write only before it is sent. */
  readonly signal?: AbortSignal;
  /** Which reads go first. Default `interactive`; writes have a place of their own, behind what a person looks at. */
  readonly priority?: 'interactive' | 'step' | 'background';
  /**
   * Milliseconds after which a read is given up as `timeout`, whatever it waits for. Such a read is sent once: who has a
   * limit looks again without that.
   */
  readonly withinMs?: number;
}

/** All calls reject with an ApiError only. Reads may be repeated by the request lane; writes never are. */
export interface ManagementApi {
  /** One page of actions in order of creation; `page` counts from 0, 100 to a page. */
  listActions(page: number, options?: CallOptions): Promise<Page<Action>>;
  getAction(actionId: string, options?: CallOptions): Promise<Action>;
  /** One page of versions; `page` counts from 0. */
  listVersions(actionId: string, page: number, perPage: number, options?: CallOptions): Promise<Page<Version>>;
  getVersion(actionId: string, versionId: string, options?: CallOptions): Promise<Version>;
  /** Makes the built draft a new version. The answer says `deployed: false`: read back to know. */
  deployAction(actionId: string, options?: CallOptions): Promise<Version>;
  /**
   * Makes a new version with an old one's content. The draft stays as it is unless `updateDraft`: then it becomes that
   * content too, and is built anew. The answer says `deployed: false`: read back to know.
   */
  deployVersion(actionId: string, versionId: string, updateDraft: boolean, options?: CallOptions): Promise<Version>;
  /** Makes a new action. Its build begins at once; nothing is deployed. */
  createAction(action: NewAction, options?: CallOptions): Promise<Action>;
  /** Changes a draft, which is built anew: the answer always says `pending`. */
  updateAction(actionId: string, change: ActionChange, options?: CallOptions): Promise<Action>;
  /** Deletes an action with all its versions. One that stands in a flow is refused (`conflict`) unless `force`. */
  deleteAction(actionId: string, force: boolean, options?: CallOptions): Promise<void>;
  /**
   * Runs the draft once with an event, as the service has saved and built it. What the code does to others is done. An
   * error of the code is a result; an error of the call may mean that the code ran and its result was lost.
   */
  testAction(actionId: string, event: JsonObject, options?: CallOptions): Promise<TestResult>;
  /** A page of the tenant's log, the newest first: runs that failed, of all actions. `page` counts from 0. Needs `read:logs`. */
  listFailedRuns(page: number, options?: CallOptions): Promise<FailedRunsPage>;
  getExecution(executionId: string, options?: CallOptions): Promise<Execution>;
  /** All modules of the tenant. */
  listModules(options?: CallOptions): Promise<readonly Module[]>;
  /** A module's published versions, the newest first. */
  listModuleVersions(moduleId: string, options?: CallOptions): Promise<readonly ModuleVersion[]>;
  listTriggers(options?: CallOptions): Promise<readonly Trigger[]>;
  /** A trigger's flow, whole and in its order. Rejects with `malformed` where a page of it is missing. */
  listBindings(triggerId: string, options?: CallOptions): Promise<readonly Binding[]>;
  /** Replaces a trigger's whole flow by this ordered list. What is not in it leaves the flow. */
  updateBindings(triggerId: string, bindings: readonly WantedBinding[], options?: CallOptions): Promise<readonly Binding[]>;
  /** How much room the tenant's rate limit leaves, from 0 (none) to 1 (all), in `laterMs` if nothing is asked until then. */
  headroom(laterMs?: number): number;
}

/** A token that is good now, and another one than `refused`; may mint or renew one. Rejects with an ApiError. */
export type TokenSupply = (refused?: string) => Promise<string>;
