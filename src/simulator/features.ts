/** Parts of the API that a tenant may not have. */
import { ApiFailure, ControlError } from './errors.ts';

const PATHS: Readonly<Record<string, string>> = { actions: '/api/v2/actions', modules: '/api/v2/actions/modules' };

export class Features {
  readonly #off = new Set<string>();

  /** Control: `{ "actions": false }` takes a feature away, `true` gives it back. @throws ControlError for one that does not exist. */
  change(wanted: Readonly<Record<string, unknown>>): void {
    const changes = Object.entries(wanted);
    if (changes.length === 0 || changes.some(([name, on]) => !Object.hasOwn(PATHS, name) || typeof on !== 'boolean')) {
      throw new ControlError(`Send { name: true or false }, with a name out of ${Object.keys(PATHS).join(', ')}.`);
    }
    for (const [name, on] of changes) {
      if (on === true) {
        this.#off.delete(name);
      } else {
        this.#off.add(name);
      }
    }
  }

  /** @throws ApiFailure 403 for a path of a feature that is off. */
  check(path: string): void {
    if ([...this.#off].some(name => path.startsWith(PATHS[name] ?? ''))) {
      throw new ApiFailure(403, 'Forbidden', 'This feature is not enabled for this tenant.', { errorCode: 'feature_not_enabled' });
    }
  }

  reset(): void {
    this.#off.clear();
  }
}
