/**
 * 50 drafts changed and deployed at once, behind TLS with 50 ms of latency, on a free and on a professional plan: the time
 * until all are live, against what the plan allows for four requests each (PATCH, read, deploy, read back). Meanwhile a
 * person looks at an action now and then; `read` is the longest such look, from the call to its answer.
 */
import { Deployments } from '../../src/actions/deployments.ts';
import { systemClock } from '../../src/node/systemClock.ts';
import { rounded } from './figures.ts';
import type { Figures } from './figures.ts';
import { benchTenant, seeded } from './tenant.ts';
import { startTlsTenant } from '../support/tlsTenant.ts';

const ACTIONS = 50;
const NEEDED = 4;
const LOOK_EACH_MS = 10_000;
/** As documented. */
const PLANS = { free: { burst: 2, perSecond: 2 }, professional: { burst: 10, perSecond: 2.5 } } as const;

interface Measured {
  readonly ms: number;
  readonly requests: number;
  readonly refused: number;
  readonly longestReadMs: number;
}

/** Both plans at the same time: each is a tenant of its own, and the pace is all but idle. */
export async function measureFifty(): Promise<Figures> {
  const plans = ['free', 'professional'] as const;
  const [free, professional] = await Promise.all([deployAll('free'), deployAll('professional')]);
  const figures: Figures = {};
  for (const [index, { ms, requests }] of [free, professional].entries()) {
    const plan = plans[index] ?? 'free';
    const { burst, perSecond } = PLANS[plan];
    const limitMs = ((ACTIONS * NEEDED - burst) / perSecond) * 1000;
    figures[`deploy50.${plan}.s`] = { value: rounded(ms / 1000), unit: 's' };
    figures[`deploy50.${plan}.ratio`] = { value: rounded(ms / limitMs, 2), unit: 'of the limit' };
    figures[`deploy50.${plan}.requests`] = { value: requests, unit: 'requests' };
  }
  figures['deploy50.429'] = { value: free.refused + professional.refused, unit: 'answers' };
  figures['deploy50.read.ms'] = { value: rounded(Math.max(free.longestReadMs, professional.longestReadMs), 0), unit: 'ms' };
  return figures;
}

async function deployAll(plan: keyof typeof PLANS): Promise<Measured> {
  const service = await startTlsTenant({ plan, seed: `${ACTIONS}-actions` });
  try {
    const random = seeded(20_260_102);
    const actions = (await service.actions()).map(({ id, name }) => ({ id, name, buildMs: Math.round(1000 + random() * 7000) }));
    for (const { id, buildMs } of actions) {
      await service.control('builds', { action: id, ms: buildMs, next: true });
    }
    const { ref, api } = benchTenant(service.url, service.token);
    const deployments = new Deployments({ clock: systemClock });
    const stop = new AbortController();
    const person = lookNowAndThen(async index => {
      await api.getAction(actions[index % actions.length]?.id ?? '');
    }, stop.signal);
    const begun = performance.now();
    const outcomes = await Promise.all(actions.map(async ({ id, name }) => {
      await api.updateAction(id, { code: `// ${plan} ${begun}\n` });
      return (await deployments.deploy({ tenant: ref, actionId: id, actionName: name })).outcome;
    }));
    const ms = performance.now() - begun;
    stop.abort();
    const longestReadMs = await person;
    const wrong = outcomes.find(outcome => outcome?.kind !== 'live');
    if (actions.length !== ACTIONS || wrong !== undefined) {
      throw new Error(`${plan}: ${actions.length} actions, ${JSON.stringify(wrong)}`);
    }
    return { ms, requests: service.seen.length, refused: service.seen.filter(one => one.status === 429).length, longestReadMs };
  } finally {
    await service.close();
  }
}

/** The longest look in milliseconds. */
async function lookNowAndThen(look: (index: number) => Promise<void>, signal: AbortSignal): Promise<number> {
  let longest = 0;
  for (let index = 0; ; index += 1) {
    await systemClock.sleep(LOOK_EACH_MS, signal);
    if (signal.aborted) {
      return longest;
    }
    const begun = performance.now();
    await look(index);
    longest = Math.max(longest, performance.now() - begun);
  }
}
