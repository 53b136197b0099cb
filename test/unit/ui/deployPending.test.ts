/** A deploy of a draft that has a text here: what its question is told, and what is saved after the answer. */
import assert from 'node:assert/strict';
import { pendingDraft, readyWith, withPending, withSaves } from '../../../src/ui/commands/deployPending.ts';
import type { Ready } from '../../../src/ui/commands/deployPending.ts';
import type { Parts } from '../../../src/ui/commands/parts.ts';
import { action, fakeApi, tenantOf, version } from '../support/things.ts';

const SAVED_FIRST = 'Your text of Action a1 is only on this machine: it is saved first.';
const target = { tenant: tenantOf(fakeApi()), actionId: 'a1' };

/** The parts that matter, with a text here or none; what is saved is noted. */
function partsWith(text: string | undefined): { readonly parts: Pick<Parts, 'documents' | 'questions'>; readonly saved: string[] } {
  const saved: string[] = [];
  const drafts = {
    pending: () => Promise.resolve(text === undefined ? undefined : { text, kept: false }),
    isUnexpected: () => false,
    savePending: (_tenant: unknown, before: ReturnType<typeof action>, code: string) => {
      saved.push(code);
      return Promise.resolve({ ...before, code });
    },
  };
  return { parts: { documents: { drafts } } as unknown as Pick<Parts, 'documents' | 'questions'>, saved };
}

/** What the question is given for a draft with the code `theirs` while `text` is here; it is answered with `answer`. */
async function asked(text: string | undefined, answer: boolean, stopsMeanwhile = false): Promise<{ readonly ready: Ready | undefined; readonly saved: readonly string[]; readonly result: unknown }> {
  const { parts, saved } = partsWith(text);
  let ready: Ready | undefined;
  const stop = new AbortController();
  const result = await withPending(pendingDraft(parts, target), one => {
    ready = one;
    if (stopsMeanwhile) {
      stop.abort();
    }
    return Promise.resolve(answer);
  }, true)(action('a1', { code: 'theirs', allChangesDeployed: true, deployedVersion: version(3, { code: 'theirs' }) }), stop.signal);
  return { ready, saved, result };
}

describe('the question before a deploy of a draft that is being edited', () => {
  it('is about the text here, says that it is saved first, and saves it only then', async () => {
    const { ready, saved, result } = await asked('mine', true);
    assert.deepEqual([ready?.savesFirst, ready?.action.code, ready?.action.allChangesDeployed], [true, 'mine', false]);
    const confirmed = result as { saved: { code: string }; meant: { code: string } };
    assert.deepEqual([saved, confirmed.saved.code, confirmed.meant.code], [['mine'], 'mine', 'mine']);
    const refused = await asked('mine', false);
    assert.deepEqual([refused.saved, refused.result], [[], false]);
  });

  it('saves nothing for an answer that comes after the stop', async () => {
    const { saved, result } = await asked('mine', true, true);
    // The deployment itself then ends as stopped.
    assert.deepEqual([saved, result], [[], true]);
  });

  it('says nothing of it where the tenant has the text', async () => {
    for (const text of [undefined, 'theirs']) {
      const { ready, saved, result } = await asked(text, true);
      assert.deepEqual([ready?.savesFirst, ready?.action.code, saved, result], [false, 'theirs', [], true]);
    }
  });

  it('knows a text that is what is live', () => {
    const live = version(3, { code: 'live' });
    assert.equal(readyWith(action('a1', { code: 'theirs', deployedVersion: live }), { code: 'live' }).action.allChangesDeployed, true);
  });

  it('has one line for all of them, and no line for none', () => {
    assert.equal(withSaves('Changed.', []), 'Changed.');
    assert.equal(withSaves('Changed.', ['Action a1']), `Changed.\n\n${SAVED_FIRST}`);
    assert.match(withSaves('Changed.', ['one', 'two\nlines']), /Your text of one, two lines is only/u);
  });
});
