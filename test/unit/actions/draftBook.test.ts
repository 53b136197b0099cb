/** What is remembered of drafts: times that VS Code sees, texts that are kept, and both after a restart. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DraftBook, KeptElsewhere } from '../../../src/actions/draftBook.ts';
import { memoryShelf } from '../support/editor.ts';
import { action } from '../support/things.ts';

const KEY = 'tenant/a1';

/** The text that a window keeps on a shelf. */
function keptOn(shelf: ReturnType<typeof memoryShelf>): string | undefined {
  return shelf.records.get(KEY)?.find(one => one.kept !== undefined)?.kept;
}

type Steps = Readonly<Record<string, (book: DraftBook) => Promise<unknown>>>;

/** What happens to a draft in a window. */
const STEPS: Steps = {
  edited: book => book.edited(KEY),
  clean: book => book.edited(KEY).then(() => book.clean(KEY)),
  sending: book => book.sending(KEY, 'other'),
  saved: book => book.sending(KEY, 'other').then(() => book.saved(KEY, 'other')),
};

function draft(code: string): ReturnType<typeof action> {
  return action('a1', { code });
}

describe('the book of drafts', () => {
  it('moves the time only where there is another text to show', async () => {
    const book = new DraftBook(memoryShelf());
    book.read(KEY, draft('one'), 1000);
    book.given(KEY);
    assert.equal(book.noticed(KEY, draft('one'), 5000, false), false);
    assert.deepEqual(await book.known(KEY), { mtime: 1000, text: 'one' });
    assert.equal(book.noticed(KEY, draft('two'), 900, false), true);
    assert.deepEqual(await book.known(KEY), { mtime: 1001, text: 'two' });
  });

  it('leaves a text that is being edited alone, whatever happens elsewhere', async () => {
    const book = new DraftBook(memoryShelf());
    book.read(KEY, draft('one'), 1000);
    book.given(KEY);
    await book.edited(KEY);
    assert.equal(book.noticed(KEY, draft('two'), 5000, true), false);
    assert.deepEqual(await book.known(KEY), { mtime: 1000, text: 'one' });
    assert.deepEqual([book.expected(KEY), book.differsElsewhere(KEY)], [['one'], true]);
    assert.equal((await book.clean(KEY))?.code, 'two', 'it is there to follow once nothing is edited');
  });

  it('goes by what the editor had where an edit was faster than a text that was to be shown', async () => {
    const book = new DraftBook(memoryShelf());
    book.read(KEY, draft('one'), 1000);
    book.given(KEY);
    assert.equal(book.noticed(KEY, draft('two'), 5000, false), true);
    await book.edited(KEY);
    assert.deepEqual(await book.known(KEY), { mtime: 1000, text: 'one' });
    assert.deepEqual(book.expected(KEY), ['one']);
  });

  it('knows after a restart what an edit began from, and a text that was kept', async () => {
    const shelf = memoryShelf();
    const before = new DraftBook(shelf);
    before.read(KEY, draft('one'), 1000);
    before.given(KEY);
    await before.edited(KEY);
    const restored = new DraftBook(shelf);
    assert.deepEqual(await restored.known(KEY), { mtime: 1000, text: 'one' });
    assert.deepEqual(restored.expected(KEY), ['one']);
    await restored.keep(KEY, 'kept');
    const again = new DraftBook(shelf);
    assert.equal((await again.known(KEY))?.text, 'kept');
    assert.deepEqual([again.kept(KEY), again.expected(KEY)], ['kept', ['one']]);
    again.given(KEY);
    await again.saved(KEY, 'kept');
    assert.deepEqual([...shelf.records.keys()], []);
    assert.deepEqual(await again.known(KEY), { mtime: 1002, text: 'kept' });
  });

  it('does not replace what another window keeps', async () => {
    const shelf = memoryShelf();
    const [here, there] = [new DraftBook(shelf), new DraftBook({ ...shelf, window: 'other' })];
    for (const book of [here, there]) {
      book.read(KEY, draft('one'), 1000);
      book.given(KEY);
    }
    await here.keep(KEY, 'mine');
    await assert.rejects(there.keep(KEY, 'other'), KeptElsewhere);
    assert.equal(keptOn(shelf), 'mine');
    await here.keep(KEY, 'mine, more');
  });

  it('leaves what another window keeps where it is, whatever is edited, saved or closed here', async () => {
    const steps: Steps = {
      ...STEPS,
      seen: book => book.seen(KEY, 'theirs'),
      dropped: book => book.dropped(KEY, draft('theirs')),
      'kept as it was': book => book.keep(KEY, 'one'),
    };
    for (const [name, step] of Object.entries(steps)) {
      const shelf = memoryShelf();
      const [here, there] = [new DraftBook(shelf), new DraftBook({ ...shelf, window: 'other' })];
      for (const book of [here, there]) {
        book.read(KEY, draft('one'), 1000);
        book.given(KEY);
      }
      await here.keep(KEY, 'mine');
      await step(there);
      assert.equal(keptOn(shelf), 'mine', name);
      await here.keep(KEY, 'mine, more');
      assert.equal((await new DraftBook(shelf).known(KEY))?.text, 'mine, more', name);
    }
  });

  it('takes no text for its own after a restart that another window keeps', async () => {
    const shelf = memoryShelf();
    const here = new DraftBook(shelf);
    here.read(KEY, draft('one'), 1000);
    here.given(KEY);
    await here.keep(KEY, 'mine');
    // VS Code restores a dirty text without reading the file.
    const restored = async (window: string): Promise<DraftBook> => {
      const book = new DraftBook({ ...shelf, window });
      await book.known(KEY);
      await book.edited(KEY);
      return book;
    };
    const there = await restored('other');
    assert.deepEqual([there.kept(KEY), there.expected(KEY)], [undefined, []]);
    await assert.rejects(there.keep(KEY, 'other'), KeptElsewhere);
    await (await restored(shelf.window)).keep(KEY, 'mine, more');
    assert.equal(keptOn(shelf), 'mine, more');
    // Whoever opens it there sees it, and goes on from it.
    const reader = new DraftBook({ ...shelf, window: 'other' });
    assert.equal((await reader.known(KEY))?.text, 'mine, more');
    reader.given(KEY);
    await reader.keep(KEY, 'mine, and theirs');
    assert.equal(keptOn(shelf), 'mine, and theirs');
  });

  it('goes by what an edit of its own window began from after a restart, whatever others began from, sent or saved since', async () => {
    const steps: Steps = {
      ...STEPS,
      keep: book => book.keep(KEY, 'other'),
    };
    for (const [name, step] of Object.entries(steps)) {
      const shelf = memoryShelf();
      const [here, there] = [new DraftBook(shelf), new DraftBook({ ...shelf, window: 'other' })];
      for (const book of [here, there]) {
        book.read(KEY, draft('one'), 1000);
        book.given(KEY);
      }
      await here.edited(KEY);
      there.noticed(KEY, draft('two'), 2000, false);
      there.given(KEY);
      await step(there);
      const restored = new DraftBook(shelf);
      await restored.known(KEY);
      await restored.edited(KEY);
      assert.deepEqual([restored.expected(KEY), restored.kept(KEY)], [['one'], undefined], name);
    }
  });

  it('expects nothing of a draft whose edit was restored where nothing is remembered of it', async () => {
    const book = new DraftBook(memoryShelf());
    await book.known(KEY);
    await book.edited(KEY);
    assert.deepEqual([book.base(KEY), book.expected(KEY)], [undefined, []]);
    assert.equal(book.noticed(KEY, draft('two'), 2000, true), false);
    assert.equal((await book.known(KEY))?.mtime, 0, 'VS Code must not ask by itself');
    await book.keep(KEY, 'mine');
    await book.saved(KEY, 'mine');
    assert.deepEqual(book.expected(KEY), ['mine']);
  });

  it('opens with what was just read, not with what an edit elsewhere or before began from, and leaves that on the shelf', async () => {
    for (const [window, left] of [['one', 0], ['other', 1]] as const) {
      const shelf = memoryShelf();
      const before = new DraftBook({ ...shelf, window });
      before.read(KEY, draft('one'), 1000);
      before.given(KEY);
      await before.edited(KEY);
      const book = new DraftBook(shelf);
      await book.known(KEY);
      assert.equal(book.read(KEY, draft('two'), 2000).text, 'two');
      book.given(KEY);
      assert.deepEqual([(await book.known(KEY))?.text, book.expected(KEY)], ['two', ['two']]);
      await book.clean(KEY);
      assert.equal(shelf.records.get(KEY)?.length ?? 0, left, 'only the own one goes when it is closed');
    }
  });

  it('refuses a text where another window keeps one, and stays as it was', async () => {
    const shelf = memoryShelf();
    const [here, there] = [new DraftBook(shelf), new DraftBook({ ...shelf, window: 'other' })];
    for (const book of [here, there]) {
      book.read(KEY, draft('one'), 1000);
      book.given(KEY);
      await book.edited(KEY);
    }
    await here.keep(KEY, 'mine');
    await assert.rejects(there.keep(KEY, 'other'), KeptElsewhere);
    assert.deepEqual([await there.known(KEY), there.kept(KEY)], [{ mtime: 1000, text: 'one' }, undefined]);
    await here.saved(KEY, 'mine');
    await there.keep(KEY, 'other');
    assert.deepEqual([keptOn(shelf), there.expected(KEY)], ['other', ['one']]);
  });

  it('follows the other window where the draft is open in no editor here', async () => {
    const shelf = memoryShelf();
    const [here, there] = [new DraftBook(shelf), new DraftBook({ ...shelf, window: 'other' })];
    here.read(KEY, draft('one'), 1000);
    here.given(KEY);
    await here.keep(KEY, 'mine');
    assert.equal((await there.known(KEY))?.text, 'mine');
    await here.keep(KEY, 'mine, more');
    assert.equal((await there.known(KEY))?.text, 'mine, more');
    there.given(KEY);
    there.closed(KEY);
    await here.saved(KEY, 'mine, more');
    assert.deepEqual([await there.known(KEY), there.kept(KEY)], [undefined, undefined]);
    // A deploy there sends what is kept here.
    await here.keep(KEY, 'mine again');
    await there.known(KEY);
    await there.sending(KEY, 'mine again');
    await there.saved(KEY, 'mine again');
    assert.deepEqual([[...shelf.records.keys()], await there.known(KEY)], [[], undefined]);
  });

  it('keeps the text in memory as it was where the disk fails', async () => {
    const shelf = { ...memoryShelf(), write: () => Promise.reject(new Error('disk full')) };
    const book = new DraftBook(shelf);
    book.read(KEY, draft('one'), 1000);
    await assert.rejects(book.keep(KEY, 'mine'), /disk full/u);
    assert.equal(book.kept(KEY), undefined);
  });

  it('takes own texts whose answer was lost for no surprise, and forgets them once one has arrived', async () => {
    const book = new DraftBook(memoryShelf());
    book.read(KEY, draft('one'), 1000);
    book.given(KEY);
    await book.edited(KEY);
    await book.sending(KEY, 'mine');
    assert.deepEqual(book.expected(KEY), ['one', 'mine']);
    book.noticed(KEY, draft('mine'), 2000, true);
    assert.equal(book.differsElsewhere(KEY), false);
    await book.saved(KEY, 'mine 2');
    assert.deepEqual(book.expected(KEY), ['mine 2']);
  });

  it('never goes back in time, and keeps a kept text through anything but a save or giving it up', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('noticed'), code: fc.string(), dirty: fc.boolean(), time: fc.nat(10_000) }),
      fc.record({ kind: fc.constant('read'), code: fc.string(), time: fc.nat(10_000) }),
      fc.record({ kind: fc.constant('keep'), code: fc.string() }),
      fc.record({ kind: fc.constantFrom('given', 'edited', 'clean', 'sending', 'closed'), code: fc.string() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async steps => {
        const book = new DraftBook(memoryShelf());
        book.read(KEY, draft('one'), 1000);
        book.given(KEY);
        let last = (await book.known(KEY))?.mtime ?? 0;
        let kept: string | undefined;
        let base = 'one';
        for (const one of steps) {
          base = book.base(KEY) ?? base;
          switch (one.kind) {
            case 'noticed': book.noticed(KEY, draft(one.code), 'time' in one ? one.time : 0, 'dirty' in one && one.dirty); break;
            case 'read': book.read(KEY, draft(one.code), 'time' in one ? one.time : 0); break;
            case 'keep':
              await book.keep(KEY, one.code);
              kept = one.code === base ? undefined : one.code;
              break;
            case 'given': book.given(KEY); break;
            // Only what was on its way to the editor is taken back.
            case 'edited': await book.edited(KEY); last = 0; break;
            case 'clean': await book.clean(KEY); break;
            case 'sending': await book.sending(KEY, one.code); break;
            default:
              book.closed(KEY);
              // An editor that is opened again has no time to compare with.
              last = 0;
              if ((await book.known(KEY)) === undefined) {
                book.read(KEY, draft('one'), 1000);
              }
              book.given(KEY);
          }
          const known = await book.known(KEY);
          assert.equal(book.kept(KEY), kept);
          assert.ok((known?.mtime ?? 0) >= last || one.kind === 'edited');
          last = known?.mtime ?? last;
        }
      }),
      { numRuns: 300 },
    );
  });
});
