/** What can be done with the simulated tenant. Rules and their evidence: drafts build, versions are immutable. */
import { randomUUID } from 'node:crypto';
import { draftStatus, duration, plan, startBuild } from './builds.ts';
import { ApiFailure, badRequest, conflict, invalidBody, notFound } from './errors.ts';
import type { Build, Content, StoredAction, StoredBinding, StoredVersion, TenantData, VersionError } from './model.ts';
import { Modules } from './modules.ts';
import { builtDependencies, liveVersion } from './render.ts';
import { latest } from './times.ts';
import type { Times } from './times.ts';
import { isEntityBound, isTrigger } from './triggers.ts';
import { mergeContent } from './validate.ts';
import type { Json } from './validate.ts';

const MOST_ACTIONS = 100;
const MOST_VERSIONS = 50;
const MOST_BINDINGS = 20;
/** Seen between a deploy's answer and the read that shows it: 35 to 274 ms, median 81. */
const LIVE_AFTER_MS = 80;
/** Between an entity's time and its draft's, in the same answer: 7 to 75 ms were seen. */
const DRAFT_AFTER_MS = 12;
/** A version that control lets fail says `building` for this long, and for a moment even where builds take no time. */
const FAILS_AFTER_MS = 1500;
const FAILS_AT_LEAST_MS = 150;

export class Tenant {
  readonly times: Times;
  readonly #buildScale: number;
  readonly modules: Modules;
  data: TenantData;

  constructor(data: TenantData, times: Times, buildScale: number) {
    this.data = data;
    this.times = times;
    this.#buildScale = buildScale;
    this.modules = new Modules(() => this.data, times);
  }

  /** In order of creation. */
  actions(): readonly StoredAction[] {
    return [...this.data.actions.values()];
  }

  /** @throws ApiFailure 404. */
  action(id: string): StoredAction {
    const action = this.#find(id);
    if (action === undefined) {
      throw notFound('That action does not exist.');
    }
    return action;
  }

  /** By id or name, for control. */
  named(idOrName: unknown): StoredAction | undefined {
    return typeof idOrName === 'string' ? (this.data.actions.get(idOrName.toLowerCase()) ?? this.actions().find(action => action.name === idOrName)) : undefined;
  }

  create(body: Json): StoredAction {
    if (this.data.limited && this.data.actions.size >= MOST_ACTIONS) {
      // The limit is documented, its text was not recorded.
      throw new ApiFailure(403, 'Forbidden', 'You have reached the limit of actions for this tenant.', { errorCode: 'limit_reached' });
    }
    const createdAt = this.times.stamp();
    const updatedAt = this.times.later(createdAt, DRAFT_AFTER_MS);
    const draft = mergeContent('CreateActionRequest', body, undefined, this.data.modules, () => updatedAt);
    const action: StoredAction = {
      id: randomUUID(),
      name: String(body['name']),
      createdAt,
      entityUpdatedAt: createdAt,
      updatedAt,
      draft,
      build: startBuild(draft.dependencies, this.#buildScale, this.times.now()),
      versions: [],
      nextNumber: 1,
    };
    this.data.actions.set(action.id, action);
    if (body['deploy'] === true) {
      this.#addVersion(action, draft, { liveAt: this.times.now(), firstBuild: action.build });
    }
    return action;
  }

  /** Merges; the draft is built anew, also when nothing has changed. */
  patch(id: string, body: Json): StoredAction {
    const action = this.action(id);
    const entityUpdatedAt = this.times.stamp(lastTouched(action));
    const updatedAt = this.times.later(entityUpdatedAt, DRAFT_AFTER_MS);
    const draft = mergeContent('UpdateActionRequest', body, action.draft, this.data.modules, () => updatedAt);
    action.draft = draft;
    action.name = typeof body['name'] === 'string' ? body['name'] : action.name;
    action.entityUpdatedAt = entityUpdatedAt;
    action.updatedAt = updatedAt;
    action.build = action.nextBuildMs === undefined ? startBuild(draft.dependencies, this.#buildScale, this.times.now()) : { plan: plan(action.nextBuildMs), startedAt: this.times.now() };
    delete action.nextBuildMs;
    delete action.held;
    return action;
  }

  delete(id: string, force: boolean): void {
    const action = this.action(id);
    const bound = [...this.data.bindings.values()].some(list => list.some(binding => binding.actionId === action.id));
    if (bound && !force) {
      throw conflict('Unable to delete an action bound to a trigger.');
    }
    for (const [trigger, list] of this.data.bindings) {
      this.data.bindings.set(trigger, list.filter(binding => binding.actionId !== action.id));
    }
    this.data.actions.delete(action.id);
  }

  deploy(id: string): { readonly action: StoredAction; readonly version: StoredVersion } {
    const action = this.action(id);
    if (draftStatus(action, this.times.now()) !== 'built') {
      throw badRequest("A draft must be in the 'built' state before it can be deployed.");
    }
    return { action, version: this.#deployed(action, action.draft) };
  }

  /** A new version with an old one's content; the draft follows only where that is asked for. */
  rollBack(id: string, versionId: string, updateDraft: boolean): { readonly action: StoredAction; readonly version: StoredVersion } {
    const action = this.action(id);
    const old = this.version(action, versionId);
    if (updateDraft) {
      action.entityUpdatedAt = this.times.stamp(lastTouched(action));
      action.updatedAt = this.times.later(action.entityUpdatedAt, DRAFT_AFTER_MS);
      action.draft = old.content;
      action.build = startBuild(old.content.dependencies, this.#buildScale, this.times.now());
      delete action.held;
    }
    return { action, version: this.#deployed(action, old.content) };
  }

  /** @throws ApiFailure 404, also for one that was pruned. */
  version(action: StoredAction, versionId: string): StoredVersion {
    const version = action.versions.find(one => one.id === versionId.toLowerCase());
    if (version === undefined) {
      throw notFound('That action version does not exist.');
    }
    return version;
  }

  bindings(trigger: string): readonly StoredBinding[] {
    if (!isTrigger(trigger)) {
      throw badRequest(`trigger ${trigger} does not exist`);
    }
    return isEntityBound(trigger) ? [] : (this.data.bindings.get(trigger) ?? []);
  }

  /** Replaces the ordered list; every binding gets a new id. */
  bind(trigger: string, wanted: readonly { readonly type: string; readonly value: string; readonly displayName: string | undefined }[]): readonly StoredBinding[] {
    const before = this.bindings(trigger);
    if (isEntityBound(trigger) && wanted.length > 0) {
      // The text follows the one recorded for reading.
      throw badRequest('cannot bind actions to an entity-bound trigger');
    }
    if (wanted.length > MOST_BINDINGS) {
      throw invalidBody(`Array is too long (${wanted.length}), maximum ${MOST_BINDINGS}' on property bindings.`);
    }
    const after = wanted.map(({ type, value, displayName }): StoredBinding => {
      const bound = type === 'binding_id' ? before.find(binding => binding.id === value.toLowerCase()) : undefined;
      const action = this.#bindable(type, bound?.actionId ?? value);
      if (!action.draft.triggers.some(one => one.id === trigger)) {
        throw badRequest('Trying to create a binding between an incompatible action and trigger.');
      }
      if (liveVersion(action, this.times.now()) === undefined) {
        throw badRequest('Trying to create a binding for an action that has not been deployed yet');
      }
      const now = this.times.stamp();
      return { id: randomUUID(), triggerId: trigger, actionId: action.id, displayName: displayName ?? bound?.displayName, createdAt: now, updatedAt: now };
    });
    this.data.bindings.set(trigger, after);
    return after;
  }

  /** Ids are UUIDs, which mean the same in upper case. */
  #find(id: string): StoredAction | undefined {
    return this.data.actions.get(id) ?? this.data.actions.get(id.toLowerCase());
  }

  #bindable(type: string, value: string): StoredAction {
    const action = type === 'action_name' ? this.actions().find(one => one.name === value) : this.#find(value);
    if (action === undefined) {
      throw notFound('That action does not exist.');
    }
    return action;
  }

  /** Control: the draft stays in a status until the next PATCH, or until it is let go. */
  hold(action: StoredAction, status: string | undefined): void {
    if (status === undefined) {
      delete action.held;
    } else {
      action.held = status;
    }
  }

  /** Control: the draft is built in exactly this many milliseconds, now or with the next PATCH. */
  rebuild(action: StoredAction, ms: number, next: boolean): void {
    if (next) {
      action.nextBuildMs = ms;
      return;
    }
    delete action.held;
    action.build = { plan: plan(ms), startedAt: this.times.now() };
  }

  #deployed(action: StoredAction, content: Content): StoredVersion {
    const errors = action.nextFailure;
    delete action.nextFailure;
    const soon = this.#buildScale === 0 ? 0 : LIVE_AFTER_MS;
    return errors === undefined
      ? this.#addVersion(action, content, { liveAt: this.times.now() + soon })
      : this.#addVersion(action, content, { failure: { at: this.times.now() + Math.max(FAILS_AT_LEAST_MS, FAILS_AFTER_MS * Math.min(1, this.#buildScale)), errors } });
  }

  #addVersion(action: StoredAction, content: Content, fate: { liveAt?: number; firstBuild?: Build; failure?: { at: number; errors: readonly VersionError[] } }): StoredVersion {
    const createdAt = this.times.stamp(lastTouched(action));
    const builtAt = this.times.later(createdAt, fate.firstBuild === undefined ? LIVE_AFTER_MS - 2 : Math.max(LIVE_AFTER_MS, duration(fate.firstBuild)));
    const version: StoredVersion = {
      id: randomUUID(),
      number: action.nextNumber,
      content: { ...content, dependencies: builtDependencies(content.dependencies) },
      createdAt,
      builtAt,
      updatedAt: this.times.later(builtAt, 0),
      liveAt: fate.liveAt,
      ...(fate.failure === undefined ? {} : { failure: fate.failure }),
      ...(fate.firstBuild === undefined ? {} : { firstBuild: fate.firstBuild }),
    };
    action.nextNumber += 1;
    action.versions.push(version);
    this.#prune(action);
    return version;
  }

  /** An action keeps 50 versions: the oldest go, but never the live one. */
  #prune(action: StoredAction): void {
    const live = liveVersion(action, this.times.now());
    while (action.versions.length > MOST_VERSIONS) {
      const oldest = action.versions.findIndex(version => version !== live);
      action.versions.splice(oldest, 1);
    }
  }
}

/** The latest time that anything of an action bears: what happens to it next is later. */
function lastTouched(action: StoredAction): string {
  return latest(action.updatedAt, action.versions.at(-1)?.updatedAt ?? '');
}
