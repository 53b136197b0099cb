/** One action's draft as the service keeps it: a sent list replaces the whole list, a secret without a value keeps value and age. */
import type { Action, ActionChange } from '../../../src/auth0/api.ts';
import { action, apiError } from './things.ts';

export class DraftService {
  reads = 0;
  readonly changes: ActionChange[] = [];
  readonly values = new Map<string, string>();
  /** Runs when a read arrives; may throw. */
  onRead: ((nth: number) => void) | undefined;
  /** In place of acting and answering. */
  onChange: ((act: () => Action, change: ActionChange) => Action) | undefined;
  #action: Action;
  #tick = 0;

  constructor(start: Partial<Action> = {}) {
    this.#action = action('a1', start);
  }

  get action(): Action {
    return this.#action;
  }

  get secretNames(): readonly string[] {
    return this.#action.secrets.map(one => one.name);
  }

  getAction = (): Promise<Action> => {
    this.reads += 1;
    return new Promise(resolve => {
      this.onRead?.(this.reads);
      resolve(this.#action);
    });
  };

  updateAction = (_id: string, change: ActionChange): Promise<Action> => {
    this.changes.push(change);
    return new Promise(resolve => resolve(this.onChange?.(() => this.act(change), change) ?? this.act(change)));
  };

  /** What the service does with a change, whoever sends it. */
  act({ secrets, modules, ...change }: ActionChange): Action {
    const before = this.#action;
    this.#tick += 1;
    // Nine digits, of which a Date would drop the last six.
    const updatedAt = `2026-05-20T12:00:00.000${String(this.#tick).padStart(6, '0')}Z`;
    const kept = secrets?.map(({ name, value }) => {
      const known = before.secrets.find(one => one.name === name);
      if (value === undefined && known === undefined) {
        throw apiError('invalid', 'PATCH');
      }
      return value === undefined && known !== undefined ? known : { name, updatedAt };
    });
    if (kept !== undefined) {
      for (const name of [...this.values.keys()].filter(one => !kept.some(secret => secret.name === one))) {
        this.values.delete(name);
      }
      secrets?.forEach(({ name, value }) => value === undefined || this.values.set(name, value));
    }
    this.#action = {
      ...before,
      ...change,
      ...(kept === undefined ? {} : { secrets: kept }),
      ...(modules === undefined ? {} : { modules: modules.map(one => ({ name: `Module ${one.id}`, ...one })) }),
      status: 'pending',
      updatedAt,
    };
    return this.#action;
  }
}
