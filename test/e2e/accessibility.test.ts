// What a screen reader is told, read from the browser's own accessibility tree, and a whole deploy without a mouse.
import assert from 'node:assert/strict';
import type { CDPSession } from 'playwright-core';
import type { RunningSimulator } from '../../src/simulator/index.ts';
import { startTestSimulator } from '../support/simulator.ts';
import { again, useWorkbench } from './support.ts';

const STATUS = '.statusbar [id$="auth0Actions.deployment"]';
const SIDE_BAR = '.part.sidebar';
// The browser finds rows below their tree only.
const TREE = `${SIDE_BAR} [role="tree"]`;
const THEMES = ['Dark High Contrast', 'Light High Contrast'] as const;

describe('without a mouse, and without eyes', () => {
  const workbench = useWorkbench({ settings: { 'auth0Actions.confirmDeploy': 'always' } });
  let simulator: RunningSimulator | undefined;
  let session: CDPSession | undefined;

  before(async () => {
    simulator = await startTestSimulator({ plan: 'professional', buildScale: 0 });
    const { page } = workbench();
    session = await page.context().newCDPSession(page);
  });
  after(() => simulator?.close());

  /** The names that a screen reader says for everything of this role inside an element, from top to bottom. */
  async function names(selector: string, role: string): Promise<string[]> {
    assert.ok(session);
    const { root } = await session.send('DOM.getDocument', { depth: 0 });
    const { nodeId } = await session.send('DOM.querySelector', { nodeId: root.nodeId, selector });
    if (nodeId === 0) {
      return [];
    }
    const { nodes } = await session.send('Accessibility.queryAXTree', { nodeId, role });
    return nodes.filter(node => !node.ignored).map(node => String(node.name?.value ?? ''));
  }

  async function untilName(selector: string, role: string, wanted: RegExp, looks = 600): Promise<string> {
    for (let look = 0; look < looks; look += 1) {
      const found = (await names(selector, role)).find(name => wanted.test(name));
      if (found !== undefined) {
        return found;
      }
      await workbench().page.waitForTimeout(100);
    }
    throw new Error(`Nothing is called ${String(wanted)}: ${(await names(selector, role)).join(' | ')}`);
  }

  /** Runs a command with the keys alone. */
  async function type(command: string): Promise<void> {
    const w = workbench();
    // The newest commands are only in a palette that is opened anew.
    await again(async timeout => {
      await w.page.keyboard.press('F1');
      await w.page.locator('.quick-input-widget input').waitFor(timeout);
      await w.page.keyboard.type(command);
      await w.choice(command).waitFor(timeout);
      await w.page.keyboard.press('Enter');
    }, () => w.page.keyboard.press('Escape'));
  }

  async function answer(question: string, text: string, timeout: { readonly timeout: number }): Promise<void> {
    const w = workbench();
    await w.question(question, timeout);
    await w.page.keyboard.type(text);
    // Keys go to whatever has the focus.
    assert.equal(await w.page.locator('.quick-input-widget input').first().inputValue(), text);
    await w.page.keyboard.press('Enter');
  }

  /** Presses a key until what has the focus is called this. */
  async function pressUntil(key: string, focused: string, wanted: RegExp): Promise<void> {
    const { page } = workbench();
    const name = async (): Promise<string> => {
      const element = page.locator(focused).first();
      return (await element.count()) === 0 ? '' : (await element.getAttribute('aria-label')) ?? (await element.innerText()).trim();
    };
    for (let press = 0; press < 40; press += 1) {
      if (wanted.test(await name())) {
        return;
      }
      await page.keyboard.press(key);
      await page.waitForTimeout(50);
    }
    throw new Error(`${key} never came to ${String(wanted)}, but to ${await name()}`);
  }

  it('the welcome texts are sentences and named buttons that Tab reaches', async () => {
    const w = workbench();
    await type('Actions for Auth0: Focus on Actions for Auth0 View');
    await w.welcome('No tenant is connected yet.').waitFor();
    const buttons = await names(`${SIDE_BAR} .welcome-view-content`, 'button');
    assert.deepEqual(buttons, ['Connect to Tenant…', 'Open Demo Tenant', 'Get Started']);
    await pressUntil('Tab', ':focus', /^Open Demo Tenant$/u);
    await w.page.keyboard.press('Enter');
    await w.treeRow('enrich-profile').waitFor();
  });

  it('rows say what they are and their state in words', async () => {
    await untilName(TREE, 'treeitem', /^Action verify-email-domain/u);
    const rows = await names(TREE, 'treeitem');
    assert.ok(rows.includes('Tenant demo, simulated tenant'), rows.join(' | '));
    const actions = rows.filter(name => name.startsWith('Action '));
    assert.equal(actions.length, 12);
    for (const name of actions) {
      assert.match(name, /^Action [a-z-]+, (?:[A-Z][a-z]+ ?)+, .*(?:v\d+ live|never deployed)/u);
    }
    assert.ok(actions.includes('Action send-welcome, Post User Registration, v3 live, changes not deployed'));
    assert.ok(actions.includes('Action risk-score, Post Login, build failed, v2 live'));
  });

  it('rows below an action do so too', async () => {
    const w = workbench();
    await pressUntil('ArrowDown', `${SIDE_BAR} .monaco-list-row.focused`, /^Action enrich-profile/u);
    await w.page.keyboard.press('ArrowRight');
    await untilName(TREE, 'treeitem', /^Version 7, live · /u);
    await untilName(TREE, 'treeitem', /^Post Login flow, place 1 of 4$/u);
    await untilName(TREE, 'treeitem', /^Secrets \(2\)$/u);
    assert.deepEqual((await names(TREE, 'treeitem')).filter(name => name.trim() === ''), []);
    await w.page.keyboard.press('ArrowLeft');
  });

  it('buttons of the title and of rows, and the status bar, have names', async () => {
    const title = await names(`${SIDE_BAR} .composite.title`, 'button');
    for (const name of ['Find Action…', 'Connect to Tenant…', 'Refresh']) {
      assert.ok(title.includes(name), title.join(' | '));
    }
    assert.deepEqual((await names(SIDE_BAR, 'button')).filter(name => name.trim() === ''), []);
    assert.deepEqual(await names(STATUS, 'button'), ['Connected to demo']);
  });

  /** Agrees to the deploy that a dialog asks about. */
  async function answerDialog(question: string): Promise<void> {
    const { page } = workbench();
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    assert.match((await names('.monaco-dialog-box', 'button')).join(' | '), /Deploy \|/u);
    assert.ok((await dialog.innerText()).includes(question));
    await pressUntil('Tab', '.monaco-dialog-box :focus', /^Deploy$/u);
    await page.keyboard.press('Enter');
  }

  it('a tenant is connected and an action deployed with the keyboard alone', async () => {
    const w = workbench();
    assert.ok(simulator);
    const { host } = new URL(simulator.url);
    const { url, token } = simulator;
    await again(async timeout => {
      await type('Auth0 Actions: Connect to Tenant…');
      await w.question('How do you want to sign in?', timeout);
      await w.page.keyboard.type('Access Token');
      // Enter takes the first row, which is another one until the list was filtered.
      await w.choice('Client ID and Secret').waitFor({ state: 'detached', ...timeout });
      await w.page.keyboard.press('Enter');
      await answer('Connect to a tenant: domain', url, timeout);
      await answer(`Connect to ${host}: access token`, token, timeout);
    }, () => w.page.keyboard.press('Escape'));
    await untilName(TREE, 'treeitem', new RegExp(`^Tenant ${host}, token ends `, 'u'));
    await w.page.locator(`${SIDE_BAR} .monaco-list-row.focused[aria-label^="Tenant ${host}"]`).waitFor();
    await untilName(TREE, 'treeitem', /^Action sync-crm/u);
    await pressUntil('ArrowDown', `${SIDE_BAR} .monaco-list-row.focused`, /^Action send-welcome/u);
    // A tree that is drawn anew closes an open menu: then it is opened again.
    const item = w.page.locator('.monaco-menu .action-item.focused', { hasText: 'Deploy Action' });
    await again(async timeout => {
      await w.page.keyboard.press('Shift+F10');
      await pressUntil('ArrowDown', '.monaco-menu .action-item.focused', /^Deploy Action/u);
      await item.waitFor(timeout);
    });
    await w.page.keyboard.press('Enter');
    await answerDialog(`Deploy send-welcome to ${host}?`);
    await untilName(STATUS, 'button', /^send-welcome v4 live · /u);
    await untilName(TREE, 'treeitem', /^Action send-welcome, Post User Registration, v4 live$/u);
  });

  it('the end of a failed deployment is said in the status bar and listed in words', async () => {
    const w = workbench();
    // A tree that had the focus takes it back where it is drawn anew in that moment: VS Code notices a moment late that it has lost it.
    await again(async timeout => {
      await type('Auth0 Actions: Deploy Action');
      await w.page.locator('.quick-input-widget input[placeholder="Deploy which action?"]').waitFor(timeout);
      await w.page.keyboard.type('verify-email');
      await w.choice('audit-trail').waitFor({ state: 'detached', ...timeout });
    }, () => w.page.keyboard.press('Escape'));
    // Both tenants have it.
    await pressUntil('ArrowDown', '.quick-input-list .monaco-list-row.focused', /verify-email-domain.*demo/u);
    await w.page.keyboard.press('Enter');
    await answerDialog('Deploy verify-email-domain to demo?');
    await untilName(STATUS, 'button', /^verify-email-domain: v2 failed · demo$/u);
    await again(async () => {
      await type('Auth0 Actions: Show Deployments');
      await untilName('.quick-input-list', 'option', /verify-email-domain: v2 failed/u, 80);
    });
    await w.page.keyboard.press('Escape');
    await untilName(STATUS, 'button', /^Connected to 2 tenants$/u);
  });

  for (const theme of THEMES) {
    it(`can be read in ${theme}`, async () => {
      const w = workbench();
      await w.colorTheme(theme);
      await type('Actions for Auth0: Focus on Actions for Auth0 View');
      const text = w.treeRow('enrich-profile').locator('.label-description');
      // Contrast of a description, which is drawn fainter than its label, against what is behind it.
      const contrast = await text.evaluate(element => {
        const parse = (color: string): number[] => (color.match(/[\d.]+/gu) ?? []).map(Number);
        const luminance = (rgb: readonly number[]): number => {
          const [r = 0, g = 0, b = 0] = rgb.map(value => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        let opacity = 1;
        let behind: number[] | undefined;
        for (let one: Element | null = element; one !== null; one = one.parentElement) {
          const style = getComputedStyle(one);
          opacity *= Number(style.opacity);
          const [r = 0, g = 0, b = 0, alpha = 1] = parse(style.backgroundColor);
          if (behind === undefined && alpha === 1) {
            behind = [r, g, b];
          }
        }
        const back = behind ?? [255, 255, 255];
        const [r = 0, g = 0, b = 0, alpha = 1] = parse(getComputedStyle(element).color);
        const front = [r, g, b].map((value, index) => value * opacity * alpha + (back[index] ?? 0) * (1 - opacity * alpha));
        const [dark = 0, light = 0] = [luminance(front), luminance(back)].sort((one, other) => one - other);
        return (light + 0.05) / (dark + 0.05);
      });
      assert.ok(contrast >= 4.5, `contrast ${contrast}`);
      await w.screenshot(`e2e-${theme.replaceAll(' ', '-')}`);
    });
  }
});
