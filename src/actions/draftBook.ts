/**
 * What this machine knows of the drafts that are open: the text that each edit began from, and text that is kept here
 * because nobody has sent it yet. Both outlive the window, so that an edit that is restored after a restart is still
 * compared with what it began from.
 *
 * Each draft has a time of its own for the editor, which moves only when there is another text to show. The service's
 * time would move with every change of a secret, and make the editor ask about conflicts by itself.
 */
import type { Action } from '../auth0/api.ts';

/** What a window remembers of a draft on disk. */
export interface DraftRecord {
  /** The code that the edit began from, where that is known. */
  readonly base?: string;
  /** Milliseconds since the epoch; see above. */
  readonly mtime: number;
  /** Text that is kept here and was not sent. */
  readonly kept?: string;
  /** The window that wrote this. */
  readonly window?: string;
  /** Codes that were sent and may have arrived. */
  readonly mine?: readonly string[];
}

/** Where records are kept, by the key of the document: one of each window. Rejects where the disk fails. */
export interface DraftShelf {
  /** Which window this is; the same after its restart. */
  readonly window: string;
  read(key: string): Promise<readonly DraftRecord[]>;
  /** In place of all records of the draft. */
  write(key: string, records: readonly DraftRecord[]): Promise<void>;
}

interface Shown {
  /** Not known of an edit that was restored where nothing is remembered of it: whatever the draft holds is then asked about. */
  readonly base: string | undefined;
  readonly mtime: number;
}

interface Entry {
  /** What the next reading gets. */
  next: Shown;
  /** What the editor has. */
  shown: Shown;
  kept: string | undefined;
  mine: readonly string[];
  /** What was seen of the service's draft while there was an edit that it could not replace. */
  elsewhere: Action | undefined;
  /** What is on the shelf and may be replaced from here: what this window put there, or what its editor has taken. */
  shelved: DraftRecord | undefined;
  /** The record that this comes from, until an editor has it: other windows may change it. */
  source: DraftRecord | undefined;
}

/** Another window has kept another text for the same draft: neither may replace the other. */
export class KeptElsewhere extends Error {
  override readonly name = 'KeptElsewhere';
}

export class DraftBook {
  readonly #shelf: DraftShelf;
  readonly #entries = new Map<string, Entry>();

  constructor(shelf: DraftShelf) {
    this.#shelf = shelf;
  }

  /** What is known of a draft, in memory or on the shelf, without a request: its time, and its text for the editor. */
  async known(key: string): Promise<{ readonly mtime: number; readonly text: string } | undefined> {
    if (!this.#isInEditor(key)) {
      const records = await this.#shelf.read(key);
      if (!this.#isInEditor(key)) {
        this.#load(key, records);
      }
    }
    const entry = this.#entries.get(key);
    return entry === undefined ? undefined : given(entry);
  }

  /**
   * The draft was read for an editor that has no edit of its own. `time` is the service's, in milliseconds. Returns what
   * {@link known} would, but for what the shelf says of an edit that this editor does not show.
   */
  read(key: string, action: Action, time: number): { readonly mtime: number; readonly text: string } {
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = entryOf({ base: action.code, mtime: time });
      this.#entries.set(key, entry);
    } else if (entry.kept === undefined && entry.next.base !== action.code) {
      entry.next = { base: action.code, mtime: Math.max(entry.next.mtime + 1, time) };
    }
    return given(entry);
  }

  /** The editor has taken what {@link known} or {@link read} said. */
  given(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      entry.shown = entry.next;
      takeOver(entry);
      entry.source = undefined;
    }
  }

  /**
   * The draft was read somewhere. True when an editor without edits has another text to show now; one with edits
   * (`dirty`, or a kept text) keeps it, and hears of the other one when it saves.
   */
  noticed(key: string, action: Action, time: number, dirty: boolean): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined || action.code === entry.next.base) {
      if (entry !== undefined) {
        entry.elsewhere = undefined;
      }
      return false;
    }
    if (dirty || entry.kept !== undefined) {
      entry.elsewhere = entry.mine.includes(action.code) ? undefined : action;
      return false;
    }
    entry.next = { base: action.code, mtime: Math.max(entry.next.mtime + 1, time) };
    return true;
  }

  /** An edit has begun: what it began from goes to the shelf. */
  async edited(key: string): Promise<void> {
    let entry = this.#entries.get(key);
    if (entry === undefined || entry.source !== undefined) {
      // It was restored after a restart: what another window keeps, or began from, is no part of it.
      const { shelved, elsewhere } = entry ?? {};
      entry = { ...entryOf({ base: shelved?.base, mtime: shelved?.mtime ?? 0 }), kept: shelved?.kept, mine: shelved?.mine ?? [], elsewhere, shelved };
      this.#entries.set(key, entry);
    }
    // An edit that was faster than the text that was to be shown began from what the editor had.
    entry.next = entry.shown;
    await this.#shelve(key, entry);
  }

  /** There is no edit any more. Returns the draft that was noticed meanwhile, for the editor to follow. */
  async clean(key: string): Promise<Action | undefined> {
    const entry = this.#entries.get(key);
    const elsewhere = entry?.kept === undefined ? entry?.elsewhere : undefined;
    if (entry !== undefined) {
      await this.#shelve(key, entry, entry.kept === undefined);
    }
    return elsewhere;
  }

  /** Text that is kept here. */
  kept(key: string): string | undefined {
    return this.#entries.get(key)?.kept;
  }

  /** The text that an edit began from. */
  base(key: string): string | undefined {
    return this.#entries.get(key)?.shown.base;
  }

  /** True where somebody else's text was seen that the edit here has not met yet. */
  differsElsewhere(key: string): boolean {
    return this.#entries.get(key)?.elsewhere !== undefined;
  }

  /**
   * Keeps a text here that is not to be sent yet.
   * @throws KeptElsewhere where another window keeps another text for it.
   */
  async keep(key: string, text: string): Promise<void> {
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      throw new Error('A draft is kept only after it was read.');
    }
    const { kept, next, shown } = entry;
    entry.kept = text === shown.base ? undefined : text;
    this.#move(entry, shown.base);
    try {
      await this.#shelve(key, entry, entry.kept === undefined);
    } catch (error) {
      // The editor goes on seeing the time it knows, or it would take this for somebody else's change.
      Object.assign(entry, { kept, next, shown });
      throw error;
    }
  }

  /** Codes that the draft may hold without anybody else having written it. */
  expected(key: string): readonly string[] {
    const entry = this.#entries.get(key);
    return [entry?.shown.base, ...(entry?.mine ?? [])].filter(code => code !== undefined);
  }

  /** A code is about to be sent: should its answer be lost, finding it in the draft is no conflict. */
  async sending(key: string, code: string): Promise<void> {
    const entry = this.#entries.get(key);
    if (entry !== undefined && !entry.mine.includes(code)) {
      entry.mine = [...entry.mine, code].slice(-MOST_MINE);
      if (code === entry.kept) {
        takeOver(entry);
      }
      await this.#shelve(key, entry);
    }
  }

  /** The service holds this code now: a new beginning for the next edit. */
  async saved(key: string, code: string): Promise<void> {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      entry.kept = undefined;
      entry.mine = [];
      entry.elsewhere = undefined;
      this.#move(entry, code);
      await this.#shelve(key, entry, true);
    }
  }

  /** The person has seen what the draft holds now, and the next save replaces it. The text here stays. */
  async seen(key: string, code: string): Promise<void> {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      entry.elsewhere = undefined;
      entry.next = { base: code, mtime: entry.next.mtime };
      entry.shown = entry.next;
      await this.#shelve(key, entry);
    }
  }

  /** Text that is kept here is given up for what the draft holds. */
  async dropped(key: string, action: Action): Promise<void> {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      takeOver(entry);
      entry.kept = undefined;
      entry.elsewhere = undefined;
      entry.next = { base: action.code, mtime: entry.next.mtime + 1 };
      await this.#shelve(key, entry, true);
    }
  }

  /** The draft is open in no editor: what is on the shelf counts. */
  closed(key: string): void {
    this.#entries.delete(key);
  }

  /** The editor has just written: another time, so that it sees its own text. */
  #move(entry: Entry, base: string | undefined): void {
    entry.next = { base, mtime: entry.next.mtime + 1 };
    entry.shown = entry.next;
  }

  #isInEditor(key: string): boolean {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.source === undefined;
  }

  /** A text that a window keeps is for all of them; what an edit began from is of use to its own window alone. */
  #load(key: string, records: readonly DraftRecord[]): void {
    const own = records.find(one => one.window === this.#shelf.window);
    const source = own?.kept === undefined ? (records.find(one => one.kept !== undefined) ?? own) : own;
    if (source === undefined) {
      this.#entries.delete(key);
      return;
    }
    this.#entries.set(key, { ...entryOf({ base: source.base, mtime: source.mtime }), kept: source.kept, mine: source.mine ?? [], shelved: own, source });
  }

  /**
   * Puts on the shelf what is to be remembered, or takes it away. What another window keeps there stays.
   * @throws KeptElsewhere where that is in the way of a text to keep.
   */
  async #shelve(key: string, entry: Entry, away = false): Promise<void> {
    const { window } = this.#shelf;
    const { shown: { base, mtime }, kept, mine } = entry;
    const record: DraftRecord | undefined = away
      ? undefined
      : { ...(base === undefined ? {} : { base }), mtime, ...(kept === undefined ? {} : { kept }), window, ...(mine.length === 0 ? {} : { mine }) };
    if (JSON.stringify(record) === JSON.stringify(entry.shelved)) {
      return;
    }
    const others = (await this.#shelf.read(key)).filter(one => (one.kept === undefined ? one.window !== window : one.kept !== entry.shelved?.kept && one.kept !== record?.kept));
    if (record?.kept !== undefined && others.some(one => one.kept !== undefined)) {
      throw new KeptElsewhere(key);
    }
    await this.#shelf.write(key, record === undefined ? others : [...others, record]);
    entry.shelved = record;
  }
}

function entryOf(shown: Shown): Entry {
  return { next: shown, shown, kept: undefined, mine: [], elsewhere: undefined, shelved: undefined, source: undefined };
}

/** What an editor gets. */
function given({ next, kept }: Entry): { readonly mtime: number; readonly text: string } {
  return { mtime: next.mtime, text: kept ?? next.base ?? '' };
}

/** What another window has put on the shelf is what is edited, sent or given up here: it may be replaced. */
function takeOver(entry: Entry): void {
  entry.shelved = entry.source ?? entry.shelved;
}

/** Saves without an answer in a row, after which the oldest is forgotten. */
const MOST_MINE = 5;
