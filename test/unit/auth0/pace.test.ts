/** The rate limit as a bucket, without a lane around it. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Pace, rateHeaders, retryAfter } from '../../../src/auth0/pace.ts';

const T = Date.parse('2026-05-20T12:00:00Z');

/** How many requests may leave between two times, asked every 10 ms. */
function taken(pace: Pace, from: number, to: number): number {
  let count = 0;
  for (let now = from; now <= to; now += 10) {
    while (pace.take(now) === 0) {
      count += 1;
    }
  }
  return count;
}

const headers = (values: Record<string, string>) => (name: string): string | null => values[name] ?? null;

describe('the pace', () => {
  it('starts at a free plan: two at once, then two a second', () => {
    const pace = new Pace(T);
    assert.equal(taken(pace, T, T), 2);
    assert.equal(pace.take(T), 500);
    assert.equal(taken(pace, T + 10, T + 5000), 10);
  });

  for (const [limit, perSecond] of [[1, 1], [2, 2], [10, 2.5], [25, 2.5], [50, 16], [100, 16]] as const) {
    it(`keeps to ${perSecond} a second in a bucket of ${limit}`, () => {
      const pace = new Pace(T);
      pace.learn({ limit, remaining: 0 }, 0, T);
      const count = taken(pace, T, T + 10_000);
      assert.ok(count <= perSecond * 10 && count >= perSecond * 10 - 1, String(count));
    });
  }

  it('counts requests under way as gone', () => {
    const pace = new Pace(T);
    pace.learn({ limit: 10, remaining: 5 }, 3, T);
    assert.equal(taken(pace, T, T), 2);
  });

  it('takes an answer that nobody waits for any more for no gift', () => {
    const pace = new Pace(T);
    pace.learn({ limit: 10, remaining: 0 }, -1, T);
    assert.notEqual(pace.take(T), 0);
  });

  it('never holds more than the bucket', () => {
    const pace = new Pace(T);
    pace.learn({ limit: 10, remaining: 5000 }, 0, T);
    assert.equal(taken(pace, T, T), 10);
    assert.equal(taken(pace, T + 3_600_000, T + 3_600_000), 10);
  });

  it('lets nothing leave while blocked, and little after', () => {
    const pace = new Pace(T);
    pace.learn({ limit: 50, remaining: 49 }, 0, T);
    pace.block(3000, T);
    assert.equal(pace.headroom(T), 0);
    assert.equal(pace.take(T), 3000);
    assert.equal(taken(pace, T, T + 2990), 0);
    assert.ok(taken(pace, T + 3000, T + 3000) <= 48);
  });

  it('is blocked no longer than a minute, whatever the service says', () => {
    const pace = new Pace(T);
    pace.block(86_400_000, T);
    assert.equal(pace.take(T), 60_000);
  });

  it('keeps the longer of two blocks', () => {
    const pace = new Pace(T);
    pace.block(5000, T);
    pace.block(1000, T);
    assert.equal(pace.take(T), 5000);
  });

  it('is not held up by a clock that was set back by a day', () => {
    const day = 86_400_000;
    const pace = new Pace(T);
    pace.block(2000, T);
    assert.ok(pace.take(T - day) <= 2000);
    assert.equal(pace.take(T - day + 2000), 0);
    const idle = new Pace(T);
    assert.equal(taken(idle, T - day, T - day), 2);
    assert.ok(idle.take(T - day) <= 500);
  });

  it('asks for a finite wait of at most a minute at any time, and its room stays between 0 and 1', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('time' as const), to: fc.integer({ min: -1e9, max: 1e9 }) }),
      fc.record({ kind: fc.constant('learn' as const), limit: fc.integer({ min: 1, max: 1e6 }), remaining: fc.integer({ min: 0, max: 1e6 }), inFlight: fc.integer({ min: -1, max: 6 }) }),
      fc.record({ kind: fc.constant('block' as const), ms: fc.integer({ min: 0, max: 1e9 }) }),
    );
    fc.assert(fc.property(fc.array(step, { maxLength: 30 }), steps => {
      const pace = new Pace(T);
      let now = T;
      for (const one of steps) {
        if (one.kind === 'time') {
          now = T + one.to;
        } else if (one.kind === 'learn') {
          pace.learn(one, one.inFlight, now);
        } else {
          pace.block(one.ms, now);
        }
        const wait = pace.take(now);
        assert.ok(wait >= 0 && wait <= 60_000, `wait ${wait}`);
        const room = pace.headroom(now);
        assert.ok(room >= 0 && room <= 1, `room ${room}`);
      }
    }));
  });
});

describe('headers of the rate limit', () => {
  it('are read where they make sense', () => {
    assert.deepEqual(rateHeaders(headers({ 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '9', 'x-ratelimit-reset': '1779278400' })), { limit: 10, remaining: 9, resetAt: 1_779_278_400_000 });
    assert.deepEqual(rateHeaders(headers({ 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '0' })), { limit: 10, remaining: 0 });
    for (const [limit, remaining] of [['', '1'], ['0', '0'], ['-1', '1'], ['10', ''], ['ten', '1'], ['10', '1.5'], ['1e9', '1'], ['10', '-1']] as const) {
      assert.equal(rateHeaders(headers({ 'x-ratelimit-limit': limit, 'x-ratelimit-remaining': remaining })), undefined, `${limit}/${remaining}`);
    }
    assert.equal(rateHeaders(() => null), undefined);
  });

  it('give the wait as seconds or as a date', () => {
    assert.equal(retryAfter(headers({ 'retry-after': '7' }), T), 7000);
    assert.equal(retryAfter(headers({ 'retry-after': 'Wed, 20 May 2026 12:00:09 GMT' }), T), 9000);
    assert.equal(retryAfter(headers({}), T), undefined);
  });

  it('compare dates with the server’s own clock', () => {
    const skewed = T + 5 * 3_600_000;
    const date = 'Wed, 20 May 2026 12:00:00 GMT';
    assert.equal(retryAfter(headers({ date, 'retry-after': 'Wed, 20 May 2026 12:00:09 GMT' }), skewed), 9000);
    assert.equal(retryAfter(headers({ date, 'x-ratelimit-limit': '2', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(T / 1000 + 4) }), skewed), 4000);
    assert.equal(retryAfter(headers({ date, 'x-ratelimit-limit': '2', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(T / 1000 - 4) }), skewed), 0);
  });

  it('never make a wait that is no number', () => {
    fc.assert(fc.property(fc.option(fc.string(), { nil: null }), fc.option(fc.string(), { nil: null }), (retry, date) => {
      const wait = retryAfter(name => (name === 'retry-after' ? retry : name === 'date' ? date : null), T);
      assert.ok(wait === undefined || (Number.isFinite(wait) && wait >= 0));
    }));
  });
});
