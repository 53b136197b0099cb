/** The files that remember running deployments, over VS Code's own file system: a record is there at every moment. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { StoredRun } from '../../src/actions/runRecord.ts';
import { journalFiles } from '../../src/ui/journalFiles.ts';
import { parts } from './support.ts';

const owner = { window: 'old', host: 'here', pid: 1 };
const run: StoredRun = { record: { id: 'r1', tenantId: 't1', actionId: 'a1', actionName: 'one', startedAt: 1, phases: [] }, owner, beat: 1, released: false };

describe('the files of running deployments', () => {
  let storage: vscode.Uri;
  const file = (name: string): vscode.Uri => vscode.Uri.joinPath(storage, 'deployments', name);

  beforeEach(async () => {
    storage = vscode.Uri.joinPath((await parts()).history.storage, 'journal-test');
    await vscode.workspace.fs.createDirectory(file(''));
  });
  afterEach(() => vscode.workspace.fs.delete(storage, { recursive: true }));

  it('are found while their window writes them anew', async () => {
    const [writer, reader] = [journalFiles(storage), journalFiles(storage)];
    await writer.write(run);
    const done = new AbortController();
    const writes = (async () => {
      for (let beat = 2; beat < 150; beat += 1) {
        await writer.write({ ...run, beat });
      }
      done.abort();
    })();
    let looks = 0;
    while (!done.signal.aborted) {
      assert.deepEqual((await reader.list()).map(one => one.record.id), ['r1']);
      looks += 1;
    }
    await writes;
    assert.ok(looks > 10, `${looks} looks`);
  });

  it('are found and taken over where their window ended in the middle of that', async () => {
    const store = journalFiles(storage);
    await store.write(run);
    await vscode.workspace.fs.rename(file('r1~old.json'), file('r1~old.json.new'));
    assert.deepEqual(await store.list(), [run]);
    assert.equal(await store.claim(run, { ...owner, window: 'new' }), true);
    assert.equal(await store.claim(run, { ...owner, window: 'another' }), false);
    assert.deepEqual((await vscode.workspace.fs.readDirectory(file(''))).map(([name]) => name), ['r1~new.json']);
  });

  it('are found beside one that cannot be read', async () => {
    const store = journalFiles(storage);
    await store.write(run);
    await vscode.workspace.fs.createDirectory(file('r2~old.json'));
    assert.deepEqual(await store.list(), [run]);
    assert.deepEqual([await store.has('r1', 'old'), await store.has('r1', 'new')], [true, false]);
  });

  it('leave nothing behind', async () => {
    const store = journalFiles(storage);
    await store.write(run);
    await vscode.workspace.fs.copy(file('r1~old.json'), file('r1~old.json.new'));
    await store.remove('r1', 'old');
    assert.deepEqual(await store.list(), []);
    assert.deepEqual(await vscode.workspace.fs.readDirectory(file('')), []);
  });
});
