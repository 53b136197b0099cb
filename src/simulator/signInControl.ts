/** Control of signing in: what a person would decide elsewhere, and what time or an administrator would do to tokens. */
import type { Controlled } from './control.ts';
import { ControlError } from './errors.ts';

const DECISIONS: Readonly<Record<string, 'approved' | 'denied' | 'expired'>> = { approve: 'approved', deny: 'denied', expire: 'expired' };

/** The JSON of the answer, or `undefined` for a request that is not about signing in. @throws ControlError with what is wrong. */
export function controlSignIn(parts: Controlled, method: string, path: string, fields: Readonly<Record<string, unknown>>): object | undefined {
  switch (`${method} ${path}`) {
    case 'GET /simulator/sign-ins': return parts.signIn.counts;
    case 'POST /simulator/device': return decide(parts, fields);
    case 'POST /simulator/tokens': return endTokens(parts, fields);
    case 'POST /simulator/clock':
      if (typeof fields['skewMs'] !== 'number' || !Number.isFinite(fields['skewMs'])) {
        throw new ControlError('skewMs is a number, negative for a clock that is behind.');
      }
      parts.clock.skewMs = fields['skewMs'];
      return { ok: true };
    case 'POST /simulator/features':
      parts.features.change(fields);
      return { ok: true };
    case 'POST /simulator/scopes':
      if (typeof fields['scopes'] !== 'string') {
        throw new ControlError('scopes is a text, with spaces between them.');
      }
      parts.access.rescope(fields['scopes']);
      return { ok: true };
    default: return undefined;
  }
}

function decide({ signIn }: Controlled, fields: Readonly<Record<string, unknown>>): object {
  const state = DECISIONS[String(fields['decision'])];
  const named = fields['user_code'];
  if (state === undefined || (named !== undefined && typeof named !== 'string')) {
    throw new ControlError('decision is approve, deny or expire; user_code names a code, or the newest is meant.');
  }
  const device = signIn.devices.decide(state, named);
  if (device === undefined) {
    throw new ControlError(named === undefined ? 'No device code waits for a decision.' : `There is no device with the user code ${named}.`);
  }
  return { ok: true, user_code: device.userCode };
}

function endTokens({ access }: Controlled, { revoke, expire }: Readonly<Record<string, unknown>>): object {
  const token = revoke ?? expire;
  if (typeof token !== 'string' || (revoke !== undefined && expire !== undefined)) {
    throw new ControlError('Send { revoke } or { expire }, with "all" or a token.');
  }
  if (!access.end(token, revoke === undefined ? 'expired' : 'revoked')) {
    // Not named: what was sent may be a token all the same.
    throw new ControlError('That token was never given out here.');
  }
  return { ok: true };
}
