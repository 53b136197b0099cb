// A link, from the row it is copied from, through VS Code, to the document it names; and one that names an unknown tenant.
import assert from 'node:assert/strict';
import { again, useWorkbench } from './support.ts';

describe('a link to an action', () => {
  const workbench = useWorkbench();

  /** As if it were clicked elsewhere. VS Code itself asks first whether the extension may open it. */
  async function follow(link: string): Promise<void> {
    const w = workbench();
    await w.runCommand('Developer: Open URL');
    await w.quickInput(link);
    const allow = w.page.locator('.monaco-dialog-box', { hasText: 'open this URI' });
    await allow.waitFor();
    await allow.getByRole('button', { name: 'Open', exact: true }).click();
    await allow.waitFor({ state: 'hidden' });
  }

  /** The link that was copied, as soon as it is. */
  async function copied(): Promise<string> {
    const { page } = workbench();
    for (let look = 0; ; look += 1) {
      const text = await page.evaluate(() => navigator.clipboard.readText());
      if (text !== '' || look === 40) {
        return text;
      }
      await page.waitForTimeout(50);
    }
  }

  /** A tree that is drawn anew closes an open menu, and the click on it is lost: then it is opened again. */
  async function copyLink(label: string): Promise<string> {
    let link = '';
    await again(async () => {
      await workbench().contextMenu(label, 'Copy Link');
      link = await copied();
      assert.notEqual(link, '');
    });
    return link;
  }

  it('is copied from a row and opens what it names', async () => {
    const w = workbench();
    await w.openView('Actions for Auth0');
    await w.runCommand('Auth0 Actions: Open Demo Tenant');
    await w.expand('enrich-profile');
    await w.treeRow('v6').waitFor();
    const link = await copyLink('v6');
    assert.match(link, /^[a-z-]+:\/\/actions-for-auth0\.auth0-actions\/open\?tenant=demo&action=[0-9a-f-]{36}&version=6$/u);
    await follow(link);
    await w.page.locator('.tab.active', { hasText: 'enrich-profile.js' }).filter({ hasText: 'v6' }).waitFor();
  });

  it('asks before it connects an unknown tenant, and then has the domain filled in', async () => {
    const w = workbench();
    const scheme = (await copied()).split(':')[0] ?? '';
    await follow(`${scheme}://actions-for-auth0.auth0-actions/open?tenant=acme-dev.eu.auth0.com&action=enrich-profile`);
    const dialog = w.page.locator('.monaco-dialog-box', { hasText: 'A link asks to open enrich-profile in acme-dev.eu.auth0.com, which is not connected.' });
    await dialog.waitFor();
    await w.screenshot('e2e-link-question');
    await w.dialogButton('Connect');
    // The host is known: no question asks for it.
    await w.question('Connect to acme-dev.eu.auth0.com');
    await w.quickPick('Access Token');
    await w.question('Connect to acme-dev.eu.auth0.com: access token');
    await w.dismiss();
    assert.equal(await w.treeRow('acme-dev').count(), 0);
  });
});
