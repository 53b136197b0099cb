// Hovering over a method of `api` in the code of an action shows what it does, in a draft and in a file of a repository.
import assert from 'node:assert/strict';
import { again, useWorkbench } from './support.ts';
import type { Workbench } from './support.ts';

/** Rests the pointer on a word of the editor until each text is in its hover. */
async function hoverShows(w: Workbench, word: string, texts: readonly string[]): Promise<void> {
  const hover = w.page.locator('.monaco-hover:not(.hidden) .monaco-hover-content').first();
  const place = w.page.locator('.monaco-editor .view-line span', { hasText: new RegExp(`^${word}$`, 'u') }).first();
  await place.waitFor();
  // A hover asks once, when the pointer comes to rest: before the extension has started that finds nothing, and a person points again.
  await again(async timeout => {
    await place.hover();
    for (const text of texts) {
      await hover.filter({ hasText: text }).waitFor(timeout);
    }
  }, () => w.page.mouse.move(5, 5));
  await w.screenshot(`e2e-hover-${word}`);
  await w.page.mouse.move(5, 5);
  await hover.waitFor({ state: 'hidden' });
}

describe('knowing the API', () => {
  const workbench = useWorkbench();

  it('explains methods where the pointer rests', async () => {
    const w = workbench();
    await w.openView('Actions for Auth0');
    await w.runCommand('Auth0 Actions: Open Demo Tenant');
    await w.treeRow('enrich-profile').waitFor();
    await w.openRow('enrich-profile');
    await hoverShows(w, 'setAppMetadata', ['api.user.setAppMetadata(key: string, value: unknown)', 'app_metadata', 'post-login v3']);
    await hoverShows(w, 'deny', ['api.access.deny(reason: string)', 'Later actions of the flow do not run']);
    assert.deepEqual(w.pageErrors, []);
  });
});

describe('knowing the API in a repository', () => {
  const workbench = useWorkbench({
    files: {
      'auth0/actions/remember.json': JSON.stringify({ name: 'remember', code: './actions/remember/code.js', secrets: [], supported_triggers: [{ id: 'post-login', version: 'v3' }] }),
      'auth0/actions/remember/code.js': "exports.onExecutePostLogin = async (event, api) => {\n  api.user.setUserMetadata('plan', 'gold');\n};\n",
    },
  });

  it('explains methods without anything of the extension having been opened', async () => {
    const w = workbench();
    await w.openFile('auth0/actions/remember/code.js');
    await hoverShows(w, 'setUserMetadata', ['api.user.setUserMetadata(key: string, value: unknown)', 'post-login v3']);
    assert.deepEqual(w.pageErrors, []);
  });
});
