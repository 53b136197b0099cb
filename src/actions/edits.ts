/**
 * Changes of an action besides its code. An edit is described by what it means ("set secret A", "remove dependency b"),
 * laid over the action as it was just read, and sent once, as the one field that it concerns. The service replaces
 * whole lists and takes no precondition, so that afterwards everything else of the field is compared with what it was:
 * a loss is a result of its own. What somebody else adds between the reading and the call is lost unseen: nothing in
 * the service's interface closes that moment.
 */
import type { Action, ActionChange, ManagementApi } from '../auth0/api.ts';
import type { Clock } from '../auth0/clock.ts';
import { ApiError, isApiError, isRefusal } from '../auth0/errors.ts';
import { untilClear } from './lostChange.ts';
import { sortableTime } from './versionCall.ts';

/** Documented: what an action can have. */
export const MOST_SECRETS = 30;
export const MOST_DEPENDENCIES = 10;

export type Edit =
  /** Adds, or gives a new value to, each of these. */
  | { readonly kind: 'setSecrets'; readonly values: ReadonlyMap<string, string> }
  | { readonly kind: 'removeSecret'; readonly name: string }
  | { readonly kind: 'addDependency'; readonly name: string; readonly version: string }
  | { readonly kind: 'setDependencyVersion'; readonly name: string; readonly version: string }
  | { readonly kind: 'removeDependency'; readonly name: string }
  /** Takes a module into use, or another version of it. Its name and the version's number are for people. */
  | { readonly kind: 'pinModule'; readonly moduleId: string; readonly versionId: string; readonly name: string; readonly number: number }
  | { readonly kind: 'setRuntime'; readonly runtime: string }
  | { readonly kind: 'rename'; readonly name: string };

/** What else of the field is not what it was, by name. */
export interface Loss {
  readonly gone: readonly string[];
  /** Still there, with another age or version. */
  readonly altered: readonly string[];
}

export type EditOutcome =
  | { readonly kind: 'done'; readonly action: Action }
  /** Done, and something was lost or altered that was not meant. */
  | { readonly kind: 'loss'; readonly action: Action; readonly loss: Loss }
  /** The action is like that already: nothing was sent. */
  | { readonly kind: 'unchanged'; readonly action: Action }
  /** What is to be changed or removed is not there, or what is to be added is: nothing was sent. */
  | { readonly kind: 'gone' | 'there'; readonly action: Action }
  /** It would be more than an action can have: nothing was sent. */
  | { readonly kind: 'full'; readonly action: Action; readonly most: number }
  | { readonly kind: 'declined'; readonly action: Action }
  /** The service refused it, or never acted on it. */
  | { readonly kind: 'notDone'; readonly action?: Action; readonly error: unknown }
  /** Sent, and what became of it cannot be told. */
  | { readonly kind: 'unknown'; readonly action?: Action; readonly error?: unknown };

export interface EditRequest {
  readonly api: Pick<ManagementApi, 'getAction' | 'updateAction'>;
  readonly actionId: string;
  readonly edit: Edit;
  readonly clock: Clock;
  /** Shows what will change; asked again, with `meanwhile`, where that changed while the question was open. */
  readonly confirm?: (action: Action, meanwhile: boolean) => Promise<boolean>;
}

type Plan = { readonly kind: 'send'; readonly change: ActionChange } | { readonly kind: 'unchanged' | 'gone' | 'there' } | { readonly kind: 'full'; readonly most: number };

/**
 * Reads the action, sends the change once, and compares.
 * @throws ApiError when the action cannot be read before anything was sent.
 */
export async function editAction(request: EditRequest): Promise<EditOutcome> {
  const { api, actionId, edit, confirm } = request;
  let action = await readWhole(request);
  let plan = planOf(action, edit);
  for (let meanwhile = false; plan.kind === 'send' && confirm !== undefined; meanwhile = true) {
    if (!(await confirm(action, meanwhile))) {
      return { kind: 'declined', action };
    }
    action = await readWhole(request);
    const shown = plan;
    plan = planOf(action, edit);
    if (JSON.stringify(shown) === JSON.stringify(plan)) {
      break;
    }
  }
  if (plan.kind !== 'send') {
    return { ...plan, action };
  }
  try {
    const answer = await api.updateAction(actionId, plan.change);
    const outcome = compare(action, answer, edit);
    // An answer that does not show the change is none: the action itself says what it is.
    return outcome ?? (await findOut(request, action, undefined));
  } catch (error) {
    const told = edit.kind === 'setSecrets' ? withoutValues(error, [...edit.values.values()]) : error;
    return isRefusal(error) ? { kind: 'notDone', action, error: told } : findOut(request, action, told);
  }
}

/** A refusal may quote what it refuses, and its words are shown and logged. */
function withoutValues(error: unknown, values: readonly string[]): unknown {
  const said = isApiError(error) ? error.serviceMessage : undefined;
  if (!isApiError(error) || said === undefined) {
    return error;
  }
  // A shorter one tells nothing, and would tear holes into the words.
  const forms = values.filter(value => value.length >= 4).flatMap(value => [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\uFFFD'))]);
  const clean = forms.sort((a, b) => b.length - a.length).reduce((text, form) => text.replaceAll(form, '…'), said);
  return clean === said ? error : new ApiError(error.kind, { method: error.method, path: error.path, serviceMessage: clean, missingScopes: error.missingScopes, featureMissing: error.featureMissing, ...(error.status === undefined ? {} : { status: error.status }) });
}

/** An action of which nothing is missing that would be lost by being sent back. */
async function readWhole({ api, actionId, edit }: EditRequest): Promise<Action> {
  const action = await api.getAction(actionId);
  const field = fieldOf(edit);
  if (field !== undefined && (action.unread?.includes(field) === true || entriesOf(action, field).some(([key, mark]) => key === '' || (mark === '' && field !== 'secrets')))) {
    throw new ApiError('malformed', { method: 'GET', path: `/api/v2/actions/actions/${actionId}`, incomplete: true });
  }
  return action;
}

/** What an edit means for an action as it is. */
function planOf(action: Action, edit: Edit): Plan {
  const { secrets, dependencies, modules } = action;
  const has = (list: readonly { readonly name: string }[], name: string): boolean => list.some(one => one.name === name);
  switch (edit.kind) {
    case 'setSecrets': {
      const wanted = [...secrets.filter(one => !edit.values.has(one.name)).map(({ name }) => ({ name })), ...[...edit.values].map(([name, value]) => ({ name, value }))];
      return edit.values.size === 0 ? { kind: 'unchanged' } : limited(wanted.length, secrets.length, MOST_SECRETS, { secrets: wanted });
    }
    case 'removeSecret':
      return has(secrets, edit.name) ? { kind: 'send', change: { secrets: secrets.filter(one => one.name !== edit.name).map(({ name }) => ({ name })) } } : { kind: 'gone' };
    case 'addDependency': {
      const { name, version } = edit;
      const wanted = [...dependencies, { name, version }];
      return has(dependencies, name) ? { kind: 'there' } : limited(wanted.length, dependencies.length, MOST_DEPENDENCIES, { dependencies: wanted });
    }
    case 'setDependencyVersion': {
      const { name, version } = edit;
      if (!has(dependencies, name)) {
        return { kind: 'gone' };
      }
      return dependencies.every(one => one.name !== name || one.version === version) ? { kind: 'unchanged' } : { kind: 'send', change: { dependencies: dependencies.map(one => (one.name === name ? { ...one, version } : one)) } };
    }
    case 'removeDependency':
      return has(dependencies, edit.name) ? { kind: 'send', change: { dependencies: dependencies.filter(one => one.name !== edit.name) } } : { kind: 'gone' };
    case 'pinModule': {
      const { moduleId, versionId } = edit;
      if (modules.some(one => one.id === moduleId && one.versionId === versionId)) {
        return { kind: 'unchanged' };
      }
      const others = modules.filter(one => one.id !== moduleId).map(one => ({ id: one.id, versionId: one.versionId ?? '' }));
      return { kind: 'send', change: { modules: [...others, { id: moduleId, versionId }] } };
    }
    case 'setRuntime': return action.runtime === edit.runtime ? { kind: 'unchanged' } : { kind: 'send', change: { runtime: edit.runtime } };
    case 'rename': return action.name === edit.name ? { kind: 'unchanged' } : { kind: 'send', change: { name: edit.name } };
  }
}

/** A list that is too long already may be sent back as long as it was. */
function limited(length: number, before: number, most: number, change: ActionChange): Plan {
  return length > most && length > before ? { kind: 'full', most } : { kind: 'send', change };
}

type Field = 'secrets' | 'dependencies' | 'modules';

function fieldOf(edit: Edit): Field | undefined {
  switch (edit.kind) {
    case 'setSecrets':
    case 'removeSecret': return 'secrets';
    case 'addDependency':
    case 'setDependencyVersion':
    case 'removeDependency': return 'dependencies';
    case 'pinModule': return 'modules';
    case 'setRuntime':
    case 'rename': return undefined;
  }
}

/** A field as pairs of what an entry is known by and what tells that it is the same as before. */
function entriesOf(action: Action, field: Field): readonly (readonly [key: string, mark: string])[] {
  switch (field) {
    case 'secrets': return action.secrets.map(one => [one.name, sortableTime(one.updatedAt)] as const);
    case 'dependencies': return action.dependencies.map(one => [one.name, one.version] as const);
    case 'modules': return action.modules.map(one => [one.id, one.versionId ?? ''] as const);
  }
}

/** Whether an entry is one that the edit is about. */
function isMeant(edit: Edit, key: string): boolean {
  switch (edit.kind) {
    case 'setSecrets': return edit.values.has(key);
    case 'pinModule': return edit.moduleId === key;
    case 'setRuntime': return false;
    default: return edit.name === key;
  }
}

/** True where the action shows what was meant. */
function shows(before: Action, after: Action, edit: Edit): boolean {
  switch (edit.kind) {
    case 'setSecrets': {
      const [old, now] = [new Map(entriesOf(before, 'secrets')), new Map(entriesOf(after, 'secrets'))];
      // Values never come back: a new age is all that tells.
      return [...edit.values.keys()].every(name => {
        const [before, age] = [old.get(name), now.get(name)];
        return age !== undefined && (before === undefined || age > before);
      });
    }
    case 'removeSecret': return !after.secrets.some(one => one.name === edit.name);
    case 'addDependency':
    case 'setDependencyVersion': return after.dependencies.some(one => one.name === edit.name) && after.dependencies.every(one => one.name !== edit.name || one.version === edit.version);
    case 'removeDependency': return !after.dependencies.some(one => one.name === edit.name);
    case 'pinModule': return after.modules.some(one => one.id === edit.moduleId && one.versionId === edit.versionId);
    case 'setRuntime': return after.runtime === edit.runtime;
    case 'rename': return after.name === edit.name;
  }
}

/** The result that an action shows; `undefined` where it does not show the change. */
function compare(before: Action, after: Action, edit: Edit): (EditOutcome & { kind: 'done' | 'loss' }) | undefined {
  if (!shows(before, after, edit)) {
    return undefined;
  }
  const loss = lossOf(before, after, edit);
  return loss.gone.length + loss.altered.length === 0 ? { kind: 'done', action: after } : { kind: 'loss', action: after, loss };
}

/** What of the field was not meant and is not what it was. */
export function lossOf(before: Action, after: Action, edit: Edit): Loss {
  const field = fieldOf(edit);
  if (field === undefined) {
    return { gone: [], altered: [] };
  }
  const now = new Map(entriesOf(after, field));
  const others = entriesOf(before, field).filter(([key]) => !isMeant(edit, key));
  const names = (keys: readonly (readonly [string, string])[]): readonly string[] => keys.map(([key]) => (field === 'modules' ? (before.modules.find(one => one.id === key)?.name ?? key) : key));
  return { gone: names(others.filter(([key]) => !now.has(key))), altered: names(others.filter(([key, mark]) => now.has(key) && now.get(key) !== mark)) };
}

/** The answer was lost: reads the action until it shows the change, or has shown nothing of it for so long that it had no effect. */
async function findOut({ api, actionId, edit, clock }: EditRequest, before: Action, cause: unknown): Promise<EditOutcome> {
  const field = fieldOf(edit);
  const same = (after: Action): boolean => (field === undefined ? true : JSON.stringify(sorted(before, field)) === JSON.stringify(sorted(after, field)));
  return untilClear<EditOutcome>(clock, cause, async late => {
    try {
      const after = await api.getAction(actionId);
      const outcome = compare(before, after, edit);
      if (outcome !== undefined) {
        return outcome;
      }
      if (!late) {
        return undefined;
      }
      return same(after) ? { kind: 'notDone', action: after, error: cause } : { kind: 'unknown', action: after };
    } catch (error) {
      return late ? { kind: 'unknown', error } : undefined;
    }
  });
}

function sorted(action: Action, field: Field): readonly string[] {
  return entriesOf(action, field).map(entry => JSON.stringify(entry)).sort();
}
