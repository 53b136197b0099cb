/** What drafts and live versions held when they were last read, as digests: the catalog keeps no code, and neither does this. */
import type { Action, Content } from '../../auth0/api.ts';
import type { FileBases } from './localFile.ts';

/** An action as it was last read. */
export interface ActionDigest {
  /** The draft as {@link FileBases} remembers drafts. */
  readonly state: string;
  /** The draft with a digest as its code, and without what is in no file: secrets and modules. */
  readonly draft: Content;
  /** The version that logins run, its state and code as those of the draft. */
  readonly live?: { readonly state: string; readonly code: string; readonly number: number };
  readonly allDeployed: boolean;
  /** The live version was made after the draft's last change: of the draft as it was then, or of something else. */
  readonly liveIsNewer: boolean;
}

export class ActionDigests {
  readonly #bases: Pick<FileBases, 'codeDigest' | 'stateOf'>;
  readonly #tenants = new Map<string, Map<string, ActionDigest>>();

  constructor(bases: Pick<FileBases, 'codeDigest' | 'stateOf'>) {
    this.#bases = bases;
  }

  /** Takes an action that was read. True where that tells something new. */
  put(tenantId: string, action: Action): boolean {
    const known = this.#tenants.get(tenantId) ?? new Map<string, ActionDigest>();
    this.#tenants.set(tenantId, known);
    const before = known.get(action.id);
    const after = this.#digest(action);
    known.set(action.id, after);
    return JSON.stringify(before) !== JSON.stringify(after);
  }

  /** Nothing where the action was not read since its tenant became that of a folder. */
  of(tenantId: string, actionId: string): ActionDigest | undefined {
    return this.#tenants.get(tenantId)?.get(actionId);
  }

  forget(tenantId: string): void {
    this.#tenants.delete(tenantId);
  }

  #digest(action: Action): ActionDigest {
    const { deployedVersion: live, updatedAt, runtime, dependencies, triggers } = action;
    return {
      state: this.#bases.stateOf(action),
      draft: { code: this.#bases.codeDigest(action.code), ...(runtime === undefined ? {} : { runtime }), dependencies, triggers, secrets: [], modules: [] },
      ...(live === undefined ? {} : { live: { state: this.#bases.stateOf(live), code: this.#bases.codeDigest(live.code), number: live.number } }),
      allDeployed: action.allChangesDeployed,
      // A deploy does not touch the draft's time. Both are the service's, in UTC with up to nine digits: compared as texts.
      liveIsNewer: live?.createdAt !== undefined && updatedAt !== undefined && live.createdAt > updatedAt,
    };
  }
}
