/**
 * How the file, the draft and the live version of one action differ, and in which direction. Texts are compared as they
 * are given: codes, or digests of them, whichever the caller has.
 */

export interface DriftFacts {
  /** The code of the file; absent where it is gone. */
  readonly file?: string;
  /** The code of the draft; absent where the tenant has no such action. */
  readonly draft?: string;
  /** The code of the live version; absent where none was ever deployed. */
  readonly live?: string;
  /** Codes of drafts that the file was the same as, or was sent as. */
  readonly bases: readonly string[];
  /** Whether the whole draft is live, as the service says: it compares more than the code. */
  readonly allDeployed: boolean;
  /** Whether what is live was made after the draft's last change. */
  readonly liveIsNewer: boolean;
}

export type FileDrift =
  | 'same'
  | 'fileAhead' // the draft is one that the file began from: push
  | 'draftAhead' // the file still is what both were, the draft is not: pull
  | 'conflict' // both have changed
  | 'unrelated' // they differ, and were never the same here
  | 'noFile'
  | 'noAction';

export type LiveDrift =
  | 'same'
  | 'draftAhead' // the draft was changed after what is live: deploy
  | 'otherLive' // what is live was made from something else after the draft's last change
  | 'neverDeployed'
  | 'noAction';

export interface Drift {
  /** The file against the draft. */
  readonly file: FileDrift;
  /** The draft against what is live. */
  readonly live: LiveDrift;
  /** True where the file holds the code that is live. */
  readonly fileIsLive: boolean;
}

/** What would bring two of the three together without losing anything. */
export type Step = 'push' | 'pull' | 'deploy';

export function driftOf(facts: DriftFacts): Drift {
  return { file: fileDrift(facts), live: liveDrift(facts), fileIsLive: facts.file !== undefined && facts.file === facts.live };
}

/** False where file, draft and live version are the same. */
export function hasDrift({ file, live }: Drift): boolean {
  return file !== 'same' || live !== 'same';
}

/** The next step; none where a person has to look first. */
export function stepOf({ file, live }: Drift): Step | undefined {
  switch (file) {
    case 'fileAhead': return 'push';
    case 'draftAhead': return 'pull';
    case 'same': return live === 'draftAhead' || live === 'neverDeployed' ? 'deploy' : undefined;
    case 'conflict':
    case 'unrelated':
    case 'noFile':
    case 'noAction': return undefined;
  }
}

function fileDrift({ file, draft, bases }: DriftFacts): FileDrift {
  if (file === undefined) {
    return 'noFile';
  }
  if (draft === undefined) {
    return 'noAction';
  }
  if (file === draft) {
    return 'same';
  }
  if (bases.length === 0) {
    return 'unrelated';
  }
  // First the draft: of several bases the file may be one too, where it was sent and the call never arrived.
  return bases.includes(draft) ? 'fileAhead' : bases.includes(file) ? 'draftAhead' : 'conflict';
}

function liveDrift({ draft, live, allDeployed, liveIsNewer }: DriftFacts): LiveDrift {
  if (draft === undefined) {
    return 'noAction';
  }
  if (live === undefined) {
    return 'neverDeployed';
  }
  if (draft === live && allDeployed) {
    return 'same';
  }
  return liveIsNewer ? 'otherLive' : 'draftAhead';
}
