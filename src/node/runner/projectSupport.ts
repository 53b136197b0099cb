/** The test support of `@auth0/actions`, where the project has it installed: an `api` that checks arguments as the service does. */
import { createRequire } from 'node:module';

export interface Support {
  readonly version: string;
  /** The event as the project's `api` knows it, with these values, and that `api`. */
  argumentsFor(event: Record<string, unknown>): readonly [Record<string, unknown>, Record<string, unknown>];
}

/** Older packages have types alone. What is there and cannot be used is left out: it must not end a run. */
export function projectSupport(trigger: { readonly id: string; readonly version: string }, roots: readonly string[]): Support | undefined {
  for (const root of roots) {
    try {
      const require = createRequire(root);
      const found = require(`@auth0/actions/${trigger.id}/${trigger.version}/test`) as { getDefaultArguments?: unknown };
      const { version } = require('@auth0/actions/package.json') as { version?: unknown };
      const { getDefaultArguments: make } = found;
      if (typeof make === 'function') {
        return { version: typeof version === 'string' ? version : '?', argumentsFor: event => argumentsOf(make as () => unknown, event) };
      }
    } catch {
      // Not installed from there.
    }
  }
  return undefined;
}

/** Its `api` belongs to the event that it makes: that one gets the values of ours. */
function argumentsOf(make: () => unknown, event: Record<string, unknown>): readonly [Record<string, unknown>, Record<string, unknown>] {
  const [sample, api] = make() as [Record<string, unknown>, Record<string, unknown>];
  for (const key of Object.keys(sample)) {
    Reflect.deleteProperty(sample, key);
  }
  return [Object.assign(sample, event), api];
}
