// What assistive technology gets: names for everything that can be reached, with states in words; and pictures in high contrast.
import assert from 'node:assert/strict';
import { useWorkbench } from './support.ts';

const THEMES = [['hc-black', 'Default High Contrast'], ['hc-light', 'Default High Contrast Light'], ['dark', 'Default Dark Modern']] as const;

for (const [name, theme] of THEMES) {
  describe(`the accessibility tree in ${theme}`, function () {
    this.timeout(90_000);
    const workbench = useWorkbench({ settings: { 'workbench.colorTheme': theme, 'window.autoDetectHighContrast': false } });

    it('names the buttons of the welcome view', async () => {
      const w = workbench();
      await w.openView('Actions for Auth0');
      await w.sideBar.locator('.welcome-view-content .monaco-button').first().waitFor();
      const tree = await w.sideBar.ariaSnapshot();
      assert.match(tree, /button "Connect to Tenant…"/u);
      assert.match(tree, /button "Open Demo Tenant"/u);
      await w.runCommand('Auth0 Actions: Get Started');
      await w.page.locator('.getting-started-step').first().waitFor();
      // A narrow editor leaves the pictures out.
      await w.runCommand('View: Toggle Primary Side Bar Visibility');
      const picture = w.page.locator('.getting-started-media');
      await picture.locator('svg, iframe, webview').first().waitFor();
      await w.screenshot(`e2e-walkthrough-${name}`);
      await w.runCommand('View: Toggle Primary Side Bar Visibility');
    });

    it('names rows with their state in words, the buttons of the title, and the status bar item', async () => {
      const w = workbench();
      await w.runCommand('Auth0 Actions: Open Demo Tenant');
      await w.treeRow('risk-score').waitFor();
      const tree = await w.sideBar.ariaSnapshot();
      for (const row of ['Tenant demo', 'Action enrich-profile, Post Login, v7 live', 'Action send-welcome, Post User Registration, v3 live, changes not deployed', 'Action risk-score, Post Login, build failed, v2 live', 'Action new-idea, Post Login, never deployed']) {
        assert.ok(tree.includes(`treeitem "${row}`), `${row} in\n${tree}`);
      }
      for (const button of ['Find Action…', 'Connect to Tenant…', 'Refresh']) {
        assert.ok(tree.includes(`button "${button}`), `${button} in\n${tree}`);
      }
      assert.doesNotMatch(tree, /^\s*- (?:button|treeitem)(?: \[[^\]]*\])*:?$/mu);
      assert.match(await w.statusBarItem('auth0Actions.deployment').ariaSnapshot(), /demo/u);
      await w.screenshot(`e2e-tree-${name}`);
    });
  });
}
