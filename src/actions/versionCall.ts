/**
 * The call that makes a version live, whether from the draft (deploy) or from an older version (roll back): sent once,
 * and then read back.
 *
 * Two promises hold whatever fails. The call is sent once: where its answer is lost, the service is read until it is
 * clear what became of it. And "live" is said only when the service shows the number, `deployed: true` and the content
 * that was meant.
 */
import type { Action, Content, ManagementApi, Version } from '../auth0/api.ts';
import type { Clock } from '../auth0/clock.ts';
import { isApiError, isRefusal, isSignedOut } from '../auth0/errors.ts';
import type { ApiError } from '../auth0/errors.ts';
import type { Priority } from '../auth0/turns.ts';
import type { Outcome, Phase } from './deployment.ts';
import { isBuilding } from './model.ts';
import { pause } from './pauses.ts';

/** The service gives a build up after five minutes. */
export const BUILD_DEADLINE_MS = 6 * 60_000;
/** A question that was open for longer than this: what it was about may have changed meanwhile. */
export const FRESH_MS = 1000;
/** A deployed version was seen at most 0.3 s after the call; a minute covers reads that fail. */
const CONFIRM_DEADLINE_MS = 60_000;
/** It was seen after 81 ms in half of the cases; a look takes its way there as well. */
const CONFIRM_FIRST_MS = 60;
/** A lost call that has shown no effect for this long had none. */
const LOST_CALL_MS = 10_000;

export interface RunOptions {
  readonly api: ManagementApi;
  readonly actionId: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** Aborted to stop: before the call nothing is sent, after it nothing more is watched. */
  readonly signal: AbortSignal;
  readonly onPhase: (phase: Phase) => void;
  /** Every action that was read on the way: the tree shows it at once. */
  readonly onAction: (action: Action) => void;
  readonly onVersion: (version: Version) => void;
}

/** What is to become live, and how. */
export interface VersionCall {
  /** The action as it was read last. */
  readonly action: Action;
  /** The signal ends it only before it is sent: it is then `cancelled`. */
  readonly send: (signal: AbortSignal) => Promise<Version>;
  /** True for a version, or a draft, that holds what is to become live. */
  readonly isMeant: (content: Content) => boolean;
  /** The highest number before the call: whatever the call makes is above it. */
  readonly before: number;
  /** Time of the service before which no version can have come from this call. */
  readonly since?: string;
  /** Judges a refusal because of a draft that is not built, where the call depends on the draft. */
  readonly notBuilt?: (error: ApiError) => Promise<Outcome>;
  /** The draft is to become the same content too. */
  readonly draftFollows?: boolean;
}

/** Sends the call and finds out what came of it. Never rejects. */
export async function sendAndConfirm(options: RunOptions, call: VersionCall): Promise<Outcome> {
  return new Confirmation(options, call).run();
}

/** Reads the action, and passes it on. Rejects with an ApiError. */
export async function readAction(options: RunOptions, priority: Priority = 'background'): Promise<Action> {
  const action = await options.api.getAction(options.actionId, { signal: options.signal, priority });
  options.onAction(action);
  return action;
}

/** Waits before the next look at what has been going on since `begun`; `first` milliseconds before the first one. */
export function pauseBetween(options: RunOptions, begun: number, looks: number, first?: number): Promise<void> {
  const { clock, api, random, signal } = options;
  const ms = pause({ elapsed: clock.now() - begun, looks, headroom: laterMs => api.headroom(laterMs), random: random(), ...(first === undefined ? {} : { first }) });
  return clock.sleep(ms, signal);
}

export function failed(reason: (Outcome & { kind: 'failed' })['reason'], action: Action | undefined, error?: unknown): Outcome & { kind: 'failed' } {
  const live = action?.deployedVersion?.number;
  return { kind: 'failed', reason, errors: [], ...(live === undefined ? {} : { live }), ...(error === undefined ? {} : { error }) };
}

/** What a failure before the call means: nothing was sent. */
export function beforeSending(options: RunOptions, error: unknown, action?: Action): Outcome {
  return options.signal.aborted || (isApiError(error) && error.kind === 'cancelled') ? { kind: 'stopped', sent: false } : failed('unreachable', action, error);
}

class Confirmation {
  readonly #o: RunOptions;
  readonly #call: VersionCall;

  constructor(options: RunOptions, call: VersionCall) {
    this.#o = options;
    this.#call = call;
  }

  async run(): Promise<Outcome> {
    if (this.#o.signal.aborted) {
      return { kind: 'stopped', sent: false };
    }
    this.#o.onPhase('deploying');
    let answer: Version | undefined;
    let lost: unknown;
    try {
      answer = await this.#call.send(this.#o.signal);
      this.#o.onVersion(answer);
    } catch (error) {
      if (isApiError(error) && error.kind === 'notBuilt' && this.#call.notBuilt !== undefined) {
        return this.#call.notBuilt(error);
      }
      if (isApiError(error) && error.kind === 'cancelled') {
        return { kind: 'stopped', sent: false };
      }
      if (isRefusal(error)) {
        return failed('refused', this.#call.action, error);
      }
      lost = error;
    }
    this.#o.onPhase('confirming');
    return answer === undefined ? this.#findLost(lost) : this.#confirm(answer);
  }

  /** Reads until the answered version is live or failed. */
  async #confirm(answer: Version): Promise<Outcome> {
    const begun = this.#o.clock.now();
    let deadline = CONFIRM_DEADLINE_MS;
    let lastError: unknown;
    for (let looks = 0; ; looks += 1) {
      await pauseBetween(this.#o, begun, looks, CONFIRM_FIRST_MS);
      if (this.#o.signal.aborted) {
        return { kind: 'stopped', sent: true, version: answer.number };
      }
      const late = (): boolean => this.#o.clock.now() - begun >= deadline;
      try {
        const action = await readAction(this.#o, 'step');
        const live = action.deployedVersion;
        if (live?.id === answer.id && live.deployed && live.number === answer.number && this.#call.isMeant(live)) {
          if (this.#call.draftFollows !== true || this.#call.isMeant(action) || late()) {
            return this.#live(live.number, action);
          }
          continue;
        }
        if (live !== undefined && live.number > answer.number) {
          return { kind: 'unconfirmed', version: answer.number, otherLive: live.number };
        }
        if (looks === 0) {
          // So soon it is mostly on its way: the version itself is worth a request only where it still is later.
          continue;
        }
        const version = await this.#o.api.getVersion(action.id, answer.id, { signal: this.#o.signal, priority: 'background' });
        this.#o.onVersion(version);
        if (version.status === 'failed') {
          return this.#versionFailed(version, action);
        }
        deadline = isBuilding(version.status) ? BUILD_DEADLINE_MS : CONFIRM_DEADLINE_MS;
        lastError = undefined;
      } catch (error) {
        lastError = error;
        deadline = deadlineAfter(error, deadline);
      }
      if (late()) {
        return { kind: 'unconfirmed', version: answer.number, ...(lastError === undefined ? {} : { error: lastError }) };
      }
    }
  }

  /** The answer of the call was lost: finds out from reads alone what the service made of it. */
  async #findLost(cause: unknown): Promise<Outcome> {
    const begun = this.#o.clock.now();
    const { before } = this.#call;
    let deadline = CONFIRM_DEADLINE_MS;
    let lastError: unknown = cause;
    for (let looks = 0; ; looks += 1) {
      await pauseBetween(this.#o, begun, looks);
      if (this.#o.signal.aborted) {
        return { kind: 'stopped', sent: true };
      }
      const waited = this.#o.clock.now() - begun;
      try {
        const action = await readAction(this.#o);
        const live = action.deployedVersion;
        if (live !== undefined && live.number > before && !this.#call.isMeant(live)) {
          return { kind: 'unconfirmed', otherLive: live.number, error: cause };
        }
        if (live?.deployed === true && live.number > before) {
          this.#o.onVersion(live);
          return this.#live(live.number, action);
        }
        const made = await this.#newVersion();
        if (made?.status === 'failed') {
          return this.#versionFailed(made, action);
        }
        if (made === undefined && waited >= LOST_CALL_MS) {
          return failed('notDeployed', action, cause);
        }
        deadline = made !== undefined && isBuilding(made.status) ? BUILD_DEADLINE_MS : CONFIRM_DEADLINE_MS;
      } catch (error) {
        lastError = error;
        deadline = deadlineAfter(error, deadline);
      }
      if (waited >= deadline) {
        return { kind: 'unconfirmed', error: lastError };
      }
    }
  }

  /** A version that only this call can have made. */
  async #newVersion(): Promise<Version | undefined> {
    const page = await this.#o.api.listVersions(this.#o.actionId, 0, 10, { signal: this.#o.signal, priority: 'background' });
    const since = sortableTime(this.#call.since);
    return page.items
      .filter(version => version.number > this.#call.before && this.#call.isMeant(version) && sortableTime(version.createdAt) >= since)
      .sort((a, b) => b.number - a.number)[0];
  }

  #live(version: number, action: Action): Outcome {
    return { kind: 'live', version, ...(this.#call.draftFollows === true ? { draftFollows: this.#call.isMeant(action) } : {}) };
  }

  #versionFailed(version: Version, action: Action): Outcome {
    return { ...failed('versionFailed', action), version: version.number, versionId: version.id, errors: version.errors };
  }
}

/** Somebody who has to find a new token needs longer than a service that is unwell. */
function deadlineAfter(error: unknown, deadline: number): number {
  return isSignedOut(error) ? Math.max(deadline, BUILD_DEADLINE_MS) : deadline;
}

/**
 * A time of the service as text that sorts: it has up to nine fraction digits, more than a `Date` holds.
 * A missing one sorts first.
 */
export function sortableTime(time: string | undefined): string {
  const parts = /^(.*?\d)(?:\.(\d+))?Z$/u.exec(time ?? '');
  return parts === null ? (time ?? '') : `${parts[1] ?? ''}.${(parts[2] ?? '').padEnd(9, '0')}`;
}
