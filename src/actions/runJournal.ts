/**
 * Remembers the running deployments of this window where another one can find them, and finds those whose window is
 * gone. What is written before the call leaves is what makes the truth outlive a window: a call is never sent twice.
 */
import type { Clock } from '../auth0/clock.ts';
import { contentText, withoutSecretTimes } from './content.ts';
import { RunNote } from './runNote.ts';
import type { Owner, RunRecord, StoredRun } from './runRecord.ts';
import type { SentCall } from './versionCall.ts';

/** How often a window shows that it lives. */
const BEAT_MS = 3000;
/**
 * Looks without a sign of life after which a window counts as gone whose process still seems to be there. Looks are
 * counted, not time: after a sleep of the machine all signs are old, and those of living windows come back. One that
 * is only held up comes back too, so that nothing is taken from it that it has still to send.
 */
const SILENT_LOOKS = 10;
/** A storage that takes longer must not hold up a deployment. */
const WRITE_MS = 2000;

export interface RunStore {
  /** All records of this machine that can be read. */
  list(): Promise<readonly StoredRun[]>;
  write(run: StoredRun): Promise<void>;
  /** False where a window has no such record, or not any more. */
  has(recordId: string, window: string): Promise<boolean>;
  /** Takes a record away from its owner, at once or not at all: false where somebody else was first. */
  claim(run: StoredRun, owner: Owner): Promise<boolean>;
  /** Removes a record as its owner wrote it; it need not be there. */
  remove(recordId: string, window: string): Promise<void>;
}

export interface RunJournalOptions {
  readonly store: RunStore;
  readonly clock: Clock;
  readonly owner: Owner;
  /** True while a process of this machine runs. */
  readonly isAlive: (pid: number) => boolean;
  /** A hash without collisions, as text. */
  readonly digest: (text: string) => string;
  readonly onError: (error: unknown) => void;
}

export class RunJournal {
  readonly #o: RunJournalOptions;
  /** What this window runs. */
  readonly #kept = new Map<string, RunRecord>();
  /** The last write of each record: the next one waits for it. */
  readonly #writes = new Map<string, Promise<void>>();
  /** Records that have been written: where one is missing then, another window has taken it over. */
  readonly #written = new Set<string>();
  readonly #closed = new AbortController();
  #beating: AbortController | undefined;
  #watching = false;
  #hasLooked = false;
  /** How often this machine has slept while something ran here. */
  #sleeps = 0;
  /** When the last beat was, while there are any. */
  #beatAt: number | undefined;

  constructor(options: RunJournalOptions) {
    this.#o = options;
  }

  /** A note of one deployment, from its beginning. Nothing is written before there is something to lose. */
  begin(about: Omit<RunRecord, 'id' | 'phases'>): RunNote {
    return new RunNote(this, { ...about, id: crypto.randomUUID(), phases: [] });
  }

  /** The note of a deployment that is looked up. */
  resume(record: RunRecord): RunNote {
    return new RunNote(this, record);
  }

  /** How often this machine has slept while something ran here, as far as can be seen by now. */
  get sleeps(): number {
    const now = this.#o.clock.now();
    if (this.#beatAt !== undefined && now - this.#beatAt > 5 * BEAT_MS) {
      this.#sleeps += 1;
      this.#beatAt = now;
    }
    return this.#sleeps;
  }

  now(): number {
    return this.#o.clock.now();
  }

  digest(text: string): string {
    return this.#o.digest(text);
  }

  /** By what a call is known that another window sent, and when it left. @throws Error where that was never known. */
  callOf({ call, rollBackTo }: RunRecord): SentCall & { readonly at?: number } {
    if (call === undefined) {
      throw new Error('what was to be sent is not known');
    }
    const { at, hash, before, since, readAt, draftFollows, anySecretTimes } = call;
    return {
      ...(at === undefined ? {} : { at }),
      isMeant: content => this.#o.digest(contentText(anySecretTimes === true ? withoutSecretTimes(content) : content)) === hash,
      before,
      // What somebody else made live is ours only where a call of ours surely left.
      takesDraft: rollBackTo === undefined && at !== undefined,
      ...(since === undefined ? {} : { since }),
      ...(readAt === undefined ? {} : { readAt }),
      ...(draftFollows === undefined ? {} : { draftFollows }),
    };
  }

  /**
   * Writes a record; resolves when that is done, has failed, or takes too long: to false where another window has taken
   * it over. Never rejects.
   */
  async keep(record: RunRecord): Promise<boolean> {
    if (this.#closed.signal.aborted) {
      return true;
    }
    this.#kept.set(record.id, record);
    const done = new AbortController();
    let own = true;
    const write = this.#write(record.id).then(async () => {
      own = await this.#isOwn(record.id);
    }).finally(() => done.abort());
    this.#beat();
    await Promise.race([write, this.#o.clock.sleep(WRITE_MS, done.signal)]);
    return own;
  }

  /** Ends a record. With `unclear`, the next start looks it up again. */
  drop(record: RunRecord, unclear: boolean): void {
    if (this.#closed.signal.aborted) {
      return;
    }
    this.#kept.delete(record.id);
    const { store, owner, onError } = this.#o;
    const last = (this.#writes.get(record.id) ?? Promise.resolve())
      .then(async () => {
        if (!unclear) {
          await store.remove(record.id, owner.window);
          this.#written.delete(record.id);
        } else if (await this.#isOwn(record.id)) {
          await store.write({ ...this.#stored(record, true), unclear: true });
          this.#written.add(record.id);
        }
      })
      .catch(onError)
      .finally(() => this.#writes.delete(record.id));
    this.#writes.set(record.id, last);
    if (this.#kept.size === 0) {
      this.#beating?.abort();
      this.#beating = undefined;
      this.#beatAt = undefined;
    }
  }

  /** Forgets what is kept of a tenant, but for what living windows run. Never rejects. */
  async forget(tenantId: string): Promise<void> {
    try {
      for (const run of await this.#o.store.list()) {
        if (run.record.tenantId === tenantId && (run.owner.window === this.#o.owner.window || this.#isGone(run, 0))) {
          await this.#o.store.remove(run.record.id, run.owner.window);
        }
      }
    } catch (error) {
      this.#o.onError(error);
    }
  }

  /**
   * Hands over each deployment whose window is gone, to this window alone. Looks at files, never at a tenant, and goes
   * on looking while another window runs something. Never rejects; does nothing while it is at it already.
   */
  async watch(take: (record: RunRecord) => void): Promise<void> {
    if (this.#watching) {
      return;
    }
    this.#watching = true;
    try {
      await this.#watch(take);
    } catch (error) {
      this.#o.onError(error);
    }
    this.#watching = false;
  }

  /** This window ends: what it runs is left to the next. */
  close(): void {
    this.#closed.abort();
    this.#beating?.abort();
    for (const record of this.#kept.values()) {
      void (this.#writes.get(record.id) ?? Promise.resolve()).then(() => this.#o.store.write(this.#stored(record, true))).catch(() => undefined);
    }
  }

  async #watch(take: (record: RunRecord) => void): Promise<void> {
    const { store, owner, clock } = this.#o;
    const silent = new Map<string, { readonly beat: number; readonly looks: number }>();
    while (!this.#closed.signal.aborted) {
      const [isStart, others] = [!this.#hasLooked, (await store.list()).filter(run => run.owner.window !== owner.window)];
      this.#hasLooked = true;
      let living = 0;
      for (const run of others.filter(({ unclear }) => isStart || unclear !== true)) {
        const before = silent.get(run.record.id);
        const looks = before?.beat === run.beat ? before.looks + 1 : 0;
        silent.set(run.record.id, { beat: run.beat, looks });
        if (!this.#isGone(run, looks)) {
          // One that is held up is looked at again when this window is used.
          living += looks < SILENT_LOOKS ? 1 : 0;
        } else if (await store.claim(run, owner)) {
          await store.write({ record: run.record, owner, beat: clock.now(), released: false });
          this.#written.add(run.record.id);
          take(run.record);
        }
      }
      if (living === 0) {
        return;
      }
      await clock.sleep(BEAT_MS, this.#closed.signal);
    }
  }

  #isGone({ record, owner, released }: StoredRun, silentLooks: number): boolean {
    const own = this.#o.owner;
    const isHere = owner.host === own.host;
    // The process of an earlier start of the extension may be this one.
    if (released || (isHere && (owner.pid === own.pid || !this.#o.isAlive(owner.pid)))) {
      return true;
    }
    return silentLooks >= SILENT_LOOKS && !(isHere && record.call?.at === undefined);
  }

  /** False for a record that was written here and has been taken over. Never rejects: a storage that fails must not hold up a deployment. */
  async #isOwn(id: string): Promise<boolean> {
    try {
      return !this.#written.has(id) || (await this.#o.store.has(id, this.#o.owner.window));
    } catch (error) {
      this.#o.onError(error);
      return true;
    }
  }

  #write(id: string): Promise<void> {
    const next = (this.#writes.get(id) ?? Promise.resolve())
      .then(async () => {
        const isOwn = await this.#isOwn(id);
        const record = this.#kept.get(id);
        if (!isOwn) {
          // To write it anew would take it back from whoever is looking it up.
          this.#kept.delete(id);
        } else if (record !== undefined) {
          await this.#o.store.write(this.#stored(record, false));
          this.#written.add(id);
        }
      })
      .catch(this.#o.onError);
    this.#writes.set(id, next);
    return next;
  }

  #stored(record: RunRecord, released: boolean): StoredRun {
    return { record, owner: this.#o.owner, beat: this.#o.clock.now(), released };
  }

  #beat(): void {
    if (this.#beating === undefined) {
      this.#beating = new AbortController();
      void this.#beats(this.#beating.signal);
    }
  }

  async #beats(signal: AbortSignal): Promise<void> {
    const { clock } = this.#o;
    for (this.#beatAt = clock.now(); ; ) {
      await clock.sleep(BEAT_MS, signal);
      if (signal.aborted) {
        return;
      }
      this.#sleeps = this.sleeps;
      this.#beatAt = clock.now();
      await Promise.all([...this.#kept.keys()].map(id => this.#write(id)));
    }
  }
}
