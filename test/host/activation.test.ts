/** What VS Code knows of the extension, and that activation does nothing else. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../src/ui/ids.ts';
import { EXTENSION_ID, parts } from './support.ts';

describe('activation', () => {
  it('registers every command, and connects nothing by itself', async () => {
    const extension = await parts();
    const known = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(Object.values(commands).filter(id => !known.has(id)), []);
    assert.equal(vscode.extensions.getExtension(EXTENSION_ID)?.isActive, true);
    assert.deepEqual(extension.state.registry.tenants(), []);
    assert.deepEqual(extension.state.catalogs(), []);
  });

  it('declares both document schemes, the one of versions read-only', () => {
    assert.equal(vscode.workspace.fs.isWritableFileSystem('auth0-actions'), true);
    assert.equal(vscode.workspace.fs.isWritableFileSystem('auth0-actions-version'), false);
  });
});
