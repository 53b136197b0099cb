// The walkthrough, step by step: each gets its tick by what has really happened, and its picture fits the theme.
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { startTestSimulator } from '../support/simulator.ts';
import type { RunningSimulator } from '../../src/simulator/index.ts';
import { again, useWorkbench } from './support.ts';

const STATUS = 'auth0Actions.deployment';
const STEPS = ['Open the demo tenant', 'Look around', 'Deploy', 'Read an error', 'Connect your own tenant'] as const;
const THEMES = ['Dark Modern', 'Light Modern', 'Dark High Contrast', 'Light High Contrast'] as const;

describe('the walkthrough', () => {
  const workbench = useWorkbench({ width: 1400 });
  let simulator: RunningSimulator | undefined;

  before(async () => {
    simulator = await startTestSimulator({ plan: 'enterprise', buildScale: 0 });
  });
  after(() => simulator?.close());

  function step(title: string): Locator {
    return workbench().page.locator('.getting-started-step', { has: workbench().page.locator('.step-title', { hasText: new RegExp(`^\\s*${title}\\s*$`) }) });
  }

  /** Titles of the steps that have their tick. */
  async function ticked(): Promise<string[]> {
    const all = await Promise.all(STEPS.map(async title => ((await step(title).locator('.codicon.complete').count()) > 0 ? [title] : [])));
    return all.flat();
  }

  async function untilTicked(title: string): Promise<void> {
    await step(title).locator('.codicon.complete').first().waitFor({ state: 'attached' });
  }

  /** Shows the walkthrough and clicks a step's button. */
  async function press(title: string, button: string): Promise<void> {
    const w = workbench();
    await w.runCommand('Auth0 Actions: Get Started');
    // A page that is just being shown may still go to the step that it takes for the next one.
    await again(async timeout => {
      await expand(title);
      await step(title).locator('.monaco-button', { hasText: button }).click(timeout);
    });
  }

  async function expand(title: string): Promise<void> {
    if (!(await step(title).getAttribute('class') ?? '').includes('expanded')) {
      await step(title).locator('.step-title').click();
    }
  }

  it('opens from the welcome texts, with nothing done', async () => {
    const w = workbench();
    await w.openView('Actions for Auth0');
    await w.sideBar.locator('.welcome-view-content a', { hasText: 'Get Started' }).click();
    await step(STEPS[0]).waitFor();
    assert.deepEqual(await w.page.locator('.getting-started-step .step-title').allInnerTexts().then(all => all.map(text => text.trim())), STEPS);
    assert.deepEqual(await ticked(), []);
  });

  it('has a picture in every step', async () => {
    const w = workbench();
    for (const title of STEPS) {
      await expand(title);
      const picture = w.page.frameLocator('.getting-started-media iframe.webview').frameLocator('#active-frame').locator('svg');
      await picture.waitFor();
      assert.ok(((await picture.boundingBox())?.width ?? 0) > 200, title);
    }
    assert.deepEqual(await ticked(), []);
  });

  it('does not take a click on a button for the deed', async () => {
    const w = workbench();
    await press('Deploy', 'Deploy Action');
    await w.notification('No tenant is connected').waitFor();
    await w.runCommand('Notifications: Clear All Notifications');
    assert.deepEqual(await ticked(), []);
  });

  it('ticks the demo tenant', async () => {
    await press('Open the demo tenant', 'Open Demo Tenant');
    await workbench().treeRow('enrich-profile').waitFor();
    await untilTicked('Open the demo tenant');
    assert.deepEqual(await ticked(), STEPS.slice(0, 1));
  });

  it('ticks a draft that was opened', async () => {
    const w = workbench();
    await w.openRow('enrich-profile');
    // It is looked at once its text is drawn.
    await w.page.locator('.monaco-editor .view-line', { hasText: 'onExecutePostLogin' }).first().waitFor();
    await w.runCommand('Auth0 Actions: Get Started');
    await untilTicked('Look around');
    assert.deepEqual(await ticked(), STEPS.slice(0, 2));
  });

  it('ticks a deployment that ended live, and an error that was read, not one that was made', async () => {
    const w = workbench();
    // A step is done by what happens, however it was begun: here from the tree.
    await w.rowButton('send-welcome', 'Deploy Action');
    await untilTicked('Deploy');
    await w.rowButton('verify-email-domain', 'Deploy Action');
    await w.statusBarItem(STATUS).filter({ hasText: 'verify-email-domain: v2 failed' }).waitFor();
    assert.deepEqual(await ticked(), STEPS.slice(0, 3));
    await w.notification('v2 of verify-email-domain in demo failed').getByText('Show Problem').click();
    await w.page.locator('.markers-panel [role="treeitem"]', { hasText: 'email-validator-pro' }).first().waitFor();
    await w.page.locator('.monaco-editor .view-line', { hasText: 'email-validator-pro' }).first().waitFor();
    await w.runCommand('Auth0 Actions: Get Started');
    await untilTicked('Read an error');
    assert.deepEqual(await ticked(), STEPS.slice(0, 4));
  });

  it('ticks a tenant of one\'s own', async () => {
    const w = workbench();
    assert.ok(simulator);
    await w.runCommand('Auth0 Actions: Connect to Tenant…');
    await w.answerConnect(simulator.url, simulator.token);
    await w.treeRow(new URL(simulator.url).host).waitFor();
    await w.runCommand('Auth0 Actions: Get Started');
    await untilTicked('Connect your own tenant');
    assert.deepEqual(await ticked(), [...STEPS]);
  });

  for (const theme of THEMES) {
    it(`draws its pictures in the colours of ${theme}`, async () => {
      const w = workbench();
      await w.colorTheme(theme);
      await w.runCommand('Auth0 Actions: Get Started');
      for (const [index, title] of STEPS.entries()) {
        await expand(title);
        const picture = w.page.frameLocator('.getting-started-media iframe.webview').frameLocator('#active-frame').locator('svg');
        await picture.waitFor();
        // No shape is left without a colour: a name that the theme does not know would leave it black or invisible.
        const unknown = await picture.evaluate(svg => [...svg.querySelectorAll('[fill^="var"], [stroke^="var"]')].flatMap(shape => ['fill', 'stroke'].flatMap(name => {
          const wanted = shape.getAttribute(name);
          return wanted?.startsWith('var') === true && getComputedStyle(shape).getPropertyValue(name) === 'none' ? [wanted] : [];
        })));
        assert.deepEqual(unknown, []);
        await w.screenshot(`e2e-walkthrough-${theme.replaceAll(' ', '-')}-${index + 1}`);
      }
    });
  }
});
