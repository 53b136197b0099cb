/** How long a write whose answer was lost is looked for. */
import assert from 'node:assert/strict';
import { ApiError } from '../../../src/auth0/errors.ts';
import { untilClear } from '../../../src/actions/lostChange.ts';
import { FakeClock, START } from '../support/fakeClock.ts';
import { apiError } from '../support/things.ts';

/** Milliseconds until a look is the last one. */
async function waited(lost: unknown, clock = new FakeClock()): Promise<number> {
  await untilClear(clock, lost, late => Promise.resolve(late ? true : undefined));
  return clock.elapsed;
}

describe('a lost change', () => {
  it('is looked for as long as somebody on the way may still pass it on', async () => {
    const gateway = new ApiError('server', { method: 'PATCH', path: '/', status: 504 });
    const own = new ApiError('server', { method: 'PATCH', path: '/', status: 500 });
    for (const lost of [gateway, apiError('timeout', 'PATCH'), new Error('nobody knows')]) {
      const ms = await waited(lost);
      assert.ok(ms >= 60_000 && ms < 63_000, String(ms));
    }
    // An answer that does not show the change is one all the same.
    for (const lost of [own, apiError('network', 'PATCH'), apiError('malformed', 'PATCH'), undefined]) {
      const ms = await waited(lost);
      assert.ok(ms >= 10_000 && ms < 11_000, String(ms));
    }
  });

  it('has its time however the clock is set', async () => {
    const clock = new FakeClock();
    clock.onStep = () => clock.set(START + 3_600_000 + clock.elapsed);
    assert.ok((await waited(undefined, clock)) >= 10_000);
  });
});
