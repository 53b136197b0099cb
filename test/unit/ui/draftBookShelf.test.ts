/** Which window a record of a draft belongs to. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { windowOf } from '../../../src/ui/documents/shelf.ts';

function memory(): vscode.Memento {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: (key: string) => values.get(key),
    update: (key: string, value: unknown) => {
      values.set(key, value);
      return Promise.resolve();
    },
  } as vscode.Memento;
}

describe('a window', () => {
  it('is known by its folder', () => {
    const storage = vscode.Uri.file('/storage/one');
    assert.equal(windowOf(storage, memory()), windowOf(storage, memory()));
  });

  it('without a folder is no other one, and the same after its restart', () => {
    const [one, other] = [memory(), memory()];
    const id = windowOf(undefined, one);
    assert.notEqual(windowOf(undefined, other), id);
    assert.equal(windowOf(undefined, one), id);
  });
});
