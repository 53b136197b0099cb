/** Fifty deployments at once over one lane, against a bucket that counts as the service's does. */
import assert from 'node:assert/strict';
import { FakeClock } from '../support/fakeClock.ts';
import { laneOver } from '../support/laneParts.ts';
import { answer, rate, scripted } from '../support/scriptedSend.ts';

const LATENCY_MS = 50;

interface Plan {
  readonly burst: number;
  readonly perSecond: number;
}

/** PATCH, read, deploy and read back for each, while a person looks at something each ten seconds. */
async function fifty({ burst, perSecond }: Plan): Promise<{ refused: number; overLimit: number; longestLookMs: number; sent: readonly string[] }> {
  const clock = new FakeClock();
  const bucket = { tokens: burst, at: clock.now() };
  let refused = 0;
  const script = scripted(async () => {
    await clock.sleep(LATENCY_MS);
    bucket.tokens = Math.min(burst, bucket.tokens + ((clock.now() - bucket.at) / 1000) * perSecond);
    bucket.at = clock.now();
    if (bucket.tokens < 1) {
      refused += 1;
      return answer(429, {}, rate(burst, 0));
    }
    bucket.tokens -= 1;
    return answer(200, {}, rate(burst, Math.floor(bucket.tokens)));
  });
  const { ask } = laneOver(script, { clock });
  const looks: number[] = [];
  let done = false;
  const person = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(10_000);
      if (done) {
        return;
      }
      const begun = clock.now();
      await ask({ url: 'https://h/look' });
      looks.push(clock.now() - begun);
    }
  };
  const deploy = async (index: number): Promise<void> => {
    await ask({ method: 'PATCH', url: `https://h/save-${index}` });
    await ask({ priority: 'step', url: `https://h/read-${index}` });
    await ask({ method: 'POST', url: `https://h/deploy-${index}` });
    await ask({ priority: 'step', url: `https://h/live-${index}` });
  };
  const looking = person();
  await Promise.all(Array.from({ length: 50 }, (_, index) => deploy(index)));
  const ms = clock.elapsed;
  done = true;
  await looking;
  return {
    refused,
    overLimit: ms / (((200 - burst) / perSecond) * 1000),
    longestLookMs: Math.max(...looks),
    sent: script.sent.map(({ url }) => url.slice('https://h/'.length)),
  };
}

describe('fifty deployments at once', () => {
  const plans: readonly [string, Plan][] = [['free', { burst: 2, perSecond: 2 }], ['professional', { burst: 10, perSecond: 2.5 }]];
  for (const [name, plan] of plans) {
    it(`keep the pace of a ${name} plan, and let a person look meanwhile`, async () => {
      const { refused, overLimit, longestLookMs, sent } = await fifty(plan);
      assert.equal(refused, 0);
      assert.ok(overLimit <= 1.2, `${overLimit} of the limit`);
      assert.ok(longestLookMs <= 1000, `${longestLookMs} ms`);
      // Sent once each: nothing was refused, so that nothing was repeated.
      const own = sent.filter(one => one !== 'look');
      assert.equal(new Set(own).size, 200);
      assert.equal(own.length, 200);
      // What was read of a draft is deployed before the next few drafts are read.
      for (let index = 0; index < 50; index += 1) {
        const between = sent.slice(sent.indexOf(`read-${index}`) + 1, sent.indexOf(`deploy-${index}`));
        assert.ok(between.length <= 10, `${between.length} requests after the read of ${index}`);
      }
    });
  }
});
