/** What the lane lets leave, when, and in which order. */
import assert from 'node:assert/strict';
import { isApiError } from '../../../src/auth0/errors.ts';
import { START, FakeClock, settled } from '../support/fakeClock.ts';
import { laneOver } from '../support/laneParts.ts';
import { answer, rate, scripted } from '../support/scriptedSend.ts';

const httpDate = (ms: number): string => new Date(ms).toUTCString();

describe('the lane’s pacing', () => {
  it('starts as slow as a free plan', async () => {
    const times: number[] = [];
    const clock = new FakeClock();
    const { ask } = laneOver(scripted(() => (times.push(clock.elapsed), answer(200))), { clock });
    await Promise.all(Array.from({ length: 6 }, () => ask()));
    assert.deepEqual(times, [0, 0, 500, 1000, 1500, 2000]);
  });

  it('goes faster once the headers show a larger bucket', async () => {
    const clock = new FakeClock();
    let left = 50;
    const { ask } = laneOver(scripted(() => answer(200, {}, rate(50, (left -= 1)))), { clock });
    await ask();
    await Promise.all(Array.from({ length: 30 }, () => ask()));
    assert.equal(clock.elapsed, 0);
  });

  it('slows down to what is left of the bucket', async () => {
    const clock = new FakeClock({ auto: false });
    const script = scripted(answer(200, {}, rate(10, 0)));
    const { ask } = laneOver(script, { clock });
    await ask();
    const second = ask();
    await clock.advance(399);
    assert.equal(script.sent.length, 1);
    await clock.advance(1);
    await second;
    assert.equal(script.sent.length, 2);
  });

  it('tells how much room there is', async () => {
    const { lane, ask } = laneOver(scripted(answer(200, {}, rate(50, 25))));
    assert.equal(lane.headroom(), 1);
    await ask();
    assert.equal(lane.headroom(), 0.5);
    assert.equal(lane.headroom(1000), 0.82);
    assert.equal(lane.headroom(60_000), 1);
  });

  const asked: readonly [string, Record<string, string>, number][] = [
    ['Retry-After in seconds', { 'retry-after': '4' }, 4000],
    ['Retry-After as a date', { 'retry-after': httpDate(START + 6000), date: httpDate(START) }, 6000],
    ['the reset time', rate(50, 0, START / 1000 + 3), 3000],
    ['a second where nothing is said', {}, 1000],
  ];
  for (const [name, headers, ms] of asked) {
    it(`blocks everything after a 429, for ${name}`, async () => {
      const clock = new FakeClock({ auto: false });
      const script = scripted(answer(429, {}, headers), answer(200, {}, rate(50, 49)));
      const { lane, ask } = laneOver(script, { clock });
      const first = ask();
      await settled();
      const others = [ask(), ask({ method: 'POST' }), ask({ priority: 'background' })];
      assert.equal(lane.headroom(), 0);
      await clock.advance(ms - 1);
      assert.equal(script.sent.length, 1);
      await clock.advance(2000);
      await Promise.all([first, ...others]);
      assert.equal(script.sent.length, 5);
    });
  }

  it('reads reset times by the server’s clock where the one here is wrong', async () => {
    const clock = new FakeClock({ auto: false });
    clock.set(START - 7_200_000);
    const script = scripted(answer(429, {}, { ...rate(50, 0, START / 1000 + 2), date: httpDate(START) }), answer(200));
    const { ask } = laneOver(script, { clock });
    const done = ask();
    await clock.advance(1990);
    assert.equal(script.sent.length, 1);
    await clock.advance(1000);
    await done;
    assert.equal(script.sent.length, 2);
  });

  it('sends no write late: one that would be held back for more than ten seconds is refused at once', async () => {
    for (const [seconds, isSent] of [[10, true], [11, false], [3600, false]] as const) {
      const clock = new FakeClock({ auto: false });
      const script = scripted(answer(429, {}, { 'retry-after': String(seconds) }), answer(200));
      const { ask } = laneOver(script, { clock, attempts: 1 });
      const read = ask().catch((error: unknown) => error);
      const queued = ask({ method: 'PATCH' }).catch((error: unknown) => error);
      const third = ask({ method: 'POST' }).catch((error: unknown) => error);
      await settled();
      const fourth = ask({ method: 'DELETE' }).catch((error: unknown) => error);
      await clock.advance(isSent ? 15_000 : 0);
      assert.ok(isApiError(await read));
      // What has left before the limit was told is on its way.
      assert.ok(!isApiError(await queued));
      const refused = [await third, await fourth].filter(error => isApiError(error));
      assert.deepEqual(refused.map(error => [error.kind, error.method, error.unsent]), isSent ? [] : [['rateLimited', 'POST', true], ['rateLimited', 'DELETE', true]]);
      assert.equal(script.sent.length, isSent ? 4 : 2);
    }
  });

  it('goes on when the clock is set back during a block', async () => {
    const clock = new FakeClock({ auto: false });
    const script = scripted(answer(429, {}, { 'retry-after': '2' }), answer(200));
    const { ask } = laneOver(script, { clock });
    const done = ask();
    await settled();
    clock.set(START - 86_400_000);
    await clock.advance(5000);
    await done;
    assert.equal(script.sent.length, 2);
  });

  it('goes on when the clock is set back while requests wait', async () => {
    const clock = new FakeClock({ auto: false });
    const script = scripted(answer(200));
    const { ask } = laneOver(script, { clock });
    const all = Promise.all(Array.from({ length: 5 }, () => ask()));
    await settled();
    clock.set(START - 86_400_000);
    await clock.advance(3000);
    await all;
    assert.equal(script.sent.length, 5);
  });

  it('lets those that a person waits for go first, each kind in its order', async () => {
    const order: string[] = [];
    const { ask } = laneOver(scripted(sent => (order.push(sent.url.slice(-2)), answer(200))));
    const at = (name: string, priority: 'interactive' | 'background'): Promise<unknown> => ask({ url: `https://h/${name}`, priority });
    await Promise.all([at('b1', 'background'), at('b2', 'background'), at('b3', 'background'), at('b4', 'background'), at('i1', 'interactive'), at('i2', 'interactive')]);
    assert.deepEqual(order, ['b1', 'i1', 'i2', 'b2', 'b3', 'b4']);
  });

  it('sends writes before the reads of deployments, and these before looks at what is under way', async () => {
    const order: string[] = [];
    const { ask } = laneOver(scripted(sent => (order.push(sent.url.slice(-2)), answer(200))));
    const at = (name: string, method: string, priority: 'interactive' | 'step' | 'background'): Promise<unknown> => ask({ url: `https://h/${name}`, method, priority });
    await Promise.all([at('s1', 'GET', 'step'), at('s2', 'GET', 'step'), at('b1', 'GET', 'background'), at('s3', 'GET', 'step'), at('w1', 'POST', 'interactive'), at('i1', 'GET', 'interactive'), at('w2', 'PATCH', 'interactive')]);
    assert.deepEqual(order, ['s1', 's2', 'i1', 'w1', 'w2', 's3', 'b1']);
  });

  it('leaves a fifth of the bucket to others before a look at what is under way', async () => {
    const clock = new FakeClock({ auto: false });
    const script = scripted(answer(200, {}, rate(10, 2)), answer(200, {}, rate(10, 1)));
    const { ask } = laneOver(script, { clock });
    await ask();
    const look = ask({ priority: 'background' });
    await clock.advance(399);
    assert.equal(script.sent.length, 1);
    // Whoever waits for an answer is not held up by that.
    await ask({ priority: 'step' });
    assert.equal(script.sent.length, 2);
    await clock.advance(799);
    assert.equal(script.sent.length, 2);
    await clock.advance(1);
    await look;
    assert.equal(script.sent.length, 3);
  });

  it('bounds how many are under way', async () => {
    let under = 0;
    let most = 0;
    const clock = new FakeClock();
    const script = scripted(async () => {
      under += 1;
      most = Math.max(most, under);
      await clock.sleep(100);
      under -= 1;
      return answer(200, {}, rate(50, 50));
    });
    const { ask } = laneOver(script, { clock, concurrency: 3 });
    await ask();
    await Promise.all(Array.from({ length: 20 }, () => ask()));
    assert.equal(most, 3);
    assert.equal(script.sent.length, 21);
  });

  it('frees the place of a request that failed', async () => {
    const script = scripted(answer(400), answer(400), answer(200));
    const { ask } = laneOver(script, { concurrency: 1 });
    const results = await Promise.allSettled([ask(), ask(), ask()]);
    assert.deepEqual(results.map(result => result.status), ['rejected', 'rejected', 'fulfilled']);
  });
});
