/** What is remembered of drafts: times that VS Code sees, texts that are kept, and both after a restart. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DraftBook, KeptElsewhere } from '../../../src/actions/draftBook.ts';
import { memoryShelf } from '../support/editor.ts';
import { action } from '../support/things.ts';

const KEY = 'tenant/a1';

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
    await again.saved(KEY, 'kept');
    assert.deepEqual([...shelf.records.keys()], []);
    assert.deepEqual(await again.known(KEY), { mtime: 1002, text: 'kept' });
  });

  it('does not replace what another window keeps', async () => {
    const shelf = memoryShelf();
    const [here, there] = [new DraftBook(shelf), new DraftBook(shelf)];
    for (const book of [here, there]) {
      book.read(KEY, draft('one'), 1000);
      book.given(KEY);
    }
    await here.keep(KEY, 'mine');
    await assert.rejects(there.keep(KEY, 'other'), KeptElsewhere);
    assert.equal(shelf.records.get(KEY)?.kept, 'mine');
    await here.keep(KEY, 'mine, more');
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
                book.given(KEY);
              }
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
