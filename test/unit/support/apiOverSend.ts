/** The real client over the real lane, over a script in place of the network. */
import type { ManagementApi } from '../../../src/auth0/api.ts';
import { createManagementApi } from '../../../src/auth0/managementApi.ts';
import { FakeClock } from './fakeClock.ts';
import { ORIGIN, laneOver } from './laneParts.ts';
import type { LaneParts } from './laneParts.ts';
import type { ScriptedSend } from './scriptedSend.ts';

export const TOKEN = 'header.payload.signature';

export interface ApiOverSend extends LaneParts {
  readonly api: ManagementApi;
}

export function apiOver(script: ScriptedSend, token: () => Promise<string> = () => Promise.resolve(TOKEN)): ApiOverSend {
  const parts = laneOver(script, { clock: new FakeClock() });
  return { ...parts, api: createManagementApi({ origin: ORIGIN, lane: parts.lane, clock: parts.clock, token }) };
}
