/**
 * The state machine of one deployment: read the action, wait until its draft is built, deploy, read back.
 *
 * Two promises hold whatever fails. The deploy call is sent once: where its answer is lost, the service is read until
 * it is clear what became of it. And "live" is said only when the service shows the number, `deployed: true` and the
 * same content that was built.
 */
import type { Action, ManagementApi, Version } from '../auth0/api.ts';
import type { Clock } from '../auth0/clock.ts';
import { isApiError, isPassing, isRefusal } from '../auth0/errors.ts';
import type { ApiError } from '../auth0/errors.ts';
import { sameContent } from './content.ts';
import type { Outcome, Phase } from './deployment.ts';
import { isBuilding } from './model.ts';
import { pause } from './pauses.ts';

/** The service gives a build up after five minutes. */
const BUILD_DEADLINE_MS = 6 * 60_000;
/** A deployed version was seen at most 0.3 s after the call; a minute covers reads that fail. */
const CONFIRM_DEADLINE_MS = 60_000;
/** A question that was open for longer than this: what it was about may have changed meanwhile. */
const FRESH_MS = 1000;
/** A lost call that has shown no effect for this long had none. */
const LOST_CALL_MS = 10_000;

export interface DeployRunOptions {
  readonly api: ManagementApi;
  readonly actionId: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** Aborted to stop: before the deploy call nothing is sent, after it nothing more is watched. */
  readonly signal: AbortSignal;
  /** Asked once, with the action as just read; `false` ends the deployment as stopped. */
  readonly confirm?: (action: Action) => Promise<boolean>;
  readonly onPhase: (phase: Phase) => void;
  /** Every action that was read on the way: the tree shows it at once. */
  readonly onAction: (action: Action) => void;
  readonly onVersion: (version: Version) => void;
}

/** Runs one deployment to its end. Never rejects: everything that can happen is an outcome. */
export async function runDeployment(options: DeployRunOptions): Promise<Outcome> {
  return new DeployRun(options).run();
}

class DeployRun {
  readonly #o: DeployRunOptions;
  readonly #calls: { signal: AbortSignal; priority: 'background' };

  constructor(options: DeployRunOptions) {
    this.#o = options;
    this.#calls = { signal: options.signal, priority: 'background' };
  }

  async run(): Promise<Outcome> {
    let first: Action;
    let asked = 0;
    try {
      this.#o.onPhase('reading');
      first = await this.#o.api.getAction(this.#o.actionId, { signal: this.#o.signal });
      this.#o.onAction(first);
      // A failed draft cannot be deployed, whatever the answer would be.
      const askedAt = this.#o.clock.now();
      if (this.#o.confirm !== undefined && first.status !== 'failed' && !(await this.#o.confirm(first))) {
        return { kind: 'stopped', sent: false, declined: true };
      }
      asked = this.#o.clock.now() - askedAt;
    } catch (error) {
      return this.#beforeSending(error);
    }
    const built = await this.#waitUntilBuilt(first, asked > FRESH_MS);
    return 'kind' in built ? built : this.#deploy(built);
  }

  /** The draft once it is built, or the outcome where it never will be. A `stale` one is read anew before it is believed. */
  async #waitUntilBuilt(first: Action, stale: boolean): Promise<Action | Outcome> {
    this.#o.onPhase('building');
    const begun = this.#o.clock.now();
    let action = first;
    let mustRead = stale;
    let lastError: unknown;
    for (let looks = 0; ; looks += 1) {
      if (this.#o.signal.aborted) {
        return { kind: 'stopped', sent: false };
      }
      if (!sameContent(first, action)) {
        return this.#failed('draftChanged', action);
      }
      if (action.status === 'built' && !mustRead) {
        return action;
      }
      if (action.status === 'failed' && !mustRead) {
        return this.#failed('buildFailed', action);
      }
      if (this.#o.clock.now() - begun >= BUILD_DEADLINE_MS) {
        return this.#failed(lastError === undefined ? 'buildTimeout' : 'unreachable', action, lastError);
      }
      // A status that nobody knows is waited for like a build: it may lead to `built`.
      await this.#pause(begun, looks, isBuilding(action.status) ? 1 : 2);
      try {
        action = await this.#read();
        mustRead = false;
        lastError = undefined;
      } catch (error) {
        if (!isPassing(error)) {
          return this.#beforeSending(error, action);
        }
        lastError = error;
      }
    }
  }

  async #deploy(built: Action): Promise<Outcome> {
    if (this.#o.signal.aborted) {
      return { kind: 'stopped', sent: false };
    }
    this.#o.onPhase('deploying');
    let answer: Version | undefined;
    let lost: unknown;
    try {
      // No signal: once the call has left, breaking it off would only hide what it does.
      answer = await this.#o.api.deployAction(built.id);
      this.#o.onVersion(answer);
    } catch (error) {
      if (isApiError(error) && error.kind === 'notBuilt') {
        return this.#notBuiltAfterAll(built, error);
      }
      if (isRefusal(error)) {
        return this.#failed('refused', built, error);
      }
      lost = error;
    }
    this.#o.onPhase('confirming');
    return answer === undefined ? this.#findLost(built, lost) : this.#confirm(built, answer);
  }

  /** The service says the draft is not built any more: somebody saved it between the last look and the call. */
  async #notBuiltAfterAll(built: Action, error: ApiError): Promise<Outcome> {
    try {
      const action = await this.#read();
      return this.#failed(sameContent(built, action) ? 'refused' : 'draftChanged', action, error);
    } catch {
      return this.#failed('refused', built, error);
    }
  }

  /** Reads until the answered version is live or failed. */
  async #confirm(built: Action, answer: Version): Promise<Outcome> {
    const begun = this.#o.clock.now();
    let deadline = CONFIRM_DEADLINE_MS;
    let lastError: unknown;
    for (let looks = 0; ; looks += 1) {
      await this.#pause(begun, looks);
      if (this.#o.signal.aborted) {
        return { kind: 'stopped', sent: true, version: answer.number };
      }
      try {
        const action = await this.#read();
        const live = action.deployedVersion;
        if (live?.id === answer.id && live.deployed && live.number === answer.number && sameContent(live, built)) {
          return { kind: 'live', version: live.number };
        }
        if (live !== undefined && live.number > answer.number) {
          return { kind: 'unconfirmed', version: answer.number, otherLive: live.number };
        }
        const version = await this.#o.api.getVersion(built.id, answer.id, this.#calls);
        this.#o.onVersion(version);
        if (version.status === 'failed') {
          return this.#versionFailed(version, action);
        }
        deadline = isBuilding(version.status) ? BUILD_DEADLINE_MS : CONFIRM_DEADLINE_MS;
        lastError = undefined;
      } catch (error) {
        lastError = error;
      }
      if (this.#o.clock.now() - begun >= deadline) {
        return { kind: 'unconfirmed', version: answer.number, ...(lastError === undefined ? {} : { error: lastError }) };
      }
    }
  }

  /** The answer of the deploy call was lost: finds out from reads alone what the service made of it. */
  async #findLost(built: Action, cause: unknown): Promise<Outcome> {
    const begun = this.#o.clock.now();
    const before = built.deployedVersion?.number ?? 0;
    let deadline = CONFIRM_DEADLINE_MS;
    let lastError: unknown = cause;
    for (let looks = 0; ; looks += 1) {
      await this.#pause(begun, looks);
      if (this.#o.signal.aborted) {
        return { kind: 'stopped', sent: true };
      }
      const waited = this.#o.clock.now() - begun;
      try {
        const action = await this.#read();
        const live = action.deployedVersion;
        if (live !== undefined && live.number > before && !sameContent(live, built)) {
          return { kind: 'unconfirmed', otherLive: live.number, error: cause };
        }
        if (live?.deployed === true && live.number > before) {
          this.#o.onVersion(live);
          return { kind: 'live', version: live.number };
        }
        const made = await this.#newVersion(built, before);
        if (made?.status === 'failed') {
          return this.#versionFailed(made, action);
        }
        if (made === undefined && waited >= LOST_CALL_MS) {
          return this.#failed('notDeployed', action, cause);
        }
        deadline = made !== undefined && isBuilding(made.status) ? BUILD_DEADLINE_MS : CONFIRM_DEADLINE_MS;
      } catch (error) {
        lastError = error;
      }
      if (waited >= deadline) {
        return { kind: 'unconfirmed', error: lastError };
      }
    }
  }

  /** A version above `before` with the draft's content, made after the draft: what a lost call would have left. */
  async #newVersion(built: Action, before: number): Promise<Version | undefined> {
    const page = await this.#o.api.listVersions(built.id, 0, 10, this.#calls);
    const since = sortableTime(built.updatedAt);
    return page.items
      .filter(version => version.number > before && sameContent(version, built) && sortableTime(version.createdAt) >= since)
      .sort((a, b) => b.number - a.number)[0];
  }

  async #read(): Promise<Action> {
    const action = await this.#o.api.getAction(this.#o.actionId, this.#calls);
    this.#o.onAction(action);
    return action;
  }

  #pause(begun: number, looks: number, factor = 1): Promise<void> {
    const { clock, api, random, signal } = this.#o;
    return clock.sleep(factor * pause({ elapsed: clock.now() - begun, looks, headroom: api.headroom(), random: random() }), signal);
  }

  #versionFailed(version: Version, action: Action): Outcome {
    return { ...this.#failed('versionFailed', action), version: version.number, versionId: version.id, errors: version.errors };
  }

  #failed(reason: (Outcome & { kind: 'failed' })['reason'], action: Action, error?: unknown): Outcome & { kind: 'failed' } {
    const live = action.deployedVersion?.number;
    return { kind: 'failed', reason, errors: [], ...(live === undefined ? {} : { live }), ...(error === undefined ? {} : { error }) };
  }

  #beforeSending(error: unknown, action?: Action): Outcome {
    if (this.#o.signal.aborted || (isApiError(error) && error.kind === 'cancelled')) {
      return { kind: 'stopped', sent: false };
    }
    const live = action?.deployedVersion?.number;
    return { kind: 'failed', reason: 'unreachable', errors: [], error, ...(live === undefined ? {} : { live }) };
  }
}

/**
 * A time of the service as text that sorts: it has up to nine fraction digits, more than a `Date` holds.
 * A missing one sorts first.
 */
export function sortableTime(time: string | undefined): string {
  const parts = /^(.*?\d)(?:\.(\d+))?Z$/u.exec(time ?? '');
  return parts === null ? (time ?? '') : `${parts[1] ?? ''}.${(parts[2] ?? '').padEnd(9, '0')}`;
}
