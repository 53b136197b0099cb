/** What sending a repository's action to a tenant would change there. */
import type { Action, ActionChange, Content, NewAction, TriggerRef } from '../../auth0/api.ts';
import { changesBetween } from '../comparison.ts';
import type { Change } from '../comparison.ts';
import { plainLines } from '../content.ts';
import type { CodeProblem, DescribedAction, LocalMark } from './repository.ts';
import type { StatedList } from './stated.ts';

/** Why an action of a repository cannot be sent as it is. */
export type PushObstacle =
  | { readonly kind: 'marks'; readonly marks: readonly LocalMark[] }
  | { readonly kind: 'code'; readonly problem: CodeProblem; readonly path?: string }
  /** Several descriptions have this name. */
  | { readonly kind: 'double' }
  /** The description cannot be read at all. */
  | { readonly kind: 'unreadable' }
  /** Lists of the description that cannot be read. */
  | { readonly kind: 'unclear'; readonly lists: readonly StatedList[] }
  /** Lists that the tenant's answer lacks: what is sent in their place would remove what is there. */
  | { readonly kind: 'unread'; readonly lists: readonly string[] }
  /** An action of the Marketplace: its code is its maker's. */
  | { readonly kind: 'marketplace' };

/** What of an action differs from its description, and how it would be sent. */
export interface Difference {
  /** Facts for people; of secrets, those whose names come or go. */
  readonly changes: readonly Change[];
  /** Code, dependencies, runtime and triggers, as one PATCH. Absent where they are the same. */
  readonly change?: ActionChange;
  /** Names that the tenant has no secret for: they need a value. */
  readonly newSecrets: readonly string[];
  /** Names of secrets that the description does not have. */
  readonly goneSecrets: readonly string[];
  /** The description pins other modules: these are not sent. */
  readonly modulesDiffer: boolean;
}

/** What stands in the way of sending; nothing where nothing does. */
export function obstacleOf(described: DescribedAction, action: Action | undefined, doubles: readonly string[]): PushObstacle | undefined {
  const { stated, codeProblem, codePath, open } = described;
  if (open.length > 0) {
    return { kind: 'marks', marks: open };
  }
  if (codeProblem !== undefined) {
    return { kind: 'code', problem: codeProblem, ...(codePath === undefined ? {} : { path: codePath }) };
  }
  if (doubles.includes(stated.action.name)) {
    return { kind: 'double' };
  }
  const unclear = stated.unclear.filter(list => list !== 'modules');
  if (unclear.length > 0) {
    return { kind: 'unclear', lists: unclear };
  }
  const unread = (action?.unread ?? []).filter(list => list !== 'modules' && !stated.unstated.includes(list));
  if (unread.length > 0) {
    return { kind: 'unread', lists: unread };
  }
  return action?.integration === true ? { kind: 'marketplace' } : undefined;
}

/**
 * A draft as it would be if it held what a described action, marks replaced, says. Codes that differ in their line ends
 * alone are the same: git and editors change these.
 */
export function wantedFrom({ stated, code }: Pick<DescribedAction, 'stated' | 'code'>, draft: Content): Content {
  const { unstated } = stated;
  const names = new Set(stated.action.secrets);
  return {
    code: code === undefined || plainLines(code) === plainLines(draft.code) ? draft.code : code,
    ...runtimeOf(stated.action.runtime ?? draft.runtime),
    dependencies: unstated.includes('dependencies') ? draft.dependencies : stated.dependencies,
    secrets: unstated.includes('secrets') ? draft.secrets : [...draft.secrets.filter(({ name }) => names.has(name)), ...stated.action.secrets.filter(name => !draft.secrets.some(one => one.name === name)).map(name => ({ name }))],
    triggers: unstated.includes('triggers') ? draft.triggers : stated.action.triggers.map(trigger => withVersion(trigger, draft.triggers)),
    modules: draft.modules,
  };
}

/** The difference between a described action, marks replaced, and the tenant's as it was read. */
export function differenceOf({ stated, code }: Pick<DescribedAction, 'stated' | 'code'>, action: Action): Difference {
  const wanted = wantedFrom({ stated, ...(code === undefined ? {} : { code }) }, action);
  const changes = changesBetween(action, wanted);
  const differs = (part: Change['part']): boolean => changes.some(change => change.part === part);
  const change: ActionChange = {
    ...(differs('code') ? { code: wanted.code } : {}),
    ...(differs('runtime') && wanted.runtime !== undefined ? { runtime: wanted.runtime } : {}),
    ...(differs('dependencies') ? { dependencies: wanted.dependencies } : {}),
    ...(differs('triggers') ? { triggers: wanted.triggers } : {}),
  };
  return {
    changes,
    ...(Object.keys(change).length === 0 ? {} : { change }),
    newSecrets: wanted.secrets.filter(({ name }) => !action.secrets.some(one => one.name === name)).map(({ name }) => name),
    goneSecrets: action.secrets.filter(({ name }) => !wanted.secrets.some(one => one.name === name)).map(({ name }) => name),
    modulesDiffer: !stated.unstated.includes('modules') && pins(stated.modules) !== pins(action.modules.map(({ name, versionNumber }) => ({ name, ...(versionNumber === undefined ? {} : { number: versionNumber }) }))),
  };
}

/** A described action that the tenant does not have. Its secrets need values, and are set in a call of their own. */
export function newActionOf({ stated, code }: Pick<DescribedAction, 'stated' | 'code'>): NewAction {
  return {
    name: stated.action.name,
    code: code ?? '',
    triggers: stated.action.triggers,
    ...runtimeOf(stated.action.runtime),
    ...(stated.unstated.includes('dependencies') ? {} : { dependencies: stated.dependencies }),
  };
}

function runtimeOf(runtime: string | undefined): { readonly runtime?: string } {
  return runtime === undefined ? {} : { runtime };
}

/** A description may leave out the version, which then is the one there is. */
function withVersion(trigger: TriggerRef, present: readonly TriggerRef[]): TriggerRef {
  return trigger.version === undefined ? present.find(({ id }) => id === trigger.id) ?? trigger : trigger;
}

function pins(modules: readonly { readonly name: string; readonly number?: number }[]): string {
  return JSON.stringify(modules.map(({ name, number }) => JSON.stringify([name, number])).sort());
}
