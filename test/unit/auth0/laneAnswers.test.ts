/** Deadlines, cancellation and what the lane takes for an answer. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RequestLane } from '../../../src/auth0/requestLane.ts';
import { FakeClock, settled } from '../support/fakeClock.ts';
import { ORIGIN, laneOver } from '../support/laneParts.ts';
import { answer, bodyless, broken, rate, scripted } from '../support/scriptedSend.ts';
import { rejection } from '../support/things.ts';

/** A signal that counts its listeners. */
function countedSignal(): { readonly signal: AbortSignal; readonly abort: () => void; readonly listeners: () => number } {
  const controller = new AbortController();
  const { signal } = controller;
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners += 1;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...args);
  };
  return { signal, abort: () => controller.abort(), listeners: () => listeners };
}

describe('answers', () => {
  it('are given whole', async () => {
    assert.deepEqual(await laneOver(scripted(answer(200, { a: 1 }))).ask(), { status: 200, body: '{"a":1}' });
    assert.deepEqual(await laneOver(scripted(answer(202, []))).ask({ method: 'POST' }), { status: 202, body: '[]' });
  });

  it('may be empty only as 204', async () => {
    assert.deepEqual(await laneOver(scripted(answer(204, ''))).ask({ method: 'DELETE' }), { status: 204, body: '' });
    assert.equal((await rejection(laneOver(scripted(answer(200, ''))).ask({ method: 'DELETE' }))).kind, 'malformed');
  });

  it('are never taken from another place', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      const script = scripted(answer(status, {}, { location: 'https://login.evil.example/path?token=1' }), answer(200));
      const error = await rejection(laneOver(script).ask({ method: 'POST' }));
      assert.equal(error.kind, 'malformed');
      assert.equal(error.status, status);
      assert.equal(error.redirectTo, 'login.evil.example');
      assert.equal(script.sent.length, 1);
    }
    assert.equal((await rejection(laneOver(scripted(answer(302, {}, { location: '/login' }))).ask({ method: 'POST' }))).redirectTo, '');
  });

  it('keep the status of an error whose body is no JSON', async () => {
    const error = await rejection(laneOver(scripted(answer(502, '<html>Bad gateway</html>'))).ask({ method: 'POST' }));
    assert.deepEqual([error.kind, error.status, error.serviceMessage], ['server', 502, undefined]);
  });

  it('name the code of a connection that failed, also one that is wrapped', async () => {
    assert.equal((await rejection(laneOver(scripted(broken('ENOTFOUND'))).ask())).serviceMessage, 'ENOTFOUND');
    const wrapped = new TypeError('fetch failed', { cause: broken('CERT_HAS_EXPIRED') });
    assert.equal((await rejection(laneOver(scripted(wrapped)).ask())).serviceMessage, 'CERT_HAS_EXPIRED');
  });

  it('are ApiErrors even where the sender throws at once', async () => {
    const lane = new RequestLane({
      clock: new FakeClock(),
      send: () => {
        throw new Error('at once');
      },
    });
    assert.equal((await rejection(lane.request({ method: 'POST', url: ORIGIN, headers: {} }))).kind, 'network');
  });
});

describe('the deadline', () => {
  it('holds for a body that never comes, however the sender treats its signal', async () => {
    const clock = new FakeClock();
    const error = await rejection(laneOver(scripted(bodyless(200)), { clock }).ask({ method: 'POST' }));
    assert.deepEqual([error.kind, clock.elapsed], ['timeout', 30_000]);
  });

  it('aborts the request that took too long', async () => {
    const script = scripted('hang');
    await rejection(laneOver(script, { timeoutMs: 5000 }).ask({ method: 'POST' }));
    assert.equal(script.sent[0]?.signal.aborted, true);
  });

  it('does not count the time in the queue', async () => {
    const clock = new FakeClock();
    const script = scripted(answer(429, {}, { 'retry-after': '50' }), answer(200));
    const { ask } = laneOver(script, { clock, timeoutMs: 1000 });
    await Promise.all([ask(), ask()]);
    assert.ok(clock.elapsed >= 50_000);
  });

  it('leaves no timer and no aborted signal behind an answer', async () => {
    const clock = new FakeClock({ auto: false });
    const script = scripted(answer(200));
    await laneOver(script, { clock }).ask();
    await settled();
    assert.equal(clock.sleeping, 0);
    assert.equal(script.sent[0]?.signal.aborted, false);
  });
});

describe('cancellation', () => {
  it('before the call sends nothing', async () => {
    const script = scripted(answer(200));
    assert.equal((await rejection(laneOver(script).ask({ signal: AbortSignal.abort() }))).kind, 'cancelled');
    assert.equal(script.sent.length, 0);
  });

  it('right after the call, in the same turn, sends nothing', async () => {
    const script = scripted('hang');
    const stop = new AbortController();
    const { ask } = laneOver(script, { concurrency: 1 });
    const failed = rejection(ask({ method: 'POST', signal: stop.signal }));
    stop.abort();
    assert.equal((await failed).kind, 'cancelled');
    assert.equal(script.sent.length, 0);
  });

  it('in the queue sends nothing, and lets the next go on', async () => {
    const script = scripted(answer(200));
    const stop = new AbortController();
    const { ask } = laneOver(script);
    const first = [ask(), ask()];
    const failed = rejection(ask({ signal: stop.signal }));
    const next = ask();
    stop.abort();
    assert.equal((await failed).kind, 'cancelled');
    await Promise.all([...first, next]);
    assert.equal(script.sent.length, 3);
  });

  it('under way ends at once and is not repeated', async () => {
    const clock = new FakeClock({ auto: false });
    const script = scripted(bodyless(200));
    const stop = new AbortController();
    const failed = rejection(laneOver(script, { clock }).ask({ signal: stop.signal }));
    await settled();
    stop.abort();
    assert.equal((await failed).kind, 'cancelled');
    assert.equal(script.sent[0]?.signal.aborted, true);
    assert.equal(script.sent.length, 1);
  });

  it('of a write under way changes nothing: it has left, and its answer is wanted', async () => {
    const clock = new FakeClock({ auto: false });
    const script = scripted(async () => {
      await clock.sleep(500);
      return answer(200, { id: 'v1' });
    });
    const stop = new AbortController();
    const done = laneOver(script, { clock }).ask({ method: 'POST', signal: stop.signal });
    await settled();
    stop.abort();
    await clock.advance(1000);
    assert.equal((await done).status, 200);
    assert.equal(script.sent[0]?.signal.aborted, false);
  });

  it('leaves no listeners on a signal that lives long', async () => {
    const long = countedSignal();
    const script = scripted(answer(200, {}, rate(50, 50)), answer(500), answer(429, {}, { 'retry-after': '1' }), answer(404), broken(), answer(200));
    const { ask } = laneOver(script);
    await Promise.allSettled(Array.from({ length: 40 }, (_unused, index) => ask({ signal: long.signal, priority: index % 2 === 0 ? 'background' : 'interactive' })));
    await settled();
    assert.equal(long.listeners(), 0);
    assert.ok(script.sent.length >= 40);
  });
});

describe('records for the log', () => {
  it('hold path, status, times and what is left, and neither query nor token', async () => {
    const clock = new FakeClock();
    const script = scripted(async () => (await clock.sleep(40), answer(200, { secret: 'in the body' }, rate(10, 7))));
    const { ask, records } = laneOver(script, { clock });
    await ask({ url: `${ORIGIN}/api/v2/actions/actions?page=0&name=private` });
    assert.deepEqual(records, [{ method: 'GET', path: '/api/v2/actions/actions', status: 200, ms: 40, queuedMs: 0, remaining: 7 }]);
  });

  it('tell the time in the queue apart', async () => {
    const { ask, records } = laneOver(scripted(answer(200)));
    await Promise.all([ask(), ask(), ask()]);
    assert.deepEqual(records.map(record => record.queuedMs), [0, 0, 500]);
  });

  it('never hold the token, however a request ends', async () => {
    const token = 'eyJhbGciOi.secret.token';
    const endings = [answer(200, token), answer(400, { message: 'no' }), broken(), answer(302, {}, { location: `https://h/?t=${token}` }), answer(200, { token })];
    await fc.assert(fc.asyncProperty(fc.constantFrom(...endings), fc.constantFrom('GET', 'POST'), async (ending, method) => {
      const { ask, records } = laneOver(scripted(ending));
      await Promise.allSettled([ask({ method, headers: { authorization: `Bearer ${token}` }, url: `${ORIGIN}/x?access_token=${token}`, ...(method === 'POST' ? { body: token } : {}) })]);
      assert.ok(records.length > 0);
      assert.equal(JSON.stringify(records).includes(token), false);
    }), { numRuns: 30 });
  });

  it('name each attempt', async () => {
    const { ask, records } = laneOver(scripted(answer(500), broken(), answer(200)));
    await ask();
    assert.deepEqual(records.map(record => [record.status, record.kind]), [[500, 'server'], [undefined, 'network'], [200, undefined]]);
  });
});

describe('the lane', () => {
  it('leaves no rejection unhandled, whatever happens to 200 requests', async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown): void => void unhandled.push(reason);
    process.prependListener('unhandledRejection', listener);
    const random = fc.sample(fc.constantFrom('ok', 'hang', 'bodyless', 'broken', '500', '429', '404', 'html'), { numRuns: 200, seed: 7 });
    let index = 0;
    const script = scripted(() => {
      const name = random[(index += 1) % random.length];
      switch (name) {
        case 'hang': return 'hang';
        case 'bodyless': return bodyless(200);
        case 'broken': return broken();
        case '500': return answer(500);
        case '429': return answer(429, {}, { 'retry-after': '1' });
        case '404': return answer(404);
        case 'html': return answer(200, '<html>');
        default: return answer(200, {}, rate(50, 50));
      }
    });
    const clock = new FakeClock();
    const { ask } = laneOver(script, { clock });
    const results = await Promise.allSettled(Array.from({ length: 200 }, (_unused, number) => {
      const stop = new AbortController();
      if (number % 5 === 0) {
        void clock.sleep(number * 20).then(() => stop.abort());
      }
      return ask({ method: number % 3 === 0 ? 'POST' : 'GET', signal: stop.signal });
    }));
    await settled();
    process.removeListener('unhandledRejection', listener);
    assert.equal(results.length, 200);
    assert.deepEqual(unhandled, []);
  });
});
