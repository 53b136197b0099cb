/** Control of the simulator, outside `/api` and without a token: for tests and for the curious. */
import type { Access } from './access.ts';
import type { ServiceClock } from './clock.ts';
import { ControlError } from './errors.ts';
import type { Faults } from './faults.ts';
import type { Features } from './features.ts';
import type { StoredAction, VersionError } from './model.ts';
import { wholeState } from './routes.ts';
import type { SignIn } from './signIn.ts';
import { controlSignIn } from './signInControl.ts';
import type { Tenant } from './tenant.ts';

export interface Controlled {
  readonly tenant: Tenant;
  readonly faults: Faults;
  readonly access: Access;
  readonly signIn: SignIn;
  readonly clock: ServiceClock;
  readonly features: Features;
  /**
   * Back to a seed: the one it was started with, unless one is named. Faults end, the rate limit has its whole room, and
   * clock, features, scopes and tokens are as at the start.
   */
  readonly reset: (seed?: string) => void;
}

/** Does what a control request asks for and returns the JSON of its answer. @throws ControlError with what is wrong. */
export function control(parts: Controlled, method: string, path: string, body: unknown): object {
  const fields = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  switch (`${method} ${path}`) {
    case 'GET /simulator/state': return wholeState(parts.tenant);
    case 'POST /simulator/reset':
      parts.reset(typeof fields['seed'] === 'string' ? fields['seed'] : undefined);
      return { ok: true };
    case 'POST /simulator/faults':
      parts.faults.replace(body);
      return { ok: true };
    case 'POST /simulator/next-version':
      if (fields['status'] !== 'failed') {
        throw new ControlError('status is "failed".');
      }
      actionOf(parts, fields).nextFailure = readErrors(fields['errors']);
      return { ok: true };
    case 'POST /simulator/hold':
      if (fields['status'] !== null && typeof fields['status'] !== 'string') {
        throw new ControlError('status is a status of drafts, or null to let go.');
      }
      parts.tenant.hold(actionOf(parts, fields), typeof fields['status'] === 'string' ? fields['status'] : undefined);
      return { ok: true };
    case 'POST /simulator/builds':
      if (typeof fields['ms'] !== 'number' || fields['ms'] < 0) {
        throw new ControlError('ms is a number of 0 or more.');
      }
      parts.tenant.rebuild(actionOf(parts, fields), fields['ms'], fields['next'] === true);
      return { ok: true };
    default: {
      const result = controlSignIn(parts, method, path, fields);
      if (result === undefined) {
        throw new ControlError(`There is no ${method} ${path}. Control knows GET state and sign-ins, POST reset, faults, next-version, hold, builds, device, tokens, clock, features and scopes.`);
      }
      return result;
    }
  }
}

function actionOf(parts: Controlled, fields: Readonly<Record<string, unknown>>): StoredAction {
  const action = parts.tenant.named(fields['action']);
  if (action === undefined) {
    throw new ControlError(`There is no action ${JSON.stringify(fields['action'])}.`);
  }
  return action;
}

function readErrors(value: unknown): readonly VersionError[] {
  return (Array.isArray(value) ? value : []).map((item: unknown) => {
    const error = typeof item === 'object' && item !== null ? (item as Readonly<Record<string, unknown>>) : {};
    const text = (name: string): string => (typeof error[name] === 'string' ? error[name] : '');
    return { id: text('id'), msg: text('msg'), url: text('url') };
  });
}
