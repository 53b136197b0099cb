/** Running and finished deployments of this window, of all tenants. */
import type { Action } from '../auth0/api.ts';
import type { Clock } from '../auth0/clock.ts';
import { Emitter } from '../auth0/emitter.ts';
import type { TenantRef } from '../auth0/tenantRef.ts';
import type { Deployment, Outcome, Phase } from './deployment.ts';
import { isRunning } from './deployment.ts';
import { runDeployment } from './deployRun.ts';
import { runRollBack } from './rollBackRun.ts';
import type { RollBackRunOptions } from './rollBackRun.ts';
import type { RunOptions } from './versionCall.ts';

/** Finished deployments that are kept for the list. */
const KEPT = 50;

export interface DeploymentsOptions {
  readonly clock: Clock;
  readonly random?: () => number;
  /** Where every action goes that a deployment reads. */
  readonly onAction?: (tenant: TenantRef, action: Action) => void;
}

export interface DeployRequest {
  readonly tenant: TenantRef;
  readonly actionId: string;
  readonly actionName: string;
  readonly confirm?: (action: Action) => Promise<boolean | Action>;
}

export interface RollBackRequest {
  readonly tenant: TenantRef;
  readonly actionId: string;
  readonly actionName: string;
  /** Number of the version whose content is to become live. */
  readonly number: number;
  readonly confirm: RollBackRunOptions['confirm'];
  /** What a caller has decided about the draft beforehand: nobody who decided otherwise joins. */
  readonly updateDraft?: boolean;
}

/** An action of which something else is being deployed: two calls at once could not be told apart. */
export class ActionBusy extends Error {
  override readonly name = 'ActionBusy';
  readonly deployment: Deployment;

  constructor(deployment: Deployment) {
    super(`${deployment.actionName} is being deployed already`);
    this.deployment = deployment;
  }
}

interface Run {
  /** What it makes live, and what of the draft: only the same is joined. */
  readonly what: string;
  value: Deployment;
  readonly stop: AbortController;
  readonly done: Promise<Deployment>;
  /** Its tenant is gone: it ends, and leaves no trace in the list. */
  forgotten: boolean;
}

export class Deployments {
  /** Fires at every change of a deployment, with its new value. */
  readonly changed = new Emitter<Deployment>();
  readonly #options: DeploymentsOptions;
  readonly #running = new Map<string, Run>();
  readonly #ended: Deployment[] = [];
  #count = 0;

  constructor(options: DeploymentsOptions) {
    this.#options = options;
  }

  /** Running ones first, then the finished, the newest first. */
  list(): readonly Deployment[] {
    return [...[...this.#running.values()].map(run => run.value).reverse(), ...this.#ended];
  }

  running(): readonly Deployment[] {
    return [...this.#running.values()].map(run => run.value);
  }

  /** The version that the last deployment of an action made in vain; `undefined` where that ended otherwise. */
  failedVersion(tenantId: string, actionId: string): number | undefined {
    const outcome = this.#ended.find(one => one.tenant.id === tenantId && one.actionId === actionId)?.outcome;
    return outcome?.kind === 'failed' && outcome.reason === 'versionFailed' ? outcome.version : undefined;
  }

  /** The running deployment of an action. */
  of(tenantId: string, actionId: string): Deployment | undefined {
    return this.#running.get(keyOf(tenantId, actionId))?.value;
  }

  /**
   * Starts a deployment, or joins the one of the same action that is already running.
   * @throws ActionBusy while the action is being rolled back; never for anything else.
   */
  deploy(request: DeployRequest): Promise<Deployment> {
    return this.#start(request, 'draft', options => runDeployment({ ...options, ...(request.confirm === undefined ? {} : { confirm: request.confirm }) }));
  }

  /**
   * Makes an old version's content live again, or joins the same roll back that is already running.
   * @throws ActionBusy while the action is being deployed, or rolled back to another version; never for anything else.
   */
  rollBack(request: RollBackRequest): Promise<Deployment> {
    return this.#start(request, `${request.number} ${request.updateDraft ?? 'asked'}`, options => runRollBack({ ...options, number: request.number, confirm: request.confirm }));
  }

  async #start(request: Omit<DeployRequest, 'confirm'> & { readonly number?: number }, what: string, work: (options: RunOptions) => Promise<Outcome>): Promise<Deployment> {
    const key = keyOf(request.tenant.id, request.actionId);
    const running = this.#running.get(key);
    if (running !== undefined) {
      if (running.what !== what) {
        throw new ActionBusy(running.value);
      }
      return running.done;
    }
    const stop = new AbortController();
    this.#count += 1;
    let settle: (value: Deployment) => void = () => undefined;
    const done = new Promise<Deployment>(resolve => {
      settle = resolve;
    });
    const run: Run = {
      what,
      stop,
      done,
      forgotten: false,
      value: {
        id: String(this.#count),
        tenant: request.tenant,
        actionId: request.actionId,
        actionName: request.actionName,
        ...(request.number === undefined ? {} : { rollBackTo: request.number }),
        startedAt: this.#options.clock.now(),
        phases: [],
      },
    };
    this.#running.set(key, run);
    this.changed.fire(run.value);
    void this.#run(request.tenant, run, work).then(outcome => {
      const endedAt = this.#options.clock.now();
      run.value = { ...run.value, outcome, endedAt, phases: closed(run.value.phases, endedAt) };
      this.#running.delete(key);
      // One that the person declined never was a deployment.
      if (!run.forgotten && !(outcome.kind === 'stopped' && outcome.declined === true)) {
        this.#ended.unshift(run.value);
        this.#ended.splice(KEPT);
      }
      this.changed.fire(run.value);
      settle(run.value);
    });
    return done;
  }

  /** Stops a running deployment: before the deploy call nothing is sent, after it nothing more is watched. */
  stop(id: string): void {
    for (const run of this.#running.values()) {
      if (run.value.id === id) {
        run.stop.abort();
      }
    }
  }

  /** Stops watching those of a tenant that is being disconnected, and forgets its finished ones. */
  forget(tenantId: string): void {
    for (const run of this.#running.values()) {
      if (run.value.tenant.id === tenantId) {
        run.forgotten = true;
        run.stop.abort();
      }
    }
    this.#ended.splice(0, Number.POSITIVE_INFINITY, ...this.#ended.filter(one => one.tenant.id !== tenantId));
  }

  dispose(): void {
    for (const run of this.#running.values()) {
      run.stop.abort();
    }
    this.changed.clear();
  }

  async #run(tenant: TenantRef, run: Run, work: (options: RunOptions) => Promise<Outcome>): Promise<Outcome> {
    const { clock, random, onAction } = this.#options;
    const update = (change: Partial<Deployment>): void => {
      run.value = { ...run.value, ...change };
      if (isRunning(run.value)) {
        this.changed.fire(run.value);
      }
    };
    try {
      return await work({
        api: await tenant.api(),
        actionId: run.value.actionId,
        clock,
        random: random ?? Math.random,
        signal: run.stop.signal,
        onPhase: (phase: Phase) => {
          const now = clock.now();
          update({ phases: [...closed(run.value.phases, now), { phase, startedAt: now }] });
        },
        onAction: action => {
          onAction?.(tenant, action);
          update({ actionName: action.name, draftStatus: action.status });
        },
        onVersion: version => update({ version: version.number }),
      });
    } catch (error) {
      return { kind: 'failed', reason: 'unreachable', errors: [], error };
    }
  }
}

function keyOf(tenantId: string, actionId: string): string {
  return `${tenantId}/${actionId}`;
}

function closed(phases: Deployment['phases'], now: number): Deployment['phases'] {
  return phases.map(time => (time.endedAt === undefined ? { ...time, endedAt: now } : time));
}
