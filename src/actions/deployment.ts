/**
 * One deployment, as plain data: what the tree, the status bar, the list of deployments and the log all render.
 * deployRun.ts and rollBackRun.ts make it, deployments.ts keeps it. A roll back is a deployment too: it makes a version.
 */
import type { VersionError } from '../auth0/api.ts';
import type { TenantRef } from '../auth0/tenantRef.ts';

export type Phase = 'reading' | 'building' | 'deploying' | 'confirming';

export interface PhaseTime {
  readonly phase: Phase;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt?: number;
}

export type FailureReason =
  | 'buildFailed' // the draft's build failed; the service gives no reason
  | 'buildTimeout' // not built within six minutes; nothing was sent
  | 'draftChanged' // the draft is another one than when the deployment began; the call was not sent
  | 'unreachable' // reading failed before anything was sent
  | 'refused' // the service refused the deploy call
  | 'notDeployed' // the answer was lost, and the service made no version
  | 'notLive' // sent, and until the deadline nothing of it went live
  | 'overtaken' // the version was made, and somebody else's is live
  | 'otherContent' // what is live is not what was to be: the draft was changed, or somebody deployed, in the moment before the call
  | 'actionGone' // the tenant has no such action any more
  | 'versionFailed' // the version was made and failed to build
  | 'liveChanged' // another version went live before the call, which was not sent
  | 'versionGone' // the version to roll back to is not kept any more; nothing was sent
  | 'interrupted' // whoever ran it went away before anything was sent
  | 'takenOver' // this window stood still, and another one looked it up; the call was not sent
  | 'versionUnusable'; // the version to roll back to never built; nothing was sent

export type Outcome =
  /**
   * `draftFollows`: only where a roll back was to change the draft too; false when the draft does not show it. `byOther`:
   * somebody else's version is live, which holds the same. `made` is then the one of this deployment, if it sent the call.
   */
  | { readonly kind: 'live'; readonly version: number; readonly draftFollows?: boolean; readonly byOther?: true; readonly made?: number }
  | {
      readonly kind: 'failed';
      readonly reason: FailureReason;
      readonly version?: number;
      readonly versionId?: string;
      readonly errors: readonly VersionError[];
      /** The version that is live all the same. */
      readonly live?: number;
      /** The action was read, and had no version that is live. Without this and `live`, nobody knows. */
      readonly nothingLive?: true;
      /** It went live meanwhile: somebody else's. */
      readonly otherLive?: true;
      readonly error?: unknown;
    }
  /** `sent`: the deploy call had left, so that the version may be live. `saved`: it had not, but the draft was saved for it. */
  | { readonly kind: 'stopped'; readonly sent: boolean; readonly version?: number; readonly declined?: boolean; readonly saved?: true }
  /** Sent, but at its deadline nothing could be read of what the service made of it. */
  | { readonly kind: 'unconfirmed'; readonly version?: number; readonly error?: unknown };

export interface Deployment {
  /** Unique in this window. */
  readonly id: string;
  readonly tenant: TenantRef;
  readonly actionId: string;
  readonly actionName: string;
  /** What it was called when this began, once it has shown another name. */
  readonly calledBefore?: string;
  /** For a roll back: the number of the version whose content becomes live again. */
  readonly rollBackTo?: number;
  /** True for one that another window began, or whose outcome was looked for once more: only reads are made for it. */
  readonly lookedUp?: boolean;
  readonly startedAt: number;
  readonly phases: readonly PhaseTime[];
  /** The draft's status at the last look. */
  readonly draftStatus?: string;
  /** Number of the version, once the service has named it. */
  readonly version?: number;
  /** Number of the version that was live just before the call. */
  readonly replaced?: number;
  /** Hashes of what is to become live, and of its code alone; once the call is about to leave, or has come to nothing. */
  readonly hash?: string;
  readonly codeHash?: string;
  readonly outcome?: Outcome;
  readonly endedAt?: number;
}

/** The phase it is in, or was in when it ended. */
export function currentPhase(deployment: Deployment): Phase {
  return deployment.phases.at(-1)?.phase ?? 'reading';
}

/** True until there is an outcome. */
export function isRunning(deployment: Deployment): boolean {
  return deployment.outcome === undefined;
}
