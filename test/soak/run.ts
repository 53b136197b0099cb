/**
 * Hours of use in seconds: deploys, roll backs, saves, refreshes and reloads in two tenants, with everything that the simulator
 * can get wrong and somebody else at work, all drawn from one seed. After each round what was told is judged by what the
 * tenants hold; now and then, and at the end, the tree is, and what is left over in memory.
 */
import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ALL_SCOPES } from '../../src/simulator/access.ts';
import { window } from '../support/vscode.ts';
import { seeded } from '../bench/tenant.ts';
import type { Deployment } from '../../src/actions/deployment.ts';
import { memoryShelf } from '../unit/support/editor.ts';
import { MemoryRuns } from '../unit/support/windows.ts';
import { AppWindow } from './appWindow.ts';
import type { Machine } from './appWindow.ts';
import { SoakClock } from './clock.ts';
import { judgeLookUp, judgeRound, judgeTree } from './judge.ts';
import type { Kept } from './judge.ts';
import { Plan } from './plan.ts';
import type { Trouble } from './plan.ts';
import { perform } from './round.ts';
import type { Done } from './round.ts';
import { Service } from './service.ts';
import type { KeptAction } from './service.ts';

const ACTIONS = 5;
/** A run that is this wrong has nothing more to say. */
const MOST_WRONG = 20;

export interface SoakOptions {
  readonly seed: number;
  readonly steps: number;
  /** Steps between two looks at trees and memory. */
  readonly lookEvery: number;
  readonly onLook?: (look: Look) => void;
}

/** What is there at rest. */
export interface Look {
  readonly steps: number;
  readonly heapBytes: number;
  readonly listeners: number;
  readonly sleepers: number;
  /** Timers and handles of Node. */
  readonly timers: number;
  /** Windows that were disposed of and are still in memory. */
  readonly oldWindows: number;
}

export interface SoakResult {
  readonly steps: number;
  readonly deployments: number;
  /** Deployments that made a version. */
  readonly live: number;
  readonly unconfirmed: number;
  /** Deployments whose window was gone. */
  readonly lookedUp: number;
  /** What was told and is not so, each with its step. */
  readonly wrong: readonly string[];
  readonly looks: readonly Look[];
  /** Milliseconds that went by for the extension. */
  readonly elapsedMs: number;
  /** The same for the same seed: what every step came to. */
  readonly trace: string;
}

/** Runs to the end, or until too much is wrong. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const clock = new SoakClock();
  const random = Math.random;
  // The extension spreads its pauses with it.
  Math.random = seeded(options.seed + 1);
  const services = await Promise.all([Service.start(clock, 'professional', ACTIONS), Service.start(clock, 'free', ACTIONS)]);
  const run = new Run(options, clock, services);
  const rejected = (error: unknown): void => run.note(`nobody handled ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.on('unhandledRejection', rejected);
  const channel = window.createOutputChannel;
  // A tenant may be disconnected while its rows are being fetched; nothing else may fail in drawing.
  window.createOutputChannel = () => ({ error: (text: string) => (text.includes('is not connected') ? undefined : run.note(text)) });
  try {
    return await run.all();
  } finally {
    process.off('unhandledRejection', rejected);
    window.createOutputChannel = channel;
    Math.random = random;
    await Promise.all(services.map(service => service.simulator.close()));
  }
}

class Run {
  readonly #options: SoakOptions;
  readonly #clock: SoakClock;
  readonly #services: readonly Service[];
  readonly #plan: Plan;
  readonly #machine: Machine;
  readonly #runs = new MemoryRuns();
  /** Deployments of earlier rounds that may be looked up yet, and what each was to make live. */
  readonly #unclear = new Map<string, string | undefined>();
  readonly #trace = createHash('sha256');
  readonly #wrong: string[] = [];
  readonly #looks: Look[] = [];
  readonly #old: WeakRef<AppWindow>[] = [];
  #window: AppWindow;
  #done: Done = nothing();
  #steps = 0;
  /** Actions whose next version will fail, whoever makes it. */
  readonly #doomed = new Set<string>();
  #counts = { deployments: 0, live: 0, unconfirmed: 0, lookedUp: 0 };

  constructor(options: SoakOptions, clock: SoakClock, services: readonly Service[]) {
    this.#options = options;
    this.#clock = clock;
    this.#services = services;
    this.#plan = new Plan(seeded(options.seed), services, ALL_SCOPES);
    this.#machine = { clock, services, shelf: memoryShelf(), random: () => Math.random(), runs: this.#runs, windows: { living: new Set(), count: 0 }, onLookUp: ending => void ending.then(deployment => this.#done.lookUps.push(deployment)), onSend: (id, method, url) => this.#sent(id, method, url) };
    this.#window = new AppWindow(this.#machine);
  }

  async all(): Promise<SoakResult> {
    const { steps, lookEvery } = this.#options;
    const begun = this.#clock.now();
    await Promise.all(this.#services.map(service => this.#window.state.catalog(service.id).load()));
    await this.#clock.rest();
    let kept = await this.#kept();
    for (let next = lookEvery; this.#steps < steps && this.#wrong.length < MOST_WRONG;) {
      kept = await this.#round(kept, steps - this.#steps);
      if (this.#steps >= next || this.#steps >= steps) {
        next += lookEvery;
        await this.#look();
        kept = await this.#kept();
      }
    }
    const elapsedMs = this.#clock.now() - begun;
    this.#window.dispose(false);
    await this.#clock.rest();
    return { steps: this.#steps, ...this.#counts, wrong: this.#wrong, looks: this.#looks, elapsedMs, trace: this.#trace.digest('hex') };
  }

  note(text: string): void {
    this.#wrong.push(`step ${this.#steps}: ${text}`);
  }

  /** Does a round, judges it, and returns what the tenants hold after it. */
  async #round(before: Kept, most: number): Promise<Kept> {
    const done = nothing();
    this.#done = done;
    const { steps, troubles } = this.#plan.round(most, this.#steps < this.#options.steps / 3);
    await this.#trouble(troubles);
    const stage = { clock: this.#clock, done, window: () => this.#window, reload: (crashes: boolean) => this.#reload(crashes) };
    await Promise.all(steps.map(step => perform(stage, step)));
    await this.#clock.rest();
    await this.#calm(troubles);
    this.#steps += steps.length;
    const looked = steps.some(({ kind }) => kind === 'reload');
    const touched = new Set(looked ? this.#services : [...steps, ...troubles].map(one => one.service));
    const after = new Map([...before, ...(await this.#kept([...touched]))]);
    const wrong = [...this.#takeLookUps(done, after), ...judgeRound(done, before, after), ...(await this.#unasked(done, after))];
    for (const key of this.#doomed) {
      const newest = after.get(key)?.versions.at(-1);
      if (newest?.status === 'failed' && newest.number !== before.get(key)?.versions.at(-1)?.number) {
        this.#doomed.delete(key);
      }
    }
    for (const text of wrong) {
      this.note(`${text}\n    in a round of ${describe(steps)}${troubles.length === 0 ? '' : ` with ${describe(troubles)}`}`);
    }
    this.#count(done);
    return after;
  }

  async #trouble(troubles: readonly Trouble[]): Promise<void> {
    for (const { service, actionId, control, disturbs } of troubles) {
      if (actionId !== undefined && control?.some(([path]) => path === 'next-version') === true) {
        this.#doomed.add(`${service.id}/${actionId}`);
      } else if (disturbs) {
        this.#done.disturbed.add(actionId === undefined ? service.id : `${service.id}/${actionId}`);
      }
      for (const [path, body] of control ?? []) {
        await service.control(path, body);
      }
    }
    for (const key of this.#doomed) {
      this.#done.disturbed.add(key);
    }
    for (const service of this.#services) {
      const rules = troubles.filter(trouble => trouble.service === service).flatMap(trouble => trouble.rules ?? []);
      await service.control('faults', rules);
    }
  }

  async #calm(troubles: readonly Trouble[]): Promise<void> {
    for (const service of this.#services) {
      await service.control('faults', []);
    }
    for (const { service, undo } of troubles) {
      for (const [path, body] of undo ?? []) {
        await service.control(path, body);
      }
    }
  }

  #reload(crashes: boolean): void {
    this.#old.push(new WeakRef(this.#window));
    this.#window.dispose(crashes);
    this.#window = new AppWindow(this.#machine);
  }

  /** Puts what was looked up in the place of what the window that is gone could tell. Returns what is wrong with those of earlier rounds. */
  #takeLookUps(done: Done, after: Kept): string[] {
    const wrong: string[] = [];
    for (const deployment of done.lookUps) {
      const claims = done.deploys.filter(claim => nameOf(claim.deployment) === nameOf(deployment));
      claims.forEach(claim => {
        claim.deployment = deployment;
      });
      const is = after.get(`${deployment.tenant.id}/${deployment.actionId}`);
      if (claims.length === 0 && is !== undefined) {
        wrong.push(...judgeLookUp(deployment, this.#unclear.get(nameOf(deployment)), is));
      }
    }
    for (const { deployment, wanted } of done.deploys) {
      if (deployment?.outcome?.kind === 'unconfirmed') {
        this.#unclear.set(nameOf(deployment), wanted);
      }
    }
    this.#counts.lookedUp += done.lookUps.length;
    return wrong;
  }

  #sent(tenantId: string, method: string, url: string): void {
    const id = /\/actions\/actions\/([^/?]+)/u.exec(url)?.[1] ?? '';
    const key = `${tenantId}/${id}`;
    const writes = this.#done.writes.get(key) ?? { patches: 0, posts: 0 };
    writes.patches += method === 'PATCH' ? 1 : 0;
    writes.posts += method === 'POST' ? 1 : 0;
    this.#done.writes.set(key, writes);
  }

  async #kept(services = this.#services): Promise<Kept> {
    const kept = new Map<string, KeptAction>();
    for (const service of services) {
      for (const action of await service.state()) {
        kept.set(`${service.id}/${action.id}`, action);
      }
    }
    return kept;
  }

  /** Refreshes everything, as a person would, compares the trees with the tenants, and counts what is left over. */
  async #look(): Promise<void> {
    for (const service of this.#services) {
      const catalog = this.#window.state.catalog(service.id);
      await catalog.refresh();
      const [first = ''] = service.actionIds;
      await this.#window.draw(service.id, service.actionIds);
      await Promise.all(service.actionIds.map(id => catalog.refreshAction(id)));
      await catalog.flows.refreshAll();
      await this.#clock.rest();
      for (const text of judgeTree(await this.#window.draw(service.id, service.actionIds), await service.state(), service.actionIds)) {
        this.note(text);
      }
      if (catalog.action(first) === undefined) {
        this.note('the catalog is empty');
      }
    }
    await this.#clock.rest();
    for (const run of await this.#runs.list()) {
      if (run.unclear !== true) {
        this.note(`a deployment is remembered that has ended: ${JSON.stringify(run)}`);
      }
    }
    this.#runs.written.length = 0;
    collectGarbage();
    await new Promise(resolve => void setImmediate(resolve));
    collectGarbage();
    const { listeners, sleepers } = this.#window.leftovers();
    const look: Look = {
      steps: this.#steps,
      heapBytes: process.memoryUsage().heapUsed,
      listeners, sleepers,
      timers: process.getActiveResourcesInfo().filter(name => name === 'Timeout').length,
      oldWindows: this.#old.filter(window => window.deref() !== undefined).length,
    };
    this.#looks.push(look);
    this.#options.onLook?.(look);
  }

  /** Rows of what was done here are right without a refresh, where nothing and nobody came between. */
  async #unasked(done: Done, after: Kept): Promise<string[]> {
    const wrong: string[] = [];
    for (const { id, actionIds } of this.#services) {
      const { state } = this.#window;
      const disturbed = [...done.disturbed, ...done.theirs.keys()].some(key => key === id || key.startsWith(`${id}/`));
      const touched = new Set(actionIds.filter(actionId => [...done.deploys, ...done.saves].some(claim => claim.key === `${id}/${actionId}`)));
      if (!disturbed && touched.size > 0 && state.catalog(id).list().loaded && state.catalog(id).list().error === undefined) {
        const known = actionIds.filter(actionId => state.catalog(id).versions.known(actionId) !== undefined);
        const deployed = known.filter(actionId => done.deploys.some(({ key, deployment }) => key === `${id}/${actionId}` && deployment?.version !== undefined));
        const kept = [...after].filter(([key]) => key.startsWith(`${id}/`)).map(([, action]) => action);
        wrong.push(...judgeTree(await this.#window.draw(id, known), kept, deployed, touched).map(text => `unasked, ${text}`));
      }
    }
    return wrong;
  }

  #count(done: Done): void {
    const ended = new Set(done.deploys.map(claim => claim.deployment));
    for (const deployment of ended) {
      this.#counts.deployments += deployment === undefined ? 0 : 1;
      this.#counts.live += deployment?.outcome?.kind === 'live' ? 1 : 0;
      this.#counts.unconfirmed += deployment?.outcome?.kind === 'unconfirmed' ? 1 : 0;
    }
    const outcomes = [...done.deploys, ...done.lookUps.map(deployment => ({ deployment }))].map(({ deployment }) => {
      const outcome = deployment?.outcome;
      return [outcome?.kind, outcome?.kind === 'failed' ? outcome.reason : '', outcome?.version, (deployment?.endedAt ?? 0) - (deployment?.startedAt ?? 0)];
    });
    this.#trace.update(JSON.stringify([outcomes, done.saves.map(save => save.outcome?.kind)]));
  }
}

/** What a deployment has in common with the one that was looked up of it. */
function nameOf(deployment: Deployment | undefined): string {
  return deployment === undefined ? '' : `${deployment.tenant.id}/${deployment.actionId} ${deployment.startedAt}`;
}

function nothing(): Done {
  return { deploys: [], saves: [], theirs: new Map(), writes: new Map(), disturbed: new Set(), lookUps: [], broken: [] };
}

function describe(list: readonly object[]): string {
  return JSON.stringify(list, (name, value: unknown) => (name === 'text' ? undefined : name === 'service' ? (value as Service).id : value));
}

/** Collects what nobody holds any more, also where Node was started without `--expose-gc`. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
