/** A lane over a script and a fake clock. */
import { RequestLane } from '../../../src/auth0/requestLane.ts';
import type { LaneAnswer, LaneOptions, LaneRequest, RequestRecord } from '../../../src/auth0/requestLane.ts';
import { FakeClock } from './fakeClock.ts';
import type { ScriptedSend } from './scriptedSend.ts';

export const ORIGIN = 'https://acme-dev.eu.auth0.com';
export const URL_OF_A1 = `${ORIGIN}/api/v2/actions/actions/a1`;

export interface LaneParts {
  readonly lane: RequestLane;
  readonly clock: FakeClock;
  readonly records: RequestRecord[];
  readonly ask: (change?: Partial<LaneRequest>) => Promise<LaneAnswer>;
}

export function laneOver(script: ScriptedSend, options: Partial<LaneOptions> & { clock?: FakeClock } = {}): LaneParts {
  const clock = options.clock ?? new FakeClock();
  const records: RequestRecord[] = [];
  const lane = new RequestLane({ send: script.send, random: () => 0.5, onRequest: record => records.push(record), ...options, clock });
  return { lane, clock, records, ask: change => lane.request({ method: 'GET', url: URL_OF_A1, headers: { authorization: 'Bearer secret-token' }, ...change }) };
}
