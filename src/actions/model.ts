/**
 * What a person should read about an action, from the three facts the service gives: the draft's status, the
 * deployed version and `all_changes_deployed`. Words and colours are src/ui's.
 */
import type { Action, Content, Version } from '../auth0/api.ts';

/** A version without its code: what lists keep, since a list item carries its code up to three times. */
export type VersionSummary = Omit<Version, 'code'>;

/** An action without the code of draft and deployed version. */
export type ActionSummary = Omit<Action, 'code' | 'deployedVersion'> & { readonly deployedVersion?: VersionSummary };

export type StateKind =
  | 'firstBuild' // the first build is running, nothing is live
  | 'ready' // built, never deployed
  | 'firstBuildFailed' // nothing to deploy, nothing live
  | 'rebuilding' // unchanged content is being rebuilt, in step
  | 'rebuildFailed' // unchanged content failed to rebuild; the same content is live
  | 'changesBuilding' // changes are being built, an older version is live
  | 'changesReady' // changes are ready to deploy, an older version is live
  | 'changesFailed' // changes failed to build, an older version is live
  | 'inStep' // what is live is what the draft says
  | 'unknown'; // a status that this version of the extension does not know

export interface ActionState {
  readonly kind: StateKind;
  /** The draft's status as the service says it. */
  readonly status: string;
  /** Number of the version that logins run. */
  readonly live?: number;
}

/** Statuses of a build that is still under way. `packaged` is documented and was never seen. */
const BUILDING: ReadonlySet<string> = new Set(['pending', 'building', 'retrying', 'packaged']);

/** True while the service is still building. */
export function isBuilding(status: string): boolean {
  return BUILDING.has(status);
}

/** The state of an action; never fails, whatever the service says. */
export function stateOf(action: Pick<ActionSummary, 'status' | 'deployedVersion' | 'allChangesDeployed'>): ActionState {
  const live = action.deployedVersion?.number;
  return { kind: kindOf(action.status, live !== undefined, action.allChangesDeployed), status: action.status, ...(live === undefined ? {} : { live }) };
}

function kindOf(status: string, live: boolean, inStep: boolean): StateKind {
  if (isBuilding(status)) {
    return live ? (inStep ? 'rebuilding' : 'changesBuilding') : 'firstBuild';
  }
  if (status === 'built') {
    return live ? (inStep ? 'inStep' : 'changesReady') : 'ready';
  }
  if (status === 'failed') {
    return live ? (inStep ? 'rebuildFailed' : 'changesFailed') : 'firstBuildFailed';
  }
  return 'unknown';
}

/** Drops the code, which only documents need. */
export function summarize(action: Action): ActionSummary {
  const { code: _code, deployedVersion, ...rest } = action;
  return { ...rest, ...(deployedVersion === undefined ? {} : { deployedVersion: summarizeVersion(deployedVersion) }) };
}

/** Drops the code of a version. */
export function summarizeVersion(version: Version): VersionSummary {
  const { code: _code, ...rest } = version;
  return rest;
}

/** The main trigger of an action; the service allows one today, and the field is a list. */
export function mainTrigger(content: Pick<Content, 'triggers'>): string | undefined {
  return content.triggers[0]?.id;
}
