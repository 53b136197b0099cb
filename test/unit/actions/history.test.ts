/** Ended deployments as plain data, and which commit holds a code. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findCommit, likeness, speaksOf } from '../../../src/actions/commits.ts';
import { plainLines } from '../../../src/actions/content.ts';
import type { Deployment } from '../../../src/actions/deployment.ts';
import { entryOf, outcomeOf, readEntry } from '../../../src/actions/history.ts';
import { fakeApi, tenantOf } from '../support/things.ts';

const DEPLOYMENT: Deployment = {
  id: '1', tenant: tenantOf(fakeApi()), actionId: 'a', actionName: 'one', startedAt: 5, endedAt: 9, phases: [{ phase: 'reading', startedAt: 5, endedAt: 6 }, { phase: 'confirming', startedAt: 6, endedAt: 9 }],
  version: 8, replaced: 7, hash: 'abc', codeHash: 'def', outcome: { kind: 'live', version: 8 },
};

describe('the history of deployments', () => {
  it('is read as it was written, and holds nothing of the tenant but its id', () => {
    const entry = entryOf(DEPLOYMENT);
    assert.deepEqual(readEntry(JSON.parse(JSON.stringify({ ...entry, commit: { id: 'c', path: 'one.js' } }))), { ...entry, commit: { id: 'c', path: 'one.js' } });
    assert.deepEqual(entry, { tenantId: DEPLOYMENT.tenant.id, actionId: 'a', actionName: 'one', startedAt: 5, endedAt: 9, phases: DEPLOYMENT.phases, outcome: 'live', version: 8, replaced: 7, hash: 'abc', codeHash: 'def' });
    fc.assert(fc.property(fc.jsonValue(), json => assert.equal(readEntry(json), undefined)));
  });

  it('keeps what was sent or failed, and not what a person stopped before it was anything', () => {
    const { outcome: _, ...running } = DEPLOYMENT;
    assert.equal(entryOf(running), undefined);
    assert.equal(entryOf({ ...DEPLOYMENT, outcome: { kind: 'stopped', sent: false, declined: true } }), undefined);
    assert.equal(entryOf({ ...DEPLOYMENT, outcome: { kind: 'stopped', sent: true } })?.outcome, 'stopped');
    assert.equal(entryOf({ ...DEPLOYMENT, outcome: { kind: 'failed', reason: 'buildFailed', errors: [] } })?.outcome, 'failed');
  });
});

describe('the reason of a failure', () => {
  const failure: Deployment = { ...DEPLOYMENT, outcome: { kind: 'failed', reason: 'overtaken', version: 8, live: 9, errors: [] } };

  it('is kept, and gives the outcome back', () => {
    const entry = entryOf(failure);
    assert.ok(entry);
    assert.deepEqual(readEntry(JSON.parse(JSON.stringify(entry))), entry);
    assert.deepEqual(outcomeOf(entry), { kind: 'failed', reason: 'overtaken', version: 8, errors: [] });
  });

  it('is nothing where none that is known was kept, and of nothing else than failures', () => {
    for (const reason of [undefined, 'constructor', 'invented', 7]) {
      const entry = readEntry({ ...entryOf(failure), reason });
      assert.ok(entry);
      assert.deepEqual([entry.outcome, 'reason' in entry, outcomeOf(entry)], ['failed', false, undefined]);
    }
    assert.equal(readEntry({ ...entryOf(DEPLOYMENT), reason: 'overtaken' })?.reason, undefined);
  });
});

describe('the commit of a code', () => {
  const commits = ['newest', 'crlf', 'middle', 'oldest'].map(id => ({ id }));
  const texts: Readonly<Record<string, string>> = { newest: 'a\nb\nc\n', crlf: 'a\r\nb\r\n', middle: 'x', oldest: 'a\nb' };
  const show = ({ id }: { readonly id: string }): Promise<string> => (id === 'middle' ? Promise.reject(new Error('not there')) : Promise.resolve(texts[id] ?? ''));

  it('is the newest that holds it, and says where only line endings differ', async () => {
    const signal = new AbortController().signal;
    assert.deepEqual(await findCommit(text => likeness(text, 'a\nb\nc\n'), commits, show, signal), { commit: commits[0], likeness: 'same', looked: 1, unread: 0 });
    assert.deepEqual(await findCommit(text => likeness(text, 'a\nb\n'), commits, show, signal), { commit: commits[1], likeness: 'lineEndings', looked: 2, unread: 0 });
    assert.deepEqual(await findCommit(text => likeness(text, 'nowhere'), commits, show, signal), { looked: 4, unread: 1 });
  });

  it('is not looked for any more once somebody gave up', async () => {
    const stop = new AbortController();
    const found = await findCommit(text => likeness(text, 'nowhere'), commits, commit => {
      stop.abort();
      return show(commit);
    }, stop.signal);
    assert.deepEqual(found, { looked: 1, unread: 0 });
  });

  it('sees through line endings, and through nothing else', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('a', 'b', ' ', '')), lines => {
      const text = lines.join('\n');
      assert.notEqual(likeness(text, `${lines.join('\r\n')}\r\n`), 'different');
      assert.equal(plainLines(plainLines(text)), plainLines(text));
      assert.equal(likeness(text, `${text}x`), 'different');
    }));
  });

  it('is looked for in files that are named like the action', () => {
    for (const path of ['/w/actions/enrich-profile.js', '/w/Enrich Profile/code.js', 'c:\\w\\enrich_profile.mjs']) {
      assert.ok(speaksOf(path, 'enrich-profile'), path);
    }
    for (const path of ['/w/enrich-profile-old.js', '/enrich-profile/deep/er/code.js', '/w/x.js']) {
      assert.ok(!speaksOf(path, 'enrich-profile'), path);
    }
    assert.ok(!speaksOf('/w/---.js', '!!!'));
  });
});
