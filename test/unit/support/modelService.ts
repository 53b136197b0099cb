/**
 * One action at a tiny model of the service, as the state machine of drafts and versions has it. Faults are put on
 * single calls, before the service acts or after, so that a test can say what must come of each.
 */
import type { Action, ActionChange, CallOptions, Content, ManagementApi, Page, Version, VersionError } from '../../../src/auth0/api.ts';
import type { Clock } from '../../../src/auth0/clock.ts';
import { ApiError } from '../../../src/auth0/errors.ts';
import { action, apiError, version } from './things.ts';

export type CallName = 'getAction' | 'listVersions' | 'getVersion' | 'deployAction' | 'deployVersion' | 'updateAction';

/** Rejects a call before the service acts on it, or after, when only the answer is lost. */
export interface Fault {
  readonly when: 'before' | 'after';
  readonly error: Error;
}

export interface ModelOptions {
  readonly clock: Clock;
  /** Milliseconds that a build of the draft takes. */
  readonly buildMs?: number;
  readonly buildEnds?: 'built' | 'failed';
  /** Statuses while a build is under way, evenly spread. */
  readonly buildStatuses?: readonly string[];
  /** Number of the version that is live at the beginning. */
  readonly live?: number;
  /** Milliseconds from the deploy call until the version is live or failed. */
  readonly deployMs?: number;
  readonly versionErrors?: readonly VersionError[];
  readonly headroom?: number;
}

const unexpected = (): Promise<never> => Promise.reject(new Error('a deployment does not make this call'));

export class ModelService implements ManagementApi {
  readonly calls: CallName[] = [];
  /** Deploy calls on which the service acted. */
  acted = 0;
  /** Codes that a PATCH has put into the draft. */
  readonly patched: string[] = [];
  #saves = 0;
  fault: ((name: CallName, nth: number) => Fault | undefined) | undefined;
  /** Runs when a call arrives: another person's doings. */
  onCall: ((name: CallName, nth: number) => void) | undefined;
  /** Until then, by the clock, no read leaves: the rate limit holds it back. */
  heldUntil = 0;
  readonly #o: ModelOptions;
  readonly #versions: Version[] = [];
  readonly #liveAt = new Map<string, number>();
  #draft: Content = contentOf(action('a1'));
  #savedAt: number;
  #buildEnds: 'built' | 'failed';

  constructor(options: ModelOptions) {
    this.#o = options;
    this.#buildEnds = options.buildEnds ?? 'built';
    this.#savedAt = options.clock.now();
    if (options.live !== undefined) {
      this.#versions.push(version(options.live, { code: '// old', deployed: true, createdAt: this.#time(options.clock.now() - 60_000) }));
    }
  }

  count(name: CallName): number {
    return this.calls.filter(call => call === name).length;
  }

  get draft(): Content {
    return this.#draft;
  }

  /** The number of the version that is live, and its content. */
  live(): Version | undefined {
    const now = this.#o.clock.now();
    return this.#versions.map(one => this.#seen(one, now)).filter(one => one.deployed).sort((a, b) => b.number - a.number)[0];
  }

  /** Somebody saves the draft. */
  save(code: string): void {
    this.#draft = { ...this.#draft, code };
    this.#savedAt = this.#o.clock.now();
    this.#saves += 1;
  }

  /** Somebody deploys this content (the draft's unless told otherwise); live at once. */
  deployBy(code = this.#draft.code): number {
    const number = this.#next();
    this.#versions.push({ ...version(number), ...this.#draft, code, deployed: true, createdAt: this.#time(this.#o.clock.now()) });
    return number;
  }

  getAction(_id: string, options?: CallOptions): Promise<Action> {
    return this.#call('getAction', options, () => this.#action());
  }

  updateAction(_id: string, change: ActionChange, options?: CallOptions): Promise<Action> {
    return this.#call('updateAction', options, () => {
      this.save(change.code ?? this.#draft.code);
      this.patched.push(this.#draft.code);
      return { ...this.#action(), status: 'pending' };
    });
  }

  #action(): Action {
    const now = this.#o.clock.now();
    const live = this.live();
    return {
      ...action('a1'),
      ...this.#draft,
      status: this.#status(now),
      // Each save has a time of its own, however little of the clock's has gone by.
      updatedAt: this.#time(this.#savedAt).replace('123456Z', `${String(this.#saves).padStart(6, '0')}Z`),
      allChangesDeployed: live?.code === this.#draft.code,
      ...(live === undefined ? {} : { deployedVersion: live }),
    };
  }

  listVersions(_id: string, page: number, perPage: number, options?: CallOptions): Promise<Page<Version>> {
    return this.#call('listVersions', options, () => {
      const all = this.#versions.map(one => this.#seen(one, this.#o.clock.now())).reverse();
      return { items: all.slice(page * perPage, (page + 1) * perPage), total: all.length };
    });
  }

  getVersion(_id: string, versionId: string, options?: CallOptions): Promise<Version> {
    return this.#call('getVersion', options, () => {
      const found = this.#versions.find(one => one.id === versionId);
      if (found === undefined) {
        throw apiError('notFound');
      }
      return this.#seen(found, this.#o.clock.now());
    });
  }

  deployAction(_id: string, options?: CallOptions): Promise<Version> {
    return this.#call('deployAction', options, () => {
      const now = this.#o.clock.now();
      if (this.#status(now) !== 'built') {
        throw new ApiError('notBuilt', { method: 'POST', path: '/deploy', status: 400 });
      }
      return this.#make(this.#draft, now);
    });
  }

  deployVersion(_id: string, versionId: string, updateDraft: boolean, options?: CallOptions): Promise<Version> {
    return this.#call('deployVersion', options, () => {
      const now = this.#o.clock.now();
      const old = this.#versions.find(one => one.id === versionId);
      if (old === undefined) {
        throw apiError('notFound', 'POST');
      }
      if (updateDraft) {
        this.save(old.code);
      }
      return this.#make({ ...old, ...contentOf(old) }, now);
    });
  }

  #make(content: Content, now: number): Version {
    this.acted += 1;
    const number = this.#next();
    const made: Version = { ...version(number), ...content, id: `v${number}`, number, status: 'built', deployed: false, createdAt: this.#time(now) };
    this.#versions.push(made);
    this.#liveAt.set(made.id, now + (this.#o.deployMs ?? 80));
    return made;
  }

  // A deployment and a roll back make none of these calls.
  readonly listActions = unexpected;
  readonly listTriggers = unexpected;
  readonly listBindings = unexpected;
  readonly updateBindings = unexpected;
  readonly createAction = unexpected;
  readonly deleteAction = unexpected;
  readonly testAction = unexpected;
  readonly listFailedRuns = unexpected;
  readonly getExecution = unexpected;
  readonly listModules = unexpected;
  readonly listModuleVersions = unexpected;

  headroom(): number {
    return this.#o.clock.now() < this.heldUntil ? 0 : (this.#o.headroom ?? 1);
  }

  async #call<T>(name: CallName, options: CallOptions | undefined, act: () => T): Promise<T> {
    this.calls.push(name);
    const nth = this.count(name);
    const abortedBefore = options?.signal?.aborted === true;
    this.onCall?.(name, nth);
    await Promise.resolve();
    const heldMs = this.heldUntil - this.#o.clock.now();
    if (heldMs > 0) {
      const withinMs = options?.withinMs ?? heldMs;
      await this.#o.clock.sleep(Math.min(heldMs, withinMs), options?.signal);
      if (withinMs < heldMs && options?.signal?.aborted !== true) {
        throw apiError('timeout');
      }
    }
    // A write that has been sent goes on, whoever gives up.
    if (/^(?:deploy|update)/u.test(name) ? abortedBefore : options?.signal?.aborted === true) {
      throw apiError('cancelled');
    }
    const fault = this.fault?.(name, nth);
    if (fault?.when === 'before') {
      throw fault.error;
    }
    const result = act();
    if (fault !== undefined) {
      throw fault.error;
    }
    return result;
  }

  #next(): number {
    return Math.max(0, ...this.#versions.map(one => one.number)) + 1;
  }

  #status(now: number): string {
    const ms = this.#o.buildMs ?? 0;
    const gone = now - this.#savedAt;
    if (gone >= ms) {
      return this.#buildEnds;
    }
    const statuses = this.#o.buildStatuses ?? ['pending', 'building'];
    return statuses[Math.floor((gone / ms) * statuses.length)] ?? 'building';
  }

  #seen(one: Version, now: number): Version {
    const liveAt = this.#liveAt.get(one.id);
    if (liveAt === undefined) {
      return one;
    }
    if (now < liveAt) {
      return { ...one, status: this.#o.versionErrors === undefined ? 'built' : 'building' };
    }
    return this.#o.versionErrors === undefined ? { ...one, deployed: true } : { ...one, status: 'failed', errors: this.#o.versionErrors };
  }

  /** As the service writes times: with nine digits of a second. */
  #time(ms: number): string {
    return new Date(ms).toISOString().replace('Z', '123456Z');
  }
}

function contentOf({ code, runtime, dependencies, secrets, triggers, modules }: Content): Content {
  return { code, ...(runtime === undefined ? {} : { runtime }), dependencies, secrets, triggers, modules };
}
