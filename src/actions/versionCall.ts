/**
 * The call that makes a version live, whether from the draft (deploy) or from an older version (roll back): sent once,
 * and then read back.
 *
 * Two promises hold whatever fails. The call is sent once: where its answer is lost, the service is read until it is
 * clear what became of it. And "live" is said only when the service shows the number, `deployed: true` and the content
 * that was meant. Each look asks in more than one way (the action, the version, the list of versions), so that one
 * that fails for good does not keep the others from telling.
 */
import { VERSIONS_KEPT } from '../auth0/api.ts';
import type { Action, Content, ManagementApi, Version } from '../auth0/api.ts';
import type { Clock } from '../auth0/clock.ts';
import { ApiError, isApiError, isRefusal, isSignedOut, neverArrived } from '../auth0/errors.ts';
import type { Priority } from '../auth0/turns.ts';
import type { FailureReason, Outcome, Phase } from './deployment.ts';
import { isDeleted, isNotFound } from './gone.ts';
import { LOST_CALL_MS, actsWithinMs } from './lostChange.ts';
import { isBuilding } from './model.ts';
import { Deadline, pause, stopwatch } from './pauses.ts';

/** The service gives a build up after five minutes. */
export const BUILD_DEADLINE_MS = 6 * 60_000;
/** A question that was open for longer than this: what it was about may have changed meanwhile. */
export const FRESH_MS = 1000;
/** A deployed version was seen at most 0.3 s after the call; a minute covers reads that fail. */
const CONFIRM_DEADLINE_MS = 60_000;
/** It was seen after 81 ms in half of the cases; a look takes its way there as well. */
const CONFIRM_FIRST_MS = 60;
/** One attempt of a read. */
const READ_MS = 30_000;
/** The longest pause that the service can ask for; the rate limit is the lane's. */
const LONGEST_ASKED_MS = 5000;
/** A look that took longer than this began with something that may be otherwise by now. */
const STALE_MS = 3000;
/** The last look where the rate limit held back those before: it can do so for a minute. */
const HELD_BACK_MS = 65_000;

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
  /** Hears what will be sent once the draft is built: that is agreed to, and saved. */
  readonly onDue?: (call: VersionCall) => void;
  /**
   * Hears of the call just before it leaves, and is waited for: whoever remembers it must have done so by then. Resolves
   * to false where it must not leave any more, since another window has taken it over. Never rejects.
   */
  readonly onSending?: (call: VersionCall) => Promise<boolean>;
}

/** By what a call is known again that has been sent, whoever sent it. */
export interface SentCall {
  /** True for a version, or a draft, that holds what is to become live. */
  readonly isMeant: (content: Content) => boolean;
  /** The highest number before the call, as far as it is known: whatever the call makes is above it. */
  readonly before: number;
  /** Time of the service before which no version can have come from this call. */
  readonly since?: string;
  /** The service's time when the draft was read last before the call. */
  readonly readAt?: string;
  /** True where the call makes a version of whatever the draft holds at that moment. */
  readonly takesDraft?: boolean;
  /** The draft is to become the same content too. */
  readonly draftFollows?: boolean;
}

/** What is to become live, and how. */
export interface VersionCall extends SentCall {
  /** The action as it was read last. */
  readonly action: Action;
  /** The signal ends it only before it is sent: it is then `cancelled`. */
  readonly send: (signal: AbortSignal) => Promise<Version>;
  /** Id of the version that the call goes back to. */
  readonly target?: string;
  /** What is to become live. */
  readonly meant: Content;
  /** True where the times of secrets do not count for `isMeant`. */
  readonly anySecretTimes?: boolean;
  /** Judges a refusal because of a draft that is not built, where the call depends on the draft. */
  readonly notBuilt?: (error: ApiError) => Promise<Outcome>;
}

/** Sends the call and finds out what came of it. Never rejects. */
export async function sendAndConfirm(options: RunOptions, call: VersionCall): Promise<Outcome> {
  return new Confirmation(options, call).run(call);
}

/**
 * Finds out, from reads alone, what came of a call that was sent before: by another window, or by this one without an
 * answer. `at` is when it left, in milliseconds since the epoch, where it is known to have left; `version` what its answer
 * named, if there was one. Never rejects.
 */
export async function confirmSent(options: RunOptions, call: SentCall, sent: { readonly at?: number | undefined; readonly version?: VersionName }): Promise<Outcome> {
  return new Confirmation(options, call).lookUp(sent.at, sent.version);
}

type VersionName = Pick<Version, 'id' | 'number'>;

/** Reads the action, within its time where that is limited, and passes it on. Rejects with an ApiError. */
export async function readAction(options: RunOptions, priority: Priority = 'background', withinMs?: number): Promise<Action> {
  const action = await options.api.getAction(options.actionId, { signal: options.signal, priority, ...(withinMs === undefined ? {} : { withinMs }) });
  options.onAction(action);
  return action;
}

/**
 * Waits before the next look, `first` milliseconds before the first one, and resolves to how long it meant to. The last
 * looks do not follow each other quickly. Where the service asked for a longer pause than that, it has it.
 */
export async function pauseAfter(options: RunOptions, deadline: Deadline, looks: number, first?: number, error?: unknown): Promise<number> {
  const { clock, api, random, signal } = options;
  const asked = isApiError(error) ? Math.min(error.retryAfterMs ?? 0, LONGEST_ASKED_MS) : 0;
  const ms = Math.max(asked, pause({ elapsed: deadline.elapsed(), looks: deadline.hasPassed ? Number.POSITIVE_INFINITY : looks, headroom: laterMs => api.headroom(laterMs), random: random(), ...(first === undefined ? {} : { first }) }));
  await clock.sleep(ms, signal);
  return ms;
}

/** With what is live all the same: `action` is as it was read last, if it was. */
export function failed(reason: FailureReason, action: Action | undefined, error?: unknown): Outcome & { kind: 'failed' } {
  const live = action?.deployedVersion?.number;
  return { kind: 'failed', reason, errors: [], ...(live === undefined ? {} : { live }), ...(action !== undefined && live === undefined ? { nothingLive: true } : {}), ...(error === undefined ? {} : { error }) };
}

/** What a failure before the call means: nothing was sent. Never rejects. */
export async function beforeSending(options: RunOptions, error: unknown, action?: Action): Promise<Outcome> {
  if (isNotFound(error) && (await seemsDeleted(options))) {
    return failed('actionGone', undefined, error);
  }
  return options.signal.aborted || (isApiError(error) && error.kind === 'cancelled') ? { kind: 'stopped', sent: false } : failed('unreachable', action, error);
}

/** Never rejects: an action that may be there is none that is gone. */
function seemsDeleted({ api, actionId, signal }: RunOptions, withinMs?: number): Promise<boolean> {
  return isDeleted(api, actionId, { signal, ...(withinMs === undefined ? {} : { withinMs }) }).catch(() => false);
}

/** What one look has shown, as far as the service could be read. */
interface Look {
  readonly action?: Action;
  /** The version that the call made. */
  readonly made?: Version;
  /** True where the list of versions was read back to the call: without `made`, there is none. */
  readonly listed?: boolean;
  /** True where the list has another version that is newer than the call. */
  readonly others?: boolean;
  readonly error?: unknown;
}

class Confirmation {
  readonly #o: RunOptions;
  readonly #call: SentCall;
  /** What the call answered. */
  #answer: VersionName | undefined;
  /** When a read worked last, in milliseconds since the call. */
  #readAt = -1;
  /** True where the last answer about the action was that there were too many requests. */
  #isLimited = false;
  /** The action as it was read before the call. */
  #known: Action | undefined;

  constructor(options: RunOptions, call: SentCall) {
    this.#o = options;
    this.#call = call;
  }

  async run(call: VersionCall): Promise<Outcome> {
    this.#known = call.action;
    const isOwn = this.#o.signal.aborted || (await this.#o.onSending?.(call)) !== false;
    if (this.#o.signal.aborted) {
      return { kind: 'stopped', sent: false };
    }
    if (!isOwn) {
      return failed('takenOver', call.action);
    }
    this.#o.onPhase('deploying');
    let lost: unknown;
    try {
      const answer = await call.send(this.#o.signal);
      if (answer.number > 0) {
        this.#answer = answer;
        this.#o.onVersion(answer);
      } else {
        lost = new ApiError('malformed', { method: 'POST', path: `/api/v2/actions/actions/${this.#o.actionId}` });
      }
    } catch (error) {
      if (isApiError(error) && error.kind === 'notBuilt' && call.notBuilt !== undefined) {
        return call.notBuilt(error);
      }
      if (isApiError(error) && error.kind === 'cancelled') {
        return { kind: 'stopped', sent: false };
      }
      if (isRefusal(error)) {
        return isNotFound(error) ? this.#notFound(call, error) : failed(neverArrived(error) ? 'unreachable' : 'refused', call.action, error);
      }
      lost = error;
    }
    this.#o.onPhase('confirming');
    return this.#findOut(lost);
  }

  /** The service did not act, since it does not find the action, or the version to go back to. Or something on the way answered. */
  async #notFound({ target }: VersionCall, error: unknown): Promise<Outcome> {
    const action = await readAction(this.#o, 'background', READ_MS).catch(() => undefined);
    if (action === undefined && (await seemsDeleted(this.#o, READ_MS))) {
      return failed('actionGone', undefined, error);
    }
    const kept = target === undefined ? undefined : await this.#o.api.listVersions(this.#o.actionId, 0, VERSIONS_KEPT, { signal: this.#o.signal, withinMs: READ_MS }).catch(() => undefined);
    return this.#failed(kept?.items.every(version => version.id !== target) === true ? 'versionGone' : 'refused', action === undefined ? {} : { action }, error);
  }

  lookUp(sentAt: number | undefined, version: VersionName | undefined): Promise<Outcome> {
    this.#answer = version;
    this.#o.onPhase('confirming');
    // One of which nobody wrote that it left has hardly left, and is not waited for as long as one that was lost on the way.
    return this.#findOut(undefined, sentAt === undefined ? CONFIRM_DEADLINE_MS - LOST_CALL_MS : Math.max(0, this.#o.clock.now() - sentAt));
  }

  /** Looks until it is clear what became of the call. `lost` is why there is no answer; `begun` what has gone by since the call, in milliseconds. */
  async #findOut(lost: unknown, begun = 0): Promise<Outcome> {
    const deadline = new Deadline(this.#o.clock, CONFIRM_DEADLINE_MS);
    // Counted by the pauses alone: a clock that leaps must not make a call look as if it had had its time.
    let waited = begun;
    let isBuilt = false;
    let error: unknown;
    /** What was read last of the action and the version. */
    let known: Look = {};
    for (let looks = 0; ; looks += 1) {
      waited += await pauseAfter(this.#o, deadline, looks, this.#answer === undefined ? undefined : CONFIRM_FIRST_MS, error);
      if (this.#isStopped()) {
        return { kind: 'stopped', sent: true, ...this.#number() };
      }
      const look = await this.#look(looks === 0, deadline);
      const { action, made } = look;
      error = look.error;
      known = { ...known, ...(action === undefined ? {} : { action }), ...(made === undefined ? {} : { made }) };
      if (made !== undefined) {
        this.#o.onVersion(made);
      }
      if (made === undefined ? isSignedOut(error) : isBuilding(made.status)) {
        // Somebody who has to find a new token needs longer than a service that is unwell, and so does a build.
        deadline.move(Math.max(deadline.at, BUILD_DEADLINE_MS));
      } else if (made !== undefined && !isBuilt) {
        isBuilt = true;
        // Once it is built, its time to go live begins.
        deadline.move(deadline.at > CONFIRM_DEADLINE_MS ? deadline.elapsed() + CONFIRM_DEADLINE_MS : deadline.at);
      }
      const isOver = deadline.isOver();
      // At the end, what an earlier look has shown of action and version tells as well.
      const shown = isOver ? { ...look, ...known, ...(await this.#heldBack(deadline)) } : look;
      const outcome = this.#live(shown, isOver) ?? this.#other(shown, isOver, waited, lost);
      if (outcome !== undefined) {
        return outcome;
      }
      if (isNotFound(error) && action === undefined && (await seemsDeleted(this.#o, deadline.readMs))) {
        return { ...failed('actionGone', undefined, error), ...this.#number() };
      }
      if (isOver && !this.#isStopped()) {
        // Where nothing could be read any more, it may have gone live since.
        return this.#readAt >= deadline.at ? { ...this.#failed('notLive', shown, lost ?? error), ...this.#number(shown.made) } : { kind: 'unconfirmed', ...this.#number(shown.made), error };
      }
    }
  }

  #isStopped(): boolean {
    return this.#o.signal.aborted;
  }

  /** Reads the action, and unless that shows it live, the version. Where that took long, the action is read once more: it is what the outcome says. */
  async #look(isFirst: boolean, deadline: Deadline): Promise<Look> {
    const elapsed = stopwatch(this.#o.clock);
    const look = await this.#readAction({}, deadline);
    // So soon after its answer the version is mostly on its way: it is worth a request only where it still is later.
    const early = isFirst && this.#answer !== undefined && look.action !== undefined && elapsed() <= STALE_MS;
    if (early || this.#isOurs(look.action?.deployedVersion)) {
      return look;
    }
    const whole = await this.#readMade(look, deadline);
    return elapsed() > STALE_MS && look.action !== undefined ? this.#readAction(whole, deadline) : whole;
  }

  async #readAction(look: Look, deadline: Deadline, withinMs = deadline.readMs): Promise<Look> {
    try {
      const action = await readAction(this.#o, 'step', withinMs);
      this.#readAt = deadline.elapsed();
      this.#isLimited = false;
      return { ...look, action };
    } catch (error) {
      this.#isLimited ||= isApiError(error) && error.kind === 'rateLimited';
      return { ...look, error: look.error ?? error };
    }
  }

  /**
   * The action as it is after the deadline, where it could be read before and only the rate limit kept it from being read
   * since: another request was told to wait, and none may leave until then.
   */
  async #heldBack(deadline: Deadline): Promise<Pick<Look, 'action'>> {
    const isHeldBack = this.#readAt >= 0 && this.#readAt < deadline.at && !this.#isLimited && this.#o.api.headroom() === 0;
    const { action } = isHeldBack ? await this.#readAction({}, deadline, HELD_BACK_MS) : {};
    return action === undefined ? {} : { action };
  }

  /** The version that the call made: by its id where the call answered it, else from the list. */
  async #readMade(before: Look, deadline: Deadline): Promise<Look> {
    let look = before;
    const { api, actionId, signal } = this.#o;
    const answer = this.#answer;
    if (answer !== undefined) {
      try {
        const made = await api.getVersion(actionId, answer.id, { signal, priority: 'background', withinMs: deadline.readMs });
        this.#readAt = deadline.elapsed();
        return { ...look, made };
      } catch (error) {
        look = { ...look, error: look.error ?? error };
      }
    }
    try {
      // Nobody knows how long ago a call was that is looked up: what it made may be far down, or pruned.
      const most = this.#known === undefined ? VERSIONS_KEPT : 10;
      const { items } = await api.listVersions(actionId, 0, most, { signal, priority: 'background', withinMs: deadline.readMs });
      const reaches = items.length < most || items.some(({ number }) => number <= this.#call.before + 1);
      const made = items.filter(version => (answer === undefined ? this.#canBeOurs(version) : version.id === answer.id)).sort((a, b) => b.number - a.number)[0];
      const others = made === undefined && items.some(version => this.#isNewer(version));
      this.#readAt = reaches || made !== undefined ? deadline.elapsed() : this.#readAt;
      return { ...look, listed: reaches, others, ...(made === undefined ? {} : { made }) };
    } catch (error) {
      return { ...look, error: look.error ?? error };
    }
  }

  /** True for the version that is live if it is what the call made. */
  #isOurs(version: Version | undefined): version is Version {
    if (version?.deployed !== true) {
      return false;
    }
    return this.#answer === undefined ? version.number > this.#call.before && this.#call.isMeant(version) : version.id === this.#answer.id && version.number === this.#answer.number;
  }

  /** True for a version that only this call can have made, or somebody who did the same at the same moment. */
  #canBeOurs(version: Version): boolean {
    return this.#isNewer(version) && this.#call.isMeant(version);
  }

  #isNewer({ number, createdAt, status }: Version): boolean {
    const { before, since, readAt } = this.#call;
    // One that failed before the draft was read is no news, to the second; of others the clocks of the service may disagree a little.
    const from = status === 'failed' && readAt !== undefined ? readAt : since;
    return number > before && sortableTime(createdAt) >= sortableTime(from);
  }

  /** The outcome where the version is live. */
  #live({ action, made }: Look, late: boolean): Outcome | undefined {
    const live = [action?.deployedVersion, made].find(version => this.#isOurs(version));
    if (live === undefined || (action?.deployedVersion?.number ?? 0) > live.number) {
      return undefined;
    }
    if (!this.#call.isMeant(live)) {
      return { ...failed('otherContent', action), version: live.number, live: live.number };
    }
    if (this.#call.draftFollows !== true) {
      this.#o.onVersion(live);
      return { kind: 'live', version: live.number };
    }
    const draftFollows = action !== undefined && this.#call.isMeant(action);
    if (!draftFollows && !late) {
      return undefined;
    }
    this.#o.onVersion(live);
    return { kind: 'live', version: live.number, draftFollows };
  }

  /** The outcome where the version failed, somebody else's is live, or there is none. */
  #other(look: Look, late: boolean, waited: number, lost: unknown): Outcome | undefined {
    const { made, listed, action } = look;
    const hadNone = listed === true && waited >= (late ? LOST_CALL_MS : actsWithinMs(lost));
    if (made?.status === 'failed') {
      return { ...this.#failed('versionFailed', look), version: made.number, versionId: made.id, errors: made.errors };
    }
    const live = action?.deployedVersion;
    const ours = made?.number ?? this.#answer?.number;
    if (live !== undefined && live.number > (ours ?? this.#call.before)) {
      if (ours !== undefined) {
        // Ours may have failed: only where that cannot be read, somebody else's alone has to tell.
        if (made === undefined && !late) {
          return undefined;
        }
        return this.#call.isMeant(live)
          ? { kind: 'live', version: live.number, byOther: true, made: ours, ...(this.#call.draftFollows !== true ? {} : { draftFollows: action !== undefined && this.#call.isMeant(action) }) }
          : { ...this.#failed('overtaken', look), version: ours };
      }
      // The call may have taken what somebody put into the draft in the moment before.
      const mayBeOurs = this.#call.takesDraft === true && action !== undefined && !this.#call.isMeant(action);
      if (late || hadNone) {
        return listed !== true || mayBeOurs ? { ...this.#failed('otherContent', look, lost), version: live.number } : this.#failed('notDeployed', look, lost);
      }
      return undefined;
    }
    if (this.#answer !== undefined || made !== undefined || !hadNone) {
      return undefined;
    }
    // Another version that did not go live: the call may have made it, of what somebody put into the draft in the moment before.
    return this.#failed(this.#call.takesDraft === true && look.others === true ? 'notLive' : 'notDeployed', look, lost);
  }

  /** With the version that is live all the same, as far as it was read. */
  #failed(reason: FailureReason, { action }: Look, error?: unknown): Outcome & { kind: 'failed' } {
    const other = (action?.deployedVersion?.number ?? 0) > this.#call.before;
    return { ...failed(reason, action ?? this.#known, error), ...(other ? { otherLive: true as const } : {}) };
  }

  #number(version = this.#answer): { readonly version?: number } {
    return version === undefined ? {} : { version: version.number };
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
