/** Control of the simulator, outside `/api` and without a token: for tests and for the curious. */
import type { Access } from './access.ts';
import { words } from './access.ts';
import { ControlError } from './errors.ts';
import type { Faults } from './faults.ts';
import type { StoredAction, VersionError } from './model.ts';
import { wholeState } from './routes.ts';
import type { SignIn } from './signIn.ts';
import type { Tenant } from './tenant.ts';

export interface Controlled {
  readonly tenant: Tenant;
  readonly faults: Faults;
  readonly access: Access;
  readonly signIn: SignIn;
  /** What control turns on and off. */
  readonly switches: { actions: boolean; skewMs: number };
  /** Back to a seed: the one it was started with, unless one is named. Faults end, and the rate limit has its whole room. */
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
      parts.tenant.rebuild(actionOf(parts, fields), fields['ms']);
      return { ok: true };
    case 'GET /simulator/sign-ins': return parts.signIn.counts();
    case 'POST /simulator/device':
      parts.signIn.decide(fields['decision'], fields['user_code']);
      return { ok: true };
    case 'POST /simulator/tokens': {
      const how = typeof fields['revoke'] === 'string' ? 'revoke' : 'expire';
      const which = fields[how];
      if (typeof which !== 'string') {
        throw new ControlError('revoke or expire is a token, or "all".');
      }
      parts.access.end(which, how);
      return { ok: true };
    }
    case 'POST /simulator/scopes':
      if (typeof fields['scopes'] !== 'string') {
        throw new ControlError('scopes is a text.');
      }
      parts.access.scopes = words(fields['scopes']);
      return { ok: true };
    case 'POST /simulator/clock':
      if (typeof fields['skewMs'] !== 'number') {
        throw new ControlError('skewMs is a number of milliseconds.');
      }
      parts.switches.skewMs = fields['skewMs'];
      return { ok: true };
    case 'POST /simulator/features':
      parts.switches.actions = fields['actions'] !== false;
      return { ok: true };
    default:
      throw new ControlError(`There is no ${method} ${path}. Control knows GET state and sign-ins, POST reset, faults, next-version, hold, builds, device, tokens, scopes, clock and features.`);
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
