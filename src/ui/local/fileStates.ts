/**
 * What is known of each linked file: its action, and how file, draft and live version differ. Worked out when somebody
 * wants to show it, from what was read anyway; the requests in here are caused by a file that is opened, or by a person
 * who asks.
 */
import type * as vscode from 'vscode';
import { differences } from '../../actions/content.ts';
import type { ContentPart } from '../../actions/content.ts';
import { wantedFrom } from '../../actions/local/differences.ts';
import { driftOf } from '../../actions/local/index.ts';
import type { Drift, DriftFacts } from '../../actions/local/index.ts';
import type { Action, Content } from '../../auth0/api.ts';
import { Emitter } from '../../auth0/emitter.ts';
import { isApiError } from '../../auth0/errors.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import type { Parts } from '../commands/parts.ts';
import { isUserError } from '../errorWords.ts';
import { ActionDigests } from './actionDigests.ts';
import type { ActionDigest } from './actionDigests.ts';
import type { Linked, LinkedFiles } from './linkedFiles.ts';
import { contentOf, draftLike } from './fileContent.ts';
import type { FileContent } from './fileContent.ts';
import type { FileBases } from './localFile.ts';

/** Several changes at once, such as a tenant's list that is read, are told once. */
const QUIET_MS = 60;

/** A linked file, as far as it is known. */
export interface FileState {
  readonly linked: Linked;
  /** The tenant that a person has chosen for its folder; it may not be connected. */
  readonly tenantId?: string;
  /** The same where it is connected. */
  readonly tenant?: TenantRef;
  readonly actionId?: string;
  /** Number of the version that logins run. */
  readonly liveNumber?: number;
  /** Absent while draft and live version are not known. */
  readonly drift?: Drift;
  /** What of the draft is not as the file, and the description of its action, say. */
  readonly differing?: readonly ContentPart[];
  /** Why the file cannot be read, as a sentence. */
  readonly unreadable?: string;
}

export class FileStates {
  /** Addresses of files of which something else is known now; nothing where all may have changed. */
  readonly changed = new Emitter<ReadonlySet<string> | undefined>();
  readonly #state: Parts['state'];
  readonly #linked: LinkedFiles;
  readonly #bases: FileBases;
  readonly #digests: ActionDigests;
  #files: ReadonlyMap<string, Linked> = new Map();
  readonly #states = new Map<string, Promise<FileState>>();
  /** What has changed and was not told yet. */
  readonly #late = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #looks = 0;

  constructor(state: Parts['state'], linked: LinkedFiles, bases: FileBases) {
    this.#state = state;
    this.#linked = linked;
    this.#bases = bases;
    this.#digests = new ActionDigests(bases);
  }

  /** All linked files, as of the last look at the workspace. */
  files(): readonly Linked[] {
    return [...this.#files.values()];
  }

  has(uri: vscode.Uri): boolean {
    return this.#files.has(uri.toString());
  }

  /** The linked files of which the text at an address says something: the file itself, or those that it describes. */
  saidBy(uri: vscode.Uri): readonly vscode.Uri[] {
    const [key, isDescription] = [uri.toString(), /\.(?:json|yaml)$/u.test(uri.path)];
    return this.has(uri) ? [uri] : isDescription ? this.files().filter(({ described }) => described?.description.toString() === key).map(one => one.uri) : [];
  }

  /** The files of an action, as of the last look. */
  filesOf(tenantId: string, name: string): readonly Linked[] {
    return this.files().filter(one => one.name === name && this.#linked.tenantId(one.folder) === tenantId);
  }

  /** Tenant and action of a file as one text; nothing where it is not linked, or its folder has no tenant. */
  actionKey(uri: vscode.Uri): string | undefined {
    const linked = this.#files.get(uri.toString());
    const tenantId = linked === undefined ? undefined : this.#linked.tenantId(linked.folder);
    return linked === undefined || tenantId === undefined ? undefined : `${tenantId}/${linked.name}`;
  }

  /** Nothing for a file that is not linked. Never rejects. */
  of(uri: vscode.Uri): Promise<FileState | undefined> {
    const key = uri.toString();
    const linked = this.#files.get(key);
    if (linked === undefined) {
      return Promise.resolve(undefined);
    }
    const state = this.#states.get(key) ?? this.#find(linked);
    this.#states.set(key, state);
    return state;
  }

  async all(): Promise<readonly FileState[]> {
    return (await Promise.all(this.files().map(({ uri }) => this.of(uri)))).filter(one => one !== undefined);
  }

  /** Looks in the workspace for which files are linked, and resolves to them. Never rejects. */
  async look(): Promise<readonly Linked[]> {
    this.#looks += 1;
    const look = this.#looks;
    const files = await this.#linked.allWithGone();
    if (look === this.#looks) {
      const before = this.files();
      this.#files = new Map(files.map(one => [one.uri.toString(), one]));
      this.#states.clear();
      this.#late.clear();
      this.changed.fire(undefined);
      // Files that are linked no more are told by their names: nothing else would have their marks taken away.
      this.changed.fire(new Set(before.map(({ uri }) => uri.toString()).filter(key => !this.#files.has(key))));
    }
    return files;
  }

  /** A tenant's action was read. Costs nothing where no folder has that tenant. */
  noticed(tenant: TenantRef, action: Action): void {
    if (this.#tenantIds().has(tenant.id) && this.#digests.put(tenant.id, action)) {
      this.forget(...this.filesOf(tenant.id, action.name).map(({ uri }) => uri));
    }
  }

  /** Tenants were connected, disconnected or renamed. */
  tenantsChanged(removed: string | undefined): void {
    if (removed !== undefined) {
      this.#digests.forget(removed);
    }
    this.forget(...this.files().map(({ uri }) => uri));
  }

  /** A tenant's list of actions has changed. */
  tenantChanged(tenantId: string): void {
    this.forget(...this.files().filter(({ folder }) => this.#linked.tenantId(folder) === tenantId).map(({ uri }) => uri));
  }

  /** Something about these files has changed. */
  forget(...uris: readonly vscode.Uri[]): void {
    const keys = uris.map(uri => uri.toString()).filter(key => this.#files.has(key));
    keys.forEach(key => {
      this.#states.delete(key);
      this.#late.add(key);
    });
    if (keys.length > 0) {
      this.#timer ??= setTimeout(() => this.#tell(), QUIET_MS);
    }
  }

  /** A file was opened: its action is read, or the list where its action is not known. False without a connected tenant. Rejects with an ApiError. */
  async read(uri: vscode.Uri): Promise<boolean> {
    const state = await this.of(uri);
    if (state?.tenant === undefined) {
      return false;
    }
    const catalog = this.#state.catalog(state.tenant.id);
    if (state.actionId === undefined) {
      // All of them are read with their code, so that one more would tell nothing new.
      await catalog.loadAll();
      return true;
    }
    try {
      const api = await state.tenant.api();
      catalog.put(await api.getAction(state.actionId, { priority: 'background' }));
    } catch (error) {
      if (!isApiError(error) || error.kind !== 'notFound') {
        throw error;
      }
      await catalog.refresh();
    }
    return true;
  }

  /** Reads the lists of these tenants anew, with all pages. What fails is in their catalogs. Never rejects. */
  async refresh(tenants: readonly TenantRef[]): Promise<void> {
    await Promise.all(tenants.map(async ({ id }) => {
      if (this.#state.registry.find(id) !== undefined) {
        const catalog = this.#state.catalog(id);
        await catalog.refresh();
        await catalog.loadAll();
      }
    }));
  }

  /** The connected tenants of the folders with linked files. */
  tenants(): readonly TenantRef[] {
    return [...this.#tenantIds()].flatMap(id => this.#state.registry.find(id) ?? []);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.changed.clear();
  }

  #tenantIds(): ReadonlySet<string> {
    return new Set(this.files().flatMap(({ folder }) => this.#linked.tenantId(folder) ?? []));
  }

  #tell(): void {
    this.#timer = undefined;
    const keys = new Set(this.#late);
    this.#late.clear();
    this.changed.fire(keys);
  }

  async #find(linked: Linked): Promise<FileState> {
    const tenantId = this.#linked.tenantId(linked.folder);
    const tenant = tenantId === undefined ? undefined : this.#state.registry.find(tenantId);
    if (tenantId === undefined || tenant === undefined) {
      return { linked, ...(tenantId === undefined ? {} : { tenantId }) };
    }
    const list = this.#state.catalog(tenantId).list();
    const action = list.items.find(one => one.name === linked.name);
    const digest = action === undefined ? undefined : this.#digests.of(tenantId, action.id);
    const known: FileState = { linked, tenantId, tenant, ...(action === undefined ? {} : { actionId: action.id }), ...(digest?.live === undefined ? {} : { liveNumber: digest.live.number }) };
    if (action === undefined ? !list.complete : digest === undefined) {
      return known;
    }
    try {
      const content = linked.isGone === true ? undefined : await contentOf(linked);
      const { differing, ...facts } = this.#compare(linked.uri, tenantId, content, digest);
      const drift = driftOf({ ...facts, allDeployed: digest?.allDeployed === true, liveIsNewer: digest?.liveIsNewer === true });
      if (drift.file === 'same' && digest !== undefined && content !== undefined && leavesNoDoubt(linked, content)) {
        // From here on it can be told which of the two has changed.
        await this.#bases.sameState(linked.uri, tenantId, digest.state);
      }
      return { ...known, drift, ...(differing.length === 0 ? {} : { differing }) };
    } catch (error) {
      return { ...known, unreadable: isUserError(error) ? error.message : String(error) };
    }
  }

  /** File, draft and live version as digests: of their codes, and of all that a push would send where a description says more than that. */
  #compare(uri: vscode.Uri, tenantId: string, content: FileContent | undefined, digest: ActionDigest | undefined): Pick<DriftFacts, 'file' | 'draft' | 'live' | 'bases'> & { readonly differing: readonly ContentPart[] } {
    const codes = this.#bases.codes(uri, tenantId);
    const file = content === undefined ? undefined : this.#bases.codeDigest(content.code);
    const byCode = {
      ...(file === undefined ? {} : { file }),
      ...(digest === undefined ? {} : { draft: digest.draft.code }),
      ...(digest?.live === undefined ? {} : { live: digest.live.code }),
      bases: codes,
    };
    if (content === undefined || file === undefined || digest === undefined) {
      return { ...byCode, differing: [] };
    }
    const { draft, live, state } = digest;
    const { description } = content;
    const wanted: Content = { ...(description === undefined ? draft : wantedFrom(description, draft)), code: file, secrets: [], modules: [] };
    const differing = differences(wanted, draft);
    if (description === undefined || (draftLike(content) === undefined && differing.every(part => part === 'code'))) {
      return { ...byCode, differing };
    }
    const like = (one: Content): Content => ({ ...one, code: content.code });
    const wasBoth = (one: Content): boolean => this.#bases.isAsBefore(uri, tenantId, content.code, like(one), true);
    const said = this.#bases.stateOf(like(wanted));
    // Of a draft with another code there is only the digest of that: then its code alone says whether the file began from it.
    const isDraftKnown = differing.includes('code') ? codes.includes(draft.code) : wasBoth(draft);
    return {
      file: said,
      draft: state,
      ...(live === undefined ? {} : { live: digest.allDeployed && live.code === draft.code ? state : live.state }),
      // The codes are none of these states: they tell that there was one.
      bases: [...(isDraftKnown ? [state] : []), ...(wasBoth(wanted) ? [said] : []), ...codes],
      differing,
    };
  }
}

/** False where a description leaves something open, or cannot be read at the moment: a dependency that somebody else has added is not ours yet. */
function leavesNoDoubt({ described, name, by }: Linked, content: FileContent): boolean {
  const isDescribed = content.description !== undefined || (described !== undefined && (by === 'description' || described.name === name));
  return !isDescribed || draftLike(content) !== undefined;
}
