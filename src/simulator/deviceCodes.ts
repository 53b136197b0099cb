/** Device codes: what a program shows, and what a person decides elsewhere (here: control). */
import { randomBytes, randomInt } from 'node:crypto';
import { OAuthFailure, invalidGrant } from './oauthErrors.ts';

export const DEVICE_LIFETIME_S = 900;
export const DEVICE_INTERVAL_S = 5;

const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';

export interface Device {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly clientId: string;
  /** As asked for. */
  readonly scopes: readonly string[];
  readonly expiresAt: number;
  intervalS: number;
  polledAt: number | undefined;
  state: 'pending' | 'approved' | 'denied' | 'expired';
}

export class DeviceCodes {
  /** By device code, the newest last. A code that was answered for good is gone. */
  readonly #devices = new Map<string, Device>();
  readonly #now: () => number;

  /** @param now milliseconds, on a clock that nobody sets */
  constructor(now: () => number) {
    this.#now = now;
  }

  start(clientId: string, scopes: readonly string[]): Device {
    const device: Device = {
      deviceCode: randomBytes(24).toString('base64url'),
      userCode: makeUserCode(),
      clientId,
      scopes,
      expiresAt: this.#now() + DEVICE_LIFETIME_S * 1000,
      intervalS: DEVICE_INTERVAL_S,
      polledAt: undefined,
      state: 'pending',
    };
    this.#devices.set(device.deviceCode, device);
    return device;
  }

  /** Control: what the person decides. The newest code where none is named; `undefined` where there is none. */
  decide(state: 'approved' | 'denied' | 'expired', userCode: string | undefined): Device | undefined {
    const device = [...this.#devices.values()].findLast(one => userCode === undefined || one.userCode === userCode);
    if (device !== undefined) {
      device.state = state;
    }
    return device;
  }

  /**
   * An approved code, which is then used up. Texts of `expired_token`, `access_denied` and `invalid_grant` were not recorded.
   * @throws OAuthFailure 403 or 429 as long as there is none.
   */
  poll(deviceCode: string, clientId: string): Device {
    const device = this.#devices.get(deviceCode);
    if (device?.clientId !== clientId) {
      throw invalidGrant('Invalid or expired device code.');
    }
    const now = this.#now();
    const early = device.polledAt !== undefined && now - device.polledAt < device.intervalS * 1000;
    device.polledAt = now;
    if (device.state === 'expired' || now >= device.expiresAt) {
      this.#devices.delete(deviceCode);
      throw new OAuthFailure(403, 'expired_token', 'The device code has expired.');
    }
    if (early) {
      const was = device.intervalS;
      device.intervalS += DEVICE_INTERVAL_S;
      throw new OAuthFailure(429, 'slow_down', `You are polling faster than the specified interval of ${was} seconds.`);
    }
    if (device.state === 'pending') {
      throw new OAuthFailure(403, 'authorization_pending', 'User has yet to authorize device code.');
    }
    this.#devices.delete(deviceCode);
    if (device.state === 'denied') {
      throw new OAuthFailure(403, 'access_denied', 'The user refused to authorize the device.');
    }
    return device;
  }

  reset(): void {
    this.#devices.clear();
  }
}

/** Two groups of four letters, as the service shows them. */
function makeUserCode(): string {
  const group = (): string => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return `${group()}-${group()}`;
}
