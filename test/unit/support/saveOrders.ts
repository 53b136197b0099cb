/** Two people who read, edit, save and deploy the same draft, in every order that keeps each one's own. */
import type { ConflictChoice } from '../../../src/actions/saveRun.ts';
import { runDeployment } from '../../../src/actions/deployRun.ts';
import type { ActionChange, ManagementApi } from '../../../src/auth0/api.ts';
import type { Clock } from '../../../src/auth0/clock.ts';
import { Editor } from './editor.ts';

const STEPS = ['read', 'edit', 'save', 'deploy'] as const;

export interface OrdersResult {
  readonly cases: number;
  /** Orders in which a write replaced a text that the writer had never seen, or an unsaved text is gone. */
  readonly lost: readonly string[];
  /** Orders in which a person was asked about a text that was no news to them. */
  readonly falseAlarms: readonly string[];
}

export interface OrdersOptions {
  readonly choice: ConflictChoice;
  /** Whether editors hear of changes when somebody has saved. */
  readonly follows: boolean;
  readonly clock: Clock;
  /** A service with one action, new for each order. */
  readonly service: () => ManagementApi | Promise<ManagementApi>;
  readonly actionId?: string;
}

export async function saveOrders(options: OrdersOptions): Promise<OrdersResult> {
  const orders = interleavings(STEPS.length, STEPS.length);
  const lost: string[] = [];
  const falseAlarms: string[] = [];
  for (const order of orders) {
    const found = await play(options, order);
    if (found.lost) {
      lost.push(order);
    }
    if (found.falseAlarm) {
      falseAlarms.push(order);
    }
  }
  return { cases: orders.length, lost, falseAlarms };
}

/** One order, such as `aabbabab`. */
async function play({ choice, follows, clock, service, actionId = 'a1' }: OrdersOptions, order: string): Promise<{ lost: boolean; falseAlarm: boolean }> {
  const api = await service();
  const result = { lost: false, falseAlarm: false };
  const people = new Map<string, { readonly editor: Editor; readonly api: ManagementApi; step: number }>();
  for (const name of ['a', 'b']) {
    const own: ManagementApi = {
      ...delegate(api),
      updateAction: async (id, change: ActionChange, o) => {
        const before = (await api.getAction(id)).code;
        const person = people.get(name);
        result.lost ||= person?.editor.seen.has(before) !== true && before !== change.code;
        return api.updateAction(id, change, o);
      },
    };
    people.set(name, { editor: new Editor(own, clock, undefined, actionId), api: own, step: 0 });
  }
  for (const name of order) {
    const person = people.get(name);
    const step = person === undefined ? undefined : STEPS[person.step];
    if (person === undefined || step === undefined) {
      throw new Error(`there is no step in ${order}`);
    }
    person.step += 1;
    const { editor } = person;
    switch (step) {
      case 'read': await editor.open(); break;
      case 'edit': await editor.edit(`${editor.text}\n// edited by ${name}`); break;
      case 'save': {
        const wanted = editor.text;
        const known = new Set(editor.seen);
        const asked = editor.conflicts.length;
        const outcome = await editor.save(choice);
        result.falseAlarm ||= editor.conflicts.slice(asked).some(theirs => known.has(theirs.code));
        // Whoever declines, or compares, still has the text; whoever takes theirs gave it up knowingly.
        result.lost ||= (outcome.kind === 'declined' || outcome.kind === 'compare') && (editor.text !== wanted || !editor.dirty);
        if (outcome.kind === 'compare' && (await editor.save('cancel')).kind !== 'saved') {
          result.lost = true;
        }
        break;
      }
      case 'deploy': {
        const { kind } = await runDeployment({ api: person.api, actionId, clock, random: () => 0.5, signal: new AbortController().signal, onPhase: () => undefined, onAction: () => undefined, onVersion: () => undefined });
        result.lost ||= kind !== 'live';
        break;
      }
    }
    if (follows) {
      for (const one of people.values()) {
        if (one.step > 0) {
          await one.editor.notice();
        }
      }
    }
  }
  return result;
}

/** All texts of `a` times the letter a and `b` times the letter b. */
function interleavings(a: number, b: number): readonly string[] {
  if (a === 0 || b === 0) {
    return ['a'.repeat(a) + 'b'.repeat(b)];
  }
  return [...interleavings(a - 1, b).map(rest => `a${rest}`), ...interleavings(a, b - 1).map(rest => `b${rest}`)];
}

/** The calls of a service that may keep them on its prototype. */
function delegate(api: ManagementApi): ManagementApi {
  return {
    listActions: (...args) => api.listActions(...args), getAction: (...args) => api.getAction(...args), listVersions: (...args) => api.listVersions(...args),
    getVersion: (...args) => api.getVersion(...args), deployAction: (...args) => api.deployAction(...args), deployVersion: (...args) => api.deployVersion(...args),
    createAction: (...args) => api.createAction(...args), updateAction: (...args) => api.updateAction(...args), deleteAction: (...args) => api.deleteAction(...args),
    listModules: (...args) => api.listModules(...args), listModuleVersions: (...args) => api.listModuleVersions(...args), listTriggers: (...args) => api.listTriggers(...args),
    testAction: (...args) => api.testAction(...args), listFailedRuns: (...args) => api.listFailedRuns(...args), getExecution: (...args) => api.getExecution(...args),
    listBindings: (...args) => api.listBindings(...args), updateBindings: (...args) => api.updateBindings(...args), headroom: () => api.headroom(),
  };
}
