/** Which requests the lane sends again, and which never. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ApiErrorKind } from '../../../src/auth0/errors.ts';
import { FakeClock, settled } from '../support/fakeClock.ts';
import { laneOver } from '../support/laneParts.ts';
import { answer, bodyless, broken, rate, scripted } from '../support/scriptedSend.ts';
import type { Scripted } from '../support/scriptedSend.ts';
import { rejection } from '../support/things.ts';

interface Failure {
  readonly name: string;
  readonly kind: ApiErrorKind;
  readonly passing: boolean;
  readonly make: () => Scripted;
}

const FAILURES: readonly Failure[] = [
  { name: '400', kind: 'invalid', passing: false, make: () => answer(400, { message: 'no' }) },
  { name: '400 not built', kind: 'notBuilt', passing: false, make: () => answer(400, { message: "A draft must be in the 'built' state before it can be deployed." }) },
  { name: '401', kind: 'auth', passing: false, make: () => answer(401) },
  { name: '403', kind: 'forbidden', passing: false, make: () => answer(403) },
  { name: '404', kind: 'notFound', passing: false, make: () => answer(404) },
  { name: '408', kind: 'timeout', passing: true, make: () => answer(408) },
  { name: '409', kind: 'conflict', passing: false, make: () => answer(409) },
  { name: '412', kind: 'conflict', passing: false, make: () => answer(412) },
  { name: '429', kind: 'rateLimited', passing: true, make: () => answer(429, {}, { 'retry-after': '1' }) },
  { name: '500', kind: 'server', passing: true, make: () => answer(500, '<html>') },
  { name: '503', kind: 'server', passing: true, make: () => answer(503, {}, { 'retry-after': '2' }) },
  { name: '302', kind: 'malformed', passing: true, make: () => answer(302, '', { location: 'https://elsewhere.example/login' }) },
  { name: 'HTML', kind: 'malformed', passing: true, make: () => answer(200, '<!doctype html>') },
  { name: 'truncated', kind: 'malformed', passing: true, make: () => answer(200, '{"id":"a') },
  { name: 'empty', kind: 'malformed', passing: true, make: () => answer(200, '') },
  { name: 'null', kind: 'malformed', passing: true, make: () => answer(200, 'null') },
  { name: 'a mere text', kind: 'malformed', passing: true, make: () => answer(200, '"ok"') },
  { name: 'broken connection', kind: 'network', passing: true, make: () => broken() },
  { name: 'no headers', kind: 'timeout', passing: true, make: () => 'hang' },
  { name: 'no body', kind: 'timeout', passing: true, make: () => bodyless(200) },
];

describe('repeating', () => {
  for (const failure of FAILURES) {
    it(`${failure.name}: a read is sent ${failure.passing ? 'three times' : 'once'} and ends as ${failure.kind}`, async () => {
      const script = scripted(failure.make);
      const error = await rejection(laneOver(script).ask());
      assert.equal(error.kind, failure.kind);
      assert.equal(script.sent.length, failure.passing ? 3 : 1);
    });

    if (failure.passing) {
      it(`${failure.name}: a read that works at last is no failure`, async () => {
        const script = scripted(failure.make, failure.make, answer(200, { id: 'a1' }));
        assert.deepEqual(await laneOver(script).ask(), { status: 200, body: '{"id":"a1"}' });
      });
    }
  }

  it('never happens to a write, whatever fails', async () => {
    await fc.assert(fc.asyncProperty(fc.constantFrom(...FAILURES), fc.constantFrom('POST', 'PATCH', 'DELETE', 'PUT'), fc.boolean(), async (failure, method, background) => {
      const script = scripted(failure.make, answer(200, { id: 'a1' }));
      const error = await rejection(laneOver(script).ask({ method, priority: background ? 'background' : 'interactive' }));
      assert.equal(error.kind, failure.kind);
      assert.equal(error.method, method);
      assert.equal(script.sent.length, 1);
    }), { numRuns: 200 });
  });

  it('waits longer each time', async () => {
    const clock = new FakeClock();
    const times: number[] = [];
    await rejection(laneOver(scripted(() => (times.push(clock.elapsed), answer(500))), { clock }).ask());
    assert.deepEqual(times, [0, 250, 750]);
  });

  it('does not wait for a full bucket where nothing asked for it', async () => {
    const clock = new FakeClock();
    const headers = rate(50, 40, clock.now() / 1000 + 45);
    await rejection(laneOver(scripted(answer(500, {}, headers)), { clock }).ask());
    assert.equal(clock.elapsed, 750);
  });

  it('waits as long as a 503 asks, at most a minute', async () => {
    const clock = new FakeClock();
    await rejection(laneOver(scripted(answer(503, {}, { 'retry-after': '5' })), { clock }).ask());
    assert.equal(clock.elapsed, 10_000);
    const long = new FakeClock();
    await rejection(laneOver(scripted(answer(503, {}, { 'retry-after': '86400' })), { clock: long }).ask());
    assert.equal(long.elapsed, 120_000);
  });

  it('stops when the caller gives up meanwhile', async () => {
    const clock = new FakeClock({ auto: false });
    const script = scripted(answer(503, {}, { 'retry-after': '30' }));
    const stop = new AbortController();
    const failed = rejection(laneOver(script, { clock }).ask({ signal: stop.signal }));
    await clock.advance(1000);
    stop.abort();
    assert.equal((await failed).kind, 'cancelled');
    assert.equal(script.sent.length, 1);
    await settled();
    assert.equal(clock.sleeping, 0);
  });
});
