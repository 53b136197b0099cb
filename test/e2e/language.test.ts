// Hovering over a method of `api` in the code of an action shows what it does.
import assert from 'node:assert/strict';
import { useWorkbench } from './support.ts';

describe('knowing the API', function () {
  this.timeout(90_000);
  const workbench = useWorkbench();

  it('explains methods where the pointer rests', async () => {
    const w = workbench();
    await w.openView('Actions for Auth0');
    await w.runCommand('Auth0 Actions: Open Demo Tenant');
    await w.treeRow('enrich-profile').waitFor({ timeout: 30_000 });
    await w.treeRow('enrich-profile').click();
    await w.editorTab('enrich-profile.js').waitFor();
    const hover = w.page.locator('.monaco-hover:not(.hidden) .monaco-hover-content').first();
    for (const [word, texts] of [['setAppMetadata', ['api.user.setAppMetadata(key: string, value: unknown)', 'app_metadata', 'post-login v3']], ['deny', ['api.access.deny(reason: string)', 'Later actions of the flow do not run']]] as const) {
      const place = w.page.locator('.monaco-editor .view-line span', { hasText: new RegExp(`^${word}$`, 'u') }).first();
      await place.waitFor();
      await place.hover();
      for (const text of texts) {
        await hover.filter({ hasText: text }).waitFor({ timeout: 20_000 });
      }
      await w.screenshot(`e2e-hover-${word}`);
      await w.page.mouse.move(5, 5);
      await hover.waitFor({ state: 'hidden' });
    }
    assert.deepEqual(w.pageErrors, []);
  });
});
