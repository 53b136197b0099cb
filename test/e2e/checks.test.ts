// What the checks say of a draft, where a person sees it: in the Problems panel, beside VS Code's own messages, and in the question before a deploy.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import type { RunningSimulator } from '../../src/simulator/index.ts';
import { askTenant } from '../support/askTenant.ts';
import { startTestSimulator } from '../support/simulator.ts';
import { useWorkbench } from './support.ts';

describe('the checks of a draft', () => {
  const workbench = useWorkbench({ keepSecrets: true, settings: { 'files.autoSave': 'off' } });
  let simulator: RunningSimulator | undefined;

  before(async () => {
    simulator = await startTestSimulator({ plan: 'enterprise', buildScale: 0.02 });
    await create('broken-code', 'exports.onExecutePostLogin = async (event, api) => {\n  const a = ;\n};\n');
    await create('es-module', "import axios from 'axios';\n\nexport const onExecutePostLogin = async (event, api) => {\n  await axios.get(event.secrets.WEBHOOK);\n};\n");
    const w = workbench();
    await w.connectFirst(simulator);
    await w.treeRow('risk-score').waitFor();
    // Shows the panel.
    await w.problems();
  });
  after(() => simulator?.close());

  async function create(name: string, code: string): Promise<void> {
    assert.ok(simulator);
    await askTenant(simulator, 'POST', '/api/v2/actions/actions', { name, supported_triggers: [{ id: 'post-login', version: 'v3' }], runtime: 'node22', code });
  }

  it('names the part of Node.js that a failed build was to install, on its line', async () => {
    const w = workbench();
    await w.openRow('risk-score');
    const panel = w.page.locator('.markers-panel');
    await panel.locator('[role="treeitem"]', { hasText: 'crypto is a part of Node.js' }).filter({ hasText: 'Ln 2, Col 25' }).waitFor();
    await panel.locator('[role="treeitem"]', { hasText: 'The build failed, and the service gives no reason' }).waitFor();
    await w.screenshot('e2e-checks');
  });

  it('moves to the file of the workspace that is the code of the action, and says nothing twice', async () => {
    const w = workbench();
    assert.ok(simulator);
    const { actions } = await askTenant<{ actions: readonly { name: string; code: string }[] }>(simulator, 'GET', '/api/v2/actions/actions?actionName=risk-score');
    mkdirSync(join(w.folder, 'actions', 'risk-score'), { recursive: true });
    writeFileSync(join(w.folder, 'actions', 'risk-score.json'), JSON.stringify({ name: 'risk-score', code: './actions/risk-score/code.js', supported_triggers: [{ id: 'post-login', version: 'v3' }] }));
    writeFileSync(join(w.folder, 'actions', 'risk-score', 'code.js'), actions.find(one => one.name === 'risk-score')?.code ?? '');
    await w.runCommand('Auth0 Actions: Choose Tenant of Folder…');
    await w.quickPick(new URL(simulator.url).host);
    const rows = w.page.locator('.markers-panel [role="treeitem"]');
    await rows.filter({ hasText: 'code.js' }).filter({ hasText: 'actions' }).waitFor();
    await w.openFile('actions/risk-score/code.js');
    await rows.filter({ hasText: 'risk-score.js' }).waitFor({ state: 'detached' });
    await rows.filter({ hasText: 'crypto is a part of Node.js' }).filter({ hasText: 'Ln 2, Col 25' }).waitFor();
    await w.screenshot('e2e-checks-file');
    assert.equal(await rows.filter({ hasText: 'The build failed, and the service gives no reason' }).count(), 1);
    assert.equal(await rows.filter({ hasText: 'crypto is a part of Node.js' }).count(), 1);
  });

  it('leaves a syntax error to VS Code, which has one of its own', async () => {
    const w = workbench();
    await w.openRow('broken-code');
    const rows = w.page.locator('.markers-panel [role="treeitem"]');
    await rows.filter({ hasText: 'Expression expected' }).filter({ hasText: 'Ln 2' }).waitFor();
    await w.screenshot('e2e-checks-syntax');
    assert.equal(await rows.filter({ hasText: 'Syntax error' }).count(), 0);
  });

  it('says what VS Code does not: an ES module, and a secret that is missing', async () => {
    const w = workbench();
    await w.openRow('es-module');
    const rows = w.page.locator('.markers-panel [role="treeitem"]');
    await rows.filter({ hasText: '`import` does not work here' }).filter({ hasText: 'Ln 1, Col 1' }).waitFor();
    await rows.filter({ hasText: '`export` does not work here' }).waitFor();
    await rows.filter({ hasText: 'no secret `WEBHOOK`' }).waitFor();
    await w.screenshot('e2e-checks-module');
  });

  it('asks before errors are deployed, and names them, also where nothing else is asked', async () => {
    const w = workbench();
    const dialog = w.page.locator('.monaco-dialog-box');
    await w.rowButton('new-idea', 'Deploy Action');
    await w.treeRow('new-idea').filter({ hasText: 'v1 live' }).waitFor();
    await w.rowButton('send-welcome', 'Deploy Action');
    await w.treeRow('send-welcome').filter({ hasText: 'v4 live' }).waitFor();
    await w.rowButton('broken-code', 'Deploy Action');
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /Deploy broken-code to [^]*The checks found errors:\s+Line 2: Syntax error: Unexpected token[^]*It has never been deployed/u);
    await w.screenshot('e2e-checks-deploy');
    await w.dialogButton('Cancel');
    // A second look: its problem stays VS Code's.
    await w.openRow('broken-code');
    await w.page.locator('.markers-panel [role="treeitem"]', { hasText: 'Expression expected' }).waitFor();
    assert.deepEqual(w.pageErrors, []);
  });

  it('leaves out the broken ones of several selected actions, unless they are ticked, and saves what is only here first', async () => {
    const w = workbench();
    const option = (name: string): Locator => w.page.locator('.quick-input-list .monaco-list-row', { hasText: name });
    await w.openRow('block-country');
    await w.page.locator('.editor-instance .view-lines').first().click();
    await w.page.keyboard.type(' ');
    await w.page.locator('.tab.active.dirty').waitFor();
    await w.chooseForRows(['broken-code', 'block-country', 'es-module'], 'Deploy Action', w.questionInput('Tick what to deploy to'));
    await option('block-country').filter({ hasText: 'your text is saved first' }).and(w.page.locator('[aria-checked="true"]')).waitFor();
    for (const name of ['broken-code', 'es-module']) {
      await option(name).filter({ hasText: /Line \d+: / }).and(w.page.locator('[aria-checked="false"]')).waitFor();
    }
    await w.screenshot('e2e-checks-deploy-several');
    await option('es-module').locator('.quick-input-list-checkbox, .monaco-checkbox').first().click();
    await option('es-module').and(w.page.locator('[aria-checked="true"]')).waitFor();
    // Enter would take the tick away again, which has the focus after the click.
    await w.page.locator('.quick-input-widget .quick-input-action .monaco-button', { hasText: 'OK' }).click();
    await w.treeRow('es-module').filter({ hasText: 'v1 live' }).waitFor();
    await w.treeRow('block-country').filter({ hasText: 'v5 live' }).waitFor();
    await w.page.locator('.tab.active.dirty').waitFor({ state: 'hidden' });
    assert.match(await w.treeRow('broken-code').innerText(), /never deployed/u);
  });
});
