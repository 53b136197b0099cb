/**
 * From the PATCH of a changed draft to live, ours and that of auth0-deploy-cli, against one simulated tenant behind TLS
 * with 50 ms of latency, on a professional plan. Both are seen from the tenant's side, with the same builds.
 *
 * - Ours begins when the PATCH of `saveDraft` arrives there, and ends when `Deployments.deploy`, called as soon as the
 *   save is done, says `live`, which it does only after it has read that back.
 * - Theirs begins when the import's PATCH arrives there, and ends when the version is live in the tenant. What they do
 *   before the PATCH, and after the version is live, is not held against them; `peer.whole` is the whole import.
 *
 * From both the time of the build is taken off. The builds of `deploy3s` take a seeded random 1 to 8 s, the same for
 * both; those of `deploy30s` 30 s. `deploy0s` is an action without dependencies, whose build takes what it takes in the
 * simulator (0.22 s; recorded: under 0.4 s): the service builds at each PATCH, and no build takes nothing.
 *
 * `deploy3s.overhead` begins when the PATCH is answered: the wait of somebody who deploys a draft that is being built.
 */
import { Deployments } from '../../src/actions/deployments.ts';
import { saveDraft } from '../../src/actions/saveRun.ts';
import { systemClock } from '../../src/node/systemClock.ts';
import { DeployCli } from '../support/deployCli.ts';
import type { ImportedAction } from '../support/deployCli.ts';
import { median, rounded } from './figures.ts';
import type { Figures } from './figures.ts';
import { benchTenant, seeded } from './tenant.ts';
import { LATENCY_MS, startTlsTenant } from '../support/tlsTenant.ts';
import type { Seen, TlsTenant } from '../support/tlsTenant.ts';

const BUILDS = 20;
const PACKAGES = [{ name: 'lodash', version: '4.17.21' }];
/** What the simulator takes for a draft without dependencies. */
const SHORTEST_MS = 220;
/** Before a deploy, where the one before was over too soon for the bucket to fill again. */
const REST_MS = 3000;
const LOOK_MS = 5;
const MOST_LOOKS = 400;

interface Subject {
  readonly id: string;
  readonly name: string;
  readonly dependencies: ImportedAction['dependencies'];
}

interface Measured {
  /** Milliseconds beyond the build. */
  readonly beyond: readonly number[];
  readonly requests: readonly number[];
  readonly whole: readonly number[];
  /** Answers of 429. */
  readonly refused: number;
}

export async function measureDeploys(): Promise<Figures> {
  const tenant = await startTlsTenant({ plan: 'professional', seed: 'empty' });
  let cli: DeployCli | undefined;
  try {
    cli = await DeployCli.start(tenant);
    const { api } = benchTenant(tenant.url, tenant.token);
    const make = async (name: string, dependencies: Subject['dependencies']): Promise<Subject> => {
      const { id } = await api.createAction({ name, triggers: [{ id: 'post-login', version: 'v3' }], runtime: 'node22', code: '// new\n', dependencies });
      return { id, name, dependencies };
    };
    const plain = await make('bench-plain', []);
    const packed = await make('bench-packed', PACKAGES);
    const random = seeded(20_260_101);
    const builds = Array.from({ length: BUILDS }, () => Math.round(1000 + random() * 7000));
    const series: readonly { name: string; subject: Subject; ours: readonly number[]; theirs: readonly number[]; rest?: number }[] = [
      { name: 'deploy0s', subject: plain, ours: Array<number>(7).fill(SHORTEST_MS), theirs: Array<number>(5).fill(SHORTEST_MS), rest: REST_MS },
      { name: 'deploy3s', subject: packed, ours: builds, theirs: builds },
      { name: 'deploy30s', subject: packed, ours: Array<number>(5).fill(30_000), theirs: [30_000] },
    ];
    const figures: Figures = {};
    for (const { name, subject, ours, theirs, rest = 0 } of series) {
      process.stderr.write(`${name}…\n`);
      const own = await measure(tenant, ours, rest, ourDeploy(tenant, subject));
      Object.assign(figures, figuresOf(`${name}.ours`, own));
      if (name === 'deploy3s') {
        figures['deploy3s.overhead.ms'] = { value: rounded(median(own.beyond) - LATENCY_MS, 0), unit: 'ms' };
        figures['deploy3s.overhead.worst.ms'] = { value: rounded(Math.max(...own.beyond) - LATENCY_MS, 0), unit: 'ms' };
        figures['deploy3s.rps'] = { value: rounded(requestsASecond(own, ours), 2), unit: 'requests/s' };
        figures['deploy3s.429'] = { value: own.refused, unit: 'answers' };
      }
      if (cli !== undefined) {
        process.stderr.write(`${name} with auth0-deploy-cli…\n`);
        const peer = await measure(tenant, theirs, rest, theirDeploy(tenant, subject, cli));
        Object.assign(figures, figuresOf(`${name}.peer`, peer));
        figures[`${name}.peer.whole.ms`] = { value: rounded(median(peer.whole), 0), unit: 'ms' };
        figures[`${name}.ratio`] = { value: rounded(median(own.beyond) / median(peer.beyond), 2), unit: 'ours/theirs' };
      }
    }
    return figures;
  } finally {
    cli?.end();
    await tenant.close();
  }
}

/** Of the deployments alone: the save's own two requests, and the time until its answer, are left out. */
function requestsASecond({ beyond, requests }: Measured, builds: readonly number[]): number {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return (sum(requests) - 2 * builds.length) / ((sum(beyond) + sum(builds) - LATENCY_MS * builds.length) / 1000);
}

function figuresOf(name: string, { beyond, requests }: Measured): Figures {
  return {
    [`${name}.ms`]: { value: rounded(median(beyond), 0), unit: 'ms' },
    [`${name}.requests`]: { value: rounded(median(requests), 1), unit: 'requests' },
  };
}

/** `deploy` changes the draft, deploys it, and resolves with the time at which it was live. */
async function measure(tenant: TlsTenant, builds: readonly number[], restMs: number, deploy: (code: string, buildMs: number) => Promise<number>): Promise<Measured> {
  const beyond: number[] = [];
  const requests: number[] = [];
  const whole: number[] = [];
  let refused = 0;
  for (const build of builds) {
    await systemClock.sleep(restMs);
    const first = tenant.seen.length;
    const begun = Date.now();
    const liveAt = await deploy(`// ${begun}\n`, build);
    const seen = tenant.seen.slice(first);
    const patch = seen.filter(one => one.method === 'PATCH' && one.status === 200);
    if (patch.length !== 1) {
      throw new Error(`one PATCH was expected: ${JSON.stringify(seen)}`);
    }
    refused += seen.filter(one => one.status === 429).length;
    beyond.push(liveAt - (patch[0]?.arrivedAt ?? 0) - build);
    requests.push(seen.length);
    whole.push(Date.now() - begun - build);
  }
  return { beyond, requests, whole, refused };
}

/** Ours, with one connection and lane for all of them, as in a window. */
function ourDeploy(tenant: TlsTenant, subject: Subject): (code: string, buildMs: number) => Promise<number> {
  const { ref, api } = benchTenant(tenant.url, tenant.token);
  const deployments = new Deployments({ clock: systemClock });
  let held: string | undefined;
  return async (code, buildMs) => {
    await tenant.control('builds', { action: subject.id, ms: buildMs, next: true });
    held ??= (await api.getAction(subject.id)).code;
    const saved = await saveDraft({ api, actionId: subject.id, clock: systemClock, random: Math.random, code, isExpected: one => one.code === held, decide: () => Promise.resolve('cancel'), onAction: () => undefined });
    held = code;
    const { outcome } = await deployments.deploy({ tenant: ref, actionId: subject.id, actionName: subject.name });
    const liveAt = Date.now();
    if (saved.kind !== 'saved' || outcome?.kind !== 'live') {
      throw new Error(`${saved.kind}, ${JSON.stringify(outcome)}`);
    }
    return liveAt;
  };
}

function theirDeploy(tenant: TlsTenant, subject: Subject, cli: DeployCli): (code: string, buildMs: number) => Promise<number> {
  return async (code, buildMs) => {
    await tenant.control('builds', { action: subject.id, ms: buildMs, next: true });
    const live = async (): Promise<number | undefined> => (await tenant.actions()).find(one => one.id === subject.id)?.live;
    const before = await live();
    const first = tenant.seen.length;
    const run = cli.importAction({ name: subject.name, code, dependencies: subject.dependencies });
    const isCall = (one: Seen): boolean => one.method === 'POST' && one.status === 200;
    let ended = false;
    const watch = async (): Promise<number> => {
      // Looked at from their deploy call on alone, to leave the machine to them until then.
      while (!ended && !tenant.seen.slice(first).some(isCall)) {
        await systemClock.sleep(LOOK_MS);
      }
      for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
        if ((await live()) !== before) {
          return Date.now();
        }
        await systemClock.sleep(LOOK_MS);
      }
      throw new Error('auth0-deploy-cli has deployed nothing');
    };
    const [liveAt] = await Promise.all([watch(), run.finally(() => {
      ended = true;
    })]);
    return liveAt;
  };
}
