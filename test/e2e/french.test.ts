// The same in French: VS Code's display language reaches the extension's texts, those of the manifest and those of the code.
import assert from 'node:assert/strict';
import { useWorkbench } from './support.ts';
import type { Workbench } from './support.ts';

const STATUS = 'auth0Actions.deployment';
/** French has a no-break space before a colon. */
const NBSP = '\u00A0';

async function description(w: Workbench, label: string): Promise<string> {
  return (await w.treeRow(label).locator('.label-description').innerText()).trim();
}

describe('in French', () => {
  const workbench = useWorkbench({ locale: 'fr', settings: { 'workbench.colorTheme': 'Default Dark Modern', 'auth0Actions.notifications': 'all' } });

  it('welcomes with the manifest\'s texts', async () => {
    const w = workbench();
    await w.openView('Actions for Auth0');
    const welcome = w.sideBar.locator('.welcome-view-content');
    await welcome.locator('.monaco-button', { hasText: 'Se connecter à un tenant…' }).waitFor();
    await welcome.filter({ hasText: 'Aucun tenant n’est encore connecté.' }).waitFor();
    await welcome.locator('.monaco-button', { hasText: 'Ouvrir le tenant de démonstration' }).click();
    await w.treeRow('enrich-profile').waitFor();
  });

  it('says each state in words', async () => {
    const w = workbench();
    assert.equal(await description(w, 'demo'), 'tenant simulé');
    assert.equal(await description(w, 'enrich-profile'), 'Post Login · v7 active');
    assert.equal(await description(w, 'send-welcome'), 'Post User Registration · v3 active, modifications non déployées');
    assert.equal(await description(w, 'risk-score'), 'Post Login · échec du build, v2 active');
    assert.equal(await description(w, 'new-idea'), 'Post Login · jamais déployée');
    await w.expand('enrich-profile');
    await w.treeRow('Flux Post Login').filter({ hasText: 'position 1 sur' }).waitFor();
    assert.match(await description(w, 'v7'), /^active · (aujourd’hui|hier) à \d\d:\d\d$/u);
    // Older than yesterday: a date as French writes it.
    assert.match(await description(w, 'v5'), /^\d{1,2} \p{L}+\.? \d{4} \d\d:\d\d$/u);
    await w.treeRow('Dépendances (1)').waitFor();
  });

  it('asks, and tells of a deployment', async () => {
    const w = workbench();
    await w.rowButton('enrich-profile', 'Déployer l’action');
    const dialog = w.page.locator('.monaco-dialog-box');
    await dialog.filter({ hasText: `Déployer l’action enrich-profile sur demo alors que rien n’a changé${NBSP}?` }).filter({ hasText: 'La v7 est active et identique au brouillon.' }).waitFor();
    await dialog.locator('.monaco-button', { hasText: 'Déployer quand même' }).waitFor();
    await w.screenshot('e2e-french-question');
    await w.dialogButton('Cancel');
    await w.rowButton('send-welcome', 'Déployer l’action');
    await w.notification('La v4 de l’action send-welcome est active dans demo.').waitFor();
    await w.statusBarItem(STATUS).filter({ hasText: 'send-welcome v4 active' }).waitFor();
    await w.treeRow('send-welcome').filter({ hasText: 'Post User Registration · v4 active' }).waitFor();
  });

  it('explains a failed build in Problems', async () => {
    const w = workbench();
    await w.widenSideBar(150);
    await w.openRow('risk-score');
    await w.problems();
    await w.page.locator('.markers-panel [role="treeitem"]', { hasText: 'Le build a échoué, et le service n’en donne pas la raison.' }).waitFor();
    await w.picture('french');
    assert.deepEqual(w.pageErrors, []);
  });
});
