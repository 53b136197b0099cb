/**
 * One person's editor of a draft, as VS Code's text model behaves: it takes a text when it opens or follows, is dirty
 * while it differs, and is clean again only when the save has resolved. Everything below it is the extension's own.
 */
import { DraftBook } from '../../../src/actions/draftBook.ts';
import type { DraftRecord, DraftShelf } from '../../../src/actions/draftBook.ts';
import { saveFromBook } from '../../../src/actions/saveRun.ts';
import type { ConflictChoice, SaveOutcome } from '../../../src/actions/saveRun.ts';
import type { Action, ManagementApi } from '../../../src/auth0/api.ts';
import type { Clock } from '../../../src/auth0/clock.ts';

const KEY = 'tenant/a1';

/** A shelf in memory. Two windows may share it. */
export function memoryShelf(): DraftShelf & { readonly records: Map<string, readonly DraftRecord[]> } {
  const records = new Map<string, readonly DraftRecord[]>();
  return {
    window: 'one',
    records,
    read: key => Promise.resolve(records.get(key) ?? []),
    write: (key, all) => {
      if (all.length === 0) {
        records.delete(key);
      } else {
        records.set(key, all);
      }
      return Promise.resolve();
    },
  };
}

export class Editor {
  text = '';
  dirty = false;
  /** Every code of the draft that the person has had before their eyes. */
  readonly seen = new Set<string>();
  /** What the person was asked about, in order. */
  readonly conflicts: Action[] = [];
  readonly book: DraftBook;
  readonly #api: ManagementApi;
  readonly #clock: Clock;
  readonly #actionId: string;

  constructor(api: ManagementApi, clock: Clock, shelf: DraftShelf = memoryShelf(), actionId = 'a1') {
    this.#api = api;
    this.#clock = clock;
    this.#actionId = actionId;
    this.book = new DraftBook(shelf);
  }

  async open(): Promise<void> {
    const known = await this.book.known(KEY);
    if (known === undefined) {
      this.book.read(KEY, await this.#api.getAction(this.#actionId), 1);
    }
    await this.#take();
  }

  async edit(text: string): Promise<void> {
    this.text = text;
    this.dirty = true;
    await this.book.edited(KEY);
  }

  /** The tree is refreshed: an editor without edits follows. */
  async notice(): Promise<void> {
    if (this.book.noticed(KEY, await this.#api.getAction(this.#actionId), 2, this.dirty)) {
      await this.#take();
    }
  }

  async save(choice: ConflictChoice): Promise<SaveOutcome> {
    const outcome = await saveFromBook(this.book, KEY, {
      api: this.#api, actionId: this.#actionId, clock: this.#clock, random: () => 0.5, code: this.text, onAction: () => undefined,
      decide: theirs => {
        this.conflicts.push(theirs);
        this.seen.add(theirs.code);
        return Promise.resolve(choice);
      },
    });
    if (outcome.kind === 'saved') {
      this.dirty = false;
      this.seen.add(this.text);
    } else if (outcome.kind === 'takeTheirs') {
      await this.book.dropped(KEY, outcome.action);
      this.dirty = false;
      await this.#take();
    } else if (outcome.kind === 'compare') {
      await this.book.seen(KEY, outcome.action.code);
    }
    return outcome;
  }

  async #take(): Promise<void> {
    this.text = (await this.book.known(KEY))?.text ?? '';
    this.book.given(KEY);
    this.seen.add(this.text);
  }
}
